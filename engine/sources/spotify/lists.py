"""Reads whole lists, page by page, and says what was complete: playlists, liked songs, albums, single tracks.

A list that changed while it was read is incomplete; a track Spotify has taken away is a place that is counted and
has no entry. Imported late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.domain.canonical import short_id
from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.ports import Clock
from engine.source_ports import Known, Listing, Unchanged, Undescribed
from engine.sources.spotify import addresses, parse, problems
from engine.sources.spotify.addresses import Thing
from engine.sources.spotify.client import PAGE, Json, SpotifyClient
from engine.sources.spotify.library import Library
from engine.sources.spotify.parse import Entry, Head, Page

PAGES_MAX = 2_000
"""100,000 entries, ten times what Spotify allows in one playlist."""

_IN_DOUBT = "?"
_WITHHELD = (FailureClass.NOT_ALLOWED, FailureClass.NOT_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The pages of a list, put together."""

    entries: tuple[Entry, ...]
    total: int
    complete: bool
    problem: Problem | None = None

    @property
    def refs(self) -> tuple[str, ...]:
        """What stands at each place that still has something.

        A place without anything is left out and the list is no less complete for it: Spotify said of every place
        what is there.
        """
        return tuple(entry.ref for entry in self.entries if entry.ref is not None)


class Lists:
    """Every list of one account, and the metadata that came with them.

    Attributes:
        shown: ref → what a listing showed of it, so that nobody asks for it again.
        told: refs that the caller named itself and the last listing did not show again.
    """

    def __init__(self, client: SpotifyClient, clock: Clock) -> None:
        self.library = Library(client, clock)
        self.shown: dict[str, TrackSeen | Undescribed] = {}
        self.told: frozenset[str] = frozenset()
        self._client = client
        self._older = False  # whether this app is one for which the older addresses still hold

    def playlist(self, identity: str, known: Known | None) -> Listing | Unchanged | Problem:
        """Give a playlist, by its change token alone where that says enough."""
        head = self.library.head(identity)
        if isinstance(head, Problem):
            return head
        token = _token(head)
        if known is not None and token is not None and (known.ref, known.watermark) == (head.ref, token):
            return Unchanged(ref=head.ref)
        account = self._client.account()
        if isinstance(account, Problem):
            return account
        found = self._entries(head, readable=head.readable_by(account))
        if isinstance(found, Problem):
            withheld = found.failure in _WITHHELD
            return problems.not_allowed(f"“{head.name}”", found.http_status) if withheld else found
        complete = found.complete and self._still(head, found)
        return self._listing(head, found, _believed(token, found.refs, known) if complete else None, complete=complete)

    def liked(self, known: Known | None) -> Listing | Unchanged | Problem:
        """Give the liked songs, the latest first; their first page says what changed since."""
        first = _page(self._client.saved(0))
        if isinstance(first, Problem):
            return first
        account = self._client.account()  # asked for after the page: a login may have been made in between
        if isinstance(account, Problem):
            return account
        ref, token = f"spotify:liked:{account}", _liked_token(first)
        known = known if known is not None and known.ref == ref and known.watermark is not None else None
        if known is not None and known.watermark == token:
            return Unchanged(ref=ref)
        entries = _grown(first, known) if known else None
        problem, complete, total = None, True, first.total
        if entries is not None and known is not None:
            self._show(first.entries)
            self.told = frozenset(known.entries) - self.shown.keys()
        else:
            found = gather(lambda offset: _page(self._client.saved(offset)), first)
            if self._client.account() != account:
                return problems.changed_hands()
            self._show(found.entries)
            entries, problem, total = found.refs, found.problem, found.total
            complete = found.complete and len(set(entries)) == len(entries)  # nobody likes a song twice: it moved
        return Listing(
            ref=ref,
            name="Liked Songs",
            url=addresses.LIKED,
            entries=entries,
            complete=complete,
            owner=account,
            declared_count=total,
            watermark=token if complete else None,
            problem=problem,
        )

    def album(self, identity: str) -> Listing | Problem:
        """Give an album's tracks."""
        album = self._client.album(identity)
        if isinstance(album, Problem):
            return album
        first = parse.album_page(album.get("tracks"), album)
        if first is None:
            return problems.garbage()

        def ask(offset: int) -> Page | Problem:
            answer = self._client.album_tracks(identity, offset)
            return answer if isinstance(answer, Problem) else parse.album_page(answer, album) or problems.garbage()

        found = gather(ask, first)
        self._show(found.entries)
        head = parse.head(album)
        return Listing(
            ref=f"spotify:album:{identity}",
            name=head.name if head else identity,
            url=addresses.address("album", identity),
            entries=found.refs,
            complete=found.complete,
            declared_count=found.total,
            problem=found.problem,
        )

    def single(self, thing: Thing) -> Listing | Problem:
        """Give one track or episode as a list of its own."""
        ref = f"spotify:{thing.kind}:{thing.id}"
        found = self.look_up(ref)
        if isinstance(found, Undescribed):
            return found.problem
        self.shown[ref] = found
        return Listing(
            ref=f"spotify:single:{thing.id}",
            name=found.title,
            url=addresses.address(thing.kind, thing.id),
            entries=(ref,),
            complete=True,
            declared_count=1,
        )

    def look_up(self, ref: str) -> TrackSeen | Undescribed:
        """Give one track's metadata by a request of its own."""
        kind, _, identity = ref.removeprefix("spotify:").partition(":")
        if kind not in ("track", "episode"):
            return _unknowable(ref)
        answer = self._client.track(identity) if kind == "track" else self._client.episode(identity)
        if isinstance(answer, Problem):
            gone = answer.failure is FailureClass.NOT_FOUND
            return _gone(ref, answer.http_status) if gone else _undescribed(ref, answer)
        seen = parse.piece(answer).seen
        return seen if seen is not None and seen.ref == ref else _undescribed(ref, problems.garbage())

    def _entries(self, head: Head, *, readable: bool) -> Gathered | Problem:
        """Read a playlist's entries where they are now, or where they were until February 2026."""
        places = [self._client.older_items, self._client.items] if self._older else [self._client.items]
        if readable and not self._older:
            places.append(self._client.older_items)
        problem = problems.garbage()
        for place in places:
            first = _page(place(head.id, 0))
            if not isinstance(first, Problem):
                self._older = place == self._client.older_items
                return gather(lambda offset, place=place: _page(place(head.id, offset)), first)  # type: ignore[misc]  # `place` is the one that answered
            problem = first
            if problem.failure not in _WITHHELD:
                break
        return problem

    def _still(self, head: Head, found: Gathered) -> bool:
        """Whether a playlist that took several pages is what it was when the first was asked for."""
        if len(found.entries) <= PAGE:
            return True
        now = self.library.asked(head.id)
        return isinstance(now, Head) and now.snapshot == head.snapshot

    def _listing(self, head: Head, found: Gathered, watermark: str | None, *, complete: bool) -> Listing:
        self._show(found.entries)
        return Listing(
            ref=head.ref,
            name=head.name,
            url=head.url,
            entries=found.refs,
            complete=complete,
            owner=head.owner,
            declared_count=found.total,
            watermark=watermark,
            problem=found.problem,
        )

    def _show(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.ref is not None:
                self.shown[entry.ref] = entry.seen or _gone(entry.ref, None)


def gather(ask: Callable[[int], Page | Problem], first: Page) -> Gathered:
    """Read a list to its end; what is in the way, or changes on the way, makes it incomplete."""
    entries = list(first.entries)
    for _ in range(PAGES_MAX):
        if len(entries) >= first.total:
            break
        page = ask(len(entries))
        if isinstance(page, Problem):
            return Gathered(entries=tuple(entries), total=first.total, complete=False, problem=page)
        if page.total != first.total or not page.entries:
            break
        entries += page.entries
    return Gathered(entries=tuple(entries), total=first.total, complete=len(entries) == first.total)


def _page(answer: Json | Problem) -> Page | Problem:
    return answer if isinstance(answer, Problem) else parse.page(answer) or problems.garbage()


def _token(head: Head) -> str | None:
    """Give a playlist's change token: Spotify's own does not promise to change with the name."""
    return None if head.snapshot is None else f"{head.snapshot} {short_id('name', head.name)}"


def _believed(token: str | None, refs: tuple[str, ...], known: Known | None) -> str | None:
    """Give the token to remember: one that promises a change which the entries do not show is looked at once more.

    Spotify shows a playlist's new token while it still gives the entries before the change; believed at once, that
    change would be missed until the next one.
    """
    if token is None or known is None or known.watermark is None or known.entries != refs:
        return token
    renamed = token.rpartition(" ")[2] not in known.watermark.split(" ")
    return token if renamed or known.watermark.startswith(f"{token} ") else f"{token} {_IN_DOUBT}"


def _liked_token(first: Page) -> str:
    """Give the liked songs' change token: how many there are, and which the latest are and since when."""
    return short_id("liked", str(first.total), *(f"{entry.ref} {entry.added_at}" for entry in first.entries))


def _grown(first: Page, known: Known) -> tuple[str, ...] | None:
    """Give the liked songs when nothing happened to them but a few new ones, which the first page alone shows.

    As many as the whole grew by must stand before those that were the latest; anything else is read anew.
    """
    if known.declared_count != len(known.entries):
        return None
    refs = [entry.ref for entry in first.entries if entry.ref is not None]
    fresh = first.total - len(known.entries)
    rest = tuple(refs[fresh:])
    if len(refs) != len(first.entries) or not 0 < fresh < len(refs) or rest != known.entries[: len(rest)]:
        return None
    return (*refs[:fresh], *known.entries)


def _gone(ref: str, status: int | None) -> Undescribed:
    detail = "Spotify does not have it any more"
    hint = "what is had of it stays; it is looked for by its name where audio is"
    problem = Problem(failure=FailureClass.GONE, detail=detail, hint=hint, http_status=status)
    return Undescribed(ref=ref, availability=Availability.GONE, problem=problem)


def _undescribed(ref: str, problem: Problem) -> Undescribed:
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def _unknowable(ref: str) -> Undescribed:
    """Say of a local file, which only its playlist describes, what is known of it all the same."""
    detail = "a file of somebody's own machine; its playlist says what it is when it is next read"
    hint = "follow the folder it lies in, and the file itself is used"
    problem = Problem(failure=FailureClass.NO_AUDIO_SOURCE, detail=detail, hint=hint)
    return Undescribed(ref=ref, availability=Availability.METADATA_ONLY, problem=problem)
