"""Dies on purpose: turns the name of a crash point into a `Reached` that kills its own process there.

Only rehearsals use it, and only through whoever read `CRATELOG_CRASH_AT`; nothing here reads the environment.
"""

from __future__ import annotations

import os
import signal

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.errors import UsageError


def reached_from(value: str) -> Reached:
    """Give a `Reached` that kills the process at the nth visit of a point: `CP02`, `CP02:3`; empty means never.

    Raises:
        UsageError: there is no such point, or the count is not a number from 1.
    """
    if not value:
        return pass_by
    name, _, count = value.partition(":")
    try:
        point, left = CrashPoint(name), int(count or "1")
    except ValueError as error:
        raise UsageError(
            f"{value!r} names no crash point", hint="Write CP01 to CP18, or CP02:3 for a visit."
        ) from error
    if left < 1:
        raise UsageError(f"{value!r} counts visits from 1", hint="Write CP02 for the first visit.")
    return _Mortal(point, left)


class _Mortal:
    """Counts the visits of one point and does not survive the last."""

    def __init__(self, point: CrashPoint, left: int) -> None:
        self._point = point
        self._left = left

    def __call__(self, point: CrashPoint) -> None:
        if point is not self._point:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
