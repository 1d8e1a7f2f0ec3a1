"""Whether an action may be tried now, from what became of it before (design §7)."""

from __future__ import annotations

from engine.domain.failure import FailureClass, Patience, availability_after, patience
from engine.domain.plan import Action, Operation, Waiting
from engine.domain.references import object_key
from engine.projections.rows import ActionRow, ActionState
from engine.reconciler.access import may_open
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.policy import Policy
from engine.reconciler.schedule import SECOND_US

DAY_US = 86_400 * SECOND_US


def readiness(index: Catalogue, action: Action, policy: Policy, now_us: int) -> Waiting | None:
    """Give why an action has to wait, or nothing when it may be tried."""
    key = object_key(action.target, action.object_kind, action.key)
    if key in index.unsettled:
        return _wait(action, "unknown", "an earlier attempt may have been applied; it is asked about first", None)
    latest = index.actions_of.get(key)
    if latest is not None and action.operation is Operation.CREATE and latest.state is ActionState.ABSENT:
        # Whatever is wanted by now, an object that was sent may still appear.
        wait = _settling(action, latest, policy, now_us)
        if wait is not None:
            return wait
    row = index.state.actions.get(action.action_id)
    if row is None or _opened(index, action, row, policy):
        return None
    return _after(action, row, policy, now_us)


def _opened(index: Catalogue, action: Action, row: ActionRow, policy: Policy) -> bool:
    """Whether a way is there that was not tried when a download was withheld; it is not waited for, then."""
    ref = action.written.get("source_ref")
    if row.state not in (ActionState.REFUSED, ActionState.DEFERRED) or not isinstance(ref, str):
        return False
    sighting = index.state.sightings.get(ref)
    withheld = row.problem is not None and availability_after(row.problem.failure)
    return sighting is not None and withheld is sighting.availability and may_open(sighting, policy.ways)


def _after(action: Action, row: ActionRow, policy: Policy, now_us: int) -> Waiting | None:
    if row.state is ActionState.REFUSED:
        return _wait(action, "refused", _detail(row), None)
    if row.state is ActionState.DEFERRED:
        return _deferred(action, row, policy, now_us)
    return _settling(action, row, policy, now_us) if row.state is ActionState.ABSENT else None


def _detail(row: ActionRow) -> str:
    return row.problem.detail if row.problem else ""


def _deferred(action: Action, row: ActionRow, policy: Policy, now_us: int) -> Waiting | None:
    until_us, detail = row.not_before_us or 0, _detail(row)
    if _tired(row, policy, now_us):
        until_us = max(until_us, row.last_us + DAY_US)
        detail = f"{row.attempts} attempts so far, one a day from now on: {detail}"
    if until_us <= now_us:
        return None
    weekly = row.problem is not None and patience(row.problem.failure) is Patience.WEEKLY
    return _wait(action, "unavailable" if weekly else "backoff", detail, until_us)


def _tired(row: ActionRow, policy: Policy, now_us: int) -> bool:
    """Whether trying has gone on so long that once a day is enough; what asked us to wait has its own time."""
    failure = row.problem.failure if row.problem else None
    if failure is FailureClass.RATE_LIMITED or (failure and patience(failure) in (Patience.WEEKLY, Patience.STOP)):
        return False
    old = row.attempts > 1 and now_us - row.first_us > policy.attempts_span_s * SECOND_US
    return row.attempts >= policy.attempts_max or old


def _settling(action: Action, row: ActionRow, policy: Policy, now_us: int) -> Waiting | None:
    settled_us = (row.sent_us or 0) + int(policy.settle_s * SECOND_US)
    if settled_us <= now_us:
        return None
    return _wait(action, "backoff", "not there yet; given time to appear", settled_us)


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
