"""Journals, settings and processes that get in the way: the exit code, the words, the hint; and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from cli.main import run
from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass
from engine.journal.coordination import SqliteCoordination
from engine.journal.schema import shipped_statements
from engine.journal.verify import verify
from engine.machine.processes import MachineProcesses
from engine.workflows.run import RUN_LEASE
from tests.hardship.hard_place import ROOT, HardPlace

FULL_AFTER = textwrap.dedent("""
    import resource, signal, sys
    from cli.main import main
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = int(sys.argv.pop(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    main()
""")


@pytest.fixture
def command(two_tracks: HardPlace, monkeypatch: pytest.MonkeyPatch) -> HardPlace:
    """Give two tracks, and an environment that leads commands of this process there."""
    for name, value in two_tracks.environment().items():
        monkeypatch.setenv(name, value)
    return two_tracks


def altered(journal: Path, *statements: str) -> None:
    """Do what somebody with the file can do: take the guards away, alter, put them back."""
    with closing(sqlite3.connect(journal, isolation_level=None)) as bare:
        for guard in shipped_statements("guards.sql"):
            bare.execute(f"DROP TRIGGER {guard.split()[2]}")
        for statement in statements:
            bare.execute(statement)
        for guard in shipped_statements("guards.sql"):
            bare.execute(guard)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Give what was said on stderr, which must hold an error, a hint and no trace."""
    text = capsys.readouterr().err
    assert "error:" in text
    assert "hint:" in text
    assert "Traceback" not in text
    return text


def test_a_journal_of_a_newer_schema_is_left_alone(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 30: "install the newer version"; with the schema known again, the work goes on."""
    with closing(sqlite3.connect(command.journal)) as bare:
        (revision,) = bare.execute("SELECT version_num FROM alembic_version").fetchone()
        bare.execute("UPDATE alembic_version SET version_num = 'ffff'")
        bare.commit()
    before = command.journal.read_bytes()
    assert run(["reconcile"]) == ExitCode.INTEGRITY
    assert "newer" in said(capsys)
    assert command.journal.read_bytes() == before
    with closing(sqlite3.connect(command.journal)) as bare:
        bare.execute("UPDATE alembic_version SET version_num = ?", [revision])
        bare.commit()
    command.recover()


def test_a_journal_of_no_schema_asks_for_a_migration(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 31: `sync migrate` is named."""
    command.journal.unlink()
    sqlite3.connect(command.journal).close()
    assert run(["status"]) == ExitCode.MIGRATION_NEEDED
    assert "sync migrate" in said(capsys)


def test_an_event_of_a_newer_version_is_named(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 30: what cannot be decoded is never skipped."""
    command.reconcile()
    altered(command.journal, "UPDATE event SET schema_version = 99 WHERE type = 'track.seen'")
    assert run(["replay"]) == ExitCode.INTEGRITY
    assert "newer" in said(capsys)


def test_an_edited_event_is_found(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """I05: `sync verify` ends with 30 and names the seq."""
    command.reconcile()
    assert run(["verify"]) == ExitCode.FINE
    altered(command.journal, "UPDATE event SET data = replace(data, 'Ada', 'Eve') WHERE type = 'track.seen'")
    capsys.readouterr()
    assert run(["verify"]) == ExitCode.INTEGRITY


def test_a_torn_journal_is_restored_and_finishes(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 30 with the way back; from the copy made before, the next run finds what is there and doubles nothing."""
    copy = command.folder / "backup.sqlite3"
    shutil.copy(command.journal, copy)
    command.reconcile()
    with command.journal.open("r+b") as stream:
        stream.truncate(5_000)
    assert run(["reconcile"]) == ExitCode.INTEGRITY
    said(capsys)
    for path in command.home.glob(command.journal.name + "*"):
        path.unlink()
    (command.home / "anchors.jsonl").unlink(missing_ok=True)
    shutil.copy(copy, command.journal)
    command.recover()


@pytest.mark.parametrize("room", [200_000, 320_000])
def test_a_disk_that_fills_up_stops_the_run_and_loses_nothing(two_tracks: HardPlace, room: int) -> None:
    """I10: the run ends with a hint, the journal is sound, and with room again everything comes to rest."""
    two_tracks.sync("config")
    done = subprocess.run(
        [sys.executable, "-c", FULL_AFTER, str(room), "reconcile"],
        cwd=ROOT,
        env={**two_tracks.environment(), "PATH": "/usr/bin:/bin", "HOME": str(two_tracks.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (ExitCode.PARTIAL, ExitCode.TRY_LATER), (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert verify(two_tracks.journal).sound
    two_tracks.recover()


def test_a_second_run_at_once_is_told_to_wait(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 24 while another live process runs; afterwards the run is done."""
    shared = SqliteCoordination(command.journal, clock=command.clock, rates={})
    place = MachineProcesses().ourselves().partition("|")[0]
    lease = shared.acquire(RUN_LEASE, owner=f"{place}|1||live", ttl_s=600.0)
    assert lease is not None
    assert run(["reconcile"]) == ExitCode.LOCK_HELD
    assert "another run" in said(capsys)
    shared.release(lease)
    shared.close()
    command.recover()


def test_a_typo_in_the_settings_is_named_with_its_line(command: HardPlace, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2: the key and the line, before anything is opened or sent."""
    (command.home / "cratelog.toml").write_text("[library]\ntemplat = '{title}'\n")
    assert run(["reconcile"]) == ExitCode.USAGE
    text = said(capsys)
    assert "templat" in text
    assert "line 2" in text
    (command.home / "cratelog.toml").write_text("[library\n")
    assert run(["reconcile"]) == ExitCode.USAGE
    assert "line 1" in said(capsys)
    assert command.writes() == 0
    command.recover()


def test_an_address_nobody_knows_is_one_line_of_the_report(two_tracks: HardPlace) -> None:
    """P11: exit 20, the class and the hint; the other playlist is in step."""
    right = two_tracks.settings
    two_tracks.settings = '[[playlists]]\nurl = "https://example.test/mix/9"\n' + right
    assert two_tracks.reconcile() is ExitCode.PARTIAL
    assert two_tracks.trouble(FailureClass.UNSUPPORTED).hint
    two_tracks.in_step()
    two_tracks.settings = right
    two_tracks.recover()


def test_a_home_that_is_mounted_read_only_is_named(two_tracks: HardPlace) -> None:
    """Exit 75 with the hint to look at permissions and mount; writable again, the work is done."""
    reading = "mount --bind $1 $1 && mount -o remount,ro,bind $1 && shift && exec "
    if subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this machine lets nobody mount anything")
    two_tracks.sync("config")
    done = subprocess.run(
        [
            "unshare",
            "-rm",
            "sh",
            "-c",
            reading + '"$@"',
            "sh",
            str(two_tracks.home),
            sys.executable,
            "-m",
            "cli",
            "reconcile",
        ],
        cwd=ROOT,
        env={**os.environ, **two_tracks.environment()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == ExitCode.TRY_LATER, done.stderr
    assert "hint:" in done.stderr
    assert "Traceback" not in done.stderr
    assert two_tracks.writes() == 0
    two_tracks.recover()
