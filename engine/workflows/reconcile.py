"""Reconcile: observe, plan, act, observe again, report. Safe to repeat, to interrupt and to run unattended."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from dataclasses import replace as with_changes

from msgspec.structs import replace

from engine.domain.canonical import digest
from engine.domain.envelope import Draft
from engine.domain.errors import ExitCode
from engine.domain.events import ActionSuperseded, ConflictOpened, ConflictResolved
from engine.domain.failure import FailureClass, Patience, Problem, patience
from engine.domain.plan import ActionKind, Plan
from engine.projections.rows import ActionState
from engine.projections.state import State
from engine.reconciler.planner import plan as compute_plan
from engine.reconciler.policy import EVERYTHING, PlanScope
from engine.reconciler.schedule import SECOND_US
from engine.workflows.act import Acting
from engine.workflows.batch import batch_scope
from engine.workflows.chain import ChainRequest, Walked, walk
from engine.workflows.enrich import enrich
from engine.workflows.link import link
from engine.workflows.naming import name
from engine.workflows.observe_sources import heed_stop, observe_sources
from engine.workflows.observe_targets import observe_targets
from engine.workflows.questions import open_count
from engine.workflows.recognise import recognise
from engine.workflows.resolve import resolve
from engine.workflows.run import Run, running
from engine.workflows.settle import confirm_late, settle
from engine.workflows.world import World

WAITS_MAX = 2
"""How often one run waits for what was put off, so that an outage is not hammered."""
ROUNDS_MAX = 6
"""Rounds of plan and act in one run: three settle anything (I20), the rest serve what was waited for."""
ENRICH_S = 30.0
"""How long providers of facts may hold up what is planned next; what is left, the next run asks."""
_FETCH = ActionKind.FETCH_RECORDING


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileRequest:
    """What one reconcile is asked to do.

    Attributes:
        scope: which part of the plan to carry out.
        accept_shrink: scopes and playlist refs whose collapse a person vouched for.
        chain: which sources to read, and how; None reads all of them.
    """

    scope: PlanScope = EVERYTHING
    accept_shrink: tuple[str, ...] = ()
    chain: ChainRequest | None = None

    @property
    def once(self) -> bool:
        """Whether each recording is fetched at most once, and nothing is waited for (F39)."""
        return self.chain is not None and self.chain.batch_only


@dataclass(slots=True, kw_only=True)
class Reconciled:
    """What a run came to; the report is made from the journal, this only says where to look.

    Attributes:
        plan: the last plan: empty of actions when the fixpoint was reached.
        problems: scope → what went wrong while observing it.
        settled: whether planning was skipped because nothing it depends on had changed.
        questions: how many questions wait for a person.
    """

    run_id: str
    exit_code: ExitCode
    rounds: int = 0
    plan: Plan | None = None
    problems: dict[str, Problem] = field(default_factory=dict)
    settled: bool = False
    questions: int = 0


def reconcile(world: World, request: ReconcileRequest, arguments: Sequence[str] = ()) -> Reconciled:
    """Bring every target in step with what the sources show.

    Raises:
        LockHeldError: another live process runs on this journal.
        InterruptedRunError: the person asked to stop; what was begun was finished and recorded.
    """
    with running(world, "reconcile", arguments) as run:
        result = Reconciled(run_id=run.run_id, exit_code=ExitCode.FINE)
        settle(world, run)
        walked = walk(world, run, request.chain, request.accept_shrink) if request.chain else None
        result.problems.update(observe(world, run, request.accept_shrink, walked))
        confirm_late(world, run)
        enrich(world, run, seconds=ENRICH_S)
        taken = _taken_up(world, request, walked)
        if taken is not None:
            _rounds(world, run, taken, result)
        result.questions = open_count(world.journal)
        run.exit_code = result.exit_code = _exit_code(run, result)
    return result


def observe(
    world: World, run: Run, accept_shrink: Sequence[str] = (), walked: Walked | None = None
) -> dict[str, Problem]:
    """Read every source and every target once, or what a chain has not read; gives what went wrong, by scope."""
    problems = observe_sources(world, run, accept_shrink) if walked is None else walked.problems
    with run.stage("link"):
        link(world, run)
    problems = {**problems, **name(world, run), **resolve(world, run)}
    if walked is None or walked.targets is None:
        return {**problems, **observe_targets(world, run, accept_shrink)}
    recognise(world, run)
    return {**problems, **walked.targets}


def _taken_up(world: World, request: ReconcileRequest, walked: Walked | None) -> ReconcileRequest | None:
    """Give the request for what a batch took up, when only that was asked for; None when it took up nothing."""
    if walked is None or not request.once:
        return request
    scope = batch_scope(world, walked.picked, request.scope)
    return with_changes(request, scope=scope) if scope else None


def _rounds(world: World, run: Run, request: ReconcileRequest, result: Reconciled) -> None:
    if request.scope == EVERYTHING and _nothing_changed(world):
        result.settled = True
        run.inputs_digest = _inputs(world)
        return
    acted, tried = False, set[str]()
    waited_s, waits, scope = 0.0, 0, request.scope
    while result.rounds < ROUNDS_MAX:
        result.plan = current = compute_plan(world.journal.state(), world.policy, world.clock.now_us(), scope)
        _note_conflicts(world, run, current)
        if request.scope == EVERYTHING:
            _let_go(world, run, current)
        current = _without(current, tried)
        if not current.actions and request.once:
            break
        if not current.actions:
            wait_s = _wait_s(current, world.clock.now_us())
            if wait_s is None or waited_s + wait_s > world.wait_s_max or waits == WAITS_MAX:
                break
            world.clock.sleep(wait_s)
            waited_s, waits = waited_s + wait_s, waits + 1
            continue
        result.rounds += 1
        before = dict(run.counts)
        _act(world, run, current, result.rounds)
        acted = True
        tried |= {action.key for action in current.actions if request.once and action.kind is _FETCH}
        scope = _less(scope, len(current.actions))
        if dict(run.counts) == before:
            break  # everything that could be tried has been stopped
    if acted:
        _look_again(world, run, request, result)
    if result.plan and request.scope == EVERYTHING and _at_rest(result.plan):
        run.inputs_digest = _inputs(world)


def _without(current: Plan, tried: AbstractSet[str]) -> Plan:
    """Leave out what is not tried a second time in this run."""
    if not tried:
        return current
    return replace(current, actions=tuple(a for a in current.actions if a.kind is not _FETCH or a.key not in tried))


def _less(scope: PlanScope, taken: int) -> PlanScope:
    return scope if scope.limit is None else replace(scope, limit=max(0, scope.limit - taken))


def _act(world: World, run: Run, current: Plan, number: int) -> None:
    acting = Acting(world=world, run=run)
    with run.stage("act", len(current.actions)):
        acting.perform(current.actions)
    run.checkpoint("act", f"round {number}", len(current.actions))
    heed_stop(world)
    doubled = run.counts["duplicated"]
    settle(world, run)
    if run.counts["duplicated"] > doubled:
        observe_targets(world, run)  # planning without having seen both would make a third


def _look_again(world: World, run: Run, request: ReconcileRequest, result: Reconciled) -> None:
    """Observe the targets once more, so that the report rests on what is there and not on what was sent."""
    result.problems.update(observe_targets(world, run, request.accept_shrink))
    confirm_late(world, run)
    result.plan = compute_plan(world.journal.state(), world.policy, world.clock.now_us(), request.scope)
    if request.scope == EVERYTHING:
        _let_go(world, run, result.plan)
    limited = request.scope.limit is not None
    run.count("left_by_limit" if limited else "left", len(result.plan.actions))


def _nothing_changed(world: World) -> bool:
    """Whether the last plan was empty and everything a plan is computed from is as it was then."""
    if not world.policy.keep_departed:
        return False  # a departure comes of age by time alone
    runs = world.journal.state(only=("runs",)).runs.values()
    last = max((row for row in runs if row.inputs_digest), key=lambda row: row.last_seq, default=None)
    if last is None or last.config_hash != world.policy.config_hash:
        return False
    return last.inputs_digest == _inputs(world) and _all_complete(world)


def _inputs(world: World) -> str:
    """Digest everything a plan is computed from, besides the settings and the time."""
    scopes = world.journal.state(only=("scopes",)).scopes
    supported = {scope: row.supported for scope, row in sorted(scopes.items())}
    return digest([world.journal.inputs_digest(), supported])


def _all_complete(world: World) -> bool:
    scopes = world.journal.state(only=("scopes",)).scopes
    wanted = [f"{target.name}:{kind}" for target in world.targets.values() for kind in target.kinds]
    return all(scope in scopes and scopes[scope].complete for scope in wanted)


def _at_rest(current: Plan) -> bool:
    """Whether only a change of inputs can make another plan: nothing to do, to decide, or to wait for."""
    timed = any(wait.until_us is not None or wait.why in _OPEN for wait in current.waiting)
    decided = not current.conflicts and all(guard.allowed for guard in current.guards)
    return not current.actions and decided and not timed


_OPEN = frozenset({"unseen", "refused", "unknown"})
"""Why something waits that every run has to tell, and to end with, until it is put right."""


def _wait_s(current: Plan, now_us: int) -> float | None:
    times = [wait.until_us for wait in current.waiting if wait.until_us is not None]
    return max(0.0, (min(times) - now_us) / SECOND_US) + 0.001 if times else None


def _note_conflicts(world: World, run: Run, current: Plan) -> None:
    """Open what is newly in conflict, and close what the facts settled."""
    state: State = world.journal.state(only=("conflicts",))
    found = {conflict.conflict_id: conflict for conflict in current.conflicts}
    open_ids = {row.conflict_id for row in state.conflicts.values() if row.choice is None}
    drafts = [
        Draft(
            event=ConflictOpened(
                conflict_id=conflict.conflict_id,
                target=conflict.target,
                object_kind=conflict.object_kind,
                key=conflict.key,
                field=conflict.field,
                base=conflict.base,
                wanted=conflict.wanted,
                found=conflict.found,
                reason=conflict.reason,
            )
        )
        for conflict_id, conflict in found.items()
        if conflict_id not in state.conflicts or state.conflicts[conflict_id].choice == "vanished"
    ]
    seen_scopes = {wait.target for wait in current.waiting if wait.why == "unseen"}
    drafts += [
        Draft(event=ConflictResolved(conflict_id=conflict_id, choice="vanished"))
        for conflict_id in sorted(open_ids - found.keys())
        if state.conflicts[conflict_id].target not in seen_scopes
    ]
    run.append(drafts)


def _let_go(world: World, run: Run, current: Plan) -> None:
    """End what was put off and is not wanted in that form any more, so that nothing waits for ever."""
    meant = {action.action_id for action in current.actions}
    waiting = {(wait.target, wait.object_kind, wait.key) for wait in current.waiting}
    unseen = {wait.target for wait in current.waiting if wait.why == "unseen"}
    for _, row in sorted(world.journal.state(only=("actions",)).actions.items()):
        put_off = row.state is ActionState.DEFERRED and row.action_id not in meant
        if put_off and row.target not in unseen and (row.target, row.object_kind, row.key) not in waiting:
            reason = "what is wanted now is something else, or nothing"
            superseded = ActionSuperseded(action_id=row.action_id, attempt=row.attempts, reason=reason)
            run.append([superseded], correlation_id=row.action_id)


def _exit_code(run: Run, result: Reconciled) -> ExitCode:
    ended = _ended(run, result)
    return ExitCode.NEEDS_PERSON if result.questions and ended is not ExitCode.GUARDED else ended


def _ended(run: Run, result: Reconciled) -> ExitCode:
    """Judge by how things stand at the end, not by what went wrong on the way and was put right."""
    current = result.plan
    failures = {problem.failure for problem in result.problems.values()}
    if current is None:
        return _after_looking(failures, worked=False)
    if any(not report.allowed for report in current.guards):
        return ExitCode.GUARDED
    if current.conflicts:
        return ExitCode.NEEDS_PERSON
    whys = {wait.why for wait in current.waiting}
    if whys & {"refused", "unknown"} or (current.actions and not _limited(run)):
        return ExitCode.PARTIAL
    if "backoff" in whys:
        return ExitCode.PARTIAL if run.counts["done"] else ExitCode.TRY_LATER
    return _after_looking(failures, worked=bool(run.counts["done"]))


def _after_looking(failures: set[FailureClass], *, worked: bool) -> ExitCode:
    if not failures:
        return ExitCode.FINE
    return ExitCode.PARTIAL if worked or failures - _PASSING else ExitCode.TRY_LATER


def _limited(run: Run) -> bool:
    return run.counts["left_by_limit"] > 0


_PASSING: frozenset[FailureClass] = frozenset(
    failure for failure in FailureClass if patience(failure) is Patience.BACKOFF
)
