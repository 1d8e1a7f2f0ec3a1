"""Targets that have no place for some kind of object."""

from __future__ import annotations

from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import Story, track


def test_a_workspace_without_a_playlists_database_still_gets_its_tracks() -> None:
    """M18: what has no place is not wanted there, and nothing waits for it."""
    story = Story()
    story.tell(track(1))
    story.listed("soundcloud:set:1", ["soundcloud:track:1"])
    story.link()
    story.scanned(["library:audio", "library:playlist", "eagle:folder", "eagle:item", "notion:track"])
    policy = Policy(library_root="/music", config_hash="c", left_out=("notion:playlist",))
    kinds = set()
    while actions := story.plan(policy).actions:
        for action in actions:
            kinds.add((action.target, action.object_kind))
            story.perform(action)
    assert ("notion", "track") in kinds
    assert ("notion", "playlist") not in kinds
    assert not story.plan(policy).waiting
