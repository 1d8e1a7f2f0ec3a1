"""What waits while a person is asked, and in which order they are asked."""

from __future__ import annotations

import pytest

from engine.domain.events import (
    Answer,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    RecordingDismissed,
    RecordingMerged,
    RecordingRequested,
    TrackSeen,
)
from engine.domain.references import question_id, recording_id
from engine.reconciler.asking import recordings_asked_about, waiting_questions
from tests.reconciler.pure_world import Story, track

FIRST, SECOND, THIRD = (recording_id(f"soundcloud:track:{number}") for number in (1, 2, 3))


def asked(newer: str, older: str) -> MatchAsked:
    """Ask whether two things are one recording."""
    return MatchAsked(
        question_id=question_id(newer, older), newer=newer, older=older, names="same", score=1.0, evidence=(),
        policy_version="1",
    )  # fmt: skip


def said(newer: str, older: str, answer: Answer) -> MatchAnswered:
    """Answer it."""
    return MatchAnswered(question_id=question_id(newer, older), newer=newer, older=older, answer=answer, reason="")


def three() -> Story:
    """Tell of three tracks that everybody wants."""
    story = Story()
    story.tell(track(1, title="Roygbiv"), track(2, title="Kid for Today"), track(3, title="Olson"))
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in (1, 2, 3)])
    story.link()
    story.scanned()
    return story


def test_nothing_is_made_of_a_recording_while_a_person_is_asked_who_it_is() -> None:
    """P2: no download, no row, no item; what is known already goes on."""
    story = three()
    story.tell(asked(SECOND, FIRST))
    waits = [wait for wait in story.plan().waiting if wait.why == "asked"]
    assert {wait.key for wait in waits} == {SECOND}
    assert all("“Artist 1 – Roygbiv”" in wait.detail and "sync review" in wait.detail for wait in waits)
    assert SECOND not in {action.key for action in story.plan().actions}
    assert {FIRST, THIRD} <= {action.key for action in story.plan().actions}


@pytest.mark.parametrize("answer", [Answer.DIFFERENT, Answer.SAME])
def test_an_answer_ends_the_wait(answer: Answer) -> None:
    """P17: what a person said is acted on by the next plan."""
    story = three()
    story.tell(asked(SECOND, FIRST), said(SECOND, FIRST, answer))
    assert not [wait for wait in story.plan().waiting if wait.why == "asked"]


def test_questions_come_oldest_first_and_those_put_off_after_the_others() -> None:
    """P17: later means after the others, in the order in which they were put off."""
    story = three()
    story.tell(asked(SECOND, FIRST), asked(THIRD, FIRST), asked(THIRD, SECOND))
    story.tell(said(THIRD, FIRST, Answer.LATER), said(SECOND, FIRST, Answer.LATER))
    waiting = [(row.newer, row.older) for row in waiting_questions(story.state())]
    assert waiting == [(THIRD, SECOND), (THIRD, FIRST), (SECOND, FIRST)]
    story.tell(MatchSettled(question_id=question_id(THIRD, FIRST), decision="reject", evidence=(), policy_version="1"))
    story.tell(said(THIRD, SECOND, Answer.NEVER))
    assert [(row.newer, row.older) for row in waiting_questions(story.state())] == [(SECOND, FIRST)]


def test_nobody_is_asked_about_what_was_thrown_away() -> None:
    """P6: until they ask for it again."""
    story = three()
    story.tell(asked(SECOND, FIRST), RecordingDismissed(recording_id=SECOND, reason="no"))
    assert not waiting_questions(story.state())
    story.tell(RecordingRequested(recording_id=SECOND, reason="yes"))
    assert waiting_questions(story.state())


def test_a_merge_carries_the_question_to_the_one_that_stays() -> None:
    """Design §5: an absorbed recording counts for another, and a question about itself holds nothing up."""
    story = three()
    story.tell(asked(SECOND, FIRST), asked("notion/track/page", FIRST))
    state = story.state()
    assert set(recordings_asked_about(state, {})) == {SECOND}
    assert set(recordings_asked_about(state, {SECOND: THIRD})) == {THIRD}
    assert not recordings_asked_about(state, {SECOND: FIRST})
    story.tell(
        RecordingMerged(recording_id=SECOND, into=FIRST, rule="same_audio", evidence=(), beaten=(), policy_version="1")
    )
    assert not [wait for wait in story.plan().waiting if wait.why == "asked"]


def test_a_track_without_a_name_is_named_by_what_there_is() -> None:
    """P2: whatever is known is said, the id at least."""
    story = three()
    story.tell(asked(SECOND, "runseen"))
    assert any("is it runseen?" in wait.detail for wait in story.plan().waiting if wait.why == "asked")
    nameless = Story()
    nameless.tell(TrackSeen(ref="a:track:1", title="", url="https://example.org/a"), track(2))
    nameless.listed("a:set:1", ["a:track:1", "soundcloud:track:2"])
    nameless.link()
    nameless.scanned()
    nameless.tell(asked(SECOND, recording_id("a:track:1")))
    details = [wait.detail for wait in nameless.plan().waiting if wait.why == "asked"]
    assert any("“https://example.org/a”" in detail for detail in details)
