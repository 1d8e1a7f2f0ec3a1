"""Turns in a rate limit: short waits are waited for, long ones told at once, whenever they were asked for."""

from __future__ import annotations

import pytest

from engine.workflows.limits import RemoteBlockedError, take_turn
from tests.fakes.place import Place

HOURS_US = 6 * 3_600_000_000
SECONDS_US = 5_000_000


def turn(place: Place, **options: object) -> None:
    """Take a turn at Notion's."""
    options = {"sleep": place.clock.sleep} | options
    take_turn(place.coordination, place.clock, "notion", **options)  # type: ignore[arg-type]  # a test's shorthand


def test_a_short_wait_is_waited_for(place: Place) -> None:
    """P8: as long as a run waits at all."""
    place.coordination.block("notion", place.clock.now_us() + SECONDS_US)
    turn(place)
    assert sum(place.clock.slept_s) == 5.0


def test_a_long_wait_takes_no_place_and_no_time(place: Place) -> None:
    """P8, I27: however often somebody asks, who comes after the wait is not made to wait for them."""
    place.coordination.block("notion", place.clock.now_us() + HOURS_US)
    for _ in range(50):
        with pytest.raises(RemoteBlockedError, match="notion asked us to wait another 6 h"):
            turn(place)
    assert place.clock.slept_s == []
    place.clock.pass_s(HOURS_US / 1_000_000)
    turn(place)
    assert sum(place.clock.slept_s) == 0.0


def test_a_long_wait_that_came_while_we_waited_is_heeded(place: Place) -> None:
    """P8: another process was told meanwhile; the request does not go out."""

    def sleep(seconds: float) -> None:
        place.clock.sleep(seconds)
        place.coordination.block("notion", place.clock.now_us() + HOURS_US)

    with pytest.raises(RemoteBlockedError):
        turn(place, sleep=sleep)


def test_who_waits_may_say_that_it_is_too_long(place: Place) -> None:
    """M9: a link of the chain has a deadline; it is asked before anybody sleeps."""
    waits: list[float] = []
    place.coordination.block("notion", place.clock.now_us() + SECONDS_US)
    turn(place, allow=waits.append)
    assert waits == [5.0]
