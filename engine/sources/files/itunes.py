"""The XML library of iTunes and Music to its playlists, by their persistent ids. Opens no file.

Folders are playlists there that hold what is in them; they, and the library's own lists of everything, are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from engine.sources import web, wording
from engine.sources.files import rekordbox, safe_xml
from engine.sources.files.rows import BadLine, Crate, Row, TrackList
from engine.sources.files.walk import is_audio

ROOT_TAG = "plist"
_SCALARS = ("string", "integer", "real", "date", "data")
_TRACK_DEPTH = 3  # the library, its "Tracks", one track
_NOT_MUSIC = ("Movies", "TV Shows", "Podcasts", "Audiobooks", "Purchased Items", "Books")


class _Reader:
    """Builds one track or one playlist at a time; what is done with is let go, so that memory holds rows only."""

    def __init__(self) -> None:
        self.tracks: dict[str, Row] = {}
        self.playlists: list[dict[str, Any]] = []
        self._open: list[tuple[str | None, Any]] = []  # (key in what is outside, what is being built)
        self._keys: list[str | None] = [None]
        self._text = ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        del attributes
        self._text = ""
        if tag in ("dict", "array"):
            self._open.append((self._keys[-1], {} if tag == "dict" else []))
            self._keys.append(None)

    def characters(self, text: str) -> None:
        self._text += text

    def end(self, tag: str) -> None:
        if tag == "key":
            self._keys[-1] = self._text
        elif tag in _SCALARS:
            self._put(self._text)
        elif tag in ("true", "false"):
            self._put(tag == "true")
        elif tag in ("dict", "array"):
            self._keys.pop()
            _, built = self._open.pop()
            self._built(built)

    def _built(self, built: Any) -> None:
        section = self._open[1][0] if len(self._open) > 1 else None
        if section == "Tracks" and len(self._open) == _TRACK_DEPTH - 1:
            self.tracks[str(self._keys[-1])] = _row(built)
        elif section == "Playlists" and len(self._open) == _TRACK_DEPTH - 1:
            self.playlists.append(built)
        elif self._open:
            self._put(built)

    def _put(self, value: Any) -> None:
        if not self._open:
            return
        outer = self._open[-1][1]
        if isinstance(outer, list):
            outer.append(value)
        else:
            outer[self._keys[-1] or ""] = value


def read(source: BinaryIO) -> Crate:
    """Give the library's tracks and its playlists, each by its persistent id.

    Raises:
        UnsafeXMLError, xml.parsers.expat.ExpatError: it is no such file, or a dangerous one.
    """
    reader = _Reader()
    safe_xml.stream(source, reader)
    lists: dict[str, TrackList] = {}
    for playlist in reader.playlists:
        if not _is_everything(playlist):
            native = _text(playlist, "Playlist Persistent ID")
            name = wording.clean(_text(playlist, "Name")) or "Untitled"
            lists[rekordbox.free(native or name, lists)] = _list(playlist, reader.tracks, name, native)
    return Crate(kind="itunes", whole=TrackList(rows=tuple(reader.tracks.values())), lists=lists)


def _is_everything(playlist: dict[str, Any]) -> bool:
    own = playlist.get("Master") is True or "Distinguished Kind" in playlist
    named = any(playlist.get(kind) is True for kind in _NOT_MUSIC)
    return own or named or playlist.get("Folder") is True


def _list(playlist: dict[str, Any], tracks: dict[str, Row], name: str, native: str | None) -> TrackList:
    items = playlist.get("Playlist Items")
    numbers = [_text(item, "Track ID") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    found = [tracks.get(number or "") for number in numbers]
    bad = tuple(
        BadLine(line=place, why="names a track that is not in the library")
        for place, row in enumerate(found, start=1)
        if row is None
    )
    return TrackList(name=name, rows=tuple(row for row in found if row), bad=bad, native_id=native)


def _row(said: dict[str, Any]) -> Row:
    location = _text(said, "Location")
    address = web.track_address(location) if location and web.names_web(location) else None
    length = _text(said, "Total Time") or ""
    date = wording.date_only(_text(said, "Release Date"))
    return Row(
        path=location if location and not address and is_audio(Path(location)) else None,
        address=address,
        title=wording.clean(_text(said, "Name")),
        artist=wording.clean(_text(said, "Artist")),
        album=wording.clean(_text(said, "Album")),
        genre=wording.clean(_text(said, "Genre")),
        release_date=date,
        duration_ms=int(length) if length.isdecimal() and int(length) > 0 else None,
        explicit=True if said.get("Explicit") is True else None,
    )


def _text(said: Any, name: str) -> str | None:
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else None
