"""Taking one file of ours out of the library, into the trash; never the last verified copy (I45).

Which copy stays is named by the action, or is another one beside it; either is decoded to its end before anything
moves. Removals of one library are done one at a time, so that two copies never each rely on the other.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Outcome, Present, Probe, Refused
from engine.domain.plan import Action
from engine.ports import MediaTools
from engine.targets.library.audio_scan import AUDIO_SUFFIXES, file_sha256
from engine.targets.library.placing import located
from engine.targets.library.playlists import read
from engine.targets.library.root import LibraryConfig
from engine.targets.library.trash import Removal, move_to_trash, was_trashed

KEPT_HINT = "nothing was moved; `sync duplicates` looks at what is there now"


def remove(config: LibraryConfig, action: Action, media: MediaTools, now_us: int) -> Outcome:
    """Move the file at an action's remote id to the trash, when it is ours and not the last of its recording."""
    real = _ours(config, action, media)
    if real is None or action.remote_id is None:
        detail = f"there is no {action.object_kind} of ours at {action.remote_id}"
        hint = "nothing to do: the next run looks again and plans anew"
        return Refused(problem=Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=hint))
    problem = _last_copy(config, action, real, media) if action.object_kind == "audio" else None
    if problem is not None:
        return Refused(problem=problem)
    removal = Removal(path=action.remote_id, key=action.key, action_id=action.action_id, now_us=now_us)
    lies = move_to_trash(real, config.trash, removal)
    seen = None if action.object_kind == "audio" else _gone(action)
    return Done(remote_id=action.remote_id, held={}, seen=seen, evidence=f"lies in the trash: {lies.name}")


def probe_removal(config: LibraryConfig, action: Action, media: MediaTools) -> Probe:
    """Say whether a file is still there, was moved to the trash by this action, or neither."""
    if _ours(config, action, media) is not None or not was_trashed(config.trash, action.action_id):
        return Absent()
    return Present(seen=_gone(action))


def _ours(config: LibraryConfig, action: Action, media: MediaTools) -> Path | None:
    real = located(config.root, action.remote_id)
    if real is None:
        return None
    if action.object_kind == "audio":
        return real if media.identity(real) == action.key else None
    shown = read(config.root, real)
    return real if shown is not None and shown.text.ref == action.key else None


def _last_copy(config: LibraryConfig, action: Action, real: Path, media: MediaTools) -> Problem | None:
    """Give why a file may be the last verified copy, or nothing when another stays."""
    if {"kept_path", "kept_sha256"} & set(action.written):
        return _not_kept(config, action, real, media)
    if _has_other_copy(real, action.key, media):
        return None
    detail = f"{action.remote_id} is the last verified copy beside which no other lies"
    hint = "it is kept; delete it by hand if you want it gone"
    return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)


def _not_kept(config: LibraryConfig, action: Action, real: Path, media: MediaTools) -> Problem | None:
    """Give why the copy that is said to stay is none, or nothing when it is there, whole and the one that was meant."""
    path, digest = action.written.get("kept_path"), action.written.get("kept_sha256")
    if not isinstance(path, str) or not isinstance(digest, str):
        detail = f"{action.remote_id} needs the path and the hash of the copy that stays"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=KEPT_HINT)
    kept = located(config.root, path)
    if kept is None:
        detail = f"{action.remote_id} stays: the copy to keep, {path}, is not there"
        return Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=KEPT_HINT)
    if kept.samefile(real):
        detail = f"{action.remote_id} is itself the copy to keep"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=KEPT_HINT)
    if file_sha256(kept) != digest:
        detail = f"{action.remote_id} stays: the copy to keep, {path}, is not the file it was"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=KEPT_HINT)
    audio = media.inspect(kept)
    if isinstance(audio, Problem):
        detail = f"{action.remote_id} stays: the copy to keep, {path}, {audio.detail}"
        return replace(audio, detail=detail, hint=audio.hint or KEPT_HINT)
    return None


def _has_other_copy(real: Path, recording_id: str, media: MediaTools) -> bool:
    for other in sorted(real.parent.iterdir()):
        if other == real or other.suffix.lower() not in AUDIO_SUFFIXES or other.is_symlink() or not other.is_file():
            continue
        if media.identity(other) == recording_id and not isinstance(media.inspect(other), Problem):
            return True
    return False


def _gone(action: Action) -> RemoteSeen:
    return RemoteSeen(
        target="library",
        kind=action.object_kind,
        remote_id=action.remote_id or "",
        key=action.key,
        fields={},
        live=False,
    )
