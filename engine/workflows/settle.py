"""Settle: ask about every effect nobody has confirmed, before anything new is sent (design §7, I28, I29, I32)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from msgspec import Struct

from engine.domain.canonical import digest
from engine.domain.envelope import Draft, observed
from engine.domain.events import (
    ActionDone,
    ActionProbed,
    ActionSuperseded,
    ConflictOpened,
    Event,
    RemoteSeen,
)
from engine.domain.outcomes import Absent, Duplicated, Present, Probe, Unclear
from engine.domain.plan import KINDS, Action, ActionKind, Operation
from engine.domain.references import object_key, remote_key
from engine.domain.value import Fields
from engine.projections.observed import shows_remote
from engine.projections.rows import ActionRow, ActionState, Remote, TargetObject
from engine.reconciler.merge import same, to_remember
from engine.workflows.limits import blocked
from engine.workflows.run import Run
from engine.workflows.world import World


def settle(world: World, run: Run) -> int:
    """Probe every unsettled action once; gives how many are still unknown."""
    unsettled = _actions(world, lambda row: row.state.unsettled and row.target in world.targets)
    left = 0
    for row in unsettled:
        if world.stop.is_set():
            return left + 1
        if blocked(world, row.target):
            left += 1
            continue
        left += not probe_one(world, run, row)
    return left


class _Standing(Struct, frozen=True, gc=False):
    """What is read of every action to find those that are not over, which are few."""

    action_id: str
    target: str
    remote_id: str | None
    state: ActionState


def _actions(world: World, wanted: Callable[[_Standing], bool]) -> list[ActionRow]:
    every: Sequence[_Standing] = world.journal.parts({"actions": _Standing}).rows["actions"]
    names = sorted(row.action_id for row in every if wanted(row))
    rows: Iterator[ActionRow | None] = (world.journal.row("actions", name) for name in names)
    return [row for row in rows if row is not None]


_NOT_DONE = (ActionState.ABSENT, ActionState.DEFERRED)


def confirm_late(world: World, run: Run) -> None:
    """Ask again about creates that a probe called absent or that were put off, where a scan shows their object."""
    absent = _actions(world, lambda row: row.state in _NOT_DONE and row.remote_id is None)
    if not absent:
        return
    state = world.journal.state(only=("remotes", "objects"))
    shown = {object_key(row.target, row.kind, row.key) for row in state.remotes.values() if row.key and row.standing}
    for row in absent:
        key = object_key(row.target, row.object_kind, row.key)
        if row.target in world.targets and key in shown and key not in state.objects and not blocked(world, row.target):
            probe_one(world, run, row)


def probe_one(world: World, run: Run, row: ActionRow) -> bool:
    """Ask the remote about one action and append what it says; True when the action is settled."""
    action = action_of(row)
    probe = world.targets[row.target].probe(action)
    drafts = verdict(world, action, row, probe)
    run.append(drafts, correlation_id=row.action_id)
    run.count("duplicated" if isinstance(probe, Duplicated) else "probed")
    return not isinstance(probe, Unclear)


def verdict(world: World, action: Action, row: ActionRow, probe: Probe) -> list[Draft | Event]:
    """Give the events that a probe's answer comes to."""
    attempt = max(row.attempts, 1)
    match probe:
        case Present(seen=seen, facts=facts):
            shown = _shown(action, seen)
            probed = ActionProbed(
                action_id=row.action_id,
                attempt=attempt,
                verdict="present" if shown is not None else "absent",
                remote_ids=(seen.remote_id,),
            )
            if shown is None:
                return [probed, *sighted(world, seen)]
            done = done_event(world, action, attempt, seen.remote_id, shown, "a probe shows our fields")
            return [probed, *sighted(world, seen), *facts, done]
        case Absent():
            return [ActionProbed(action_id=row.action_id, attempt=attempt, verdict="absent", remote_ids=())]
        case Duplicated(remote_ids=remote_ids):
            return _duplicated(action, attempt, remote_ids)
        case Unclear():
            return [ActionProbed(action_id=row.action_id, attempt=attempt, verdict="unclear", remote_ids=())]
        case _:
            assert_never(probe)


def _duplicated(action: Action, attempt: int, remote_ids: tuple[str, ...]) -> list[Draft | Event]:
    reason = "several live objects carry one key"
    identity = (action.target, action.object_kind, action.key)  # as the planner names the same conflict
    conflict = ConflictOpened(
        conflict_id="c" + digest([*identity, "(object)", None, action.key, sorted(remote_ids)])[:15],
        target=action.target,
        object_kind=action.object_kind,
        key=action.key,
        field="(object)",
        base=None,
        wanted=action.key,
        found=tuple(sorted(remote_ids)),
        reason=reason,
    )
    return [
        ActionProbed(action_id=action.action_id, attempt=attempt, verdict="duplicated", remote_ids=remote_ids),
        ActionSuperseded(action_id=action.action_id, attempt=attempt, reason=reason),
        conflict,
    ]


def _shown(action: Action, seen: RemoteSeen) -> Fields | None:
    """Give our fields as the remote shows them when the action was applied, or nothing when it was not."""
    if action.operation is Operation.TRASH:
        return None if seen.live else {}
    if action.operation is Operation.RESTORE and not seen.live:
        return None
    if action.operation is Operation.CREATE:
        return {name: seen.fields[name] for name in action.written if name in seen.fields}
    if any(not same(value, seen.fields.get(name)) for name, value in action.shown.items()):
        return None
    return action.shown


def done_event(world: World, action: Action, attempt: int, remote_id: str, held: Fields, evidence: str) -> ActionDone:
    """Say that an action is done, and on what evidence."""
    base = _left_there(world, action, remote_id)
    return ActionDone(
        action_id=action.action_id,
        attempt=attempt,
        kind=action.kind,
        target=action.target,
        object_kind=action.object_kind,
        key=action.key,
        remote_id=remote_id,
        held=to_remember(base, action.changes, held),
        evidence=evidence,
    )


def _left_there(world: World, action: Action, remote_id: str) -> Fields:
    """Give what our earlier writes left at a remote, also under the key of a recording that was merged since."""
    remote: Remote | None = world.journal.row("remotes", remote_key(action.target, remote_id))
    for key in (action.key, remote.key if remote else None):
        row: TargetObject | None = (
            world.journal.row("objects", object_key(action.target, action.object_kind, key)) if key else None
        )
        if row is not None and row.remote_id == remote_id:
            return row.base
    return {}


def sighted(world: World, seen: RemoteSeen) -> list[Draft | Event]:
    """Draft what an answer or a probe showed, when it differs from what is known."""
    if (seen.target, seen.kind) == ("library", "audio"):
        return []  # audio is remembered as renditions, which come as facts of their own
    row = world.journal.row("remotes", remote_key(seen.target, seen.remote_id))
    if row is not None and not row.misses and shows_remote(row, seen):
        return []
    return [observed(seen, row.version if row else 0)]


_OPERATIONS = {kind: operation for kinds in KINDS.values() for operation, kind in reversed(kinds.items())}


def action_of(row: ActionRow) -> Action:
    """Give the action a row remembers, as its target takes it."""
    kind = ActionKind(row.kind)
    return Action(
        action_id=row.action_id,
        kind=kind,
        operation=_OPERATIONS[kind],
        target=row.target,
        object_kind=row.object_kind,
        key=row.key,
        remote_id=row.remote_id,
        changes=row.changes,
        precondition="",
        reason=row.reason,
        risk="",
        causes=row.causes,
    )
