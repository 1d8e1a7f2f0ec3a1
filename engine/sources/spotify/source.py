"""The source port for Spotify: metadata of playlists, liked songs and of what plays, and never any audio (F41).

spotipy is imported when Spotify is first asked, not before. Every failure is a value; nothing waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, assert_never

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Patience, Problem, patience
from engine.domain.redaction import public_address
from engine.ports import Clock
from engine.source_ports import Describing, Known, Listing, Unchanged, Undescribed
from engine.sources.spotify import addresses, playing
from engine.sources.spotify.addresses import LIKED, PLAYING, PLAYLISTS, Thing
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.desktop import Desktop
from engine.sources.spotify.parse import Playback

if TYPE_CHECKING:
    from engine.sources.spotify.client import SpotifyClient
    from engine.sources.spotify.door import SpotifyDoor
    from engine.sources.spotify.lists import Lists

LOOKUPS_MAX = 50
"""Tracks asked for one by one in one description: they come with their lists, save after an interruption."""

HEARD_S = 60.0
"""How long what `expand` heard is what plays: the listing follows it at once, if nothing comes between."""


class SpotifySource:
    """Spotify, as one account; ask `close` to let go of it."""

    def __init__(
        self, config: SpotifyConfig, *, clock: Clock, pace: Callable[[str], None], desktop: Desktop | None = None
    ) -> None:
        self._config = config
        self._clock = clock
        self._pace = pace
        self._desktop = desktop or Desktop()
        self._heard: tuple[float, Playback] | None = None  # what `expand` was told plays, and when

    @property
    def name(self) -> str:
        """The first part of every ref from here."""
        return "spotify"

    @property
    def describing(self) -> Describing:
        """When tracks are described again: whenever a list shows them."""
        return Describing.LISTED

    @cached_property
    def client(self) -> SpotifyClient:
        """What asks the Web API; made when it is first needed."""
        from engine.sources.spotify.client import SpotifyClient  # noqa: PLC0415 - spotipy takes long to import

        return SpotifyClient(self._config, self._clock, self._pace)

    @cached_property
    def door(self) -> SpotifyDoor:
        """Where a person logs in."""
        from engine.sources.spotify.door import SpotifyDoor  # noqa: PLC0415 - spotipy takes long to import

        return SpotifyDoor(self._config, self.client, self._clock)

    def recognises(self, url: str) -> bool:
        """Say whether an address is Spotify's."""
        return addresses.is_spotify(url)

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the account's playlists for `spotify:playlists`, and what is played from for `spotify:playing`."""
        match addresses.read(url):
            case "spotify:playlists":
                return self._own()
            case "spotify:playing":
                return self._played_from()
            case _:
                return (url,)

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        """Give the ordered listing of a playlist, or that nothing changed in it."""
        meant = addresses.read(url)
        if meant == PLAYING:
            return self._playing(known)
        self._lists.told = frozenset()
        if isinstance(meant, Thing):
            return self._list_thing(meant, known)
        return self._lists.liked(known) if meant == LIKED else _unlistable(url)

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give what the last listings showed of tracks, and ask for the few that none did.

        What the caller itself named in `known`, and no list showed again, is not asked about.
        """
        lists = self._lists
        stopped: Problem | None = None
        asked = 0
        for ref in dict.fromkeys(refs):
            if ref in lists.shown:
                yield lists.shown[ref]
            elif ref not in lists.told:
                stopped = stopped or (_enough() if asked == LOOKUPS_MAX else None)
                asked += 0 if stopped else 1
                answer = _unproven(ref, stopped) if stopped else lists.look_up(ref)
                stopped = stopped or _hopeless(answer)
                yield answer

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent, those for tokens included."""
        return self.client.sent() if "client" in self.__dict__ else {"spotify": 0}

    def close(self) -> None:
        """Let go of the connections; the source can be asked again, and counts on."""
        if "client" in self.__dict__:
            self.client.close()

    @cached_property
    def _lists(self) -> Lists:
        from engine.sources.spotify.lists import Lists  # noqa: PLC0415 - spotipy takes long to import

        return Lists(self.client, self._clock)

    def _list_thing(self, thing: Thing, known: Known | None) -> Listing | Unchanged | Problem:
        match thing.kind:
            case "playlist":
                return self._lists.playlist(thing.id, known)
            case "album":
                return self._lists.album(thing.id)
            case "track" | "episode":
                return self._lists.single(thing)
            case _:
                assert_never(thing.kind)

    def _own(self) -> tuple[str, ...] | Problem:
        heads = self._lists.library.read()
        if isinstance(heads, Problem):
            return heads
        account = self.client.account()
        if isinstance(account, Problem):
            return account
        if self.client.logins.lacks("playlist-read-private", "playlist-read-collaborative"):
            from engine.sources.spotify.problems import not_covered  # noqa: PLC0415 - it imports requests

            return not_covered("private and collaborative playlists")
        return tuple(head.url for head in heads if head.readable_by(account))

    def _played_from(self) -> tuple[str, ...] | Problem:
        playback = self._hear()
        if isinstance(playback, Problem):
            return playback
        self._heard = (self._clock.monotonic_s(), playback)
        match playback.context:
            case Thing(kind="playlist", id=identity):
                readable = self._may_read(identity)
                return (addresses.address("playlist", identity), PLAYING) if readable else (PLAYING,)
            case "spotify:liked":
                return (LIKED, PLAYING)
            case _:
                return (PLAYING,)

    def _may_read(self, playlist: str) -> bool:
        account = self.client.account()
        head = account if isinstance(account, Problem) else self._lists.library.head(playlist)
        return isinstance(account, str) and not isinstance(head, Problem) and head.readable_by(account)

    def _playing(self, known: Known | None) -> Listing | Unchanged | Problem:
        playback = self._just_heard() or self._hear()
        if isinstance(playback, Problem):
            return playback
        if (entry := playback.entry) is not None and entry.ref is not None and entry.seen is not None:
            self._lists.shown[entry.ref] = entry.seen
        answer = playing.listing(playback, known)
        self._lists.told = frozenset(known.entries if known else ()) - self._lists.shown.keys()
        return answer

    def _just_heard(self) -> Playback | None:
        """Give what `expand` was told a moment ago, once."""
        heard, self._heard = self._heard, None
        return heard[1] if heard is not None and self._clock.monotonic_s() - heard[0] < HEARD_S else None

    def _hear(self) -> Playback | Problem:
        """Ask the account what plays; where nobody is logged in, ask the player of this machine."""
        if self._config.desktop and not self.client.logins.made:
            return self._desktop.playback()
        return playing.heard(self.client.player())


def _unlistable(url: str) -> Problem:
    """Say of an address that it is no one list's: it is unknown, or stands for several."""
    return Problem(
        failure=FailureClass.UNSUPPORTED,
        detail=f"{public_address(url)} is no playlist, album or track of Spotify's",
        hint=f"give a playlist's link, or {PLAYLISTS}, {LIKED} or {PLAYING}",
    )


def _enough() -> Problem:
    detail = f"{LOOKUPS_MAX} tracks were asked for one by one; the rest is left to the next run"
    return Problem(failure=FailureClass.RATE_LIMITED, detail=detail, hint="run it again")


def _unproven(ref: str, problem: Problem) -> Undescribed:
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def _hopeless(answer: TrackSeen | Undescribed) -> Problem | None:
    """Give what the next question would meet as well: all but what is said of this one track."""
    if isinstance(answer, TrackSeen) or answer.availability is not Availability.UNKNOWN:
        return None
    failure = answer.problem.failure
    unreadable = failure in (FailureClass.GARBAGE, FailureClass.INVALID_REQUEST)
    return None if unreadable or patience(failure) is Patience.WEEKLY else answer.problem
