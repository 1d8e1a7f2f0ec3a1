"""The tracks that lists and folders name: audio files by their content, everything else by what its row says.

Decodes nothing and writes nothing. What a list once said of an untagged file is kept until its tags say otherwise,
so that two lists, or a list and a folder, cannot contradict each other in every run (I50).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.projections.rows import Sighting
from engine.source_ports import Undescribed
from engine.sources import web, wording
from engine.sources.files import places, problems
from engine.sources.files.contents import Contents
from engine.sources.files.memory import Memory
from engine.sources.files.rows import REF_DIGITS, Row
from engine.sources.files.walk import is_audio

ReadTags: TypeAlias = Callable[[Path], Mapping[str, str]]
"""Gives a file's tags in our words: title, artist, album, genre, isrc, duration_ms; nothing when it has none."""

_UNSAID = Row()


def no_tags(path: Path) -> Mapping[str, str]:
    """Know nothing of a file: what stands in where no tag reader is given."""
    del path
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What a listing showed of one file, kept so that it can be described."""

    path: Path
    sha256: str
    row: Row


class Tracks:
    """Everything that was listed in this process, ready to be described."""

    def __init__(self, contents: Contents, read_tags: ReadTags, memory: Memory) -> None:
        self._contents = contents
        self._read_tags = read_tags
        self._memory = memory
        self._files: dict[str, _Listed] = {}
        self._rows: dict[str, Row] = {}
        self._missing: dict[str, Path] = {}

    def entry(self, row: Row, folder: Path) -> str | Problem:
        """Give the ref of what a list in a folder names; a file that is missing is listed all the same."""
        path = places.find(row.path, folder) if row.path else None
        if row.path and not is_audio(path or Path(row.path)):
            return problems.unsupported(path or Path(row.path))
        if path:
            return self.file(path.resolve(), row)
        gone = places.expected(row.path, folder) if row.path else None
        known = self._memory.track_at(str(gone)) if gone else None
        if gone and known:
            self._missing[known] = gone
            return known
        ref = row.ref()
        self._rows[ref] = row
        return ref

    def file(self, path: Path, row: Row = _UNSAID) -> str | Problem:
        """Give a file's ref and remember where it is; a copy of it elsewhere is the same track."""
        if not _is_text(path):
            hint = "Rename it: its name is no valid Unicode."
            return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path!r} cannot be named", hint=hint)
        sha256 = self._contents.sha256(path)
        if isinstance(sha256, Problem):
            return sha256
        ref = f"file:track:{sha256[:REF_DIGITS]}"
        self._files[ref] = _Listed(path=path, sha256=sha256, row=row)
        return ref

    def describe(self, ref: str) -> TrackSeen | Undescribed:
        """Give what tags, lists and names say of one ref."""
        if listed := self._files.get(ref):
            return self._describe_file(ref, listed)
        if row := self._rows.get(ref):
            return _describe_row(ref, row)
        if gone := self._missing.get(ref):
            return problems.missing_file(ref, gone)
        return problems.undescribed(ref, f"{ref} was not listed in this run")

    def _describe_file(self, ref: str, listed: _Listed) -> TrackSeen | Undescribed:
        if self._contents.sha256(listed.path) != listed.sha256:
            return problems.undescribed(ref, f"{listed.path} has changed since it was listed")
        tags = {name: wording.clean(text) for name, text in self._read_tags(listed.path).items()}
        before, row = self._memory.track(ref), listed.row
        artist, title = _names(listed, before, tags.get("title"))
        duration = tags.get("duration_ms") or ""
        return TrackSeen(
            ref=ref,
            title=tags.get("title") or title,
            url=listed.path.as_uri(),
            artist=tags.get("artist") or artist,
            album=tags.get("album") or (before and before.album) or row.album,
            genre=tags.get("genre") or (before and before.genre) or row.genre,
            label=(before and before.label) or row.label,
            isrc=wording.isrc(tags.get("isrc")) or (before and before.isrc) or row.isrc,
            release_date=(before and before.release_date) or row.release_date,
            duration_ms=int(duration) if duration.isdecimal() and int(duration) > 0 else None,
            local_path=str(listed.path),
            content_sha256=listed.sha256,
        )


def _names(listed: _Listed, before: Sighting | None, tagged: str | None) -> tuple[str | None, str]:
    """Give the artist and the title of a file by what was said before, else by its list, else by its name."""
    if before is not None and before.local_path:
        by_name = _by_name(before.local_path)
        if (before.artist, before.title) not in (by_name, (by_name[0], tagged)):
            return before.artist, before.title
    if listed.row.title:
        return listed.row.artist, listed.row.title
    return _by_name(str(listed.path))


def _by_name(path: str) -> tuple[str | None, str]:
    shown = shown_name(Path(path))
    return wording.credit(shown) or (None, shown)


def _describe_row(ref: str, row: Row) -> TrackSeen:
    """Describe a row by itself alone: the same row says the same wherever it stands."""
    named = web.shown_name(row.address) if row.address else places.stem(row.path or "")
    shown = wording.clean(named) or row.isrc or "Untitled"
    artist, title = (row.artist, row.title) if row.title else wording.credit(shown) or (row.artist, shown)
    audible = row.address is not None and web.gives_audio(row.address)
    return TrackSeen(
        ref=ref,
        title=title,
        url=row.address or "",
        artist=artist,
        album=row.album,
        genre=row.genre,
        label=row.label,
        isrc=row.isrc,
        release_date=row.release_date,
        duration_ms=row.duration_ms,
        artwork_url=row.artwork_url,
        credits=row.credits,
        explicit=row.explicit,
        availability=Availability.AVAILABLE if audible else Availability.METADATA_ONLY,
    )


def shown_name(path: Path) -> str:
    """Give what to call a file of which only the name is known."""
    return wording.clean(path.stem) or path.name


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
