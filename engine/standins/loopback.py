"""What stands on the loopback in somebody's place: it listens from `start` to `stop`, remembers, and has a script.

Shared by the services' stand-ins and by the proxies; what a request is, and what may befall it, is theirs. Faults are
taken from the script in its order: the first that is about a request and has matches left strikes it.
"""

from __future__ import annotations

import threading
from abc import ABC
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from engine.standins.wire import Listener


class Misfortune(Protocol):
    """Something scripted to go wrong, with requests of one kind."""

    @property
    def skip(self) -> int:
        """How many matches pass first."""
        ...

    @property
    def times(self) -> int:
        """How many are struck after those."""
        ...

    @property
    def meets(self) -> Callable[[Any], bool]:
        """Say whether it is about such a request at all."""
        ...


F = TypeVar("F", bound=Misfortune)
Line = TypeVar("Line")


class Loopback(ABC, Generic[F, Line]):
    """A listener, or several, with one script and one history; use it as a context manager.

    Args:
        clock: seconds since the epoch, for the history.
    """

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._history: list[Line] = []
        self._script: list[list[Any]] = []  # [misfortune, matches seen]
        self._released = threading.Event()  # of whoever is kept waiting
        self._listeners: list[Listener] = []
        self._listening = False

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._listeners[0].port

    @property
    def history(self) -> tuple[Line, ...]:
        """Everything so far, oldest first, as the one that was asked saw it."""
        with self._lock:
            return tuple(self._history)

    def script(self, *misfortunes: F) -> None:
        """Add misfortunes; of those that match, the first with matches left is the one that strikes."""
        with self._lock:
            self._script.extend([misfortune, 0] for misfortune in misfortunes)

    def calm(self) -> None:
        """Forget every misfortune."""
        with self._lock:
            self._script.clear()

    def start(self) -> Self:
        """Begin to listen."""
        with self._lock:
            self._listening = True
            for listener in self._listeners:
                listener.start()
        return self

    def stop(self) -> None:
        """Stop listening, release whoever waits and hang up on every client. May be called twice."""
        self._released.set()
        for listener in self._listeners:
            listener.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self, seconds: float | None = None) -> None:
        """Hold a request back, for good unless told how long; `stop` cuts the wait short."""
        self._released.wait(seconds)

    def _strike(self, asked: Any) -> F | None:
        for entry in self._script:
            misfortune: F = entry[0]
            if not misfortune.meets(asked):
                continue
            entry[1] += 1
            if misfortune.skip < entry[1] <= misfortune.skip + misfortune.times:
                return misfortune
        return None
