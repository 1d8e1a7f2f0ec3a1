"""The batch: takes up what is wanted and has no file, and lists what stands in Notion rows that nobody fetched (M10).

Looks at targets first, because what it takes up is decided from what they show. Fetches nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from engine.domain.envelope import observed
from engine.domain.events import PlaylistSeen, ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import FROM_NOTION
from engine.projections.observed import shows_playlist
from engine.projections.rows import Playlist
from engine.reconciler.batch import Pick, batch, row_scope
from engine.reconciler.policy import PlanScope
from engine.workflows.listing import observe_track, source_of_address
from engine.workflows.observe_sources import Reading, heed_stop
from engine.workflows.observe_targets import observe_targets
from engine.workflows.run import Run
from engine.workflows.world import World

ROWS_MAX = 100
"""Rows whose addresses one run lists: each costs a request or two, and the next run goes on."""
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
    picked: list[str] = []
    rows = 0
    gathered: list[str] = []
    waiting = batch(world.journal.state(), world.policy, world.clock.now_us())
    for pick in waiting[:limit]:
        if pick.recording_id is not None:
            picked.append(pick.recording_id)
            continue
        rows += 1
        if rows > rows_max:
            continue
        heed_stop(world)
        gathered += _listed(reading, pick)
        _gather(world, reading.run, gathered)
    return Taken(picked=(*picked, *gathered), waiting=len(waiting), targets=targets)


def _listed(reading: Reading, pick: Pick) -> Sequence[str]:
    """List a row's addresses, the first that is one track wins; what is in the way of the others is a problem."""
    failed: dict[str, Problem] = {}
    for address in pick.addresses:
        refs: list[str] = []
        problem = reading.call(address, lambda address=address, refs=refs: _track(reading, address, refs))  # type: ignore[misc]  # bound now
        if problem is None:
            return refs
        failed[row_scope(address)] = problem
    reading.problems.update(failed)
    return ()


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


def _gather(world: World, run: Run, refs: Sequence[str]) -> None:
    """Add sightings to the list that makes them wanted; no target shows it."""
    known: Playlist | None = world.journal.row("playlists", FROM_NOTION)
    entries = tuple(dict.fromkeys((*(known.entries if known else ()), *refs)))
    event = PlaylistSeen(ref=FROM_NOTION, name=GATHERED_NAME, url="", entries=entries)
    if entries and (known is None or not shows_playlist(known, event)):
        run.append([observed(event, known.version if known else 0)], actor="engine")


def batch_scope(world: World, picked: Sequence[str], scope: PlanScope) -> PlanScope | None:
    """Give the part of the plan that concerns what was taken up; None when that is nothing."""
    sightings = world.journal.state(only=("sightings",)).sightings if picked else {}
    named = (sightings[key].recording_id if key in sightings else key for key in picked)
    recordings = tuple(dict.fromkeys(key for key in named if key))
    return replace(scope, recordings=recordings, limit=None) if recordings else None
