"""What of the known renditions lies in the library: a walk that reads only what is new or changed.

A file at its known path with its known size and time is taken as it was. Anything else is asked for our id in its
tags, so that a file a person moved or retagged stays the same rendition. Files without our id are not ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain.events import RenditionReturned
from engine.domain.failure import Problem
from engine.domain.references import rendition_id
from engine.ports import MediaTools
from engine.projections.rows import Rendition
from engine.targets.library.root import Found, LibraryConfig, walk

AUDIO_SUFFIXES = frozenset({".mp3", ".m4a", ".mp4", ".flac", ".ogg", ".opus", ".wav", ".aiff", ".aif"})


@dataclass(slots=True, kw_only=True)
class AudioScan:
    """One walk; gives every known rendition that is there, once."""

    config: LibraryConfig
    media: MediaTools
    known: dict[str, Rendition]  # by rendition id
    seen: set[str] = field(default_factory=set)

    def returned(self) -> Iterator[RenditionReturned]:
        """Give the renditions whose files are there: at their own paths first, then those that moved.

        Raises:
            OSError: something cannot be listed, so that absence may not be concluded.
        """
        by_path = {row.path: row for _, row in sorted(self.known.items())}
        others: list[Found] = []
        for found in walk(self.config, AUDIO_SUFFIXES):
            row = by_path.get(found.path)
            at_home = None if row is None else self._at_home(row, found)
            if at_home is None:
                others.append(found)
            else:
                self.seen.add(at_home.rendition_id)
                yield at_home
        for found in others:
            moved = self._moved(found)
            if moved is not None:
                self.seen.add(moved.rendition_id)
                yield moved

    def _at_home(self, row: Rendition, found: Found) -> RenditionReturned | None:
        if (found.size_bytes, found.mtime_ns) == (row.size_bytes, row.mtime_ns):
            return _unchanged(row)
        identity = self.media.identity(found.real)
        if identity == row.recording_id or (identity is None and self._sounds_alike(row, found)):
            return _hashed(row, found)
        return None

    def _moved(self, found: Found) -> RenditionReturned | None:
        recording = self.media.identity(found.real)
        profile = None if recording is None else self.media.profile(found.real)
        if recording is None or profile is None:
            return None
        row = self.known.get(rendition_id(recording, profile))
        return None if row is None or row.rendition_id in self.seen else _hashed(row, found)

    def _sounds_alike(self, row: Rendition, found: Found) -> bool:
        """Whether a file that lost our tag still holds the audio we know (design: PCM hash beside the tag)."""
        audio = self.media.inspect(found.real)
        return (
            not isinstance(audio, Problem) and audio.pcm_sha256 is not None and audio.pcm_sha256 == row.audio.pcm_sha256
        )


def file_sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hashed(row: Rendition, found: Found) -> RenditionReturned:
    """Hash a file; one that grows meanwhile is there, but what it will be is not known yet (I49)."""
    digest = file_sha256(found.real)
    stat = found.real.stat()
    if (stat.st_size, stat.st_mtime_ns) != (found.size_bytes, found.mtime_ns):
        return _unchanged(row)
    return RenditionReturned(
        rendition_id=row.rendition_id,
        path=found.path,
        size_bytes=found.size_bytes,
        mtime_ns=found.mtime_ns,
        file_sha256=digest,
    )


def _unchanged(row: Rendition) -> RenditionReturned:
    return RenditionReturned(
        rendition_id=row.rendition_id,
        path=row.path,
        size_bytes=row.size_bytes,
        mtime_ns=row.mtime_ns,
        file_sha256=row.file_sha256,
    )
