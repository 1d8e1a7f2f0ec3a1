"""Rows and items of recordings that are one: taken over, trashed or in conflict, never with a person's words."""

from __future__ import annotations

import pytest

from engine.domain.events import (
    ConflictResolved,
    RecordingRequested,
    RemoteMissed,
    RemoteSeen,
    ScanCompleted,
)
from engine.domain.plan import ActionKind, Operation, Owner
from engine.domain.value import FieldValue
from engine.reconciler.policy import Policy
from tests.reconciler.spare_world import (
    ITEM_ONE,
    ITEM_TWO,
    ONE,
    PAGE_ONE,
    PAGE_TWO,
    TWO,
    _tags,
    at_rest,
    edit,
    of,
    removed,
    shown,
)
from tests.reconciler.test_merging import merged, rec, twins
from tests.reconciler.test_planner import DAY_US, run_to_rest


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
