"""Conflicts in plans: nothing is written until a person decides."""

from __future__ import annotations

import pytest

from engine.domain.events import ConflictResolved, RemoteSeen
from engine.domain.plan import Owner
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import Story, track
from tests.reconciler.test_planner import KEY, one_track, run_to_rest

SHARED = Policy(library_root="/music", config_hash="c", owners={"notion/track": {"isrc": Owner.SHARED}})


def shared_conflict() -> Story:
    """Give a world in which a person and we both changed one shared field."""
    story = one_track()
    run_to_rest(story, policy=SHARED)
    row = story.state().remotes[f"notion/notion-track-{KEY}"]
    story.tell(
        RemoteSeen(
            target="notion", kind="track", remote_id=row.remote_id, key=KEY, fields={**row.fields, "isrc": "THEIRS"}
        ),
        track(1, isrc="OURS"),
    )
    return story


@pytest.mark.parametrize(("choice", "written"), [("ours", "OURS"), ("theirs", "THEIRS")])
def test_a_person_decides_a_conflict(choice: str, written: str) -> None:
    """Design §8: all three differ, so nothing is written until a person says ours or theirs."""
    story = shared_conflict()
    plan = story.plan(SHARED)
    assert [conflict.field for conflict in plan.conflicts] == ["isrc"]
    story.tell(ConflictResolved(conflict_id=plan.conflicts[0].conflict_id, choice=choice))
    run_to_rest(story, policy=SHARED)
    assert story.state().remotes[f"notion/notion-track-{KEY}"].fields["isrc"] == written
    assert not story.plan(SHARED).conflicts
