"""Makes a consistent copy of a journal while others write to it, and proves the copy before naming it.

The copy appears under its name whole or not at all. It is never made over an existing file.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.domain.errors import IntegrityError, UsageError
from engine.journal.connection import open_reader
from engine.journal.faults import fault

PAGES_PER_STEP = 2000
"""How much is copied between two looks at other writers: 8 MB."""


def backup(path: Path, copy: Path) -> Path:
    """Copy a journal to a new file, check the copy, and give its path.

    Raises:
        UsageError: there is a file of that name.
        IntegrityError: the copy is not sound, so the original is not either.
        StorageError: the disk does not take it.
    """
    if copy.exists():
        raise UsageError(f"{copy} is there already", hint="Name a file that does not exist yet.")
    copy.parent.mkdir(parents=True, exist_ok=True)
    staged = copy.with_name(f".{copy.name}.{os.getpid()}.part")
    try:
        _copied(path, staged)
        staged.replace(copy)
    except sqlite3.Error as error:
        raise fault(error, path) from error
    finally:
        staged.unlink(missing_ok=True)
    _settle(copy.parent)
    return copy


def _copied(path: Path, staged: Path) -> None:
    staged.unlink(missing_ok=True)
    with closing(open_reader(path)) as source, closing(sqlite3.connect(staged)) as target:
        source.backup(target, pages=PAGES_PER_STEP, sleep=0.0)
        # A copy in its own right: readable from read-only media, with no log beside it.
        target.execute("PRAGMA journal_mode = DELETE").fetchall()
        said = target.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise IntegrityError(f"{path}: the copy is not sound: {said}", hint="Run `sync verify`; keep older backups.")
    with staged.open("rb") as file:
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
