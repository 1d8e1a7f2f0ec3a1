"""Removal: a file moves to the trash with a line that says where it was, so that it can be put back.

There is no permanent delete here, and no way to empty the trash (design: deletions).
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from engine.targets.library.placing import sync_folder

MANIFEST = "manifest.jsonl"
_ID_LENGTH = 8  # of an action id, in a folder's name


class TrashedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a manifest: what was moved, from where, when, and for which action."""

    path: str
    key: str
    action_id: str
    trashed_us: int
    size_bytes: int
    file_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Why a file is moved away."""

    path: str  # relative to the root
    key: str
    action_id: str
    now_us: int


def move_to_trash(
    file: Path, trash: Path, removal: Removal, *, rename: Callable[[Path, Path], object] = os.rename
) -> Path:
    """Move a file to the trash, its manifest line first, and give where it lies now."""
    instant = datetime.fromtimestamp(removal.now_us / 1_000_000, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = trash / f"{instant}-{removal.action_id[:_ID_LENGTH]}"
    while os.path.lexists(folder / removal.path):
        folder = folder.with_name(f"{folder.name}-again")
    target = folder / removal.path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = _digest(file)
    line = TrashedFile(
        path=removal.path,
        key=removal.key,
        action_id=removal.action_id,
        trashed_us=removal.now_us,
        size_bytes=file.stat().st_size,
        file_sha256=digest,
    )
    with (folder / MANIFEST).open("ab") as manifest:
        manifest.write(msgspec.json.encode(line) + b"\n")
        manifest.flush()
        os.fsync(manifest.fileno())
    _move(file, target, digest, rename)
    return target


def _move(file: Path, target: Path, digest: str, rename: Callable[[Path, Path], object]) -> None:
    try:
        rename(file, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_over(file, target, digest)
    sync_folder(target.parent)
    sync_folder(file.parent)


def _carry_over(file: Path, target: Path, digest: str) -> None:
    """Move to another filesystem: the copy is proved before the file goes."""
    draft = target.with_name(f"{target.name}.partial")
    shutil.copy2(file, draft)
    with draft.open("rb") as copied:
        os.fsync(copied.fileno())
    if _digest(draft) != digest:
        raise OSError(errno.EIO, "the copy in the trash differs from the file", str(draft))
    draft.rename(target)
    sync_folder(target.parent)
    file.unlink()


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def was_trashed(trash: Path, action_id: str) -> bool:
    """Say whether an action's file is in the trash, by its manifest line and the file itself."""
    for manifest in trash.glob(f"*-{action_id[:_ID_LENGTH]}*/{MANIFEST}"):
        for text in manifest.read_bytes().splitlines():
            line = _line(text)
            if line is not None and line.action_id == action_id and (manifest.parent / line.path).exists():
                return True
    return False


def _line(text: bytes) -> TrashedFile | None:
    """Read one line; one cut short by a crash was written before anything moved."""
    try:
        return msgspec.json.decode(text, type=TrashedFile)
    except msgspec.DecodeError:
        return None
