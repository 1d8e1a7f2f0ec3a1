"""What a journal's schema must be: the revision this program works with, and the guards as shipped.

Read on every opening with the driver alone; changing a schema is `migrate.py`'s work.
"""

from __future__ import annotations

import sqlite3
from importlib import resources
from pathlib import Path
from typing import NoReturn

from engine.domain.errors import IntegrityError, MigrationNeededError, NewerJournalError, UsageError

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision in order; the last is the one this program needs. A test compares it with Alembic's."""

HEAD_REVISION = REVISIONS[-1]


def shipped_statements(name: str) -> tuple[str, ...]:
    """Give the statements of one of the shipped .sql files, comments before them left out."""
    statements: list[str] = []
    pending = ""
    for line in resources.files("engine.journal").joinpath(name).read_text(encoding="utf-8").splitlines():
        if not pending and (not line.strip() or line.startswith("--")):
            continue
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip().removesuffix(";"))
            pending = ""
    return tuple(statements)


def refuse_downgrade() -> NoReturn:
    """Refuse to take a step back.

    Raises:
        UsageError: always.
    """
    raise UsageError(
        "a journal is not migrated backwards",
        hint="Restore the copy that `sync migrate` made before migrating, or install the newer version again.",
    )


def revision_of(connection: sqlite3.Connection) -> str | None:
    """Give the journal's schema revision, or nothing when it has none."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return None if row is None else str(row[0])


def check_revision(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the journal's schema is the one this program needs.

    Raises:
        MigrationNeededError: it is older.
        NewerJournalError: it is newer, or not known here.
    """
    revision = revision_of(connection)
    if revision == HEAD_REVISION:
        return
    if revision is None or revision in REVISIONS:
        raise MigrationNeededError(
            f"{path} has schema {revision or 'none'}, this program needs {HEAD_REVISION}",
            hint="Run `sync migrate`; it makes a backup first.",
        )
    raise NewerJournalError(
        f"{path} has schema {revision}, this program knows up to {HEAD_REVISION}",
        hint="Install the version of Cratelog that wrote it, or a newer one.",
    )


def check_guards(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the event table's guards are there, word for word, and no other trigger beside them.

    Raises:
        IntegrityError: one is missing, changed or foreign.
    """
    shipped = {statement.split()[2]: statement for statement in shipped_statements("guards.sql")}
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
    found = {str(name): str(sql) for name, sql in rows}
    wrong = sorted(name for name in shipped.keys() | found.keys() if shipped.get(name) != found.get(name))
    if wrong:
        raise IntegrityError(
            f"{path}: guards of the event table missing or changed: {', '.join(wrong)}",
            hint="Somebody altered the database. Run `sync verify` on a backup made before, and restore it.",
        )
