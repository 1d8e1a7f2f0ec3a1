"""Putting a finished file under its final name, whole or not at all (I55), and never over another file.

The staged file lies on the same filesystem, so that the name appears in one step; both the file and its folder
are durable before anybody is told.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from engine.domain.names import folded
from engine.targets.library.root import inside

NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EXDEV, errno.EMLINK, errno.ENOSYS})
"""How filesystems without hard links, such as a DJ's exFAT stick, refuse one."""


def make_folders(root: Path, folder: Path) -> Path:
    """Make a folder below the root and give it as it is spelled there, meeting names that differ only in form (P18)."""
    place = root
    for part in folder.relative_to(root).parts:
        spelled = spelling(place, part) or part
        place = place / spelled
        place.mkdir(exist_ok=True)
    return place


def spelling(folder: Path, name: str) -> str | None:
    """Give how an entry that folds like `name` is spelled in a folder, or nothing when there is none."""
    if not folder.is_dir():
        return None
    if os.path.lexists(folder / name):
        return name
    wanted = folded(name)
    return next((each.name for each in sorted(folder.iterdir()) if folded(each.name) == wanted), None)


def spelled_folder(root: Path, folder: Path) -> Path | None:
    """Give a folder below the root as it is spelled there, or nothing when there is none."""
    spot = root
    for part in folder.relative_to(root).parts:
        name = spelling(spot, part)
        if name is None:
            return None
        spot = spot / name
    return spot if spot.is_dir() else None


def located(root: Path, path: object) -> Path | None:
    """Give the plain file that lies at a journal path, as it is spelled there; never a link, never outside."""
    spot = inside(root, path) if isinstance(path, str) else None
    folder = spelled_folder(root, spot.parent) if spot is not None else None
    name = spelling(folder, spot.name) if spot is not None and folder is not None else None
    if folder is None or name is None:
        return None
    real = folder / name
    return real if real.is_file() and not real.is_symlink() else None


def place(staged: Path, target: Path, *, link: Callable[[Path, Path], None] = os.link) -> bool:
    """Move a file to a name nobody has, durably; False when somebody had it first."""
    with staged.open("rb") as file:
        os.fsync(file.fileno())
    if not _rename_to_free_name(staged, target, link):
        return False
    sync_folder(target.parent)
    return True


def replace_text(target: Path, text: str, staging: Path) -> None:
    """Give a file new content in one step, durably."""
    write_text(staging, text).replace(target)
    sync_folder(target.parent)


def write_text(staging: Path, text: str) -> Path:
    """Write text to a staged file, durably, and give its path."""
    staging.mkdir(parents=True, exist_ok=True)
    draft = staging / "text"
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def sync_folder(folder: Path) -> None:
    """Make a folder's list of names durable, where the system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some filesystems cannot; then nothing can
            raise
    finally:
        os.close(descriptor)


def _rename_to_free_name(staged: Path, target: Path, link: Callable[[Path, Path], None]) -> bool:
    try:
        link(staged, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if os.path.lexists(target):  # the lease on the library makes us its only writer
            return False
        staged.rename(target)
    else:
        staged.unlink()
    return True
