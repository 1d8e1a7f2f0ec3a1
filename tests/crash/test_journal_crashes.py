"""A real process is killed at every crash point of the journal; what it acknowledged is there, the rest is absent."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.anchors import read_anchors
from engine.journal.migrate import migrate
from engine.journal.schema import REVISIONS, revision_of
from engine.journal.sqlite_journal import SqliteJournal, create_journal
from engine.journal.verify import verify
from tests.journal.made import ENGINE, HeldClock, tracks

ROOT = Path(__file__).parents[2]
BATCH = 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a new journal."""
    path = tmp_path / "journal.sqlite3"
    create_journal(path, clock=HeldClock(), program_version="test").close()
    return path


def run_killed(what: str, path: Path, crash_at: str) -> list[int]:
    """Run the driver until it kills itself, and give the heads it acknowledged."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.journal_driver", what, str(path)],
        cwd=ROOT,
        env={**os.environ, "CRATELOG_CRASH_AT": crash_at},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return [int(line) for line in done.stdout.split()]


@pytest.mark.parametrize("visit", [1, 2, 3])
@pytest.mark.parametrize("point", ["CP01", "CP02", "CP03", "CP04"])
def test_acknowledged_batches_survive_and_others_are_whole_or_absent(path: Path, point: str, visit: int) -> None:
    """CP01–CP04, I10: killed around one batch; a retry of everything ends as if nothing had happened."""
    acknowledged = run_killed("append", path, f"{point}:{visit}")
    assert acknowledged == [1 + BATCH * number for number in range(1, visit)]
    committed = visit if point == "CP04" else visit - 1
    verified = verify(path)
    assert verified.sound
    assert verified.events == 1 + BATCH * committed
    with SqliteJournal(path, clock=HeldClock()) as journal:
        for batch in range(3):
            journal.append(tracks(10 * batch, 10 * batch + 4), ENGINE)
        assert journal.head().seq == 1 + BATCH * 3
        assert journal.state() == journal.state(at=1 + BATCH * 3)


@pytest.mark.parametrize("point", ["CP13", "CP14"])
def test_an_interrupted_rebuild_leaves_old_rows_or_new_ones(path: Path, point: str) -> None:
    """CP13 CP14, I18: the rows before the swap are the old ones, after it the new, never a mixture."""
    with SqliteJournal(path, clock=HeldClock()) as journal:
        journal.append(tracks(1, 50), ENGINE)
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        bare.execute("UPDATE p_sightings SET data = '{}'")
    run_killed("rebuild", path, point)
    with closing(sqlite3.connect(path)) as bare:
        datas = {data == "{}" for (data,) in bare.execute("SELECT data FROM p_sightings")}
    assert datas == {point == "CP13"}
    assert verify(path).sound is (point == "CP14")


@pytest.mark.parametrize("visit", [1, 2])
def test_a_migration_killed_between_steps_goes_on_where_it_was(tmp_path: Path, visit: int) -> None:
    """CP16, I53: each step is whole; the next run does the rest."""
    path = tmp_path / "journal.sqlite3"
    run_killed("migrate", path, f"CP16:{visit}")
    with closing(sqlite3.connect(path)) as bare:
        assert revision_of(bare) == REVISIONS[visit - 1]
    assert migrate(path).applied == REVISIONS[visit:]
    create_journal(path, clock=HeldClock(), program_version="test").close()
    assert verify(path).sound


def test_an_anchor_killed_before_its_fsync_harms_nothing(path: Path) -> None:
    """CP17: the anchor is there, torn or absent; the journal verifies and the next anchor is written."""
    run_killed("append", path, "CP17:2")
    assert verify(path).sound
    anchors = path.with_name("anchors.jsonl")
    whole = anchors.read_bytes()
    for torn in (whole, whole[:-1], whole[:-9], whole[: len(whole) // 2]):
        anchors.write_bytes(torn)
        with SqliteJournal(path, clock=HeldClock()) as journal:
            journal.anchor()
            assert read_anchors(anchors)[-1].hash == journal.head().hash
        assert verify(path).sound
