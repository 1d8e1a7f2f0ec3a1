"""Plans as files: written whole or not at all, read with suspicion, applied action by action (design §6, I26, I51)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.domain.canonical import canonical
from engine.domain.crash import CrashPoint, Reached
from engine.domain.decisions import Decision
from engine.domain.errors import ExitCode, InterruptedRunError, PlanStaleError, UsageError
from engine.domain.plan import PLAN_FORMAT, Action, Plan, PlanFile
from engine.reconciler.merging import assume, event_of
from engine.reconciler.planner import plan as compute_plan
from engine.reconciler.policy import PlanScope
from engine.reconciler.proposing import Judged, judge_decisions
from engine.workflows.act import Acting
from engine.workflows.decide import PERSON
from engine.workflows.observe_targets import observe_targets
from engine.workflows.questions import open_count
from engine.workflows.reconcile import Reconciled
from engine.workflows.run import Run, running
from engine.workflows.settle import confirm_late, settle
from engine.workflows.world import World


def make_plan(world: World, scope: PlanScope) -> Plan:
    """Compute what would be done, from the journal alone; appends, writes and sends nothing."""
    return compute_plan(world.journal.state(), world.policy, world.clock.now_us(), scope)


def write_plan(plan: Plan, path: Path, reached: Reached) -> None:
    """Write a plan file, whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    content = canonical(PlanFile(digest=plan.digest, plan=plan))
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    with staged.open("wb") as stream:
        stream.write(content[: len(content) // 2])
        stream.flush()
        reached(CrashPoint.DURING_PLAN_WRITE)
        stream.write(content[len(content) // 2 :])
        stream.flush()
        os.fsync(stream.fileno())
    staged.replace(path)


def read_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises:
        UsageError: there is no such file, or it is no plan.
        PlanStaleError: it was edited, or written in another format.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", hint="`sync plan --out FILE` writes one") from error
    try:
        held = msgspec.json.decode(content, type=PlanFile)
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} is no plan file: {error}", hint="`sync plan --out FILE` writes one") from error
    if held.plan.plan_format != PLAN_FORMAT:
        raise PlanStaleError(f"{path} is in plan format {held.plan.plan_format}", hint="make the plan again")
    if held.plan.digest != held.digest:
        raise PlanStaleError(f"{path} was changed after it was written", hint="make the plan again")
    return held.plan


def apply_plan(world: World, plan: Plan, *, strict: bool, arguments: Sequence[str] = ()) -> Reconciled:
    """Carry out a plan file: what it decides first, then each action whose precondition still holds.

    Applied again it decides nothing twice and goes on where it ended; with `strict`, all is done or nothing.

    Raises:
        PlanStaleError: the plan belongs to another journal or configuration, or `strict` found a stale action.
        LockHeldError: another live process runs on this journal.
        InterruptedRunError: the person asked to stop; what was begun was finished and recorded.
    """
    _check(world, plan)
    with running(world, "apply", arguments) as run:
        result = Reconciled(run_id=run.run_id, exit_code=ExitCode.FINE, plan=plan, rounds=1)
        settle(world, run)
        result.problems.update(observe_targets(world, run))
        confirm_late(world, run)
        judged = judge_decisions(world.journal.state(), plan.decisions)
        current = _as_planned(world, plan, judged.holding)
        stale = len(judged.stale) + sum(action.action_id not in current for action in plan.actions)
        if stale and strict:
            run.exit_code = ExitCode.PLAN_STALE
            result.exit_code = run.exit_code
            return result
        run.count("superseded", stale)
        _decide(world, run, judged)
        fresh = tuple(current[action.action_id] for action in plan.actions if action.action_id in current)
        acting = Acting(world=world, run=run)
        with run.stage("act", len(fresh)):
            acting.perform(fresh)
        if world.stop.is_set():
            raise InterruptedRunError("stopped as asked; what was begun is recorded", hint="apply it again to go on")
        settle(world, run)
        result.questions = open_count(world.journal)
        failed = acting.failed or bool(acting.stopped or result.problems)
        run.exit_code = result.exit_code = _exit_code(world, result, failed=failed, stale=bool(stale))
    return result


def _decide(world: World, run: Run, judged: Judged) -> None:
    """Record the decisions that hold, as those of whoever applies the plan, and say which do not."""
    run.append([event_of(decision) for decision in judged.holding], actor=PERSON.actor)
    if judged.holding:
        run.count("decided", len(judged.holding))
    for decision, reason in judged.stale:
        world.progress.say(f"{decision.recording_id}: not decided, {reason}")


def _as_planned(world: World, plan: Plan, decisions: Sequence[Decision]) -> dict[str, Action]:
    """Plan again over the world as it is now, with the decisions that hold and the removals that were allowed.

    Gives the actions by their ids; what they rest on is what is known now.
    """
    allowed = max((report.removals for report in plan.guards if report.allowed), default=0)
    state = assume(world.journal.state(), decisions)
    again = compute_plan(state, world.policy, world.clock.now_us(), PlanScope(allow_removals=allowed))
    return {action.action_id: action for action in again.actions}


def _check(world: World, plan: Plan) -> None:
    if plan.journal_id != world.journal.journal_id():
        raise PlanStaleError("the plan was made for another journal", hint="make the plan again on this one")
    if plan.config_hash != world.policy.config_hash:
        raise PlanStaleError("the settings have changed since the plan was made", hint="make the plan again")
    if plan.head_seq > world.journal.head().seq:
        raise PlanStaleError("the plan was made for a later journal", hint="was a backup restored? plan again")


def _exit_code(world: World, result: Reconciled, *, failed: bool, stale: bool) -> ExitCode:
    """Judge as `reconcile` does: what waits for a person comes first, then what failed, then what was left out."""
    conflicts = world.journal.state(only=("conflicts",)).conflicts.values()
    if result.questions or any(row.choice is None for row in conflicts):
        return ExitCode.NEEDS_PERSON
    if failed:
        return ExitCode.PARTIAL
    return ExitCode.PLAN_STALE if stale else ExitCode.FINE
