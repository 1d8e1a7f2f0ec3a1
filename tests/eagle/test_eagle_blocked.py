"""A long wait that another process was given for Eagle's address, in the middle of an operation: not slept through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Deferred, Unknown
from engine.domain.plan import Operation
from engine.domain.references import eagle_item_id
from engine.standins.eagle.standin import EagleStandin
from engine.targets.eagle.target import EagleTarget
from engine.workflows.world import WAIT_S_MAX
from tests.fakes.turns import Turns


@pytest.fixture
def turns(tmp_path: Path) -> Iterator[Turns]:
    """Give a limit that processes share."""
    made = Turns(tmp_path)
    yield made
    made.close()


@pytest.fixture
def blocked(build: Callable[..., EagleTarget], turns: Turns, scan: Any) -> EagleTarget:
    """Give a target that takes its turns there and knows its library."""
    target = build(pace=turns, settle_pace=turns)
    scan(by=target)
    return target


def test_what_must_be_read_before_an_import_is_not_waited_for(
    blocked: EagleTarget, turns: Turns, act: Any, song: str, eagle: EagleStandin
) -> None:
    """P8, I27: nothing was imported, so the action is put off until then."""
    turns.told_in(0)
    outcome = blocked.send(act(Operation.CREATE, "rfirst", {"name": "A", "path": song}))
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.RATE_LIMITED
    assert eagle.items() == {}
    assert turns.slept_s <= WAIT_S_MAX


def test_what_became_of_an_import_is_asked_when_the_wait_is_over(
    blocked: EagleTarget, turns: Turns, act: Any, song: str, eagle: EagleStandin
) -> None:
    """P8, I30: the item is there and cannot be read back now; a probe will tell."""
    turns.told_in(1)
    outcome = blocked.send(act(Operation.CREATE, "rfirst", {"name": "A", "path": song}))
    assert isinstance(outcome, Unknown)
    assert outcome.problem.failure is FailureClass.RATE_LIMITED
    assert eagle_item_id("rfirst") in eagle.items()
    assert turns.slept_s <= WAIT_S_MAX
