"""Merged worlds, run to their rest: one row, one item and one file of each format for what is one piece of audio."""

from __future__ import annotations

import random
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.canonical import canonical
from engine.domain.decisions import Merge, Separate
from engine.domain.events import RecordingLinked
from engine.domain.plan import ActionKind, Operation
from engine.reconciler.catalogue import catalogue
from engine.reconciler.merging import assume
from engine.reconciler.planner import plan
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import NOW_US, Story, track
from tests.reconciler.test_merging import merged, rec
from tests.reconciler.test_planner import run_to_rest

COUNT = 5
ROOMY = Policy(library_root="/music", config_hash="c", removal_floor=100)
Lists: TypeAlias = tuple[tuple[int, ...], ...]
Pairs: TypeAlias = tuple[tuple[int, int], ...]

TRACKS = st.integers(0, COUNT - 1)
LISTS = st.lists(st.lists(TRACKS, max_size=6).map(tuple), min_size=1, max_size=3).map(tuple)
PAIRS = st.lists(
    st.tuples(TRACKS, TRACKS).filter(lambda pair: pair[0] != pair[1]),
    min_size=1, max_size=3, unique_by=lambda pair: pair[0],
).map(tuple)  # fmt: skip
ROUNDS = st.integers(0, 3)
SEEDS = st.integers(0, 99)


def crate(lists: Lists, rounds: int, seed: int) -> Story:
    """Give a world of five tracks at some point of its work: of each round's actions most were done."""
    story, chance = Story(), random.Random(seed)
    story.tell(*(track(number, title=chance.choice(["Same", "Other", "Third"])) for number in range(COUNT)))
    for number, entries in enumerate(lists):
        story.listed(f"soundcloud:set:{number}", [f"soundcloud:track:{entry}" for entry in entries], f"Mix {number}")
    story.tell(*(_founded(number) for number in range(COUNT)))
    story.scanned()
    for _ in range(rounds):
        for action in story.plan(ROOMY).actions:
            if chance.random() < 0.8:
                story.perform(action)
        story.scanned()
    return story


def _founded(number: int) -> RecordingLinked:
    return RecordingLinked(
        recording_id=rec(number), ref=f"soundcloud:track:{number}", rule="founding", evidence=(), beaten=(),
        policy_version="",
    )  # fmt: skip


def held_once(story: Story) -> None:
    """Assert that nothing is held twice, or under the id of a recording that was absorbed."""
    index = catalogue(story.state())
    for kind in ("track", "item"):
        keys = [row.key for row in story.state().remotes.values() if row.standing and row.kind == kind]
        assert len(keys) == len(set(keys))
        assert not set(keys) & set(index.into)
    assert not any(piece.surplus for piece in index.pieces.values())
    assert not story.plan(ROOMY).conflicts


@settings(max_examples=40, deadline=None)
@given(lists=LISTS, rounds=ROUNDS, seed=SEEDS, pairs=PAIRS)
def test_a_merged_world_comes_to_rest_in_three_rounds(lists: Lists, rounds: int, seed: int, pairs: Pairs) -> None:
    """I20, I30: at most three rounds, and one object per piece is left."""
    story = crate(lists, rounds, seed)
    story.tell(*(merged(*pair) for pair in pairs))
    assert run_to_rest(story, policy=ROOMY) <= 3
    held_once(story)


@settings(max_examples=20, deadline=None)
@given(lists=LISTS, rounds=ROUNDS, seed=SEEDS, pairs=PAIRS, other=SEEDS)
def test_any_part_of_it_in_any_order_comes_to_rest(
    lists: Lists, rounds: int, seed: int, pairs: Pairs, other: int
) -> None:
    """I21: whatever was done of a plan, and in whatever order, the next plans finish it."""
    story, chance = crate(lists, rounds, seed), random.Random(other)
    story.tell(*(merged(*pair) for pair in pairs))
    for action in story.plan(ROOMY).actions:
        if chance.random() < 0.5:
            story.perform(action)
    story.scanned()
    run_to_rest(story, chance, ROOMY)
    held_once(story)


@settings(max_examples=30, deadline=None)
@given(lists=LISTS, rounds=ROUNDS, seed=SEEDS, pairs=PAIRS)
def test_no_last_copy_is_ever_proposed_for_the_trash(lists: Lists, rounds: int, seed: int, pairs: Pairs) -> None:
    """I45: whatever is removed, a file of the same format, and an object of the same piece, stays."""
    story = crate(lists, rounds, seed)
    story.tell(*(merged(*pair) for pair in pairs))
    for _ in range(4):
        computed, index = story.plan(ROOMY), catalogue(story.state())
        removals = [action for action in computed.actions if action.operation is Operation.TRASH]
        leaving = {action.remote_id for action in removals}
        for action in removals:
            if action.kind is ActionKind.TRASH_AUDIO:
                kept = next(row for row in story.state().renditions.values() if row.path == action.written["kept_path"])
                assert kept.present
                assert kept.path not in leaving
                assert kept.file_sha256 == action.written["kept_sha256"]
                assert index.canonical(kept.recording_id) == index.canonical(action.key)
            else:
                stays = index.standing_id(action.target, action.object_kind, index.canonical(action.key))
                assert stays is not None
                assert stays not in leaving
        for action in computed.actions:
            story.perform(action)
        story.scanned()


@settings(max_examples=20, deadline=None)
@given(lists=LISTS, rounds=ROUNDS, seed=SEEDS, pair=PAIRS.map(lambda pairs: pairs[0]))
def test_a_merge_taken_back_leaves_the_plan_as_it_was(
    lists: Lists, rounds: int, seed: int, pair: tuple[int, int]
) -> None:
    """Issue 3.6: separating what was merged, before anything was done, is as if nothing had been decided."""
    state = crate(lists, rounds, seed).state()
    merge = Merge(recording_id=rec(pair[0]), into=rec(pair[1]), rule="person")
    both = assume(state, [merge, Separate(recording_id=rec(pair[0]), reason="after all")])
    assert canonical(plan(both, ROOMY, NOW_US)) == canonical(plan(state, ROOMY, NOW_US))


@settings(max_examples=20, deadline=None)
@given(lists=LISTS, rounds=ROUNDS, seed=SEEDS, pairs=PAIRS)
def test_a_plan_writes_to_each_object_once(lists: Lists, rounds: int, seed: int, pairs: Pairs) -> None:
    """I22: one action per row, item, folder, playlist file and audio file."""
    story = crate(lists, rounds, seed)
    story.tell(*(merged(*pair) for pair in pairs))
    for _ in range(3):
        actions = story.plan(ROOMY).actions
        objects = [(action.target, action.object_kind, action.remote_id or action.key) for action in actions]
        assert len(objects) == len(set(objects))
        for action in actions:
            story.perform(action)
        story.scanned()
