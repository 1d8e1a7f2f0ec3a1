"""The rig: a home, the outside it is led to, and the program as a real process that may be told where to die.

Nothing here reaches into the program: it is started, killed by itself, started again, and its traces are read.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from engine.domain.errors import ExitCode
from engine.journal.verify import verify
from engine.settings.home import JOURNAL_NAME
from tests.crash.end_state import EndState, end_state
from tests.crash.world import SET_URL, Outside

ROOT = Path(__file__).parents[2]
RUNS_MAX = 4
"""Runs after which everything must be at rest."""
RUN_S_MAX = 120
ALIVE = frozenset({ExitCode.FINE, ExitCode.PARTIAL, ExitCode.TRY_LATER})
"""How a run may end whose only misfortune was an earlier death or a fault of a remote."""

_SETTINGS = f"""
[[playlists]]
url = "{SET_URL}"

[limits]
workers = 1
settle_s = 0.2
notion.rate_per_s = 1000
notion.burst = 1000
"""


def furnish(home: Path) -> None:
    """Put settings into a new home: one worker, so that visits of crash points are counted alike every time."""
    home.mkdir()
    (home / "cratelog.toml").write_text(_SETTINGS, encoding="utf-8")


class Rig:
    """One home before one outside.

    Attributes:
        deaths: how often the program was killed so far.
    """

    def __init__(self, home: Path, outside: Outside) -> None:
        self.home = home
        self.outside = outside
        self.deaths = 0

    def sync(
        self, *arguments: str, crash_at: str = "", without: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to whatever end it comes to; `without` names variables to leave out."""
        environment = {**os.environ, **self.outside.environment(self.home), "CRATELOG_CRASH_AT": crash_at}
        for name in (*without, "PYTHONDONTWRITEBYTECODE"):  # compiling anew takes longer than the run
            environment.pop(name, None)
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=RUN_S_MAX,
            check=False,
        )

    def dies(self, crash_at: str, *arguments: str) -> None:
        """Run a command, by default reconcile, that must be killed at a crash point."""
        done = self.sync(*(arguments or ("reconcile",)), crash_at=crash_at)
        assert done.returncode == -signal.SIGKILL, f"{crash_at} was not reached: {done.returncode}\n{done.stderr}"
        self.deaths += 1

    def comes_to_rest(self) -> int:
        """Reconcile until a run ends well, and give how many runs that took."""
        told = ""
        for number in range(1, RUNS_MAX + 1):
            done = self.sync("reconcile")
            told = done.stdout + done.stderr
            assert done.returncode in ALIVE, told
            assert "Traceback" not in told
            if done.returncode == ExitCode.FINE:
                return number
        raise AssertionError(f"not at rest after {RUNS_MAX} runs:\n{told}")

    def sound(self) -> bool:
        """Say whether chain, numbering, guards, anchors and projections are as written (I01 to I05)."""
        return verify(self.home / JOURNAL_NAME).sound

    def end_state(self) -> EndState:
        """Read journal, files and the outside."""
        return end_state(self.home, self.outside)

    def requests(self) -> Counter[str]:
        """Count what the services saw."""
        return self.outside.requests()
