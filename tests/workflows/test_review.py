"""Answering: what follows, what is refused, and that taking back leaves no trace."""

from __future__ import annotations

import pytest

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import (
    RecordingDismissed,
    RecordingMerged,
    RecordingRequested,
    UpgradeTaken,
)
from engine.domain.references import question_id
from engine.workflows.questions import asked_news
from engine.workflows.review import answer, open_questions, still_waits, take_back
from tests.workflows.review_world import (
    EVIDENCE,
    REFS,
    A,
    B,
    C,
    D,
    asked,
    asking,
    one,
    said,
    types_after,
    undone,
    waiting,
)


def test_same_makes_the_newer_one_count_for_the_older() -> None:
    """P17: one transaction: the answer, and the merge with the question's evidence."""
    journal = asking()
    decided = said(journal, B, A, "same")
    assert types_after(journal, decided.seq)[:2] == ["match.answered", "recording.merged"]
    merged = next(r.event for r in journal.read(types=["recording.merged"]))
    assert isinstance(merged, RecordingMerged)
    assert (merged.recording_id, merged.into, merged.rule, merged.evidence[0]) == (B, A, "person", EVIDENCE[0])
    assert one(journal) == {frozenset({A, B})}
    assert decided.follows == ("“Ada – Title 2” counts for “Ada – Title 1”",)


def test_different_leaves_two() -> None:
    """P17: nothing but the answer, which no rule decides again."""
    journal = asking()
    assert types_after(journal, said(journal, B, A, "different").seq) == ["match.answered"]
    assert not asked_news(journal.state(), [asked(B, A, "2")])


def test_instead_gives_the_one_recording_the_newer_ones_audio() -> None:
    """F21: a person's choice of audio is an event of its own."""
    journal = asking()
    said(journal, B, A, "instead")
    rows = journal.state().recordings
    assert (rows[A].merged_into, rows[B].merged_into, rows[B].chosen_ref) == (B, None, REFS[1])
    undone(journal, B, A)
    rows = journal.state().recordings
    assert (rows[A].merged_into, rows[B].chosen_ref) == (None, "")


def test_a_choice_of_audio_made_otherwise_comes_back() -> None:
    """I48: what an answer replaced is there again; what a person chose since is theirs."""
    taken = UpgradeTaken(recording_id=B, ref="file:track:b", reason="lossless")
    journal = asking(taken)
    said(journal, B, A, "instead")
    said(journal, B, A, "same")
    assert journal.state().recordings[B].chosen_ref == "file:track:b"
    journal = asking()
    said(journal, B, A, "instead")
    journal.append([Draft(event=taken)], Origin(actor="person:test"))
    undone(journal, B, A)
    assert journal.state().recordings[B].chosen_ref == "file:track:b"


def test_never_throws_the_newer_one_away_until_it_is_taken_back() -> None:
    """P6: and what was thrown away otherwise stays so."""
    journal = asking()
    answer(journal, question_id(B, A), "never", "a bootleg")
    assert journal.state().recordings[B].dismissed == "never to be fetched, as answered: a bootleg"
    assert not {question_id(C, B), question_id(D, B)} - waiting(journal)
    undone(journal, B, A)
    assert journal.state().recordings[B].dismissed is None
    journal = asking(RecordingDismissed(recording_id=B, reason="mine"))
    said(journal, B, A, "never")
    assert journal.state().recordings[B].dismissed == "mine"
    undone(journal, B, A)
    assert journal.state().recordings[B].dismissed == "mine"


def test_what_was_asked_for_again_since_stays_wanted_when_never_is_taken_back() -> None:
    """P6: a later word is not undone by undoing an earlier one."""
    journal = asking()
    said(journal, C, A, "never")
    said(journal, C, B, "never")
    undone(journal, C, A)
    assert journal.state().recordings[C].dismissed is not None
    journal.append([Draft(event=RecordingRequested(recording_id=C, reason="yes"))], Origin(actor="person:test"))
    seq = undone(journal, C, B).seq
    assert "recording.requested" not in types_after(journal, seq)
    said(journal, C, B, "never")
    assert journal.state().recordings[C].dismissed is not None


def test_later_goes_to_the_end_of_the_queue() -> None:
    """P17: and may be said again and again."""
    journal = asking()
    first = open_questions(journal)[0]
    assert not first.later
    for _ in range(2):
        assert answer(journal, first.question_id, "later").seq is not None
    last = open_questions(journal)[-1]
    assert (last.question_id, last.later) == (first.question_id, True)
    assert still_waits(journal, first.question_id)
    assert take_back(journal, first.question_id).seq is not None
    assert open_questions(journal)[0].question_id == first.question_id


def test_the_same_answer_again_is_no_news() -> None:
    """I23: nor is taking back what nobody said."""
    journal = asking()
    said(journal, B, A, "same")
    assert said(journal, B, A, "same").seq is None
    assert undone(journal, C, A).seq is None


def test_another_answer_first_takes_back_what_the_earlier_one_did() -> None:
    """I48: by events, nothing is rewritten."""
    journal = asking()
    said(journal, B, A, "same")
    decided = said(journal, B, A, "different")
    assert types_after(journal, decided.seq)[:2] == ["match.answered", "recording.separated"]
    assert decided.follows == ("“Ada – Title 2” stands on its own again",)
    assert not one(journal)


def test_an_undo_without_a_name_takes_the_last_answer_back() -> None:
    """P17: of those that stand."""
    journal = asking()
    with pytest.raises(UsageError, match="nothing has been answered"):
        take_back(journal)
    said(journal, B, A, "same")
    said(journal, D, C, "same")
    assert take_back(journal).key == question_id(D, C)
    assert take_back(journal).key == question_id(B, A)
    assert not one(journal)
