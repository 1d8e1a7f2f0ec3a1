"""Files in a library's trash, and the actions that bring them back."""

from __future__ import annotations

from pathlib import Path

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Done, Outcome, Refused
from engine.domain.plan import Action, Operation
from engine.domain.value import FieldValue
from engine.targets.library.target import LibraryTarget
from tests.library.library_world import RECORDING, action, clip

PATH = "Artist/Title.mp3"
TRASHED_BY = "trash-action-1"
REF = "soundcloud:set:1"


class DeathError(Exception):
    """The process died here."""


def files_of(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder by its path, hidden ones left out."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {path: real.read_bytes() for path, real in found.items() if not path.startswith(".")}


def in_trash(folder: Path) -> list[bytes]:
    """Give what lies in a trash, manifests left out."""
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "manifest.jsonl")


def restore_action(path: str | None = PATH, *, action_id: str = "restore-action", **fields: FieldValue) -> Action:
    """Give the action that brings an audio file back."""
    return action(Operation.RESTORE, "audio", RECORDING, fields, remote_id=path, action_id=action_id)


def trashed_file(folder: Path, target: LibraryTarget, tone: str = "la", *, action_id: str = TRASHED_BY) -> bytes:
    """Throw one of two copies away; gives its bytes."""
    content = clip(RECORDING, "original", tone)
    artist = folder / "Music/Artist"
    artist.mkdir(exist_ok=True)
    (artist / "Title.mp3").write_bytes(content)
    (artist / "Copy.mp3").write_bytes(clip(RECORDING, "original"))
    outcome = target.send(action(Operation.TRASH, "audio", RECORDING, remote_id=PATH, action_id=action_id))
    assert isinstance(outcome, Done), outcome
    return content


def refused_for(outcome: Outcome) -> FailureClass:
    """Give why an outcome is a refusal; it says what helps."""
    assert isinstance(outcome, Refused), outcome
    assert outcome.problem.hint or outcome.problem.failure is FailureClass.INVALID_REQUEST
    return outcome.problem.failure
