"""Reads Spotify's answers into domain values: the newer shape and the older one. Pure.

Whatever the shape of an answer, the result is a value or nothing; it never raises, and never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from engine.domain.canonical import short_id
from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.sources import wording
from engine.sources.spotify import addresses
from engine.sources.spotify.addresses import Special, Thing

LOCAL = "spotify:local:"
_LOCAL_PARTS = 4
"""Artist, album, title, seconds."""
_MS = 1_000
_SPOTIFY = "spotify"
"""The account that owns Spotify's own playlists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a playlist is, without its entries.

    Attributes:
        owner: the owner's user id.
        snapshot: Spotify's change token; its own playlists have none that says anything, it changes with every look.
    """

    id: str
    name: str
    owner: str | None
    collaborative: bool
    snapshot: str | None

    @property
    def ref(self) -> str:
        """The playlist's `SourceRef`."""
        return f"spotify:playlist:{self.id}"

    @property
    def url(self) -> str:
        """Where a person opens it."""
        return addresses.address("playlist", self.id)

    def readable_by(self, account: str) -> bool:
        """Say whether Spotify gives its tracks to an account's app."""
        return self.collaborative or self.owner == account


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place in a list.

    Attributes:
        ref: nothing where Spotify has taken the track away: the place is counted, and there is nothing to refer to.
        seen: nothing where Spotify lists it without a name.
    """

    ref: str | None
    seen: TrackSeen | None = None
    added_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list, and how long the whole list is."""

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """What plays now.

    Attributes:
        context: the playlist or the liked songs it is played from, if either.
    """

    entry: Entry | None = None
    context: Thing | Special | None = None


NOTHING = Playback()
"""Nothing plays; so it is with advertisements and private sessions too."""


def head(answer: object) -> Head | None:
    """Read a playlist, whole or simplified."""
    found = _mapping(answer)
    identity = wording.clean(found.get("id"))
    if identity is None:
        return None
    owner = wording.clean(_mapping(found.get("owner")).get("id"))
    return Head(
        id=identity,
        name=wording.clean(found.get("name")) or identity,
        owner=owner,
        collaborative=found.get("collaborative") is True,
        snapshot=wording.clean(found.get("snapshot_id")) if owner != _SPOTIFY else None,
    )


def heads(answer: object) -> tuple[tuple[Head, ...], int, int] | None:
    """Read one page of playlists: those that can be read, how many places it has, and how many there are in all."""
    found = _mapping(answer)
    items, total = found.get("items"), found.get("total")
    if not isinstance(items, list) or not isinstance(total, int):
        return None
    return tuple(each for each in map(head, items) if each), len(items), total


def page(answer: object) -> Page | None:
    """Read one page of entries."""
    found = _mapping(answer)
    items, total = found.get("items"), found.get("total")
    if not isinstance(items, list) or not isinstance(total, int):
        return None
    return Page(entries=tuple(map(_entry, items)), total=total)


def album_page(answer: object, album: Mapping[str, Any]) -> Page | None:
    """Read one page of an album's tracks, which do not say themselves what album they are on."""
    found = _mapping(answer)
    items, total = found.get("items"), found.get("total")
    if not isinstance(items, list) or not isinstance(total, int):
        return None
    return Page(entries=tuple(_piece({**_mapping(item), "album": album}) for item in items), total=total)


def piece(answer: object) -> Entry:
    """Read one track or episode."""
    return _piece(_mapping(answer))


def tracks_found(answer: object) -> tuple[Mapping[str, Any], ...] | None:
    """Give the tracks of a search's answer, still unread."""
    items = _mapping(_mapping(answer).get("tracks")).get("items")
    return tuple(item for item in items if isinstance(item, Mapping)) if isinstance(items, list) else None


def playback(answer: object) -> Playback:
    """Read what plays now."""
    found = _mapping(answer)
    private = _mapping(found.get("device")).get("is_private_session") is True
    if private or found.get("currently_playing_type") not in ("track", "episode"):
        return NOTHING
    entry = piece(found.get("item"))
    if entry.ref is None:
        return NOTHING
    return Playback(entry=entry, context=_context(_mapping(found.get("context"))))


def local_ref(artist: str, album: str, title: str, seconds: str) -> str:
    """Give the ref of a file that only somebody's own machine has: Spotify knows it by its tags alone."""
    return LOCAL + short_id("spotify-local", artist, album, title, seconds)


def local_uri(artist: str, album: str, title: str, seconds: str) -> str:
    """Give the address by which Spotify would name a local file."""
    return LOCAL + ":".join(quote_plus(part) for part in (artist, album, title, seconds))


def _context(found: Mapping[str, Any]) -> Thing | Special | None:
    meant = addresses.read(wording.clean(found.get("uri")) or "")
    playlist = isinstance(meant, Thing) and meant.kind == "playlist"
    return meant if playlist or meant == addresses.LIKED else None


def _entry(item: object) -> Entry:
    found = _mapping(item)
    inner = found.get("item")
    read = _piece(_mapping(inner if isinstance(inner, Mapping) else found.get("track")))
    return Entry(ref=read.ref, seen=read.seen, added_at=wording.clean(found.get("added_at")) or "")


def _piece(found: Mapping[str, Any]) -> Entry:
    uri = wording.clean(found.get("uri")) or ""
    if uri.startswith(LOCAL):
        return _local(uri, found)
    stored = _mapping(found.get("linked_from"))  # where a market is played from another copy, the playlist's own id
    identity = wording.clean(stored.get("id")) or wording.clean(found.get("id"))
    kind = found.get("type") or uri.split(":")[1:2]
    if identity is None:
        return Entry(ref=None)
    if kind in ("episode", ["episode"]):
        return _episode(identity, found)
    return _track(identity, found)


def _track(identity: str, found: Mapping[str, Any]) -> Entry:
    ref, title = f"spotify:track:{identity}", wording.clean(found.get("name"))
    if title is None:
        return Entry(ref=ref)
    album, credited = _mapping(found.get("album")), _names(found.get("artists"))
    seen = TrackSeen(
        ref=ref,
        title=title,
        url=addresses.address("track", identity),
        artist=", ".join(credited) or None,
        album=wording.clean(album.get("name")),
        isrc=wording.isrc(_mapping(found.get("external_ids")).get("isrc")),
        release_date=wording.date_only(album.get("release_date")),
        duration_ms=_duration_ms(found.get("duration_ms")),
        artwork_url=_widest(album.get("images")),
        availability=Availability.METADATA_ONLY,
        credits=credited,
        explicit=_said(found.get("explicit")),
    )
    return Entry(ref=ref, seen=seen)


def _episode(identity: str, found: Mapping[str, Any]) -> Entry:
    ref, title = f"spotify:episode:{identity}", wording.clean(found.get("name"))
    if title is None:
        return Entry(ref=ref)
    show = _mapping(found.get("show"))
    name = wording.clean(show.get("name"))
    seen = TrackSeen(
        ref=ref,
        title=title,
        url=addresses.address("episode", identity),
        artist=name,
        release_date=wording.date_only(found.get("release_date")),
        duration_ms=_duration_ms(found.get("duration_ms")),
        artwork_url=_widest(found.get("images")),
        uploader=wording.clean(show.get("publisher")),
        availability=Availability.METADATA_ONLY,
        credits=(name,) if name else (),
        explicit=_said(found.get("explicit")),
    )
    return Entry(ref=ref, seen=seen)


def _local(uri: str, found: Mapping[str, Any]) -> Entry:
    parts = [unquote_plus(part) for part in uri.removeprefix(LOCAL).split(":")]
    artist, album, title, seconds = (*parts, "", "", "", "")[:_LOCAL_PARTS]
    ref = local_ref(artist, album, title, seconds)
    name = wording.clean(title) or wording.clean(found.get("name"))
    if name is None:
        return Entry(ref=ref)
    credited = _names(found.get("artists")) or tuple(filter(None, [wording.clean(artist)]))
    duration_ms = int(seconds) * _MS if seconds.isdecimal() and seconds.isascii() else found.get("duration_ms")
    seen = TrackSeen(
        ref=ref,
        title=name,
        url=uri,
        artist=", ".join(credited) or None,
        album=wording.clean(album),
        duration_ms=_duration_ms(duration_ms),
        availability=Availability.METADATA_ONLY,
        credits=credited,
    )
    return Entry(ref=ref, seen=seen)


def _names(artists: object) -> tuple[str, ...]:
    each = artists if isinstance(artists, list) else []
    return tuple(name for name in (wording.clean(_mapping(artist).get("name")) for artist in each) if name)


def _widest(images: object) -> str | None:
    each = [_mapping(image) for image in images] if isinstance(images, list) else []
    widest = max(each, key=lambda image: _width(image.get("width")), default={})
    return wording.clean(widest.get("url"))


def _width(width: object) -> int:
    return width if isinstance(width, int) else 0


def _duration_ms(duration: object) -> int | None:
    return duration if isinstance(duration, int) and not isinstance(duration, bool) and duration > 0 else None


def _said(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
