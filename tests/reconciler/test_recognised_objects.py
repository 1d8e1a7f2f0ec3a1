"""Rows and items that carry no key, as a person's answers or evidence recognise them."""

from __future__ import annotations

import pytest

from engine.domain.events import (
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    RemoteSeen,
)
from engine.domain.matching_events import Answer
from engine.domain.references import question_id
from engine.domain.value import FieldValue
from tests.reconciler.pure_world import Story
from tests.reconciler.spare_world import (
    ONE,
    PAGE_ONE,
    PAGE_TWO,
    TWO,
    at_rest,
    edit,
    of,
    removed,
    shown,
)
from tests.reconciler.test_merging import merged, twins
from tests.reconciler.test_planner import run_to_rest


def put(story: Story, remote_id: str, *, target: str = "notion", kind: str = "track", **fields: FieldValue) -> str:
    """Let a person make a row or an item; gives it as a thing."""
    story.tell(RemoteSeen(target=target, kind=kind, remote_id=remote_id, key=None, fields=dict(fields)))
    return f"{target}/{kind}/{remote_id}"


def answer(story: Story, thing: str, said: Answer, recording: str = ONE) -> None:
    """Let a person say whether a thing is a recording."""
    asked = question_id(thing, recording)
    story.tell(MatchAnswered(question_id=asked, newer=thing, older=recording, answer=said, reason=""))


def ask(story: Story, thing: str, recording: str = ONE) -> str:
    """Let a question be asked; gives its id."""
    asked = question_id(thing, recording)
    story.tell(
        MatchAsked(
            question_id=asked, newer=thing, older=recording, names="same", score=0.5, evidence=(), policy_version=""
        )
    )
    return asked


@pytest.mark.parametrize("said", [Answer.SAME, Answer.INSTEAD])
def test_what_a_person_recognised_is_adopted_and_not_made(said: Answer) -> None:
    """Design §8: existing rows are adopted, never duplicated."""
    story = twins()
    thing = put(story, "hers", title="alpha (hers)")
    answer(story, thing, said)
    story.scanned()
    run_to_rest(story)
    row = shown(story, "hers")
    assert (row.key, row.fields["title"]) == (ONE, "alpha (hers)")
    assert f"notion/{PAGE_ONE}" not in story.state().remotes


def test_an_item_that_is_adopted_carries_our_line_beside_her_words() -> None:
    """I46: her annotation stays as it was, with our key in a line of its own."""
    story = twins()
    thing = put(story, "HERS", target="eagle", kind="item", name="alpha", annotation="her words")
    answer(story, thing, Answer.SAME)
    run_to_rest(story)
    assert shown(story, "HERS").fields["annotation"] == f"her words\ncratelog:{ONE}"


def test_evidence_alone_adopts_but_removes_nothing() -> None:
    """F1: what facts settled may be taken as ours; a row of hers goes by her word only."""
    story = twins()
    asked = ask(story, put(story, "hers", title="alpha"))
    assert [wait.why for wait in story.plan().waiting if wait.object_kind == "track"].count("asked") == 1
    story.tell(MatchSettled(question_id=asked, decision="accept", evidence=(), policy_version=""))
    run_to_rest(story)
    assert shown(story, "hers").key == ONE
    other = ask(story, put(story, "another", title="alpha"))
    story.tell(MatchSettled(question_id=other, decision="accept", evidence=(), policy_version=""))
    assert removed(story) == {}


def test_nothing_new_is_made_while_a_person_is_asked() -> None:
    """Issue 3.5: the row waits, in that target only; what stands is kept in step."""
    story = twins()
    thing = put(story, "hers", title="alpha")
    asked = ask(story, thing)
    waits = [wait for wait in story.plan().waiting if wait.why == "asked"]
    assert [(wait.target, wait.key) for wait in waits] == [("notion", ONE)]
    assert asked in waits[0].detail
    assert any(action.key == ONE for action in story.plan().actions if action.target == "library")
    edit(story, "hers", live=False)
    assert not [wait for wait in story.plan().waiting if wait.why == "asked"]
    resting = at_rest()
    ask(resting, put(resting, "hers", title="alpha"))
    assert not resting.plan().actions
    assert not [wait for wait in resting.plan().waiting if wait.why == "asked"]


def test_what_a_person_told_apart_is_neither_adopted_nor_removed() -> None:
    """Design §5: a person's word beats an address that agrees."""
    story = twins()
    thing = put(story, "hers", title="not it", soundcloud_url="https://soundcloud.com/a/1")
    answer(story, thing, Answer.DIFFERENT)
    run_to_rest(story)
    assert shown(story, "hers").key is None
    assert shown(story, PAGE_ONE).key == ONE
    assert removed(story) == {}
    plain = twins()
    put(plain, "hers", soundcloud_url="https://soundcloud.com/a/1")
    answer(plain, "notion/track/elsewhere", Answer.DIFFERENT)
    run_to_rest(plain)
    assert shown(plain, "hers").key == ONE


def test_a_second_row_a_person_recognised_goes_by_her_word() -> None:
    """Issue 3.6: names may differ, she read both; what only it holds is a conflict all the same."""
    story = at_rest()
    answer(story, put(story, "hers", title="ALPHA!!", artist="artist one"), Answer.SAME)
    assert removed(story) == {"hers": f"it is Artist 1 – Alpha, which {PAGE_ONE} shows"}
    (action,) = of(story, "track", "hers")
    story.perform(action)
    assert shown(story, PAGE_ONE).standing
    assert not shown(story, "hers").standing
    assert not story.plan().actions
    holding = at_rest()
    answer(holding, put(holding, "hers", label="Her label"), Answer.SAME)
    assert removed(holding) == {}
    assert [conflict.found for conflict in holding.plan().conflicts] == [("label",)]


def test_an_answer_about_what_is_ours_or_gone_by_now_does_nothing() -> None:
    """I45: a question that lost its object removes nothing of ours."""
    story = at_rest()
    answer(story, f"notion/track/{PAGE_TWO}", Answer.SAME)
    answer(story, "notion/track/nowhere", Answer.SAME)
    answer(story, f"eagle/item/{PAGE_TWO}", Answer.SAME)
    answer(story, "notion/track/x", Answer.SAME, recording="nobody")
    assert not story.plan().actions
    row = shown(story, PAGE_TWO)
    keyless = RemoteSeen(target="notion", kind="track", remote_id=PAGE_TWO, key=None, fields=row.fields)
    story.tell(keyless)
    assert removed(story) == {}


def test_an_answer_counts_for_what_the_recording_counts_for() -> None:
    """Design §5: a merge takes the answers about the absorbed one along."""
    story = twins()
    answer(story, put(story, "hers", title="beta"), Answer.SAME, recording=TWO)
    story.tell(merged(2, 1))
    run_to_rest(story)
    assert shown(story, "hers").key == ONE


def test_an_empty_annotation_gets_our_line_alone() -> None:
    """Design §7: the key of an item is a line of its annotation."""
    story = twins()
    answer(story, put(story, "HERS", target="eagle", kind="item", name="alpha", annotation=" "), Answer.SAME)
    run_to_rest(story)
    assert shown(story, "HERS").fields["annotation"] == f"cratelog:{ONE}"
