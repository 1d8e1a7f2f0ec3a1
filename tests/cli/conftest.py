"""A home with a real journal that holds a small crate, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import root
from engine.domain.envelope import Draft, Origin
from engine.settings.load import load
from engine.wiring.app import App
from tests.fakes.crate import RUN, crate


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with the crate in its journal; nobody writes to this one."""
    home = tmp_path_factory.mktemp("made") / "home"
    app = App(settings=load(home=home, environ={}))
    home.mkdir()
    app.make_journal()
    app.mark_library()
    drafts = [Draft(event=event) for event in crate()[1:]]
    app.journal.append(drafts, Origin(actor="engine", run_id=RUN, correlation_id=RUN))
    app.journal.anchor()
    app.close()
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """Give a home of the test's own."""
    return Path(shutil.copytree(made_home, tmp_path / "home"))


@pytest.fixture
def sync(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give the program, run inside this process on the test's home; faults come out as exceptions."""
    for name in ("NOTION_TOKEN", "TRACKS_DB_ID", "EAGLE_TOKEN", "EAGLE_API_BASE", "CRATELOG_HOME", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, typed: str | None = None) -> Result:
        result = CliRunner().invoke(root, ["--home", str(home), *arguments], prog_name="sync", input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
