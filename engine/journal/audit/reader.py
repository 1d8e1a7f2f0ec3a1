"""Answers SQL over the journal, and cannot change it: read-only file, read-only connection, an authorizer.

A question gets a deadline and a bounded number of rows, so that no reader holds the write-ahead log for long.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from engine.domain.errors import EngineError, UsageError
from engine.journal.connection import open_reader
from engine.journal.faults import fault, primary_code

Cell: TypeAlias = str | int | float | bytes | None

DEADLINE_S = 20.0
"""Long enough for a scan of a million events; a reader that stays longer keeps the log from being emptied."""

ROWS_MAX = 100_000
"""More than anybody reads; keeps an answer in memory."""

_STEPS_BETWEEN_LOOKS = 10_000  # virtual machine steps, well under a millisecond
_ANSWERING_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list", "index_info"})
_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_HINT = "Only SELECT works here; `sync sql --list` shows the shipped questions, docs/audit.md the views."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One shipped question: its name, what it answers, its SQL and the parameters it wants."""

    name: str
    answers: str
    sql: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Columns and rows; `cut` when there were more rows than the limit."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cut: bool = False


def questions() -> tuple[Question, ...]:
    """Give the shipped questions, by name."""
    folder = resources.files("engine.journal.audit")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return tuple(_question(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")) for file in files)


def question(name: str) -> Question:
    """Give one shipped question.

    Raises:
        UsageError: there is none of that name.
    """
    known = {each.name: each for each in questions()}
    if name not in known:
        raise UsageError(f"there is no question {name!r}", hint=f"Known: {', '.join(known)}.")
    return known[name]


def ask(
    path: Path,
    sql: str,
    parameters: Mapping[str, Cell] | None = None,
    *,
    deadline_s: float = DEADLINE_S,
    rows_max: int = ROWS_MAX,
    monotonic_s: Callable[[], float] = time.monotonic,
) -> Answer:
    """Answer one SELECT over the journal.

    Raises:
        UsageError: it is not a SELECT, is not valid SQL, lacks a parameter, or takes too long.
        StorageError: the journal cannot be read.
    """
    with closing(open_reader(path, through_views=True)) as connection:
        connection.set_authorizer(_authorize)
        until_s = monotonic_s() + deadline_s
        connection.set_progress_handler(lambda: int(monotonic_s() > until_s), _STEPS_BETWEEN_LOOKS)
        try:
            cursor = connection.execute(sql, dict(parameters or {}))
            rows = cursor.fetchmany(rows_max + 1)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise _refusal(error, path, deadline_s) from error
        if cursor.description is None:
            raise UsageError("that is no question", hint=_HINT)
    columns = tuple(str(column[0]) for column in cursor.description)
    return Answer(columns=columns, rows=tuple(rows[:rows_max]), cut=len(rows) > rows_max)


def _question(name: str, text: str) -> Question:
    first, _, sql = text.partition("\n")
    wanted = dict.fromkeys(re.findall(r"(?<!:):([a-z_]+)", sql))
    return Question(name=name, answers=first.removeprefix("--").strip(), sql=sql.strip(), parameters=tuple(wanted))


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _inside: str | None) -> int:
    allowed = (
        action in _ALLOWED
        or (action == sqlite3.SQLITE_FUNCTION and second != "load_extension")
        or (action == sqlite3.SQLITE_PRAGMA and first in _ANSWERING_PRAGMAS)
        # Asking json_each what it looks like goes through here; SQLite itself refuses to really change this table.
        or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _refusal(error: Exception, path: Path, deadline_s: float) -> EngineError:
    code = primary_code(error) if isinstance(error, sqlite3.Error) else 0
    if code == sqlite3.SQLITE_INTERRUPT:
        return UsageError(f"the question took longer than {deadline_s:g} s", hint="Narrow it by seq, or add a LIMIT.")
    # A denied CREATE may come back as a changed schema; its words are the same.
    if code in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY) or "not authorized" in str(error):
        return UsageError("the journal is read-only here", hint=_HINT)
    if code in (0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_MISMATCH):
        return UsageError(f"SQL: {error}", hint=_HINT)
    assert isinstance(error, sqlite3.Error)
    return fault(error, path)
