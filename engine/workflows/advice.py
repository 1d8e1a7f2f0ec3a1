"""Says what a person can do next, out of a status: only what helps, and nothing when nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.domain.failure import FailureClass, Patience, patience
from engine.domain.plan import KINDS
from engine.projections.rows import ActionState
from engine.workflows.standing import ScopeStatus, Status

LISTINGS_NAMED_MAX = 3
_TARGETS = frozenset(target for target, _ in KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAction:
    """What advice asks of an action that did not end well."""

    state: ActionState
    failure: FailureClass | None
    not_before_us: int | None


def advice(found: Status, open_actions: tuple[OpenAction, ...], now_us: int) -> Iterator[str]:
    """Give what would help, the most urgent first."""
    if not found.playlists:
        yield "follow a playlist: sync follow URL"
    yield from (
        f"log in to {login.source} again ({login.detail}): {login.remedy}" for login in found.logins if login.remedy
    )
    if found.conflicts:
        yield f"decide {found.conflicts} conflict{'s' if found.conflicts > 1 else ''}: sync conflicts"
    if found.questions:
        yield f"answer {found.questions} question{'s' if found.questions > 1 else ''}: sync review"
    if any(action.state is ActionState.REFUSED for action in open_actions):
        yield "see what was refused and why: sync sql failures_by_class"
    if any(_stopped(action) for action in open_actions):
        yield "mend what stops this machine: sync doctor --online"
    if any(_due(action, now_us) for action in open_actions):
        yield "settle what is open: sync reconcile"
    said = {login.remedy for login in found.logins if login.remedy}
    yield from _scans(tuple(scope for scope in found.scopes if scope.failures and scope.hint not in said))
    if found.playlists and not found.runs:
        yield "begin: sync plan --look, then sync reconcile"


def _stopped(action: OpenAction) -> bool:
    failure = action.failure if action.state is ActionState.DEFERRED else None
    return failure is not None and patience(failure) is Patience.STOP


def _due(action: OpenAction, now_us: int) -> bool:
    """Whether a run would take it up now; what was put off to a later time would only be put off again."""
    if action.state is ActionState.DEFERRED:
        return (action.not_before_us or 0) <= now_us
    return action.state.unsettled or action.state is ActionState.ABSENT


def _scans(failing: tuple[ScopeStatus, ...]) -> Iterator[str]:
    listings = [scope for scope in failing if scope.scope.partition(":")[0] not in _TARGETS]
    if len(listings) < len(failing):
        yield "look into the failing scans: sync doctor --online"
    together: dict[str, list[str]] = {}
    for scope in listings[:LISTINGS_NAMED_MAX]:
        said = scope.hint or scope.problem or "its listing was cut short; sync reconcile"
        together.setdefault(said.rstrip("."), []).append(scope.label)
    yield from (f"{', '.join(labels)}: {said}" for said, labels in together.items())
    if len(listings) > LISTINGS_NAMED_MAX:
        yield f"{len(listings) - LISTINGS_NAMED_MAX} more listings failed: sync report"
