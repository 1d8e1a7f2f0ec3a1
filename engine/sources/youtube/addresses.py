"""What a YouTube address asks for, read from the address alone: a video, a list, a channel or an album. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs

from engine.sources import web

_SITE = "https://www.youtube.com"
_MUSIC_HOST = "music.youtube.com"
_PERSONAL = ("LL", "LM", "WL")
_PLAYLIST = re.compile(r"(?:PL|EC|UU|FL|OLAK5uy_|RDCLAK5uy_)[0-9A-Za-z_-]{10,}|LL|LM|WL")
_CHANNEL = re.compile(r"UC[0-9A-Za-z_-]{22}")
_BROWSED = re.compile(r"VL(?P<list>[0-9A-Za-z_-]+)")
_ALBUM = re.compile(r"MPREb_[0-9A-Za-z_-]+")
_UPLOAD_TABS = ("", "videos", "featured")
_NAMED = ("c", "user")


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """One video."""

    id: str

    @property
    def url(self) -> str:
        """Its canonical address."""
        return f"{_SITE}/watch?v={self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistPage:
    """One playlist, an album of YouTube Music's or the likes of an account."""

    id: str

    @property
    def url(self) -> str:
        """Its canonical address."""
        host = f"https://{_MUSIC_HOST}" if self.id == "LM" else _SITE
        return f"{host}/playlist?list={self.id}"

    @property
    def personal(self) -> bool:
        """Whether everybody has a list of this id, so that an account must say whose is meant."""
        return self.id in _PERSONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """What a channel of a name uploaded; which list that is, the page at the address says."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """An album's page on YouTube Music; which list that is, the page says."""

    id: str

    @property
    def url(self) -> str:
        """Its canonical address."""
        return f"https://{_MUSIC_HOST}/browse/{self.id}"


Address: TypeAlias = Video | PlaylistPage | Uploads | Album


def is_youtube(url: str) -> bool:
    """Say whether an address is on one of YouTube's hosts."""
    return web.split(url).hostname in web.YOUTUBE_HOSTS


def read(url: str) -> Address | None:
    """Give what an address asks for, in canonical form, or nothing when it names none, such as a bare `/watch` (F49).

    A video within a playlist means the playlist, as on the site; within an endless mix, the video alone.
    """
    parts = web.split(url)
    if parts.hostname not in web.YOUTUBE_HOSTS:
        return None
    listed = parse_qs(parts.query).get("list", [""])[-1]
    if _PLAYLIST.fullmatch(listed):
        return PlaylistPage(id=listed)
    if video := web.video_id(url):
        return Video(id=video)
    return _channel([step for step in parts.path.split("/") if step])


def _channel(steps: list[str]) -> Address | None:
    match steps:
        case ["browse", browsed] if found := _BROWSED.fullmatch(browsed):
            return PlaylistPage(id=found["list"]) if _PLAYLIST.fullmatch(found["list"]) else None
        case ["browse", album] if _ALBUM.fullmatch(album):
            return Album(id=album)
        case ["channel" | "browse", channel, *tab] if _CHANNEL.fullmatch(channel):
            return PlaylistPage(id=f"UU{channel[2:]}") if _is_uploads(tab) else None
        case [handle, *tab] if handle.startswith("@") and len(handle) > 1:
            return Uploads(url=f"{_SITE}/{handle}/about") if _is_uploads(tab) else None
        case [kind, name, *tab] if kind in _NAMED:
            return Uploads(url=f"{_SITE}/{kind}/{name}/about") if _is_uploads(tab) else None
        case _:
            return None


def _is_uploads(tab: list[str]) -> bool:
    return len(tab) <= 1 and (tab or [""])[0] in _UPLOAD_TABS
