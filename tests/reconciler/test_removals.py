"""Removals in plans: late, guarded, cancelled by a return, and never over a person's edit."""

from __future__ import annotations

import pytest

from engine.domain.events import ConflictResolved, RemoteSeen, ScanCompleted
from engine.domain.plan import Operation
from engine.domain.references import recording_id
from engine.reconciler.policy import PlanScope, Policy
from tests.reconciler.pure_world import Story, track
from tests.reconciler.test_planner import DAY_US, one_track, run_to_rest


def departing(count: int) -> tuple[Story, Policy]:
    """Give a world in which `count` tracks of twenty left their playlist, and removals are switched on."""
    story = Story()
    story.tell(*(track(number) for number in range(20)))
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in range(20)])
    story.link()
    story.scanned()
    policy = Policy(library_root="/music", config_hash="c", keep_departed=False)
    run_to_rest(story, policy=policy)
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in range(count, 20)])
    return story, policy


def removals(story: Story, policy: Policy, allow: int = 0) -> int:
    """Count the removals a plan holds."""
    plan = story.plan(policy, PlanScope(allow_removals=allow))
    return sum(1 for action in plan.actions if action.operation is Operation.TRASH)


def test_a_departure_counts_a_day_later_and_only_after_another_complete_scan() -> None:
    """P1, I42: one short listing removes nothing."""
    story, policy = departing(2)
    assert removals(story, policy) == 0
    story.now_us += 2 * DAY_US
    assert removals(story, policy) == 0
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=18, set_hash=""))
    assert removals(story, policy) == 4


def test_a_listing_that_broke_off_removes_nothing_however_often_it_was_whole_before() -> None:
    """P1, I42: what is gone was seen gone twice; while the last look is not whole, nothing is removed."""
    story, policy = departing(2)
    story.now_us += 2 * DAY_US
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=18, set_hash=""))
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=False, count=3, set_hash=""))
    assert removals(story, policy) == 0
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=18, set_hash=""))
    assert removals(story, policy) == 4


def test_nothing_is_removed_from_a_target_that_was_not_seen_whole() -> None:
    """I42: rows go where the last look at them was whole, and only there."""
    story, policy = departing(2)
    story.now_us += 2 * DAY_US
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=18, set_hash=""))
    story.tell(ScanCompleted(scope="notion:track", complete=False, count=3, set_hash=""))
    plan = story.plan(policy, PlanScope())
    assert {action.target for action in plan.actions if action.operation is Operation.TRASH} == {"eagle"}


def test_what_another_playlist_still_holds_is_not_removed() -> None:
    """P1, I44: leaving one playlist is no leaving while another lists it, in whichever order they were read."""
    story, policy = departing(2)
    story.listed("soundcloud:set:2", ["soundcloud:track:0"])
    story.now_us += 2 * DAY_US
    for scope, count in (("soundcloud:set:1", 18), ("soundcloud:set:2", 1)):
        story.tell(ScanCompleted(scope=scope, complete=True, count=count, set_hash=""))
    plan = story.plan(policy, PlanScope())
    gone = {action.key for action in plan.actions if action.operation is Operation.TRASH}
    assert gone == {recording_id("soundcloud:track:1")}


def test_what_came_back_is_not_removed() -> None:
    """I44: seen again, its removal is cancelled."""
    story, policy = departing(2)
    story.now_us += 2 * DAY_US
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in range(20)])
    story.scanned()
    assert removals(story, policy) == 0


def test_the_guard_stops_many_removals_until_a_person_allows_that_many() -> None:
    """I43: more than five, or two in a hundred, need a person's word for that plan."""
    story, policy = departing(8)
    story.now_us += 2 * DAY_US
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=12, set_hash=""))
    plan = story.plan(policy)
    assert removals(story, policy) == 0
    assert [report.allowed for report in plan.guards] == [False, False]
    assert sum(1 for wait in plan.waiting if wait.why == "guard") == 16
    assert removals(story, policy, allow=8) == 16
    assert removals(story, policy, allow=7) == 0


def test_a_scope_is_never_emptied() -> None:
    """I43: removals that leave nothing are stopped, however few."""
    story = one_track()
    policy = Policy(library_root="/music", config_hash="c", keep_departed=False)
    run_to_rest(story, policy=policy)
    story.listed("soundcloud:set:1", [])
    story.now_us += 2 * DAY_US
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=0, set_hash=""))
    assert [report.reason for report in story.plan(policy).guards] == ["nothing would be left", "nothing would be left"]


def edited() -> tuple[Story, Policy]:
    """Give a world in which one of two departed tracks has a row that a person edited since."""
    story, policy = departing(2)
    page = f"notion-track-{recording_id('soundcloud:track:0')}"
    row = story.state().remotes[f"notion/{page}"]
    fields = {**row.fields, "title": "Her own title"}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id=page, key=row.key, fields=fields))
    story.now_us += 2 * DAY_US
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=18, set_hash=""))
    return story, policy


def test_a_removal_against_an_edit_is_a_conflict() -> None:
    """I48: the row a person edited stays until they decide; the others go."""
    story, policy = edited()
    plan = story.plan(policy)
    assert [(conflict.field, conflict.found) for conflict in plan.conflicts] == [("(object)", ("title",))]
    assert removals(story, policy) == 3


@pytest.mark.parametrize(("choice", "count"), [("ours", 4), ("theirs", 3)])
def test_a_person_decides_a_removal_against_their_edit(choice: str, count: int) -> None:
    """I48: ours removes it, theirs keeps it, and neither is asked again."""
    story, policy = edited()
    story.tell(ConflictResolved(conflict_id=story.plan(policy).conflicts[0].conflict_id, choice=choice))
    assert removals(story, policy) == count
    assert not story.plan(policy).conflicts
