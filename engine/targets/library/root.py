"""The library's root: a folder that says by a marker file which library it is (F51), and what lies in it.

A folder without its marker is never written to and proves no absence; other programs' stores are not ours (F16).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.domain.errors import UsageError
from engine.domain.failure import FailureClass, Problem

MARKER = ".cratelog-root"
OWN_FOLDER = ".cratelog"  # staging lives here, on the root's own filesystem
STORE_SUFFIX = ".library"
"""Eagle keeps its own files in `*.library` folders; nothing there is scanned, written or moved."""

_SYSTEM_FOLDERS = frozenset({"$RECYCLE.BIN", "System Volume Information"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryConfig:
    """Where the library lies.

    Attributes:
        root: the folder people see.
        trash: where removed files go; never scanned.
        identity: the id the root's marker must carry; None takes any.
    """

    root: Path
    trash: Path
    identity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file below the root: its path as the journal writes it, and what the filesystem says of it."""

    path: str  # relative, NFC, forward slashes
    real: Path  # as the filesystem spells it
    size_bytes: int
    mtime_ns: int


def init_root(config: LibraryConfig, identity: str) -> str:
    """Make a folder a library root, or keep the one it is, and give its id.

    Raises:
        UsageError: the folder lies in another program's store.
    """
    if _in_store(config.root):
        raise UsageError(
            f"{config.root} lies in a {STORE_SUFFIX} folder of another program", hint="choose a folder of its own"
        )
    config.root.mkdir(parents=True, exist_ok=True)
    marker = config.root / MARKER
    known = identity_of(config.root)
    if known is None:
        with marker.open("x") as file:
            file.write(f"{identity}\n")
            file.flush()
            os.fsync(file.fileno())
    return known or identity


def identity_of(root: Path) -> str | None:
    """Give the id a root's marker carries, or nothing when there is no marker."""
    try:
        return (root / MARKER).read_text(errors="replace").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def standing(config: LibraryConfig, expected: str | None) -> str | Problem:
    """Give the root's id when it is there and the one expected, or the problem."""
    if _in_store(config.root):
        return Problem(
            failure=FailureClass.WRONG_LIBRARY,
            detail=f"{config.root} lies in a {STORE_SUFFIX} folder of another program",
            hint="choose a folder of its own",
        )
    try:
        identity = identity_of(config.root)
    except OSError as error:
        hint = "make yourself the owner of the library folder"
        detail = f"the library's marker cannot be read: {error}"
        return Problem(failure=FailureClass.PERMISSION, detail=detail, hint=hint)
    if identity is None:
        there = "has no marker" if config.root.is_dir() else "is not there"
        return Problem(
            failure=FailureClass.ROOT_MISSING,
            detail=f"the library folder {config.root} {there}",
            hint="mount its volume; if it is new, make it a library with `sync init`",
        )
    wanted = config.identity or expected
    if wanted is not None and identity != wanted:
        return Problem(
            failure=FailureClass.WRONG_LIBRARY,
            detail=f"{config.root} is library {identity}, not {wanted}",
            hint="mount the right volume, or change the library's root in the settings",
        )
    return identity


def walk(config: LibraryConfig, suffixes: frozenset[str]) -> Iterator[Found]:
    """Give the files of some kinds below the root, always in the same order; follows no links.

    Raises:
        OSError: a folder cannot be listed, so that nothing may be concluded from what was not seen.
    """
    trash = _normal(config.trash)
    folders = [config.root]
    while folders:
        folder = folders.pop()
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and _is_wanted(entry.name, suffixes):
                yield _found(config.root, entry)
        inner = [entry for entry in entries if entry.is_dir(follow_symlinks=False) and not _is_foreign(entry.name)]
        folders += [Path(entry.path) for entry in reversed(inner) if _normal(Path(entry.path)) != trash]


def relative(root: Path, path: Path) -> str:
    """Give a path as the journal writes it."""
    return unicodedata.normalize("NFC", path.relative_to(root).as_posix())


def inside(root: Path, path: str) -> Path | None:
    """Give where a journal path lies, or nothing when it would leave the root or enter a protected place."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        return None
    if any(_is_foreign(part) for part in parts):
        return None
    place = root.joinpath(*parts)
    resolved = place.parent.resolve()
    return place if resolved.is_relative_to(root.resolve()) else None


def _found(root: Path, entry: os.DirEntry[str]) -> Found:
    stat = entry.stat(follow_symlinks=False)
    spelled = os.path.relpath(entry.path, root).replace(os.sep, "/")
    return Found(
        path=unicodedata.normalize("NFC", spelled),
        real=Path(entry.path),
        size_bytes=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
    )


def _is_wanted(name: str, suffixes: frozenset[str]) -> bool:
    return "." + name.rpartition(".")[2].lower() in suffixes and not _is_foreign(name)


def _is_foreign(name: str) -> bool:
    """Whether a name belongs to another program, to a trash can, or to our own workings."""
    return name.lower().endswith(STORE_SUFFIX) or name.startswith(".") or name in _SYSTEM_FOLDERS


def _in_store(root: Path) -> bool:
    return any(part.lower().endswith(STORE_SUFFIX) for part in root.absolute().parts)


def _normal(path: Path) -> str:
    return os.path.normpath(path.absolute())
