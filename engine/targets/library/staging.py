"""Where files wait until they are whole: a folder per action on the root's own filesystem, cleared if left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.targets.library.root import OWN_FOLDER

ABANDONED_AFTER_US = 24 * 3600 * 1_000_000
"""No download takes a day; what is older belongs to a process that died."""


def staging_of(root: Path, action_id: str, now_us: int) -> Path:
    """Give an action's staging folder, empty, and clear away what processes that died left behind."""
    shelf = root / OWN_FOLDER / "staging"
    ours = shelf / action_id
    shutil.rmtree(ours, ignore_errors=True)
    for folder in sorted(shelf.iterdir()) if shelf.is_dir() else []:
        if _is_abandoned(folder, now_us):
            shutil.rmtree(folder, ignore_errors=True)
    return ours


def _is_abandoned(folder: Path, now_us: int) -> bool:
    try:
        return now_us - folder.stat().st_mtime_ns // 1000 > ABANDONED_AFTER_US
    except OSError:  # another worker has just cleared it
        return False
