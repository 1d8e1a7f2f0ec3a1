"""Rest: a crate full of questions, answers, merges, links undone and rows nobody keyed, and runs that add nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.events import RecordingMerged, RecordingUnlinked
from engine.domain.matching_events import Answer
from engine.domain.references import recording_id
from engine.journal.replay import replay
from engine.workflows.duplicates import ask_about, find_duplicates, plan_of
from engine.workflows.rematch import rematch, rematch_plan
from engine.workflows.review import answer
from tests.fakes.place import Place
from tests.fakes.source import ref, track

PERSON = Origin(actor="person:test")
QUIET = {"run.started", "run.checkpointed", "run.finished", "scan.completed"}
"""What a run in which nothing happens leaves behind (I23): bounded by scopes, not by things."""


@pytest.fixture
def full(place: Place) -> Place:
    """Give a crate in which everything that matching knows of has happened."""
    named = {1: "First Light", 2: "First Light", 3: "Dawn Chorus", 4: "Dawn Chorus", 5: "Low Tide", 6: "Low Tide",
             7: "Open Road", 8: "Open Road"}  # fmt: skip
    for number, title in named.items():
        shown = replace(track(number, title), artist="Ada")
        place.source.tracks[ref(number)] = shown if number % 2 else replace(shown, duration_ms=None)
    place.source.tracks[ref(8)] = replace(place.source.tracks[ref(8)], duration_ms=track(7).duration_ms)
    place.follow("Crate", tuple(named))
    for title, length_ms in (("First Light", None), ("Dawn Chorus", 200_300), ("Nobody's", 100_000)):
        page = place.targets["notion"].put("track", title=title, artist="Ada")
        if length_ms:
            place.targets["notion"].edit(page, duration_ms=length_ms)
    place.reconcile()
    recordings = {row.newer: row.question_id for row in place.state().questions.values() if "/" not in row.newer}
    answer(place.journal, recordings[recording_id(ref(2))], Answer.SAME)
    answer(place.journal, recordings[recording_id(ref(4))], Answer.DIFFERENT)
    merged = RecordingMerged(
        recording_id=recording_id(ref(5)), into=recording_id(ref(3)), rule="same_audio", evidence=(), beaten=(),
        policy_version="1",
    )  # fmt: skip
    undone = RecordingUnlinked(recording_id=recording_id(ref(7)), ref=ref(8), reason="not it")
    place.journal.append([Draft(event=merged), Draft(event=undone)], PERSON)
    for _ in range(3):
        place.reconcile()
    return place


def test_runs_in_which_nothing_happens_add_only_what_they_looked_at(full: Place) -> None:
    """I20, I23, F66: open and answered questions, merges and a link that was undone bring no run to do anything."""
    assert any(row.open for row in full.state().questions.values())
    sends, counts = full.sends(), []
    for _ in range(3):
        before = full.journal.head().seq
        full.reconcile()
        assert full.types_after(before) <= QUIET
        counts.append(full.journal.head().seq - before)
    assert full.sends() == sends
    assert len(set(counts)) == 1


def test_reports_leave_no_trace(full: Place) -> None:
    """I26: duplicates and rematch, and the plans made of them, append, write and send nothing."""
    head, sends = full.journal.head(), full.sends()
    found = find_duplicates(full.world())
    plan_of(full.world(), found)
    rematch_plan(full.world(), rematch(full.world(), full.policy.matching))
    assert (full.journal.head(), full.sends()) == (head, sends)


def test_asking_about_duplicates_again_asks_nothing_new(full: Place) -> None:
    """I23, P17: what was asked once is not asked again, neither by the report nor by the runs between."""
    ask_about(full.world(), find_duplicates(full.world()))
    for _ in range(2):
        full.reconcile()
        before = full.journal.head().seq
        assert ask_about(full.world(), find_duplicates(full.world())) == 0
        assert full.types_after(before) <= QUIET


def test_what_is_folded_again_is_what_was_there(full: Place) -> None:
    """I13, I16: the digests of a journal with every event of matching are those of a replay from its first one."""
    assert {"match.asked", "match.answered", "match.settled", "recording.merged", "recording.unlinked"} <= (
        full.types_after(0)
    )
    assert replay(full.path).different == ()
