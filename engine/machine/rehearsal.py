"""Dies on purpose at a named point, as a power cut would. Only ever for rehearsal."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.errors import SettingsError


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def rehearsal(named: str | None, end: Callable[[], None] = die) -> Reached:
    """Give what is called at crash points: nothing happens, or the process dies at `CP07`, or at its third `CP07:3`.

    Raises:
        SettingsError: there is no such crash point.
    """
    if named is None:
        return pass_by
    name, _, nth = named.partition(":")
    try:
        fatal, left = CrashPoint(name), int(nth or 1)
    except ValueError:
        raise SettingsError(
            f"CRATELOG_CRASH_AT: `{named}` is not a crash point",
            hint="CP01 to CP18, or CP07:3 for its third time",
        ) from None
    lock = threading.Lock()

    def die_there(point: CrashPoint) -> None:
        nonlocal left
        if point is fatal:
            with lock:
                left -= 1
                if left == 0:
                    end()

    return die_there
