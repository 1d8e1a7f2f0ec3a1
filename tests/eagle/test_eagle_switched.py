"""Eagle has one library open at a time, and a person may open another one whenever they like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.domain.crash import CrashPoint
from engine.domain.failure import FailureClass
from engine.domain.outcomes import Deferred, Done, Unclear, Unknown
from engine.domain.plan import Action, Operation
from engine.domain.value import Fields
from engine.ports import ScanEnd
from engine.projections.rows import Scope
from engine.projections.state import State
from engine.standins.eagle.standin import EagleStandin
from engine.targets.eagle.config import EagleConfig
from engine.targets.eagle.target import EagleTarget


@pytest.fixture
def unbound(config: EagleConfig) -> EagleConfig:
    """Give settings that name no library, as they are by default."""
    return replace(config, library_path=None)


@pytest.fixture
def folder(act: Any) -> Action:
    """Give the creation of a folder."""
    fields: Fields = {"name": "Late", "parent": None, "description": "cratelog:x"}
    made: Action = act(Operation.CREATE, "x", fields, kind="folder")
    return made


def test_nothing_is_written_to_a_library_that_was_opened_after_the_scan(
    eagle: EagleStandin,
    unbound: EagleConfig,
    build: Callable[..., EagleTarget],
    scan: Any,
    folder: Action,
    libraries: tuple[Path, Path],
) -> None:
    """E2, I44: the plan was made for the library that was scanned; a write waits until that one is open again."""
    target = build(unbound)
    scan(by=target)
    eagle.switch_library(libraries[1])
    outcome = target.send(folder)
    assert isinstance(outcome, Deferred)
    assert outcome.problem.failure is FailureClass.WRONG_LIBRARY
    assert str(libraries[0]) in outcome.problem.hint
    assert isinstance(target.probe(folder), Unclear)
    assert eagle.folders(libraries[1]) == {}
    _, end = scan(by=target)
    assert not end.complete
    eagle.switch_library(libraries[0])
    assert isinstance(target.send(folder), Done)


def test_another_process_knows_the_library_from_the_journal(
    eagle: EagleStandin,
    unbound: EagleConfig,
    build: Callable[..., EagleTarget],
    folder: Action,
    libraries: tuple[Path, Path],
) -> None:
    """E2: the scope's root identity binds the next run, which tells nothing of what it sees elsewhere."""
    target = build(unbound)
    eagle.switch_library(libraries[1])
    known = State(scopes={"eagle:folder": Scope(scope="eagle:folder", root_identity=str(libraries[0]))})
    (end,) = target.scan("folder", known)
    assert isinstance(end, ScanEnd)
    assert end.problem is not None
    assert end.problem.failure is FailureClass.WRONG_LIBRARY
    assert isinstance(target.send(folder), Deferred)


def test_a_probe_before_the_first_scan_knows_the_library_too(
    eagle: EagleStandin,
    unbound: EagleConfig,
    build: Callable[..., EagleTarget],
    folder: Action,
    libraries: tuple[Path, Path],
) -> None:
    """E2, I29: what a dead run left open is asked for in its own library, or not at all."""
    target = build(unbound, remembered=lambda: str(libraries[0]))
    eagle.switch_library(libraries[1])
    assert isinstance(target.probe(folder), Unclear)
    assert isinstance(target.send(folder), Deferred)


def test_a_library_switched_while_it_is_written_to_leaves_the_outcome_open(
    eagle: EagleStandin,
    unbound: EagleConfig,
    build: Callable[..., EagleTarget],
    folder: Action,
    libraries: tuple[Path, Path],
) -> None:
    """E2, I29: whose ids the read-back showed cannot be told, so nothing is claimed."""

    def switch(point: CrashPoint) -> None:
        if point is CrashPoint.DURING_SEND:
            eagle.switch_library(libraries[1])

    outcome = build(unbound, reached=switch).send(folder)
    assert isinstance(outcome, Unknown)
