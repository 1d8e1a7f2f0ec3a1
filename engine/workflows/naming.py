"""Name: ask a site what stands at an address that a list gives without a name, before anything is made of it.

What it shows becomes a sighting of the same recording and names it, so that files and rows are called right when they
are made and not after the end of an address. Each address is asked once; a site that fails is left alone for the rest
of the run, and one line's failure keeps no other from its name (P11).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from msgspec import Struct

from engine.domain.envelope import Draft
from engine.domain.events import RecordingLinked, ScanCompleted, TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.recording_events import Evidence
from engine.projections.rows import Sighting
from engine.reconciler.batch import row_scope
from engine.reconciler.naming import nameless
from engine.reconciler.things import unnamed
from engine.workflows.address import track_at
from engine.workflows.listing import described, listed_track, source_of_address
from engine.workflows.observe_sources import heed_stop
from engine.workflows.run import Run
from engine.workflows.world import World

NAMED_MAX = 1_000
"""Addresses one run asks about: a request or two each, before downloads that cost more; the next run goes on."""
STAGE = "name"
RULE = "same_id"

_OF_THE_SITE = frozenset(
    {
        FailureClass.RATE_LIMITED,
        FailureClass.BOT_CHALLENGE,
        FailureClass.AUTH_EXPIRED,
        FailureClass.OVERLOADED,
        FailureClass.REMOTE_ERROR,
        FailureClass.TIMEOUT,
        FailureClass.NETWORK,
        FailureClass.EXTRACTOR_BROKEN,
        FailureClass.TOOL_MISSING,
    }
)
"""What the next line would meet there as well."""
_READS = ("sightings", "playlists", "recordings", "scopes")


class _Line(Struct, frozen=True, gc=False):
    """What is read of every sighting to find those that nothing names, which are few."""

    ref: str
    title: str
    artist: str | None
    url: str


def name(world: World, run: Run) -> dict[str, Problem]:
    """Ask for the names of what is listed without any; gives what went wrong, by scope."""
    wanted = _askable(world)
    if not wanted:
        return {}
    problems: dict[str, Problem] = {}
    failed: set[str] = set()
    # A site that fails is left alone: as nothing is recorded of its other lines, they are asked about again.
    answering = ((row, site) for row, site in wanted if site not in failed)
    with run.stage(STAGE, min(len(wanted), NAMED_MAX)):
        for row, site in islice(answering, NAMED_MAX):
            heed_stop(world)
            problem = _named(world, run, row)
            if problem is not None:
                problems[row_scope(row.url)] = problem
                failed |= {site} if problem.failure in _OF_THE_SITE else set()
            world.progress.advance(row.url)
    return problems


def _askable(world: World) -> tuple[tuple[Sighting, str], ...]:
    """Give the lines without a name that stand on somebody's site, with whose it is."""
    lines: Sequence[_Line] = world.journal.parts({"sightings": _Line}).rows["sightings"]
    if not any(map(unnamed, lines)):
        return ()
    rows = nameless(world.journal.state(only=_READS), world.clock.now_us())
    asked = ((row, source_of_address(world, row.url)) for row in rows)
    return tuple((row, source.name) for row, source in asked if not isinstance(source, Problem))


def _named(world: World, run: Run, row: Sighting) -> Problem | None:
    scope, shown = row_scope(row.url), track_at(world, row.url)
    if isinstance(shown, Problem):
        run.append([ScanCompleted(scope=scope, complete=False, count=0, set_hash="", problem=shown)])
        return shown
    known: Sighting | None = world.journal.row("sightings", shown.ref)
    seen = described(shown, known)
    ended = Draft(event=listed_track(scope, shown.ref))
    run.append([*([seen] if seen else []), *_linked(world, row, shown, known), ended])
    return None


def _linked(world: World, row: Sighting, shown: TrackSeen, known: Sighting | None) -> list[Draft]:
    """Say that what the site shows is what the line means, unless it is a recording of its own by now."""
    if row.recording_id is None or (known is not None and known.recording_id):
        return []
    evidence = (Evidence(feature="id", weight=1.0, detail=f"{row.url} leads there"),)
    link = RecordingLinked(
        recording_id=row.recording_id,
        ref=shown.ref,
        rule=RULE,
        evidence=evidence,
        beaten=(),
        policy_version=world.policy.matching.version,
    )
    return [Draft(event=link)]
