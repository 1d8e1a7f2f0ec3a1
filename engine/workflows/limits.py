"""What a remote said about when to come back, kept for every process."""

from __future__ import annotations

from engine.domain.failure import FailureClass, Problem
from engine.reconciler.schedule import SECOND_US
from engine.workflows.world import World


def blocked(world: World, remote: str) -> Problem | None:
    """Give why a remote is not asked now, when it told somebody to wait longer than a run waits."""
    wait_s = (world.coordination.blocked_until_us(remote) - world.clock.now_us()) / SECOND_US
    if wait_s <= world.wait_s_max:
        return None
    detail = f"{remote} asked us to wait another {wait_s:.0f} s"
    hint = "run it again then; nothing is lost"
    return Problem(failure=FailureClass.RATE_LIMITED, detail=detail, hint=hint, retry_after_s=wait_s)


def heed_block(world: World, remote: str, problem: Problem | None) -> None:
    """Let a remote's "not before" hold for every process."""
    if problem is None or not problem.retry_after_s:
        return
    if problem.failure in (FailureClass.RATE_LIMITED, FailureClass.OVERLOADED):
        world.coordination.block(remote, world.clock.now_us() + int(problem.retry_after_s * SECOND_US))
