"""Anchors: the journal's head, noted outside the database, so that a tail cut off shows.

A line per anchor, each fsynced; a last line without its newline is one that a crash cut short and is left out.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from engine.domain.canonical import canonical
from engine.domain.crash import CrashPoint, Reached
from engine.domain.errors import IntegrityError, StorageError
from engine.domain.value import Value


class Anchor(Value, frozen=True):
    """Where the journal ended at a time."""

    seq: int
    hash: str
    recorded_us: int


def write_anchor(path: Path, anchor: Anchor, reached: Reached) -> None:
    """Note an anchor durably.

    Raises:
        StorageError: the disk does not take it.
    """
    try:
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        with path.open("ab") as file:
            file.write((b"\n" if torn else b"") + canonical(anchor) + b"\n")
            file.flush()
            reached(CrashPoint.BEFORE_ANCHOR_FSYNC)
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}", hint="Check free space and permissions.") from error


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Give every anchor that was written whole; none when there is no file.

    Raises:
        IntegrityError: a line in the middle is not an anchor.
    """
    if not path.exists():
        return ()
    decoder = msgspec.json.Decoder(Anchor)
    lines = path.read_bytes().split(b"\n")
    anchors = []
    for number, line in enumerate(lines, 1):
        try:
            anchors.append(decoder.decode(line))
        except msgspec.DecodeError as error:
            # A crash leaves a torn line, which the next anchor's newline closes; it never holds a whole object.
            if not line or not line.endswith(b"}"):
                continue
            raise IntegrityError(
                f"{path} line {number}: {error}", hint="Somebody edited the anchors; compare them with a backup."
            ) from error
    return tuple(anchors)
