"""An account on the Spotify stand-in that is logged in, and the source that speaks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.source_ports import Known, Listing
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.desktop import Desktop, Ran
from engine.sources.spotify.source import SpotifySource
from engine.sources.spotify.tokens import TokenFile, Tokens
from engine.standins.spotify.records import Track, base62
from engine.standins.spotify.standin import SpotifyStandin
from tests.fakes.machine import SECOND_US, FakeClock, FakeStop

HOUR_US = 3_600 * SECOND_US


class Account:
    """One person's Spotify: the stand-in, the file of the login, and time that passes only when told to."""

    def __init__(self, standin: SpotifyStandin, folder: Path, clock: FakeClock) -> None:
        self.standin = standin
        self.clock = clock
        self.file = TokenFile(folder / "credentials" / "spotify.json")
        self.paced: list[str] = []
        self.made: list[SpotifySource] = []
        self._told = 0

    def log_in(self) -> None:
        """Put a login on disk, as `sync login` would have."""
        access, refresh = self.standin.grant()
        self.file.write(
            Tokens(
                client_id=self.standin.client_id,
                refresh_token=refresh,
                access_token=access,
                access_expires_us=self.clock.now_us() + HOUR_US,
                account="ada",
                authorised_us=self.clock.now_us(),
            )
        )

    def config(self, **changes: object) -> SpotifyConfig:
        """Give what the source needs to know of the stand-in."""
        told: dict[str, object] = {
            "credentials": self.file.path,
            "client_id": self.standin.client_id,
            "api_base": self.standin.url,
            "accounts_base": self.standin.url,
            "timeout_s": 5.0,
            **changes,
        }
        return SpotifyConfig(**told)  # type: ignore[arg-type]  # the names are the config's own

    def source(self, **changes: object) -> SpotifySource:
        """Give a source as a new run of the program would make it."""
        made = SpotifySource(
            self.config(**changes), clock=self.clock, pace=self.paced.append, desktop=Desktop(run=_no_program)
        )
        self.made.append(made)
        return made

    def tracks(self, count: int, prefix: str = "Song") -> list[str]:
        """Publish tracks and give their URIs."""
        named = [(base62(f"{prefix} {number}"), f"{prefix} {number}") for number in range(count)]
        with self.standin.edit() as catalog:
            return [catalog.add_track(Track(id=native, name=name, artists=("Ann",))) for native, name in named]

    def playlist(self, name: str, uris: list[str], owner: str = "ada") -> str:
        """Make a playlist and give its id."""
        with self.standin.edit() as catalog:
            return catalog.create_playlist(owner, name, uris, public=owner != "ada")

    def asked(self) -> list[str]:
        """Give the paths of the requests so far, and forget them."""
        paths = [exchange.path for exchange in self.standin.history]
        fresh, self._told = paths[self._told :], len(paths)
        return fresh


def address(playlist: str) -> str:
    """Give a playlist's link."""
    return f"https://open.spotify.com/playlist/{playlist}"


def listed(source: SpotifySource, url: str, known: Known | None = None) -> Listing:
    """Give a listing that has to be one."""
    answer = source.list_playlist(url, known)
    assert isinstance(answer, Listing), answer
    return answer


def known_of(listing: Listing) -> Known:
    """Give what is known of a playlist after a listing."""
    return Known(
        ref=listing.ref, entries=listing.entries, watermark=listing.watermark, declared_count=listing.declared_count
    )


def fake_clock() -> FakeClock:
    """Give time that passes only when told to."""
    return FakeClock(FakeStop())


def seconds(clock: FakeClock) -> Callable[[], float]:
    """Give a clock's time as a stand-in wants it."""
    return lambda: clock.now_us() / SECOND_US


def _no_program(*_: object) -> Ran | None:
    return None
