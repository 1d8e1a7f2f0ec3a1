"""Where files wait until they are whole: a folder per attempt on the root's own filesystem, with its owner's name.

What processes that died left behind is cleared; the folder of one that lives, or may live, is never touched.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.ports import Processes
from engine.targets.library.root import OWN_FOLDER

OWNER_NAME = "owner"
FILES_NAME = "files"

NAMELESS_FOR_US = 24 * 3600 * 1_000_000
"""A folder gets its owner's name right after it is made; without one for a day, its maker died in between."""

SILENT_FOR_US = 30 * NAMELESS_FOR_US
"""An owner on another machine cannot be asked; no download takes a month."""


@contextmanager
def staging(root: Path, action_id: str, processes: Processes, now_us: int) -> Iterator[Path]:
    """Give an empty place for one attempt's files, and clear away what processes that died left behind.

    Raises:
        OSError: the disk does not take it.
    """
    clear_staging(root, processes, now_us)
    owner = processes.ourselves()
    ours = _shelf(root) / f"{action_id}.{hashlib.sha256(owner.encode()).hexdigest()[:8]}"
    shutil.rmtree(ours, ignore_errors=True)
    try:
        ours.mkdir(parents=True)
        (ours / OWNER_NAME).write_text(owner, encoding="utf-8")
        yield ours / FILES_NAME
    finally:
        shutil.rmtree(ours, ignore_errors=True)


def clear_staging(root: Path, processes: Processes, now_us: int) -> None:
    """Clear away what processes that died left behind.

    Raises:
        OSError: the disk does not give it.
    """
    shelf = _shelf(root)
    for folder in sorted(shelf.iterdir()) if shelf.is_dir() else []:
        if _is_abandoned(folder, processes, now_us):
            shutil.rmtree(folder, ignore_errors=True)


def _shelf(root: Path) -> Path:
    return root / OWN_FOLDER / "staging"


def _is_abandoned(folder: Path, processes: Processes, now_us: int) -> bool:
    try:
        age_us = now_us - folder.stat().st_mtime_ns // 1000
        named = folder / OWNER_NAME
        owner = named.read_text(encoding="utf-8", errors="replace") if named.is_file() else None
    except OSError:  # another worker has just cleared it
        return False
    if owner is None:
        return age_us > NAMELESS_FOR_US
    return owner != processes.ourselves() and (processes.is_dead(owner) or age_us > SILENT_FOR_US)
