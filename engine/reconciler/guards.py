"""Removals, last and guarded: nothing is removed by the hundred because a listing was short (design §9)."""

from __future__ import annotations

from collections import Counter

from engine.domain.plan import Action, GuardReport, Operation, Waiting
from engine.projections.state import State
from engine.reconciler.policy import Policy


def guard(
    actions: tuple[Action, ...], state: State, policy: Policy, allow_removals: int
) -> tuple[tuple[Action, ...], tuple[Waiting, ...], tuple[GuardReport, ...]]:
    """Take out the removals that no guard lets pass, and report every guard that had to judge.

    Returns:
        The actions that stay, what waits because of a guard, and one report per scope with removals.
    """
    removals = Counter(_scope(action) for action in actions if action.operation is Operation.TRASH)
    reports = tuple(
        _judge(scope, count, _managed(state, scope), policy, allow_removals)
        for scope, count in sorted(removals.items())
    )
    blocked = {report.scope for report in reports if not report.allowed}
    stopped = [action for action in actions if action.operation is Operation.TRASH and _scope(action) in blocked]
    waiting = tuple(
        Waiting(
            target=action.target,
            object_kind=action.object_kind,
            key=action.key,
            why="guard",
            detail="more removals than the guard allows",
            action_id=action.action_id,
        )
        for action in stopped
    )
    held = {action.action_id for action in stopped}
    return tuple(action for action in actions if action.action_id not in held), waiting, reports


def _scope(action: Action) -> str:
    return f"{action.target}:{action.object_kind}"


def _managed(state: State, scope: str) -> int:
    if scope == "library:audio":  # one recording has a file per profile, and each is removed for itself
        return sum(1 for row in state.renditions.values() if row.present)
    rows = (row for row in state.objects.values() if f"{row.target}:{row.kind}" == scope and not row.trashed)
    return len({row.remote_id for row in rows if row.remote_id})


def _judge(scope: str, removals: int, managed: int, policy: Policy, allow_removals: int) -> GuardReport:
    limit = max(policy.removal_floor, int(policy.removal_fraction * managed))
    empties = removals >= managed
    if removals <= allow_removals:
        return _report(scope, removals, managed, limit, allowed=True, reason=f"a person allowed {allow_removals}")
    if empties:
        return _report(scope, removals, managed, limit, allowed=False, reason="nothing would be left")
    if removals > limit:
        return _report(scope, removals, managed, limit, allowed=False, reason="more than the limit")
    return _report(scope, removals, managed, limit, allowed=True, reason="within the limit")


def _report(scope: str, removals: int, managed: int, limit: int, *, allowed: bool, reason: str) -> GuardReport:
    return GuardReport(scope=scope, removals=removals, managed=managed, limit=limit, allowed=allowed, reason=reason)
