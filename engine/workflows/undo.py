"""Undo: take back what a run, an action or a decision did, by new events and new actions; nothing is forgotten.

An undo is a run of its own, so it can be undone. Its decisions are appended before anything is sent: whoever dies in
the middle and asks for the same again ends where a single pass would have ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.domain.errors import ExitCode, InterruptedRunError
from engine.domain.failure import Problem
from engine.domain.plan import Action
from engine.domain.value import Value
from engine.projections.rows import UNDO, ActionRow, ActionState
from engine.reconciler.catalogue import catalogue
from engine.reconciler.guards import guard
from engine.reconciler.retracting import retracted
from engine.reconciler.schedule import SECOND_US
from engine.reconciler.undoing import Left, Undoing, Why, compensation
from engine.workflows.act import Acting
from engine.workflows.observe_targets import observe_targets
from engine.workflows.run import Run, running
from engine.workflows.settle import confirm_late, settle
from engine.workflows.undo_story import Meant, find_meant, story
from engine.workflows.world import World

ROUNDS_MAX = 4
"""Passes over the actions in one undo: the first does the work, the others what was lost or put off on the way."""


class Preview(Value, frozen=True):
    """What an undo would do, from what was last seen."""

    meant: Meant
    undoing: Undoing

    @property
    def idle(self) -> bool:
        """Whether nothing is to be done, and a fresh look would tell nothing new."""
        unsure = any(left.why is Why.UNKNOWN for left in self.undoing.left)
        return self.undoing.allowed and not (self.undoing.actions or self.undoing.decisions or unsure)

    @property
    def exit_code(self) -> ExitCode:
        """What an undo ends with that goes no further than this."""
        return _verdict(self.undoing)


@dataclass(slots=True, kw_only=True)
class Undone:
    """What an undo came to.

    Attributes:
        undoing: what was found to do, after a fresh look.
        remaining: the actions that are still to do; the same undo again does them.
        problems: scope → what went wrong while looking.
    """

    run_id: str
    exit_code: ExitCode
    meant: Meant
    undoing: Undoing = field(default_factory=Undoing)
    remaining: tuple[Action, ...] = ()
    problems: dict[str, Problem] = field(default_factory=dict)


def preview(world: World, thing: str, allow_removals: int = 0) -> Preview:
    """Say what an undo would do, from the journal alone; appends, writes and sends nothing.

    Raises:
        UsageError: as `find_meant`.
    """
    meant = find_meant(world.journal, thing)
    return Preview(meant=meant, undoing=_undoing(world, meant, allow_removals))


def undo(world: World, meant: Meant, allow_removals: int = 0, arguments: Sequence[str] = ()) -> Undone:
    """Take back what is meant, as far as it still is as it was left.

    Raises:
        LockHeldError: another live process runs on this journal.
        InterruptedRunError: the person asked to stop; what was begun was finished and recorded.
    """
    with running(world, UNDO, arguments or (meant.key,)) as run:
        result = Undone(run_id=run.run_id, exit_code=ExitCode.FINE, meant=meant)
        result.undoing = _undoing(world, meant, allow_removals)
        if result.undoing.actions or result.undoing.left:  # decisions alone need no look at any target
            settle(world, run)
            result.problems.update(observe_targets(world, run))
            confirm_late(world, run)
            result.undoing = _undoing(world, meant, allow_removals)
        if result.undoing.allowed:
            run.append(result.undoing.decisions)
            result.remaining = _carry_out(world, run, result)
            run.count("left", len(result.remaining))
        run.exit_code = result.exit_code = _exit_code(result)
    return result


def _carry_out(world: World, run: Run, result: Undone) -> tuple[Action, ...]:
    """Act until nothing is left that may be tried now; gives what is left."""
    actions, todo, waited_s = result.undoing.actions, result.undoing.actions, 0.0
    for number in range(1, ROUNDS_MAX + 1):
        if not todo:
            break
        with run.stage("act", len(todo)):
            Acting(world=world, run=run).perform(todo)
        run.checkpoint("act", f"round {number}", len(todo))
        if world.stop.is_set():
            raise InterruptedRunError("stopped as asked; what was begun is recorded", hint="undo it again to go on")
        settle(world, run)
        actions = _undoing(world, result.meant, allow_removals=len(actions)).actions
        todo = tuple(action for action in actions if not _refused(world, action))
        wait_s = _wait_s(world, todo)
        if waited_s + wait_s > world.wait_s_max:
            break
        world.clock.sleep(wait_s)
        waited_s += wait_s
    return actions


def _refused(world: World, action: Action) -> bool:
    row: ActionRow | None = world.journal.row("actions", action.action_id)
    return row is not None and row.state is ActionState.REFUSED


def _wait_s(world: World, actions: Sequence[Action]) -> float:
    """Give how long to wait before another pass over what was put off."""
    rows = (world.journal.row("actions", action.action_id) for action in actions)
    latest_us = max((row.not_before_us or 0 for row in rows if row is not None), default=0)
    return max(0.0, (latest_us - world.clock.now_us()) / SECOND_US)


def _exit_code(result: Undone) -> ExitCode:
    if result.undoing.allowed and (result.remaining or result.problems):
        return ExitCode.PARTIAL
    return _verdict(result.undoing)


def _verdict(undoing: Undoing) -> ExitCode:
    whys = {left.why for left in undoing.left}
    if not undoing.allowed:
        return ExitCode.GUARDED
    if Why.UNKNOWN in whys:
        return ExitCode.PARTIAL
    return ExitCode.NEEDS_PERSON if Why.CHANGED in whys else ExitCode.FINE


def _undoing(world: World, meant: Meant, allow_removals: int) -> Undoing:
    """Compute what is to do now."""
    journal = world.journal
    state = journal.state()
    index = catalogue(state)
    told = story(journal, state, meant)
    found = compensation(index, told.deeds, world.policy.targets)
    decisions = (*retracted(index, told.history, told.taken, by_undo=told.by_undo), *found.decisions)
    actions, _, reports = guard(found.actions, state, world.policy, allow_removals)
    unsure = tuple(_unsure(row) for row in told.unsettled)
    return replace(found, actions=actions, decisions=decisions, left=(*found.left, *unsure), guards=reports)


def _unsure(row: ActionRow) -> Left:
    detail = "nobody knows yet whether it was applied; undo it again once it is settled"
    return Left(target=row.target, object_kind=row.object_kind, key=row.key, why=Why.UNKNOWN, detail=detail)
