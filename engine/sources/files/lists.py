"""List files opened and read, each by what it is; the last crate is kept, so that its playlists cost one reading.

Reads only what it is asked for; never follows what a list names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from xml.parsers import expat

from engine.domain.failure import Problem
from engine.sources.files import itunes, m3u, problems, rekordbox, safe_xml, table, text, urls
from engine.sources.files.rows import Crate, TrackList
from engine.sources.files.walk import LIST_SUFFIXES, Suffix

LIST_BYTES_MAX = 64 * 1024 * 1024
"""A list of 200,000 long lines has about 40 MB; anything larger is something else."""
CRATE_BYTES_MAX = 2 * 1024 * 1024 * 1024
"""Crates are streamed; the largest known to us has 300 MB."""

_ROOT = re.compile(rb"<\s*(?P<tag>[A-Za-z_][\w.-]*)")
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a list lies: a file, and which list of a crate.

    Attributes:
        inside: what stands after `#` in the address of a crate's playlist.
    """

    path: Path
    inside: str | None = None

    @property
    def url(self) -> str:
        """The address of the list, in its one spelling."""
        address = self.path.as_uri()
        return address if self.inside is None else f"{address}#{quote(self.inside, safe='/')}"


def place_of(path: Path, fragment: str | None) -> Place:
    """Give a place by a path and what stood after `#` in an address, as it was written there."""
    return Place(path=path, inside=None if fragment is None else unquote(fragment))


class Lists:
    """Reads lists; a crate is read again when its file has changed."""

    def __init__(self) -> None:
        self._stamp: tuple[Path, int, int] | None = None
        self._crate: Crate | Problem | None = None

    def is_crate(self, path: Path) -> bool:
        """Say whether a file is one that holds several lists.

        Raises:
            OSError: it cannot be read.
        """
        if path.exists() and not path.is_file():
            return False
        match _suffix(path):
            case Suffix.XML:
                return _crate_kind(path) is not None
            case Suffix.TABLE:
                return self._is_split(path)
            case _:
                return False

    def crate(self, path: Path) -> Crate | Problem:
        """Give the lists of a crate.

        Raises:
            OSError: it cannot be read.
        """
        status = path.stat()
        stamp = (path, status.st_size, status.st_mtime_ns)
        if self._crate is None or stamp != self._stamp:
            self._crate, self._stamp = _read_crate(path), stamp
        return self._crate

    def read(self, place: Place) -> tuple[str, TrackList] | Problem:
        """Give what kind of list lies at a place, and the list.

        Raises:
            OSError: it cannot be read.
        """
        if _suffix(place.path) is Suffix.XML or place.inside is not None:
            return self._read_inside(place)
        content = _bounded(place.path)
        if isinstance(content, Problem):
            return content
        if not content.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
            return problems.empty(place.path)
        kind, found = _parsed(place.path, content)
        return (kind, found) if found else problems.no_list(place.path)

    def _is_split(self, path: Path) -> bool:
        """Say whether a table holds several lists: where its header says so, by its rows."""
        with path.open("rb") as content:
            if not table.is_split(content.read(_HEAD_BYTES)):
                return False
        return not isinstance(self.crate(path), Problem)

    def _read_inside(self, place: Place) -> tuple[str, TrackList] | Problem:
        crate = self.crate(place.path)
        if isinstance(crate, Problem):
            return crate
        found = crate.whole if place.inside is None else _inside(crate, place.inside)
        if found is None:
            return problems.missing_list(place.path, place.inside or "", tuple(crate.lists))
        return crate.kind, found


def _inside(crate: Crate, inside: str) -> TrackList | None:
    """Give a crate's list by its address, or by its name where that is one list's only."""
    if inside in crate.lists:
        return crate.lists[inside]
    named = [one for one in crate.lists.values() if one.name == inside]
    return named[0] if len(named) == 1 else None


def _suffix(path: Path) -> Suffix | None:
    return LIST_SUFFIXES.get(path.suffix.lower())


def _parsed(path: Path, content: bytes) -> tuple[str, TrackList | None]:
    match _suffix(path):
        case Suffix.M3U:
            return "m3u", m3u.parse(content)
        case Suffix.TABLE:
            return "csv", table.parse(content)
        case _:
            return _parsed_text(content)


def _parsed_text(content: bytes) -> tuple[str, TrackList | None]:
    """Take a text for a table where its first line says so, as rekordbox and iTunes export; else for addresses."""
    head = text.decode(content).lstrip().partition("\n")[0]
    if "\t" in head and (found := table.parse(content)):
        return "csv", found
    listed = urls.parse(content)
    return "urls", listed if listed.rows else None


def _crate_kind(path: Path) -> str | None:
    with path.open("rb") as content:
        head = content.read(_HEAD_BYTES).replace(b"\0", b"")
    found = _ROOT.search(re.sub(rb"<[?!].*?>", b"", head, flags=re.DOTALL))
    tag = found["tag"].decode("ascii", "replace") if found else ""
    return {rekordbox.ROOT_TAG: "rekordbox", itunes.ROOT_TAG: "itunes"}.get(tag)


def _read_crate(path: Path) -> Crate | Problem:
    if _suffix(path) is Suffix.TABLE:
        read = _bounded(path)
        return read if isinstance(read, Problem) else table.split(read) or problems.no_list(path)
    kind = _crate_kind(path)
    if kind is None or path.stat().st_size > CRATE_BYTES_MAX:
        return problems.no_list(path)
    try:
        with path.open("rb") as content:
            return rekordbox.read(content) if kind == "rekordbox" else itunes.read(content)
    except (expat.ExpatError, safe_xml.UnsafeXMLError) as error:
        return problems.broken(path, str(error))


def _bounded(path: Path) -> bytes | Problem:
    with path.open("rb") as content:
        read = content.read(LIST_BYTES_MAX + 1)
    return read if len(read) <= LIST_BYTES_MAX else problems.no_list(path)
