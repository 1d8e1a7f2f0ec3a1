"""Act: carry out a plan's actions, each through claim, probe, intent, send and outcome (design §7).

No effect is sent without an earlier durable intent; every ending is an event; one bad track never stops a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import assert_never

from msgspec.structs import replace

from engine.domain.addresses import serving_source
from engine.domain.crash import CrashPoint
from engine.domain.envelope import Draft, observed
from engine.domain.errors import EngineError
from engine.domain.events import (
    ActionClaimed,
    ActionDeferred,
    ActionIntended,
    ActionPlanned,
    ActionRefused,
    ActionSuperseded,
    ActionUnknown,
    BreakerTripped,
    Event,
    TrackAvailabilityChanged,
)
from engine.domain.failure import Availability, FailureClass, Patience, Problem, availability_after, patience
from engine.domain.outcomes import Deferred, Done, Outcome, Refused, Unknown, headline
from engine.domain.plan import Action, Operation
from engine.domain.references import object_key, referred, remote_key
from engine.ports import Lease
from engine.projections.rows import ActionRow, ActionState, Remote
from engine.reconciler.merge import same
from engine.reconciler.schedule import BREAKER_S, BREAKER_UNKNOWNS, SECOND_US, not_before_us
from engine.workflows.limits import RemoteBlockedError
from engine.workflows.run import Run
from engine.workflows.settle import done_event, probe_one, sighted
from engine.workflows.world import World

_OF_THE_REMOTE = (FailureClass.AUTH_EXPIRED, FailureClass.TOOL_MISSING)
"""Trouble that one remote's answers meet and another's may not: what one site's player needs stops no other's audio."""
_MAY_BE_APPLIED = (ActionState.INTENDED, ActionState.UNKNOWN, ActionState.ABSENT)


@dataclass(slots=True, kw_only=True)
class Acting:
    """One pass over a plan's actions."""

    world: World
    run: Run
    stopped: set[str] = field(default_factory=set)  # targets that are in trouble
    failed: bool = False

    def perform(self, actions: Sequence[Action]) -> None:
        """Carry actions out, kind by kind in plan order, `workers` at a time; removals only after a clean pass."""
        builders = [action for action in actions if action.operation is not Operation.TRASH]
        removals = [action for action in actions if action.operation is Operation.TRASH]
        for _, group in groupby(builders, key=_phase):
            self._together(list(group))
        if removals and not self.failed and not self.stopped:
            self._together(removals)
        self.run.append(self.world.access.take_news())

    def _together(self, group: Sequence[Action]) -> None:
        workers = max(1, min(self.world.workers, len(group)))
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="act")
        patient = True
        try:
            for _ in pool.map(self._one, group):
                pass
        except KeyboardInterrupt:  # whoever asks twice does not wait for the calls in flight
            patient = False
            raise
        finally:
            pool.shutdown(wait=patient, cancel_futures=True)

    def _one(self, action: Action) -> None:
        if not self.run.may_begin() or self._closed(action):
            return
        with _held(self.run, action) as lease:
            if lease is not None:
                self._attempt(action)
        self.world.progress.advance(f"{action.kind} {action.key}")

    def _closed(self, action: Action) -> bool:
        """Whether nothing may be sent now: its target or remote is in trouble, blocked, or behind its breaker."""
        shared, now_us, remote = self.world.coordination, self.world.clock.now_us(), remote_of(action)
        patience_us = now_us + int(self.world.wait_s_max * SECOND_US)
        if shared.tripped_until_us(remote) > now_us or shared.blocked_until_us(remote) > patience_us:
            self.stopped.add(remote)
        return bool({remote, action.target} & self.stopped)

    def _attempt(self, action: Action) -> None:
        world, run = self.world, self.run
        row: ActionRow | None = world.journal.row("actions", action.action_id)
        attempt = (row.attempts if row else 0) + 1
        run.append(_claim(world, action, row, attempt), correlation_id=action.action_id)
        world.reached(CrashPoint.AFTER_CLAIM)
        if row is not None and row.state in _MAY_BE_APPLIED and not self._absent(row):
            return
        filled = _filled_in(world, action)
        stale = _stale(world, action) if filled else "what it belongs to is not there"
        if filled is None or stale:
            superseded = ActionSuperseded(action_id=action.action_id, attempt=attempt, reason=stale or "")
            run.append([superseded], correlation_id=action.action_id)
            run.count("superseded")
            return
        wait_s = world.coordination.reserve(remote_of(action))  # the target paces all but this one request
        if wait_s > world.wait_s_max and self._closed(action):
            return  # somebody was told to wait meanwhile
        world.clock.sleep(wait_s)
        intent = ActionIntended(action_id=action.action_id, attempt=attempt, precondition=action.precondition)
        run.append([intent], correlation_id=action.action_id)
        world.reached(CrashPoint.AFTER_INTENT)
        outcome = _sent(world, filled)
        world.reached(CrashPoint.AFTER_RESPONSE)
        self._conclude(filled, attempt, outcome)
        world.reached(CrashPoint.AFTER_OUTCOME)

    def _absent(self, row: ActionRow) -> bool:
        """Ask before repeating what may have been applied; True when it was not."""
        probe_one(self.world, self.run, row)
        self.world.reached(CrashPoint.AFTER_PROBE)
        after: ActionRow | None = self.world.journal.row("actions", row.action_id)
        return after is not None and after.state is ActionState.ABSENT

    def _conclude(self, action: Action, attempt: int, outcome: Outcome) -> None:
        drafts = _outcome_events(self.world, action, attempt, outcome)
        self.run.append(drafts, correlation_id=action.action_id)
        self.run.count(_word(outcome))
        if not isinstance(outcome, Done):
            self.failed = self.failed or _word(outcome) != "unavailable"
            self.world.progress.say(f"{action.kind} {action.key}: {headline(outcome)}")
            self._heed(action, outcome.problem)
        unknowns = self.world.coordination.note(remote_of(action), unknown=isinstance(outcome, Unknown))
        if unknowns >= BREAKER_UNKNOWNS:
            self._trip(remote_of(action), unknowns)

    def _heed(self, action: Action, problem: Problem) -> None:
        """Let a remote's word about time, or trouble on our side, hold for everything that would follow."""
        remote = remote_of(action)
        if problem.failure in (FailureClass.RATE_LIMITED, FailureClass.OVERLOADED) and problem.retry_after_s:
            self.world.coordination.block(remote, self.world.clock.now_us() + int(problem.retry_after_s * SECOND_US))
            self.stopped.add(remote)
        elif patience(problem.failure) is Patience.STOP:
            self.stopped.add(remote if problem.failure in _OF_THE_REMOTE else action.target)
        elif problem.failure is FailureClass.NOT_RUNNING:
            self.stopped.add(remote)

    def _trip(self, remote: str, unknowns: int) -> None:
        until_us = self.world.clock.now_us() + int(BREAKER_S * SECOND_US)
        self.world.coordination.trip(remote, until_us)
        self.stopped.add(remote)
        self.run.append([BreakerTripped(remote=remote, unknowns=unknowns, until_us=until_us)])


def _sent(world: World, action: Action) -> Outcome:
    """Send, and let a fault of an adapter end one action and not the run (P11): nobody knows what it did."""
    try:
        return world.targets[action.target].send(action)
    except RemoteBlockedError as error:  # only what fetches is told so, and it leaves nothing behind
        return Deferred(problem=error.problem)
    except EngineError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other tracks are not to pay for it
        detail = f"{action.kind} ended in {type(error).__name__}, which nobody expected"
        hint = "please report it; `sync -v reconcile` tells more"
        return Unknown(problem=Problem(failure=FailureClass.UNEXPECTED, detail=detail, hint=hint))


def remote_of(action: Action) -> str:
    """Name who is asked when an action is sent: the source of the audio for a download, its target otherwise."""
    ref = _fetched_ref(action)
    return serving_source(ref, str(action.written.get("url") or "")) if ref else action.target


def _phase(action: Action) -> tuple[str, str, str, bool]:
    """What may be done side by side: actions that refer to others come after them."""
    refers = any(referred(value) for value in action.written.values())
    return (action.target, action.object_kind, action.operation, refers)


def _filled_in(world: World, action: Action) -> Action | None:
    """Give the action with remote ids where it referred to objects; nothing when one of them is not there."""
    changes = []
    for change in action.changes:
        key = referred(change.after)
        row = world.journal.row("objects", key) if key else None
        if key and (row is None or row.trashed or row.remote_id is None):
            return None
        changes.append(replace(change, after=row.remote_id) if row else change)
    return replace(action, changes=tuple(changes))


@contextmanager
def _held(run: Run, action: Action) -> Iterator[Lease | None]:
    """The lease of one action's object, kept alive; gives nothing while somebody else works on it."""
    lease = run.hold(object_key(action.target, action.object_kind, action.key))
    try:
        yield lease
    finally:
        if lease is not None:
            run.heart.let_go(lease)


def _claim(world: World, action: Action, row: ActionRow | None, attempt: int) -> list[Draft | Event]:
    claimed = ActionClaimed(action_id=action.action_id, attempt=attempt, owner=world.processes.ourselves())
    if row is not None and row.state is not ActionState.SUPERSEDED:
        return [claimed]
    planned = ActionPlanned(
        action_id=action.action_id,
        kind=action.kind,
        target=action.target,
        object_kind=action.object_kind,
        key=action.key,
        remote_id=action.remote_id,
        changes=action.changes,
        reason=action.reason,
        causes=action.causes,
    )
    return [Draft(event=planned, causation_seq=max(action.causes, default=None)), claimed]


def _stale(world: World, action: Action) -> str | None:
    """Say why an action's precondition does not hold any more, or nothing."""
    if action.remote_id is None:
        row = world.journal.row("objects", object_key(action.target, action.object_kind, action.key))
        if row is None or row.trashed or not row.remote_id:
            return None
        remote: Remote | None = world.journal.row("remotes", remote_key(action.target, row.remote_id))
        ours = remote is not None and remote.standing and remote.key in (None, action.key)
        return "it exists by now" if ours else None
    if (action.target, action.object_kind) == ("library", "audio"):
        return None  # audio is remembered as renditions; the library looks at the files themselves
    remote = world.journal.row("remotes", remote_key(action.target, action.remote_id))
    if remote is None or not remote.standing:
        return None if action.operation is Operation.RESTORE else "it is not there any more"
    moved = [row.field for row in action.changes if not same(row.before, remote.fields.get(row.field))]
    return f"changed since it was planned: {', '.join(moved)}" if moved else None


def _outcome_events(world: World, action: Action, attempt: int, outcome: Outcome) -> list[Draft | Event]:
    action_id = action.action_id
    match outcome:
        case Done(remote_id=remote_id, held=held, seen=seen, facts=facts, evidence=evidence):
            shown = sighted(world, seen) if seen is not None else []
            done = done_event(world, action, attempt, remote_id, held, evidence)
            return [*shown, *facts, *_available_again(world, action), done]
        case Deferred(problem=problem):
            return [_deferred(world, action_id, attempt, problem)]
        case Refused(problem=problem, facts=facts):
            proven = _unavailable(world, action, problem)
            if patience(problem.failure) is not Patience.FACTS:
                return [*facts, *proven, _deferred(world, action_id, attempt, problem)]
            return [*facts, *proven, ActionRefused(action_id=action_id, attempt=attempt, problem=problem)]
        case Unknown(problem=problem):
            return [ActionUnknown(action_id=action_id, attempt=attempt, problem=problem)]
        case _:
            assert_never(outcome)


def _deferred(world: World, action_id: str, attempt: int, problem: Problem) -> ActionDeferred:
    until_us = not_before_us(problem, attempt, world.dice.fraction(), world.clock.now_us())
    return ActionDeferred(action_id=action_id, attempt=attempt, not_before_us=until_us, problem=problem)


def _fetched_ref(action: Action) -> str | None:
    ref = action.written.get("source_ref") if (action.target, action.object_kind) == ("library", "audio") else None
    return ref if isinstance(ref, str) else None


def _unavailable(world: World, action: Action, problem: Problem) -> list[Draft]:
    ref, availability = _fetched_ref(action), availability_after(problem.failure)
    if ref is None or availability is None:
        return []
    row = world.journal.row("sightings", ref)
    ways = world.access.tried(ref)
    if row is not None and row.availability is availability and row.ways == ways:
        return []
    change = TrackAvailabilityChanged(
        ref=ref,
        availability=availability,
        failure=problem.failure,
        detail=problem.detail,
        http_status=problem.http_status,
        ways=ways,
    )
    return [observed(change, row.version if row else 0)]


def _available_again(world: World, action: Action) -> list[Draft]:
    ref = _fetched_ref(action)
    row = world.journal.row("sightings", ref) if ref else None
    if ref is None or row is None or row.availability is Availability.AVAILABLE:
        return []
    change = TrackAvailabilityChanged(
        ref=ref, availability=Availability.AVAILABLE, failure=None, detail="its audio was fetched and verified"
    )
    return [observed(change, row.version)]


def _word(outcome: Outcome) -> str:
    match outcome:
        case Done():
            return "done"
        case Deferred(problem=problem) | Refused(problem=problem) if availability_after(problem.failure) is not None:
            return "unavailable"  # a fact about the source, not a failure of ours
        case Deferred():
            return "deferred"
        case Refused():
            return "refused"
        case Unknown():
            return "unknown"
        case _:
            assert_never(outcome)
