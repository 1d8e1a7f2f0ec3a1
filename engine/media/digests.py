"""Digests of audio, remembered between runs by path, size and time of change, so that bytes are read once.

The file of remembered ones is a cache: whatever is wrong with it, digests are made again.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

from engine.media.payload import payload_digest

_WRITTEN_EVERY = 200  # new digests; a first look at a large folder that is stopped keeps most of its work
_VERSION = 1


class AudioDigests:
    """Digests of encoded audio; call it with a path.

    Args:
        remembered: where they are kept; nothing is kept without it.
    """

    def __init__(self, remembered: Path | None) -> None:
        self._file = remembered
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, int, str]] | None = None
        self._new = 0

    def __call__(self, path: Path) -> str | None:
        """Give the digest of a file's audio, tags left out, or nothing when it cannot be told.

        Raises:
            OSError: the file cannot be read.
        """
        status = path.stat()
        stamp = (status.st_size, status.st_mtime_ns)
        with self._lock:
            if self._known is None:
                self._known = self._read()
            kept = self._known.get(str(path))
        if kept is not None and kept[:2] == stamp:
            return kept[2]
        digest = payload_digest(path)
        if digest is not None:
            self._keep(str(path), (*stamp, digest))
        return digest

    def save(self) -> None:
        """Write down what is new."""
        with self._lock:
            if self._new:
                self._write()

    def _keep(self, path: str, entry: tuple[int, int, str]) -> None:
        with self._lock:
            assert self._known is not None
            self._known[path] = entry
            self._new += 1
            if self._new >= _WRITTEN_EVERY:
                self._write()

    def _read(self) -> dict[str, tuple[int, int, str]]:
        if self._file is None:
            return {}
        try:
            parsed = json.loads(self._file.read_bytes())
            if parsed["version"] != _VERSION:
                return {}
            return {
                str(path): (int(size), int(mtime), str(digest))
                for path, (size, mtime, digest) in parsed["files"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        self._new = 0
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps({"version": _VERSION, "files": self._known}), encoding="utf-8")
            fresh.replace(self._file)
        except (OSError, ValueError):
            return
