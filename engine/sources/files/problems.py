"""What stands in the way of seeing files, as problems with their way out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Undescribed


def first_of(found: Sequence[Problem]) -> Problem | None:
    """Let one problem stand for all, and say how many there are."""
    if not found:
        return None
    first = found[0]
    others = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return Problem(failure=first.failure, detail=first.detail + others, hint=first.hint)


def undescribed(ref: str, detail: str) -> Undescribed:
    """Say that nothing is known of a ref, and that this proves nothing."""
    problem = Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint="List its folder or playlist again.")
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def missing_root(root: Path) -> Problem:
    """Name a root that is not there."""
    hint = "Mount its volume or correct the path; nothing is concluded from its absence."
    return Problem(failure=FailureClass.ROOT_MISSING, detail=f"{root} is not there", hint=hint)


def closed(root: Path) -> Problem:
    """Name a root that is never scanned."""
    hint = "Our own library and other programs' stores are never read as a source; choose another folder."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{root} is not scanned", hint=hint)


def unsupported(path: Path) -> Problem:
    """Name a file that is neither audio nor a playlist."""
    hint = "Name a folder, an M3U or M3U8, or an audio file."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path} is no audio and no playlist", hint=hint)
