"""What decisions about identity make of their rows: questions, merges, links undone, objects held back."""

from __future__ import annotations

import pytest

from engine.domain.events import (
    Answer,
    Event,
    Evidence,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    ObjectReleased,
    ObjectWithheld,
    RecordingLinked,
    RecordingMerged,
    RecordingSeparated,
    RecordingUnlinked,
    TrackSeen,
    UpgradeTaken,
)
from engine.domain.plan import ActionKind
from engine.projections.registry import as_state, empty_rows, fold
from engine.projections.state import State
from tests.projections.every_event import recorded
from tests.projections.test_acted_folds import done

EVIDENCE = (Evidence(feature="title", weight=2.0, detail="“stay”"),)


def after(*events: Event) -> State:
    """Give the state after events, one every millisecond."""
    return as_state(fold(empty_rows(), recorded(events)), journal_id="j", head_seq=len(events), head_hash="h")


def asked(policy: str = "1") -> MatchAsked:
    """Give a question."""
    return MatchAsked(
        question_id="q", newer="n", older="o", names="unclear", score=2.0, evidence=EVIDENCE, policy_version=policy
    )


def answered(answer: Answer) -> MatchAnswered:
    """Give a person's answer to it."""
    return MatchAnswered(question_id="q", newer="n", older="o", answer=answer, reason="")


SETTLED = MatchSettled(question_id="q", decision="reject", evidence=(), policy_version="1")


@pytest.mark.parametrize("answer", Answer)
def test_a_question_waits_until_a_person_has_decided(answer: Answer) -> None:
    """P17: later and reopened decide nothing; the rest do."""
    row = after(asked(), answered(answer)).questions["q"]
    assert row.answer is answer
    assert row.open is (answer in (Answer.LATER, Answer.REOPENED))
    assert after(asked()).questions["q"].open


def test_a_question_asked_again_keeps_its_place_and_what_a_person_said() -> None:
    """P17: new evidence is shown; the queue and the answer stay."""
    row = after(asked(), answered(Answer.LATER), asked("2")).questions["q"]
    assert (row.policy_version, row.answer, row.asked_us, row.asked_seq, row.last_seq) == ("2", "later", 1_000, 1, 3)


def test_facts_close_a_question_until_it_is_asked_again() -> None:
    """Design §5: what evidence settles waits for nobody."""
    assert not after(asked(), SETTLED).questions["q"].open
    assert after(asked(), SETTLED, asked()).questions["q"].open


def test_no_order_of_events_breaks_a_question() -> None:
    """F40: an answer alone makes a row, a settlement of nothing makes none."""
    row = after(answered(Answer.DIFFERENT)).questions["q"]
    assert (row.newer, row.older, row.asked_seq, row.open) == ("n", "o", 1, False)
    assert not after(SETTLED).questions


def linked(ref: str, recording: str = "r", rule: str = "founding") -> RecordingLinked:
    """Give a decision about one sighting."""
    return RecordingLinked(recording_id=recording, ref=ref, rule=rule, evidence=(), beaten=(), policy_version="1")


def merged(into: str) -> RecordingMerged:
    """Give the decision that a recording is another one."""
    return RecordingMerged(recording_id="r", into=into, rule="person", evidence=EVIDENCE, beaten=(), policy_version="1")


def test_a_merge_and_its_undoing_leave_the_recording_as_it_was() -> None:
    """Design §5: an absorbed recording is not forgotten, so that it can stand on its own again."""
    row = after(linked("a"), merged("o")).recordings["r"]
    assert (row.merged_into, row.refs) == ("o", ("a",))
    row = after(linked("a"), merged("o"), RecordingSeparated(recording_id="r", reason="undone")).recordings["r"]
    assert (row.merged_into, row.refs, row.last_seq) == (None, ("a",), 3)
    assert after(merged("o")).recordings["r"].merged_into == "o"
    assert not after(RecordingSeparated(recording_id="r", reason="undone")).recordings


def test_an_undone_link_takes_the_sighting_its_rule_and_a_choice_of_it_away() -> None:
    """Design §5: refs and rules stay side by side, and audio of another recording is not chosen."""
    taken = UpgradeTaken(recording_id="r", ref="b", reason="lossless")
    state = after(linked("a"), linked("b", rule="same_isrc"), taken)
    assert (state.recordings["r"].chosen_ref, state.recordings["r"].chosen_seq) == ("b", 3)
    wrong = RecordingUnlinked(recording_id="r", ref="b", reason="two tracks share an ISRC")
    row = after(linked("a"), linked("b", rule="same_isrc"), taken, wrong).recordings["r"]
    assert (row.refs, row.rules, row.chosen_ref) == (("a",), ("founding",), None)
    other = RecordingUnlinked(recording_id="r", ref="a", reason="")
    assert after(linked("a"), linked("b"), taken, other).recordings["r"].chosen_ref == "b"
    row = after(linked("a"), other).recordings["r"]
    assert (row.refs, row.rules) == ((), ())
    assert not after(wrong).recordings
    assert after(taken).recordings["r"].chosen_ref == "b"


def test_an_unlinked_sighting_belongs_to_nothing_unless_it_was_linked_elsewhere_since() -> None:
    """Design §5: undoing an old link does not undo the newer one."""
    seen = TrackSeen(ref="a", title="Stay", url="https://example.org/a")
    wrong = RecordingUnlinked(recording_id="r", ref="a", reason="")
    assert after(seen, linked("a"), wrong).sightings["a"].recording_id is None
    assert after(seen, linked("a"), linked("a", "other"), wrong).sightings["a"].recording_id == "other"
    assert not after(wrong).sightings


def withheld(*fields: str) -> ObjectWithheld:
    """Give what a person's undo holds back."""
    return ObjectWithheld(
        object_id="notion/track/r", target="notion", object_kind="track", key="r", fields=fields, reason="undone"
    )


RELEASED = ObjectReleased(
    object_id="notion/track/r", target="notion", object_kind="track", key="r", reason="asked for again"
)


@pytest.mark.parametrize(
    ("events", "held"),
    [
        ((withheld("title"),), ("title",)),
        ((withheld("title"), withheld("isrc")), ("isrc", "title")),
        ((withheld("title"), withheld()), ()),
        ((withheld(), withheld("title")), ()),
        ((withheld("title"), RELEASED), None),
        ((withheld(), RELEASED, withheld("isrc")), ("isrc",)),
    ],
)
def test_what_is_undone_adds_up_until_it_is_released(events: tuple[Event, ...], held: tuple[str, ...] | None) -> None:
    """P6: no fields are the whole object, and nothing a second undo says makes that less."""
    assert after(*events).objects["notion/track/r"].withheld == held
    assert after(done({"title": "A"}), *events).objects["notion/track/r"].base == {"title": "A"}


def test_a_write_keeps_what_is_held_back() -> None:
    """P6: another field's write does not forget what was undone; a removal does not either."""
    row = after(withheld("title"), done({"isrc": "X"})).objects["notion/track/r"]
    assert (row.withheld, row.withheld_seq) == (("title",), 1)
    gone = after(withheld("title"), done({}, kind=ActionKind.TRASH_PAGE)).objects["notion/track/r"]
    assert (gone.withheld, gone.trashed) == (("title",), True)
    assert not after(RELEASED).objects
