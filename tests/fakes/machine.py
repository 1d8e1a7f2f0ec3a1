"""The machine as the tests own it: time that passes when slept upon, dice that repeat, processes that can be dead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from typing_extensions import override

from engine.domain.errors import InterruptedRunError
from engine.ports import Clock, Dice, Processes, Progress, Stop

BEGAN_US = 1_780_000_000_000_000
SECOND_US = 1_000_000
DAY_S = 86_401.0
"""A day and a second, so that a whole day has passed since anything that was recorded."""


class FakeStop(Stop):
    """A stop that a test asks for."""

    def __init__(self) -> None:
        self.asked = False

    @override
    def is_set(self) -> bool:
        return self.asked


class FakeClock(Clock):
    """Moves only when slept upon or told to; a sleep raises when a stop was asked for."""

    def __init__(self, stop: FakeStop) -> None:
        self._stop = stop
        self.time_us = BEGAN_US
        self.slept_s: list[float] = []

    @override
    def now_us(self) -> int:
        return self.time_us

    @override
    def monotonic_s(self) -> float:
        return self.time_us / SECOND_US

    @override
    def sleep(self, seconds: float) -> None:
        if self._stop.is_set():
            raise InterruptedRunError("stopped as asked", hint="run it again")
        self.slept_s.append(seconds)
        self.pass_s(seconds)

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.time_us += int(seconds * SECOND_US)


class FakeDice(Dice):
    """Gives every fraction in turn, the same ones in every test."""

    def __init__(self) -> None:
        self._throws = 0

    @override
    def fraction(self) -> float:
        self._throws += 1
        return self._throws * 0.6180339887 % 1.0


class FakeProcesses(Processes):
    """One of several processes, some of which have died."""

    def __init__(self, owner: str = "us") -> None:
        self.owner = owner
        self.dead: set[str] = set()

    @override
    def ourselves(self) -> str:
        return self.owner

    @override
    def is_dead(self, owner: str) -> bool:
        return owner in self.dead


class FakeProgress(Progress):
    """Keeps what was said, and lets a test look in at every step."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.on_advance: Callable[[str], None] = lambda _label: None

    @override
    def stage(self, name: str, total: int | None) -> AbstractContextManager[None]:
        return nullcontext()

    @override
    def advance(self, label: str) -> None:
        self.on_advance(label)

    @override
    def say(self, line: str) -> None:
        self.lines.append(line)
