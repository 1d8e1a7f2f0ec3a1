"""Files come back out of the trash: to where they were, whole, over nobody's file, however often it is tried."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.crash import CrashPoint
from engine.domain.events import RenditionReturned, RenditionVerified
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Outcome, Present
from engine.domain.plan import Operation
from engine.domain.references import rendition_id
from engine.domain.value import Fields
from engine.targets.library.placing import place
from engine.targets.library.restoring import read_restoration, restore
from engine.targets.library.root import LibraryConfig
from engine.targets.library.target import LibraryTarget
from tests.library.library_world import NOW_US, RECORDING, JsonMedia, action, clip, new_library
from tests.library.restoring_world import (
    PATH,
    TRASHED_BY,
    DeathError,
    files_of,
    in_trash,
    refused_for,
    restore_action,
    trashed_file,
)


def test_a_trashed_file_comes_back_byte_for_byte(tmp_path: Path) -> None:
    """I45, I55: to the very path, with a fact that says so; the trash has nothing of it left."""
    target = new_library(tmp_path, JsonMedia())
    content = trashed_file(tmp_path, target)
    order = restore_action(trashed_by=TRASHED_BY)
    assert target.probe(order) == Absent()
    outcome = target.send(order)
    assert isinstance(outcome, Done), outcome
    real = tmp_path / "Music" / PATH
    returned = RenditionReturned(
        rendition_id=rendition_id(RECORDING, "original"),
        path=PATH,
        size_bytes=len(content),
        mtime_ns=real.stat().st_mtime_ns,
        file_sha256=hashlib.sha256(content).hexdigest(),
    )
    assert outcome.facts == (returned,)
    assert (real.read_bytes(), real.stat().st_nlink, in_trash(tmp_path / "trash")) == (content, 1, [])
    probe = target.probe(order)
    assert isinstance(probe, Present)
    assert (probe.seen.live, probe.facts) == (True, (returned,))
    assert target.send(order) == outcome  # I35
    trash = action(Operation.TRASH, "audio", RECORDING, remote_id=PATH, action_id=TRASHED_BY)
    assert target.probe(trash) == Absent()


def test_the_last_removal_is_undone_unless_one_is_named(tmp_path: Path) -> None:
    """A path that was thrown away twice: the newest comes back, or the one that an action threw away."""
    target = new_library(tmp_path, JsonMedia())
    first = trashed_file(tmp_path, target, "so", action_id="aaaaaaaa-first")
    trashed_file(tmp_path, target, "mi", action_id="zzzzzzzz-second")
    outcome = target.send(restore_action(trashed_by="aaaaaaaa-first"))
    assert isinstance(outcome, Done)
    assert (tmp_path / "Music" / PATH).read_bytes() == first
    assert len(in_trash(tmp_path / "trash")) == 1


def test_what_it_was_made_from_lets_it_be_measured_anew(tmp_path: Path) -> None:
    """F21: after an upgrade is undone, the rendition is again what the old file is."""
    target = new_library(tmp_path, JsonMedia())
    trashed_file(tmp_path, target)
    outcome = target.send(restore_action(origin_ref="soundcloud:track:1"))
    assert isinstance(outcome, Done)
    (fact,) = outcome.facts
    assert isinstance(fact, RenditionVerified)
    assert (fact.source_ref, fact.profile, fact.path) == ("soundcloud:track:1", "original", PATH)


@pytest.mark.parametrize("taken", ["Title.mp3", "TITLE.mp3", "Title.mp3/", "Title.mp3 ->"])
def test_what_lies_there_now_stays(tmp_path: Path, taken: str) -> None:
    """I55: a file, folder or link of that name in any case is somebody's; the hint says what to do."""
    target = new_library(tmp_path, JsonMedia())
    trashed_file(tmp_path, target)
    folder = tmp_path / "Music/Artist"
    if taken.endswith("/"):
        (folder / "Title.mp3").mkdir()
    elif taken.endswith("->"):
        (folder / "Title.mp3").symlink_to("nowhere")
    else:
        (folder / taken).write_bytes(b"theirs")
    before, trashed = sorted(folder.iterdir()), in_trash(tmp_path / "trash")
    outcome = target.send(restore_action())
    assert refused_for(outcome) is FailureClass.INVALID_REQUEST
    assert "somewhere else" in outcome.problem.hint  # type: ignore[union-attr]  # refused above
    assert (sorted(folder.iterdir()), in_trash(tmp_path / "trash")) == (before, trashed)
    assert target.probe(restore_action()) == Absent()


def test_a_file_in_the_trash_that_was_changed_is_not_restored(tmp_path: Path) -> None:
    """I54: what the manifest vouched for comes back, nothing else."""
    target = new_library(tmp_path, JsonMedia())
    trashed_file(tmp_path, target)
    (lies,) = (tmp_path / "trash").rglob("Title.mp3")
    lies.write_bytes(b"cut")
    assert refused_for(target.send(restore_action())) is FailureClass.VERIFY_FAILED
    assert not (tmp_path / "Music" / PATH).exists()
    lies.unlink()
    assert refused_for(target.send(restore_action())) is FailureClass.NOT_FOUND


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (None, {}),
        ("../Title.mp3", {}),
        ("Artist/Other.mp3", {}),
        (PATH, {"trashed_by": "another"}),
        (PATH, {"replaces": "Artist/Copy.mp3"}),
        (PATH, {"replaces": "Artist/Copy.mp3", "replaced_sha256": "0" * 64}),
        (PATH, {"replaced_sha256": "0" * 64}),
    ],
)
def test_a_restoration_that_names_nothing_that_was_ours_is_refused(
    tmp_path: Path, path: str | None, fields: Fields
) -> None:
    """I45: nothing is guessed, nothing moves, and a probe sees nothing applied."""
    target = new_library(tmp_path, JsonMedia())
    trashed_file(tmp_path, target)
    before = files_of(tmp_path)
    order = action(Operation.RESTORE, "audio", RECORDING, fields, remote_id=path)
    refused_for(target.send(order))
    assert target.probe(order) == Absent()
    assert files_of(tmp_path) == before


def test_a_recording_of_another_key_is_not_restored_in_its_name(tmp_path: Path) -> None:
    """I31: the manifest names the recording that was thrown away."""
    target = new_library(tmp_path, JsonMedia())
    trashed_file(tmp_path, target)
    order = action(Operation.RESTORE, "audio", "r" + "z" * 16, remote_id=PATH)
    assert refused_for(target.send(order)) is FailureClass.NOT_FOUND


@pytest.mark.parametrize("point", [CrashPoint.DURING_SEND, CrashPoint.AFTER_FILE_MOVED])
def test_a_restoration_that_died_anywhere_ends_the_same(tmp_path: Path, point: CrashPoint) -> None:
    """I36: killed at any point, a probe tells and a second try ends where the first would have."""

    def die(reached: CrashPoint) -> None:
        if reached is point:
            raise DeathError

    content = trashed_file(tmp_path, new_library(tmp_path, JsonMedia()))
    with pytest.raises(DeathError):
        new_library(tmp_path, JsonMedia(), reached=die).send(restore_action())
    target = new_library(tmp_path, JsonMedia())
    applied = isinstance(target.probe(restore_action()), Present)
    assert applied is (point is CrashPoint.AFTER_FILE_MOVED)
    assert isinstance(target.send(restore_action()), Done)
    assert (tmp_path / "Music" / PATH).read_bytes() == content
    assert in_trash(tmp_path / "trash") == []


def test_a_death_between_two_names_leaves_one(tmp_path: Path) -> None:
    """I36: the file stood in both places; the next try finishes the move."""
    target = new_library(tmp_path, JsonMedia())
    content = trashed_file(tmp_path, target)
    (lies,) = (tmp_path / "trash").rglob("Title.mp3")
    os.link(lies, tmp_path / "Music" / PATH)
    assert target.probe(restore_action()) == Absent()
    assert isinstance(target.send(restore_action()), Done)
    assert (in_trash(tmp_path / "trash"), (tmp_path / "Music" / PATH).read_bytes()) == ([], content)
    assert isinstance(target.probe(restore_action()), Present)


def _attempt(folder: Path, move: Callable[[Path, Path], bool]) -> Outcome:
    """Restore with a way of moving files that a filesystem might have."""
    config = LibraryConfig(root=folder / "Music", trash=folder / "trash")
    restoration = read_restoration(config, restore_action(), JsonMedia(), NOW_US)
    assert not isinstance(restoration, Problem)
    return restore(restoration, JsonMedia(), folder / "staging", lambda _: None, move=move)


def test_a_trash_on_another_volume_gives_a_proven_copy_back(tmp_path: Path) -> None:
    """I55: the file appears whole under its name, and only then leaves the trash."""
    content = trashed_file(tmp_path, new_library(tmp_path, JsonMedia()))

    def move(file: Path, final: Path) -> bool:
        if not file.is_relative_to(tmp_path / "staging"):
            raise OSError(errno.EXDEV, "another volume")
        assert in_trash(tmp_path / "trash") == [content]
        return place(file, final)

    assert isinstance(_attempt(tmp_path, move), Done)
    assert ((tmp_path / "Music" / PATH).read_bytes(), in_trash(tmp_path / "trash")) == (content, [])


def test_what_the_disk_refuses_moves_nothing(tmp_path: Path) -> None:
    """I55: a full disk is told; a name taken at the last moment is left to whoever took it."""
    content = trashed_file(tmp_path, new_library(tmp_path, JsonMedia()))

    def refuse(_: Path, __: Path) -> bool:
        raise OSError(errno.ENOSPC, "no space")

    with pytest.raises(OSError, match="space"):
        _attempt(tmp_path, refuse)
    assert refused_for(_attempt(tmp_path, lambda _, __: False)) is FailureClass.INVALID_REQUEST
    assert in_trash(tmp_path / "trash") == [content]
    assert not (tmp_path / "Music" / PATH).exists()


def _upgraded(folder: Path, target: LibraryTarget, suffix: str = ".mp3") -> tuple[bytes, bytes]:
    """Let a better file stand where an old one went to the trash; gives the old and the new."""
    old = trashed_file(folder, target)
    new = clip(RECORDING, "original", "so")
    (folder / f"Music/Artist/Title{suffix}").write_bytes(new)
    return old, new


@pytest.mark.parametrize("suffix", [".mp3", ".flac"])
def test_an_upgrade_is_undone_and_done_again_by_swapping(tmp_path: Path, suffix: str) -> None:
    """I45: the old file takes the place of the new one, which lies in the trash and can come back the same way."""
    target = new_library(tmp_path, JsonMedia())
    old, new = _upgraded(tmp_path, target, suffix)
    path = f"Artist/Title{suffix}"
    undo = restore_action(
        trashed_by=TRASHED_BY, replaces=path, replaced_sha256=hashlib.sha256(new).hexdigest(), action_id="undo-1"
    )
    assert target.probe(undo) == Absent()
    assert isinstance(target.send(undo), Done)
    assert isinstance(target.probe(undo), Present)
    assert isinstance(target.send(undo), Done)
    copy = clip(RECORDING, "original")
    assert files_of(tmp_path / "Music") == {PATH: old, "Artist/Copy.mp3": copy}
    assert in_trash(tmp_path / "trash") == [new]
    redo = restore_action(
        path, trashed_by="undo-1", replaces=PATH, replaced_sha256=hashlib.sha256(old).hexdigest(), action_id="redo-1"
    )
    assert isinstance(target.send(redo), Done)
    assert files_of(tmp_path / "Music") == {path: new, "Artist/Copy.mp3": copy}
    assert in_trash(tmp_path / "trash") == [old]


@settings(max_examples=40, deadline=None)
@given(suffix=st.sampled_from([".mp3", ".flac"]), deaths=st.lists(st.integers(1, 3), max_size=3))
def test_an_undone_upgrade_never_leaves_the_library_without_a_file(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, deaths: list[int]
) -> None:
    """I36, I45: killed at any point, any number of times, a verified file stands, and the end is the same."""
    folder = tmp_path_factory.mktemp("swap")
    target = new_library(folder, JsonMedia())
    old, new = _upgraded(folder, target, suffix)
    undo = restore_action(
        trashed_by=TRASHED_BY, replaces=f"Artist/Title{suffix}", replaced_sha256=hashlib.sha256(new).hexdigest()
    )
    for death in deaths:
        left = [death]

        def die(_: CrashPoint, left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                raise DeathError

        try:
            new_library(folder, JsonMedia(), reached=die).send(undo)
        except DeathError:
            standing = set(files_of(folder / "Music").values())
            assert standing & {old, new}
            assert {old, new} <= standing | set(in_trash(folder / "trash"))
    assert isinstance(target.send(undo), Done)
    assert isinstance(target.probe(undo), Present)
    assert files_of(folder / "Music")[PATH] == old
    assert in_trash(folder / "trash") == [new]
    assert len(files_of(folder / "Music")) == 2


def test_what_changed_since_is_not_swapped_away(tmp_path: Path) -> None:
    """I34: a file that is not the one that was named stays where it is."""
    target = new_library(tmp_path, JsonMedia())
    _, new = _upgraded(tmp_path, target)
    digest = hashlib.sha256(new).hexdigest()
    foreign = tmp_path / "Music/Artist/Foreign.mp3"
    foreign.write_bytes(clip("r" + "z" * 16, "original", "so"))
    theirs = hashlib.sha256(foreign.read_bytes()).hexdigest()
    before = files_of(tmp_path)
    copied = hashlib.sha256(clip(RECORDING, "original")).hexdigest()
    for order in (
        restore_action(replaces="Artist/Foreign.mp3", replaced_sha256=theirs),
        restore_action(replaces=("Artist/Copy.mp3", PATH), replaced_sha256=(copied, digest)),
    ):
        assert refused_for(target.send(order)) is FailureClass.INVALID_REQUEST
    assert files_of(tmp_path) == before
