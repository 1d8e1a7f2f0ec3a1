"""One file of ours taking the place of another, which goes to the trash: the library is never without either (I45).

Under one name, the trash holds the old file before the new one appears over it in one step; under two names, the new
one is placed before the old one goes. What stands there must be what was named, by its hash, until the last moment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.domain.crash import CrashPoint, Reached
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Action
from engine.domain.value import FieldValue
from engine.ports import MediaTools
from engine.targets.library.audio_scan import file_sha256
from engine.targets.library.placing import located, place, sync_folder
from engine.targets.library.root import LibraryConfig
from engine.targets.library.trash import Removal, copy_to_trash, move_to_trash, trashed

PLAN_AGAIN_HINT = "nothing was moved; the next plan looks at what is there now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A file that another takes the place of.

    Attributes:
        path: where it stands or stood, relative to the root.
        hashes: the SHA-256 of what may be moved away, and nothing else may.
        standing: where it stands, as it is spelled there; None once it lies in the trash.
        profile: the format profile it was made for.
        removal: how it goes to the trash.
    """

    path: str
    hashes: frozenset[str]
    standing: Path | None
    profile: str | None
    removal: Removal

    def is_still(self, real: Path) -> bool:
        """Whether a file is the one that may be moved away."""
        return real.is_file() and not real.is_symlink() and file_sha256(real) in self.hashes

    def leave(self, trash: Path, *, successor: Path) -> None:
        """Let it go to the trash once its successor stands under another name, if it has not gone yet."""
        if self.standing is not None and self.standing != successor and self.is_still(self.standing):
            move_to_trash(self.standing, trash, self.removal)


def outgoing_of(
    config: LibraryConfig, action: Action, media: MediaTools, now_us: int
) -> tuple[Outgoing, ...] | Problem:
    """Give the files an action replaces, one or none for most, or why they are not to be replaced.

    Raises:
        OSError: the library or its trash cannot be read.
    """
    written = action.written
    paths, hashes = _texts(written.get("replaces")), frozenset(_texts(written.get("replaced_sha256")))
    if not paths and not hashes:
        return ()
    if not paths or not hashes:
        detail = "a file is replaced by its path and its hash, and one of them is missing"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=PLAN_AGAIN_HINT)
    found: list[Outgoing] = []
    for path in paths:
        outgoing = _outgoing(config, action, path, hashes, media, now_us)
        if isinstance(outgoing, Problem):
            return outgoing
        found.append(outgoing)
    return tuple(found)


def swap(trash: Path, incoming: Path, target: Path, outgoing: Outgoing, reached: Reached) -> bool:
    """Put a finished file of the same filesystem in the place of another; False when either is not as it was.

    Args:
        trash: where the other one goes.
        incoming: the file, durable or not.
        target: the name it gets: the other one's, or a free one.
        outgoing: the other one; it stands.
        reached: called at crash points.
    """
    standing = outgoing.standing
    if standing is None or not outgoing.is_still(standing):
        return False
    if target != standing:
        if not place(incoming, target):
            return False
        reached(CrashPoint.AFTER_FILE_MOVED)
        move_to_trash(standing, trash, outgoing.removal)
        return True
    copy_to_trash(standing, trash, outgoing.removal)
    with incoming.open("rb") as file:
        os.fsync(file.fileno())
    reached(CrashPoint.AFTER_FILE_MOVED)
    incoming.replace(standing)
    sync_folder(standing.parent)
    return True


def _outgoing(
    config: LibraryConfig, action: Action, path: str, hashes: frozenset[str], media: MediaTools, now_us: int
) -> Outgoing | Problem:
    removal = Removal(path=path, key=action.key, action_id=action.action_id, now_us=now_us)
    real = located(config.root, path)
    if real is not None and file_sha256(real) in hashes:
        if media.identity(real) != action.key:
            detail = f"{path} is not a file of this recording, so nothing takes its place"
            return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=PLAN_AGAIN_HINT)
        return Outgoing(path=path, hashes=hashes, standing=real, profile=media.profile(real), removal=removal)
    for each in trashed(config.trash, action.action_id):
        if each.line.path == path and each.line.file_sha256 in hashes and each.present:
            profile = media.profile(each.file)
            return Outgoing(path=path, hashes=hashes, standing=None, profile=profile, removal=removal)
    detail = f"{path} is not there as it was planned to be replaced"
    return Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=PLAN_AGAIN_HINT)


def _texts(value: FieldValue) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()
