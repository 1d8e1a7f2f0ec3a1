"""Taking one file of ours out of the library, into the trash; never the last verified copy (I45)."""

from __future__ import annotations

from pathlib import Path

from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Outcome, Present, Probe, Refused
from engine.domain.plan import Action
from engine.ports import MediaTools
from engine.targets.library.audio_scan import AUDIO_SUFFIXES
from engine.targets.library.playlists import read
from engine.targets.library.root import LibraryConfig, inside
from engine.targets.library.trash import Removal, move_to_trash, was_trashed


def remove(config: LibraryConfig, action: Action, media: MediaTools, now_us: int) -> Outcome:
    """Move the file at an action's remote id to the trash, when it is ours and not the last of its recording."""
    real = _ours(config, action, media)
    if real is None or action.remote_id is None:
        detail = f"there is no {action.object_kind} of ours at {action.remote_id}"
        hint = "nothing to do: the next run looks again and plans anew"
        return Refused(problem=Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=hint))
    if action.object_kind == "audio" and not _has_other_copy(real, action.key, media):
        detail = f"{action.remote_id} is the last verified copy beside which no other lies"
        hint = "it is kept; delete it by hand if you want it gone"
        return Refused(problem=Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint))
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
    real = inside(config.root, action.remote_id) if action.remote_id else None
    if real is None or real.is_symlink() or not real.is_file():
        return None
    if action.object_kind == "audio":
        return real if media.identity(real) == action.key else None
    shown = read(config.root, real)
    return real if shown is not None and shown.text.ref == action.key else None


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
