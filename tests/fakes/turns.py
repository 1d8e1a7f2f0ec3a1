"""Turns in a shared rate limit on a clock of the test's own, as the program takes them for Notion and Eagle."""

from __future__ import annotations

from pathlib import Path

from engine.journal.coordination import SqliteCoordination
from engine.journal.sqlite_journal import create_journal
from engine.workflows.limits import take_turn
from tests.fakes.machine import SECOND_US, FakeClock, FakeStop

HOURS_S = 6 * 3600.0


class Turns:
    """What a target is given as its pace; another process can be told to wait before any of its requests.

    Attributes:
        clock: passes only while somebody sleeps.
        taken: how many turns were taken.
        told_before: the turn before which another process is told to wait for hours.
    """

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(FakeStop())
        self.taken = 0
        self.told_before: int | None = None
        path = folder / "journal.sqlite3"
        create_journal(path, clock=self.clock, program_version="test").close()
        self._shared = SqliteCoordination(path, clock=self.clock, rates={})

    def __call__(self, remote: str) -> None:
        """Wait for a turn, or hear that there is none."""
        if self.taken == self.told_before:
            self._shared.block(remote, self.clock.now_us() + int(HOURS_S) * SECOND_US)
        self.taken += 1
        take_turn(self._shared, self.clock, remote, sleep=self.clock.sleep)

    def told_in(self, turns: int) -> None:
        """Have another process told to wait before the turn so many ahead."""
        self.told_before = self.taken + turns

    def close(self) -> None:
        """Let go of what is shared."""
        self._shared.close()

    @property
    def slept_s(self) -> float:
        """How long anybody slept."""
        return sum(self.clock.slept_s)
