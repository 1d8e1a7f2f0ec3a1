"""A first Ctrl-C while Notion is written to: what became of the write is still learned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.crash import CrashPoint
from engine.domain.errors import InterruptedRunError
from engine.domain.outcomes import Done
from engine.domain.plan import Operation
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.targets.notion.target import NotionTarget

LONG = "0123456789" * 5_500  # more pieces than a page object shows, so that they are asked for


def test_a_page_in_flight_keeps_its_outcome(build: Callable[..., NotionTarget], act: Any) -> None:
    """E10, I30: the stop comes while the page is answered; what the answer cuts off is still read."""
    stop = AskedStop()
    clock = MachineClock(stop)

    def ask(point: CrashPoint) -> None:
        if point is CrashPoint.DURING_SEND:
            stop.ask()

    target = build(pace=lambda _: clock.sleep(0.0), reached=ask)
    outcome = target.send(act(Operation.CREATE, "rfirst", {"title": "A", "artist": LONG}))
    assert stop.is_set()
    assert isinstance(outcome, Done)
    assert outcome.held["artist"] == LONG
    with pytest.raises(InterruptedRunError):
        target.probe(act(Operation.CREATE))
