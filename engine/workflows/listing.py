"""Listing: read the playlists of sources, append what differs from what is known, describe what is new.

An incomplete listing proves presence, never absence; one that shrank beyond belief is held; a source's change token
spares the listing, never the description of what is still undescribed (design §3, §9; I23, I42, I50, P1, P9).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from engine.domain.canonical import digest
from engine.domain.crash import CrashPoint
from engine.domain.envelope import Draft, observed
from engine.domain.events import (
    PlaylistConfigured,
    PlaylistHeld,
    PlaylistSeen,
    ScanCompleted,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.redaction import public_address
from engine.domain.references import is_gathered
from engine.projections.observed import shows_playlist, shows_track
from engine.projections.rows import Playlist, Scope, Sighting
from engine.reconciler.access import may_open
from engine.reconciler.schedule import SECOND_US
from engine.source_ports import Describing, Known, Listing, Source, Unchanged, Undescribed
from engine.workflows.limits import blocked, heed_block
from engine.workflows.login import heed_login
from engine.workflows.run import Run
from engine.workflows.withheld import explained, learn, withheld
from engine.workflows.world import World

COLLAPSE_FLOOR = 5
"""Listings and scans of fewer things than this may lose any number without being doubted, but a listing not all."""
HELD_FOR_S = 86_400.0
DAYS = 7
DAY_US = 86_400 * SECOND_US
WEEKLY_GROUP = 50
"""Tracks of a playlist that share their day of the week: so many are one request, where requests are counted."""
DESCRIBE_PAGE = 50
"""Tracks described between two appends."""


def source_of_address(world: World, url: str) -> Source | Problem:
    """Give the source an address belongs to."""
    source = next((source for source in world.sources if source.recognises(url)), None)
    if source is not None:
        return source
    hint = "`sync follow --help` names the addresses that can be followed"
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"no source knows {public_address(url)}", hint=hint)


def observe_playlist(world: World, run: Run, url: str, *, accept_shrink: bool = False) -> Problem | None:
    """List one playlist and describe what is new in it; gives what went wrong, if anything did."""
    source = source_of_address(world, url)
    if isinstance(source, Problem):
        return unlisted(run, url, source)
    row = _row_of(world, url)
    known = _known(world, row)
    if withheld(world, source.name, url, row):
        return None  # it was said before
    answer = blocked(world, source.name) or explained(world, source.name, row, source.list_playlist(url, known))
    heed_block(world, source.name, answer.problem if isinstance(answer, Listing) else _problem(answer))
    heed_login(run, source.name, answer)
    said_before = learn(world, run, source.name, url, row, answer)
    if isinstance(answer, Problem):
        return None if said_before else unlisted(run, url, answer)
    if isinstance(answer, Unchanged) and known is not None:
        undescribed = _describe(world, run, source, known.ref, known.entries, None)
        world.reached(CrashPoint.BEFORE_SCAN_COMPLETED)
        _still(world, run, known)
        return undescribed
    if isinstance(answer, Unchanged):
        return unlisted(run, url, _baseless(answer.ref))
    return _observe_listing(world, run, source, url, answer, accept_shrink=accept_shrink)


def observe_track(world: World, run: Run, url: str, scope: str) -> str | Problem:
    """List the address of one track and describe it; gives its ref. No playlist comes of it.

    Records under the scope what was in the way; that it was listed is recorded by whoever makes something of it.
    """
    source = source_of_address(world, url)
    if isinstance(source, Problem):
        return _unread(run, scope, source)
    answer = blocked(world, source.name) or source.list_playlist(url)
    heed_block(world, source.name, answer.problem if isinstance(answer, Listing) else _problem(answer))
    if not isinstance(answer, Listing):
        return _unread(run, scope, _problem(answer) or _baseless(url))
    if len(answer.entries) != 1:
        detail = f"{public_address(url)} stands for {len(answer.entries)} tracks, not for one"
        hint = f"`sync follow {public_address(url)}` keeps all of them in step"
        return _unread(run, scope, Problem(failure=FailureClass.UNSUPPORTED, detail=detail, hint=hint))
    undescribed = _describe(world, run, source, answer.ref, answer.entries, answer)
    if undescribed is not None:
        return _unread(run, scope, undescribed)
    return answer.entries[0]


def listed_track(scope: str, ref: str) -> ScanCompleted:
    """Say that the address of one track was listed, and need not be again."""
    return ScanCompleted(scope=scope, complete=True, count=1, set_hash=digest([ref]))


def _problem(answer: Unchanged | Problem) -> Problem | None:
    return answer if isinstance(answer, Problem) else None


def _baseless(ref: str) -> Problem:
    detail = f"{ref} was called unchanged, and nothing is known of it"
    return Problem(failure=FailureClass.GARBAGE, detail=detail)


def _observe_listing(
    world: World, run: Run, source: Source, url: str, listing: Listing, *, accept_shrink: bool
) -> Problem | None:
    known: Playlist | None = world.journal.row("playlists", listing.ref)
    held = _collapsed(world, run, listing, known, accept_shrink=accept_shrink)
    problem = held or listing.problem
    event = _seen(listing, known)
    if known is None:
        differs = bool(event.entries) or not is_gathered(event.ref)  # that nothing is playing is no playlist
    else:
        differs = not shows_playlist(known, event) or known.held_hash is not None
    if held is None and differs:
        run.append([observed(event, known.version if known else 0)], actor=f"source:{source.name}")
    _remember_address(world, run, listing.ref, url)
    undescribed = _describe(world, run, source, listing.ref, listing.entries, listing)
    world.reached(CrashPoint.BEFORE_SCAN_COMPLETED)
    complete = listing.complete and problem is None
    run.append(
        [
            ScanCompleted(
                scope=listing.ref,
                complete=complete,
                count=len(listing.entries),
                set_hash=digest(listing.entries),
                watermark=listing.watermark,
                root_identity=listing.owner,
                problem=problem,
                declared=listing.declared_count,
            )
        ]
    )
    return problem or undescribed


def unlisted(run: Run, url: str, problem: Problem) -> Problem:
    """Record that an address could not be listed, and give why."""
    return _unread(run, scope_of_address(run.world, url), problem)


def _unread(run: Run, scope: str, problem: Problem) -> Problem:
    run.append([ScanCompleted(scope=scope, complete=False, count=0, set_hash="", problem=problem)])
    return problem


def scope_of_address(world: World, url: str) -> str:
    """Name the scope of an address: a playlist's ref, or the address itself while no playlist is known by it."""
    if is_gathered(url):
        return url  # known by it from the first, also while nothing was gathered
    row = _row_of(world, url)
    return row.ref if row else f"unlisted:{public_address(url)}"


class _Addressed(Struct, frozen=True, gc=False):
    """What is read of every playlist to find the one that an address means."""

    ref: str
    seen: bool
    url: str
    addresses: tuple[str, ...]


def _row_of(world: World, url: str) -> Playlist | None:
    public = public_address(url)
    every: Sequence[_Addressed] = world.journal.parts({"playlists": _Addressed}).rows["playlists"]
    meant = [row for row in every if public in (row.url, *row.addresses)]
    found = max(
        meant, key=lambda row: (row.seen, _last_read(world, row) if len(meant) > 1 else 0, row.ref), default=None
    )
    return world.journal.row("playlists", found.ref) if found else None


def _last_read(world: World, row: _Addressed) -> int:
    """Say when a playlist was last read whole: one address means another list when somebody else is logged in."""
    scope: Scope | None = world.journal.row("scopes", row.ref)
    return (scope.complete_seq or 0) if scope else 0


def _known(world: World, row: Playlist | None) -> Known | None:
    """Give what the last complete listing showed; nothing when what is known came otherwise, or was not believed.

    A failed attempt since then changes nothing of it; entries that a partial listing added do.
    """
    if row is None or not row.seen or row.held_hash is not None:
        return None
    scope: Scope | None = world.journal.row("scopes", row.ref)
    if scope is None or (scope.complete_seq or 0) < row.last_seq:
        return None
    return Known(ref=row.ref, entries=row.entries, watermark=scope.watermark, declared_count=row.declared_count)


def _still(world: World, run: Run, known: Known) -> None:
    """Record that a playlist is as it was, by its source's own word."""
    scope: Scope | None = world.journal.row("scopes", known.ref)
    run.append(
        [
            ScanCompleted(
                scope=known.ref,
                complete=True,
                count=len(known.entries),
                set_hash=digest(known.entries),
                watermark=known.watermark,
                root_identity=scope.root_identity if scope else None,
                declared=known.declared_count,
                unchanged=True,
            )
        ]
    )


def _remember_address(world: World, run: Run, ref: str, url: str) -> None:
    """Remember what a person typed to mean a playlist, so that it is known by both addresses."""
    row: Playlist | None = world.journal.row("playlists", ref)
    public = public_address(url)
    if row is None or public in (row.url, *row.addresses):
        return
    run.append([observed(PlaylistConfigured(ref=ref, url=public, active=True), row.version)], actor=world.actor)


def _seen(listing: Listing, known: Playlist | None) -> PlaylistSeen:
    entries = listing.entries
    if known is not None and (not listing.complete or is_gathered(listing.ref)):
        # What was not listed is not gone: keep the known order, add what is new.
        kept = set(known.entries)
        entries = (*known.entries, *(ref for ref in listing.entries if ref not in kept))
    return PlaylistSeen(
        ref=listing.ref,
        name=listing.name,
        url=public_address(listing.url),
        entries=entries,
        owner=listing.owner,
        declared_count=None if is_gathered(listing.ref) else listing.declared_count,
    )


def _collapsed(
    world: World, run: Run, listing: Listing, known: Playlist | None, *, accept_shrink: bool
) -> Problem | None:
    if known is None or not listing.complete or is_gathered(listing.ref):
        return None
    count, share = len(listing.entries), world.policy.collapse_fraction
    if accept_shrink and count >= share * (known.held_count or 0):  # a person vouches for what was told, not for less
        return None
    small = len(known.entries) < COLLAPSE_FLOOR and count > 0
    before = _owner_before(world, listing, known)
    if before is None and (small or count >= share * len(known.entries)):
        return None
    seen_hash = digest(listing.entries)
    if known.held_hash == seen_hash and known.held_us is not None:
        if world.clock.now_us() - known.held_us >= HELD_FOR_S * SECOND_US:
            return None
    else:
        held = PlaylistHeld(
            ref=listing.ref,
            entries_before=len(known.entries),
            entries_seen=count,
            set_hash=seen_hash,
        )
        run.append([observed(held, known.version)], actor=f"source:{listing.ref.partition(':')[0]}")
    shrank = f"shrank from {len(known.entries)} to {count} entries"
    if accept_shrink:
        shrank += f", not to the {known.held_count} it was vouched for"
    what = shrank if before is None else f"was {before}'s, is {listing.owner}'s now, and lacks entries"
    return Problem(
        failure=FailureClass.COLLAPSED,
        detail=f"“{known.name}” {what}; kept as it was",
        hint=f"if that is right, `sync reconcile --accept-shrink {listing.ref}`, or wait a day",
    )


def _owner_before(world: World, listing: Listing, known: Playlist) -> str | None:
    """Give whose list it was when last seen whole, where it is somebody else's now and lacks what it held.

    Another account's list under the same address proves nothing about this one's (design §9).
    """
    scope: Scope | None = world.journal.row("scopes", listing.ref)
    before = scope.root_identity if scope else None
    same = before is None or listing.owner in (None, before)
    return None if same or set(known.entries) <= set(listing.entries) else before


# --- tracks ---------------------------------------------------------------------------------------------------------


def _describe(
    world: World, run: Run, source: Source, playlist: str, entries: tuple[str, ...], listing: Listing | None
) -> Problem | None:
    """Describe what is new or stale among a playlist's entries; `listing` is what was just listed, if anything was."""
    refs = dict.fromkeys(entries)
    sightings: dict[str, Sighting | None] = {ref: world.journal.row("sightings", ref) for ref in refs}
    stale = _stale(world, source, playlist, sightings, listing)
    first: Problem | None = None
    page: list[Draft] = []
    for answer in source.describe(stale) if stale else ():
        draft = described(answer, sightings.get(answer.ref), world.access.tried(answer.ref))
        if isinstance(answer, Undescribed) and answer.availability is Availability.UNKNOWN:
            first = first or answer.problem
        if draft is not None:
            page.append(draft)
        if len(page) >= DESCRIBE_PAGE:
            run.append(page, actor=f"source:{source.name}")
            page = []
            world.reached(CrashPoint.BETWEEN_SCAN_PAGES)
            world.deadline.check(world.clock)
    run.append(page, actor=f"source:{source.name}")
    heed_block(world, source.name, first)
    return first


def _stale(
    world: World, source: Source, playlist: str, sightings: dict[str, Sighting | None], listing: Listing | None
) -> list[str]:
    always = source.describing is Describing.ALWAYS
    brought = source.describing is Describing.LISTED and listing is not None
    if always or brought:
        return list(sightings)
    said = listing.policies if listing else {}
    scope: Scope | None = world.journal.row("scopes", playlist)
    last_us, now_us = _looked_us(scope), world.clock.now_us()
    due = _due(sightings, playlist, last_us, now_us) if source.describing is Describing.WEEKLY else frozenset()
    return [
        ref
        for ref, row in sightings.items()
        if row is None
        or _undescribed(row)
        or (row.described and said.get(ref, row.policy) != row.policy)  # what is gone has its day of the week
        or ref in due
        or (bool(row.ways) and may_open(row, world.policy.ways))  # by a way that was not there when it was refused
    ]


def _looked_us(scope: Scope | None) -> int:
    """Say when a playlist's tracks had their look: at its last listing, whole or not, unless it failed since then."""
    if scope is None:
        return 0
    return scope.last_us if scope.set_hash else scope.complete_us or 0


def _undescribed(row: Sighting) -> bool:
    return not row.described and row.availability is Availability.UNKNOWN


def _due(refs: Collection[str], playlist: str, last_us: int, now_us: int) -> frozenset[str]:
    """Give the tracks whose weekly look is due: each group has its day, and the day's first run looks at it."""
    first_day, today = last_us // DAY_US + 1, now_us // DAY_US
    days = {day % DAYS for day in range(max(first_day, today - DAYS + 1), today + 1)}
    if not days:
        return frozenset()
    start, groups = int(digest(playlist)[:8], 16), -(-len(refs) // WEEKLY_GROUP)
    ordered = enumerate(sorted(refs, key=digest))
    return frozenset(ref for at, ref in ordered if (start + at // WEEKLY_GROUP * DAYS // groups) % DAYS in days)


def described(answer: TrackSeen | Undescribed, known: Sighting | None, ways: tuple[str, ...] = ()) -> Draft | None:
    """Give what an answer about a track adds to what is known, or nothing when it says the same again."""
    version = known.version if known else 0
    if isinstance(answer, TrackSeen):
        changed = known is None or not shows_track(known, answer)
        return observed(answer, version) if changed else None
    shown = known is not None and known.availability is answer.availability and known.listed is answer.availability
    if (shown and known is not None and known.ways == ways) or answer.availability is Availability.UNKNOWN:
        return None
    change = TrackAvailabilityChanged(
        ref=answer.ref,
        availability=answer.availability,
        failure=answer.problem.failure,
        detail=answer.problem.detail,
        http_status=answer.problem.http_status,
        listed=True,
        ways=ways,
    )
    return observed(change, version)
