"""Lists playlists and shows one in its order, repeats kept. Asks no remote."""

from __future__ import annotations

from collections import Counter

from engine.domain.failure import Availability
from engine.domain.references import is_gathered
from engine.domain.value import Value
from engine.projections.rows import Playlist, Scope
from engine.projections.state import State
from engine.workflows.lookup import find_one, known_playlists, track_label

READS: tuple[str, ...] = ("sightings", "playlists", "recordings", "renditions", "scopes")
"""The projections that playlists are shown from."""


class Evidence(Value, frozen=True):
    """What the last listing of a playlist rests on.

    Attributes:
        result: "complete", "unchanged" (by its source's change token), "partial", "not read" or "held".
        count: entries it showed; of an address that stands for several playlists, how many of those.
        declared: entries its source says there are.
        token: whether the source gave a change token.
        complete_us: when it was last seen whole.
        problem: why it was not complete.
    """

    result: str
    count: int
    declared: int | None
    when_us: int
    token: bool
    complete_us: int | None
    problem: str = ""
    hint: str = ""


class PlaylistRow(Value, frozen=True):
    """One playlist in a list."""

    ref: str
    name: str
    url: str
    entries: int
    with_file: int
    active: bool
    seen: bool
    held_count: int | None  # entries of a listing that was not believed
    last_us: int
    evidence: Evidence | None = None  # none while nobody looked
    shelf: bool = False  # whether it is an address that stands for several playlists
    gathered: bool = False  # whether it only collects what is wanted, and no target shows it


class Entry(Value, frozen=True):
    """One position of a playlist."""

    position: int  # from 1
    ref: str
    label: str
    recording_id: str | None
    availability: Availability
    has_file: bool
    repeat: bool


class PlaylistDetail(Value, frozen=True):
    """One playlist and its entries in order."""

    playlist: PlaylistRow
    entries: tuple[Entry, ...]


def playlists(state: State, *, everything: bool = False) -> tuple[PlaylistRow, ...]:
    """Give the playlists that are kept in step, or every one ever seen, by name."""
    filed = _filed(state)
    rows = [_row(state, row, filed) for row in known_playlists(state).values() if everything or row.active]
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.ref)))


def playlist(state: State, thing: str) -> PlaylistDetail:
    """Give the one playlist that is meant, entry by entry.

    Raises:
        UsageError: none is meant, or several are.
    """
    row = state.playlists[find_one(state, thing, ("playlist",)).key]
    filed, count = _filed(state), Counter[str]()
    entries = []
    for position, ref in enumerate(row.entries, start=1):
        entries.append(_entry(state, position, ref, filed, repeat=count[ref] > 0))
        count[ref] += 1
    return PlaylistDetail(playlist=_row(state, row, filed), entries=tuple(entries))


def _filed(state: State) -> frozenset[str]:
    return frozenset(row.recording_id for row in state.renditions.values() if row.present)


def _row(state: State, row: Playlist, filed: frozenset[str]) -> PlaylistRow:
    recordings = (state.sightings[ref].recording_id for ref in row.entries if ref in state.sightings)
    return PlaylistRow(
        ref=row.ref,
        name=row.name,
        url=row.url,
        entries=len(row.entries),
        with_file=sum(1 for recording in recordings if recording in filed),
        active=row.active,
        seen=row.seen,
        held_count=row.held_count,
        last_us=row.last_us,
        evidence=evidence(row, scope) if (scope := state.scopes.get(row.ref)) else None,
        shelf=not row.seen and scope is not None and bool(scope.complete_seq),
        gathered=is_gathered(row.ref),
    )


def evidence(row: Playlist, scope: Scope) -> Evidence:
    """Say what the last listing of a playlist rests on."""
    return Evidence(
        result=_result(row, scope),
        count=scope.count,
        declared=scope.declared,
        when_us=scope.last_us,
        token=scope.watermark is not None,
        complete_us=scope.complete_us,
        problem=scope.problem.detail if scope.problem else "",
        hint=scope.problem.hint if scope.problem else "",
    )


def _result(row: Playlist, scope: Scope) -> str:
    if scope.complete:
        return "unchanged" if scope.unchanged else "complete"
    if row.held_hash is not None:
        return "held"
    return "partial" if scope.count else "not read"


def _entry(state: State, position: int, ref: str, filed: frozenset[str], *, repeat: bool) -> Entry:
    sighting = state.sightings.get(ref)
    recording = sighting.recording_id if sighting else None
    return Entry(
        position=position,
        ref=ref,
        label=track_label(sighting) if sighting else ref,
        recording_id=recording,
        availability=sighting.availability if sighting else Availability.UNKNOWN,
        has_file=recording in filed,
        repeat=repeat,
    )
