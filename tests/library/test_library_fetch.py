"""Facts about placing audio: whole or not at all, over nobody's file, found again after a crash."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.crash import CrashPoint
from engine.domain.failure import FailureClass, Problem
from engine.domain.names import render
from engine.domain.outcomes import Absent, Deferred, Done, Present, Refused, Unclear
from engine.domain.plan import Operation
from engine.domain.recording_events import RenditionVerified
from engine.domain.references import rendition_id
from engine.projections.state import State
from tests.fakes.machine import FakeProcesses
from tests.library.library_world import NOW_US, OTHER, RECORDING, JsonMedia, action, clip, fetch, new_library


def _paths(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def _facts(outcome: object) -> dict[str, RenditionVerified]:
    assert isinstance(outcome, Done | Present), outcome
    return {fact.profile: fact for fact in outcome.facts if isinstance(fact, RenditionVerified)}


class _CrashError(Exception):
    """The process died here."""


def test_a_fetched_recording_lies_under_its_name_with_facts_of_the_placed_file(tmp_path: Path) -> None:
    """F14, F26: the facts speak of the durable file, and nothing is left in staging."""
    target = new_library(tmp_path, JsonMedia())
    outcome = target.send(fetch())
    facts = _facts(outcome)
    assert set(facts) == {"original", "aiff"}
    assert facts["original"].path == "Artist/Title.mp3"
    assert facts["aiff"].rendition_id == rendition_id(RECORDING, "aiff")
    real = tmp_path / "Music" / "Artist/Title.aiff"
    assert (facts["aiff"].size_bytes, facts["aiff"].mtime_ns) == (real.stat().st_size, real.stat().st_mtime_ns)
    assert _paths(tmp_path / "Music") == [".cratelog-root", "Artist/Title.aiff", "Artist/Title.mp3"]
    assert isinstance(outcome, Done)
    assert outcome.held == fetch().written
    assert target.requests() == {"soundcloud": 1}


def test_two_files_of_one_suffix_are_told_apart_by_profile(tmp_path: Path) -> None:
    """F13: an M4A original and its ALAC do not overwrite each other, and a probe knows which is which."""
    target = new_library(tmp_path, JsonMedia(original_suffix=".m4a"))
    order = fetch(profiles=("alac", "original"))
    facts = _facts(target.send(order))
    assert facts["original"].path == "Artist/Title.m4a"
    assert facts["alac"].path == "Artist/Title [alac].m4a"
    assert _facts(target.probe(order)) == facts


@pytest.mark.parametrize("name", ["Title.mp3", "TITLE.MP3", "title.mp3"])
def test_a_foreign_file_keeps_its_name_and_ours_is_marked(tmp_path: Path, name: str) -> None:
    """I57, F13: a name taken in any case is left to its owner."""
    target = new_library(tmp_path, JsonMedia())
    foreign = tmp_path / "Music/Artist" / name
    foreign.parent.mkdir()
    foreign.write_bytes(b"somebody's")
    facts = _facts(target.send(fetch()))
    assert foreign.read_bytes() == b"somebody's"
    assert facts["original"].path == "Artist/Title [aaaaaa].mp3"
    assert _facts(target.probe(fetch())) == facts


def test_a_name_in_another_normal_form_is_the_same_name(tmp_path: Path) -> None:
    """P18: an NFD folder is used for an NFC name, and an NFD file of somebody else is a collision."""
    target = new_library(tmp_path, JsonMedia())
    folder = tmp_path / "Music" / unicodedata.normalize("NFD", "Beyoncé")
    folder.mkdir()
    (folder / unicodedata.normalize("NFD", "Été.mp3")).write_bytes(b"somebody's")
    facts = _facts(target.send(fetch("Beyoncé/Été")))
    assert facts["original"].path == "Beyoncé/Été [aaaaaa].mp3"
    assert len(list((tmp_path / "Music").glob("B*"))) == 1
    assert _facts(target.probe(fetch("Beyoncé/Été"))) == facts


def test_another_recordings_file_of_ours_is_foreign_to_this_one(tmp_path: Path) -> None:
    """F13: two recordings with one wanted path both get a file."""
    target = new_library(tmp_path, JsonMedia())
    first, second = _facts(target.send(fetch())), _facts(target.send(fetch(recording=OTHER)))
    assert first["original"].path == "Artist/Title.mp3"
    assert second["original"].path == "Artist/Title [bbbbbb].mp3"
    assert _facts(target.probe(fetch())) == first
    assert _facts(target.probe(fetch(recording=OTHER))) == second


@pytest.mark.parametrize("moved_before_death", [1, 2])
def test_a_crash_after_a_move_costs_no_second_download_and_no_second_file(
    tmp_path: Path, moved_before_death: int
) -> None:
    """CP18, I36, I37: what was placed is recognised; what is missing is made from the placed original."""
    media = JsonMedia()
    moves: list[CrashPoint] = []

    def die(point: CrashPoint) -> None:
        moves.append(point)
        if moves.count(CrashPoint.AFTER_FILE_MOVED) == moved_before_death:
            raise _CrashError

    with pytest.raises(_CrashError):
        new_library(tmp_path, media, reached=die).send(fetch())
    target = new_library(tmp_path, media)
    probed = target.probe(fetch())
    if moved_before_death == 2:
        assert set(_facts(probed)) == {"original", "aiff"}
    else:
        assert probed == Absent()
        assert set(_facts(target.send(fetch()))) == {"original", "aiff"}
        assert media.orders[-1].profiles == ("aiff",)
        assert media.orders[-1].local_path == str(tmp_path / "Music/Artist/Title.mp3")
    assert target.requests() == {"soundcloud": 1}
    assert _paths(tmp_path / "Music") == [".cratelog-root", "Artist/Title.aiff", "Artist/Title.mp3"]


def test_a_crash_before_any_file_is_placed_leaves_no_file(tmp_path: Path) -> None:
    """CP08, I55: what was made but not placed is nothing, and the next attempt starts anew."""

    def die(point: CrashPoint) -> None:
        assert point is CrashPoint.DURING_SEND
        raise _CrashError

    with pytest.raises(_CrashError):
        new_library(tmp_path, JsonMedia(), reached=die).send(fetch())
    target = new_library(tmp_path, JsonMedia())
    assert target.probe(fetch()) == Absent()
    assert set(_facts(target.send(fetch()))) == {"original", "aiff"}


def test_sending_a_finished_fetch_again_downloads_nothing(tmp_path: Path) -> None:
    """I35, P20: the verified files that are there stay as they are."""
    media = JsonMedia()
    target = new_library(tmp_path, media)
    facts = _facts(target.send(fetch()))
    assert _facts(target.send(fetch())) == facts
    assert len(media.orders) == 1


def test_a_damaged_file_of_ours_is_neither_trusted_nor_overwritten(tmp_path: Path) -> None:
    """F17, I56: the replacement gets its own name; the damaged file waits for a person."""
    media = JsonMedia()
    target = new_library(tmp_path, media)
    target.send(fetch())
    damaged = tmp_path / "Music/Artist/Title.mp3"
    damaged.write_bytes(b"cut sho")
    assert target.probe(fetch()) == Absent()
    assert _facts(target.send(fetch()))["original"].path == "Artist/Title [aaaaaa].mp3"
    assert damaged.read_bytes() == b"cut sho"


def left_behind(root: Path, name: str, *, owner: str | None, age_s: float) -> Path:
    """Put a staging folder on the shelf, as an attempt that did not come to its end leaves it."""
    folder = root / "Music/.cratelog/staging" / name
    (folder / "files").mkdir(parents=True)
    (folder / "files/original.mp3").write_bytes(b"half")
    if owner is not None:
        (folder / "owner").write_text(owner)
    os.utime(folder, (NOW_US / 1_000_000 - age_s,) * 2)
    return folder


def test_what_a_dead_process_left_behind_is_cleared_at_once(tmp_path: Path) -> None:
    """F14: the half of a file that was being made never becomes a file, whoever's action it was."""
    processes = FakeProcesses()
    processes.dead.add("killed")
    target = new_library(tmp_path, JsonMedia(), processes=processes)
    stale = left_behind(tmp_path, "act0123456789.x", owner="killed", age_s=1)
    target.send(fetch())
    assert not stale.exists()
    assert list(stale.parent.iterdir()) == []
    left_behind(tmp_path, "act0123456789.x", owner="killed", age_s=1)
    list(target.scan("audio", State()))  # where nothing is left to fetch, too
    assert not stale.exists()


@pytest.mark.parametrize(
    ("owner", "age_days", "kept"),
    [("us", 3, True), ("elsewhere", 3, True), ("elsewhere", 31, False), (None, 0.5, True), (None, 1.1, False)],
)
def test_a_folder_is_kept_while_its_owner_may_live(
    tmp_path: Path, owner: str | None, age_days: float, *, kept: bool
) -> None:
    """I39: the machine may have slept for days in the middle of a download; who cannot be asked gets a month."""
    folder = left_behind(tmp_path, "act9.x", owner=owner, age_s=age_days * 86_400)
    target = new_library(tmp_path, JsonMedia())
    target.send(fetch())
    assert folder.exists() is kept


def test_two_processes_at_one_action_do_not_clear_each_others_files(tmp_path: Path) -> None:
    """I39, P12: even where a lease was lost, the other's half-made files stay, and one whole set of files results."""
    second = new_library(tmp_path, JsonMedia(), processes=FakeProcesses("second"))

    def meanwhile(point: CrashPoint) -> None:
        if point is CrashPoint.DURING_SEND:
            second.send(fetch())

    first = new_library(tmp_path, JsonMedia(), processes=FakeProcesses("first"), reached=meanwhile)
    assert set(_facts(first.send(fetch()))) == {"original", "aiff"}


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (FailureClass.RATE_LIMITED, Deferred),
        (FailureClass.MEDIA_MISSING, Deferred),
        (FailureClass.GONE, Refused),
        (FailureClass.GEO_BLOCKED, Refused),
        (FailureClass.PREVIEW_ONLY, Refused),
        (FailureClass.VERIFY_FAILED, Refused),
        (FailureClass.DISK_FULL, Refused),
    ],
)
def test_a_problem_places_nothing_and_is_never_unknown(tmp_path: Path, failure: FailureClass, kind: type) -> None:
    """F31, I54: a passing problem is deferred, what proves something is refused; no file appears."""
    problem = Problem(failure=failure, detail="as it is")
    target = new_library(tmp_path, JsonMedia(refusal=problem))
    outcome = target.send(fetch())
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Deferred | Refused)
    assert outcome.problem == problem
    assert _paths(tmp_path / "Music") == [".cratelog-root"]


@pytest.mark.parametrize(
    ("number", "failure"),
    [
        (errno.ENOSPC, FailureClass.DISK_FULL),
        (errno.EACCES, FailureClass.PERMISSION),
        (errno.EROFS, FailureClass.PERMISSION),
        (errno.EIO, FailureClass.UNEXPECTED),
    ],
)
def test_what_the_disk_refuses_is_a_value(tmp_path: Path, number: int, failure: FailureClass) -> None:
    """A full or read-only disk ends one action, not the program."""
    outcome = new_library(tmp_path, JsonMedia(refusal=OSError(number, "no"))).send(fetch())
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is failure


@pytest.mark.parametrize(
    "fields",
    [
        {"path": "../outside"},
        {"path": "/etc/passwd"},
        {"path": "a//b"},
        {"path": "Eagle.library/images/x"},
        {"path": ".cratelog/x"},
        {"path": None},
        {"profiles": ()},
        {"profiles": None},
        {"source_ref": None},
    ],
)
def test_an_order_that_makes_no_sense_or_leaves_the_root_is_refused(tmp_path: Path, fields: dict[str, Any]) -> None:
    """F16, F30: nothing is written outside the root, into another program's store, or to a path called None."""
    target = new_library(tmp_path, JsonMedia())
    outcome, probe = target.send(fetch(**fields)), target.probe(fetch(**fields))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.INVALID_REQUEST
    assert isinstance(probe, Unclear)


def test_a_folder_that_is_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    """F16: a link cannot make us write elsewhere."""
    target = new_library(tmp_path, JsonMedia())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "Music/Artist").symlink_to(tmp_path / "elsewhere")
    assert isinstance(target.send(fetch()), Refused)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_probe_of_an_empty_library_is_absent_and_an_unmarked_root_unclear(tmp_path: Path) -> None:
    """I32: no conclusion about a library that is not there."""
    target = new_library(tmp_path, JsonMedia())
    assert target.probe(fetch()) == Absent()
    (tmp_path / "Music/.cratelog-root").unlink()
    assert isinstance(target.probe(fetch()), Unclear)
    outcome = target.send(fetch())
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.ROOT_MISSING


def test_a_kind_of_another_target_is_refused(tmp_path: Path) -> None:
    """The library does not guess what an action for somebody else means."""
    target = new_library(tmp_path, JsonMedia())
    foreign = fetch().__class__(
        **{name: getattr(fetch(), name) for name in fetch().__struct_fields__} | {"kind": "CreatePage"}
    )
    assert isinstance(target.send(foreign), Refused)
    assert isinstance(target.probe(foreign), Unclear)


_TITLES = st.sampled_from(
    ["Intro", "intro", "Été", "E\u0301te\u0301", "CON", "a/b", "🔥", "x" * 300, "..", "Intro [aaaaaa]"]
)


@settings(max_examples=20, deadline=None)
@given(titles=st.lists(_TITLES, min_size=1, max_size=5))
def test_any_titles_end_in_as_many_whole_files(tmp_path_factory: pytest.TempPathFactory, titles: list[str]) -> None:
    """I55, I57: whatever the titles, every recording has its own file and keeps it."""
    target = new_library(tmp_path_factory.mktemp("library"), JsonMedia())
    placed = []
    for number, title in enumerate(titles):
        path = render("{artist}/{title}", {"artist": "A", "title": title})
        order = fetch(path, recording=f"r{'abcdefgh'[number] * 16}", profiles=("original",))
        placed.append(_facts(target.send(order))["original"].path)
        assert _facts(target.probe(order))["original"].path == placed[-1]
    assert len({unicodedata.normalize("NFC", path).casefold() for path in placed}) == len(titles)


def _audio(folder: Path, recording: str = RECORDING) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Title.mp3").write_bytes(clip(recording, "original"))
    (folder / "Title.aiff").write_bytes(clip(recording, "aiff"))


def test_trashed_audio_lies_in_the_trash_with_a_line_that_says_where_it_was(tmp_path: Path) -> None:
    """I45, design: removal is a move, undoable, and a probe sees it."""
    target = new_library(tmp_path, JsonMedia())
    _audio(tmp_path / "Music/Artist")
    order = action(Operation.TRASH, "audio", RECORDING, remote_id="Artist/Title.mp3")
    assert target.probe(order) == Absent()
    outcome = target.send(order)
    assert isinstance(outcome, Done), outcome
    assert _paths(tmp_path / "Music") == [".cratelog-root", "Artist/Title.aiff"]
    (manifest,) = (tmp_path / "trash").rglob("manifest.jsonl")
    assert '"path":"Artist/Title.mp3"' in manifest.read_text()
    assert (manifest.parent / "Artist/Title.mp3").read_bytes() == clip(RECORDING, "original")
    probed = target.probe(order)
    assert isinstance(probed, Present)
    assert not probed.seen.live
    again = target.send(order)
    assert isinstance(again, Refused)
    assert again.problem.failure is FailureClass.NOT_FOUND


def test_the_last_verified_copy_is_never_trashed(tmp_path: Path) -> None:
    """I45, F17: a damaged or foreign neighbour is no copy."""
    target = new_library(tmp_path, JsonMedia())
    folder = tmp_path / "Music/Artist"
    _audio(folder)
    (folder / "Title.aiff").write_bytes(b"cut sho")
    (folder / "Other.mp3").write_bytes(clip(OTHER, "original"))
    (folder / "notes.txt").write_text("mine")
    outcome = target.send(action(Operation.TRASH, "audio", RECORDING, remote_id="Artist/Title.mp3"))
    assert isinstance(outcome, Refused)
    assert "last verified copy" in outcome.problem.detail
    assert (folder / "Title.mp3").exists()


@pytest.mark.parametrize("remote_id", [None, "Artist/Missing.mp3", "../Title.mp3", "Artist/Other.mp3"])
def test_what_is_not_this_recordings_file_is_not_trashed(tmp_path: Path, remote_id: str | None) -> None:
    """I45: a removal names one file of ours, or does nothing."""
    target = new_library(tmp_path, JsonMedia())
    _audio(tmp_path / "Music/Artist")
    (tmp_path / "Music/Artist/Other.mp3").write_bytes(clip(OTHER, "original"))
    before = _paths(tmp_path / "Music")
    outcome = target.send(action(Operation.TRASH, "audio", RECORDING, remote_id=remote_id))
    assert isinstance(outcome, Refused)
    assert _paths(tmp_path / "Music") == before
