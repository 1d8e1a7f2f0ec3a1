"""This machine's clock, dice, processes, folders and rehearsed crashes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.domain.crash import CrashPoint, pass_by
from engine.domain.errors import InterruptedRunError, SettingsError
from engine.machine.clock import MachineClock, MachineDice
from engine.machine.condition import look_at, network_kind, package_version, python_version, sqlite_version
from engine.machine.processes import MachineProcesses, started
from engine.machine.progress import NoProgress
from engine.machine.rehearsal import rehearsal
from engine.machine.stop import AskedStop


def test_a_sleep_ends_when_a_stop_is_asked_for() -> None:
    """Ctrl-C does not wait for a backoff to pass."""
    stop = AskedStop()
    clock = MachineClock(stop)
    clock.sleep(0)
    clock.sleep(-1)
    assert clock.monotonic_s() <= clock.monotonic_s()
    assert clock.now_us() > 1_700_000_000_000_000
    stop.ask()
    with pytest.raises(InterruptedRunError):
        clock.sleep(3600)


def test_dice_stay_within_their_range() -> None:
    """A fraction is in [0, 1)."""
    dice = MachineDice()
    assert all(0 <= dice.fraction() < 1 for _ in range(100))


def test_an_owner_is_dead_only_when_this_machine_knows_it() -> None:
    """A lease's owner on this machine that is gone is dead; another machine's, and the living, are not."""
    us, again = MachineProcesses(), MachineProcesses()
    assert us.ourselves() != again.ourselves()
    assert not us.is_dead(us.ourselves())
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    place, _pid, _start, nonce = us.ourselves().split("|")
    living = f"{place}|{child.pid}|{started(child.pid)}|{nonce}"
    assert not us.is_dead(living)
    assert us.is_dead(f"{place}|{child.pid}|1|{nonce}")
    child.communicate()
    assert us.is_dead(living)
    assert started(child.pid) is None
    assert not us.is_dead(f"elsewhere|{child.pid}|1|x")
    assert not us.is_dead("nonsense")
    assert not us.is_dead(f"{place}|1||x")


def test_a_rehearsed_crash_dies_at_its_point_and_its_time() -> None:
    """CRATELOG_CRASH_AT names a crash point, or its Nth time, and the process is killed there."""
    script = (
        "from engine.machine.rehearsal import rehearsal\nfrom engine.domain.crash import CrashPoint\n"
        "reached = rehearsal('CP07:2')\nreached(CrashPoint.AFTER_CLAIM)\nreached(CrashPoint.AFTER_INTENT)\n"
        "print('once', flush=True)\nreached(CrashPoint.AFTER_INTENT)\nprint('never')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "once\n")
    assert rehearsal(None) is pass_by
    for named in ("CP99", "CP07:x"):
        with pytest.raises(SettingsError):
            rehearsal(named)
    rehearsal("CP01")(CrashPoint.AFTER_COMMIT)


def test_a_rehearsal_ends_the_process_once_and_at_no_other_point() -> None:
    """The Nth time counts, not those before and not those after, nor any other point."""
    deaths: list[str] = []
    reached = rehearsal("CP05:2", lambda: deaths.append("died"))
    for point in (CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_INTENT, CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_CLAIM):
        reached(point)
    assert deaths == ["died"]


def test_where_the_system_tells_no_boot_the_machine_is_known_by_its_address(tmp_path: Path) -> None:
    """A lease's owner on a system without /proc is still found dead or alive, by its place and pid."""
    us = MachineProcesses(boot=tmp_path / "none")
    place = us.ourselves().partition("|")[0]
    assert place != MachineProcesses().ourselves().partition("|")[0]
    assert "@" in place
    assert not us.is_dead(us.ourselves())
    assert not us.is_dead(f"{place}|1||x")
    assert us.is_dead(f"{place}|{10**30}||x")


def test_a_folder_is_looked_at(tmp_path: Path) -> None:
    """Existence, access, space and the library's marker."""
    found = look_at("library", tmp_path)
    assert (found.exists, found.writable, found.marked) == (True, True, False)
    assert found.free_bytes
    (tmp_path / ".cratelog-root").write_text("x")
    assert look_at("library", tmp_path).marked
    missing = look_at("home", tmp_path / "none")
    assert (missing.exists, missing.writable, missing.free_bytes, missing.marked) == (False, False, None, None)


def test_a_network_mount_is_recognised(tmp_path: Path) -> None:
    """The innermost mount counts; an unknown system says nothing."""
    mounts = tmp_path / "mounts"
    here = str(tmp_path).replace(" ", "\\040")
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/x {here} nfs4 rw 0 0\n")
    assert network_kind(tmp_path / "music", mounts) == "nfs4"
    assert network_kind(Path("/elsewhere"), mounts) is None
    assert network_kind(tmp_path, tmp_path / "none") is None


def test_versions_are_told() -> None:
    """What runs, and what is installed."""
    assert python_version() >= (3, 11)
    assert sqlite_version().count(".") == 2
    assert package_version("click")
    assert package_version("no-such-package") is None


def test_no_progress_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Quiet when nobody looks."""
    progress = NoProgress()
    with progress.stage("x", 1):
        progress.advance("y")
        progress.say("z")
    assert capfd.readouterr() == ("", "")
    assert os.getpid() > 0
