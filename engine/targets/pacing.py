"""When a request may go out: at its place in the rate limit, in a wait that a stop ends, but for a write's own end.

Once a write is out, stopping would lose what became of it, so whatever is asked after it waits without listening.
A remote that asked somebody for hours is not waited for, before a write or after it: that is a failure like a 429.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from engine.targets.failed import Effect, Failed
from engine.workflows.limits import RemoteBlockedError

Pace: TypeAlias = Callable[[str], None]
"""Called with the remote's name before a request; may wait, may raise."""


def unpaced(remote: str) -> None:
    """Wait for nothing."""
    del remote


class Pacing:
    """The waits of one connection, which threads share.

    Args:
        pace: waits before a request; may raise because the person wants to stop, or because the remote is blocked.
        settle_pace: waits before a request that follows a write of the same thread; raises for a block only.
    """

    def __init__(self, pace: Pace, settle_pace: Pace) -> None:
        self._pace = pace
        self._settle_pace = settle_pace
        self._thread = threading.local()

    @contextmanager
    def one_write(self) -> Iterator[None]:
        """Surround one action's write and everything that is asked to learn what became of it."""
        try:
            yield
        finally:
            self._thread.is_out = False

    def going_out(self) -> None:
        """Say that this thread's write goes out now."""
        self._thread.is_out = True

    def wait(self, remote: str) -> Failed | None:
        """Wait for the next request's place; gives why there is none."""
        try:
            (self._settle_pace if getattr(self._thread, "is_out", False) else self._pace)(remote)
        except RemoteBlockedError as blocked:
            return Failed(problem=blocked.problem, effect=Effect.NONE_YET)
        return None
