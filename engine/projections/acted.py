"""Folds of what Cratelog did: actions, target objects, conflicts, runs, remote health."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.failure import Problem
from engine.domain.plan import ActionKind
from engine.domain.references import object_key
from engine.projections.projection import Projection
from engine.projections.rows import ActionRow, ActionState, Conflict, Health, Run, TargetObject

ActionEvent: TypeAlias = (
    e.ActionPlanned
    | e.ActionClaimed
    | e.ActionProbed
    | e.ActionIntended
    | e.ActionDone
    | e.ActionDeferred
    | e.ActionRefused
    | e.ActionUnknown
    | e.ActionSuperseded
)
_REMOVALS = frozenset(
    {ActionKind.TRASH_PAGE, ActionKind.TRASH_ITEM, ActionKind.TRASH_PLAYLIST_FILE, ActionKind.TRASH_AUDIO}
)


_RESTORES = frozenset(
    {ActionKind.RESTORE_PAGE, ActionKind.RESTORE_ITEM, ActionKind.RESTORE_PLAYLIST_FILE, ActionKind.RESTORE_AUDIO}
)


def _planned(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionPlanned)
    known = row or ActionRow(action_id=event.action_id, first_us=recorded.recorded_us, first_seq=recorded.seq)
    unsettled = known.state.unsettled  # Planning again does not settle what may be out there.
    return replace(
        known,
        kind=event.kind,
        target=event.target,
        object_kind=event.object_kind,
        key=event.key,
        remote_id=event.remote_id,
        changes=event.changes,
        reason=event.reason,
        causes=event.causes,
        state=known.state if unsettled else ActionState.PLANNED,
        problem=known.problem if unsettled else None,
        not_before_us=None,
        last_us=recorded.recorded_us,
        run_id=recorded.run_id,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _advance(
    row: ActionRow | None,
    recorded: Recorded,
    state: ActionState,
    *,
    problem: Problem | None = None,
    not_before_us: int | None = None,
    **also: Any,
) -> ActionRow:
    known = row or ActionRow(
        action_id=_action(cast("ActionEvent", recorded.event)), first_us=recorded.recorded_us, first_seq=recorded.seq
    )
    return replace(
        known,
        state=state,
        problem=problem,
        not_before_us=not_before_us,
        last_us=recorded.recorded_us,
        run_id=recorded.run_id,
        version=recorded.version,
        last_seq=recorded.seq,
        **also,
    )


def _claimed(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    # An effect that may be out there stays so until a probe or an outcome says otherwise.
    held = row.state if row and (row.state.unsettled or row.state is ActionState.ABSENT) else ActionState.CLAIMED
    return _advance(row, recorded, held, problem=row.problem if row else None)


def _probed(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionProbed)
    state = row.state if row else ActionState.CLAIMED
    if event.verdict == "absent" and state.unsettled:
        state = ActionState.ABSENT
    return _advance(row, recorded, state, problem=row.problem if row else None)


def _intended(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionIntended)
    return _advance(row, recorded, ActionState.INTENDED, attempts=event.attempt, sent_us=recorded.recorded_us)


def _done(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionDone)
    return _advance(row, recorded, ActionState.DONE, remote_id=event.remote_id)


def _deferred(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionDeferred)
    return _advance(row, recorded, ActionState.DEFERRED, problem=event.problem, not_before_us=event.not_before_us)


def _refused(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionRefused)
    return _advance(row, recorded, ActionState.REFUSED, problem=event.problem)


def _unknown(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    event = recorded.event
    assert isinstance(event, e.ActionUnknown)
    return _advance(row, recorded, ActionState.UNKNOWN, problem=event.problem)


def _superseded(row: ActionRow | None, recorded: Recorded) -> ActionRow:
    return _advance(row, recorded, ActionState.SUPERSEDED)


def _object_written(row: TargetObject | None, recorded: Recorded) -> TargetObject:
    event = recorded.event
    assert isinstance(event, e.ActionDone)
    removed = event.kind in _REMOVALS
    # What lies in the trash keeps what we left there, for when it is taken out again.
    same = row is not None and row.remote_id == event.remote_id
    anew = row is not None and row.trashed and not removed and event.kind not in _RESTORES
    return TargetObject(
        target=event.target,
        kind=event.object_kind,
        key=event.key,
        remote_id=event.remote_id,
        base={**row.base, **event.held} if row and same and not anew else event.held,
        generation=row.generation + 1 if row else 1,
        trashed=removed,
        last_seq=recorded.seq,
        withheld=row.withheld if row else None,
        withheld_seq=row.withheld_seq if row else 0,
    )


def _object_withheld(row: TargetObject | None, recorded: Recorded) -> TargetObject:
    event = recorded.event
    assert isinstance(event, e.ObjectWithheld)
    known = row or TargetObject(target=event.target, kind=event.object_kind, key=event.key)
    partly = known.withheld if event.fields else None
    fields = event.fields if known.withheld is None else tuple(sorted({*(partly or ()), *event.fields}))
    whole = known.withheld == () or not event.fields
    return replace(known, withheld=() if whole else fields, withheld_seq=recorded.seq, last_seq=recorded.seq)


def _object_released(row: TargetObject | None, recorded: Recorded) -> TargetObject | None:
    if row is None:
        return None
    return replace(row, withheld=None, withheld_seq=0, last_seq=recorded.seq)


def _opened(row: Conflict | None, recorded: Recorded) -> Conflict:
    event = recorded.event
    assert isinstance(event, e.ConflictOpened)
    return Conflict(
        conflict_id=event.conflict_id,
        target=event.target,
        object_kind=event.object_kind,
        key=event.key,
        field=event.field,
        base=event.base,
        wanted=event.wanted,
        found=event.found,
        reason=event.reason,
        version=recorded.version,
        opened_seq=row.opened_seq if row else recorded.seq,
        last_seq=recorded.seq,
    )


def _resolved(row: Conflict | None, recorded: Recorded) -> Conflict:
    event = recorded.event
    assert isinstance(event, e.ConflictResolved)
    known = row or Conflict(conflict_id=event.conflict_id, opened_seq=recorded.seq)
    return replace(known, choice=event.choice, version=recorded.version, last_seq=recorded.seq)


def _run_started(row: Run | None, recorded: Recorded) -> Run:
    del row
    event = recorded.event
    assert isinstance(event, e.RunStarted)
    return Run(
        run_id=event.run_id,
        command=event.command,
        arguments=event.arguments,
        config_hash=event.config_hash,
        started_us=recorded.recorded_us,
        version=recorded.version,
        first_seq=recorded.seq,
        last_seq=recorded.seq,
    )


def _run_checkpointed(row: Run | None, recorded: Recorded) -> Run:
    event = recorded.event
    assert isinstance(event, e.RunCheckpointed)
    known = row or Run(run_id=event.run_id, first_seq=recorded.seq, started_us=recorded.recorded_us)
    line = f"{event.scope} {event.window}: {event.count}"
    return replace(known, checkpoints=(*known.checkpoints, line), version=recorded.version, last_seq=recorded.seq)


def _run_finished(row: Run | None, recorded: Recorded) -> Run:
    event = recorded.event
    assert isinstance(event, e.RunFinished)
    known = row or Run(run_id=event.run_id, first_seq=recorded.seq, started_us=recorded.recorded_us)
    return replace(
        known,
        finished_us=recorded.recorded_us,
        exit_code=event.exit_code,
        counts=event.counts,
        requests=event.requests,
        stages=event.stages,
        inputs_digest=event.inputs_digest,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _tripped(row: Health | None, recorded: Recorded) -> Health:
    event = recorded.event
    assert isinstance(event, e.BreakerTripped)
    trips = row.trips + 1 if row else 1
    return Health(remote=event.remote, trips=trips, until_us=event.until_us, last_seq=recorded.seq)


def _action(event: ActionEvent) -> str:
    return event.action_id


def _object(event: e.ActionDone | e.ObjectWithheld | e.ObjectReleased) -> str:
    return object_key(event.target, event.object_kind, event.key)


def _conflict(event: e.ConflictOpened | e.ConflictResolved) -> str:
    return event.conflict_id


def _run(event: e.RunStarted | e.RunCheckpointed | e.RunFinished) -> str:
    return event.run_id


def _breaker(event: e.BreakerTripped) -> str:
    return event.remote


ACTIONS = Projection(
    name="actions",
    row=ActionRow,
    handlers={
        e.ActionPlanned: (_action, _planned),
        e.ActionClaimed: (_action, _claimed),
        e.ActionProbed: (_action, _probed),
        e.ActionIntended: (_action, _intended),
        e.ActionDone: (_action, _done),
        e.ActionDeferred: (_action, _deferred),
        e.ActionRefused: (_action, _refused),
        e.ActionUnknown: (_action, _unknown),
        e.ActionSuperseded: (_action, _superseded),
    },
)
OBJECTS = Projection(
    name="objects",
    row=TargetObject,
    handlers={
        e.ActionDone: (_object, _object_written),
        e.ObjectWithheld: (_object, _object_withheld),
        e.ObjectReleased: (_object, _object_released),
    },
)
CONFLICTS = Projection(
    name="conflicts",
    row=Conflict,
    handlers={e.ConflictOpened: (_conflict, _opened), e.ConflictResolved: (_conflict, _resolved)},
)
RUNS = Projection(
    name="runs",
    row=Run,
    handlers={
        e.RunStarted: (_run, _run_started),
        e.RunCheckpointed: (_run, _run_checkpointed),
        e.RunFinished: (_run, _run_finished),
    },
)
HEALTH = Projection(name="health", row=Health, handlers={e.BreakerTripped: (_breaker, _tripped)})
