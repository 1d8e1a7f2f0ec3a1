"""A better file for a recording that has one (I56, F21, P20): made aside, compared, then put under the same stem.

The file that is there stays until a verified one of better or equal quality stands ready, and then goes to the trash.
Killed anywhere and sent again, it ends the same; a file that is worse changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.domain.crash import CrashPoint, Reached
from engine.domain.events import RenditionVerified
from engine.domain.failure import FailureClass, Problem
from engine.domain.names import folded, marked
from engine.domain.outcomes import Absent, Done, Outcome, Present, Probe, Refused
from engine.domain.quality import better, quality
from engine.domain.recording_events import Audio
from engine.ports import MediaTools, StagedFile
from engine.targets.library.fetch import ORIGINAL, Fetch, fact_of, order_of, outcome_of, placed, put, seen_of
from engine.targets.library.placing import spelling
from engine.targets.library.root import LibraryConfig
from engine.targets.library.swapping import PLAN_AGAIN_HINT, Outgoing, swap

Places = Mapping[str, Outgoing]
"""The files that are replaced, by profile."""


def places_of(fetch: Fetch, outgoing: Sequence[Outgoing]) -> Places | Problem:
    """Give the files to replace by profile, or why they do not fit the fetch."""
    places = {each.profile: each for each in outgoing if each.profile is not None}
    if len(places) == len(outgoing) and set(places) <= set(fetch.order.profiles):
        return {profile: places[profile] for profile in fetch.order.profiles if profile in places}
    detail = f"what is replaced was not made as {', '.join(fetch.order.profiles)}"
    return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=PLAN_AGAIN_HINT)


def probe_replacement(fetch: Fetch, places: Places, media: MediaTools) -> Probe:
    """Say whether every file is there in its new form and every old one is in the trash."""
    found = _found(fetch, places, media)
    left = [each for each in places.values() if each.standing is not None]
    if left or set(found) != set(fetch.order.profiles):
        return Absent()
    facts = tuple(found[profile] for profile in fetch.order.profiles)
    return Present(seen=seen_of(fetch, facts), facts=facts)


def send_replacement(
    config: LibraryConfig, fetch: Fetch, places: Places, media: MediaTools, staging: Path, reached: Reached
) -> Outcome:
    """Make what is missing, compare it with what it replaces, and put it in its place; all of it or nothing."""
    found = _found(fetch, places, media)
    missing = tuple(profile for profile in fetch.order.profiles if profile not in found)
    made = media.acquire(order_of(fetch, found, missing), staging) if missing else ()
    if isinstance(made, Problem):
        return outcome_of(made)
    reached(CrashPoint.DURING_SEND)
    candidates = {profile: (fact.audio, fact.size_bytes, fact.file_sha256) for profile, fact in found.items()}
    candidates |= {file.profile: (file.audio, file.size_bytes, file.file_sha256) for file in made}
    for profile, outgoing in places.items():
        problem = _worse(fetch, outgoing, *candidates[profile], media)
        if problem is not None:
            return outcome_of(problem)
    for file in sorted(made, key=lambda each: each.profile != ORIGINAL):
        real = _put(config, fetch, file, places.get(file.profile), found, reached)
        if real is None:
            return Refused(problem=_moved_on(places[file.profile].path))
        reached(CrashPoint.AFTER_FILE_MOVED)
        found[file.profile] = fact_of(fetch, file.profile, real, file.file_sha256, file.audio)
    for profile, outgoing in places.items():
        outgoing.leave(config.trash, successor=fetch.root / found[profile].path)
    facts = tuple(found[profile] for profile in fetch.order.profiles)
    held = seen_of(fetch, facts).fields
    return Done(remote_id=fetch.action.key, held=held, facts=facts, evidence="of equal quality or better, and placed")


def _found(fetch: Fetch, places: Places, media: MediaTools) -> dict[str, RenditionVerified]:
    """Find the files that are there in the form that is wanted, beside what they replace or where a fetch puts them."""
    plain = frozenset(fetch.order.profiles) - set(places)
    found = placed(fetch, media, plain)
    for profile, outgoing in places.items():
        beside = _beside(fetch, outgoing)
        stems = frozenset({folded(beside.stem.name), folded(marked(beside.stem.name, fetch.order.recording_id))})
        found |= placed(beside, media, frozenset({profile}), stems=stems, but_not=outgoing.hashes)
    return found


def _beside(fetch: Fetch, outgoing: Outgoing) -> Fetch:
    """Give the fetch as if it were for the very place of the file it replaces."""
    spot = fetch.root / outgoing.path
    return replace(fetch, stem=spot.parent / spot.stem)


def _worse(
    fetch: Fetch, outgoing: Outgoing, audio: Audio, size_bytes: int, sha256: str, media: MediaTools
) -> Problem | None:
    """Give why a file does not take the place of the one that stands, or nothing when it may."""
    if outgoing.standing is None:
        return None
    if sha256 in outgoing.hashes:
        detail = f"{outgoing.path} stays: what was fetched is the very same file"
        hint = "nothing was changed; take another source, or none: `sync upgrades`"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
    there = media.inspect(outgoing.standing)
    if isinstance(there, Problem):  # whatever decodes to its end is better than what does not
        return None if there.failure is FailureClass.VERIFY_FAILED else there
    told = ORIGINAL in (outgoing.profile, *fetch.order.profiles)
    if there.lossy_origin and audio.lossy_origin and not told:
        detail = f"{outgoing.path} stays: neither file tells how good what it was made from was"
        hint = "fetch the original too, so that the originals can be compared"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
    expected_ms = fetch.order.expected_duration_ms
    held = quality(there, outgoing.standing.stat().st_size, expected_ms=expected_ms)
    reason = better(held, quality(audio, size_bytes, expected_ms=expected_ms))
    if reason is None:
        return None
    detail = f"{outgoing.path} stays, it is better than what was fetched: {reason}"
    hint = "nothing was changed; take another source, or none: `sync upgrades`"
    return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)


def _put(
    config: LibraryConfig,
    fetch: Fetch,
    file: StagedFile,
    outgoing: Outgoing | None,
    found: Mapping[str, RenditionVerified],
    reached: Reached,
) -> Path | None:
    if outgoing is None or outgoing.standing is None:
        return put(_beside(fetch, outgoing) if outgoing else fetch, file, found)
    standing = outgoing.standing
    target = standing.with_suffix(file.path.suffix)
    if spelling(standing.parent, target.name) == standing.name:
        target = standing
    elif spelling(standing.parent, target.name) is not None:  # somebody else's
        target = standing.with_name(_beside(fetch, outgoing).name(file.profile, file.path.suffix, 1, frozenset()))
    return target if swap(config.trash, file.path, target, outgoing, reached) else None


def _moved_on(path: str) -> Problem:
    detail = f"{path} stays: it changed while its replacement was made, or its name was taken"
    return Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=PLAN_AGAIN_HINT)
