"""One batch on its way into the journal: encoded once, then numbered, chained and inserted in the transaction.

Everything about the journal's end is read inside the transaction, because other processes append too. Nothing
here begins or ends a transaction, and nothing here reads a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.domain.canonical import canonical
from engine.domain.envelope import Draft, Origin, Recorded
from engine.domain.errors import (
    ConcurrencyConflictError,
    EngineError,
    IdempotencyConflictError,
    IntegrityError,
    LockHeldError,
)
from engine.domain.events import Event
from engine.domain.upcasts import revive
from engine.journal.chain import COLUMNS, GENESIS, INSERT_ROW, event_hash

_SELECT_HEAD = "SELECT seq, hash, recorded_us FROM event ORDER BY seq DESC LIMIT 1"
_SELECT_VERSION = "SELECT max(version) FROM event WHERE stream = ?"
_SELECT_VERSIONS = "SELECT value, (SELECT max(version) FROM event WHERE stream = value) FROM json_each(?)"
_SELECT_TAKEN = "SELECT seq, stream, type, schema_version, data FROM event WHERE event_id = ?"
_SELECT_CAUSE = "SELECT correlation_id FROM event WHERE seq = ?"
_SELECT_FENCE = "SELECT fence FROM lease WHERE resource = ?"
_CORRELATION = COLUMNS.index("correlation_id")

TOGETHER_FROM = 8
"""From so many events on, the versions of a batch's streams are asked for in one query."""


class Entry(NamedTuple):
    """One draft with its bytes, and its event as those bytes say it."""

    draft: Draft
    event: Event
    stream: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a batch became: a seq for each draft, and the events that are new."""

    seqs: tuple[int, ...]
    new: tuple[Recorded, ...]


def encode(draft: Draft) -> Entry:
    """Encode a draft, and prove that what will be stored can be read back.

    Raises:
        EngineError: the event holds something that its class does not allow.
    """
    event = draft.event
    try:
        data = canonical(event)
        return Entry(draft, revive(event.TYPE, event.SCHEMA_VERSION, data), event.stream, data.decode())
    except (IntegrityError, UnicodeError, TypeError, ValueError) as error:
        raise EngineError(
            f"an event of type {event.TYPE} cannot be stored: {error}",
            hint="This is a fault of the program; nothing was appended. Please report it.",
        ) from error


class Writing:
    """Appends encoded batches over one connection, inside its transaction."""

    def __init__(self, connection: sqlite3.Connection, entropy: Callable[[int], bytes]) -> None:
        self._connection = connection
        self._entropy = entropy

    def write(self, entries: Sequence[Entry], origin: Origin, now_us: int) -> Written:
        """Insert what is new of a batch, and give every draft's seq.

        Raises:
            ConcurrencyConflictError: a draft's `expected_version` is not its stream's version.
            IdempotencyConflictError: a draft's id is taken by other content.
            LockHeldError: the origin's lease was granted to somebody else since.
        """
        self._check_fence(origin)
        last = self._connection.execute(_SELECT_HEAD).fetchone()
        last_seq, prev_hash, last_us = (0, GENESIS, 0) if last is None else last
        recorded_us = max(now_us, last_us + 1)
        seqs, fresh = self._sorted_out(entries, last_seq)
        ids = self._drawn_ids(len(fresh), recorded_us)
        versions = self._versions(fresh)
        rows: list[tuple[Any, ...]] = []
        new: list[Recorded] = []
        actor, run_id, fence = origin.actor, origin.run_id, origin.fence
        for seq, (entry, drawn_id) in enumerate(zip(fresh, ids, strict=True), last_seq + 1):
            draft, event, stream, data = entry
            version = versions.get(stream)
            if version is None:
                version = self._connection.execute(_SELECT_VERSION, (stream,)).fetchone()[0] or 0
            if draft.expected_version is not None and draft.expected_version != version:
                raise _conflict(stream, draft.expected_version, version)
            versions[stream] = version = version + 1
            cause = draft.causation_seq
            hashed = (
                seq,
                draft.event_id or drawn_id,
                stream,
                version,
                event.TYPE,
                event.SCHEMA_VERSION,
                draft.occurred_us,
                recorded_us,
                actor,
                run_id,
                origin.correlation_id if cause is None else self._correlation(cause, seq, rows),
                cause,
                fence,
                data,
                None,
                prev_hash,
            )
            prev_hash = event_hash(hashed)
            rows.append((*hashed, prev_hash))
            new.append(Recorded(seq, stream, version, recorded_us, run_id, event))
            recorded_us += 1
        self._connection.executemany(INSERT_ROW, rows)
        return Written(seqs=seqs, new=tuple(new))

    def _versions(self, entries: Sequence[Entry]) -> dict[str, int]:
        """Give the versions of a large batch's streams; none for a small one, nor for names that JSON cannot hold."""
        if len(entries) < TOGETHER_FROM:
            return {}
        streams = canonical(list({entry.stream for entry in entries})).decode()
        return {stream: version or 0 for stream, version in self._connection.execute(_SELECT_VERSIONS, (streams,))}

    def _sorted_out(self, entries: Sequence[Entry], last_seq: int) -> tuple[tuple[int, ...], list[Entry]]:
        """Give every entry's seq, old or to come, and the entries that are new."""
        seqs: list[int] = []
        fresh: list[Entry] = []
        ids: dict[bytes, tuple[int, Entry]] = {}
        for entry in entries:
            event_id = entry.draft.event_id
            if event_id is not None:
                taken = ids.get(event_id)
                old_seq = self._seq_of(event_id, entry) if taken is None else _same(taken[0], taken[1], entry)
                if old_seq is not None:
                    seqs.append(old_seq)
                    continue
                ids[event_id] = (last_seq + len(fresh) + 1, entry)
            fresh.append(entry)
            seqs.append(last_seq + len(fresh))
        return tuple(seqs), fresh

    def _seq_of(self, event_id: bytes, entry: Entry) -> int | None:
        row = self._connection.execute(_SELECT_TAKEN, (event_id,)).fetchone()
        if row is None:
            return None
        seq, stream, event_type, schema_version, data = row
        same = stream == entry.stream and event_type == entry.event.TYPE
        if same and (data == entry.data or revive(event_type, schema_version, data) == entry.event):
            return int(seq)
        raise _taken(seq, entry)

    def _correlation(self, cause: int, seq: int, rows: Sequence[tuple[Any, ...]]) -> str | None:
        """Give the correlation an event shares with its cause: what follows from an event belongs to it."""
        if not 0 < cause < seq:
            raise EngineError(
                f"event {seq} cannot be caused by {cause}, which is not before it",
                hint="This is a fault of the program; nothing was appended. Please report it.",
            )
        in_batch = bool(rows) and cause >= rows[0][0]
        found = (
            rows[cause - rows[0][0]][_CORRELATION]
            if in_batch
            else self._connection.execute(_SELECT_CAUSE, (cause,)).fetchone()[0]
        )
        return None if found is None else str(found)

    def _check_fence(self, origin: Origin) -> None:
        if origin.fence is None or origin.lease_resource is None:
            return
        row = self._connection.execute(_SELECT_FENCE, (origin.lease_resource,)).fetchone()
        if row is not None and row[0] > origin.fence:
            raise LockHeldError(
                f"the lease on {origin.lease_resource} was granted to somebody else",
                hint="Another `sync` took over while this one stood still; let it finish, then run this again.",
            )

    def _drawn_ids(self, count: int, recorded_us: int) -> list[bytes]:
        """Draw uuid7s: 48 bits of milliseconds, then randomness."""
        random = self._entropy(10 * count)
        time_ms = (recorded_us // 1000).to_bytes(6, "big")
        return [
            time_ms
            + bytes((0x70 | random[at] & 0x0F, random[at + 1], 0x80 | random[at + 2] & 0x3F))
            + random[at + 3 : at + 10]
            for at in range(0, 10 * count, 10)
        ]


def _same(seq: int, earlier: Entry, entry: Entry) -> int:
    if earlier.stream == entry.stream and earlier.event.TYPE == entry.event.TYPE and earlier.data == entry.data:
        return seq
    raise _taken(seq, entry)


def _taken(seq: int, entry: Entry) -> IdempotencyConflictError:
    event_id = (entry.draft.event_id or b"").hex()
    return IdempotencyConflictError(
        f"event id {event_id} is taken by event {seq}, whose content is not this {entry.event.TYPE}",
        hint="This is a fault of the program; nothing was appended. Please report it.",
    )


def _conflict(stream: str, expected: int, version: int) -> ConcurrencyConflictError:
    return ConcurrencyConflictError(
        f"stream {stream} is at version {version}, not at {expected}",
        hint="Something else was recorded meanwhile. Run the command again: it starts from what is known now.",
    )
