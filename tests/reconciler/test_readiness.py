"""Whether an action may be tried now, from what became of it before (design §7)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.failure import FailureClass, Patience, Problem, patience
from engine.domain.plan import Waiting
from engine.projections.rows import ActionRow, ActionState
from engine.reconciler.policy import Policy
from engine.reconciler.readiness import readiness
from engine.reconciler.schedule import SECOND_US
from tests.reconciler.pieces import KEY, action, attempt, indexed

POLICY = Policy()
NOW_US = 10**15
DAY_US = 86_400 * SECOND_US


def asked(row: ActionRow | None, now_us: int = NOW_US) -> Waiting | None:
    """Ask about our action, given what became of it."""
    return readiness(indexed(actions=(row,) if row else ()), action(), POLICY, now_us)


def deferred(failure: FailureClass, *, attempts: int = 1, age_us: int = 0, in_us: int = 0) -> ActionRow:
    """Give our action, deferred."""
    row = replace(attempt(ActionState.DEFERRED, failure), attempts=attempts)
    return replace(row, first_us=NOW_US - age_us, last_us=NOW_US, not_before_us=NOW_US + in_us)


@pytest.mark.parametrize("state", [None, *ActionState])
def test_each_state_of_an_action_says_whether_to_wait(state: ActionState | None) -> None:
    """Design §7: refused waits for facts, an effect out there for a probe; every other state is free to be tried."""
    row = replace(attempt(state), target="notion", object_kind="track", key=KEY, sent_us=0) if state else None
    wait = asked(row)
    reasons = {ActionState.REFUSED: "refused", ActionState.INTENDED: "unknown", ActionState.UNKNOWN: "unknown"}
    expected = reasons.get(state) if state else None
    assert (wait.why if wait else None) == expected


def test_an_effect_of_another_action_on_the_object_waits_too() -> None:
    """I29, I39: what may be out there concerns the object, whatever the action was called."""
    other = replace(attempt(ActionState.UNKNOWN), action_id="older", target="notion", object_kind="track", key=KEY)
    wait = asked(other)
    assert wait is not None
    assert (wait.why, wait.action_id) == ("unknown", "a")
    assert asked(replace(other, key="another")) is None


@settings(max_examples=100, deadline=None)
@given(failure=st.sampled_from(FailureClass), in_us=st.integers(-10, 10))
def test_a_deferral_lasts_until_its_time(failure: FailureClass, in_us: int) -> None:
    """P8, I41: not before, and at that time it is free."""
    wait = asked(deferred(failure, in_us=in_us))
    assert (wait is not None) is (in_us > 0)
    if wait:
        why = "unavailable" if patience(failure) is Patience.WEEKLY else "backoff"
        assert (wait.why, wait.until_us, wait.detail) == (why, NOW_US + in_us, "so it was")


@settings(max_examples=100, deadline=None)
@given(
    failure=st.sampled_from(FailureClass), attempts=st.integers(0, 10), age_us=st.sampled_from([0, DAY_US, DAY_US + 1])
)
def test_after_eight_attempts_or_a_day_it_is_tried_once_a_day(
    failure: FailureClass, attempts: int, age_us: int
) -> None:
    """Design §7, I41, P8: nothing passing is given up for ever; what asked us to wait has its own time."""
    row = deferred(failure, attempts=attempts, age_us=age_us)
    wait = asked(row)
    patient = failure is FailureClass.RATE_LIMITED or patience(failure) in (Patience.WEEKLY, Patience.STOP)
    tired = (attempts >= 8 or (attempts > 1 and age_us > DAY_US)) and not patient
    assert (wait is not None) is (tired and row.last_us + DAY_US > NOW_US)
    if wait:
        assert (wait.why, wait.until_us) == ("backoff", row.last_us + DAY_US)
        assert f"{attempts} attempts so far" in wait.detail


def test_an_unexplained_deferral_waits_like_any_other() -> None:
    """F40: a row without its problem breaks nothing."""
    row = replace(deferred(FailureClass.TIMEOUT, attempts=8), problem=None, not_before_us=None, last_us=NOW_US)
    wait = asked(row)
    assert wait is not None
    assert wait.detail == "8 attempts so far, one a day from now on: "
    assert asked(replace(row, attempts=1)) is None


def test_a_create_waits_for_an_older_one_that_may_still_appear() -> None:
    """I29, I30: another delta is another action, and yet the same object."""
    older = replace(
        attempt(ActionState.ABSENT), action_id="older", target="notion", object_kind="track", key=KEY, sent_us=NOW_US
    )
    wait = asked(older)
    assert wait is not None
    assert (wait.why, wait.until_us) == ("backoff", NOW_US + 5 * SECOND_US)


@settings(max_examples=60, deadline=None)
@given(after_us=st.integers(0, 2 * 5 * SECOND_US))
def test_what_a_probe_did_not_find_is_given_time_to_appear(after_us: int) -> None:
    """I29: the settle window counts from the last intent, to the microsecond."""
    row = replace(attempt(ActionState.ABSENT), sent_us=NOW_US - after_us)
    wait = asked(row)
    assert (wait is not None) is (after_us < 5 * SECOND_US)
    if wait:
        assert (wait.why, wait.until_us) == ("backoff", NOW_US - after_us + 5 * SECOND_US)
    assert asked(replace(row, sent_us=None)) is None


def test_a_refusal_tells_its_reason_and_no_time() -> None:
    """F38: nothing but a change of facts re-opens it."""
    problem = Problem(failure=FailureClass.INVALID_REQUEST, detail="too long")
    wait = asked(replace(attempt(ActionState.REFUSED), problem=problem))
    assert wait is not None
    assert (wait.why, wait.detail, wait.until_us, wait.key) == ("refused", "too long", None, KEY)
