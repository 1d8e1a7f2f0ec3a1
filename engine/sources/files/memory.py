"""What is remembered of lists and files that were seen before: from the journal, which alone survives a process.

Only asks; what it gives decides which playlist a renamed list is, and which track stood where a file is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from typing_extensions import override

from engine.ports import Journal
from engine.projections.rows import Sighting

_OURS = "file:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenList:
    """A playlist of this source as it was last listed."""

    url: str
    entries: tuple[str, ...]


class Memory(Protocol):
    """What was seen in earlier runs."""

    def lists(self) -> Mapping[str, SeenList]:
        """Give the playlists of this source, by ref."""
        ...

    def track_at(self, path: str) -> str | None:
        """Give the ref of the track that was last seen at an absolute path."""
        ...

    def track(self, ref: str) -> Sighting | None:
        """Give what was last seen of a track."""
        ...


class NoMemory(Memory):
    """Remembers nothing: every run is the first."""

    @override
    def lists(self) -> Mapping[str, SeenList]:
        return {}

    @override
    def track_at(self, path: str) -> str | None:
        return None

    @override
    def track(self, ref: str) -> Sighting | None:
        return None


class JournalMemory(Memory):
    """Remembers what the journal holds; opens it when something is asked for first."""

    def __init__(self, journal: Callable[[], Journal]) -> None:
        self._journal = journal

    @override
    def lists(self) -> Mapping[str, SeenList]:
        rows = self._journal().state(only=("playlists",)).playlists
        seen = {ref: row for ref, row in rows.items() if row.seen and ref.startswith(_OURS)}
        return {ref: SeenList(url=row.url, entries=row.entries) for ref, row in seen.items()}

    @override
    def track_at(self, path: str) -> str | None:
        return self._places.get(path)

    @override
    def track(self, ref: str) -> Sighting | None:
        row: Sighting | None = self._journal().row("sightings", ref)
        return row if row is not None and row.described else None

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """Paths as the process found them: only asked for where files are missing, and then for many of them."""
        rows = self._journal().state(only=("sightings",)).sightings.values()
        found = sorted((row for row in rows if row.local_path), key=lambda row: row.last_seq)
        return {row.local_path: row.ref for row in found if row.local_path}
