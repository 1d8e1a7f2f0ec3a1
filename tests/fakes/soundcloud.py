"""A SoundCloud stand-in and a source on it, with the few words that tests of either say most."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.domain.failure import Problem
from engine.source_ports import Known, Listing
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Mention, Playlist, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

SITE = "https://soundcloud.com/ann"
SET = f"{SITE}/sets/mix"
LIKES = f"{SITE}/likes"
AUDIO: dict[str, bytes | Path] = {"mp3_1_0": b"x"}


def standin_of_ann(*, sessions: tuple[str, ...] = (), apps: Mapping[str, str] | None = None) -> SoundCloudStandin:
    """Give a SoundCloud in Germany with one user, not yet running."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="ann", username="Ann"))
    return SoundCloudStandin(catalog, country="DE", sessions=sessions, apps=apps)


def upload(standin: SoundCloudStandin, *ids: int, **fields: object) -> None:
    """Put tracks on the stand-in."""
    for number in ids:
        track = {"id": number, "user_id": 1, "permalink": f"song-{number}", "title": f"Bob - Song {number}", **fields}
        standin.catalog.add_track(Track(**track), AUDIO)  # type: ignore[arg-type]  # a test's shorthand


def publish(
    standin: SoundCloudStandin, *ids: int, secret_token: str | None = None, number: int = 9, name: str = "mix"
) -> None:
    """Put a set on the stand-in."""
    standin.catalog.add_playlist(
        Playlist(id=number, user_id=1, permalink=name, title=name.title(), track_ids=ids, secret_token=secret_token)
    )


def mentions(*ids: int) -> tuple[Mention, ...]:
    """Give lines of somebody's likes or reposts; a negative number is a set's."""
    return tuple(Mention(kind="track" if number > 0 else "playlist", id=abs(number)) for number in ids)


def refs(*ids: int) -> tuple[str, ...]:
    """Give the refs of tracks."""
    return tuple(f"soundcloud:track:{number}" for number in ids)


def listed(source: SoundCloudSource, url: str = SET, known: Known | None = None) -> Listing:
    """Give the listing of an address that has one."""
    listing = source.list_playlist(url, known)
    assert isinstance(listing, Listing), listing
    return listing


def refused(source: SoundCloudSource, url: str = SET) -> Problem:
    """Give the problem with an address that has no listing."""
    problem = source.list_playlist(url)
    assert isinstance(problem, Problem), problem
    return problem


def known_of(listing: Listing) -> Known:
    """Give what a listing leaves known."""
    return Known(
        ref=listing.ref,
        entries=listing.entries,
        watermark=listing.watermark,
        declared_count=listing.declared_count,
    )


def asked(standin: SoundCloudStandin) -> list[str]:
    """Give the paths asked of the site's api, oldest first."""
    return [one.path for one in standin.history if one.host == "api-v2.soundcloud.com" and one.method == "GET"]
