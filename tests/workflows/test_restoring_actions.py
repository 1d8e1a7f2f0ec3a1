"""Restorations through the whole way of an action: planned on what is in the trash, done when it is live again."""

from __future__ import annotations

from engine.domain.action_events import Change
from engine.domain.plan import KINDS, Action, Operation
from engine.domain.references import object_key
from engine.domain.value import FieldValue
from engine.projections.rows import ActionState
from engine.reconciler.policy import EVERYTHING
from engine.workflows.plan_file import make_plan
from engine.workflows.run import running
from engine.workflows.settle import settle
from tests.fakes.place import Place
from tests.fakes.target import FakeTarget, Mishap, Thing
from tests.workflows.test_acting import only_notion, perform, superseded


def _made(place: Place) -> tuple[FakeTarget, Thing]:
    only_notion(place)
    place.follow("Crate", (1,))
    place.reconcile()
    notion = place.targets["notion"]
    (row,) = notion.live("track")
    return notion, row


def _action(operation: Operation, row: Thing, number: int, target: str = "notion", **fields: FieldValue) -> Action:
    kind = row.kind
    return Action(
        action_id=f"{number:032}",
        kind=KINDS[target, kind][operation],
        operation=operation,
        target=target,
        object_kind=kind,
        key=row.key or "",
        remote_id=row.remote_id,
        changes=tuple(Change(field=name, before=None, after=value, owner="engine") for name, value in fields.items()),
        precondition="",
        reason="a test",
        risk="low",
        causes=(),
    )


def test_what_was_trashed_is_restored_with_what_we_had_left_there_as_its_base(place: Place) -> None:
    """I33, I45: a page in the trash is no stale precondition of a restoration, and the plan afterwards is empty."""
    notion, row = _made(place)
    left = place.state().objects[object_key("notion", "track", row.key or "")].base
    perform(place, [_action(Operation.TRASH, row, 1)])
    written = place.state().objects[object_key("notion", "track", row.key or "")]
    assert (written.trashed, written.base) == (True, left)
    perform(place, [_action(Operation.RESTORE, row, 2, title="Track 1")])
    written = place.state().objects[object_key("notion", "track", row.key or "")]
    assert (written.trashed, written.base) == (False, {**left, "title": "Track 1"})
    assert notion.things[row.remote_id].live
    assert not make_plan(place.world(), EVERYTHING).actions


def test_a_restoration_whose_answer_was_lost_is_done_only_when_it_is_live_again(place: Place) -> None:
    """I28, I32: a probe that shows the page in the trash says that nothing was applied."""
    notion, row = _made(place)
    perform(place, [_action(Operation.TRASH, row, 1)])
    for mishap, state in ((Mishap.LOST_BEFORE, ActionState.ABSENT), (Mishap.LOST_AFTER, ActionState.DONE)):
        notion.script.append(mishap)
        restore = _action(Operation.RESTORE, row, 2)
        perform(place, [restore])
        with running(place.world(), "settle") as run:
            assert settle(place.world(), run) == 0
        assert place.state().actions[restore.action_id].state is state
    assert notion.things[row.remote_id].live


def test_a_restoration_does_not_write_over_what_a_person_did_meanwhile(place: Place) -> None:
    """I34: a page that a person restored and edited is not what was planned for."""
    notion, row = _made(place)
    perform(place, [_action(Operation.RESTORE, row, 1, title="Other")])
    assert superseded(place)[-1:] == ["changed since it was planned: title"]
    assert notion.things[row.remote_id].fields["title"] != "Other"


def test_files_are_acted_on_without_a_remote_row(place: Place) -> None:
    """I34: audio is remembered as renditions, so the library itself looks at its files before it moves them."""
    place.follow("Crate", (1,))
    place.reconcile()
    library = place.targets["library"]
    (row,) = library.live("audio")
    perform(place, [_action(Operation.TRASH, row, 1, target="library")])
    assert not library.live("audio")
    perform(place, [_action(Operation.RESTORE, row, 2, target="library")])
    assert library.live("audio")
