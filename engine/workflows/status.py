"""Says where everything stands, out of the state alone. Asks no remote, reads no file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from engine.domain.failure import Availability
from engine.domain.value import Value
from engine.projections.rows import ActionState, Run, Scope
from engine.projections.state import State
from engine.workflows.lookup import known_playlists

READS: tuple[str, ...] = (
    "sightings", "playlists", "recordings", "renditions", "actions", "conflicts", "runs", "scopes", "health",
)  # fmt: skip
"""The projections that a status is made of."""


class ScopeStatus(Value, frozen=True):
    """What the last scans of one scope came to."""

    scope: str
    complete: bool
    count: int
    last_us: int
    failures: int
    problem: str | None


class Status(Value, frozen=True):
    """Where everything stands at one journal position."""

    journal_id: str
    head_seq: int
    recordings: int
    with_file: int
    without_file: int
    lost_files: int
    dismissed: int
    files: int
    playlists: int
    playlists_held: int
    availability: dict[str, int]
    actions: dict[str, int]
    failures: dict[str, int]
    conflicts: int
    runs: int
    last_run: Run | None
    scopes: tuple[ScopeStatus, ...]
    stopped: dict[str, int]  # remote → until when its writes are stopped, us
    next: tuple[str, ...]


def status(state: State, now_us: int) -> Status:
    """Give the counts, the health of every scope and what to do next."""
    kept = {key: row for key, row in state.recordings.items() if row.dismissed is None}
    present, lost = _files(state)
    playlists = [row for row in known_playlists(state).values() if row.active]
    last_run = max(state.runs.values(), key=lambda row: row.first_seq, default=None)
    counted = Status(
        journal_id=state.journal_id,
        head_seq=state.head_seq,
        recordings=len(kept),
        with_file=len(kept.keys() & present.keys()),
        without_file=len(kept.keys() - present.keys()),
        lost_files=lost,
        dismissed=len(state.recordings) - len(kept),
        files=sum(present.values()),
        playlists=len(playlists),
        playlists_held=sum(1 for row in playlists if row.held_us is not None),
        availability=_availability(state, frozenset(kept)),
        actions=_counted(row.state.value for row in state.actions.values()),
        failures=_counted(
            row.problem.failure.value
            for row in state.actions.values()
            if row.problem and row.state in (ActionState.DEFERRED, ActionState.REFUSED, ActionState.UNKNOWN)
        ),
        conflicts=sum(1 for row in state.conflicts.values() if row.choice is None),
        runs=len(state.runs),
        last_run=last_run,
        scopes=tuple(_scope(row) for _, row in sorted(state.scopes.items())),
        stopped={key: row.until_us for key, row in sorted(state.health.items()) if row.until_us > now_us},
        next=(),
    )
    return replace(counted, next=tuple(_advice(counted)))


def _files(state: State) -> tuple[dict[str, int], int]:
    present: defaultdict[str, int] = defaultdict(int)
    lost = 0
    for row in state.renditions.values():
        if row.present:
            present[row.recording_id] += 1
        else:
            lost += 1
    return present, lost


def _availability(state: State, kept: frozenset[str]) -> dict[str, int]:
    return _counted(
        row.availability.value
        for row in state.sightings.values()
        if row.recording_id in kept and row.availability is not Availability.AVAILABLE
    )


def _counted(names: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _scope(row: Scope) -> ScopeStatus:
    return ScopeStatus(
        scope=row.scope,
        complete=row.complete,
        count=row.count,
        last_us=row.last_us,
        failures=row.failures,
        problem=row.problem.detail if row.problem else None,
    )


def _advice(found: Status) -> Iterator[str]:
    if not found.playlists:
        yield "follow a playlist: sync follow URL"
    if found.conflicts:
        yield f"decide {found.conflicts} conflict{'s' if found.conflicts > 1 else ''}: sync conflicts"
    if found.actions.get(ActionState.REFUSED, 0):
        yield "see what was refused and why: sync sql failures_by_class"
    unsettled = found.actions.get(ActionState.INTENDED, 0) + found.actions.get(ActionState.UNKNOWN, 0)
    if unsettled or found.actions.get(ActionState.DEFERRED, 0):
        yield "settle what is open: sync reconcile"
    if any(scope.failures for scope in found.scopes):
        yield "look into the failing scans: sync doctor --online"
    if found.playlists and not found.runs:
        yield "begin: sync plan, then sync reconcile"
