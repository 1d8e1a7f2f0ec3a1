"""What list files say, whichever program wrote them: rows in order, repeats kept, and lines that say nothing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.canonical import digest

REF_DIGITS = 32
"""Half of a SHA-256: no two rows or files of one person collide, and refs stay readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list that names a piece of music: by a path, by an address, by its name, or by several of them.

    Attributes:
        path: a file, as the list writes it.
        address: a canonical, public address on the web.
        credits: the artists one by one, where the list tells them apart.
    """

    path: str | None = None
    address: str | None = None
    title: str | None = None
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    label: str | None = None
    isrc: str | None = None
    release_date: str | None = None
    duration_ms: int | None = None
    artwork_url: str | None = None
    credits: tuple[str, ...] = ()
    explicit: bool | None = None

    def ref(self) -> str:
        """Give the ref of a row without a file here: by everything it says.

        Rows that say the same are one sighting, wherever their lists lie and whatever those are called; rows that
        differ in anything are two, so that no two lists can contradict each other about one sighting (I50).
        """
        said = (self.path, self.address, self.title, self.artist, self.album, self.genre, self.label, self.isrc)
        more = (self.release_date, self.duration_ms, self.artwork_url, self.credits, self.explicit)
        return f"file:entry:{digest([*said, *more])[:REF_DIGITS]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that names no music we can make out, and why."""

    line: int  # from 1
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackList:
    """One list: its rows in order, repeats kept.

    Attributes:
        native_id: the id the list carries in itself, which outlives its name and its place.
    """

    rows: tuple[Row, ...]
    bad: tuple[BadLine, ...] = ()
    name: str | None = None
    native_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A file that holds several lists.

    Attributes:
        kind: "rekordbox" or "itunes".
        whole: every track of it, whether or not a list names it.
        lists: by what stands after `#` in their addresses, in the order of the file.
    """

    kind: str
    whole: TrackList
    lists: Mapping[str, TrackList] = field(default_factory=dict)
