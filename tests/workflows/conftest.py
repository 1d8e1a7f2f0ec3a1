"""A fresh place a test: a journal from a template that is migrated once, and fakes around it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.journal.sqlite_journal import create_journal
from tests.fakes.machine import FakeClock, FakeStop
from tests.fakes.place import Place


@pytest.fixture(scope="session")
def journal_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a journal that holds its first event only; to be copied, never opened."""
    path = tmp_path_factory.mktemp("workflow-template") / "journal.sqlite3"
    create_journal(path, clock=FakeClock(FakeStop()), program_version="test").close()
    return path


@pytest.fixture(scope="session")
def make_place(journal_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Place]:
    """Give a maker of places, for tests that need many; whoever makes one closes it."""
    return lambda: Place(path=Path(shutil.copy(journal_template, tmp_path_factory.mktemp("place") / "j.sqlite3")))


@pytest.fixture
def place(make_place: Callable[[], Place]) -> Iterator[Place]:
    """Give a place with nothing in it."""
    made = make_place()
    yield made
    made.close()
