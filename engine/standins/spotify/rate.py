"""How many Web API requests an app may make in any 30 seconds. Knows no HTTP."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from engine.standins.spotify.errors import rate_limited

WINDOW_S = 30.0


@dataclass(slots=True, kw_only=True)
class Budget:
    """A rolling window of 30 seconds; what is refused does not count."""

    requests_max: int
    _spent_at_s: deque[float] = field(default_factory=deque)

    def spend(self, now_s: float) -> None:
        """Take one request from the budget.

        Raises:
            SpotifyError: 429 with the whole seconds until one may pass.
        """
        while self._spent_at_s and self._spent_at_s[0] <= now_s - WINDOW_S:
            self._spent_at_s.popleft()
        if len(self._spent_at_s) >= self.requests_max:
            oldest_s = self._spent_at_s[0] if self._spent_at_s else now_s
            raise rate_limited(max(1, math.ceil(oldest_s + WINDOW_S - now_s)))
        self._spent_at_s.append(now_s)
