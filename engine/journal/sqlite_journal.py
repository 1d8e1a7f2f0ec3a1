"""The journal on SQLite: the port `engine.ports.Journal`, and how a journal is created and opened.

One writer connection guarded by a lock, one reader; threads share both. No Alembic, SQLModel or SQLAlchemy on
this path, and no network anywhere.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.envelope import Draft, Origin, Recorded
from engine.domain.errors import ConcurrencyConflictError
from engine.domain.events import JournalCreated
from engine.journal.anchors import Anchor, write_anchor
from engine.journal.connection import BUSY_TIMEOUT_S, in_unit, open_reader, open_writer
from engine.journal.faults import fault
from engine.journal.inline import Inline
from engine.journal.migrate import is_unbegun, migrate
from engine.journal.reading import Filter, Reading, collector_paused
from engine.journal.schema import check_guards, check_revision
from engine.journal.writing import Entry, Writing, Written, encode
from engine.ports import Clock, Head, Parts
from engine.projections.projection import Projection
from engine.projections.registry import ALL, Rows, as_state, empty_rows, fold
from engine.projections.state import State

ANCHORS = "anchors.jsonl"


class SqliteJournal:
    """An append-only event log in one SQLite file, with its projection rows kept inline.

    Attributes:
        path: the database file; its anchors lie beside it.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        reached: Reached = pass_by,
        projections: Sequence[Projection] = ALL,
        entropy: Callable[[int], bytes] = os.urandom,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.path = path
        self._clock = clock
        self._reached = reached
        self._lock = threading.RLock()
        self._writer = open_writer(path, busy_timeout_s=busy_timeout_s)
        try:
            self._inline = Inline(projections)
            self._check()
            self._writing = Writing(self._writer, entropy)
            self._reading = Reading(open_reader(path, busy_timeout_s=busy_timeout_s), path, projections)
        except BaseException:
            self._writer.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._reading.close()
            self._writer.close()

    def journal_id(self) -> str:
        """Give the journal's id; empty while it has no events."""
        return self._reading.journal_id()

    def head(self) -> Head:
        """Give the last seq and its hash."""
        return self._reading.head()

    def append(self, drafts: Sequence[Draft], origin: Origin) -> tuple[int, ...]:
        """Append a batch in one transaction, projections included, and give the seqs, old ones for repeats.

        Raises:
            ConcurrencyConflictError: a draft's `expected_version` is not its stream's version.
            IdempotencyConflictError: a draft's id is taken by other content.
            LockHeldError: the origin's lease is somebody else's now, or the journal stayed locked.
            StorageError: the disk did not take it; nothing was appended.
        """
        if not drafts:
            return ()
        with collector_paused(), self._lock:
            entries = [encode(draft) for draft in drafts]
            self._reached(CrashPoint.BEFORE_APPEND)
            written = in_unit(self._writer, self.path, lambda: self._write(entries, origin))
            self._reached(CrashPoint.AFTER_COMMIT)
        return written.seqs

    def read(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        stream: str | None = None,
        types: Sequence[str] | None = None,
        correlation_id: str | None = None,
        run_id: str | None = None,
        since_us: int | None = None,
        before_us: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Recorded]:
        """Give events in seq order, decoded to their newest schema versions, up to the head of this moment."""
        last = self.head().seq if until is None else until
        if since_us is not None:
            after = max(after, self.seq_at(since_us - 1))
        if before_us is not None:
            last = min(last, self.seq_at(before_us - 1))
        wanted = Filter(stream=stream, types=types, correlation_id=correlation_id, run_id=run_id)
        return self._reading.events(wanted, after=after, until=last, limit=limit)

    def state(self, *, at: int | None = None, only: Sequence[str] | None = None) -> State:
        """Give the projections: the live rows, or as they were when the head was `at` (folded from event 1).

        Raises:
            UsageError: the journal never was at `at`.
        """
        names = tuple(projection.name for projection in ALL) if only is None else tuple(only)
        with collector_paused():
            if at is None:
                head, rows = self._reading.rows(names)
            else:
                head = self._reading.head_at(at)
                folded = self.folded(until=at)
                rows = {name: folded[name] for name in names}
        return as_state(rows, journal_id=self.journal_id(), head_seq=head.seq, head_hash=head.hash)

    def folded(self, *, until: int) -> Rows:
        """Give every projection's rows by folding events 1 to `until` in memory."""
        with collector_paused():
            return fold(empty_rows(), self.read(until=until))

    def row(self, projection: str, key: str) -> Any | None:
        """Give one live row."""
        return self._reading.row(projection, key)

    def parts(self, shapes: Mapping[str, type[Any]]) -> Parts:
        """Give the live rows of some projections, each read only as far as its shape has fields."""
        with collector_paused():
            return self._reading.parts(shapes)

    def seq_at(self, time_us: int) -> int:
        """Give the last seq recorded at or before a time; 0 when there is none."""
        return self._reading.seq_at(time_us)

    def inputs_digest(self) -> str:
        """Give one digest over the projections a plan is computed from; costs no row reads."""
        return self._reading.inputs_digest()

    def anchor(self) -> None:
        """Write the head's seq and hash outside the database, durably.

        Raises:
            StorageError: the disk did not take it.
        """
        head = self.head()
        noted = Anchor(seq=head.seq, hash=head.hash, recorded_us=self._clock.now_us())
        write_anchor(self.path.with_name(ANCHORS), noted, self._reached)

    def _write(self, entries: Sequence[Entry], origin: Origin) -> Written:
        written = self._writing.write(entries, origin, self._clock.now_us())
        self._reached(CrashPoint.AFTER_EVENT_ROWS)
        self._inline.apply(self._writer, written.new)
        self._reached(CrashPoint.AFTER_PROJECTION_ROWS)
        return written

    def _check(self) -> None:
        try:
            check_revision(self._writer, self.path)
            check_guards(self._writer, self.path)
            if self._writer.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None:
                in_unit(self._writer, self.path, lambda: self._inline.install(self._writer))
            self._inline.check(self._writer)
        except sqlite3.Error as error:
            raise fault(error, self.path) from error


def create_journal(
    path: Path,
    *,
    clock: Clock,
    program_version: str,
    reached: Reached = pass_by,
    entropy: Callable[[int], bytes] = os.urandom,
) -> SqliteJournal:
    """Give a journal that has its first event, made now when there is none; cut off, it is simply called again.

    Raises:
        MigrationNeededError: there is one, of an older schema; that is for `sync migrate`.
    """
    if is_unbegun(path):
        migrate(path, reached=reached)
    journal = SqliteJournal(path, clock=clock, reached=reached, entropy=entropy)
    if journal.head().seq == 0:
        event = JournalCreated(journal_id=f"j{entropy(10).hex()}", program_version=program_version)
        with suppress(ConcurrencyConflictError):  # another process was quicker
            journal.append([Draft(event=event, expected_version=0)], Origin(actor="engine"))
    return journal
