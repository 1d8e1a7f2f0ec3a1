"""Facts about moving files on filesystems that cannot do everything."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from engine.targets.library.placing import place, sync_folder
from engine.targets.library.trash import Removal, move_to_trash
from engine.targets.library.trouble import problem_of


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """Give a finished file."""
    path = tmp_path / "staged"
    path.write_bytes(b"whole")
    return path


def test_a_placed_file_has_one_name(staged: Path, tmp_path: Path) -> None:
    """I55: the name appears in one step and the staged one is gone."""
    assert place(staged, tmp_path / "final")
    assert (tmp_path / "final").stat().st_nlink == 1
    assert not staged.exists()


def test_a_taken_name_is_left_alone(staged: Path, tmp_path: Path) -> None:
    """I55, F13: nothing is overwritten, and nothing is lost."""
    (tmp_path / "final").write_bytes(b"theirs")
    assert not place(staged, tmp_path / "final")
    assert (tmp_path / "final").read_bytes() == b"theirs"
    assert staged.read_bytes() == b"whole"


def test_a_broken_link_is_a_taken_name_too(staged: Path, tmp_path: Path) -> None:
    """I55: a link that leads nowhere is somebody's."""
    (tmp_path / "final").symlink_to(tmp_path / "nowhere")
    assert not place(staged, tmp_path / "final")


def test_an_unmounted_device_is_named(tmp_path: Path) -> None:
    """F51: a stale mount is a missing root, and says what to do."""
    problem = problem_of(OSError(errno.ESTALE, os.strerror(errno.ESTALE)))
    assert problem.failure == "root_missing"
    assert problem.hint
    sync_folder(tmp_path)


def test_two_removals_of_one_path_in_one_second_both_keep_their_file(tmp_path: Path) -> None:
    """I45: the trash never overwrites."""
    removal = Removal(path="A/x.mp3", key="k", action_id="same", now_us=0)
    for content in (b"one", b"two"):
        file = tmp_path / "x.mp3"
        file.write_bytes(content)
        move_to_trash(file, tmp_path / "trash", removal)
    assert sorted(path.read_bytes() for path in (tmp_path / "trash").rglob("x.mp3")) == [b"one", b"two"]
