"""The trash: a file moves there with a line that says where it was, so that it can be found and put back.

There is no permanent delete here, and no way to empty the trash (design: deletions).
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from engine.targets.library.audio_scan import file_sha256
from engine.targets.library.placing import NO_LINKS, sync_folder

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """A line of a manifest, and where its file lies; or lay, when it was put back."""

    line: TrashedFile
    file: Path

    @property
    def present(self) -> bool:
        """Whether the file is in the trash."""
        return self.file.is_file() and not self.file.is_symlink()

    @property
    def whole(self) -> bool:
        """Whether the file in the trash is the one that was put there."""
        return self.present and file_sha256(self.file) == self.line.file_sha256


def trashed(trash: Path, action_id: str | None = None) -> Iterator[Trashed]:
    """Give what was ever put into the trash, by one action or by any; in the order of time.

    Raises:
        OSError: the trash cannot be read.
    """
    pattern = f"*-{action_id[:_ID_LENGTH]}*" if action_id is not None else "*"
    for manifest in sorted(trash.glob(f"{pattern}/{MANIFEST}")):
        for text in manifest.read_bytes().splitlines():
            line = _line(text)
            if line is not None and action_id in (None, line.action_id):
                yield Trashed(line=line, file=manifest.parent / line.path)


def was_trashed(trash: Path, action_id: str) -> bool:
    """Say whether an action's file is in the trash, by its manifest line and the file itself."""
    return any(each.present for each in trashed(trash, action_id))


def move_to_trash(
    file: Path, trash: Path, removal: Removal, *, rename: Callable[[Path, Path], object] = os.rename
) -> Path:
    """Move a file to the trash, its manifest line first, and give where it lies now."""
    digest = file_sha256(file)
    target = _kept_already(trash, removal, digest)
    if target is not None:  # an earlier attempt died before the file went
        file.unlink()
    else:
        target = _announced(file, trash, removal, digest)
        _move(file, target, digest, rename)
    sync_folder(file.parent)
    return target


def copy_to_trash(file: Path, trash: Path, removal: Removal, *, link: Callable[[Path, Path], object] = os.link) -> Path:
    """Let the trash hold a file that stays where it is until another takes its place, and give where."""
    digest = file_sha256(file)
    target = _kept_already(trash, removal, digest)
    if target is not None:
        return target
    target = _announced(file, trash, removal, digest)
    try:
        link(file, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        proven_copy(file, target, digest)
    sync_folder(target.parent)
    return target


def _kept_already(trash: Path, removal: Removal, digest: str) -> Path | None:
    held = (each for each in trashed(trash, removal.action_id) if each.line.path == removal.path)
    return next((each.file for each in held if each.line.file_sha256 == digest and each.whole), None)


def _announced(file: Path, trash: Path, removal: Removal, digest: str) -> Path:
    """Write the manifest's line, and give the free place in the trash that it names."""
    instant = datetime.fromtimestamp(removal.now_us / 1_000_000, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = trash / f"{instant}-{removal.action_id[:_ID_LENGTH]}"
    while os.path.lexists(folder / removal.path):
        folder = folder.with_name(f"{folder.name}-again")
    target = folder / removal.path
    target.parent.mkdir(parents=True, exist_ok=True)
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
    return target


def _move(file: Path, target: Path, digest: str, rename: Callable[[Path, Path], object]) -> None:
    try:
        rename(file, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        proven_copy(file, target, digest)
        file.unlink()
    sync_folder(target.parent)


def proven_copy(file: Path, target: Path, digest: str) -> None:
    """Copy a file to a free name, durably; the name appears once the copy was read back."""
    draft = target.with_name(f"{target.name}.partial")
    shutil.copy2(file, draft)
    with draft.open("rb") as copied:
        os.fsync(copied.fileno())
    if file_sha256(draft) != digest:
        raise OSError(errno.EIO, "the copy differs from the file", str(draft))
    draft.rename(target)
    sync_folder(target.parent)


def _line(text: bytes) -> TrashedFile | None:
    """Read one line; one cut short by a crash was written before anything moved."""
    try:
        return msgspec.json.decode(text, type=TrashedFile)
    except msgspec.DecodeError:
        return None
