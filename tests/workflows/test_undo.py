"""Undo through the whole engine: what a run did is taken back at the targets themselves, and stays taken back."""

from __future__ import annotations

from engine.domain.errors import ExitCode
from engine.domain.plan import Plan
from engine.reconciler.policy import EVERYTHING
from engine.workflows.plan_file import make_plan
from engine.workflows.undo import Undone, undo
from engine.workflows.undo_story import find_meant
from tests.fakes.place import Place

REMOVALS = 100
THREE = (1, 2, 3)


def undone(place: Place, thing: str, allow_removals: int = REMOVALS) -> Undone:
    """Undo a thing."""
    return undo(place.world(), find_meant(place.journal, thing), allow_removals)


def books(place: Place) -> dict[str, dict[str, object]]:
    """Give what every target holds, by its own books: what is live, with its fields."""
    return {
        name: {each.remote_id: (each.key, each.fields) for each in target.things.values() if each.live}
        for name, target in place.targets.items()
    }


def waits(plan: Plan) -> set[str]:
    """Give why things wait."""
    return {wait.why for wait in plan.waiting}


def test_undoing_the_first_run_trashes_what_it_made_and_it_stays_undone(place: Place) -> None:
    """Issue 3: pages, items and playlist files go to the trash; files and folders stay; the next plan is empty."""
    place.follow("Crate", THREE)
    assert place.reconcile().exit_code is ExitCode.FINE
    before = books(place)
    result = undone(place, "last")
    assert result.exit_code is ExitCode.FINE
    assert [each.kind for each in place.targets["library"].live("audio")] == ["audio"] * 3
    assert place.targets["library"].live("playlist") == []
    assert place.targets["notion"].live("track") == place.targets["notion"].live("playlist") == []
    assert place.targets["eagle"].live("item") == []
    assert len(place.targets["eagle"].live("folder")) == 2
    sent = place.sends()
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.sends() == sent
    assert "withheld" in waits(make_plan(place.world(), EVERYTHING))
    assert undone(place, result.run_id).exit_code is ExitCode.FINE
    assert books(place) == before
    sent = place.sends()
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.sends() == sent
    assert "withheld" not in waits(make_plan(place.world(), EVERYTHING))
