"""Ctrl-C in the middle of a run: once lets the call in flight come to its end, twice ends now; both take up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.domain.events import ActionIntended, RunCheckpointed, RunFinished
from engine.journal.sqlite_journal import SqliteJournal
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.projections.rows import ActionState
from engine.settings.home import JOURNAL_NAME
from engine.standins.faults import hang, late
from engine.standins.server import Standin
from tests.crash.rig import ROOT, RUN_S_MAX, Rig
from tests.crash.stages import Stage
from tests.crash.world import Outside

pytestmark = pytest.mark.filterwarnings("ignore:Do not return:DeprecationWarning")  # yt-dlp's own, about itself

NEVER_S = 600.0
"""Longer than any test waits: who ends before, has not waited for the answer."""
ASKED = "stopping after the call in flight"


def begun(rig: Rig, standin: Standin) -> subprocess.Popen[str]:
    """Start a reconcile and give it once a scripted fault holds one of its calls."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "reconcile"],
        cwd=ROOT,
        env={**os.environ, **rig.outside.environment(rig.home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not any(exchange.fault for exchange in standin.history):
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)
    return process


def asked_to_stop(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C and read what the program says to it."""
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while ASKED not in (line := process.stderr.readline()):
        assert line, "the program ended without having heard"


@contextmanager
def journal_of(rig: Rig) -> Iterator[SqliteJournal]:
    """Open a home's journal."""
    journal = SqliteJournal(rig.home / JOURNAL_NAME, clock=MachineClock(AskedStop()))
    try:
        yield journal
    finally:
        journal.close()


def states(rig: Rig) -> list[ActionState]:
    """Give where every action stands."""
    with journal_of(rig) as journal:
        return [row.state for row in journal.state(only=("actions",)).actions.values()]


def rests_where_it_should(rig: Rig, stage: Stage) -> None:
    """Let the stand-ins behave, run until rest and compare with the run that nobody interrupted."""
    assert rig.sound()
    for standin in rig.outside.standins.values():
        standin.calm()
    rig.comes_to_rest()
    assert rig.end_state().differences(stage.end) == {}
    assert rig.outside.doubled() == []
    assert rig.sound()


def test_twice_ends_now_and_the_next_run_asks(fetched: Stage, tmp_path: Path) -> None:
    """Design §10, I28 I30 I36: 130 without waiting; the intent stays, the lease goes, nothing is made twice."""
    with Outside(fetched.media, tmp_path) as outside:
        rig = Rig(fetched.copied(tmp_path), outside)
        outside.notion.script(hang(seconds=NEVER_S, method="POST", path="/v1/pages"))
        with begun(rig, outside.notion) as process:
            asked_to_stop(process)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=RUN_S_MAX)
        assert process.returncode == 130
        assert "the next run asks" in told
        assert "Traceback" not in told
        assert states(rig).count(ActionState.INTENDED) == 1
        rests_where_it_should(rig, fetched)


def test_once_lets_the_call_in_flight_come_to_its_end(fetched: Stage, tmp_path: Path) -> None:
    """Design §10: the call is bounded by its timeout, its outcome is recorded, and the run ends as interrupted."""
    with Outside(fetched.media, tmp_path) as outside:
        rig = Rig(fetched.copied(tmp_path), outside)
        settings = rig.home / "cratelog.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + "\n[network]\ntimeout_s = 1.5\n", encoding="utf-8")
        outside.notion.script(hang(seconds=NEVER_S, method="POST", path="/v1/pages"))
        with begun(rig, outside.notion) as process:
            asked_to_stop(process)
            assert process.poll() is None
            _, told = process.communicate(timeout=RUN_S_MAX)
        assert process.returncode == 130
        assert "Traceback" not in told
        assert ActionState.INTENDED not in states(rig)
        assert states(rig).count(ActionState.UNKNOWN) == 1
        with journal_of(rig) as journal:
            ended = [recorded.event for recorded in journal.read(types=("run.finished",))][-1]
        assert isinstance(ended, RunFinished)
        assert ended.exit_code == 130
        rests_where_it_should(rig, fetched)


def test_once_during_a_download_keeps_it(cold: Stage, tmp_path: Path) -> None:
    """Design §10: the download under way is finished and recorded, a checkpoint follows, the rest comes later."""
    with Outside(cold.media, tmp_path) as outside:
        rig = Rig(cold.copied(tmp_path), outside)
        audio = r"/.*\.(mp3|m4a|m4s|mp4)|/media/.*"
        outside.soundcloud.script(late(seconds=1.0, path=audio))
        with begun(rig, outside.soundcloud) as process:
            asked_to_stop(process)
            process.communicate(timeout=RUN_S_MAX)
        assert process.returncode == 130
        with journal_of(rig) as journal:
            events = [recorded.event for recorded in journal.read()]
        assert sum(isinstance(event, ActionIntended) for event in events) == 1
        assert ActionState.DONE in states(rig)
        assert any(isinstance(event, RunCheckpointed) and event.scope == "act" for event in events)
        rests_where_it_should(rig, cold)
