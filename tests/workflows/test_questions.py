"""Questions in the journal: told once, told again on other evidence, never to somebody who answered."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode
from engine.domain.events import (
    Answer,
    Event,
    Evidence,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    RecordingDismissed,
    RecordingMerged,
)
from engine.domain.references import question_id, recording_id
from engine.workflows.questions import note_questions, open_count
from engine.workflows.run import running
from tests.fakes.place import Place
from tests.fakes.source import ref

FIRST, SECOND = recording_id(ref(1)), recording_id(ref(2))
ASKED = MatchAsked(
    question_id=question_id(FIRST, SECOND),
    newer=SECOND,
    older=FIRST,
    names="same",
    score=2.0,
    evidence=(Evidence(feature="title", weight=2.0, detail="“stay”"),),
    policy_version="1",
)
SETTLED = MatchSettled(question_id=ASKED.question_id, decision="reject", evidence=(), policy_version="1")
PERSON = Origin(actor="person:test")


def noted(place: Place, asked: Sequence[MatchAsked] = (ASKED,), settled: Sequence[MatchSettled] = ()) -> list[str]:
    """Note questions within a run; gives the types of what was appended."""
    world = place.world()
    with running(world, "test") as run:
        return [event.TYPE for event in note_questions(world, run, asked, settled)]


def told(place: Place, *events: Event) -> None:
    """Let a person decide something."""
    place.journal.append([Draft(event=event) for event in events], PERSON)


def said(answer: Answer) -> MatchAnswered:
    """Give an answer to the question."""
    return MatchAnswered(question_id=ASKED.question_id, newer=SECOND, older=FIRST, answer=answer, reason="")


def test_a_question_is_told_once(place: Place) -> None:
    """I23: nothing is appended when nothing changed."""
    assert noted(place) == ["match.asked"]
    assert noted(place) == []
    assert noted(place, ()) == []
    assert place.state().questions[ASKED.question_id].open


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, policy_version="2"),
        replace(ASKED, score=3.0),
        replace(ASKED, names="unclear"),
        replace(ASKED, evidence=()),
    ],
)
def test_other_evidence_is_told(place: Place, other: MatchAsked) -> None:
    """Design §5: a person sees what the question rests on by now, once."""
    noted(place)
    assert noted(place, (other, other)) == ["match.asked"]
    assert noted(place, (other,)) == []


@pytest.mark.parametrize("answer", [Answer.SAME, Answer.DIFFERENT, Answer.INSTEAD, Answer.NEVER])
def test_nobody_is_asked_what_they_answered(place: Place, answer: Answer) -> None:
    """Design §5: a person's decision outlives every scan and every policy, and facts do not settle it."""
    noted(place)
    told(place, said(answer))
    assert noted(place, (replace(ASKED, policy_version="2"),), (SETTLED,)) == []


def test_what_was_put_off_stays_open(place: Place) -> None:
    """P17: later is no answer; new evidence is told, facts may settle it."""
    noted(place)
    told(place, said(Answer.LATER))
    assert noted(place) == []
    assert noted(place, (replace(ASKED, score=3.0),)) == ["match.asked"]
    assert open_count(place.journal) == 1
    assert noted(place, (), (SETTLED,)) == ["match.settled"]


def test_facts_close_a_question_and_may_open_it_again(place: Place) -> None:
    """Design §5: once; a question that is closed is not closed again, nor one that nobody asked."""
    assert noted(place, (), (SETTLED,)) == []
    noted(place)
    assert noted(place, (), (SETTLED, SETTLED)) == ["match.settled"]
    assert noted(place, (), (SETTLED,)) == []
    assert open_count(place.journal) == 0
    assert noted(place) == ["match.asked"]


def test_nobody_is_asked_of_what_is_one_already(place: Place) -> None:
    """Design §5: merged, there is nothing to ask."""
    place.follow("Night", (1, 2))
    place.reconcile()
    merged = RecordingMerged(
        recording_id=SECOND, into=FIRST, rule="same_audio", evidence=(), beaten=(), policy_version="1"
    )
    told(place, merged)
    assert noted(place) == []


def test_a_run_that_leaves_questions_says_so(place: Place) -> None:
    """P17, design §12: 21, also when nothing else was to be done; and 0 once nothing waits for a person."""
    place.follow("Night", (1, 2))
    place.reconcile()
    noted(place)
    assert [place.reconcile().exit_code for _ in range(2)] == [ExitCode.NEEDS_PERSON] * 2
    assert place.reconcile().questions == 1
    told(place, RecordingDismissed(recording_id=SECOND, reason="no"))
    assert place.reconcile().exit_code is ExitCode.FINE
