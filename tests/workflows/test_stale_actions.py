"""Actions planned on a world that has moved on."""

from __future__ import annotations

from msgspec.structs import replace as changed

from engine.domain.plan import Operation
from engine.reconciler.policy import EVERYTHING
from engine.workflows.plan_file import make_plan
from engine.workflows.reconcile import observe
from engine.workflows.run import running
from tests.fakes.place import Place
from tests.workflows.test_acting import THREE, only_notion, perform, superseded


def test_an_action_planned_on_an_older_world_is_superseded(place: Place) -> None:
    """I34: what exists by now is not made again; what changed since is not overwritten; what left is not written."""
    only_notion(place)
    place.follow("Crate", THREE)
    with running(place.world(), "observe") as run:
        observe(place.world(), run)
    early = make_plan(place.world(), EVERYTHING)
    assert {action.operation for action in early.actions} == {Operation.CREATE}
    place.reconcile()
    sends = place.sends()
    perform(place, early.actions)
    assert set(superseded(place)) == {"it exists by now"}
    notion = place.targets["notion"]
    first, second, third = notion.live("track")
    for row in (first, second, third):
        notion.edit(row.remote_id, duration_ms=1)
    with running(place.world(), "observe") as run:
        observe(place.world(), run)
    late = make_plan(place.world(), EVERYTHING)
    notion.edit(first.remote_id, duration_ms=2)
    notion.trash(second.remote_id)
    with running(place.world(), "observe") as run:
        observe(place.world(), run)
    unknown_row = changed(late.actions[2], remote_id="never-seen", action_id="f" * 32)
    perform(place, (*late.actions, unknown_row))
    assert superseded(place)[-3:].count("it is not there any more") == 2
    assert "changed since it was planned: duration_ms" in superseded(place)
    assert place.sends() == sends + 1
    assert notion.things[third.remote_id].fields["duration_ms"] == third.fields["duration_ms"]
