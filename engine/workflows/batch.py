"""The batch: takes up what is wanted and has no file, and lists what stands in Notion rows that nobody fetched (M10).

Looks at targets first, because what it takes up is decided from what they show. Fetches nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.domain.envelope import observed
from engine.domain.events import PlaylistSeen, ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import FROM_NOTION
from engine.projections.observed import shows_playlist
from engine.projections.rows import Playlist
from engine.reconciler.batch import Pick, batch, row_scope
from engine.reconciler.policy import PlanScope
from engine.workflows.link import link
from engine.workflows.listing import listed_track, observe_track, source_of_address
from engine.workflows.observe_sources import Reading, heed_stop
from engine.workflows.observe_targets import observe_targets
from engine.workflows.run import Run
from engine.workflows.world import World

ROWS_MAX = 100
"""Rows whose addresses one run lists: each costs a request or two, and the next run goes on."""
GATHERED_AT_ONCE = 25
"""Rows between two versions of the list that makes them wanted, each of which is recorded whole."""
GATHERED_NAME = "From Notion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a batch took up.

    Attributes:
        picked: ids of recordings, and refs of sightings that are linked after this.
        waiting: how many there were to take up.
        targets: scope → what went wrong while looking at targets.
    """

    picked: tuple[str, ...]
    waiting: int
    targets: dict[str, Problem]


def take_batch(reading: Reading, limit: int | None, rows_max: int = ROWS_MAX) -> Taken:
    """Look at targets, choose what to take up, and list the addresses of the rows among it, so many at most."""
    world = reading.world
    targets = observe_targets(world, reading.run, tuple(reading.accept_shrink), look_closer=False)
    link(world, reading.run)  # what was seen before a stop, and is wanted since
    picked: list[str] = []
    gathering = _Gathering(world=world, run=reading.run)
    rows = 0
    waiting = batch(world.journal.state(), world.policy, world.clock.now_us())
    try:
        for pick in waiting[:limit]:
            rows += pick.recording_id is None
            if pick.recording_id is not None:
                picked.append(pick.recording_id)
            elif rows <= rows_max:
                heed_stop(world)
                _list_row(reading, pick, gathering)
    finally:
        gathering.record()
    return Taken(picked=(*picked, *gathering.refs), waiting=len(waiting), targets=targets)


@dataclass(slots=True, kw_only=True)
class _Gathering:
    """Makes listed rows wanted: that a row was listed, and what it stands for, is recorded together or not at all."""

    world: World
    run: Run
    refs: list[str] = field(default_factory=list)
    unrecorded: list[ScanCompleted] = field(default_factory=list)

    def take(self, address: str, ref: str) -> None:
        self.refs.append(ref)
        self.unrecorded.append(listed_track(row_scope(address), ref))
        if len(self.unrecorded) == GATHERED_AT_ONCE:
            self.record()

    def record(self) -> None:
        """Add what was listed to the list that makes it wanted; no target shows that list."""
        known: Playlist | None = self.world.journal.row("playlists", FROM_NOTION)
        entries = tuple(dict.fromkeys((*(known.entries if known else ()), *self.refs)))
        event = PlaylistSeen(ref=FROM_NOTION, name=GATHERED_NAME, url="", entries=entries)
        differs = bool(entries) and (known is None or not shows_playlist(known, event))
        seen = [observed(event, known.version if known else 0)] if differs else []
        self.run.append([*seen, *self.unrecorded])
        self.unrecorded.clear()


def _list_row(reading: Reading, pick: Pick, gathering: _Gathering) -> None:
    """List a row's addresses, the first that is one track wins; what is in the way of the others is a problem."""
    failed: dict[str, Problem] = {}
    for address in pick.addresses:
        refs: list[str] = []
        problem = reading.call(address, lambda address=address, refs=refs: _track(reading, address, refs))  # type: ignore[misc]  # bound now
        if problem is None:
            gathering.take(address, *refs)
            return
        failed[row_scope(address)] = problem
    reading.problems.update(failed)


def _track(reading: Reading, address: str, refs: list[str]) -> Problem | None:
    source = source_of_address(reading.world, address)
    if not isinstance(source, Problem) and source.name == "file":
        return _refused(reading.run, address)
    found = observe_track(reading.world, reading.run, address, row_scope(address))
    if isinstance(found, Problem):
        return found
    refs.append(found)
    return None


def _refused(run: Run, address: str) -> Problem:
    """Say that a row's address is a path: whoever may write to Notion names no file of this machine."""
    problem = Problem(
        failure=FailureClass.UNSUPPORTED,
        detail=f"{address} is a path, and a row names music on the web",
        hint=f"put an address of SoundCloud, YouTube or Spotify into the row, or `sync follow {address}`",
    )
    run.append([ScanCompleted(scope=row_scope(address), complete=False, count=0, set_hash="", problem=problem)])
    return problem


def batch_scope(world: World, picked: Sequence[str], scope: PlanScope) -> PlanScope | None:
    """Give the part of the plan that concerns what was taken up; None when that is nothing."""
    sightings = world.journal.state(only=("sightings",)).sightings if picked else {}
    named = (sightings[key].recording_id if key in sightings else key for key in picked)
    recordings = tuple(dict.fromkeys(key for key in named if key))
    return replace(scope, recordings=recordings, limit=None) if recordings else None
