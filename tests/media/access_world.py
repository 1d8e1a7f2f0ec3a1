"""A SoundCloud that blocks what it is told in Germany, and the ways to it that the tests of access share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.domain.failure import Problem
from engine.media.config import MediaConfig
from engine.media.media import Media, unpaced
from engine.ports import AudioOrder, StagedFile
from engine.source_ports import DIRECT, Way
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.workflows.access import AccessBook

TOKEN = "2-123456-42-hush"
COOKIES = (
    "# Netscape HTTP Cookie File\n"
    f".soundcloud.com\tTRUE\t/\tTRUE\t2147483647\toauth_token\t{TOKEN}\n"
    ".elsewhere.example\tTRUE\t/\tTRUE\t2147483647\tother\tkeep-out\n"
)


def listening() -> SoundCloudStandin:
    """Give a SoundCloud with one user, in Germany."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="ann", username="Ann"))
    return SoundCloudStandin(catalog, country="DE", sessions=(TOKEN,))


def put(standin: SoundCloudStandin, number: int, media: Mapping[str, bytes], **fields: object) -> str:
    """Upload a track and give its address."""
    track = {"id": number, "user_id": 1, "permalink": f"t{number}", "title": f"Song {number}", "duration_ms": 2000}
    standin.catalog.add_track(Track(**(track | fields)), dict(media))  # type: ignore[arg-type]  # a test's shorthand
    return f"https://soundcloud.com/ann/t{number}"


def direct(standin: SoundCloudStandin) -> Way:
    """Give the direct way: from Germany."""
    return Way(name=DIRECT, proxy=standin.url)


def book(*ways: Way) -> AccessBook:
    """Give a book of ways to SoundCloud that remembers nothing from before."""
    return AccessBook({"soundcloud": ways}, remembered=dict, now_us=lambda: 10**15)


def tools(folder: Path, access: AccessBook, pace: Callable[[str], None] = unpaced) -> Media:
    """Give media tools that trust the stand-in and go by the ways."""
    config = MediaConfig(tls_verify=False, cache_dir=folder / "cache", socket_timeout_s=5)
    return Media(config, access=access, pace=pace)


def acquire(media: Media, url: str, folder: Path, ref: str | None = None) -> tuple[StagedFile, ...] | Problem:
    """Ask for a track's original."""
    number = url.rpartition("/t")[2]
    order = AudioOrder(
        recording_id="r" + "a" * 16,
        source_ref=ref or f"soundcloud:track:{number}",
        url=url,
        local_path=None,
        expected_duration_ms=2000,
        profiles=("original",),
        tags={"title": "Song", "source_url": url, "recording_id": "r" + "a" * 16},
        artwork_url="https://i1.sndcdn.com/artworks-7-large.jpg",
    )
    return media.acquire(order, folder / f"workspace{number}")
