"""Facts about moving files on filesystems that cannot do everything."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path

import pytest

from engine.targets.library.placing import located, place, sync_folder
from engine.targets.library.trash import Removal, copy_to_trash, move_to_trash, proven_copy, trashed, was_trashed
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


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_filesystem_without_links_still_never_overwrites(staged: Path, tmp_path: Path, number: int) -> None:
    """I55: a DJ's exFAT stick knows no hard links; the file is renamed, and a taken name is left alone."""

    def refuse(_: Path, __: Path) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "taken").write_bytes(b"theirs")
    assert not place(staged, tmp_path / "taken", link=refuse)
    assert place(staged, tmp_path / "final", link=refuse)
    assert ((tmp_path / "taken").read_bytes(), (tmp_path / "final").read_bytes()) == (b"theirs", b"whole")


def test_a_full_disk_is_not_taken_for_a_missing_feature(staged: Path, tmp_path: Path) -> None:
    """What a disk refuses for another reason is told."""

    def refuse(_: Path, __: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        place(staged, tmp_path / "final", link=refuse)
    assert staged.exists()


def test_a_trash_on_another_volume_gets_a_proven_copy(tmp_path: Path) -> None:
    """I45: the file goes only after its copy was read back."""

    def refuse(_: Path, __: Path) -> None:
        raise OSError(errno.EXDEV, "another volume")

    file = tmp_path / "x.mp3"
    file.write_bytes(b"whole")
    removal = Removal(path="A/x.mp3", key="k", action_id="act", now_us=0)
    lies = move_to_trash(file, tmp_path / "trash", removal, rename=refuse)
    assert (lies.read_bytes(), file.exists()) == (b"whole", False)
    assert was_trashed(tmp_path / "trash", "act")
    assert not was_trashed(tmp_path / "trash", "other")


def test_a_move_that_fails_leaves_the_file_and_a_line_that_proves_nothing(tmp_path: Path) -> None:
    """I45: the manifest comes first, so that only the file itself shows the move; a torn line is no line."""

    def refuse(_: Path, __: Path) -> None:
        raise OSError(errno.EACCES, "no")

    file = tmp_path / "x.mp3"
    file.write_bytes(b"whole")
    removal = Removal(path="A/x.mp3", key="k", action_id="act", now_us=0)
    with pytest.raises(OSError, match="no"):
        move_to_trash(file, tmp_path / "trash", removal, rename=refuse)
    (manifest,) = (tmp_path / "trash").rglob("manifest.jsonl")
    manifest.write_bytes(b'{"torn\n' + manifest.read_bytes())
    assert file.exists()
    assert not was_trashed(tmp_path / "trash", "act")


@pytest.mark.parametrize("number", [None, errno.EPERM, errno.EXDEV])
def test_the_trash_can_hold_a_file_that_still_stands(tmp_path: Path, number: int | None) -> None:
    """I45: a link or a proven copy, once, however often it is asked; the file goes later and leaves no second copy."""

    def link(old: Path, new: Path) -> None:
        if number is not None:
            raise OSError(number, os.strerror(number))
        os.link(old, new)

    file, trash = tmp_path / "x.mp3", tmp_path / "trash"
    file.write_bytes(b"whole")
    removal = Removal(path="A/x.mp3", key="k", action_id="act", now_us=0)
    lies = [copy_to_trash(file, trash, removal, link=link) for _ in range(2)]
    assert (lies[0], lies[0].read_bytes(), file.exists()) == (lies[1], b"whole", True)
    assert move_to_trash(file, trash, removal) == lies[0]
    assert (file.exists(), [each.whole for each in trashed(trash)]) == (False, [True])


def test_a_full_trash_holds_nothing(tmp_path: Path) -> None:
    """I45: what the disk refuses is told, and a line without its file proves nothing."""

    def refuse(_: Path, __: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    file = tmp_path / "x.mp3"
    file.write_bytes(b"whole")
    with pytest.raises(OSError, match="full"):
        copy_to_trash(file, tmp_path / "trash", Removal(path="x.mp3", key="k", action_id="a", now_us=0), link=refuse)
    assert not was_trashed(tmp_path / "trash", "a")


def test_a_copy_that_does_not_read_back_is_no_copy(tmp_path: Path) -> None:
    """I55: the name appears only once the copy is proved."""
    file = tmp_path / "x.mp3"
    file.write_bytes(b"whole")
    with pytest.raises(OSError, match="differs"):
        proven_copy(file, tmp_path / "copy.mp3", "0" * 64)
    assert not (tmp_path / "copy.mp3").exists()


def test_a_file_is_found_as_it_is_spelled_and_never_through_a_link(tmp_path: Path) -> None:
    """P18, I55: names meet in any normal form; what leaves the root, is no file or is a link is nothing."""
    folder = tmp_path / unicodedata.normalize("NFD", "Beyoncé")
    folder.mkdir()
    (folder / "x.mp3").write_bytes(b"whole")
    (folder / "link.mp3").symlink_to(folder / "x.mp3")
    assert located(tmp_path, "Beyoncé/X.mp3") == folder / "x.mp3"
    for path in (None, 3, "../x.mp3", "Beyoncé/link.mp3", "Beyoncé", "Beyoncé/y.mp3", "Nobody/x.mp3", "x/y/z.mp3"):
        assert located(tmp_path, path) is None
