"""Ctrl-C: the first finishes the call in flight and stops, the second stops now. Only around resumable work.

To stop now is to end the process: Python waits for its worker threads at exit, and nothing can call off a request
that is under way. The journal holds the intent, so the next run asks what became of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from cli.failure import INTERRUPTED

if TYPE_CHECKING:
    from engine.machine.stop import AskedStop


@contextmanager
def finishing_gently(stop: AskedStop, end: Callable[[int], None] = os._exit) -> Iterator[None]:
    """Turn the first interrupt or termination into a wish to stop, and the second into the end of the process."""

    def heed(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.ask()
        click.echo("stopping after the call in flight; once more stops now", err=True)

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        _leave(end)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(end: Callable[[int], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    click.echo("stopped now; what the call in flight came to is unknown: the next run asks, then goes on", err=True)
    if (process := sys.modules.get("engine.media.process")) is not None:  # not imported, nothing was started
        process.end_all()
    sys.stdout.flush()
    end(INTERRUPTED)
