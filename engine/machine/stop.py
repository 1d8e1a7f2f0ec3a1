"""The person's wish to stop: asked for once, seen by every thread. Stops nothing by itself."""

from __future__ import annotations

import threading

from typing_extensions import override

from engine.domain.errors import InterruptedRunError
from engine.ports import Stop


class AskedStop(Stop):
    """A stop that a signal asks for."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Ask for a stop after the call in flight."""
        self._asked.set()

    @override
    def is_set(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, or until a stop is asked for.

        Raises:
            InterruptedRunError: it was.
        """
        if self._asked.wait(max(0.0, seconds)):
            raise InterruptedRunError("stopped as asked", hint="run it again: it takes up where it stopped")
