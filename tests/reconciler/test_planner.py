"""The planner, as a pure function: determinism, fixpoints, minimality, ownership, guards."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.canonical import canonical
from engine.domain.events import (
    ActionDeferred,
    ActionIntended,
    ActionProbed,
    ActionRefused,
    PlaylistConfigured,
    RecordingRequested,
    RemoteMissed,
    RemoteSeen,
    RenditionMissed,
    ScanCompleted,
    TrackAvailabilityChanged,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Operation
from engine.domain.references import eagle_item_id, recording_id, rendition_id
from engine.domain.value import Fields
from engine.reconciler.policy import PlanScope, Policy
from tests.reconciler.pure_world import POLICY, Story, planned, track

DAY_US = 86_400_000_000


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Worlds with playlists, unavailable tracks, rows that were there before, and a person's edits."""
    story = Story()
    count = draw(st.integers(0, 6))
    availabilities = st.sampled_from(list(Availability))
    isrcs = st.sampled_from([None, None, "USA1", "USA2"])
    titles = st.sampled_from(["Same", "same", "Ünï", "a/b", "CON", "", "Title"])
    for number in range(count):
        story.tell(track(number, title=draw(titles), availability=draw(availabilities), isrc=draw(isrcs)))
    refs = [f"soundcloud:track:{number}" for number in range(count)]
    for playlist in range(draw(st.integers(0, 3))):
        entries = draw(st.lists(st.sampled_from(refs), max_size=8)) if refs else []
        story.listed(f"soundcloud:set:{playlist}", entries, draw(st.sampled_from(["Mix", "mix", "Other"])))
    story.link()
    for number in draw(st.sets(st.integers(0, 5), max_size=3)):
        fields: Fields = {
            "soundcloud_url": f"https://soundcloud.com/a/{number}",
            "title": "Theirs",
            "status": ("SC_404", "mine"),
        }
        story.tell(RemoteSeen(target="notion", kind="track", remote_id=f"old-{number}", key=None, fields=fields))
    story.scanned()
    return story


def run_to_rest(story: Story, chance: random.Random | None = None, policy: Policy = POLICY) -> int:
    """Plan and apply until nothing is left, shuffled when given a chance to; gives the number of rounds."""
    for rounds in range(200):
        actions = list(story.plan(policy).actions)
        if not actions:
            return rounds
        if chance:
            chance.shuffle(actions)
        for action in actions:
            story.perform(action)
        story.scanned()
    pytest.fail("no fixpoint")


@settings(max_examples=25, deadline=None)
@given(story=stories())
def test_any_world_comes_to_rest_in_three_rounds(story: Story) -> None:
    """I20: done and a complete scan give an empty plan, after at most three rounds."""
    assert run_to_rest(story) <= 3


@settings(max_examples=15, deadline=None)
@given(story=stories(), seeds=st.tuples(st.integers(0, 99), st.integers(100, 199)))
def test_the_order_of_actions_does_not_change_where_it_ends(story: Story, seeds: tuple[int, int]) -> None:
    """I21: actions of one phase commute; any order converges to the same remotes and files."""
    ends = []
    for seed in seeds:
        copy = Story(
            rows={name: dict(rows) for name, rows in story.rows.items()}, versions=dict(story.versions), seq=story.seq
        )
        run_to_rest(copy, random.Random(seed))
        state = copy.state()
        ends.append(
            (
                {key: (row.key, row.fields, row.live) for key, row in state.remotes.items()},
                {key: row.path for key, row in state.renditions.items()},
            )
        )
    assert ends[0] == ends[1]


@settings(max_examples=25, deadline=None)
@given(story=stories(), seed=st.integers(0, 1000))
def test_any_subset_of_a_plan_still_ends_at_rest(story: Story, seed: int) -> None:
    """I21: a plan of which only some actions were done is finished by the next ones."""
    chance = random.Random(seed)
    for action in story.plan().actions:
        if chance.random() < 0.5:
            story.perform(action)
    story.scanned()
    run_to_rest(story, chance)
    assert not story.plan().actions


@settings(max_examples=25, deadline=None)
@given(story=stories())
def test_equal_inputs_give_byte_equal_plans(story: Story) -> None:
    """I19: the plan is a function of its inputs, whatever the order in which rows are held."""
    first = story.plan()
    story.rows = {name: dict(reversed(rows.items())) for name, rows in story.rows.items()}
    assert canonical(story.plan()) == canonical(first)
    assert story.plan().digest == first.digest


@settings(max_examples=25, deadline=None)
@given(
    story=stories(),
    only=st.sampled_from(["library", "notion", "eagle", "CreatePage", "adopt"]),
    limit=st.integers(0, 4),
)
def test_a_scoped_plan_is_part_of_the_whole_one(story: Story, only: str, limit: int) -> None:
    """I25: plan(scope) ⊆ plan(all)."""
    whole = {action.action_id for action in story.plan().actions}
    scoped = story.plan(scope=PlanScope(only=(only,), limit=limit, playlists=("soundcloud:set:0",)))
    assert {action.action_id for action in scoped.actions} <= whole
    assert len(scoped.actions) <= limit


@settings(max_examples=25, deadline=None)
@given(story=stories())
def test_one_object_is_written_at_most_once_per_plan(story: Story) -> None:
    """I22, F69: at most one action per object, and none for an object that does not differ."""
    for _ in range(4):
        actions = story.plan().actions
        objects = [(action.target, action.object_kind, action.key) for action in actions]
        assert len(objects) == len(set(objects))
        remotes = [(action.target, action.remote_id) for action in actions if action.remote_id]
        assert len(remotes) == len(set(remotes))
        assert all(action.changes for action in actions if action.operation is not Operation.TRASH)
        for action in actions:
            story.perform(action)
        story.scanned()


@settings(max_examples=25, deadline=None)
@given(story=stories(), seed=st.integers(0, 1000))
def test_a_persons_words_are_never_written_over(story: Story, seed: int) -> None:
    """I24, I46: seed fields of rows that exist stay, and tags outside our vocabulary stay."""
    run_to_rest(story, random.Random(seed))
    for row in story.state().remotes.values():
        if row.remote_id.startswith("old-"):
            assert row.fields["title"] == "Theirs"
            status = row.fields["status"]
            assert isinstance(status, tuple)
            assert "mine" in status


def one_track(availability: Availability = Availability.AVAILABLE) -> Story:
    """Give the smallest world: one track in one playlist, everything scanned."""
    story = Story()
    story.tell(track(1, availability=availability))
    story.listed("soundcloud:set:1", ["soundcloud:track:1", "soundcloud:track:1"])
    story.link()
    story.scanned()
    return story


KEY = recording_id("soundcloud:track:1")


def test_a_page_follows_its_audio() -> None:
    """F69: a track's row waits for the download of the same plan, and is then written once with everything on it."""
    story = one_track()
    first = story.plan()
    assert [str(action.kind) for action in first.actions] == [
        "FetchRecording", "CreatePage", "CreateFolder", "CreateFolder",
    ]  # fmt: skip
    assert {wait.why for wait in first.waiting} == {"follows"}
    rounds = run_to_rest(story)
    page = story.state().remotes[f"notion/notion-track-{KEY}"]
    assert rounds == 3
    assert page.fields["downloaded"] is True
    assert page.fields["eagle_id"] == eagle_item_id(KEY)
    assert page.fields["aiff_path"] == "/music/Artist 1/Title 1.aiff"


def test_repeats_and_order_stand_in_the_playlist_file() -> None:
    """P14: an entry listed twice stands twice."""
    story = one_track()
    run_to_rest(story)
    held = story.state().remotes["library/library-playlist-soundcloud:set:1"]
    assert held.fields["entries"] == ("Artist 1/Title 1.aiff", "Artist 1/Title 1.aiff")


def test_a_stale_status_tag_is_cleared() -> None:
    """F29: SC_404 on an adopted row goes when the track is there."""
    story = one_track()
    fields: Fields = {"soundcloud_url": "https://soundcloud.com/a/1", "status": ("SC_404", "favourite")}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="old", key=None, fields=fields))
    run_to_rest(story)
    status = story.state().remotes["notion/old"].fields["status"]
    assert status == (
        "Audio Analysis Complete", "Audio Processing Complete", "Files Imported to Eagle",
        "Format Conversion Complete", "Loudness Measured", "favourite",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("availability", "tag"),
    [
        (Availability.GONE, "SC_404"),
        (Availability.DRM_PROTECTED, "DRM_Protected"),
        (Availability.PREVIEW_ONLY, "Preview_Only"),
        (Availability.PRIVATE, "Private"),
    ],
)
def test_what_cannot_be_had_is_shown_and_not_fetched(availability: Availability, tag: str) -> None:
    """P12: every kind of unavailability has its own tag, and no download is planned for it."""
    story = one_track(availability)
    run_to_rest(story)
    assert story.state().remotes[f"notion/notion-track-{KEY}"].fields["status"] == (tag,)
    assert not story.state().renditions


def problem(failure: FailureClass) -> Problem:
    """Give a problem of a class."""
    return Problem(failure=failure, detail="so it was")


def test_a_refusal_waits_for_new_facts_and_shows_its_tag() -> None:
    """F38: a definite failure is not tried again until something about it changes."""
    story = one_track()
    fetch = story.plan().actions[0]
    story.tell(ActionRefused(action_id=fetch.action_id, attempt=1, problem=problem(FailureClass.VERIFY_FAILED)))
    assert [wait.why for wait in story.plan().waiting if wait.target == "library"] == ["refused"]
    assert fetch.action_id not in {action.action_id for action in story.plan().actions}
    story.tell(RecordingRequested(recording_id=KEY, reason="a person asked"))
    assert story.plan().actions[0].kind == "FetchRecording"


def test_what_is_deferred_waits_until_its_time() -> None:
    """P8: a deferred action comes back at its time, not before."""
    story = one_track()
    fetch = story.plan().actions[0]
    later = story.now_us + 60_000_000
    story.tell(
        ActionDeferred(
            action_id=fetch.action_id, attempt=1, not_before_us=later, problem=problem(FailureClass.RATE_LIMITED)
        )
    )
    waiting = [wait for wait in story.plan().waiting if wait.why == "backoff"]
    assert [wait.until_us for wait in waiting] == [later]
    story.now_us = later
    assert story.plan().actions[0].action_id == fetch.action_id


def test_an_action_that_keeps_failing_is_tried_once_a_day() -> None:
    """Design §7, I41: after 8 attempts or 24 hours once a day is enough; a passing outage ends nothing for ever."""
    story = one_track()
    fetch = story.plan().actions[0]
    story.tell(
        planned(fetch),
        *(ActionIntended(action_id=fetch.action_id, attempt=number, precondition="") for number in range(1, 9)),
        ActionDeferred(action_id=fetch.action_id, attempt=8, not_before_us=0, problem=problem(FailureClass.NETWORK)),
    )
    assert "one a day" in next(wait.detail for wait in story.plan().waiting if wait.why == "backoff")
    story.now_us += DAY_US
    assert story.plan().actions[0].action_id == fetch.action_id


def test_geo_blocked_audio_is_tried_every_week_for_ever() -> None:
    """F36: a geo block is not given up."""
    story = one_track(Availability.GEO_BLOCKED)
    fetch = story.plan().actions[0]
    story.tell(
        ActionDeferred(action_id=fetch.action_id, attempt=9, not_before_us=0, problem=problem(FailureClass.GEO_BLOCKED))
    )
    story.now_us += 30 * DAY_US
    assert story.plan().actions[0].action_id == fetch.action_id


def test_nothing_is_sent_while_an_effect_is_unconfirmed() -> None:
    """I29: an intent without an outcome is unknown, and its object waits for a probe."""
    story = one_track()
    create = next(action for action in story.plan().actions if action.kind == "CreatePage")
    story.tell(planned(create), ActionIntended(action_id=create.action_id, attempt=1, precondition=""))
    plan = story.plan()
    assert create.key not in {action.key for action in plan.actions if action.target == "notion"}
    assert ("unknown", create.key) in {(wait.why, wait.key) for wait in plan.waiting}


def test_an_absent_create_is_given_time_to_appear() -> None:
    """I29: after a probe that found nothing, the settle window passes before another try."""
    story = one_track()
    create = next(action for action in story.plan().actions if action.kind == "CreatePage")
    story.tell(
        planned(create),
        ActionIntended(action_id=create.action_id, attempt=1, precondition=""),
        ActionProbed(action_id=create.action_id, attempt=1, verdict="absent", remote_ids=()),
    )
    assert create.action_id in {wait.action_id for wait in story.plan().waiting if wait.why == "backoff"}
    story.now_us += int(POLICY.settle_s * 1_000_000)
    assert create.action_id in {action.action_id for action in story.plan().actions}


def test_a_scan_that_was_not_whole_decides_nothing() -> None:
    """I42, F33: creates and removals need a complete scan."""
    story = one_track()
    story.tell(ScanCompleted(scope="notion:track", complete=False, count=0, set_hash=""))
    run_to_rest(story)
    story2 = one_track()
    story2.tell(ScanCompleted(scope="notion:playlist", complete=False, count=0, set_hash=""))
    assert [wait.key for wait in story2.plan().waiting if wait.why == "unseen"] == ["*"]


def test_what_a_person_trashed_is_not_made_again() -> None:
    """P6: a person's removal is a tombstone, until they ask for it again."""
    story = one_track()
    run_to_rest(story)
    page = story.state().remotes[f"notion/notion-track-{KEY}"]
    story.tell(RemoteMissed(target="notion", remote_id=page.remote_id))
    assert not story.plan().actions
    assert "dismissed" in {wait.why for wait in story.plan().waiting}
    story.tell(RecordingRequested(recording_id=KEY, reason="a person asked"))
    assert "CreatePage" in {str(action.kind) for action in story.plan().actions}


def test_two_rows_with_one_key_are_a_conflict_and_nothing_is_written() -> None:
    """I30: duplicates are shown, never silently merged or trashed."""
    story = one_track()
    run_to_rest(story)
    row = story.state().remotes[f"notion/notion-track-{KEY}"]
    story.tell(
        RemoteSeen(target="notion", kind="track", remote_id="double", key=KEY, fields={**row.fields, "isrc": "X"})
    )
    plan = story.plan()
    assert [conflict.field for conflict in plan.conflicts] == ["(object)"]
    assert not [action for action in plan.actions if action.object_kind == "track"]


def test_an_unfollowed_playlist_is_left_as_it_is() -> None:
    """Unfollowing stops the work on a playlist; it removes nothing."""
    story = one_track()
    run_to_rest(story)
    story.tell(PlaylistConfigured(ref="soundcloud:set:1", url="u", active=False))
    assert not [action for action in story.plan().actions if action.operation is Operation.TRASH]


def test_a_file_that_is_gone_is_not_fetched_again_by_itself() -> None:
    """P5, P6: the row says so, and a person asks for it again."""
    story = one_track()
    run_to_rest(story)
    for profile in ("original", "aiff"):
        story.tell(RenditionMissed(rendition_id=rendition_id(KEY, profile), path="x"))
    run_to_rest(story)
    page = story.state().remotes[f"notion/notion-track-{KEY}"]
    assert page.fields["downloaded"] is False
    assert page.fields["aiff_path"] is None
    story.tell(RecordingRequested(recording_id=KEY, reason="a person asked"))
    assert "FetchRecording" in {str(action.kind) for action in story.plan().actions}


def test_a_change_of_availability_shows_on_the_row() -> None:
    """M20: a track that went away keeps its file and its row says what it is."""
    story = one_track()
    run_to_rest(story)
    story.tell(
        TrackAvailabilityChanged(
            ref="soundcloud:track:1", availability=Availability.GONE, failure=FailureClass.GONE, detail="404"
        )
    )
    run_to_rest(story)
    assert all(row.present for row in story.state().renditions.values())
    assert story.state().remotes[f"notion/notion-track-{KEY}"].fields["downloaded"] is True
