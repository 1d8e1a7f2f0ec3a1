"""Which things of Spotify's an address means: links and URIs alike. Pure.

A link is never guessed at: what is none of the shapes below is nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

PLAYLISTS: Final = "spotify:playlists"
LIKED: Final = "spotify:liked"
PLAYING: Final = "spotify:playing"
SITE = "https://open.spotify.com"

Kind: TypeAlias = Literal["playlist", "album", "track", "episode"]
Special: TypeAlias = Literal["spotify:playlists", "spotify:liked", "spotify:playing"]

_HOSTS = frozenset({"open.spotify.com", "play.spotify.com"})
_ID = re.compile(r"[A-Za-z0-9]{22}")
_KINDS: dict[str, Kind] = {"playlist": "playlist", "album": "album", "track": "track", "episode": "episode"}
_SPECIAL: dict[str, Special] = {PLAYLISTS: PLAYLISTS, LIKED: LIKED, PLAYING: PLAYING}
_LOCALE = re.compile(r"intl-[a-z]{2,}(?:-[a-z]+)?|embed", re.IGNORECASE)
_BARE = re.compile(r"(?:open|play)\.spotify\.com(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thing:
    """One playlist, album, track or episode, by Spotify's id."""

    kind: Kind
    id: str


def is_spotify(url: str) -> bool:
    """Say whether an address is Spotify's."""
    if url.lower().startswith("spotify:") or _BARE.match(url):
        return True
    return _host(url) in _HOSTS


def read(url: str) -> Thing | Special | None:
    """Give what an address means; nothing when it is no address of music on Spotify."""
    text = url.strip()
    if _BARE.match(text):
        text = f"https://{text}"
    if (special := _SPECIAL.get(text.lower())) is not None:
        return special
    steps = text.split(":")[1:] if text.lower().startswith("spotify:") else _path(text)
    if steps[:1] == ["user"]:
        steps = steps[2:]  # older addresses name a playlist's owner first
    if steps and steps[0] == "collection":
        return LIKED if steps[1:] in ([], ["tracks"]) else None
    if len(steps) < 2 or steps[0] not in _KINDS or not _ID.fullmatch(steps[1]):  # noqa: PLR2004 - a kind and an id
        return None
    return Thing(_KINDS[steps[0]], steps[1])


def address(kind: Kind, identity: str) -> str:
    """Give the link to a thing."""
    return f"{SITE}/{kind}/{identity}"


def _host(url: str) -> str:
    try:
        split = urlsplit(url.strip())
    except ValueError:
        return ""
    return (split.hostname or "") if split.scheme.lower() in ("http", "https") else ""


def _path(url: str) -> list[str]:
    if _host(url) not in _HOSTS:
        return []
    steps = [step for step in urlsplit(url).path.split("/") if step]
    return steps[1:] if steps and _LOCALE.fullmatch(steps[0]) else steps
