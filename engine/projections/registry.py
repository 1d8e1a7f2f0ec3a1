"""Every control projection, the dispatch from event to fold, and the digests that prove a replay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from engine.domain.canonical import canonical
from engine.domain.envelope import Recorded
from engine.domain.occurrence import Occurrence
from engine.projections.acted import ACTIONS, CONFLICTS, HEALTH, OBJECTS, RUNS
from engine.projections.looked_up import ACCESS, CAPABILITIES, CREDENTIALS, ENRICHMENTS, RESOLUTIONS
from engine.projections.matched import QUESTIONS
from engine.projections.observed import PLAYLISTS, REMOTES, SCOPES, SIGHTINGS
from engine.projections.projection import Evolve, KeyOf, Projection, Row
from engine.projections.recorded_music import RECORDINGS, RENDITIONS
from engine.projections.state import State

ALL: tuple[Projection, ...] = (
    SIGHTINGS,
    PLAYLISTS,
    RECORDINGS,
    RENDITIONS,
    REMOTES,
    OBJECTS,
    ACTIONS,
    CONFLICTS,
    QUESTIONS,
    RUNS,
    SCOPES,
    HEALTH,
    RESOLUTIONS,
    ENRICHMENTS,
    ACCESS,
    CAPABILITIES,
    CREDENTIALS,
)
"""In the order in which a batch's rows are written."""

PLANNED_FROM: tuple[str, ...] = (
    "sightings",
    "playlists",
    "recordings",
    "renditions",
    "remotes",
    "objects",
    "actions",
    "conflicts",
    "questions",
    "resolutions",
    "enrichments",
)
"""The projections whose rows decide a plan; equal rows and equal settings give an equal plan."""

Step: TypeAlias = tuple[str, KeyOf, Evolve]
Rows: TypeAlias = dict[str, dict[str, Row]]

DISPATCH: Mapping[type[Occurrence], tuple[Step, ...]] = {
    event_class: tuple(
        (projection.name, *projection.handlers[event_class]) for projection in ALL if event_class in projection.handlers
    )
    for event_class in {event_class for projection in ALL for event_class in projection.handlers}
}
"""Event class → the folds that read it."""

MODULUS = 1 << 256


def empty_rows() -> Rows:
    """Give the rows before the first event."""
    return {projection.name: {} for projection in ALL}


def fold(rows: Rows, events: Iterable[Recorded]) -> Rows:
    """Fold events into rows, in place, and give them back; the caller owns `rows`."""
    dispatch = DISPATCH
    for recorded in events:
        event = recorded.event
        for name, key_of, evolve in dispatch.get(type(event), ()):
            table = rows[name]
            key = key_of(event)
            row = evolve(table.get(key), recorded)
            if row is not None:
                table[key] = row
    return rows


def row_hash(key: str, data: bytes) -> int:
    """Hash one row, its key and its canonical JSON, for the order-independent digest of a row set."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass") + b"\x00" + data).digest(), "big")


def rows_digest(rows: Mapping[str, Row]) -> str:
    """Digest a row set: the sum of its row hashes modulo 2^256, 64 hex digits."""
    total = sum(row_hash(key, canonical(row)) for key, row in rows.items())
    return format(total % MODULUS, "064x")


def as_state(rows: Rows, *, journal_id: str, head_seq: int, head_hash: str) -> State:
    """Give rows as the `State` that planner and reading commands take."""
    return State(journal_id=journal_id, head_seq=head_seq, head_hash=head_hash, **rows)
