"""A first Ctrl-C while Eagle is written to: what became of the write is still learned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.crash import CrashPoint
from engine.domain.errors import InterruptedRunError
from engine.domain.outcomes import Done
from engine.domain.plan import Operation
from engine.domain.references import eagle_item_id
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.standins.eagle.standin import EagleStandin
from engine.targets.eagle.target import EagleTarget


@pytest.fixture
def stop() -> AskedStop:
    """Give the person's wish, not uttered yet."""
    return AskedStop()


@pytest.fixture
def stopped(build: Callable[..., EagleTarget], stop: AskedStop) -> EagleTarget:
    """Give a target whose person asks for a stop while a write is on its way."""

    def ask(point: CrashPoint) -> None:
        if point is CrashPoint.DURING_SEND:
            stop.ask()

    clock = MachineClock(stop)
    return build(pace=lambda _: clock.sleep(0.0), reached=ask)


def test_an_import_in_flight_keeps_its_outcome(
    eagle: EagleStandin, stopped: EagleTarget, stop: AskedStop, act: Any, song: str
) -> None:
    """E10, I30: the stop comes while the import is answered; the read-back goes on, and the repair, to an end."""
    outcome = stopped.send(act(Operation.CREATE, "rfirst", {"name": "A", "tags": ("x",), "path": song}))
    assert stop.is_set()
    assert isinstance(outcome, Done)
    assert eagle_item_id("rfirst") in eagle.items()


def test_a_folder_in_flight_keeps_its_outcome(stopped: EagleTarget, stop: AskedStop, act: Any) -> None:
    """E10, I30: folders are read back by listing them all, request by request."""
    fields = {"name": "Late", "parent": None, "description": "cratelog:x"}
    assert isinstance(stopped.send(act(Operation.CREATE, "x", fields, kind="folder")), Done)
    assert stop.is_set()


def test_the_next_write_is_not_begun(stopped: EagleTarget, act: Any, song: str, eagle: EagleStandin) -> None:
    """E10: the wish is heeded before a write, where nothing can be lost."""
    stopped.send(act(Operation.CREATE, "rfirst", {"path": song}))
    with pytest.raises(InterruptedRunError):
        stopped.send(act(Operation.CREATE, "rsecond", {"path": song}))
    assert len(eagle.items()) == 1
