"""One track by its address: listed and described through the source that recognises it. Appends nothing."""

from __future__ import annotations

from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.source_ports import Listing, Source, Unchanged, Undescribed
from engine.workflows.limits import answered, heed_block
from engine.workflows.listing import source_of_address
from engine.workflows.world import World

ONE_TRACK = "give the address of one track"
SILENT = "its source says nothing of it"


def track_at(world: World, url: str) -> TrackSeen | Problem:
    """Give what a source shows of the one track behind an address."""
    source = source_of_address(world, url)
    if isinstance(source, Problem):
        return source
    shown = answered(world, source.name, lambda: _shown(source, url))
    if isinstance(shown, TrackSeen):
        return shown
    problem = shown.problem if isinstance(shown, Undescribed) else shown
    known = problem if isinstance(problem, Problem) else Problem(failure=FailureClass.GARBAGE, detail=SILENT)
    heed_block(world, source.name, known)
    return known


def _shown(source: Source, url: str) -> TrackSeen | Undescribed | Unchanged | Problem | None:
    answer = source.list_playlist(url)
    ref = _only_one(answer, url) if isinstance(answer, Listing) else answer
    return next(iter(source.describe((ref,))), None) if isinstance(ref, str) else ref


def _only_one(listing: Listing, url: str) -> str | Problem:
    entries = tuple(dict.fromkeys(listing.entries))
    if len(entries) == 1:
        return entries[0]
    detail = f"{public_address(url)} stands for {len(entries)} tracks, not for one"
    return listing.problem or Problem(failure=FailureClass.UNSUPPORTED, detail=detail, hint=ONE_TRACK)
