"""What a critical review found once, so that it is never found again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from typing_extensions import override

from engine.domain.errors import ExitCode, StorageError
from engine.domain.events import ActionUnknown
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.outcomes import Outcome
from engine.domain.plan import Action
from engine.domain.references import recording_id
from engine.reconciler.policy import PlanScope
from engine.source_ports import Undescribed
from engine.workflows.reconcile import ReconcileRequest, reconcile
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import ref
from tests.fakes.target import FakeTarget, Mishap

THREE = (1, 2, 3)


class Poisoned(FakeTarget):
    """A target that falls over one object."""

    poison = ""
    fault: Exception = ZeroDivisionError("poison")

    @override
    def send(self, action: Action) -> Outcome:
        if action.key == self.poison:
            raise self.fault
        return super().send(action)


def gone(number: int) -> Undescribed:
    """Give what a listing says of a track that answers 404."""
    problem = Problem(failure=FailureClass.GONE, detail="404", http_status=404)
    return Undescribed(ref=ref(number), availability=Availability.GONE, problem=problem)


def test_a_fault_of_an_adapter_ends_one_action_and_not_the_run(place: Place) -> None:
    """P11: one poisoned object is unknown, the others are done, and once it is cured it is done too."""
    poisoned = Poisoned(place="notion")
    poisoned.poison = recording_id(ref(2))
    place.targets = {"notion": poisoned}
    place.policy = replace(place.policy, targets=("notion",))
    place.follow("Crate", THREE)
    assert place.reconcile().exit_code is ExitCode.PARTIAL
    (unknown,) = {event.problem.detail for event in place.events("action.unknown") if isinstance(event, ActionUnknown)}
    assert "ZeroDivisionError" in unknown
    assert len(poisoned.live("track")) == 2
    poisoned.poison = ""
    place.clock.pass_s(DAY_S)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(poisoned.live("track")) == 3


def test_a_track_that_came_back_is_fetched(place: Place) -> None:
    """F29, F38: a listing that said 404 and then shows the very same track again restores it."""
    place.follow("Crate", THREE)
    place.source.trouble[ref(2)] = gone(2)
    place.reconcile()
    assert place.state().sightings[ref(2)].availability is Availability.GONE
    del place.source.trouble[ref(2)]
    for _ in range(8):
        place.clock.pass_s(DAY_S)
        place.reconcile()
    assert place.state().sightings[ref(2)].availability is Availability.AVAILABLE
    assert len({row.recording_id for row in place.state().renditions.values()}) == 3


def test_a_wait_of_soundcloud_is_not_a_wait_of_the_library(place: Place) -> None:
    """P8, I40: who said 429 is not asked; the disk, which said nothing, is."""
    wait = Problem(failure=FailureClass.RATE_LIMITED, detail="429", retry_after_s=7200.0)
    place.follow("Crate", THREE)
    place.targets["library"].script.append(wait)
    place.reconcile()
    now_us = place.clock.now_us()
    assert place.coordination.blocked_until_us("soundcloud") > now_us
    assert place.coordination.blocked_until_us("library") <= now_us
    assert place.state().scopes["library:audio"].complete


def test_a_limit_bounds_the_whole_run(place: Place) -> None:
    """M10: `--limit 2` does two actions, however many rounds there are, and that is no failure."""
    place.follow("Crate", THREE)
    result = reconcile(place.world(), ReconcileRequest(scope=PlanScope(limit=2)))
    assert len(place.events("action.done")) == 2
    assert result.exit_code is ExitCode.FINE


def test_a_column_added_later_is_filled(place: Place) -> None:
    """F53: what a schema can hold is part of what a plan rests on."""
    place.follow("Crate", THREE)
    notion = place.targets["notion"]
    notion.supported = ("sync_key", "title")
    place.reconcile()
    assert place.reconcile().settled
    notion.supported = ("sync_key", "title", "artist", "duration_ms")
    assert not place.reconcile().settled
    assert all(row.fields.get("duration_ms") for row in notion.live("track"))


def test_a_fault_that_stops_the_program_stops_it(place: Place) -> None:
    """Errors of this machine are not outcomes: they end the run with their own exit code and hint."""
    poisoned = Poisoned(place="notion")
    poisoned.poison = recording_id(ref(2))
    poisoned.fault = StorageError("the disk is gone", hint="plug it in")
    place.targets = {"notion": poisoned}
    place.policy = replace(place.policy, targets=("notion",))
    place.follow("Crate", THREE)
    with pytest.raises(StorageError):
        place.reconcile()


def test_an_unknown_of_a_remote_that_told_us_to_wait_is_asked_about_later(place: Place) -> None:
    """P8, I40: settling asks nobody who said not to."""
    place.targets = {"notion": place.targets["notion"]}
    place.policy = replace(place.policy, targets=("notion",))
    notion = place.targets["notion"]
    notion.script.append(Mishap.LOST_AFTER)
    notion.on_send = lambda _action: place.coordination.block("notion", place.clock.now_us() + 3_600_000_000)
    place.follow("Crate", THREE)
    assert place.reconcile().exit_code is ExitCode.TRY_LATER
    assert not place.events("action.probed")
    notion.on_send = lambda _action: None
    place.clock.pass_s(3_601)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.events("action.probed")
