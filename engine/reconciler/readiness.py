"""Whether an action may be tried now, from what became of it before (design §7)."""

from __future__ import annotations

from engine.domain.failure import FailureClass, Patience, patience
from engine.domain.plan import Action, Waiting
from engine.domain.references import object_key
from engine.projections.rows import ActionRow, ActionState
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.policy import Policy
from engine.reconciler.schedule import SECOND_US


def readiness(index: Catalogue, action: Action, policy: Policy, now_us: int) -> Waiting | None:
    """Give why an action has to wait, or nothing when it may be tried."""
    if object_key(action.target, action.object_kind, action.key) in index.unsettled:
        return _wait(action, "unknown", "an earlier attempt may have been applied; it is asked about first", None)
    row = index.state.actions.get(action.action_id)
    return _after(action, row, policy, now_us) if row else None


def _after(action: Action, row: ActionRow, policy: Policy, now_us: int) -> Waiting | None:
    detail = row.problem.detail if row.problem else ""
    if row.state is ActionState.REFUSED:
        return _wait(action, "refused", detail, None)
    if row.state is ActionState.DEFERRED:
        if _given_up(row, policy, now_us):
            return _wait(action, "refused", f"gave up after {row.attempts} attempts: {detail}", None)
        until_us = row.not_before_us or 0
        return _wait(action, "backoff", detail, until_us) if until_us > now_us else None
    if row.state is ActionState.ABSENT and row.sent_us is not None:
        settled_us = row.sent_us + int(policy.settle_s * SECOND_US)
        if settled_us > now_us:
            return _wait(action, "backoff", "not there yet; given time to appear", settled_us)
    return None


def _given_up(row: ActionRow, policy: Policy, now_us: int) -> bool:
    """Whether trying has gone on long enough; what a remote or this machine asked us to wait for never has."""
    failure = row.problem.failure if row.problem else None
    asked_to_wait = failure is FailureClass.RATE_LIMITED
    if failure is not None and (asked_to_wait or patience(failure) in (Patience.WEEKLY, Patience.STOP)):
        return False
    return row.attempts >= policy.attempts_max or now_us - row.first_us > policy.attempts_span_s * SECOND_US


def _wait(action: Action, why: str, detail: str, until_us: int | None) -> Waiting:
    return Waiting(
        target=action.target,
        object_kind=action.object_kind,
        key=action.key,
        why=why,
        detail=detail,
        until_us=until_us,
        action_id=action.action_id,
    )
