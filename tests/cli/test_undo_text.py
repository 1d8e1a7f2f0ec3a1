"""An undo as text: what is taken back, decided anew, stopped, left, and still to do."""

from __future__ import annotations

from cli.render.undo import undoing_text, undone_text
from engine.domain.action_events import Change
from engine.domain.errors import ExitCode
from engine.domain.events import ObjectReleased
from engine.domain.plan import Action, ActionKind, GuardReport, Operation
from engine.reconciler.undoing import Left, Undoing, Why
from engine.workflows.undo import Undone
from engine.workflows.undo_story import Meant

MEANT = Meant(kind="run", key="0199", label="reconcile")


def action(number: int) -> Action:
    """Give an action of an undo."""
    return Action(
        action_id=f"{number:032}", kind=ActionKind.UPDATE_PAGE, operation=Operation.UPDATE, target="notion",
        object_kind="track", key=f"r{number}", remote_id="page",
        changes=(Change(field="isrc", before="X", after=None, owner="shared"),), precondition="",
        reason="undoes UpdatePage 5dc6b2c6", risk="low", causes=(),
    )  # fmt: skip


def left(number: int, why: Why) -> Left:
    """Give something that stays."""
    return Left(target="notion", object_kind="track", key=f"r{number}", why=why, detail=f"detail {number}")


def test_everything_an_undo_comes_to_is_said() -> None:
    """Actions with their changes, decisions in words, what stays by why, in that order."""
    released = ObjectReleased(object_id="o", target="notion", object_kind="track", key="r1", reason="undone")
    undoing = Undoing(
        actions=(action(1),), decisions=(released,), left=(left(2, Why.CHANGED), left(3, Why.ALREADY)), guards=()
    )
    text = undoing_text(MEANT, undoing, str.upper)
    assert text.startswith("undo run 0199 (reconcile): 1 to update, 1 decision, 2 left as they are")
    assert "R1" in text
    assert "undoes UpdatePage 5dc6b2c6" in text
    assert "decided anew:\n  no longer left as it was: undone" in text
    assert text.index("already as before: 1\n  R3 (notion track): detail 3") < text.index(
        "changed since, so it is left"
    )


def test_long_lists_are_cut_and_counted() -> None:
    """Nobody reads a thousand lines; --json has them all."""
    released = ObjectReleased(object_id="o", target="notion", object_kind="track", key="r1", reason="undone")
    undoing = Undoing(
        actions=tuple(action(number) for number in range(203)),
        decisions=(released,) * 22,
        left=tuple(left(number, Why.KEPT) for number in range(12)),
    )
    text = undoing_text(MEANT, undoing)
    assert "and 3 actions more; --json shows all" in text
    assert "  and 2 more\n" in text
    assert text.endswith("stays: 12\n" + "\n".join(
        f"  r{number} (notion track): detail {number}" for number in range(10)
    ) + "\n  and 2 more; --json shows all")  # fmt: skip


def test_a_guard_says_what_it_stopped_and_what_allows_it() -> None:
    """I43: nothing is undone, and how to allow it."""
    report = GuardReport(
        scope="notion:track", removals=9, managed=9, limit=5, allowed=False, reason="nothing would be left"
    )
    passed = GuardReport(scope="eagle:item", removals=1, managed=9, limit=5, allowed=True, reason="within the limit")
    text = undoing_text(MEANT, Undoing(guards=(report, passed)))
    assert "guard: notion:track: 9 removals of 9 stopped (limit 5); nothing would be left" in text
    assert "--allow-removals 9" in text
    assert "eagle" not in text


def test_what_is_still_to_do_is_said_at_the_end() -> None:
    """Exit code 20: the same undo again."""
    done = Undone(run_id="r", exit_code=ExitCode.FINE, meant=MEANT, undoing=Undoing(actions=(action(1),)))
    assert "still to do" not in undone_text(done)
    done.remaining = (action(1),)
    assert "1 action still to do: the same undo again tries them" in undone_text(done)
