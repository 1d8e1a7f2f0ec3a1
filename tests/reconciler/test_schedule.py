"""When to try again: full jitter within its bounds, and a remote's own word as a lower bound without a cap."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.failure import FailureClass, Patience, Problem, patience
from engine.reconciler.schedule import (
    BACKOFF_BASE_S,
    BACKOFF_CAP_S,
    SECOND_US,
    STOP_S,
    WEEK_S,
    delay_s,
    not_before_us,
)

FRACTIONS = st.floats(0, 1, exclude_max=True)
ATTEMPTS = st.integers(1, 10_000)
PASSING = st.sampled_from([each for each in FailureClass if patience(each) is Patience.BACKOFF])


def problem(failure: FailureClass, retry_after_s: float | None = None) -> Problem:
    """Give a problem of a class."""
    return Problem(failure=failure, detail="", retry_after_s=retry_after_s)


@settings(max_examples=80, deadline=None)
@given(failure=PASSING, attempt=ATTEMPTS, fraction=FRACTIONS)
def test_jitter_is_full_and_capped(failure: FailureClass, attempt: int, fraction: float) -> None:
    """Design §7: anywhere between nothing and the doubled wait, never beyond five minutes."""
    ceiling = min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** min(attempt, 64))
    assert delay_s(problem(failure), attempt, fraction) == pytest.approx(fraction * ceiling)
    assert 0 <= delay_s(problem(failure), attempt, fraction) <= ceiling <= 300


@settings(max_examples=50, deadline=None)
@given(attempt=st.integers(1, 50))
def test_the_bounds_of_the_jitter_are_reached(attempt: int) -> None:
    """Design §7: full jitter starts at nothing, so that many clients do not come back together."""
    failure = problem(FailureClass.TIMEOUT)
    assert delay_s(failure, attempt, 0.0) == 0.0
    assert delay_s(failure, attempt, 0.999_999) > 0.999 * min(300.0, 2.0 ** min(attempt, 16))


@pytest.mark.parametrize(("attempt", "ceiling_s"), [(1, 2), (2, 4), (8, 256), (9, 300), (16, 300), (17, 300)])
def test_the_wait_doubles_up_to_five_minutes(attempt: int, ceiling_s: float) -> None:
    """Design §7: base 1 s, cap 5 min."""
    assert delay_s(problem(FailureClass.NETWORK), attempt, 0.5) == ceiling_s / 2


@settings(max_examples=80, deadline=None)
@given(failure=st.sampled_from(FailureClass), attempt=ATTEMPTS, fraction=FRACTIONS, asked_s=st.floats(0, 1e8))
def test_what_a_remote_asks_for_is_never_undercut(
    failure: FailureClass, attempt: int, fraction: float, asked_s: float
) -> None:
    """P8: Retry-After is a lower bound, whatever the class, and it never shortens a longer wait."""
    wait_s = delay_s(problem(failure, asked_s), attempt, fraction)
    assert wait_s == max(asked_s, delay_s(problem(failure), attempt, fraction))


def test_a_ban_of_most_of_a_day_is_waited_out() -> None:
    """P8: 79,892 s is waited out, not cut to the cap of the backoff."""
    banned = problem(FailureClass.RATE_LIMITED, 79_892.0)
    assert delay_s(banned, 1, 0.999) == 79_892.0
    assert not_before_us(banned, 1, 0.999, now_us=7) == 79_892 * SECOND_US + 7


@settings(max_examples=50, deadline=None)
@given(attempt=ATTEMPTS, fraction=FRACTIONS)
def test_a_geo_block_is_looked_at_again_in_a_week(attempt: int, fraction: float) -> None:
    """F36: the world may change, but not by the minute."""
    assert delay_s(problem(FailureClass.GEO_BLOCKED), attempt, fraction) == WEEK_S == 604_800


@settings(max_examples=50, deadline=None)
@given(
    failure=st.sampled_from([each for each in FailureClass if patience(each) is Patience.STOP]),
    attempt=ATTEMPTS,
    fraction=FRACTIONS,
)
def test_trouble_on_our_side_waits_a_quarter_of_an_hour(failure: FailureClass, attempt: int, fraction: float) -> None:
    """Design §7: a full disk or an expired credential is not hammered."""
    assert delay_s(problem(failure), attempt, fraction) == STOP_S == 900


@settings(max_examples=100, deadline=None)
@given(failure=st.sampled_from(FailureClass), attempt=ATTEMPTS, fraction=FRACTIONS, now_us=st.integers(0, 4 * 10**15))
def test_the_time_of_the_next_try_is_never_past(
    failure: FailureClass, attempt: int, fraction: float, now_us: int
) -> None:
    """I41: a wait ends at now plus the delay, within a microsecond."""
    due_us = not_before_us(problem(failure), attempt, fraction, now_us)
    assert now_us <= due_us
    assert abs(due_us - now_us - delay_s(problem(failure), attempt, fraction) * SECOND_US) < 1
