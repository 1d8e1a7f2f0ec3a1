"""Facts about scanning the library: presence without reading, moves by tag, absence only where it is proven."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from engine.domain.errors import UsageError
from engine.domain.events import RenditionReturned
from engine.domain.failure import FailureClass
from engine.domain.outcomes import Done
from engine.domain.recording_events import RenditionVerified
from engine.ports import ScanEnd
from engine.projections.rows import Scope
from engine.projections.state import State
from engine.targets.library.root import LibraryConfig, init_root
from engine.targets.library.target import LibraryTarget
from tests.fakes.machine import FakeProcesses
from tests.library.library_world import OTHER, RECORDING, JsonMedia, StillClock, clip, fetch, known, new_library


def _scan(target: LibraryTarget, state: State, kind: str = "audio") -> tuple[dict[str, RenditionReturned], ScanEnd]:
    *pages, end = target.scan(kind, state)
    assert isinstance(end, ScanEnd)
    returned = [each for page in pages if not isinstance(page, ScanEnd) for each in page.returned]
    assert len(returned) == len({each.rendition_id for each in returned})
    return {each.path: each for each in returned}, end


def _fetched(target: LibraryTarget, **said: object) -> State:
    outcome = target.send(fetch(**said))  # type: ignore[arg-type]  # a test may say anything
    assert isinstance(outcome, Done)
    return known(*(fact for fact in outcome.facts if isinstance(fact, RenditionVerified)))


class _Blind(JsonMedia):
    """Media tools that may not be asked anything."""

    @override
    def identity(self, path: Path) -> str | None:
        """Fail, because no file was to be read."""
        raise AssertionError(path)


def test_an_unchanged_library_is_recognised_without_reading_a_file(tmp_path: Path) -> None:
    """I50: path, size and time suffice, and what is returned is what is known."""
    state = _fetched(new_library(tmp_path, JsonMedia()))
    returned, end = _scan(new_library(tmp_path, _Blind()), state)
    assert end == ScanEnd(complete=True, root_identity="11111111-1111-1111-1111-111111111111")
    for row in state.renditions.values():
        again = returned[row.path]
        assert (again.size_bytes, again.mtime_ns, again.file_sha256) == (row.size_bytes, row.mtime_ns, row.file_sha256)


def test_a_file_a_person_moved_is_the_same_rendition_elsewhere(tmp_path: Path) -> None:
    """P20, design: our id in the tags, never the path or the title, says what a file is."""
    target = new_library(tmp_path, JsonMedia())
    state = _fetched(target)
    music = tmp_path / "Music"
    (music / "Elsewhere").mkdir()
    (music / "Artist/Title.aiff").rename(music / "Elsewhere/renamed.AIFF")
    returned, _ = _scan(target, state)
    assert set(returned) == {"Artist/Title.mp3", "Elsewhere/renamed.AIFF"}


def test_a_file_that_was_retagged_in_place_is_hashed_anew(tmp_path: Path) -> None:
    """F5: a hash belongs to the bytes it was computed from."""
    target = new_library(tmp_path, JsonMedia())
    state = _fetched(target)
    (tmp_path / "Music/Artist/Title.mp3").write_bytes(clip(RECORDING, "original", note="cue points"))
    returned, _ = _scan(target, state)
    row = next(row for row in state.renditions.values() if row.profile == "original")
    assert returned[row.path].file_sha256 != row.file_sha256


def test_a_file_that_lost_our_tag_is_known_by_its_sound(tmp_path: Path) -> None:
    """F7, design: the PCM hash stands beside the tag."""
    target = new_library(tmp_path, JsonMedia())
    state = _fetched(target)
    folder = tmp_path / "Music/Artist"
    (folder / "Title.mp3").write_bytes(clip(None, None, note="stripped"))
    (folder / "Title.aiff").write_bytes(clip(None, None, "something else"))
    returned, _ = _scan(target, state)
    assert set(returned) == {"Artist/Title.mp3"}


def test_a_foreign_file_in_our_files_place_is_not_ours(tmp_path: Path) -> None:
    """F23, F32: a path proves nothing; the rendition is not there."""
    target = new_library(tmp_path, JsonMedia())
    state = _fetched(target)
    (tmp_path / "Music/Artist/Title.mp3").write_bytes(clip(OTHER, "original"))
    (tmp_path / "Music/Artist/Title.aiff").write_bytes(b"")
    returned, end = _scan(target, state)
    assert (returned, end.complete) == ({}, True)


def test_copies_foreign_files_trash_and_other_programs_stores_are_passed_over(tmp_path: Path) -> None:
    """F16, P15: one rendition is returned once, and protected places are not looked into."""
    media = JsonMedia()
    target = LibraryTarget(
        LibraryConfig(root=tmp_path / "Music", trash=tmp_path / "Music/Bin"), media, StillClock(), FakeProcesses()
    )
    target.init_root("1")
    state = _fetched(target)
    content = (tmp_path / "Music/Artist/Title.mp3").read_bytes()
    (tmp_path / "Music/Artist/Title.mp3").unlink()
    for place in ("Bin/x", "Eagle.library/images", ".Trash-1000", ".cratelog/staging/a", "$RECYCLE.BIN"):
        (tmp_path / "Music" / place).mkdir(parents=True)
        (tmp_path / "Music" / place / "Title.mp3").write_bytes(content)
    (tmp_path / "Music/Artist/._Title.mp3").write_bytes(content)
    (tmp_path / "Music/loop").symlink_to(tmp_path / "Music")
    (tmp_path / "Music/link.mp3").symlink_to(tmp_path / "Music/Bin/x/Title.mp3")
    assert set(_scan(target, state)[0]) == {"Artist/Title.aiff"}
    (tmp_path / "Music/copy 1.mp3").write_bytes(content)
    (tmp_path / "Music/copy 2.mp3").write_bytes(content)
    assert set(_scan(target, state)[0]) == {"Artist/Title.aiff", "copy 1.mp3"}


class _Growing(JsonMedia):
    """Media tools that are slower than the program that writes the file."""

    @override
    def identity(self, path: Path) -> str | None:
        """Give the id, and let the file grow meanwhile."""
        found = super().identity(path)
        with path.open("ab") as file:
            file.write(b" ")
        return found


def test_a_growing_file_is_never_hashed_as_final(tmp_path: Path) -> None:
    """I49: it is there, and what it will be is not said yet."""
    state = _fetched(new_library(tmp_path, JsonMedia()))
    os.utime(tmp_path / "Music/Artist/Title.mp3", ns=(1, 1))
    returned, _ = _scan(new_library(tmp_path, _Growing()), state)
    row = next(row for row in state.renditions.values() if row.profile == "original")
    assert returned[row.path].file_sha256 == row.file_sha256
    assert returned[row.path].mtime_ns == row.mtime_ns


@pytest.mark.parametrize("kind", ["audio", "playlist"])
def test_a_root_that_is_not_there_proves_no_absence(tmp_path: Path, kind: str) -> None:
    """F51, I42: an unmounted volume, a bare mount point and another library end the scan incomplete."""
    target = new_library(tmp_path, JsonMedia())
    state = State(scopes={f"library:{kind}": Scope(scope=f"library:{kind}", root_identity="another")})
    (other,) = target.scan(kind, state)
    (tmp_path / "Music/.cratelog-root").unlink()
    (bare,) = target.scan(kind, State())
    (tmp_path / "Music").rmdir()
    (gone,) = target.scan(kind, State())
    failures = []
    for end in (other, bare, gone):
        assert isinstance(end, ScanEnd)
        assert not end.complete
        assert end.problem is not None
        assert end.problem.hint
        failures.append(end.problem.failure)
    assert failures == [FailureClass.WRONG_LIBRARY, FailureClass.ROOT_MISSING, FailureClass.ROOT_MISSING]


@pytest.mark.parametrize("kind", ["audio", "playlist"])
def test_a_folder_that_cannot_be_listed_proves_no_absence(tmp_path: Path, kind: str) -> None:
    """I42: a scan that could not look everywhere is incomplete."""
    config = LibraryConfig(root=tmp_path / "Music", trash=tmp_path / "trash")
    target = new_library(tmp_path, JsonMedia())
    scan = target.scan(kind, State())
    state = _fetched(target)
    walk = LibraryTarget(config, _Vanishing(tmp_path / "Music/Zoo"), StillClock(), FakeProcesses()).scan("audio", state)
    (tmp_path / "Music/Zoo").mkdir()
    (tmp_path / "Music/Artist/Title.mp3").write_bytes(clip(RECORDING, "original", note="changed"))
    *_, end = walk
    assert isinstance(end, ScanEnd)
    assert not end.complete
    *_, fine = scan
    assert isinstance(fine, ScanEnd)
    assert fine.complete


@pytest.mark.parametrize("place", ["Eagle.library", "Eagle.library/images"])
def test_a_root_inside_another_programs_store_is_refused(tmp_path: Path, place: str) -> None:
    """F16: 509 files were once moved out of such a folder."""
    config = LibraryConfig(root=tmp_path / place, trash=tmp_path / "trash")
    with pytest.raises(UsageError) as raised:
        init_root(config, "1")
    assert raised.value.hint
    (end,) = LibraryTarget(config, JsonMedia(), StillClock(), FakeProcesses()).scan("audio", State())
    assert isinstance(end, ScanEnd)
    assert end.problem is not None
    assert end.problem.failure is FailureClass.WRONG_LIBRARY


def test_a_root_keeps_the_identity_it_was_given_first(tmp_path: Path) -> None:
    """F51: initialising twice does not make another library; a wanted identity must match."""
    config = LibraryConfig(root=tmp_path / "Music", trash=tmp_path / "trash", identity="first")
    assert [init_root(config, "first"), init_root(config, "second")] == ["first", "first"]
    other = LibraryConfig(root=config.root, trash=config.trash, identity="second")
    (end,) = LibraryTarget(other, JsonMedia(), StillClock(), FakeProcesses()).scan("audio", State())
    assert isinstance(end, ScanEnd)
    assert end.problem is not None
    assert end.problem.failure is FailureClass.WRONG_LIBRARY


class _Vanishing(JsonMedia):
    """Media tools during whose work a folder is taken away."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    @override
    def identity(self, path: Path) -> str | None:
        """Give the id, and take the folder away."""
        if self._folder.is_dir():
            self._folder.rmdir()
        return super().identity(path)


_MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["stay", "move", "retag", "remove", "copy"])), max_size=6
)


@settings(max_examples=25, deadline=None)
@given(moves=_MOVES)
def test_a_scan_tells_what_is_really_there_after_any_file_operations(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, str]]
) -> None:
    """I49: whatever a person did with the files, the renditions returned are those that are there."""
    folder = tmp_path_factory.mktemp("library")
    target = new_library(folder, JsonMedia())
    state = State()
    for number in range(4):
        state.renditions |= _fetched(
            target, path=f"A/{number}", recording=f"r{'abcd'[number] * 16}", profiles=("original",)
        ).renditions
    places = {number: [folder / f"Music/A/{number}.mp3"] for number in range(4)}
    for step, (number, move) in enumerate(moves):
        _do(move, places[number], folder / f"Music/{step}.mp3")
    returned, end = _scan(target, state)
    really = {f"r{'abcd'[number] * 16}" for number, files in places.items() if files}
    assert end.complete
    assert {state.renditions[each.rendition_id].recording_id for each in returned.values()} == really
    assert all((folder / "Music" / path).is_file() for path in returned)


def _do(move: str, files: list[Path], place: Path) -> None:
    if not files or move == "stay":
        return
    content = files[0].read_bytes()
    if move == "move":
        files[0].rename(place)
        files[0] = place
    elif move == "retag":
        files[0].write_bytes(content + b" ")
    elif move == "remove":
        files.pop(0).unlink()
    else:
        place.write_bytes(content)
        files.append(place)


def test_a_marker_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """F51: what the system refuses about the root is a value, and proves nothing."""
    target = new_library(tmp_path, JsonMedia())
    (tmp_path / "Music/.cratelog-root").unlink()
    (tmp_path / "Music/.cratelog-root").mkdir()
    (end,) = target.scan("audio", State())
    assert isinstance(end, ScanEnd)
    assert end.problem is not None
    assert end.problem.failure is FailureClass.PERMISSION
    assert (target.name, target.kinds) == ("library", ("audio", "playlist"))
