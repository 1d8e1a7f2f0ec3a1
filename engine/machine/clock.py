"""The machine's time and randomness."""

from __future__ import annotations

import random
import time

from typing_extensions import override

from engine.machine.stop import AskedStop
from engine.ports import Clock, Dice


class MachineClock(Clock):
    """The machine's time; a sleep ends at once when a stop is asked for."""

    def __init__(self, stop: AskedStop) -> None:
        self._stop = stop

    @override
    def now_us(self) -> int:
        return time.time_ns() // 1_000

    @override
    def monotonic_s(self) -> float:
        return time.monotonic()

    @override
    def sleep(self, seconds: float) -> None:
        self._stop.wait(seconds)


class MachineDice(Dice):
    """The machine's randomness: it names runs and spreads retries, and protects nothing."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    @override
    def fraction(self) -> float:
        return self._random.random()
