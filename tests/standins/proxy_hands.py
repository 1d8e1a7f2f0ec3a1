"""What the tests of the proxies share: a small stand-in behind them, and a client for either kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Playlist, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

TRACK = "https://soundcloud.com/ada/t1"
MP3 = bytes(range(256)) * 64


@contextmanager
def soundcloud() -> Iterator[SoundCloudStandin]:
    """Give a listening SoundCloud with one track, blocked in Germany."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada"))
    catalog.add_track(Track(id=1, user_id=7, permalink="t1", title="T"), {"mp3_1_0": MP3})
    catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",))
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1,)))
    with SoundCloudStandin(catalog) as standin:
        yield standin


def extracted(proxy: str, folder: Path, *, download: bool = False, address: str = TRACK) -> Any:
    """Give what the installed, unpatched yt-dlp makes of an address through a proxy."""
    options = {
        "proxy": proxy,
        "nocheckcertificate": True,
        "cachedir": False,
        "paths": {"home": str(folder)},
        "outtmpl": "%(id)s.%(ext)s",
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "fixup": "never",
        "retries": 0,
        "extractor_retries": 0,
        "socket_timeout": 20,
        "format": "http_mp3_1_0",
    }
    with YoutubeDL(options) as downloader:
        return downloader.extract_info(address, download=download, process="/t1" in address)
