"""What a Spotify catalogue is made of, as plain values. No JSON, no HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ID_LENGTH = 22


def base62(name: str) -> str:
    """Give a 22-character Spotify id that a name always leads to."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:17], "big")
    digits = []
    for _ in range(ID_LENGTH):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One account."""

    id: str
    display_name: str
    premium: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track of the catalogue.

    Attributes:
        relinked: market → the id of the track that is played there in its place.
        restricted: market → why it cannot be played there: "market", "product" or "explicit".
    """

    id: str
    name: str
    artists: tuple[str, ...]
    album: str = "An Album"
    duration_ms: int = 200_000
    isrc: str | None = None
    explicit: bool = False
    release_date: str = "2020-01-01"
    popularity: int = 50
    relinked: Mapping[str, str] = field(default_factory=dict)
    restricted: Mapping[str, str] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The track's URI."""
        return f"spotify:track:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One episode of a podcast."""

    id: str
    name: str
    show: str
    duration_ms: int = 1_800_000
    release_date: str = "2020-01-01"

    @property
    def uri(self) -> str:
        """The episode's URI."""
        return f"spotify:episode:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file on somebody's computer that stands in a playlist."""

    artist: str
    album: str
    title: str
    seconds: int


Item: TypeAlias = Track | Episode | LocalFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place in a playlist: a track's or episode's id, a local file, or nothing any more."""

    item: str | LocalFile | None  # URI of a track or episode
    added_at: str | None = "2024-01-01T00:00:00Z"
    added_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """One state of a playlist; every change makes another."""

    id: str
    name: str
    owner: str
    entries: tuple[Entry, ...] = ()
    collaborative: bool = False
    collaborators: frozenset[str] = frozenset()
    public: bool = False
    description: str = ""
    revision: int = 1

    def belongs_to(self, user_id: str | None) -> bool:
        """Say whether a user owns the playlist or works on it."""
        return user_id is not None and (user_id == self.owner or user_id in self.collaborators)


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """What an account's player does.

    Attributes:
        item: URI of a track or episode; nothing for an ad or what is unknown.
        kind: "track", "episode", "ad" or "unknown".
        context: URI of the playlist, album, artist or collection it plays from; nothing for a queue.
    """

    item: str | None
    kind: str = "track"
    context: str | None = None
    is_playing: bool = True
    progress_ms: int = 12_345
