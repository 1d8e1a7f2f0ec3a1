"""The source port and the finder port for YouTube and YouTube Music: lists read flat, every failure a value.

yt-dlp is imported when YouTube is first asked, not before. Downloads nothing; one thread at a time asks. What a
video's own page said of its music outlives what a list says of it, which is less.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace as with_changes
from typing import Any, Protocol, TypeVar, assert_never

from msgspec.structs import replace

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem, availability_after
from engine.domain.redaction import public_address
from engine.domain.references import native_id
from engine.domain.remote_words import COOKIES_HINT
from engine.projections.rows import Sighting
from engine.source_ports import Access, Describing, Known, Listing, Unchanged, Undescribed, Way
from engine.sources.youtube import addresses, parse
from engine.sources.youtube.addresses import Album, PlaylistPage, Uploads, Video
from engine.sources.youtube.config import YouTubeConfig
from engine.workflows.access import through

HOST = "www.youtube.com"
FOUND_MAX = 50
"""Results of one search; further down stands what nobody meant."""

_TRACK = "youtube:track:"
_LIST = "youtube:playlist:"
_HOPELESS = frozenset(
    {
        FailureClass.RATE_LIMITED,
        FailureClass.BOT_CHALLENGE,
        FailureClass.AUTH_EXPIRED,
        FailureClass.NETWORK,
        FailureClass.TIMEOUT,
        FailureClass.TOOL_MISSING,
        FailureClass.EXTRACTOR_BROKEN,
    }
)
"""Failures that the next request would meet as well: nothing more is asked in the same description."""

_Answer = TypeVar("_Answer")


class Asking(Protocol):
    """One open way to ask YouTube: what yt-dlp's edge does."""

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        ...

    def playlist(self, url: str) -> tuple[dict[str, Any], tuple[object, ...], Problem | None] | Problem:
        """Give a list: its head, its entries as far as they came, and why they did not all come."""
        ...

    def video(self, url: str) -> dict[str, Any] | Problem:
        """Give what a video's own page says."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


Remembered = Callable[[str], Sighting | None]
"""Gives what the journal knows of a ref."""
OpenSession = Callable[[YouTubeConfig, Way, Callable[[str], None]], Asking]
"""Opens a session by one way."""


def open_session(config: YouTubeConfig, way: Way, pace: Callable[[str], None]) -> Asking:
    """Give a session with yt-dlp."""
    from engine.sources.youtube.session import Session  # noqa: PLC0415 - yt-dlp takes long to import

    return Session(config, way, pace)


def nothing_known(ref: str) -> Sighting | None:
    """Know nothing of a ref: what stands in where no journal is given."""
    del ref
    return None


class YouTubeSource:
    """YouTube, by the ways of the settings; ask `close` to let go of it."""

    def __init__(
        self,
        config: YouTubeConfig,
        *,
        access: Access,
        pace: Callable[[str], None],
        remembered: Remembered = nothing_known,
        opening: OpenSession = open_session,
    ) -> None:
        self._config = config
        self._access = access
        self._pace = pace
        self._remembered = remembered
        self._opening = opening
        self._lock = threading.RLock()
        self._sessions: dict[str, Asking] = {}
        self._listed: dict[str, TrackSeen | Undescribed] = {}

    @property
    def name(self) -> str:
        """The first part of every ref from here."""
        return "youtube"

    @property
    def describing(self) -> Describing:
        """When tracks are described again: a listing brings their metadata along."""
        return Describing.LISTED

    def recognises(self, url: str) -> bool:
        """Say whether an address is on YouTube."""
        return addresses.is_youtube(url)

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the address itself: every one here is one list."""
        return (url,)

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        """Give the ordered listing of a playlist, of a channel's uploads, of an account's likes, or of one video.

        YouTube has no change token; what is known only spares the question which list a name stands for.
        """
        address = addresses.read(url)
        with self._lock:
            match address:
                case None:
                    return _unsupported(url)
                case Video():
                    return self._list_video(address)
                case PlaylistPage():
                    return self._list_page(address)
                case Uploads() | Album():
                    return self._list_named(address, known)
                case _:
                    assert_never(address)

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give the metadata of videos, one per distinct ref: of what was listed from memory, else from their pages."""
        stopped: Problem | None = None
        for ref in dict.fromkeys(refs):
            with self._lock:
                answer = self._listed.get(ref) or (_unproven(ref, stopped) if stopped else self._look(ref))
            yield self._enriched(answer)
            if isinstance(answer, Undescribed) and answer.problem.failure in _HOPELESS:
                stopped = answer.problem

    def find(self, query: str, limit: int) -> tuple[TrackSeen, ...] | Problem:
        """Give what a search shows, best first, at most `limit`; what cannot be had now is left out."""
        count = min(limit, FOUND_MAX)
        asked = " ".join(query.split())
        if not asked or count < 1:
            return ()
        with self._lock:
            answer = self._ask(lambda session: session.playlist(f"ytsearch{count}:{asked}"))
        if isinstance(answer, Problem):
            return answer
        _, entries, problem = answer
        if problem is not None and not entries:
            return problem
        found = parse.described(entries).values()
        return tuple(one for one in found if isinstance(one, TrackSeen) and one.availability is Availability.AVAILABLE)[
            :limit
        ]

    def requests(self) -> Mapping[str, int]:
        """Give how many requests yt-dlp made for us, by every way."""
        return {"youtube": sum(session.sent for session in self._sessions.values())}

    def close(self) -> None:
        """Let go of the connections; the source can be asked again, and counts on."""
        with self._lock:
            for session in self._sessions.values():
                session.close()

    def _list_named(self, address: Uploads | Album, known: Known | None) -> Listing | Problem:
        """List what a name stands for: a channel's page shows its newest videos, its list of uploads all of them."""
        if known is not None and known.ref.startswith(_LIST):
            return self._list_page(PlaylistPage(id=known.ref.removeprefix(_LIST)))
        answer = self._ask(lambda session: session.playlist(address.url))
        if isinstance(answer, Problem):
            return _closed(answer)
        page = parse.page_of(answer[0])
        return parse.unreadable("page") if page is None else self._list_page(page)

    def _list_page(self, address: PlaylistPage) -> Listing | Problem:
        personal = address.personal
        taken: list[Way] = []
        answer = self._ask(lambda session: session.playlist(address.url), with_cookies=personal, taken=taken)
        if isinstance(answer, Problem):
            return _closed(answer)
        head, entries, problem = answer
        self._listed |= parse.described(entries)
        listing = parse.listing(head, entries, problem)
        if personal and isinstance(listing, Listing) and listing.owner is None:
            return with_changes(listing, owner=f"account of {taken[-1].name}")  # every account has one by that address
        return listing

    def _list_video(self, address: Video) -> Listing | Problem:
        answer = self._look(parse.ref_of(address.id))
        if isinstance(answer, Undescribed):
            return answer.problem
        self._listed[answer.ref] = answer
        return parse.single(answer, address.id)

    def _look(self, ref: str) -> TrackSeen | Undescribed:
        """Read a video's own page."""
        if not ref.startswith(_TRACK):
            return _foreign(ref)
        url = Video(id=native_id(ref)).url
        answer = self._ask(lambda session: session.video(url), ref=ref)
        if isinstance(answer, Problem):
            proven = availability_after(answer.failure)
            return Undescribed(ref=ref, availability=proven or Availability.UNKNOWN, problem=answer)
        seen = parse.page(answer)
        return seen if seen and seen.ref == ref else _unproven(ref, parse.unreadable("video"))

    def _enriched(self, answer: TrackSeen | Undescribed) -> TrackSeen | Undescribed:
        """Keep what a video's own page said of its music, where a list says less."""
        if isinstance(answer, Undescribed) or parse.is_rich(answer):
            return answer
        before = self._remembered(answer.ref)
        if before is None or not before.described or not before.credits:
            return answer
        return replace(
            answer,
            title=before.title,
            artist=before.artist,
            credits=before.credits,
            album=before.album,
            release_date=before.release_date,
        )

    def _ask(
        self,
        ask: Callable[[Asking], _Answer | Problem],
        *,
        ref: str | None = None,
        with_cookies: bool = False,
        taken: list[Way] | None = None,
    ) -> _Answer | Problem:
        def by(way: Way) -> _Answer | Problem:
            if taken is not None:
                taken.append(way)
            if with_cookies and not (way.cookie_file or way.cookie_browser):
                detail = "an account's own list is shown to that account alone"
                return Problem(failure=FailureClass.PRIVATE, detail=detail, hint=COOKIES_HINT)
            return ask(self._session(way))

        return through(self._access, self.name, by, host=HOST, ref=ref)

    def _session(self, way: Way) -> Asking:
        if way.name not in self._sessions:
            self._sessions[way.name] = self._opening(self._config, way, self._pace)
        return self._sessions[way.name]


def _closed(problem: Problem) -> Problem:
    """Say of a list that is gone what helps with lists."""
    if problem.failure is not FailureClass.GONE:
        return problem
    hint = "Check the address; what stood on it stays here, and `sync unfollow` ends the asking."
    return replace(problem, hint=hint)


def _unproven(ref: str, problem: Problem) -> Undescribed:
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def _foreign(ref: str) -> Undescribed:
    hint = "follow the address of a video, a playlist or a channel"
    problem = Problem(failure=FailureClass.UNSUPPORTED, detail=f"{ref} is no video of YouTube's", hint=hint)
    return _unproven(ref, problem)


def _unsupported(url: str) -> Problem:
    return Problem(
        failure=FailureClass.UNSUPPORTED,
        detail=f"{public_address(url)} names no video, no playlist and no channel's uploads",
        hint="Give an address with `v=` or `list=`, or a channel's; endless mixes and other tabs are no lists.",
    )
