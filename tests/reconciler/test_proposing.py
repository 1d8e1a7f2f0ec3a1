"""Plans that carry decisions: what they keep, what they are digested with, and which decisions still hold later."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.canonical import canonical
from engine.domain.decisions import Decision, Merge, Recognise, Separate, Unlink
from engine.domain.events import ConflictResolved, MatchAnswered, RemoteSeen
from engine.domain.matching_events import Answer
from engine.domain.plan import Operation, PlanFile
from engine.domain.references import question_id
from engine.reconciler.merging import event_of
from engine.reconciler.policy import PlanScope
from engine.reconciler.proposing import judge_decisions, plan_with
from tests.reconciler.pure_world import NOW_US, POLICY, Story
from tests.reconciler.test_keepers import at_rest
from tests.reconciler.test_merged_worlds import LISTS, ROOMY, SEEDS, Lists, crate
from tests.reconciler.test_merging import merged, rec, twins
from tests.reconciler.test_planner import run_to_rest

ONE, TWO, THREE = rec(1), rec(2), rec(3)
MERGE = Merge(recording_id=TWO, into=ONE, rule="same_audio", policy_version="p")
BACK = Separate(recording_id=TWO, reason="not it")


def recognise(thing: str, recording: str = ONE) -> Recognise:
    """Give the decision that a thing is a recording."""
    return Recognise(question_id=question_id(thing, recording), thing=thing, recording_id=recording, reason="")


def held(story: Story, *decisions: Decision) -> tuple[tuple[Decision, ...], list[str]]:
    """Give which decisions are to be recorded, and why others are not."""
    judged = judge_decisions(story.state(), decisions)
    return judged.holding, [reason for _, reason in judged.stale]


def answered(story: Story, newer: str, older: str, said: Answer) -> None:
    """Let a person answer."""
    asked = question_id(newer, older)
    story.tell(MatchAnswered(question_id=asked, newer=newer, older=older, answer=said, reason=""))


def test_a_plan_of_decisions_holds_what_follows_from_them_and_nothing_else() -> None:
    """I25: other work is left to other plans, and so are its waits and conflicts; guards are in force."""
    story = at_rest()
    page = f"notion-track-{THREE}"
    row = story.state().remotes[f"notion/{page}"]
    fields = {**row.fields, "downloaded": False, "isrc": "USX"}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id=page, key=THREE, fields=fields))
    assert [action.key for action in story.plan().actions] == [THREE]
    proposed = plan_with(story.state(), [MERGE], POLICY, NOW_US)
    assert {action.key for action in proposed.actions} == {ONE, TWO, "soundcloud:set:2", "soundcloud:set:3"}
    assert proposed.decisions == (MERGE,)
    assert {report.scope for report in proposed.guards} == {"eagle:item", "library:audio", "notion:track"}
    assert {wait.key for wait in proposed.waiting} == {ONE}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="copy", key=THREE, fields=fields))
    assert story.plan().conflicts
    assert not plan_with(story.state(), [MERGE], POLICY, NOW_US).conflicts


def test_a_plan_of_no_decisions_is_empty() -> None:
    """Issue 3.6: nothing to decide means nothing to do, not everything."""
    story = twins()
    assert story.plan().actions
    assert not plan_with(story.state(), [], POLICY, NOW_US).actions
    assert not plan_with(story.state(), [Separate(recording_id="nobody", reason="")], POLICY, NOW_US).actions


def test_a_plan_of_a_separation_concerns_both() -> None:
    """Issue 3.6: what was one is two again, and each gets what it lacks."""
    story = twins()
    story.tell(merged(2, 1))
    run_to_rest(story)
    proposed = plan_with(story.state(), [BACK], POLICY, NOW_US)
    fetched = {action.key for action in proposed.actions if action.kind == "FetchRecording"}
    assert fetched == {TWO}
    assert ONE in {wait.key for wait in proposed.waiting} | {action.key for action in proposed.actions}


def test_a_plan_that_recognises_something_concerns_it() -> None:
    """Issue 3.6: a second row without a key goes by the plan that says what it is."""
    story = at_rest()
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="hers", key=None, fields={"title": "x"}))
    proposed = plan_with(story.state(), [recognise("notion/track/hers")], POLICY, NOW_US)
    assert [(action.operation, action.remote_id) for action in proposed.actions] == [(Operation.TRASH, "hers")]


def test_decisions_are_part_of_a_plans_digest_and_of_its_file() -> None:
    """I51: two plans that decide otherwise are two plans; every decision comes back from JSON as it was."""
    state = at_rest().state()
    one, other = plan_with(state, [], POLICY, NOW_US), plan_with(state, [BACK], POLICY, NOW_US)
    assert one.actions == other.actions
    assert one.digest != other.digest
    every: tuple[Decision, ...] = (
        MERGE, BACK, Unlink(recording_id=ONE, ref="soundcloud:track:1", reason="r"), recognise("notion/track/p"),
    )  # fmt: skip
    full = plan_with(state, every, POLICY, NOW_US)
    held_file = PlanFile(digest=full.digest, plan=full)
    assert msgspec.json.decode(canonical(held_file), type=PlanFile) == held_file


def test_a_narrower_scope_narrows_it() -> None:
    """I25: the scope a person gives counts beside the decisions."""
    state = at_rest().state()
    whole = plan_with(state, [MERGE], POLICY, NOW_US)
    part = plan_with(state, [MERGE], POLICY, NOW_US, PlanScope(only=("notion",), limit=1))
    assert [action.target for action in part.actions] == ["notion"]
    assert part.actions[0] in whole.actions
    lists = plan_with(state, [MERGE], POLICY, NOW_US, PlanScope(playlists=("soundcloud:set:2",)))
    assert {action.key for action in lists.actions} == {ONE, TWO, "soundcloud:set:2"}


@settings(max_examples=15, deadline=None)
@given(lists=LISTS, seed=SEEDS, pair=st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_what_a_plan_proposes_is_what_is_planned_once_it_is_decided(
    lists: Lists, seed: int, pair: tuple[int, int]
) -> None:
    """I25, I51: an action keeps its id when the decision is recorded, so that the file can be applied."""
    story = crate(lists, 2, seed)
    merge = Merge(recording_id=rec(pair[0]), into=rec(pair[1]), rule="person")
    proposed = plan_with(story.state(), [merge], ROOMY, NOW_US)
    story.tell(event_of(merge))
    assert {action.action_id for action in proposed.actions} <= {row.action_id for row in story.plan(ROOMY).actions}
    chance = random.Random(seed)
    for action in proposed.actions:
        if chance.random() < 0.7:
            story.perform(action)
    story.scanned()
    run_to_rest(story, policy=ROOMY)
    assert not story.plan(ROOMY).actions


# --- which decisions hold ------------------------------------------------------------------------------------------


def test_a_decision_that_is_recorded_already_is_no_news() -> None:
    """I07: the same file applied again decides nothing anew."""
    story = at_rest()
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="hers", key=None, fields={}))
    said = recognise("notion/track/hers")
    unlink = Unlink(recording_id=THREE, ref="soundcloud:track:3", reason="another")
    assert held(story, MERGE, said, unlink) == ((MERGE, said, unlink), [])
    assert held(story, BACK) == ((), [])
    story.tell(*(event_of(decision) for decision in (MERGE, said, unlink)))
    assert held(story, MERGE, said, unlink) == ((), [])
    assert held(story, BACK) == ((BACK,), [])
    assert held(story, BACK, MERGE) == ((BACK, MERGE), [])


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (Merge(recording_id="nobody", into=ONE, rule=""), "nobody is not known"),
        (Merge(recording_id=ONE, into="nobody", rule=""), "nobody is not known"),
        (Merge(recording_id=ONE, into=ONE, rule=""), "one of them was merged into another by now"),
        (Merge(recording_id=THREE, into=TWO, rule=""), "one of them was merged into another by now"),
        (Merge(recording_id=TWO, into=THREE, rule=""), "one of them was merged into another by now"),
        (recognise("notion/track/gone"), "notion/track/gone is not there any more, or carries a key by now"),
        (recognise(f"notion/track/notion-track-{ONE}"), "is not there any more, or carries a key by now"),
    ],
)
def test_a_decision_about_what_is_otherwise_by_now_does_not_hold(decision: Decision, reason: str) -> None:
    """I34: what a plan rests on is looked at again before it is decided."""
    story = at_rest()
    story.tell(merged(2, 1))
    holding, reasons = held(story, decision)
    assert holding == ()
    assert reasons[0].endswith(reason)


def test_a_persons_word_since_beats_the_plan() -> None:
    """Design §5: told apart under any of their ids, by a person, is told apart."""
    story = at_rest()
    answered(story, THREE, TWO, Answer.DIFFERENT)
    both = Merge(recording_id=THREE, into=ONE, rule="same_audio")
    assert held(story, both)[1] == []
    assert held(story, MERGE, both) == ((MERGE,), ["a person said that they are two"])
    assert held(story, MERGE, BACK, both) == ((MERGE, BACK, both), [])
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="hers", key=None, fields={}))
    answered(story, "notion/track/hers", TWO, Answer.NEVER)
    said = recognise("notion/track/hers")
    assert held(story, said) == ((said,), [])
    assert held(story, MERGE, said) == ((MERGE,), ["a person said that they are two"])


def test_decisions_are_judged_one_after_the_other() -> None:
    """Design §5: a chain is decided in its order; what would close a circle does not hold."""
    story = at_rest()
    chain = (Merge(recording_id=ONE, into=TWO, rule=""), Merge(recording_id=TWO, into=THREE, rule=""))
    circle = Merge(recording_id=THREE, into=ONE, rule="")
    assert held(story, *chain, circle) == (chain, ["one of them was merged into another by now"])


def test_a_conflict_a_person_decided_counts_in_the_plan() -> None:
    """I48: what was resolved stays resolved in a plan that assumes."""
    story = at_rest()
    page = f"notion-track-{TWO}"
    row = story.state().remotes[f"notion/{page}"]
    fields = {**row.fields, "title": "Hers"}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id=page, key=TWO, fields=fields))
    (conflict,) = plan_with(story.state(), [MERGE], POLICY, NOW_US).conflicts
    story.tell(ConflictResolved(conflict_id=conflict.conflict_id, choice="ours"))
    again = plan_with(story.state(), [MERGE], POLICY, NOW_US)
    assert page in {action.remote_id for action in again.actions}
