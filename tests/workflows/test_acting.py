"""Every effect goes through claim, intent, send and outcome; trouble stops what it must and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace as changed

from engine.domain.crash import CrashPoint
from engine.domain.errors import ExitCode
from engine.domain.events import ActionDeferred, ActionRefused, ActionSuperseded, BreakerTripped
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Action, Operation
from engine.domain.references import object_key
from engine.projections.rows import ActionState
from engine.reconciler.policy import PlanScope
from engine.reconciler.schedule import BREAKER_S, WEEK_S
from engine.workflows.act import Acting
from engine.workflows.plan_file import make_plan
from engine.workflows.reconcile import observe
from engine.workflows.run import running
from tests.fakes.machine import DAY_S, SECOND_US
from tests.fakes.place import Place
from tests.fakes.source import ref
from tests.fakes.target import Mishap

REF = "soundcloud:set:9"
THREE = (1, 2, 3)


def problem(failure: FailureClass, retry_after_s: float | None = None) -> Problem:
    """Give a problem."""
    return Problem(failure=failure, detail=f"{failure} it was", hint="a hint", retry_after_s=retry_after_s)


def perform(place: Place, actions: Sequence[Action]) -> Acting:
    """Carry out actions as they are, within a run."""
    with running(place.world(), "test") as run:
        acting = Acting(world=place.world(), run=run)
        acting.perform(actions)
    return acting


def superseded(place: Place) -> list[str]:
    """Give why actions were superseded."""
    return [event.reason for event in place.events("action.superseded") if isinstance(event, ActionSuperseded)]


def only_notion(place: Place) -> None:
    """Leave nothing but Notion, where rows are made of what sources say."""
    place.targets = {"notion": place.targets["notion"]}
    place.policy = changed(place.policy, targets=("notion",))


def test_nothing_is_sent_without_its_durable_intent(place: Place) -> None:
    """I27: when a send arrives, a second process already reads its intent on disk."""
    at_send: list[list[str]] = []
    for target in place.targets.values():
        target.on_send = lambda action: at_send.append(place.durable_types(action))
    place.workers = 2
    place.follow("Crate", THREE)
    place.reconcile()
    assert len(at_send) == place.sends() > 0
    assert all(types == ["action.planned", "action.claimed", "action.intended"] for types in at_send)


def test_the_crash_points_of_an_action_come_in_order(place: Place) -> None:
    """I36: CP05, CP07, CP09, CP10 frame every action; CP06 stands behind a probe before a repeat."""
    only_notion(place)
    points: list[str] = []
    place.reached = points.append
    place.follow("Crate", ())
    place.targets["notion"].script.append(Mishap.LOST_BEFORE)
    place.reconcile()
    wanted = (
        CrashPoint.AFTER_CLAIM,
        CrashPoint.AFTER_PROBE,
        CrashPoint.AFTER_INTENT,
        CrashPoint.AFTER_RESPONSE,
        CrashPoint.AFTER_OUTCOME,
    )
    first, second = [wanted[0], *wanted[2:]], list(wanted)
    assert [point for point in points if point in wanted] == first + second


def test_one_bad_track_never_stops_a_list(place: Place) -> None:
    """P11: a refused fetch leaves the other tracks, rows and the playlist file to be made."""
    place.follow("Crate", THREE)
    place.targets["library"].verdict = lambda action: (
        problem(FailureClass.VERIFY_FAILED) if action.written.get("source_ref") == ref(2) else None
    )
    result = place.reconcile()
    assert result.exit_code is ExitCode.PARTIAL
    assert len(place.targets["library"].live("audio")) == 2
    assert len(place.targets["notion"].live("track")) == 3
    statuses = {row.fields["title"]: row.fields["status"] for row in place.targets["notion"].live("track")}
    assert statuses["Title 2"] == ("Download_Failed",)
    (refused,) = place.events("action.refused")
    assert isinstance(refused, ActionRefused)
    sends = place.sends()
    assert place.reconcile().exit_code is ExitCode.PARTIAL
    assert place.sends() == sends


@pytest.mark.parametrize(
    ("failure", "availability"),
    [
        (FailureClass.GONE, Availability.GONE),
        (FailureClass.DRM_PROTECTED, Availability.DRM_PROTECTED),
        (FailureClass.PREVIEW_ONLY, Availability.PREVIEW_ONLY),
    ],
)
def test_what_a_fetch_proves_is_a_fact_and_no_failure_of_ours(
    place: Place, failure: FailureClass, availability: Availability
) -> None:
    """P11: availability is recorded, the run is fine, and nobody asks again."""
    place.follow("Crate", (1,))
    place.targets["library"].script.append(problem(failure))
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    assert place.state().sightings[ref(1)].availability is availability
    sends = place.sends()
    place.reconcile()
    assert place.sends() == sends


def test_a_geo_blocked_track_is_tried_again_weekly_and_becomes_available(place: Place) -> None:
    """P-geo: deferred by a week, never given up; the fetch that works says so."""
    place.follow("Crate", (1,))
    blocked = [problem(FailureClass.GEO_BLOCKED)] * 2
    place.targets["library"].verdict = lambda action: (
        blocked.pop() if action.kind == "FetchRecording" and blocked else None
    )
    assert place.reconcile().exit_code is ExitCode.FINE
    deferred = place.events("action.deferred")[0]
    assert isinstance(deferred, ActionDeferred)
    assert deferred.not_before_us >= place.clock.now_us() + int((WEEK_S - 60) * SECOND_US)
    sends = place.sends()
    place.clock.pass_s(DAY_S)
    place.reconcile()
    assert place.sends() == sends
    place.clock.pass_s(WEEK_S)
    place.reconcile()
    assert len(place.events("track.availability_changed")) == 1  # blocked again is no news
    place.clock.pass_s(WEEK_S)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.state().sightings[ref(1)].availability is Availability.AVAILABLE
    assert len(place.targets["library"].live("audio")) == 1


@pytest.mark.parametrize("failure", [FailureClass.AUTH_EXPIRED, FailureClass.DISK_FULL, FailureClass.NOT_RUNNING])
def test_trouble_on_our_side_stops_that_target_only(place: Place, failure: FailureClass) -> None:
    """P11: after one answer of that class nothing more goes to that target in the pass; the others go on."""
    place.workers = 1
    place.follow("Crate", THREE)
    place.targets["notion"].verdict = lambda _action: problem(failure)
    result = place.reconcile()
    assert result.exit_code is ExitCode.PARTIAL
    assert place.targets["notion"].live("playlist") == []
    assert len(place.targets["eagle"].live("item")) == 3
    assert len(place.targets["library"].live("playlist")) == 1
    place.targets["notion"].verdict = lambda _action: None
    place.clock.pass_s(901)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.targets["notion"].live("track")) == 3


def test_a_remote_that_asks_for_time_is_not_asked_again_in_this_run(place: Place) -> None:
    """P8: Retry-After beyond a run's patience holds for every later action, and for the next run."""
    only_notion(place)
    place.follow("Crate", THREE)
    place.targets["notion"].script.append(problem(FailureClass.RATE_LIMITED, 120.0))
    assert place.reconcile().exit_code is ExitCode.TRY_LATER
    assert place.targets["notion"].counts["send"] == 1
    place.reconcile()
    assert place.targets["notion"].counts["send"] == 1
    place.clock.pass_s(121)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.targets["notion"].live("track")) == 3


def test_a_short_block_is_waited_for_within_the_run(place: Place) -> None:
    """P8: a remote that asks for seconds gets them, and the run finishes."""
    only_notion(place)
    place.follow("Crate", ())
    place.targets["notion"].script.append(problem(FailureClass.RATE_LIMITED, 7.0))
    place.reconcile()
    assert sum(place.clock.slept_s) >= 7.0
    assert len(place.targets["notion"].live("playlist")) == 1


def test_five_unknowns_in_a_row_trip_the_breaker(place: Place) -> None:
    """F-breaker: writes to the remote stop, others go on; once it closes the work is finished."""
    only_notion(place)
    place.follow("Crate", tuple(range(1, 9)))
    place.reconcile()
    place.policy = changed(place.policy, config_hash="d")
    place.source.describes_everything = True
    for number in range(1, 9):
        place.source.tracks[ref(number)] = changed(place.source.tracks[ref(number)], isrc=f"GBAAA000000{number}")
    place.targets["notion"].verdict = lambda _action: Mishap.LOST_BEFORE
    result = place.reconcile()
    assert result.exit_code is ExitCode.PARTIAL
    (tripped,) = place.events("breaker.tripped")
    assert isinstance(tripped, BreakerTripped)
    assert (tripped.remote, tripped.unknowns) == ("notion", 5)
    sends = place.sends()
    place.reconcile()
    assert place.sends() == sends
    place.targets["notion"].verdict = lambda _action: None
    place.clock.pass_s(BREAKER_S + 1)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert all(row.fields["isrc"] for row in place.targets["notion"].live("track"))


def test_what_belongs_to_something_refused_waits_without_a_trace(place: Place) -> None:
    """I23, P11: a folder whose parent was refused is not taken up again and again."""
    place.follow("Crate", ())
    place.targets["eagle"].script.append(problem(FailureClass.INVALID_REQUEST))
    assert place.reconcile().exit_code is ExitCode.PARTIAL
    seq, sends = place.journal.head().seq, place.sends()
    place.reconcile()
    assert not {name for name in place.types_after(seq) if name.startswith("action.")}
    assert place.sends() == sends


def test_a_folder_waits_for_its_parent_that_was_thrown_away(place: Place) -> None:
    """I34: nothing is hung under an object that a person took away."""
    place.follow("Crate", ())
    place.reconcile()
    folders = {folder.fields["name"]: folder for folder in place.targets["eagle"].live("folder")}
    place.targets["eagle"].trash(folders["Playlists"].remote_id)
    place.follow("Second", (), number=10)
    place.reconcile()
    assert {folder.fields["name"] for folder in place.targets["eagle"].live("folder")} == {"Crate"}


def test_a_superseded_action_is_planned_anew_when_it_fits_again(place: Place) -> None:
    """I34: superseded is an ending of one attempt, not of the action."""
    place.follow("Crate", ())
    place.targets["eagle"].script.append(problem(FailureClass.WRITE_CONFLICT))
    place.wait_s_max = 0.0
    place.reconcile()
    assert superseded(place) == ["what it belongs to is not there"]
    place.wait_s_max = 30.0
    assert place.reconcile().exit_code is ExitCode.FINE
    folders = {folder.fields["name"]: folder for folder in place.targets["eagle"].live("folder")}
    assert folders["Crate"].fields["parent"] == folders["Playlists"].remote_id


def test_an_object_a_person_threw_away_is_made_again_when_asked_for(place: Place) -> None:
    """I34: an object row whose remote is not there does not stand in the way of a new create."""
    only_notion(place)
    place.follow("Crate", ())
    place.reconcile()
    (page,) = place.targets["notion"].live("playlist")
    place.targets["notion"].trash(page.remote_id)
    place.reconcile()
    action = place.targets["notion"].history[0]
    row = place.state().actions[action.action_id]
    again = Action(
        action_id="e" * 32,
        kind="CreatePage",  # type: ignore[arg-type]  # the name is what the row keeps
        operation=Operation.CREATE,
        target="notion",
        object_kind="playlist",
        key=REF,
        remote_id=None,
        changes=row.changes,
        precondition="",
        reason="asked for",
        risk="low",
        causes=(),
    )
    perform(place, [again])
    assert len(place.targets["notion"].live("playlist")) == 1


def test_an_object_somebody_else_works_on_is_left_alone(place: Place) -> None:
    """I39: a live lease of another worker is respected; a dead owner's gives way."""
    only_notion(place)
    place.follow("Crate", ())
    resource = object_key("notion", "playlist", REF)
    place.coordination.acquire(resource, owner="other", ttl_s=900.0)
    assert place.reconcile().exit_code is ExitCode.PARTIAL
    assert place.sends() == 0
    place.processes.dead.add("other")
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.sends() == 1


def test_removals_come_last_and_only_after_a_clean_pass(place: Place) -> None:
    """I42, I44: a departed track's row goes a day later, unless something failed in the same pass."""
    only_notion(place)
    place.policy = changed(place.policy, keep_departed=False)
    place.follow("Crate", THREE)
    place.reconcile()
    place.follow("Crate", (1, 2))
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.targets["notion"].live("track")) == 3
    place.clock.pass_s(DAY_S)
    place.follow("Crate", (1, 2, 4))
    place.targets["notion"].script.append(problem(FailureClass.INVALID_REQUEST))
    place.wait_s_max = 0.0
    place.reconcile()
    live = {str(row.fields["title"]) for row in place.targets["notion"].live("track")}
    trashed = [line for line in place.targets["notion"].history if line.operation == "trash"]
    assert "Title 4" in live
    assert len(trashed) == ("Title 3" not in live)
    place.reconcile()
    assert {row.fields["title"] for row in place.targets["notion"].live("track")} == {"Title 1", "Title 2", "Title 4"}


def test_an_entry_seen_again_cancels_its_removal(place: Place) -> None:
    """I44: what comes back before the day is over is never removed."""
    only_notion(place)
    place.policy = changed(place.policy, keep_departed=False)
    place.follow("Crate", THREE)
    place.reconcile()
    place.follow("Crate", (1, 2))
    place.reconcile()
    place.clock.pass_s(DAY_S / 2)
    place.follow("Crate", THREE)
    place.reconcile()
    place.clock.pass_s(DAY_S)
    place.reconcile()
    assert len(place.targets["notion"].live("track")) == 3
    assert not any(line.operation == "trash" for line in place.targets["notion"].history)


def test_a_fetch_without_a_sighting_leaves_no_availability_behind(place: Place) -> None:
    """P11: an action applied by hand for a ref nobody listed ends like any other."""
    place.follow("Crate", (1,))
    with running(place.world(), "observe") as run:
        observe(place.world(), run)
    (fetch,) = make_plan(place.world(), PlanScope(only=("FetchRecording",))).actions
    stray = changed(
        fetch,
        action_id="d" * 32,
        changes=tuple(
            changed(change, after="soundcloud:track:77") if change.field == "source_ref" else change
            for change in fetch.changes
        ),
    )
    perform(place, [stray])
    assert place.state().actions["d" * 32].state is ActionState.DONE
    unlisted = changed(stray, action_id="c" * 32, key="r" + "x" * 16)
    place.targets["library"].script.append(problem(FailureClass.GONE))
    perform(place, [unlisted])
    assert place.state().sightings["soundcloud:track:77"].availability is Availability.GONE


def test_an_action_found_applied_is_not_sent_again(place: Place) -> None:
    """I29: what may have been applied is asked about before a repeat; present means done."""
    only_notion(place)
    place.follow("Crate", ())
    notion = place.targets["notion"]
    notion.script.append(Mishap.LOST_AFTER)
    notion.unclear = 1  # the probe right after the pass fails, so the action stays unknown
    place.wait_s_max = 0.0
    place.reconcile()
    (row,) = place.state().actions.values()
    assert row.state is ActionState.UNKNOWN
    plan_before = Action(
        action_id=row.action_id,
        kind=row.kind,  # type: ignore[arg-type]  # the name is what the row keeps
        operation=Operation.CREATE,
        target=row.target,
        object_kind=row.object_kind,
        key=row.key,
        remote_id=None,
        changes=row.changes,
        precondition="",
        reason="",
        risk="low",
        causes=(),
    )
    perform(place, [plan_before])
    assert notion.counts["send"] == 1
    assert place.state().actions[row.action_id].state is ActionState.DONE
