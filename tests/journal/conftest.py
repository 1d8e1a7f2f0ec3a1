"""A journal to work on: a fresh one a test, from a template that is migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.journal.sqlite_journal import SqliteJournal, create_journal
from tests.journal.made import HeldClock


@pytest.fixture
def clock() -> HeldClock:
    """Give a clock the test owns."""
    return HeldClock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a journal file that holds its first event only; to be copied, never opened."""
    path = tmp_path_factory.mktemp("template") / "journal.sqlite3"
    create_journal(path, clock=HeldClock(), program_version="test").close()
    return path


@pytest.fixture
def journal_path(template: Path, tmp_path: Path) -> Path:
    """Give the path of a journal of this test's own."""
    return Path(shutil.copy(template, tmp_path / "journal.sqlite3"))


@pytest.fixture
def journal(journal_path: Path, clock: HeldClock) -> Iterator[SqliteJournal]:
    """Give an open journal."""
    with SqliteJournal(journal_path, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def fresh(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a maker of journals, for tests that need many."""
    return lambda: Path(shutil.copy(template, tmp_path_factory.mktemp("journal") / "journal.sqlite3"))
