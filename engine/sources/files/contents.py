"""Identity by content: the digest of a file's audio, else of its bytes, made once per state of the file.

Tags are no content: a file that was tagged anew is the same piece. Never trusts a file that still grows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock

SETTLED_US = 2_000_000
"""A file changed less than this ago may still be written to; copies come in bursts far shorter than that."""

_GROWING = "It is taken once it has been left alone for two seconds."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamp:
    size_bytes: int
    mtime_ns: int


AudioDigest: TypeAlias = Callable[[Path], str | None]
"""Gives the SHA-256 of a file's encoded audio, tags left out, or nothing when it cannot tell; may raise OSError."""


def undigested(path: Path) -> str | None:
    """Know of no audio in a file: what stands in where no digest is given."""
    del path
    return None


class Contents:
    """Hashes of files, kept for as long as the process lives."""

    def __init__(self, clock: Clock, audio_digest: AudioDigest = undigested) -> None:
        self._clock = clock
        self._audio_digest = audio_digest
        self._known: dict[Path, tuple[_Stamp, str]] = {}

    def sha256(self, path: Path) -> str | Problem:
        """Give the hash of a file's audio, or of its bytes, 64 hex digits, or why it has none now."""
        try:
            return self._sha256(path)
        except FileNotFoundError:
            hint = "it was there a moment ago: put it back, or run again"
            return Problem(failure=FailureClass.NOT_FOUND, detail=f"{path} is not there any more", hint=hint)
        except OSError as error:
            hint = "Check the permissions of the file and its folder."
            return Problem(failure=FailureClass.PERMISSION, detail=f"{path} cannot be read: {error}", hint=hint)

    def _sha256(self, path: Path) -> str | Problem:
        before = _stamp(path)
        stamp, known = self._known.get(path, (None, ""))
        if stamp == before:
            return known
        if abs(self._clock.now_us() - before.mtime_ns // 1_000) < SETTLED_US:
            return _growing(path)
        found = self._audio_digest(path) or _of_bytes(path)
        if _stamp(path) != before:
            return _growing(path)
        self._known[path] = (before, found)
        return found


def _of_bytes(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    return _Stamp(size_bytes=status.st_size, mtime_ns=status.st_mtime_ns)


def _growing(path: Path) -> Problem:
    return Problem(failure=FailureClass.WRITE_CONFLICT, detail=f"{path} is still being written", hint=_GROWING)
