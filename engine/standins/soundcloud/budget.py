"""How many api requests a client may make: a rolling window, as SoundCloud keeps one. Knows no HTTP."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """So many requests in any window; the site itself allows about 600 in 10 minutes."""

    requests: int = 600
    window_s: float = 600.0


class Meter:
    """Counts requests against a budget; not thread-safe, callers hold the stand-in's lock."""

    def __init__(self, budget: Budget | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget = budget
        self._clock = clock
        self._spent_at_s: deque[float] = deque()

    def wait_s(self) -> int | None:
        """Count one request; gives nothing when it may pass, else the whole seconds until one may."""
        if self.budget is None:
            return None
        now_s = self._clock()
        while self._spent_at_s and self._spent_at_s[0] <= now_s - self.budget.window_s:
            self._spent_at_s.popleft()
        if len(self._spent_at_s) < self.budget.requests:
            self._spent_at_s.append(now_s)
            return None
        oldest_s = self._spent_at_s[0] if self._spent_at_s else now_s
        return max(1, math.ceil(oldest_s + self.budget.window_s - now_s))
