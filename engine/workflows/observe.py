"""Observe: read sources and targets, append what differs from what is known, and say how each scan ended.

An observation is appended only when its content differs from the last one; an incomplete scan proves presence,
never absence (design §3, §9; I23, I42, I50).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.domain.canonical import digest
from engine.domain.crash import CrashPoint
from engine.domain.envelope import Draft, observed
from engine.domain.events import (
    PlaylistConfigured,
    PlaylistHeld,
    PlaylistSeen,
    RemoteMissed,
    RenditionMissed,
    RenditionReturned,
    ScanCompleted,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.redaction import public_address
from engine.domain.references import remote_key
from engine.ports import Listing, ScanEnd, ScanPage, Source, Target, Undescribed
from engine.projections.observed import shows_playlist, shows_remote, shows_track
from engine.projections.rows import Playlist, Rendition, Scope, Sighting
from engine.projections.state import State
from engine.reconciler.schedule import SECOND_US
from engine.workflows.run import Run
from engine.workflows.world import World

COLLAPSE_FLOOR = 5
"""Listings and scans of fewer things than this may lose any number without being doubted."""
GONE_AFTER_S = 86_400.0
DAYS = 7
DAY_US = 86_400 * SECOND_US
DESCRIBE_PAGE = 50
"""Tracks described between two appends."""


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What a scan has shown so far."""

    seen: set[str] = field(default_factory=set)
    contents: list[str] = field(default_factory=list)

    def note(self, identity: str, content: str) -> None:
        self.seen.add(identity)
        self.contents.append(f"{identity}={content}")

    def set_hash(self) -> str:
        return digest(sorted(self.contents))


# --- sources ------------------------------------------------------------------------------------------------------


def observe_playlist(world: World, run: Run, url: str, *, accept_shrink: bool = False) -> Problem | None:
    """List one playlist and describe what is new in it; gives what went wrong, if anything did."""
    source = next((source for source in world.sources if source.recognises(url)), None)
    if source is None:
        hint = "give the address of a SoundCloud set, a folder, an M3U file or an audio file"
        return _unlisted(
            run,
            url,
            Problem(failure=FailureClass.UNSUPPORTED, detail=f"no source knows {public_address(url)}", hint=hint),
        )
    closed = blocked(world, source.name)
    if closed is None:
        world.clock.sleep(world.coordination.reserve(source.name))
    answer = closed or source.list_playlist(url)
    heed_block(world, source.name, answer if isinstance(answer, Problem) else answer.problem)
    if isinstance(answer, Problem):
        return _unlisted(run, url, answer)
    known: Playlist | None = world.journal.row("playlists", answer.ref)
    held = _collapsed(world, run, answer, known, accept_shrink=accept_shrink)
    problem = held or answer.problem
    event = _seen(answer, known)
    differs = known is None or not shows_playlist(known, event) or known.held_hash is not None
    if held is None and differs:
        run.append([observed(event, known.version if known else 0)], actor=f"source:{source.name}")
    _remember_address(world, run, answer.ref, url)
    undescribed = _describe(world, run, source, answer)
    world.reached(CrashPoint.BEFORE_SCAN_COMPLETED)
    _complete(run, answer.ref, _listing_end(answer, problem), len(answer.entries), digest(answer.entries))
    return problem or undescribed


def _remember_address(world: World, run: Run, ref: str, url: str) -> None:
    """Remember what a person typed to mean a playlist, so that it is known by both addresses."""
    row: Playlist | None = world.journal.row("playlists", ref)
    public = public_address(url)
    if row is None or public in (row.url, *row.addresses):
        return
    run.append([observed(PlaylistConfigured(ref=ref, url=public, active=True), row.version)], actor=world.actor)


def _listing_end(listing: Listing, problem: Problem | None) -> ScanEnd:
    return ScanEnd(
        complete=listing.complete and problem is None,
        root_identity=listing.owner,
        watermark=listing.watermark,
        problem=problem,
    )


def _unlisted(run: Run, url: str, problem: Problem) -> Problem:
    state = run.world.journal.state(only=("playlists",))
    public = public_address(url)
    rows = state.playlists.values()
    ref = next((row.ref for row in rows if public in (row.url, *row.addresses)), f"unlisted:{public}")
    _complete(run, ref, ScanEnd(complete=False, problem=problem), 0, "")
    return problem


def _seen(listing: Listing, known: Playlist | None) -> PlaylistSeen:
    entries = listing.entries
    if not listing.complete and known is not None:
        # What was not listed is not gone: keep the known order, add what is new.
        kept = set(known.entries)
        entries = (*known.entries, *(ref for ref in listing.entries if ref not in kept))
    return PlaylistSeen(
        ref=listing.ref,
        name=listing.name,
        url=public_address(listing.url),
        entries=entries,
        owner=listing.owner,
        declared_count=listing.declared_count,
    )


def _collapsed(
    world: World, run: Run, listing: Listing, known: Playlist | None, *, accept_shrink: bool
) -> Problem | None:
    if known is None or not listing.complete or accept_shrink or len(known.entries) < COLLAPSE_FLOOR:
        return None
    if len(listing.entries) >= world.policy.collapse_fraction * len(known.entries):
        return None
    seen_hash = digest(listing.entries)
    if known.held_hash == seen_hash and known.held_us is not None:
        if world.clock.now_us() - known.held_us >= GONE_AFTER_S * SECOND_US:
            return None
    else:
        held = PlaylistHeld(
            ref=listing.ref,
            entries_before=len(known.entries),
            entries_seen=len(listing.entries),
            set_hash=seen_hash,
        )
        run.append([observed(held, known.version)], actor=f"source:{listing.ref.partition(':')[0]}")
    return Problem(
        failure=FailureClass.COLLAPSED,
        detail=f"“{known.name}” shrank from {len(known.entries)} to {len(listing.entries)} entries; kept as it was",
        hint=f"if that is right, `sync reconcile --accept-shrink {listing.ref}`, or wait a day",
    )


def _describe(world: World, run: Run, source: Source, listing: Listing) -> Problem | None:
    refs = dict.fromkeys(listing.entries)
    sightings: dict[str, Sighting | None] = {ref: world.journal.row("sightings", ref) for ref in refs}
    scope: Scope | None = world.journal.row("scopes", listing.ref)
    last_us = scope.complete_us or 0 if scope else 0
    now_us = world.clock.now_us()
    stale = [ref for ref, row in sightings.items() if source.cheap or _undescribed(row) or _due(ref, last_us, now_us)]
    first: Problem | None = None
    page: list[Draft] = []
    for answer in source.describe(stale) if stale else ():
        draft = _described(answer, sightings.get(answer.ref))
        if isinstance(answer, Undescribed) and answer.availability is Availability.UNKNOWN:
            first = first or answer.problem
        if draft is not None:
            page.append(draft)
        if len(page) >= DESCRIBE_PAGE:
            run.append(page, actor=f"source:{source.name}")
            page = []
            world.reached(CrashPoint.BETWEEN_SCAN_PAGES)
    run.append(page, actor=f"source:{source.name}")
    return first


def _undescribed(row: Sighting | None) -> bool:
    return row is None or (not row.described and row.availability is Availability.UNKNOWN)


def _due(ref: str, last_us: int, now_us: int) -> bool:
    """Whether a track's weekly look is due: every ref has its day, and the day's first run looks at it."""
    first_day, today = last_us // DAY_US + 1, now_us // DAY_US
    own_day = int(digest(ref)[:8], 16) % DAYS
    return any(day % DAYS == own_day for day in range(max(first_day, today - DAYS + 1), today + 1))


def _described(answer: TrackSeen | Undescribed, known: Sighting | None) -> Draft | None:
    version = known.version if known else 0
    if isinstance(answer, TrackSeen):
        changed = known is None or not shows_track(known, answer)
        return observed(answer, version) if changed else None
    shown = known is not None and known.availability is answer.availability and known.listed is answer.availability
    if shown or answer.availability is Availability.UNKNOWN:
        return None
    change = TrackAvailabilityChanged(
        ref=answer.ref,
        availability=answer.availability,
        failure=answer.problem.failure,
        detail=answer.problem.detail,
        http_status=answer.problem.http_status,
        listed=True,
    )
    return observed(change, version)


# --- limits -------------------------------------------------------------------------------------------------------


def blocked(world: World, remote: str) -> Problem | None:
    """Give why a remote is not asked now, when it told somebody to wait longer than a run waits."""
    wait_s = (world.coordination.blocked_until_us(remote) - world.clock.now_us()) / SECOND_US
    if wait_s <= world.wait_s_max:
        return None
    detail = f"{remote} asked us to wait another {wait_s:.0f} s"
    hint = "run it again then; nothing is lost"
    return Problem(failure=FailureClass.RATE_LIMITED, detail=detail, hint=hint, retry_after_s=wait_s)


def heed_block(world: World, remote: str, problem: Problem | None) -> None:
    """Let a remote's "not before" hold for every process."""
    if problem is None or not problem.retry_after_s:
        return
    if problem.failure in (FailureClass.RATE_LIMITED, FailureClass.OVERLOADED):
        world.coordination.block(remote, world.clock.now_us() + int(problem.retry_after_s * SECOND_US))


# --- targets ------------------------------------------------------------------------------------------------------


def known_to_targets(world: World) -> State:
    """Give what scans are compared with; good for one pass, in which each kind is scanned once."""
    return world.journal.state(only=("remotes", "renditions", "scopes", "objects"))


def observe_target(
    world: World, run: Run, target: Target, kind: str, known: State, *, accept_shrink: bool = False
) -> Problem | None:
    """Scan one kind of object of one target; gives what went wrong, if anything did.

    Args:
        world: the ports.
        run: the run that observes.
        target: whom to ask.
        kind: what to ask for.
        known: what was known before this pass, by `known_to_targets`.
        accept_shrink: whether a person vouched for a collapse.
    """
    scope = f"{target.name}:{kind}"
    closed = blocked(world, target.name)
    if closed is not None:
        _complete(run, scope, ScanEnd(complete=False, problem=closed), 0, "")
        return closed
    tally = _Tally()
    end = ScanEnd(complete=False, problem=Problem(failure=FailureClass.UNEXPECTED, detail="the scan never ended"))
    for page in target.scan(kind, known):
        if isinstance(page, ScanEnd):
            end = page
            break
        run.append(_differences(page, known, tally), actor=f"target:{target.name}")
        world.reached(CrashPoint.BETWEEN_SCAN_PAGES)
    heed_block(world, target.name, end.problem)
    end = _doubted(scope, end, known, tally, world, accept_shrink=accept_shrink)
    if end.complete:
        run.append(_absences(world, target.name, kind, known, tally), actor=f"target:{target.name}")
    world.reached(CrashPoint.BEFORE_SCAN_COMPLETED)
    _complete(run, scope, end, len(tally.seen), tally.set_hash())
    return end.problem


def _differences(page: ScanPage, known: State, tally: _Tally) -> list[Draft]:
    drafts = []
    for seen in page.seen:
        row = known.remotes.get(remote_key(seen.target, seen.remote_id))
        content = digest([seen.kind, seen.key, seen.fields, seen.live])
        tally.note(seen.remote_id, content)
        if row is None or row.misses or not shows_remote(row, seen):
            drafts.append(observed(seen, row.version if row else 0))
    for returned in page.returned:
        rendition = known.renditions.get(returned.rendition_id)
        tally.note(returned.rendition_id, returned.file_sha256)
        if rendition is not None and _moved(rendition, returned):
            drafts.append(observed(returned, rendition.version))
    return drafts


def _moved(row: Rendition, returned: RenditionReturned) -> bool:
    held = (row.present, row.path, row.size_bytes, row.mtime_ns, row.file_sha256)
    return held != (True, returned.path, returned.size_bytes, returned.mtime_ns, returned.file_sha256)


def _doubted(scope: str, end: ScanEnd, known: State, tally: _Tally, world: World, *, accept_shrink: bool) -> ScanEnd:
    """Take a scan's word, unless it speaks of another root or lost too much at once."""
    if not end.complete:
        return end
    before: Scope | None = known.scopes.get(scope)
    if before and before.root_identity and end.root_identity and before.root_identity != end.root_identity:
        detail = f"{scope} is another place now ({end.root_identity}, was {before.root_identity})"
        hint = "point the settings back at the one this journal belongs to, or start a new journal for the new one"
        problem = Problem(failure=FailureClass.WRONG_LIBRARY, detail=detail, hint=hint)
        return ScanEnd(complete=False, root_identity=end.root_identity, problem=problem)
    expected = _expected(scope, known)
    shrunk = len(expected & tally.seen) < world.policy.collapse_fraction * len(expected)
    if len(expected) >= COLLAPSE_FLOOR and shrunk and not accept_shrink:
        detail = f"{scope} showed {len(expected & tally.seen)} of {len(expected)} known objects; not believed"
        hint = f"if that is right, `sync reconcile --accept-shrink {scope}`"
        problem = Problem(failure=FailureClass.COLLAPSED, detail=detail, hint=hint)
        return ScanEnd(complete=False, root_identity=end.root_identity, problem=problem)
    return end


def _expected(scope: str, known: State) -> set[str]:
    if scope == "library:audio":
        return {row.rendition_id for row in known.renditions.values() if row.present}
    return {row.remote_id for row in known.remotes.values() if f"{row.target}:{row.kind}" == scope and row.standing}


def _absences(world: World, target: str, kind: str, known: State, tally: _Tally) -> list[Draft]:
    now_us = world.clock.now_us()
    if (target, kind) == ("library", "audio"):
        return [
            observed(RenditionMissed(rendition_id=row.rendition_id, path=row.path), row.version)
            for _, row in sorted(known.renditions.items())
            if row.rendition_id not in tally.seen and _counts(row.misses, row.missed_us, now_us)
        ]
    return [
        observed(RemoteMissed(target=target, remote_id=row.remote_id), row.version)
        for _, row in sorted(known.remotes.items())
        if (row.target, row.kind) == (target, kind)
        and row.live
        and row.remote_id not in tally.seen
        and _counts(row.misses, row.missed_us, now_us)
    ]


def _counts(misses: int, missed_us: int | None, now_us: int) -> bool:
    """Whether another miss says something new: the first does, and one a day later, which makes it gone."""
    if misses == 0 or missed_us is None:
        return True
    return misses == 1 and now_us - missed_us >= GONE_AFTER_S * SECOND_US


def _complete(run: Run, scope: str, end: ScanEnd, count: int, set_hash: str) -> None:
    event = ScanCompleted(
        scope=scope,
        complete=end.complete,
        count=count,
        set_hash=set_hash,
        watermark=end.watermark,
        root_identity=end.root_identity,
        supported=end.supported,
        problem=end.problem,
    )
    run.append([event])
