"""The request budget of one connection: so many per 60-second window, spendable in a burst."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.standins.notion.errors import NotionError

WINDOW_S = 60.0


@dataclass(slots=True, kw_only=True)
class Budget:
    """A window opens with its first request; over the budget, everything is refused until it closes."""

    requests_max: int
    opened_s: float = -math.inf
    spent: int = 0

    def spend(self, now_s: float) -> None:
        """Take one request from the budget.

        Raises:
            NotionError: 429 with the whole seconds until the window closes.
        """
        if now_s - self.opened_s >= WINDOW_S:
            self.opened_s, self.spent = now_s, 0
        if self.spent >= self.requests_max:
            left_s = self.opened_s + WINDOW_S - now_s
            raise rate_limited(max(1, math.ceil(left_s)))
        self.spent += 1


def rate_limited(retry_after_s: int, *, reason: str = "connection_limit") -> NotionError:
    """Build the 429 that names its limit."""
    return NotionError(
        429,
        "rate_limited",
        "You have been rate limited. Please try again in a few minutes.",
        additional={"rate_limit_reason": reason},
        retry_after_s=retry_after_s,
    )
