"""A time by which a piece of work has to end: looked at between requests, pages and playlists, enforced by an error.

What was appended before stays; what comes after it is left to the next run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.domain.errors import InterruptedRunError
from engine.ports import Clock


class DeadlinePassedError(InterruptedRunError):
    """The time for this part of the run is over."""


@dataclass(slots=True, kw_only=True)
class Deadline:
    """The deadline in force, if any; one per process, shared by workflows and by what paces requests."""

    until_s: float | None = None  # of the clock that never goes back

    @contextmanager
    def within(self, clock: Clock, seconds: float) -> Iterator[None]:
        """Put a deadline in force for a block."""
        self.until_s = clock.monotonic_s() + seconds
        try:
            yield
        finally:
            self.until_s = None

    def check(self, clock: Clock, wait_s: float = 0.0) -> None:
        """Go on only while there is time left, also for a wait that is due.

        Raises:
            DeadlinePassedError: there is not.
        """
        if self.until_s is not None and clock.monotonic_s() + wait_s >= self.until_s:
            raise DeadlinePassedError("the time for this part is over", hint="what was seen is kept; run it again")
