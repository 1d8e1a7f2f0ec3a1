"""Of two copies one goes, and only while the other is there, whole, and the one that was meant (I45)."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Done, Present, Refused
from engine.domain.plan import Action, Operation
from engine.domain.recording_events import Audio
from engine.domain.value import Fields, FieldValue
from tests.library.library_world import OTHER, RECORDING, JsonMedia, action, clip, new_library

GOES = "Artist/Title.mp3"
STAYS = "Elsewhere/Title (1).mp3"
KEPT = clip(OTHER, "original")
HASH = hashlib.sha256(KEPT).hexdigest()


def _two_copies(folder: Path) -> None:
    for path, content in ((GOES, clip(RECORDING, "original")), (STAYS, KEPT)):
        (folder / "Music" / path).parent.mkdir(parents=True)
        (folder / "Music" / path).write_bytes(content)


def _removal(action_id: str = "removal-1", path: str = GOES, key: str = RECORDING, **fields: FieldValue) -> Action:
    return action(Operation.TRASH, "audio", key, fields, remote_id=path, action_id=action_id)


def test_a_copy_goes_while_the_named_one_stays(tmp_path: Path) -> None:
    """I45: the copy that stays may be another recording's file, in any folder, and is decoded to its end."""
    media = JsonMedia()
    target = new_library(tmp_path, media)
    _two_copies(tmp_path)
    order = _removal(kept_path=STAYS, kept_sha256=HASH)
    assert isinstance(target.send(order), Done)
    assert not (tmp_path / "Music" / GOES).exists()
    assert media.inspected == [tmp_path / "Music" / STAYS]
    assert isinstance(target.probe(order), Present)


@pytest.mark.parametrize(
    ("fields", "failure"),
    [
        ({"kept_path": "Elsewhere/Gone.mp3", "kept_sha256": HASH}, FailureClass.NOT_FOUND),
        ({"kept_path": "../outside.mp3", "kept_sha256": HASH}, FailureClass.NOT_FOUND),
        ({"kept_path": "Elsewhere", "kept_sha256": HASH}, FailureClass.NOT_FOUND),
        ({"kept_path": "Elsewhere/link.mp3", "kept_sha256": HASH}, FailureClass.NOT_FOUND),
        ({"kept_path": "Linked/Title (1).mp3", "kept_sha256": "0" * 64}, FailureClass.INVALID_REQUEST),
        ({"kept_path": STAYS, "kept_sha256": "0" * 64}, FailureClass.INVALID_REQUEST),
        ({"kept_path": STAYS}, FailureClass.INVALID_REQUEST),
        ({"kept_sha256": HASH}, FailureClass.INVALID_REQUEST),
        ({"kept_path": None, "kept_sha256": None}, FailureClass.INVALID_REQUEST),
        (
            {"kept_path": GOES, "kept_sha256": hashlib.sha256(clip(RECORDING, "original")).hexdigest()},
            FailureClass.INVALID_REQUEST,
        ),
        (
            {"kept_path": "Elsewhere/cut.mp3", "kept_sha256": hashlib.sha256(b"cut sho").hexdigest()},
            FailureClass.VERIFY_FAILED,
        ),
    ],
)
def test_nothing_goes_when_the_copy_that_stays_is_none(tmp_path: Path, fields: Fields, failure: FailureClass) -> None:
    """I45: missing, outside, a folder, a link, another file, half a file or the very file itself: nothing moves."""
    target = new_library(tmp_path, JsonMedia())
    _two_copies(tmp_path)
    music = tmp_path / "Music"
    (tmp_path / "outside.mp3").write_bytes(KEPT)
    (music / "Elsewhere/link.mp3").symlink_to(music / STAYS)
    (music / "Elsewhere/cut.mp3").write_bytes(b"cut sho")
    (music / "Linked").symlink_to(music / "Elsewhere")
    outcome = target.send(action(Operation.TRASH, "audio", RECORDING, fields, remote_id=GOES))
    assert isinstance(outcome, Refused)
    assert (outcome.problem.failure, outcome.problem.hint != "") == (failure, True)
    assert (music / GOES).exists()
    assert not (tmp_path / "trash").exists()


def test_one_file_under_two_names_is_no_copy(tmp_path: Path) -> None:
    """I45: a hard link to the file that goes, or the same file in a linked folder, keeps nothing."""
    target = new_library(tmp_path, JsonMedia())
    _two_copies(tmp_path)
    music = tmp_path / "Music"
    (music / "Elsewhere/hard.mp3").hardlink_to(music / GOES)
    (music / "Linked").symlink_to(music / "Artist")
    digest = hashlib.sha256(clip(RECORDING, "original")).hexdigest()
    for path in ("Elsewhere/hard.mp3", "Linked/Title.mp3"):
        outcome = target.send(_removal(kept_path=path, kept_sha256=digest))
        assert isinstance(outcome, Refused), path
        assert "itself" in outcome.problem.detail


def test_a_file_of_another_recording_is_not_removed_for_a_copy(tmp_path: Path) -> None:
    """I31: what goes carries the key of the action, whatever stays."""
    target = new_library(tmp_path, JsonMedia())
    _two_copies(tmp_path)
    outcome = target.send(_removal(key=OTHER, kept_path=STAYS, kept_sha256=HASH))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.NOT_FOUND


class _Toolless(JsonMedia):
    """Media tools without a decoder."""

    @override
    def inspect(self, path: Path) -> Audio | Problem:
        return Problem(failure=FailureClass.TOOL_MISSING, detail="cannot be read: no ffmpeg", hint="install ffmpeg")


def test_a_copy_that_cannot_be_decoded_just_now_keeps_nothing(tmp_path: Path) -> None:
    """I45, I54: trouble of this machine stops the removals, and its own way out is told."""
    target = new_library(tmp_path, _Toolless())
    _two_copies(tmp_path)
    outcome = target.send(_removal(kept_path=STAYS, kept_sha256=HASH))
    assert isinstance(outcome, Refused)
    assert (outcome.problem.failure, outcome.problem.hint) == (FailureClass.TOOL_MISSING, "install ffmpeg")


@pytest.mark.parametrize("workers", [1, 2])
def test_two_copies_that_each_keep_the_other_never_both_go(tmp_path: Path, workers: int) -> None:
    """I45: the second is refused, because the first is no longer there, at once or side by side."""
    target = new_library(tmp_path, JsonMedia())
    _two_copies(tmp_path)
    digest = hashlib.sha256(clip(RECORDING, "original")).hexdigest()
    orders = [
        _removal("removal-1", kept_path=STAYS, kept_sha256=HASH),
        _removal("removal-2", STAYS, OTHER, kept_path=GOES, kept_sha256=digest),
    ]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        outcomes = list(pool.map(target.send, orders))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Done", "Refused"]
    (refused,) = (outcome for outcome in outcomes if isinstance(outcome, Refused))
    assert refused.problem.failure is FailureClass.NOT_FOUND
    assert sum((tmp_path / "Music" / path).exists() for path in (GOES, STAYS)) == 1
