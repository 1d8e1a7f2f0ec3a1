"""Rows and items of recordings that are one: taken over, trashed or in conflict, never with a person's words."""

from __future__ import annotations

import pytest

from engine.domain.events import (
    ConflictResolved,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    RecordingRequested,
    RemoteMissed,
    RemoteSeen,
    ScanCompleted,
)
from engine.domain.matching_events import Answer
from engine.domain.plan import Action, ActionKind, Operation, Owner
from engine.domain.references import eagle_item_id, question_id
from engine.domain.value import FieldValue
from engine.projections.rows import Remote
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import POLICY, Story
from tests.reconciler.test_merging import merged, rec, twins
from tests.reconciler.test_planner import DAY_US, run_to_rest

ONE, TWO = rec(1), rec(2)
ITEM_ONE, ITEM_TWO = eagle_item_id(ONE), eagle_item_id(TWO)
PAGE_ONE, PAGE_TWO = f"notion-track-{ONE}", f"notion-track-{TWO}"


def at_rest() -> Story:
    """Give twins that have a row, an item and files each."""
    story = twins()
    run_to_rest(story)
    return story


def shown(story: Story, remote_id: str) -> Remote:
    """Give what a target holds under a remote id."""
    rows = story.state().remotes
    return rows.get(f"notion/{remote_id}") or rows[f"eagle/{remote_id}"]


def edit(story: Story, remote_id: str, *, live: bool = True, key: str | None = None, **fields: FieldValue) -> None:
    """Let somebody change a row or an item."""
    row = shown(story, remote_id)
    held = {**row.fields, **fields}
    story.tell(
        RemoteSeen(target=row.target, kind=row.kind, remote_id=remote_id, key=key or row.key, fields=held, live=live)
    )


def removed(story: Story, policy: Policy = POLICY) -> dict[str, str]:
    """Give what a plan removes of rows and items, with its reasons."""
    actions = story.plan(policy).actions
    spare = [row for row in actions if row.operation is Operation.TRASH and row.object_kind in ("track", "item")]
    return {row.remote_id or "": row.reason for row in spare}


def of(story: Story, kind: str, key: str) -> list[Action]:
    """Give a plan's actions on one object."""
    return [action for action in story.plan().actions if (action.object_kind, action.key) == (kind, key)]


def test_the_row_and_the_item_of_an_absorbed_recording_go_and_say_why() -> None:
    """Issue 3.6: the ones of the recording that stays are kept, with everything both were in."""
    story = at_rest()
    story.tell(merged(2, 1))
    assert set(removed(story)) == {PAGE_TWO, ITEM_TWO}
    assert removed(story)[PAGE_TWO] == f"it is the same recording as Artist 1 – Alpha, which {PAGE_ONE} shows"
    run_to_rest(story)
    assert len(shown(story, PAGE_ONE).fields["playlists"] or ()) == 3  # type: ignore[arg-type] # a set of pages
    assert {"One", "Two", "Both"} <= set(shown(story, ITEM_ONE).fields["tags"] or ())  # type: ignore[arg-type] # tags


def test_nothing_is_removed_from_a_scope_that_was_not_seen_whole_or_is_not_used() -> None:
    """I42: what was not looked at whole is left alone."""
    story = at_rest()
    story.tell(merged(2, 1), ScanCompleted(scope="notion:track", complete=False, count=0, set_hash=""))
    assert set(removed(story)) == {ITEM_TWO}
    assert set(removed(story, Policy(library_root="/music", config_hash="c", targets=("library",)))) == set()


def test_what_an_absorbed_recording_alone_has_is_taken_over_in_place() -> None:
    """I30: nothing is made beside it and nothing is removed; the key in it names the recording that stays."""
    story = at_rest()
    edit(story, PAGE_ONE, live=False)
    edit(story, ITEM_ONE, live=False)
    edit(story, ITEM_TWO, annotation=f"great opener\ncratelog:{TWO}\n120 BPM")
    story.tell(merged(2, 1))
    (item,) = of(story, "item", ONE)
    assert (item.operation, item.remote_id) == (Operation.UPDATE, ITEM_TWO)
    assert item.written["annotation"] == f"great opener\ncratelog:{ONE}\n120 BPM"
    run_to_rest(story)
    assert removed(story) == {}
    assert shown(story, PAGE_TWO).fields["sync_key"] == shown(story, PAGE_TWO).key == ONE
    assert shown(story, PAGE_TWO).fields["eagle_id"] == ITEM_TWO
    assert shown(story, PAGE_TWO).fields["soundcloud_url"] == "https://soundcloud.com/a/1"
    assert not story.plan().conflicts


def test_what_we_left_on_a_row_that_was_taken_over_is_still_ours_to_take_away() -> None:
    """I47: a tag we set under the old key goes when its playlist does; a person's stays."""
    story = at_rest()
    edit(story, ITEM_ONE, live=False)
    story.tell(merged(2, 1))
    run_to_rest(story)
    edit(story, ITEM_TWO, tags=(*_tags(story, ITEM_TWO), "peak time"))
    story.listed("soundcloud:set:2", [], "Two")
    run_to_rest(story)
    assert "Two" not in _tags(story, ITEM_TWO)
    assert "peak time" in _tags(story, ITEM_TWO)


def _tags(story: Story, remote_id: str) -> tuple[str, ...]:
    tags = shown(story, remote_id).fields["tags"]
    assert isinstance(tags, tuple)
    return tags


def test_of_several_that_could_be_taken_over_the_fullest_is() -> None:
    """Deterministic: the one with most filled in, then the one that was there first."""
    story = twins()
    story.tell(merged(1, 3), merged(2, 3))
    for number, more in ((1, {}), (2, {"label": "Own"})):
        fields: dict[str, FieldValue] = {"sync_key": rec(number), "title": "T", **more}
        story.tell(RemoteSeen(target="notion", kind="track", remote_id=f"p{number}", key=rec(number), fields=fields))
    story.scanned()
    only = Policy(library_root="/music", targets=("notion",), left_out=("notion:playlist",))

    def taken() -> list[str | None]:
        return [row.remote_id for row in story.plan(only).actions if row.kind == ActionKind.UPDATE_PAGE]

    assert taken() == ["p2"]
    edit(story, "p1", label="Own")
    assert taken() == ["p1"]


def test_what_only_the_other_row_holds_is_a_conflict() -> None:
    """F10, I48: a person's own title is never thrown away unasked; "theirs" keeps the row, "ours" removes it."""
    for choice, goes in (("theirs", set()), ("ours", {PAGE_TWO})):
        story = at_rest()
        edit(story, PAGE_TWO, title="Her own title")
        story.tell(merged(2, 1))
        assert set(removed(story)) == {ITEM_TWO}
        (conflict,) = story.plan().conflicts
        assert (conflict.key, conflict.field, conflict.found) == (TWO, "(object)", ("title",))
        assert "only it holds what somebody put into title" in conflict.reason
        story.tell(ConflictResolved(conflict_id=conflict.conflict_id, choice=choice))
        assert set(removed(story)) == {ITEM_TWO} | goes
        assert not story.plan().conflicts


@pytest.mark.parametrize(
    ("remote_id", "fields", "found"),
    [
        (PAGE_TWO, {"album": "Her album"}, ("album",)),
        (PAGE_TWO, {"status": ("SC_404", "favourite")}, ("status",)),
        (PAGE_TWO, {"spotify_url": "https://open.spotify.com/track/x"}, ("spotify_url",)),
        (PAGE_TWO, {"wav_path": "/elsewhere.wav"}, ()),  # the engine's, and never written: nobody's words
        (PAGE_TWO, {"title": "Alpha"}, ()),  # the one that stays shows it
        (PAGE_TWO, {"title": None}, ()),  # taken away: nothing is lost with it
        (ITEM_TWO, {"tags": ("Artist 2", "peak time")}, ("tags",)),
        (ITEM_TWO, {"tags": ("Artist 2",)}, ()),
        (ITEM_TWO, {"folders": ("hers",)}, ("folders",)),
        (ITEM_TWO, {"annotation": f"opener\ncratelog:{TWO}"}, ("annotation",)),
        (ITEM_TWO, {"annotation": None}, ()),
    ],
)
def test_what_counts_as_held_only_there(remote_id: str, fields: dict[str, FieldValue], found: tuple[str, ...]) -> None:
    """F10, I46: words, tags, folders and links that somebody put there; not what is ours, nor what stays anyway."""
    story = at_rest()
    edit(story, remote_id, **fields)  # type: ignore[arg-type] # by name
    story.tell(merged(2, 1))
    assert [conflict.found for conflict in story.plan().conflicts] == ([found] if found else [])
    assert (remote_id in removed(story)) is not bool(found)


def test_an_owner_a_person_set_counts() -> None:
    """Design §8: a field that a person took for theirs is theirs here too."""
    story = at_rest()
    edit(story, PAGE_TWO, wav_path="/hers.wav")
    story.tell(merged(2, 1))
    policy = Policy(library_root="/music", config_hash="c", owners={"notion/track": {"wav_path": Owner.PERSON}})
    assert PAGE_TWO not in removed(story, policy)


def test_a_row_that_somebody_took_out_of_the_trash_again_is_not_thrown_back() -> None:
    """I44: what a person restored is theirs to decide."""
    story = at_rest()
    story.tell(merged(2, 1))
    run_to_rest(story)
    edit(story, PAGE_TWO, live=True, key=TWO)
    assert removed(story) == {}
    assert "out of the trash again" in story.plan().conflicts[0].reason


def test_several_that_carry_one_key_stay_the_conflict_they_are() -> None:
    """I30: which of two copies is meant is for a person to say, merged or not."""
    story = at_rest()
    row = shown(story, PAGE_TWO)
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="copy", key=TWO, fields=row.fields), merged(2, 1))
    assert set(removed(story)) == {ITEM_TWO}
    assert [conflict.key for conflict in story.plan().conflicts] == [TWO]


def test_while_several_claim_what_would_be_taken_over_nothing_is_made() -> None:
    """I30: no third row beside two that claim to be it."""
    story = twins()
    for remote_id in ("p1", "p2"):
        fields: dict[str, FieldValue] = {"sync_key": TWO}
        story.tell(RemoteSeen(target="notion", kind="track", remote_id=remote_id, key=TWO, fields=fields))
    story.tell(merged(2, 1))
    assert of(story, "track", ONE) == []
    assert [(conflict.key, conflict.found) for conflict in story.plan().conflicts] == [(ONE, ("p1", "p2"))]
    doubled = twins()
    for remote_id in ("p1", "p2"):
        fields = {"sync_key": ONE}
        doubled.tell(RemoteSeen(target="notion", kind="track", remote_id=remote_id, key=ONE, fields=fields))
    doubled.tell(merged(2, 1))
    assert of(doubled, "track", ONE) == []


def test_what_a_person_took_away_under_either_id_is_not_made_again() -> None:
    """P6: a tombstone outlives a merge, until somebody asks for either."""
    story = at_rest()
    edit(story, PAGE_TWO, live=False)
    row = shown(story, PAGE_ONE)
    story.tell(RemoteMissed(target="notion", remote_id=row.remote_id), merged(2, 1))
    assert of(story, "track", ONE) == []
    waits = [wait for wait in story.plan().waiting if (wait.object_kind, wait.key) == ("track", ONE)]
    assert [wait.why for wait in waits] == ["dismissed"]
    story.tell(RecordingRequested(recording_id=TWO, reason="again"))
    run_to_rest(story)
    assert [row.key for row in story.state().remotes.values() if row.standing and row.kind == "track"].count(ONE) == 1


def test_a_tombstone_of_the_absorbed_one_alone_counts_too() -> None:
    """P6: the recording that stays never had a row; the one of its twin was thrown away."""
    story = twins()
    for _ in range(3):
        for action in story.plan().actions:
            if (action.object_kind, action.key) != ("track", ONE):
                story.perform(action)
        story.scanned()
    edit(story, PAGE_TWO, live=False)
    story.tell(merged(2, 1))
    assert of(story, "track", ONE) == []


def test_departed_twins_leave_notion_and_eagle_together() -> None:
    """Design §9: what left every playlist goes, and what was taken over goes as what it was."""
    policy = Policy(library_root="/music", config_hash="c", keep_departed=False)
    story = at_rest()
    edit(story, ITEM_ONE, live=False)
    story.tell(merged(2, 1))
    for number in (1, 2, 3):
        story.listed(f"soundcloud:set:{number}", ["soundcloud:track:3"], "x")
    story.now_us += 2 * DAY_US
    for number in (1, 2, 3):
        story.tell(ScanCompleted(scope=f"soundcloud:set:{number}", complete=True, count=1, set_hash=""))
    found = removed(story, policy)
    assert set(found) == {PAGE_ONE, PAGE_TWO, ITEM_TWO}
    assert found[PAGE_ONE] == found[ITEM_TWO] == "it left every playlist"


# --- what carries no key ------------------------------------------------------------------------------------------


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
