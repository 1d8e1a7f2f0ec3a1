"""Says where everything stands, out of the state alone. Asks no remote, reads no file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from engine.domain.failure import Availability, FailureClass
from engine.domain.matching_events import Answer
from engine.domain.references import ROW_PREFIX
from engine.ports import Journal
from engine.projections.rows import (
    ActionRow,
    ActionState,
    Conflict,
    Credential,
    Health,
    Playlist,
    Question,
    Recording,
    Rendition,
    Run,
    Scope,
    Sighting,
    TargetObject,
)
from engine.projections.state import State
from engine.reconciler.asking import DECIDING
from engine.reconciler.merging import ends
from engine.workflows.advice import OpenAction, advice
from engine.workflows.logins import standings
from engine.workflows.lookup import UNLISTED_PREFIX, ScopeNames, known_playlists
from engine.workflows.standing import ScopeStatus, Status


class SightingPart(Struct, frozen=True, gc=False):
    """What is counted of a sighting."""

    availability: Availability
    recording_id: str | None


class RecordingPart(Struct, frozen=True, gc=False):
    """What is counted of a recording."""

    recording_id: str
    refs: tuple[str, ...]
    dismissed: str | None
    requested_seq: int
    merged_into: str | None


class RenditionPart(Struct, frozen=True, gc=False):
    """What is counted of a file."""

    recording_id: str
    present: bool


class ProblemPart(Struct, frozen=True, gc=False):
    """What is counted of a problem."""

    failure: FailureClass


class ActionPart(Struct, frozen=True, gc=False):
    """What is counted of an action, whose row is the longest of all."""

    state: ActionState
    problem: ProblemPart | None
    not_before_us: int | None


class QuestionPart(Struct, frozen=True, gc=False):
    """What is counted of a question."""

    newer: str
    answer: Answer | None
    settled: str | None


class ObjectPart(Struct, frozen=True, gc=False):
    """What is counted of what we wrote; read only where something was ever undone."""

    key: str
    withheld: tuple[str, ...] | None
    withheld_seq: int


SHAPES: dict[str, type[Struct]] = {
    "sightings": SightingPart,
    "recordings": RecordingPart,
    "renditions": RenditionPart,
    "actions": ActionPart,
    "playlists": Playlist,
    "conflicts": Conflict,
    "questions": QuestionPart,
    "runs": Run,
    "scopes": Scope,
    "health": Health,
    "credentials": Credential,
}
"""The projections that a status is made of, and how far each is read."""

READS: tuple[str, ...] = (*SHAPES, "objects")
"""The projections that a status is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The rows a status is made of, whole or in parts."""

    sightings: Collection[Sighting | SightingPart]
    recordings: Collection[Recording | RecordingPart]
    renditions: Collection[Rendition | RenditionPart]
    actions: Collection[ActionRow | ActionPart]
    playlists: Collection[Playlist]
    conflicts: Collection[Conflict]
    questions: Collection[Question | QuestionPart]
    runs: Collection[Run]
    scopes: Collection[Scope]
    health: Collection[Health]
    credentials: Collection[Credential] = ()
    objects: Collection[TargetObject | ObjectPart] = ()


def status_now(journal: Journal, now_us: int) -> Status:
    """Give the status as of the head; reads of each row only what is counted."""
    parts = journal.parts(SHAPES)
    rows = _Rows(**parts.rows)
    if any(run.undid for run in rows.runs):
        rows = _Rows(**parts.rows, **journal.parts({"objects": ObjectPart}).rows)
    return _status(journal.journal_id(), parts.head.seq, rows, now_us)


def status(state: State, now_us: int) -> Status:
    """Give the counts, the health of every scope and what to do next."""
    rows = _Rows(**{name: getattr(state, name).values() for name in READS})
    return _status(state.journal_id, state.head_seq, rows, now_us)


def _status(journal_id: str, head_seq: int, rows: _Rows, now_us: int) -> Status:
    stands_for = _stands_for(rows)
    present = Counter(stands_for.get(row.recording_id, row.recording_id) for row in rows.renditions if row.present)
    standing = _standing(rows, stands_for, present.keys())
    thrown_away = {
        stands_for.get(row.recording_id, row.recording_id) for row in rows.recordings if row.dismissed is not None
    }
    kept = standing - thrown_away
    listed = State(playlists={row.ref: row for row in rows.playlists})
    known = known_playlists(listed)
    playlists = [row for row in known.values() if row.active]
    counted = Status(
        journal_id=journal_id,
        head_seq=head_seq,
        recordings=len(kept),
        with_file=len(kept & present.keys()),
        without_file=len(kept - present.keys()),
        lost_files=len(rows.renditions) - present.total(),
        dismissed=len(standing) - len(kept),
        files=present.total(),
        playlists=len(playlists),
        playlists_held=sum(1 for row in playlists if row.held_us is not None),
        availability=_availability(rows, stands_for, kept, present.keys()),
        actions=_counted(row.state.value for row in rows.actions),
        failures=_counted(
            row.problem.failure.value
            for row in rows.actions
            if row.problem and row.state in (ActionState.DEFERRED, ActionState.REFUSED, ActionState.UNKNOWN)
        ),
        conflicts=sum(1 for row in rows.conflicts if row.choice is None),
        questions=_questions(rows),
        held_back=_held_back(rows),
        runs=len(rows.runs),
        last_run=max(rows.runs, key=lambda row: row.first_seq, default=None),
        scopes=tuple(
            _scope(row, listed)
            for row in sorted(rows.scopes, key=lambda row: row.scope)
            if _watched(row, listed, known)
        ),
        stopped={row.remote: row.until_us for row in sorted(rows.health, key=_remote) if row.until_us > now_us},
        next=(),
        logins=tuple(standings(rows.credentials, now_us)),
    )
    return replace(counted, next=tuple(advice(counted, tuple(_open(rows)), now_us)))


def _questions(rows: _Rows) -> int:
    """Count what waits for a person: as in `engine/reconciler/asking.py`, out of parts."""
    thrown_away = {row.recording_id for row in rows.recordings if row.dismissed is not None}
    return sum(
        1
        for row in rows.questions
        if row.settled is None and row.answer not in DECIDING and row.newer not in thrown_away
    )


def _held_back(rows: _Rows) -> int:
    """Count what is withheld and was not asked for since: as in `engine/reconciler/diff.py`, out of parts."""
    asked = {row.recording_id: row.requested_seq for row in rows.recordings}
    asked |= {row.ref: row.requested_seq for row in rows.playlists}
    return sum(1 for row in rows.objects if row.withheld is not None and asked.get(row.key, 0) <= row.withheld_seq)


def _stands_for(rows: _Rows) -> dict[str, str]:
    """Give every absorbed recording the one it counts for, as in `engine/reconciler/merging.py`, out of parts."""
    ids = {row.recording_id for row in rows.recordings}
    return ends({row.recording_id: row.merged_into for row in rows.recordings if row.merged_into in ids})


def _standing(rows: _Rows, stands_for: Mapping[str, str], with_file: AbstractSet[str]) -> set[str]:
    """Give the recordings that count: not those that were absorbed, nor what a search offered and no playlist held."""
    ever = {ref for row in rows.playlists for ref in (*row.entries, *row.departed)}
    wished = {
        stands_for.get(row.recording_id, row.recording_id) for row in rows.recordings if not ever.isdisjoint(row.refs)
    }
    ids = {row.recording_id for row in rows.recordings} - stands_for.keys()
    return {recording_id for recording_id in ids if recording_id in wished or recording_id in with_file}


def _availability(
    rows: _Rows, stands_for: Mapping[str, str], kept: AbstractSet[str], with_file: AbstractSet[str]
) -> dict[str, int]:
    """Count recordings by what a source says of them; one that is only named there lacks nothing if it is elsewhere."""
    told = {
        (stands_for.get(row.recording_id, row.recording_id), row.availability)
        for row in rows.sightings
        if row.recording_id is not None
    }
    told_better = with_file | {recording_id for recording_id, state in told if state is not Availability.METADATA_ONLY}
    return _counted(
        state.value
        for recording_id, state in told
        if recording_id in kept
        and state is not Availability.AVAILABLE
        and not (state is Availability.METADATA_ONLY and recording_id in told_better)
    )


def _remote(row: Health) -> str:
    return row.remote


def _counted(names: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _open(rows: _Rows) -> Iterator[OpenAction]:
    for row in rows.actions:
        if row.state.unsettled or row.state in (ActionState.ABSENT, ActionState.DEFERRED, ActionState.REFUSED):
            failure = row.problem.failure if row.problem else None
            yield OpenAction(state=row.state, failure=failure, not_before_us=row.not_before_us)


def _watched(row: Scope, listed: State, known: Mapping[str, Playlist]) -> bool:
    """Whether a scope is still looked at: not a listing under an address that is known by its own ref by now."""
    if row.scope in listed.playlists:
        playlist = known.get(row.scope)
        return playlist is not None and playlist.active
    if row.scope.startswith(ROW_PREFIX):
        return not row.complete  # the rows that were read are as many as there are rows
    if not row.scope.startswith(UNLISTED_PREFIX):
        return True
    address = row.scope.removeprefix(UNLISTED_PREFIX)
    return not any(address in (playlist.url, *playlist.addresses) for playlist in listed.playlists.values())


def _scope(row: Scope, listed: State) -> ScopeStatus:
    return ScopeStatus(
        scope=row.scope,
        label=ScopeNames(state=listed).label(row.scope),
        complete=row.complete,
        count=row.count,
        last_us=row.last_us,
        failures=row.failures,
        problem=row.problem.detail if row.problem else None,
        hint=row.problem.hint if row.problem else "",
        declared=row.declared,
        unchanged=row.unchanged,
    )
