"""What stands in the way of seeing files, as problems with their way out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Undescribed
from engine.sources.files.rows import BadLine

SHOWN_MAX = 8


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


def missing_root(root: Path, *, on_share: bool = False) -> Problem:
    """Name a root that is not there; one on another machine is found only where its share is mounted here."""
    hint = "Mount its volume or correct the path; nothing is concluded from its absence."
    if on_share:
        hint = "Mount the share, and follow the path at which it lies here; nothing is concluded from its absence."
    return Problem(failure=FailureClass.ROOT_MISSING, detail=f"{root} is not there", hint=hint)


def closed(root: Path) -> Problem:
    """Name a root that is never scanned."""
    hint = "Our own library and other programs' stores are never read as a source; choose another folder."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{root} is not scanned", hint=hint)


def unsupported(path: Path) -> Problem:
    """Name a file that is neither audio nor a list."""
    hint = "Name a folder, an audio file, or a list: M3U, CSV, rekordbox or iTunes XML, addresses in a text."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path} is no audio and no list", hint=hint)


def no_list(path: Path) -> Problem:
    """Name a file that looks like a list and holds none."""
    hint = "A table needs a header that names a title, an address or a Spotify id; a text, one address a line."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path} holds no list that can be read", hint=hint)


def no_file(path: Path) -> Problem:
    """Name what looks like a file and is a pipe, a device or a socket."""
    hint = "Name a folder, an audio file or a list."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path} is no file", hint=hint)


def empty(path: Path) -> Problem:
    """Name a list of no bytes: what a program leaves that was stopped, or has only begun, while it wrote."""
    hint = "Export it again; nothing is concluded from it."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path} is empty", hint=hint)


def emptied(folder: Path) -> Problem:
    """Name a folder of lists that holds none any more."""
    hint = "Mount its volume, or put the lists back; nothing is concluded from their absence."
    return Problem(failure=FailureClass.ROOT_MISSING, detail=f"{folder} holds no list any more", hint=hint)


def growing(path: Path) -> Problem:
    """Name a list that lacks rows it had and was written to a moment ago."""
    hint = "Run again when it has been left alone for two seconds; nothing is concluded from what it lacks."
    detail = f"{path} lacks entries it had, and is still being written"
    return Problem(failure=FailureClass.WRITE_CONFLICT, detail=detail, hint=hint)


def unnamable(address: str, why: str) -> Problem:
    """Name an address that can be no path here."""
    hint = "Give the path of a folder, an audio file or a list."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{address[:200]!r} is no path: {why}", hint=hint)


def broken(path: Path, why: str) -> Problem:
    """Name an XML file that cannot be read."""
    hint = "Export it again; nothing is concluded from it."
    return Problem(failure=FailureClass.GARBAGE, detail=f"{path} cannot be read: {why}", hint=hint)


def missing_list(path: Path, inside: str, there: Sequence[str]) -> Problem:
    """Name a playlist that is not in its crate any more."""
    known = ", ".join(sorted(there)[:SHOWN_MAX]) or "none"
    hint = f"In it are: {known}. Follow the file itself for all of them; nothing is concluded from its absence."
    return Problem(failure=FailureClass.NOT_FOUND, detail=f"{path.name} holds no playlist “{inside}”", hint=hint)


def bad_lines(path: Path, inside: str | None, bad: Sequence[BadLine]) -> Problem:
    """Name the first line, or entry of a crate's list, that could not be read, and say how many there are."""
    first = bad[0]
    others = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
    where = f"{path.name}, line {first.line}" if inside is None else f"{path.name}, “{inside}”, entry {first.line}"
    detail = f"{where}: {first.why}{others}"
    hint = "Correct it or take it out; the others went on, and nothing is concluded from these."
    return Problem(failure=FailureClass.UNSUPPORTED, detail=detail, hint=hint)


def missing_file(ref: str, path: Path) -> Undescribed:
    """Say that the file of a track that was seen before is not where it was, and what that proves."""
    if path.parent.is_dir():
        hint = "Put it back, or take it out of the list; the copy in the library stays as it is."
        problem = Problem(failure=FailureClass.NOT_FOUND, detail=f"{path} is not there any more", hint=hint)
        return Undescribed(ref=ref, availability=Availability.GONE, problem=problem)
    hint = "Mount its volume; nothing is concluded from its absence."
    problem = Problem(failure=FailureClass.ROOT_MISSING, detail=f"{path.parent} is not there", hint=hint)
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def unmatched(pattern: str) -> Problem:
    """Name a pattern that no list matches."""
    hint = "Check the pattern; in quotes, so that the shell leaves it alone. Nothing is concluded from it."
    return Problem(failure=FailureClass.ROOT_MISSING, detail=f"no list matches {pattern}", hint=hint)


def renamed(old: Path, new: Path) -> Problem:
    """Name a list that is not there, and the one beside it that holds the same."""
    hint = f"`sync follow {new}`: it holds the same and becomes the same playlist."
    return Problem(
        failure=FailureClass.ROOT_MISSING, detail=f"{old} is not there; {new.name} holds the same", hint=hint
    )
