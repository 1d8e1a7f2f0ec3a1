"""The composition root: the only module that knows every adapter. One function per adapter, one `App` for callers.

Nothing is opened or imported before somebody asks for it. Decides nothing about music.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from typing_extensions import override

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.errors import InterruptedRunError
from engine.domain.plan import Owner
from engine.ports import Clock, Dice, Journal, Progress
from engine.reconciler.policy import Policy
from engine.settings.describe import config_hash
from engine.settings.home import JOURNAL_NAME
from engine.settings.model import Settings


class Stop:
    """The person's wish to stop: raised once, seen by every thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Ask for a stop after the call in flight."""
        self._asked.set()

    @property
    def asked(self) -> bool:
        """Whether a stop was asked for."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait, and say whether a stop was asked for."""
        return self._asked.wait(seconds)

    def check(self) -> None:
        """Raise `InterruptedRunError` if a stop was asked for."""
        if self.asked:
            raise InterruptedRunError("stopped as asked", hint="run it again: it takes up where it stopped")


class MachineClock(Clock):
    """The machine's time; a sleep ends at once when a stop is asked for."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop

    @override
    def now_us(self) -> int:
        return time.time_ns() // 1_000

    @override
    def monotonic_s(self) -> float:
        return time.monotonic()

    @override
    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self._stop.wait(seconds)
        self._stop.check()


class MachineDice(Dice):
    """The machine's randomness, for the spreading of retries."""

    @override
    def fraction(self) -> float:
        return random.random()  # noqa: S311 - spreads retries, protects nothing


class NoProgress(Progress):
    """Nobody looks."""

    @override
    def stage(self, name: str, total: int | None) -> AbstractContextManager[None]:
        return nullcontext()

    @override
    def advance(self, label: str) -> None:
        """Say nothing."""

    @override
    def say(self, line: str) -> None:
        """Say nothing."""


def reached(settings: Settings) -> Reached:
    """Give the crash rehearsal: dies by SIGKILL at the point CRATELOG_CRASH_AT names, or at its Nth time (`CP07:3`)."""
    if settings.process.crash_at is None:
        return pass_by
    name, _, nth = settings.process.crash_at.partition(":")
    wanted, left = CrashPoint(name), int(nth or 1)
    lock = threading.Lock()

    def die_there(point: CrashPoint) -> None:
        nonlocal left
        if point is wanted:
            with lock:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    return die_there


def policy(settings: Settings) -> Policy:
    """Give what the settings say about plans."""
    guards, limits = settings.guards, settings.limits
    seconds_per_hour = 3600.0
    return Policy(
        targets=settings.targets,
        profiles=("original", *settings.library.formats),
        template=settings.library.template,
        library_root=str(settings.library_root),
        owners={
            "notion/track": {name: Owner(owner) for name, owner in settings.notion.owners.items()},
            "eagle/item": {name: Owner(owner) for name, owner in settings.eagle.owners.items()},
        },
        keep_departed=guards.keep_departed,
        departed_after_s=guards.departed_after_h * seconds_per_hour,
        removal_floor=guards.removal_floor,
        removal_fraction=guards.removal_fraction,
        collapse_fraction=guards.collapse_fraction,
        settle_s=limits.settle_s,
        attempts_max=limits.attempts,
        attempts_span_s=limits.attempts_span_h * seconds_per_hour,
        config_hash=config_hash(settings),
    )


def journal_path(settings: Settings) -> Path:
    """Say where the journal lies."""
    return settings.home / JOURNAL_NAME


def make_journal(settings: Settings, reach: Reached) -> tuple[str, ...]:
    """Create the journal or bring its schema up to date, and name the steps taken."""
    from engine.journal.migrate import migrate  # noqa: PLC0415 - start-up budget

    return migrate(journal_path(settings), reached=reach).applied


def journal(settings: Settings, reach: Reached) -> Journal:
    """Open the journal."""
    raise NotImplementedError(settings, reach)


@dataclass(kw_only=True)
class App:
    """Everything a command or a web page may need, each part made when it is first asked for."""

    settings: Settings
    progress: Progress = field(default_factory=NoProgress)
    stop: Stop = field(default_factory=Stop)
    dice: Dice = field(default_factory=MachineDice)

    @cached_property
    def clock(self) -> Clock:
        """The machine's time."""
        return MachineClock(self.stop)

    @cached_property
    def reached(self) -> Reached:
        """The crash rehearsal; does nothing outside one."""
        return reached(self.settings)

    @cached_property
    def policy(self) -> Policy:
        """What the settings say about plans."""
        return policy(self.settings)

    @cached_property
    def journal(self) -> Journal:
        """The journal, opened."""
        return journal(self.settings, self.reached)

    def make_journal(self) -> bool:
        """Create the journal or bring its schema up to date, and say whether anything had to be done."""
        return bool(make_journal(self.settings, self.reached))
