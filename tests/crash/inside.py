"""The program inside the test's own process: the real wiring, with a clock that skips waits and ports that can fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from typing_extensions import override

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.journal.sqlite_journal import SqliteJournal
from engine.ports import Clock
from engine.settings.load import load
from engine.wiring.app import App
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.crash.world import Outside

HOUR_S = 3600.0
_S = 1_000_000


class SkippingClock(Clock):
    """The machine's time, but whoever sleeps finds himself at the end of the sleep at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._skipped_s = 0.0

    @override
    def now_us(self) -> int:
        return time.time_ns() // 1_000 + int(self._skipped_s * _S)

    @override
    def monotonic_s(self) -> float:
        return time.monotonic() + self._skipped_s

    @override
    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._skipped_s += max(0.0, seconds)


@dataclass(kw_only=True)
class InsideApp(App):
    """The program's own wiring, but for the clock and what a test puts in place of a port."""

    shared_clock: Clock = field(default_factory=SkippingClock)
    on_reached: Reached = pass_by
    open_journal: Callable[[Path, Clock], SqliteJournal] | None = None

    @cached_property
    @override
    def clock(self) -> Clock:
        return self.shared_clock

    @cached_property
    @override
    def reached(self) -> Reached:
        return self.on_reached

    @cached_property
    @override
    def journal(self) -> SqliteJournal:
        if self.open_journal is None:
            return super().journal
        path = self.settings.home / "journal.sqlite3"
        return self.opened.enter_context(self.open_journal(path, self.clock))


def inside(home: Path, outside: Outside, **parts: object) -> InsideApp:
    """Wire the program for one home before one outside."""
    settings = load(home=home, environ=outside.environment(home))
    return InsideApp(settings=settings, **parts)  # type: ignore[arg-type]  # the caller names the dataclass's fields


def reconciled(app: InsideApp) -> Reconciled:
    """Reconcile once and let go of everything."""
    try:
        return reconcile(app.world(), ReconcileRequest())
    finally:
        app.close()


class Trace:
    """Counts the visits of every crash point."""

    def __init__(self) -> None:
        self.visits: list[CrashPoint] = []

    def __call__(self, point: CrashPoint) -> None:
        """Note a visit."""
        self.visits.append(point)
