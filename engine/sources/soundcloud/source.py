"""The source port for SoundCloud: one request per set, one per fifty tracks, every failure a value.

yt-dlp is imported when SoundCloud is first asked, not before. Downloads nothing and decides nothing about files.
One thread at a time asks, whoever calls.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.domain.references import native_id
from engine.source_ports import Access, Describing, Known, Listing, Unchanged, Undescribed
from engine.sources.soundcloud import addresses, listings, parse, userlists
from engine.sources.soundcloud.addresses import Numbered, OwnList, Page, ShortLink, UserList, UserSets
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.describing import Describer, hopeless, unproven
from engine.sources.soundcloud.memory import Memory
from engine.sources.soundcloud.records import items, unreadable
from engine.sources.soundcloud.sessions import Session
from engine.sources.soundcloud.ways import SOURCE, Told, Ways
from engine.workflows.access import DirectOnly


def _at_once(remote: str) -> None:
    """Wait for nothing."""


class SoundCloudSource:
    """SoundCloud, by whichever ways lead to it; ask `close` to let go of them.

    Args:
        access: the ways; only the plain one when none are given.
        pace: waits for a remote's place in its rate limit; called before every request.
    """

    def __init__(
        self, config: SoundCloudConfig, *, access: Access | None = None, pace: Callable[[str], None] = _at_once
    ) -> None:
        self._config = config
        self._lock = threading.RLock()
        self._memory = Memory()
        self._ways = Ways(config, access or DirectOnly(), pace)
        self._describer = Describer(self._ways, self._memory)

    @property
    def name(self) -> str:
        """The first part of every ref from here."""
        return SOURCE

    @property
    def describing(self) -> Describing:
        """When tracks are described again: requests are counted, so each on its day of the week."""
        return Describing.WEEKLY

    def recognises(self, url: str) -> bool:
        """Say whether an address is on SoundCloud, or one of the words for the person's own lists."""
        return addresses.is_soundcloud(url)

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the addresses of all of a user's sets or albums, the profile's list behind a word, or the address."""
        address = self._read(url)
        if isinstance(address, UserSets):
            return self._sets(address)
        if isinstance(addresses.read(url), OwnList):
            return (address.url,) if isinstance(address, UserList) else _unprofiled(url, self._config.profile)
        return (url,)

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        """Give the ordered listing of a set, of a user's likes, uploads or reposts, or of one track."""
        with self._lock:
            self._memory.fresh = {}
            return self._list(url, known)

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give the metadata of tracks, one answer per distinct ref, fifty to a request."""
        stopped: Problem | None = None
        with self._lock:
            batches = self._describer.batches(refs)
        for batch in batches:
            with self._lock:
                answers = [unproven(ref, stopped) for ref in batch] if stopped else self._describer.describe(batch)
            yield from answers
            stopped = stopped or next(filter(None, map(hopeless, answers)), None)

    def find(self, query: str, limit: int) -> tuple[TrackSeen, ...] | Problem:
        """Give what SoundCloud's search shows, best first, what is blocked, cut short or encrypted among it."""
        with self._lock:
            told = self._ways.ask(lambda session: _found(session, query, limit))
        return told.answer if isinstance(told.answer, Problem) else told.answer[:limit]

    def address_of(self, ref: str, url: str) -> str:
        """Give the address at which a track's audio can be asked for: its own, or a private one's secret link.

        What comes back is for the download alone: it must not be recorded or shown.
        """
        with self._lock:
            memory = self._memory
            if ref in memory.keys and ref not in memory.secret_links and ref not in memory.sought:
                memory.sought.add(ref)
                self._describer.ask([ref])
            return memory.secret_links.get(ref, url)

    def requests(self) -> Mapping[str, int]:
        """Give how many requests yt-dlp made for us, client id look-ups included."""
        return {SOURCE: self._ways.sent}

    def close(self) -> None:
        """Let go of the connections; the source can be asked again, and counts on."""
        with self._lock:
            self._ways.close()

    def _read(self, url: str) -> Page | Numbered | UserList | UserSets | ShortLink | Problem:
        """Give what an address asks for, the person's own lists among it."""
        address = addresses.read(url)
        if isinstance(address, OwnList):
            return addresses.own(address, self._config.profile) or _unprofiled(url, self._config.profile)
        return address or _unsupported(url)

    def _list(self, url: str, known: Known | None, *, follow: bool = True) -> Listing | Unchanged | Problem:
        address = self._read(url)
        match address:
            case Problem():
                return address
            case UserSets():
                return _unsupported(url)
            case ShortLink():
                return self._follow(address, known) if follow else _unsupported(url)
            case UserList():
                return self._told(lambda session: userlists.list_user(session, address, known, self._memory))
            case Page() | Numbered():
                return self._told(lambda session: self._set(session, address, known))
            case _:
                assert_never(address)

    def _sets(self, address: UserSets) -> tuple[str, ...] | Problem:
        def ask(session: Session) -> tuple[str, ...] | Problem:
            return userlists.list_sets(session, address.profile, address.which)

        with self._lock:
            return self._ways.ask(ask).answer

    def _follow(self, address: ShortLink, known: Known | None) -> Listing | Unchanged | Problem:
        target = self._ways.ask(lambda session: session.landing(address.url)).answer
        if isinstance(target, Problem):
            return target
        answer, leads_to = self._list(target, known, follow=False), addresses.read(target)
        if isinstance(answer, Listing) and isinstance(leads_to, (Page, Numbered)) and leads_to.token:
            return replace(answer, url=address.url)  # its page opens with the token only, which is written nowhere
        return answer

    def _told(self, ask: Callable[[Session], Listing | Unchanged | Problem]) -> Listing | Unchanged | Problem:
        told: Told[Listing | Unchanged] = self._ways.ask(ask, cut=_reason)
        self._memory.way = told.way
        return told.answer

    def _set(self, session: Session, address: Page | Numbered, known: Known | None) -> Listing | Unchanged | Problem:
        """List a set or a track, unless the api has a cheaper way to say that a set is as it was."""
        if known is not None and known.ref.startswith("soundcloud:set:") and address.token is None:
            head = session.head(native_id(known.ref))
            if isinstance(head, Problem) and head.failure is not FailureClass.GONE:
                return head
            if listings.still(head, known, address.url if isinstance(address, Page) else None):
                return Unchanged(ref=known.ref)
        return self._shown(_asked(session, address), address)

    def _shown(self, answer: object, address: Page | Numbered) -> Listing | Problem:
        listing = answer if isinstance(answer, Problem) else listings.listing(answer, url=address.url)
        if isinstance(listing, Problem) or not isinstance(answer, dict):
            return listing if isinstance(listing, Problem) else unreadable("answer to an address")
        single = listing.ref.startswith("soundcloud:single:")
        self._memory.keep([answer] if single else items(answer, "tracks"))
        if address.token and not single:
            key = {"playlistId": native_id(listing.ref), "playlistSecretToken": address.token}
            self._memory.keys.update(dict.fromkeys(listing.entries, key))
        return listing


def _asked(session: Session, address: Page | Numbered) -> object | Problem:
    if isinstance(address, Page):
        return session.resolve(address.url, address.token)
    return session.numbered(address.kind, address.number, address.token)


def _found(session: Session, query: str, limit: int) -> tuple[TrackSeen, ...] | Problem:
    answer = session.search(query, limit)
    if isinstance(answer, Problem):
        return answer
    seen = parse.tracks(answer)
    return unreadable("answer to a search") if seen is None else tuple(seen.values())


def _reason(listing: Listing | Unchanged) -> Problem | None:
    """Give why a listing is not a whole one, if something was in its way."""
    return listing.problem if isinstance(listing, Listing) else None


def _unsupported(url: str) -> Problem:
    return Problem(
        failure=FailureClass.UNSUPPORTED,
        detail=f"{public_address(url)} is no set, track or list of a user",
        hint="Give the address of a set, a track, a user, or a user's likes, tracks or reposts.",
    )


def _unprofiled(url: str, profile: str | None) -> Problem:
    said = "is not set" if profile is None else f"is {public_address(profile)}, which is no profile"
    hint = 'Set it to the address of your profile: soundcloud.profile = "https://soundcloud.com/YOUR-NAME".'
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{url} needs soundcloud.profile, which {said}", hint=hint)
