"""Reads a journal: events page by page, projection rows, and what was at an earlier time.

Every read is short and gathered at once, so that no reader keeps the write-ahead log from being emptied. Nothing
here writes.
"""

from __future__ import annotations

import gc
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine.domain.canonical import digest
from engine.domain.envelope import Recorded
from engine.domain.errors import UsageError
from engine.domain.upcasts import NEWEST, revive
from engine.journal.chain import COLUMNS, GENESIS
from engine.journal.faults import fault
from engine.ports import Head, Parts
from engine.projections.projection import Projection
from engine.projections.registry import PLANNED_FROM, Rows

T = TypeVar("T")

PAGE_EVENTS = 2000
"""How many events are fetched at once: about a megabyte."""

ROWS_AT_ONCE = 500
"""How many projection rows are decoded together."""

_DATA = COLUMNS.index("data")
_RECORDED = "SELECT seq, stream, version, recorded_us, run_id, type, schema_version, data FROM event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events are wanted; every part that is given must hold."""

    stream: str | None = None
    types: Sequence[str] | None = None
    correlation_id: str | None = None
    run_id: str | None = None

    def clause(self) -> tuple[str, list[Any]]:
        """Give the SQL condition and its parameters."""
        parts: list[str] = []
        values: list[Any] = []
        equal = {"stream": self.stream, "correlation_id": self.correlation_id, "run_id": self.run_id}
        for column, value in equal.items():
            if value is not None:
                parts.append(f" AND {column} = ?")
                values.append(value)
        if self.types is not None:
            parts.append(f" AND type IN ({', '.join('?' * len(self.types))})")
            values.extend(self.types)
        return "".join(parts), values


def recorded_of(row: tuple[Any, ...]) -> Recorded:
    """Give the event that a whole row of the event table holds."""
    seq, _id, stream, version, event_type, schema_version, _occurred_us, recorded_us, _actor, run_id = row[:10]
    return Recorded(seq, stream, version, recorded_us, run_id, revive(event_type, schema_version, row[_DATA]))


class Reading:
    """The questions a journal answers, over one read-only connection shared by threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path, projections: Sequence[Projection]) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.RLock()
        self._row_types = {projection.name: projection.row for projection in projections}

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def head(self) -> Head:
        """Give the last seq and its hash."""
        rows = self._all("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")
        seq, last_hash = rows[0] if rows else (0, GENESIS)
        return Head(seq=seq, hash=last_hash.hex())

    def head_at(self, seq: int) -> Head:
        """Give the head as it was when the last event was `seq`.

        Raises:
            UsageError: the journal never was there.
        """
        if seq == 0:
            return Head(seq=0, hash=GENESIS.hex())
        rows = self._all("SELECT hash FROM event WHERE seq = ?", (seq,))
        if not rows:
            raise UsageError(f"there is no event {seq}", hint=f"The journal ends at {self.head().seq}.")
        return Head(seq=seq, hash=rows[0][0].hex())

    def events(self, wanted: Filter, *, after: int, until: int, limit: int | None) -> Iterator[Recorded]:
        """Give the wanted events with `after` < seq ≤ `until`, page by page."""
        newest = NEWEST
        for seq, stream, version, recorded_us, run_id, event_type, schema_version, data in self.pages(
            _RECORDED, wanted, after=after, until=until, limit=limit
        ):
            try:
                event = newest[event_type, schema_version](data)
            except (KeyError, msgspec.DecodeError):
                event = revive(event_type, schema_version, data)
            yield Recorded(seq, stream, version, recorded_us, run_id, event)

    def pages(
        self, select: str, wanted: Filter, *, after: int, until: int, limit: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Give rows of the event table, whose first column is `seq`, in seq order."""
        clause, values = wanted.clause()
        # Within a stream, versions grow with seqs, and that order has an index.
        order = "version" if wanted.stream is not None else "seq"
        query = f"{select} WHERE seq > ? AND seq <= ?{clause} ORDER BY {order} LIMIT ?"
        left = limit
        while left is None or left > 0:
            size = PAGE_EVENTS if left is None else min(left, PAGE_EVENTS)
            rows = self._all(query, (after, until, *values, size))
            yield from rows
            if len(rows) < size:
                return
            after = rows[-1][0]
            left = None if left is None else left - size

    def seq_at(self, time_us: int) -> int:
        """Give the last seq recorded at or before a time, by bisection: recorded_us grows with seq."""
        low, high = 0, self.head().seq
        while low < high:
            middle = (low + high + 1) // 2
            recorded_us = self._all("SELECT recorded_us FROM event WHERE seq = ?", (middle,))[0][0]
            low, high = (middle, high) if recorded_us <= time_us else (low, middle - 1)
        return low

    def rows(self, names: Sequence[str]) -> tuple[Head, Rows]:
        """Give the live rows of some projections, and the head they belong to, in one transaction."""
        return self._together(lambda: (self.head(), {name: self._rows_of(name) for name in names}))

    def parts(self, shapes: Mapping[str, type[Any]]) -> Parts:
        """Give the live rows of some projections as far as their shapes have fields, in one transaction."""
        return self._together(
            lambda: Parts(head=self.head(), rows={name: self._parts_of(name, shape) for name, shape in shapes.items()})
        )

    def row(self, projection: str, key: str) -> Any | None:
        """Give one live row."""
        found = self._all(f"SELECT data FROM p_{self._known(projection)} WHERE key = ?", (key,))  # noqa: S608 - a known name
        return msgspec.json.decode(found[0][0], type=self._row_types[projection]) if found else None

    def digests(self) -> dict[str, str]:
        """Give the digest of every projection's live rows, by name."""
        return {str(name): str(value) for name, value in self._all("SELECT name, digest FROM projection_state")}

    def head_and_digests(self) -> tuple[Head, dict[str, str]]:
        """Give the head and every projection's digest as of that head."""
        return self._together(lambda: (self.head(), self.digests()))

    def inputs_digest(self) -> str:
        """Give one digest over the projections a plan is computed from."""
        digests = self.digests()
        return digest([[name, digests.get(name, "")] for name in PLANNED_FROM])

    def journal_id(self) -> str:
        """Give the journal's id; empty while it has no events."""
        rows = self._all("SELECT json_extract(data, '$.journal_id') FROM event WHERE seq = 1")
        return str(rows[0][0] or "") if rows else ""

    def _rows_of(self, name: str) -> dict[str, Any]:
        query = f"SELECT key, data FROM p_{self._known(name)} ORDER BY rowid"  # noqa: S608 - a known name
        # One decode of an array costs a third of one decode a row; of an array of all rows, twice the memory.
        decode = msgspec.json.Decoder(list[self._row_types[name]]).decode  # type: ignore[name-defined] # a value
        found: dict[str, Any] = {}
        with self._lock:
            try:
                cursor = self._connection.execute(query)
                while pairs := cursor.fetchmany(ROWS_AT_ONCE):
                    rows = decode(f"[{','.join([data for _key, data in pairs])}]")
                    found.update(zip([key for key, _data in pairs], rows, strict=True))
            except sqlite3.Error as error:
                raise fault(error, self._path) from error
        return found

    def _parts_of(self, name: str, shape: type[Any]) -> list[Any]:
        # As a blob a row goes to the decoder as it lies in SQLite; nothing that the shape leaves out becomes an object.
        query = f"SELECT CAST(data AS BLOB) FROM p_{self._known(name)}"  # noqa: S608 - a known name
        decode = msgspec.json.Decoder(shape).decode
        with self._lock:
            try:
                return [decode(data) for (data,) in self._connection.execute(query)]
            except sqlite3.Error as error:
                raise fault(error, self._path) from error

    def _known(self, projection: str) -> str:
        if projection not in self._row_types:
            raise UsageError(f"there is no projection {projection!r}", hint=f"Known: {', '.join(self._row_types)}.")
        return projection

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise fault(error, self._path) from error

    def _together(self, work: Callable[[], T]) -> T:
        with self._lock:
            self._all("BEGIN")
            try:
                return work()
            finally:
                self._connection.rollback()


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking a large fold again and again; it costs half the time otherwise."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
