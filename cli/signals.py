"""Ctrl-C: the first finishes the call in flight and stops, the second stops now. Only around resumable work."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.machine.stop import AskedStop


@contextmanager
def finishing_gently(stop: AskedStop) -> Iterator[None]:
    """Turn the first interrupt or termination into a wish to stop, and the second into a stop."""

    def heed(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.ask()
        click.echo("stopping after the call in flight; once more stops now", err=True)

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
