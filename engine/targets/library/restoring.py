"""Putting a file of ours back from the trash to where it was: whole or not at all, and over nobody's file.

What the manifest says of a file is checked before anything moves. Killed anywhere and sent again, it ends the same:
the file is at its path and no longer in the trash.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.domain.crash import CrashPoint, Reached
from engine.domain.events import Event, RemoteSeen, RenditionReturned, RenditionVerified
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Outcome, Present, Probe, Refused
from engine.domain.plan import Action
from engine.domain.recording_events import Audio
from engine.domain.references import rendition_id
from engine.ports import MediaTools
from engine.targets.library.audio_scan import file_sha256
from engine.targets.library.placing import located, make_folders, place, spelled_folder, spelling, sync_folder
from engine.targets.library.playlists import Shelved, read, write
from engine.targets.library.root import LibraryConfig, inside, relative
from engine.targets.library.swapping import PLAN_AGAIN_HINT, Outgoing, outgoing_of, swap
from engine.targets.library.trash import Trashed, proven_copy, trashed

GONE_HINT = "it was moved or deleted by hand; `sync refetch` gets a recording again"
TAKEN_HINT = "move what lies there somewhere else, then run this again"
_EVIDENCE = "it has the hash it was put into the trash with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """An action to restore, read once.

    Attributes:
        place: where the file was and will be.
        found: what the trash says of it, the last time first.
        outgoing: the file that stands in its place now and goes to the trash for it, if any.
    """

    action: Action
    config: LibraryConfig
    place: Path
    found: tuple[Trashed, ...]
    outgoing: Outgoing | None

    @property
    def waiting(self) -> Trashed | None:
        """The file in the trash, if it is there."""
        return next((each for each in self.found if each.present), None)

    @property
    def there(self) -> Path | None:
        """The plain file that lies at the place, whatever it is."""
        return located(self.config.root, self.action.remote_id)

    def leftovers(self, real: Path) -> list[Trashed]:
        """Give what is in the trash of a file that is back: an attempt died in between, or it was copied."""
        digest = file_sha256(real)
        return [each for each in self.found if each.line.file_sha256 == digest and each.whole]

    def is_back(self, real: Path) -> bool:
        """Whether a file is the one that was put into the trash."""
        if file_sha256(real) in {each.line.file_sha256 for each in self.found}:
            return True
        return self.waiting is None and self.playlist(real) is not None  # its text was put right since

    def playlist(self, real: Path) -> Shelved | None:
        """Give a file as the playlist that was to be restored, if it is one."""
        shown = read(self.config.root, real) if self.action.object_kind == "playlist" else None
        return shown if shown is not None and shown.text.ref == self.action.key else None


def read_restoration(config: LibraryConfig, action: Action, media: MediaTools, now_us: int) -> Restoration | Problem:
    """Give what an action restores, or what is wrong with it.

    Raises:
        OSError: the library or its trash cannot be read.
    """
    spot = inside(config.root, action.remote_id) if action.remote_id else None
    if spot is None:
        detail = f"nothing can be restored to {action.remote_id!r}"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=PLAN_AGAIN_HINT)
    outgoing = outgoing_of(config, action, media, now_us)
    if isinstance(outgoing, Problem):
        return outgoing
    if len(outgoing) > 1:
        detail = "a file that is restored takes the place of one other at most"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=PLAN_AGAIN_HINT)
    trashed_by = action.written.get("trashed_by")
    lines = trashed(config.trash, trashed_by if isinstance(trashed_by, str) else None)
    found = [each for each in lines if (each.line.path, each.line.key) == (action.remote_id, action.key)]
    found.sort(key=lambda each: each.line.trashed_us, reverse=True)
    return Restoration(
        action=action, config=config, place=spot, found=tuple(found), outgoing=next(iter(outgoing), None)
    )


def restore(
    restoration: Restoration,
    media: MediaTools,
    staging: Path,
    reached: Reached,
    *,
    move: Callable[[Path, Path], bool] = place,
) -> Outcome:
    """Put the file back, unless it is back already or something else lies there."""
    there = restoration.there
    if there is None or not restoration.is_back(there):
        waiting = _ready(restoration)
        if isinstance(waiting, Problem):
            return Refused(problem=waiting)
        reached(CrashPoint.DURING_SEND)
        there = _brought_back(restoration, waiting, staging, reached, move)
        if there is None:
            return Refused(problem=_taken(restoration))
        reached(CrashPoint.AFTER_FILE_MOVED)
    for each in restoration.leftovers(there):
        each.file.unlink()
        sync_folder(each.file.parent)
    if restoration.outgoing is not None:
        restoration.outgoing.leave(restoration.config.trash, successor=there)
    return _shown(restoration, there, media, staging, reached)


def probe_restoration(restoration: Restoration, media: MediaTools) -> Probe:
    """Say whether the file is back, whole, and nothing of it is left to do."""
    there, outgoing = restoration.there, restoration.outgoing
    if there is None or not restoration.is_back(there) or restoration.leftovers(there):
        return Absent()
    if outgoing is not None and outgoing.standing not in (None, there):
        return Absent()
    shown = restoration.playlist(there)
    if shown is not None:
        return Present(seen=shown.seen())
    action = restoration.action
    seen = RemoteSeen(
        target="library", kind="audio", remote_id=action.remote_id or "", key=action.key, fields=action.shown
    )
    return Present(seen=seen, facts=_facts(restoration, there, media))


def _ready(restoration: Restoration) -> Trashed | Problem:
    """Give the file in the trash when it is whole and nothing is in its way."""
    action, outgoing, waiting = restoration.action, restoration.outgoing, restoration.waiting
    if waiting is None:
        detail = f"{action.remote_id} is not in the trash"
        return Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=GONE_HINT)
    if not waiting.whole:
        detail = f"the file in the trash is not the one that was put there as {action.remote_id}"
        return Problem(failure=FailureClass.VERIFY_FAILED, detail=detail, hint=GONE_HINT)
    folder = spelled_folder(restoration.config.root, restoration.place.parent)
    name = spelling(folder, restoration.place.name) if folder is not None else None
    occupied = None if folder is None or name is None else folder / name
    if occupied is not None and (outgoing is None or occupied != outgoing.standing):
        return _taken(restoration)
    return waiting


def _taken(restoration: Restoration) -> Problem:
    detail = f"something else lies at {restoration.action.remote_id} now"
    return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=TAKEN_HINT)


def _brought_back(
    restoration: Restoration, waiting: Trashed, staging: Path, reached: Reached, move: Callable[[Path, Path], bool]
) -> Path | None:
    folder = make_folders(restoration.config.root, restoration.place.parent)
    target, outgoing = folder / restoration.place.name, restoration.outgoing
    if outgoing is not None and outgoing.standing is not None:
        if relative(restoration.config.root, outgoing.standing) == restoration.action.remote_id:
            target = outgoing.standing
        near = _copied(waiting, staging)
        return target if swap(restoration.config.trash, near, target, outgoing, reached) else None
    try:
        moved = move(waiting.file, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        moved = move(_copied(waiting, staging), target)
    return target if moved else None


def _copied(waiting: Trashed, staging: Path) -> Path:
    """Copy a file onto the library's own filesystem; the one in the trash goes once the copy is in its place."""
    staging.mkdir(parents=True, exist_ok=True)
    near = staging / waiting.file.name
    proven_copy(waiting.file, near, waiting.line.file_sha256)
    return near


def _shown(restoration: Restoration, there: Path, media: MediaTools, staging: Path, reached: Reached) -> Outcome:
    action, shown = restoration.action, restoration.playlist(there)
    if shown is not None and action.shown:
        return write(restoration.config, action, staging, reached)
    if shown is not None:
        return Done(remote_id=shown.path, held={}, seen=shown.seen(), evidence=_EVIDENCE)
    facts = _facts(restoration, there, media)
    return Done(remote_id=action.remote_id or "", held={}, facts=facts, evidence=_EVIDENCE)


def _facts(restoration: Restoration, real: Path, media: MediaTools) -> tuple[Event, ...]:
    """Say which rendition is back; measured anew when it is told what it was made from."""
    action, profile = restoration.action, media.profile(real)
    if profile is None:
        return ()
    stat, origin_ref = real.stat(), action.written.get("origin_ref")
    returned = RenditionReturned(
        rendition_id=rendition_id(action.key, profile),
        path=relative(restoration.config.root, real),
        size_bytes=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        file_sha256=file_sha256(real),
    )
    audio = media.inspect(real) if isinstance(origin_ref, str) else None
    if not isinstance(origin_ref, str) or not isinstance(audio, Audio):
        return (returned,)
    verified = RenditionVerified(
        rendition_id=returned.rendition_id,
        recording_id=action.key,
        profile=profile,
        source_ref=origin_ref,
        path=returned.path,
        size_bytes=returned.size_bytes,
        mtime_ns=returned.mtime_ns,
        file_sha256=returned.file_sha256,
        audio=audio,
    )
    return (verified,)
