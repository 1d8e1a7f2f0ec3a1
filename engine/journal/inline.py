"""Keeps the projection rows in step, inside the append transaction, with a digest that costs no re-reading.

A row set's digest is the sum modulo 2^256 of its row hashes, so that changing one row is one subtraction and one
addition. Rows are never kept beyond their transaction: another process may have written them since.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from engine.domain.canonical import canonical
from engine.domain.envelope import Recorded
from engine.domain.errors import MigrationNeededError
from engine.domain.occurrence import Occurrence
from engine.projections.projection import Evolve, KeyOf, Projection, Row
from engine.projections.registry import MODULUS, row_hash

EMPTY_DIGEST = format(0, "064x")

_SELECT_CODE = "SELECT name, code_hash FROM projection_state"
_SELECT_ONE_STATE = "SELECT code_hash, digest FROM projection_state WHERE name = ?"
_INSERT_STATE = "INSERT OR IGNORE INTO projection_state (name, code_hash, last_seq, digest) VALUES (?, ?, 0, ?)"
_UPDATE_STATE = "UPDATE projection_state SET last_seq = ?, digest = ? WHERE name = ?"


class RowSet:
    """One projection's table: its statements, its decoder, and the rows one transaction touched."""

    __slots__ = ("_decode", "_last_seq", "_load", "_slots", "_upsert", "code_hash", "name")

    def __init__(self, projection: Projection) -> None:
        self.name = projection.name
        self.code_hash = projection.code_hash
        table = f"p_{projection.name}"
        self._load = f"SELECT data FROM {table} WHERE key = ?"  # noqa: S608 - a name from our own registry
        self._upsert = (
            f"INSERT INTO {table} (key, seq, data) VALUES (?, ?, ?) "  # noqa: S608 - a name from our own registry
            "ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, data = excluded.data"
        )
        self._decode = msgspec.json.Decoder(projection.row).decode
        self._slots: dict[str, tuple[str | None, Row]] = {}  # key → data before, row
        self._last_seq = 0

    def step(self, connection: sqlite3.Connection, key: str, evolve: Evolve, recorded: Recorded) -> None:
        """Evolve one row by one event."""
        slot = self._slots.get(key)
        if slot is None:
            stored = connection.execute(self._load, (key,)).fetchone()
            before = None if stored is None else stored[0]
            row = None if before is None else self._decode(before)
        else:
            before, row = slot
        after = evolve(row, recorded)
        if after is not None and after is not row:
            self._slots[key] = (before, after)
        self._last_seq = recorded.seq

    def reached(self) -> int:
        """Give the last seq this transaction applied here; 0 when none was meant for this projection."""
        return self._last_seq

    def settle(self, connection: sqlite3.Connection, digest: str) -> str:
        """Write the touched rows and give the digest after them."""
        total = int(digest, 16)
        written = []
        for key, (before, row) in self._slots.items():
            after = canonical(row)
            if before is not None:
                total -= row_hash(key, before.encode())
            total += row_hash(key, after)
            written.append((key, row.last_seq, after.decode()))
        connection.executemany(self._upsert, written)
        return format(total % MODULUS, "064x")

    def forget(self) -> None:
        """Begin a transaction: whatever an abandoned one touched is gone."""
        self._slots.clear()
        self._last_seq = 0


class Inline:
    """The row sets of all projections, as one connection keeps them."""

    def __init__(self, projections: Sequence[Projection]) -> None:
        self._sets = tuple(RowSet(projection) for projection in projections)
        self._steps: dict[type[Occurrence], list[tuple[RowSet, KeyOf, Evolve]]] = {}
        for row_set, projection in zip(self._sets, projections, strict=True):
            for event_class, (key_of, evolve) in projection.handlers.items():
                self._steps.setdefault(event_class, []).append((row_set, key_of, evolve))

    def install(self, connection: sqlite3.Connection) -> None:
        """Note the projections of a journal that has no events yet."""
        connection.executemany(_INSERT_STATE, [(each.name, each.code_hash, EMPTY_DIGEST) for each in self._sets])

    def apply(self, connection: sqlite3.Connection, events: Iterable[Recorded]) -> None:
        """Bring the rows up to the given events, inside the transaction that appends them.

        Raises:
            MigrationNeededError: the stored rows were made by another version of a fold.
        """
        for row_set in self._sets:
            row_set.forget()
        for recorded in events:
            event: Any = recorded.event
            for row_set, key_of, evolve in self._steps.get(type(event), ()):
                row_set.step(connection, key_of(event), evolve, recorded)
        touched = [each for each in self._sets if each.reached()]
        if touched:
            self._settle(connection, touched)

    def check(self, connection: sqlite3.Connection) -> None:
        """Check that every projection's stored rows were made by the folds of this program.

        Raises:
            MigrationNeededError: they were not.
        """
        stored = dict(connection.execute(_SELECT_CODE).fetchall())
        stale = sorted(each.name for each in self._sets if stored.get(each.name) != each.code_hash)
        if stale:
            raise _stale(stale)

    def _settle(self, connection: sqlite3.Connection, touched: list[RowSet]) -> None:
        changes = []
        for row_set in touched:
            stored = connection.execute(_SELECT_ONE_STATE, (row_set.name,)).fetchone()
            code_hash, before = stored or ("", EMPTY_DIGEST)
            if code_hash != row_set.code_hash:
                raise _stale([row_set.name])
            changes.append((row_set.reached(), row_set.settle(connection, before), row_set.name))
        connection.executemany(_UPDATE_STATE, changes)


def _stale(names: list[str]) -> MigrationNeededError:
    return MigrationNeededError(
        f"the rows of {', '.join(names)} were computed by another version of this program",
        hint="Run `sync migrate`: it computes them again from the events.",
    )
