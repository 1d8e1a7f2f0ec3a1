"""Whole runs: quiet ones, waiting ones, interrupted ones, and what they end with."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode, InterruptedRunError
from engine.domain.events import RunFinished
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Owner
from engine.reconciler.policy import PlanScope
from engine.workflows.reconcile import ReconcileRequest, reconcile
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import ref
from tests.fakes.target import FakeTarget, Mishap

QUIET = {"run.started", "scan.completed", "run.finished"}
THREE = (1, 2, 3)


def deferred(seconds: float) -> Problem:
    """Give an answer that asks to come back."""
    return Problem(failure=FailureClass.WRITE_CONFLICT, detail="in use", hint="wait", retry_after_s=seconds)


def last_exit(place: Place) -> int:
    """Give the exit code the last run recorded."""
    event = place.events("run.finished")[-1]
    assert isinstance(event, RunFinished)
    return event.exit_code


def only_notion(place: Place) -> FakeTarget:
    """Leave nothing but Notion."""
    place.targets = {"notion": place.targets["notion"]}
    place.policy = changed(place.policy, targets=("notion",))
    return place.targets["notion"]


def test_nothing_changed_means_nothing_written(place: Place) -> None:
    """I23: no write request, no action event, one `scan.completed` a scope and the run's own two."""
    place.follow("Crate", THREE)
    first = place.reconcile()
    assert (first.exit_code, first.plan is not None and first.plan.actions) == (ExitCode.FINE, ())
    sends, seq = place.sends(), place.journal.head().seq
    second = place.reconcile()
    assert second.settled
    assert second.plan is None
    assert place.sends() == sends
    assert place.types_after(seq) == QUIET
    assert len(place.events("scan.completed", after=seq)) == 7


def test_the_first_run_of_an_empty_place_is_fine(place: Place) -> None:
    """F-empty: no playlists, no objects, nothing to do."""
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.sends() == 0


def test_a_change_of_settings_is_planned_again(place: Place) -> None:
    """I23: skipping the planner needs the same inputs and the same settings."""
    place.follow("Crate", THREE)
    place.reconcile()
    place.policy = changed(place.policy, config_hash="other")
    assert not place.reconcile().settled
    assert place.reconcile().settled


def test_an_incomplete_scope_is_planned_again(place: Place) -> None:
    """I23: what was not seen whole is not settled; a scoped run never says that everything is."""
    place.follow("Crate", THREE)
    place.reconcile()
    notion = place.targets["notion"]
    notion.scan_trouble["track"] = Problem(failure=FailureClass.TIMEOUT, detail="cut off")
    result = place.reconcile()
    assert (result.settled, result.exit_code) == (False, ExitCode.TRY_LATER)
    notion.scan_trouble.clear()
    assert not reconcile(place.world(), ReconcileRequest(scope=PlanScope(only=("eagle",)))).settled
    assert place.reconcile().settled


def test_a_scoped_run_does_its_part_and_says_that_more_is_left(place: Place) -> None:
    """I25: only the chosen target is written to."""
    place.follow("Crate", THREE)
    result = reconcile(place.world(), ReconcileRequest(scope=PlanScope(only=("library",))))
    assert result.exit_code is ExitCode.FINE
    assert place.targets["notion"].counts["send"] == 0
    assert len(place.targets["library"].live("audio")) == 3
    assert reconcile(place.world(), ReconcileRequest(scope=PlanScope(only=("library",)))).exit_code is ExitCode.FINE
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.targets["notion"].live("track")) == 3


def test_what_is_deferred_for_seconds_is_finished_in_the_same_run(place: Place) -> None:
    """Design §7: the run waits as long as it may, and no longer."""
    notion = only_notion(place)
    place.follow("Crate", ())
    notion.script.append(deferred(20.0))
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(notion.live("playlist")) == 1
    place.follow("Second", (), number=10)
    notion.script.append(deferred(31.0))
    assert place.reconcile().exit_code is ExitCode.TRY_LATER
    assert len(notion.live("playlist")) == 1
    place.clock.pass_s(32)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(notion.live("playlist")) == 2


def test_a_stop_between_actions_leaves_everything_recorded(place: Place) -> None:
    """Design §10: what was begun is finished and recorded, exit 130, and the next run finishes the rest."""
    place.follow("Crate", THREE)

    def ask(label: str) -> None:
        place.stop.asked = place.stop.asked or label.startswith("FetchRecording")

    place.progress.on_advance = ask
    with pytest.raises(InterruptedRunError) as caught:
        place.reconcile()
    assert caught.value.exit_code is ExitCode.INTERRUPTED
    assert last_exit(place) == ExitCode.INTERRUPTED
    assert place.sends() == len(place.events("action.done")) == 1
    assert len(place.events("action.intended")) == 1
    place.stop.asked = False
    place.progress.on_advance = lambda _label: None
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.targets["library"].live("audio")) == 3
    assert len(place.targets["notion"].live("track")) == 3


@pytest.mark.parametrize("scope", ["https://soundcloud.com/crew/sets/9", "library:audio"])
def test_a_stop_while_observing_ends_before_the_next_scan(place: Place, scope: str) -> None:
    """Design §10: a scan in flight ends; no other begins; nothing is sent."""
    place.follow("Crate", THREE)
    place.follow("Second", (4,), number=10)

    def ask(label: str) -> None:
        place.stop.asked = place.stop.asked or label == scope

    place.progress.on_advance = ask
    with pytest.raises(InterruptedRunError):
        place.reconcile()
    assert place.sends() == 0
    assert place.coordination.holder("run") is None
    place.stop.asked = False
    place.progress.on_advance = lambda _label: None
    assert place.reconcile().exit_code is ExitCode.FINE


def test_a_stop_while_waiting_ends_the_wait(place: Place) -> None:
    """Design §10: the sleep raises, the run is recorded as interrupted, what was deferred stays deferred."""
    notion = only_notion(place)
    place.follow("Crate", ())
    notion.script.append(deferred(20.0))
    place.reached = lambda point: setattr(place.stop, "asked", point == "CP10" or place.stop.asked)
    with pytest.raises(InterruptedRunError):
        place.reconcile()
    assert last_exit(place) == ExitCode.INTERRUPTED
    place.stop.asked = False
    place.reached = lambda _point: None
    place.clock.pass_s(30)
    assert place.reconcile().exit_code is ExitCode.FINE


def test_a_field_both_changed_is_a_conflict_until_facts_or_a_person_decide(place: Place) -> None:
    """I46, I48: exit 21, nothing written; it closes when both agree, and opens again when they do not."""
    notion = only_notion(place)
    place.policy = changed(place.policy, owners={"notion/track": {"genre": Owner.SHARED}})
    place.source.describes_everything = True
    place.follow("Crate", (1,))
    place.source.tracks[ref(1)] = changed(place.source.tracks[ref(1)], genre="House")
    place.reconcile()
    (row,) = notion.live("track")
    notion.edit(row.remote_id, genre="Dub")
    place.source.tracks[ref(1)] = changed(place.source.tracks[ref(1)], genre="Techno")
    assert place.reconcile().exit_code is ExitCode.NEEDS_PERSON
    assert notion.things[row.remote_id].fields["genre"] == "Dub"
    assert place.reconcile().exit_code is ExitCode.NEEDS_PERSON
    assert len(place.events("conflict.opened")) == 1
    notion.edit(row.remote_id, genre="Techno")
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.events("conflict.resolved")) == 1
    notion.edit(row.remote_id, genre="Dub")
    assert place.reconcile().exit_code is ExitCode.NEEDS_PERSON
    assert len(place.events("conflict.opened")) == 2


def test_a_conflict_stays_open_while_its_target_is_not_seen(place: Place) -> None:
    """I42: an incomplete scan decides no conflict either."""
    notion = only_notion(place)
    place.follow("Crate", (1,))
    place.reconcile()
    (row,) = notion.live("track")
    notion.things["twin"] = notion.things[row.remote_id].__class__(
        remote_id="twin", kind="track", key=row.key, fields=row.fields
    )
    assert place.reconcile().exit_code is ExitCode.NEEDS_PERSON
    notion.scan_trouble["track"] = Problem(failure=FailureClass.TIMEOUT, detail="cut off")
    place.reconcile()
    assert place.events("conflict.resolved") == []


def test_too_many_removals_are_guarded(place: Place) -> None:
    """I43: exit 22, the removals wait, everything else is done; a person allows them by number."""
    notion = only_notion(place)
    place.policy = changed(place.policy, keep_departed=False, removal_floor=1)
    place.follow("Crate", tuple(range(1, 9)))
    place.reconcile()
    place.follow("Crate", (1, 2, 3, 4, 5))
    place.reconcile()
    place.clock.pass_s(DAY_S)
    assert place.reconcile().exit_code is ExitCode.GUARDED
    assert place.reconcile().exit_code is ExitCode.GUARDED
    assert len(notion.live("track")) == 8
    allowed = ReconcileRequest(scope=PlanScope(allow_removals=3))
    assert reconcile(place.world(), allowed).exit_code is ExitCode.FINE
    assert len(notion.live("track")) == 5


def test_the_run_says_what_it_did(place: Place) -> None:
    """F-report: counts, requests by remote and stages are in the run's last event."""
    place.follow("Crate", THREE)
    place.targets["notion"].script.append(Mishap.LOST_AFTER)
    place.reconcile()
    finished = place.events("run.finished")[-1]
    assert isinstance(finished, RunFinished)
    assert finished.counts["done"] == place.sends() - 1
    assert finished.counts["unknown"] == 1
    assert finished.requests["notion"] == place.targets["notion"].counts.total()
    assert set(finished.stages) == {"sources", "link", "targets", "recognise", "act"}
