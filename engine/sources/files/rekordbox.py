"""rekordbox XML (DJ_PLAYLISTS) to its playlists: tracks by number or by place, folders in folders. Opens no file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from engine.sources import web, wording
from engine.sources.files import safe_xml
from engine.sources.files.rows import BadLine, Crate, Row, TrackList
from engine.sources.files.walk import is_audio

ROOT_TAG = "DJ_PLAYLISTS"
_FOLDER, _PLAYLIST = "0", "1"
_BY_PLACE = "1"  # KeyType: 0 by TrackID, 1 by Location
_LOCALHOST = "file://localhost"
_STREAMED = re.compile(r"file://localhost(?P<service>[a-z]+):tracks?:(?P<id>\w+)")
"""How a track of a streaming service is located; its name and its artist are then often left out."""


class _Reader:
    """Collects the collection, then the tree; playlists name tracks that stand before them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.by_number: dict[str, Row] = {}
        self.by_place: dict[str, Row] = {}
        self.lists: dict[str, TrackList] = {}
        self._in_collection = False
        self._folders: list[str] = []
        self._open: tuple[str, bool] | None = None
        self._entries: list[Row | None] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "COLLECTION":
                self._in_collection = True
            case "TRACK" if self._in_collection:
                self._add(attributes)
            case "TRACK" if self._open:
                key = attributes.get("Key", "")
                self._entries.append((self.by_place if self._open[1] else self.by_number).get(key))
            case "NODE":
                self._enter(attributes)
            case _:
                pass

    def end(self, tag: str) -> None:
        match tag:
            case "COLLECTION":
                self._in_collection = False
            case "NODE" if self._open:
                self._close(self._open[0])
            case "NODE" if self._folders:
                self._folders.pop()
            case _:
                pass

    def characters(self, text: str) -> None:
        """Let it go: rekordbox writes everything into attributes."""

    def _add(self, said: dict[str, str]) -> None:
        row = _row(said)
        if row is None:
            return
        self.rows.append(row)
        self.by_number[said.get("TrackID", "")] = row
        self.by_place[said.get("Location", "")] = row

    def _enter(self, attributes: dict[str, str]) -> None:
        name = wording.clean(attributes.get("Name")) or "Untitled"
        if attributes.get("Type") == _PLAYLIST:
            self._open = (name, attributes.get("KeyType") == _BY_PLACE)
            self._entries = []
        else:
            self._folders.append(name)

    def _close(self, name: str) -> None:
        steps = (*self._folders[1:], name)  # the outermost folder is the tree itself
        rows = tuple(row for row in self._entries if row)
        bad = tuple(
            BadLine(line=place, why="names a track that the collection does not name")
            for place, row in enumerate(self._entries, start=1)
            if row is None
        )
        self.lists[free("/".join(steps), self.lists)] = TrackList(name=name, rows=rows, bad=bad)
        self._open = None


def read(source: BinaryIO) -> Crate:
    """Give the collection and its playlists, each by the names of its folders and its own.

    Raises:
        UnsafeXMLError, xml.parsers.expat.ExpatError: it is no such file, or a dangerous one.
    """
    reader = _Reader()
    safe_xml.stream(source, reader)
    return Crate(kind="rekordbox", whole=TrackList(rows=tuple(reader.rows)), lists=reader.lists)


def free(name: str, taken: dict[str, TrackList]) -> str:
    """Give a name, or the first numbered one of it that is still free."""
    if name not in taken:
        return name
    return next(each for number in range(2, len(taken) + 3) if (each := f"{name} ({number})") not in taken)


def _streamed(place: str) -> str | None:
    """Give the address of a streaming service's track, where anybody may ask for it by its id."""
    found = _STREAMED.fullmatch(place)
    match found and (found["service"], found["id"]):
        case ("spotify", native):
            return web.spotify_address(f"spotify:track:{native}")
        case ("soundcloud", native):
            return f"https://api.soundcloud.com/tracks/{native}"
        case _:
            return None


def _row(said: dict[str, str]) -> Row | None:
    """Give what is said of a track; nothing when it is neither named nor located, as those of a store may be."""
    address = _streamed(said.get("Location", ""))
    place = said.get("Location") or None
    if place and not is_audio(Path(place)):
        place = None  # a track of a streaming service, or a film: known by its name alone
    if place and place.lower().startswith(_LOCALHOST):
        place = "file://" + place[len(_LOCALHOST) :]
    seconds = said.get("TotalTime", "")
    mix = wording.clean(said.get("Mix"))
    title = wording.clean(said.get("Name"))
    if not (place or address or title):
        return None
    return Row(
        path=place,
        address=address,
        title=f"{title} ({mix})" if title and mix and mix.casefold() not in title.casefold() else title,
        artist=wording.clean(said.get("Artist")),
        album=wording.clean(said.get("Album")),
        genre=wording.clean(said.get("Genre")),
        label=wording.clean(said.get("Label")),
        duration_ms=int(seconds) * 1000 if seconds.isdecimal() and int(seconds) > 0 else None,
    )
