"""When to try again: full jitter, Retry-After as a lower bound, patience by failure class (design §7)."""

from __future__ import annotations

from engine.domain.failure import Patience, Problem, patience

BACKOFF_BASE_S = 1.0
BACKOFF_CAP_S = 300.0
WEEK_S = 7 * 86_400.0
STOP_S = 900.0
"""After trouble on this side of the wire (disk, credentials, another library), look again in a quarter of an hour."""
BREAKER_UNKNOWNS = 5
"""Unknown outcomes in a row after which writes to a remote stop."""
BREAKER_S = 300.0
SECOND_US = 1_000_000


def delay_s(problem: Problem, attempt: int, fraction: float) -> float:
    """Give how long to wait before the next attempt, in seconds.

    Args:
        problem: why the last attempt ended.
        attempt: how many attempts there have been, from 1.
        fraction: a random number in [0, 1).
    """
    match patience(problem.failure):
        case Patience.WEEKLY:
            wait = WEEK_S
        case Patience.STOP:
            wait = STOP_S
        case _:
            wait = fraction * min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** min(attempt, 16))
    return max(wait, problem.retry_after_s or 0.0)


def not_before_us(problem: Problem, attempt: int, fraction: float, now_us: int) -> int:
    """Give the time of the next attempt, microseconds since the epoch."""
    return now_us + int(delay_s(problem, attempt, fraction) * SECOND_US)
