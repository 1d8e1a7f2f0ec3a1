"""Identity by content: the SHA-256 of a file, read once per state of the file. Never trusts a file that still grows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock

SETTLED_US = 2_000_000
"""A file changed less than this ago may still be written to; copies come in bursts far shorter than that."""

_GROWING = "It is taken once it has been left alone for two seconds."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamp:
    size_bytes: int
    mtime_ns: int


class Contents:
    """Hashes of files, kept for as long as the process lives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[Path, tuple[_Stamp, str]] = {}

    def sha256(self, path: Path) -> str | Problem:
        """Give the hash of a file's bytes, 64 hex digits, or why it has none now."""
        try:
            return self._sha256(path)
        except FileNotFoundError:
            return Problem(failure=FailureClass.NOT_FOUND, detail=f"{path} is not there any more")
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
        with path.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if _stamp(path) != before:
            return _growing(path)
        self._known[path] = (before, found)
        return found


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    return _Stamp(size_bytes=status.st_size, mtime_ns=status.st_mtime_ns)


def _growing(path: Path) -> Problem:
    return Problem(failure=FailureClass.WRITE_CONFLICT, detail=f"{path} is still being written", hint=_GROWING)
