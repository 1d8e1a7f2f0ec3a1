"""Guards: how many removals pass, per scope, and what a person's word changes (I43)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.plan import Operation
from engine.projections.rows import TargetObject
from engine.projections.state import State
from engine.reconciler.guards import guard
from engine.reconciler.policy import Policy
from tests.reconciler.pieces import action

POLICY = Policy()


def managing(count: int, *, trashed: int = 0, unmade: int = 0) -> State:
    """Give a state with so many rows of ours, and some that do not count."""
    rows = [
        TargetObject(
            target="notion", kind="track", key=f"r{number}", remote_id=None if number < unmade else f"p{number}",
            trashed=number >= unmade + count,
        )
        for number in range(unmade + count + trashed)
    ]  # fmt: skip
    others = [
        TargetObject(target="eagle", kind="item", key=f"r{number}", remote_id=f"i{number}") for number in range(99)
    ]
    return State(objects={f"{row.target}/{row.kind}/{row.key}": row for row in (*rows, *others)})


def passed(removals: int, managed: int, allow: int = 0) -> int:
    """Count the removals that pass, beside one creation that always does."""
    wanted = [action(Operation.TRASH, key=f"r{number}", action_id=f"t{number}") for number in range(removals)]
    create = action(action_id="new")
    kept, waiting, reports = guard((create, *wanted), managing(managed, trashed=3, unmade=2), POLICY, allow)
    assert create in kept
    assert len(kept) + len(waiting) == removals + 1
    assert {wait.action_id for wait in waiting} == {each.action_id for each in wanted} - {
        each.action_id for each in kept
    }
    assert len(reports) == (1 if removals else 0)
    if reports:
        assert (reports[0].scope, reports[0].removals, reports[0].managed) == ("notion:track", removals, managed)
    return len(kept) - 1


@settings(max_examples=150, deadline=None)
@given(removals=st.integers(0, 40), managed=st.integers(0, 600), allow=st.integers(0, 45))
def test_removals_pass_all_or_none(removals: int, managed: int, allow: int) -> None:
    """I43: up to five or two in a hundred, and never all; or as many as a person allowed."""
    few = removals <= max(5, managed * 2 // 100) and removals < managed
    assert passed(removals, managed, allow) == (removals if few or removals <= allow else 0)


def test_the_edges_of_the_guard() -> None:
    """I43: the limit itself passes, one more does not; a scope is not emptied, however small."""
    assert passed(5, 100) == 5
    assert passed(6, 100) == 0
    assert passed(6, 300) == 6
    assert passed(7, 349) == 0
    assert passed(5, 5) == 0
    assert passed(1, 1) == 0
    assert passed(5, 5, allow=5) == 5
    assert passed(6, 100, allow=5) == 0


def test_scopes_are_judged_apart() -> None:
    """I43: a scope over its limit does not hold up another one, nor lend it its room."""
    pages = [action(Operation.TRASH, key=f"r{number}", action_id=f"t{number}") for number in range(9)]
    item = replace(action(Operation.TRASH, key="r1", action_id="item"), target="eagle", object_kind="item")
    kept, waiting, reports = guard((*pages, item), managing(20), POLICY, 0)
    assert kept == (item,)
    assert {wait.why for wait in waiting} == {"guard"}
    assert {report.scope: report.allowed for report in reports} == {"eagle:item": True, "notion:track": False}
