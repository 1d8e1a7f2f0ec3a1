"""What a remote said about when to come back, kept for every process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.domain.errors import EngineError, ExitCode
from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock, Coordination
from engine.reconciler.schedule import SECOND_US
from engine.workflows.world import WAIT_S_MAX, World

Answer = TypeVar("Answer")
_MINUTE_S, _HOUR_S = 60, 3600


class RemoteBlockedError(EngineError):
    """A remote asked everybody for a longer wait than a run waits, while something was under way there."""

    exit_code = ExitCode.TRY_LATER

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail, hint=problem.hint)
        self.problem = problem


def blocked(world: World, remote: str) -> Problem | None:
    """Give why a remote is not asked now, when it told somebody to wait longer than a run waits."""
    return closed(world.coordination, world.clock, remote, world.wait_s_max)


def closed(coordination: Coordination, clock: Clock, remote: str, patience_s: float = WAIT_S_MAX) -> Problem | None:
    """Give why a remote is not asked now, when it told somebody to wait longer than that."""
    wait_s = (coordination.blocked_until_us(remote) - clock.now_us()) / SECOND_US
    if wait_s <= patience_s:
        return None
    detail = f"{remote} asked us to wait another {_spoken(wait_s)}"
    hint = "run it again then; nothing is lost"
    return Problem(failure=FailureClass.RATE_LIMITED, detail=detail, hint=hint, retry_after_s=wait_s)


def take_turn(
    coordination: Coordination,
    clock: Clock,
    remote: str,
    *,
    sleep: Callable[[float], None],
    allow: Callable[[float], None] = lambda _: None,
) -> None:
    """Wait for a place in a remote's rate limit, in seconds; a long wait is no place, and is looked for at every turn.

    Args:
        coordination: what processes share: any of them may be told to wait, in the middle of our operation too.
        clock: gives the time.
        remote: who is asked.
        sleep: waits.
        allow: told how long the wait will be; raises when that is too long for whoever waits.

    Raises:
        RemoteBlockedError: the remote asked for a longer wait than a run waits.
    """
    _refuse_blocked(coordination, clock, remote)
    wait_s = coordination.reserve(remote)
    _refuse_blocked(coordination, clock, remote)
    allow(wait_s)
    sleep(wait_s)
    _refuse_blocked(coordination, clock, remote)


def _refuse_blocked(coordination: Coordination, clock: Clock, remote: str) -> None:
    if problem := closed(coordination, clock, remote):
        raise RemoteBlockedError(problem)


def _spoken(wait_s: float) -> str:
    """Say a wait as a person would: it may be of seconds or of a day."""
    if wait_s < 2 * _MINUTE_S:
        return f"{wait_s:.0f} s"
    return f"{wait_s / _MINUTE_S:.0f} min" if wait_s < 2 * _HOUR_S else f"{wait_s / _HOUR_S:.0f} h"


def answered(world: World, remote: str, ask: Callable[[], Answer]) -> Answer | Problem:
    """Ask a remote, unless it asked for a long wait; one it asks for meanwhile is told as the problem it is (P8)."""
    try:
        return blocked(world, remote) or ask()
    except RemoteBlockedError as error:
        return error.problem


def heed_block(world: World, remote: str, problem: Problem | None) -> None:
    """Let a remote's "not before" hold for every process."""
    if problem is None or not problem.retry_after_s:
        return
    if problem.failure in (FailureClass.RATE_LIMITED, FailureClass.OVERLOADED):
        world.coordination.block(remote, world.clock.now_us() + int(problem.retry_after_s * SECOND_US))
