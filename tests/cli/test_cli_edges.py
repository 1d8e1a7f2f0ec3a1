"""What the commands say where they rarely are: other homes, older rows, a terminal, a name that is no command."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from alembic import command
from click.testing import CliRunner, Result

from cli import catalog, lazy
from cli.invocation import Invocation
from cli.lazy import LazyGroup
from cli.main import root, run
from cli.render.progress import TerminalProgress
from cli.signals import finishing_gently
from cli.working import progress_of
from engine.journal.migrate import alembic_config, migration_engine
from engine.machine.stop import AskedStop
from engine.settings.home import JOURNAL_NAME

Sync = Callable[..., Result]


def test_an_import_says_what_it_brought_in_both_forms(sync: Sync, tmp_path: Path) -> None:
    """Events and the home they went to, as text; count and hash as JSON."""
    out = tmp_path / "crate.jsonl"
    sync("export", str(out))
    said = sync("--home", str(tmp_path / "one"), "import", str(out)).output
    assert said.startswith("imported 22 events into ")
    found = json.loads(sync("--home", str(tmp_path / "two"), "import", str(out), "--json").output)
    assert found["events"] == 22
    assert len(found["hash"]) == 64


def test_a_journal_is_made_by_migrating_and_then_there_is_nothing_to_do(sync: Sync, tmp_path: Path) -> None:
    """I53: every revision is named; a new journal needs no copy of what was before."""
    home = ("--home", str(tmp_path / "new"))
    said = sync(*home, "migrate").output
    assert said.startswith("applied: ")
    assert "the journal as it was" not in said
    assert sync(*home, "migrate").exit_code == 0


def test_an_older_journal_is_copied_before_it_is_migrated(sync: Sync, tmp_path: Path) -> None:
    """I53: the revisions applied and the copy's place are said, in words and as JSON."""
    older = {name: tmp_path / name / JOURNAL_NAME for name in ("words", "json")}
    for path in older.values():
        path.parent.mkdir()
        config, engine = alembic_config(), migration_engine(path)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        engine.dispose()
    said = sync("--home", str(tmp_path / "words"), "migrate").output
    assert "applied: 0002" in said
    assert "the journal as it was: " in said
    found = json.loads(sync("--home", str(tmp_path / "json"), "migrate", "--json").output)
    assert found["applied"] == ["0002", "0003", "0004"]
    assert Path(found["backup"]).is_file()


def test_rows_of_another_version_are_folded_again(sync: Sync, home: Path) -> None:
    """I16: rows that other rules computed are no base for anything; `sync migrate` renews them and says so."""
    with closing(sqlite3.connect(home / JOURNAL_NAME)) as journal:
        journal.execute("UPDATE projection_state SET code_hash = 'older' WHERE name = 'sightings'")
        journal.commit()
    assert "rebuilt: the rows were folded again" in sync("migrate").output
    assert "nothing to do" in sync("migrate").output


def test_a_name_that_is_no_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """A typo costs a line, not a search; what resembles nothing is only said not to be there."""
    assert run(["recncile"]) == 2
    assert "Did you mean `reconcile`?" in capsys.readouterr().err
    assert run(["zzzzzz"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


def test_a_catalog_entry_has_to_name_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module whose `command` is none is a fault of ours and says so; an unknown name is nothing."""
    wrong = catalog.Entry("wrong", "cli.lazy_wrong", "Look", "")
    module = type(sys)("cli.lazy_wrong")
    module.__dict__["command"] = None
    monkeypatch.setitem(sys.modules, "cli.lazy_wrong", module)
    monkeypatch.setitem(lazy.BY_NAME, "wrong", wrong)
    group = LazyGroup()
    with pytest.raises(TypeError, match="is not a command"):
        group.get_command(click.Context(group), "wrong")
    assert group.get_command(click.Context(group), "none") is None
    assert "reconcile" in group.list_commands(click.Context(group))


def test_an_app_can_be_had_without_a_command(home: Path) -> None:
    """Settings and ports for whoever is no command line: nobody closes them but the asker."""
    app = Invocation(home=str(home)).app()
    assert app.settings.home == home
    app.close()


def test_progress_is_shown_to_a_terminal_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cron gets no bars; a person does."""
    app = Invocation(home=str(home)).app()
    assert progress_of(app) is app.progress
    controller, terminal = os.openpty()
    with os.fdopen(terminal, "w") as shown:
        monkeypatch.setattr(sys, "stderr", shown)
        assert isinstance(progress_of(app), TerminalProgress)
    os.close(controller)
    app.close()


def test_verbose_speaks_inside_this_process_too(home: Path) -> None:
    """`-v` changes what is said on stderr and nothing of the answer."""
    quiet = CliRunner().invoke(root, ["--home", str(home), "status", "--json"], prog_name="sync")
    spoken = CliRunner().invoke(root, ["-v", "--home", str(home), "status", "--json"], prog_name="sync")
    assert json.loads(spoken.stdout) == json.loads(quiet.stdout)


def test_leaving_ends_nothing_where_nothing_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fetched no audio never loaded what starts decoders, and does not load it to leave."""
    monkeypatch.delitem(sys.modules, "engine.media.process", raising=False)
    codes: list[int] = []
    stop = AskedStop()
    stop.ask()
    with pytest.raises(KeyboardInterrupt), finishing_gently(stop, codes.append):
        os.kill(os.getpid(), signal.SIGTERM)
    assert codes == [130]
    assert "engine.media.process" not in sys.modules
