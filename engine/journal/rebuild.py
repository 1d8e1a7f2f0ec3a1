"""Computes every projection again from event 1, beside the live rows, and swaps the result in.

The fold happens in memory while others go on appending; the swap is one transaction, which first folds what
came meanwhile. Cut off anywhere, the rows are the old ones or the new ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.domain.canonical import canonical
from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.envelope import Recorded
from engine.journal.connection import in_unit, open_reader, open_writer
from engine.journal.reading import Filter, Reading, collector_paused
from engine.projections.projection import Projection, Row
from engine.projections.registry import ALL, MODULUS, Rows, empty_rows, fold, row_hash

PAGE_ROWS = 5000
"""How many rows are encoded before they are written; bounds the memory beside the fold's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild came to: the head it reached, and the digest of every projection."""

    head_seq: int
    digests: dict[str, str]


def rebuild(path: Path, *, reached: Reached = pass_by) -> Rebuilt:
    """Compute all projection rows again and swap them in, in one transaction.

    Raises:
        NewerJournalError: an event is of a type or version that is not known here.
    """
    with (
        closing(Reading(open_reader(path), path, ALL)) as reading,
        closing(open_writer(path)) as writer,
        collector_paused(),
    ):
        until = reading.head().seq
        rows = fold(empty_rows(), _events(reading, 0, until))

        def swap() -> Rebuilt:
            # The write lock is held: the journal does not grow from here on.
            head = reading.head().seq
            fold(rows, _events(reading, until, head))
            written = write_rows(writer, rows, head)
            reached(CrashPoint.BEFORE_REBUILD_SWAP)
            return written

        rebuilt = in_unit(writer, path, swap)
        reached(CrashPoint.AFTER_REBUILD_SWAP)
    return rebuilt


def is_stale(path: Path) -> bool:
    """Say whether the stored rows were computed by other folds than this program's."""
    with closing(open_reader(path)) as connection:
        stored = dict(connection.execute("SELECT name, code_hash FROM projection_state").fetchall())
        empty = connection.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None
    return not empty and any(stored.get(projection.name) != projection.code_hash for projection in ALL)


def write_rows(writer: sqlite3.Connection, rows: Rows, head_seq: int) -> Rebuilt:
    """Replace every projection's rows and state, inside the caller's transaction."""
    newest = dict(writer.execute("SELECT type, max(seq) FROM event GROUP BY type").fetchall())
    digests = {}
    for projection in ALL:
        digests[projection.name] = digest = _write_table(writer, projection.name, rows[projection.name])
        last_seq = last_read(projection, newest)
        writer.execute(
            "INSERT INTO projection_state (name, code_hash, last_seq, digest) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET code_hash = excluded.code_hash, last_seq = excluded.last_seq, "
            "digest = excluded.digest",
            (projection.name, projection.code_hash, last_seq, digest),
        )
    return Rebuilt(head_seq=head_seq, digests=digests)


def last_read(projection: Projection, newest: dict[str, int]) -> int:
    """Give the seq of the last event a projection reads, from the newest seq of each event type."""
    return max((newest.get(event_class.TYPE, 0) for event_class in projection.handlers), default=0)


def _write_table(writer: sqlite3.Connection, name: str, table: dict[str, Row]) -> str:
    writer.execute(f"DELETE FROM p_{name}")  # noqa: S608 - a name from our own registry
    insert = f"INSERT INTO p_{name} (key, seq, data) VALUES (?, ?, ?)"  # noqa: S608 - the same
    total = 0
    page: list[tuple[str, int, str]] = []
    for key, row in table.items():
        data = canonical(row)
        total += row_hash(key, data)
        page.append((key, row.last_seq, data.decode()))
        if len(page) == PAGE_ROWS:
            _flush(writer, insert, page)
    _flush(writer, insert, page)
    return format(total % MODULUS, "064x")


def _flush(writer: sqlite3.Connection, insert: str, page: list[tuple[str, int, str]]) -> None:
    writer.executemany(insert, page)
    page.clear()


def _events(reading: Reading, after: int, until: int) -> Iterator[Recorded]:
    return reading.events(_EVERYTHING, after=after, until=until, limit=None)


_EVERYTHING = Filter()
