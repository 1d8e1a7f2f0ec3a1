"""Writes a journal as JSON Lines and reads it back, byte for byte: the same events, the same hashes.

The first line says what the file is, the last how many events it holds and the hash they end with; anything torn
or edited is refused by line number, and then nothing at all is imported.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from engine.domain.canonical import canonical
from engine.domain.errors import IntegrityError, NewerJournalError, UsageError
from engine.domain.value import Value
from engine.journal.chain import COLUMNS, GENESIS, INSERT_ROW, SELECT_ROWS, event_hash
from engine.journal.connection import in_unit, open_reader, open_writer
from engine.journal.migrate import migrate
from engine.journal.reading import Filter, Reading, recorded_of
from engine.journal.rebuild import write_rows
from engine.ports import Head
from engine.projections.registry import ALL, empty_rows, fold

FORMAT = "cratelog-journal"
FORMAT_VERSION = 1

_BINARY = frozenset({"event_id", "prev_hash", "hash"})
_HINT_DAMAGED = "The file was cut or edited. Export again, or import an earlier export; nothing was imported."


class Opening(Value, frozen=True):
    """The first line of an export."""

    format: str
    format_version: int


class Closing(Value, frozen=True):
    """The last line of an export."""

    events: int
    hash: str


def export_lines(path: Path) -> Iterator[bytes]:
    """Give a journal line by line, newline included, up to the head of this moment.

    Raises:
        StorageError: it cannot be read.
    """
    with closing(Reading(open_reader(path), path, ALL)) as reading:
        head = reading.head()
        yield canonical(Opening(format=FORMAT, format_version=FORMAT_VERSION)) + b"\n"
        for row in reading.pages(SELECT_ROWS, Filter(), after=0, until=head.seq):
            fields = {name: value.hex() if name in _BINARY else value for name, value in zip(COLUMNS, row, strict=True)}
            yield canonical(fields) + b"\n"
        yield canonical(Closing(events=head.seq, hash=head.hash)) + b"\n"


def import_lines(path: Path, lines: Iterable[bytes]) -> Head:
    """Fill a new or empty journal from an export, in one transaction, and give its head.

    Raises:
        IntegrityError: a line is torn, edited, missing or out of place; it is named.
        NewerJournalError: the export was written by a newer version.
        UsageError: the journal has events already.
    """
    migrate(path)
    with closing(open_writer(path)) as writer:
        return in_unit(writer, path, lambda: _imported(writer, path, lines))


def _imported(writer: sqlite3.Connection, path: Path, lines: Iterable[bytes]) -> Head:
    if writer.execute("SELECT 1 FROM event LIMIT 1").fetchone() is not None:
        raise UsageError(f"{path} has events already", hint="Import into a new file; journals are never mixed.")
    seq, last_hash = 0, GENESIS
    projected = empty_rows()
    for row in _rows(lines):
        writer.execute(INSERT_ROW, row)
        fold(projected, (recorded_of(row),))
        seq, last_hash = row[0], row[-1]
    write_rows(writer, projected, seq)
    return Head(seq=seq, hash=last_hash.hex())


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """Check and decode an export's lines into rows of the event table."""
    due, prev_hash, number, closed = 1, GENESIS, 0, False
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            raise _damaged(number, "it is cut short")
        if closed:
            raise _damaged(number, "it comes after the last one")
        if number == 1:
            _check_opening(line)
        elif line.startswith(b'{"events":'):
            _check_closing(line, number, Head(seq=due - 1, hash=prev_hash.hex()))
            closed = True
        else:
            row = _row(line, number)
            if row[0] != due or row[-2] != prev_hash or event_hash(row[:-1]) != row[-1]:
                raise _damaged(number, f"event {due} is not what was exported")
            yield row
            due, prev_hash = due + 1, row[-1]
    if not closed:
        raise _damaged(number + 1, "it is missing")


def _row(line: bytes, number: int) -> tuple[Any, ...]:
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
        if tuple(sorted(fields)) != tuple(sorted(COLUMNS)):
            raise _damaged(number, "it has not the columns of an event")
        return tuple(bytes.fromhex(fields[name]) if name in _BINARY else fields[name] for name in COLUMNS)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise _damaged(number, str(error)) from error


def _check_opening(line: bytes) -> None:
    try:
        opening = msgspec.json.decode(line, type=Opening)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _damaged(1, "it is not the beginning of a journal's export") from error
    if opening.format != FORMAT:
        raise _damaged(1, "it is not the beginning of a journal's export")
    if opening.format_version != FORMAT_VERSION:
        raise NewerJournalError(
            f"line 1: export format {opening.format_version} is not known here",
            hint="Install the version of Cratelog that wrote it, or a newer one.",
        )


def _check_closing(line: bytes, number: int, head: Head) -> None:
    try:
        said = msgspec.json.decode(line, type=Closing)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _damaged(number, str(error)) from error
    if said.events != head.seq or said.hash != head.hash:
        raise _damaged(number, f"it speaks of {said.events} events, there are {head.seq}")


def _damaged(number: int, what: str) -> IntegrityError:
    return IntegrityError(f"line {number}: {what}", hint=_HINT_DAMAGED)
