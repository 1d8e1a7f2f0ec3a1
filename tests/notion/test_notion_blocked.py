"""Another process is told to wait for hours while Notion is asked or written to: nobody sleeps through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.domain.failure import FailureClass
from engine.domain.outcomes import Deferred, Outcome, Probe, Unclear, Unknown
from engine.domain.plan import Operation
from engine.standins.notion.standin import NotionStandin
from engine.targets.notion.target import NotionTarget
from engine.workflows.world import WAIT_S_MAX
from tests.fakes.turns import HOURS_S, Turns

LONG = "0123456789" * 5_500  # more pieces than a page object shows, so that they are asked for


@pytest.fixture
def turns(tmp_path: Path) -> Iterator[Turns]:
    """Give a limit that processes share."""
    made = Turns(tmp_path)
    yield made
    made.close()


@pytest.fixture
def blocked(build: Callable[..., NotionTarget], turns: Turns) -> NotionTarget:
    """Give a target that takes its turns there."""
    return build(pace=turns, settle_pace=turns)


def limited(outcome: Outcome | Probe) -> bool:
    """Say whether an answer tells of the wait."""
    assert isinstance(outcome, Deferred | Unknown | Unclear)
    problem = outcome.problem
    return problem.failure is FailureClass.RATE_LIMITED and (problem.retry_after_s or 0.0) > HOURS_S - WAIT_S_MAX


@pytest.mark.parametrize("ahead", [0, 1])
def test_what_must_be_read_before_a_write_is_not_waited_for(
    blocked: NotionTarget, turns: Turns, act: Any, notion: NotionStandin, ahead: int
) -> None:
    """P8, I27: nothing was written, so the action is put off until then."""
    before = len([line for line in notion.history if line.method in ("POST", "PATCH") and "query" not in line.path])
    turns.told_in(ahead)
    outcome = blocked.send(act(Operation.CREATE, "rfirst", {"title": "A"}))
    assert isinstance(outcome, Deferred)
    assert limited(outcome)
    assert turns.slept_s <= WAIT_S_MAX
    written = [line for line in notion.history if line.method in ("POST", "PATCH") and "query" not in line.path]
    assert len(written) == before


def test_what_became_of_a_write_is_asked_when_the_wait_is_over(blocked: NotionTarget, turns: Turns, act: Any) -> None:
    """P8, I30: the page is there and its longest text cannot be read back now; a probe will tell."""
    blocked.send(act(Operation.CREATE, "rbefore", {"title": "A"}))  # learns the schema
    turns.told_in(0)
    outcome = blocked.send(act(Operation.CREATE, "rfirst", {"title": "A", "artist": LONG}))
    assert isinstance(outcome, Unknown)
    assert limited(outcome)
    assert limited(blocked.probe(act(Operation.CREATE, "rfirst")))
    assert turns.slept_s <= WAIT_S_MAX


def test_a_look_ends_where_the_wait_begins(blocked: NotionTarget, turns: Turns, scan: Any) -> None:
    """P1, P8: what came before it was seen, and nothing is concluded from what did not come."""
    turns.told_in(1)
    _, end = scan(by=blocked)
    assert not end.complete
    assert end.problem.failure is FailureClass.RATE_LIMITED
    assert turns.slept_s <= WAIT_S_MAX
