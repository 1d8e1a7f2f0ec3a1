"""A home between a folder of music, a Notion and an Eagle on loopback; runs the program inside the test.

Everything of the program is real but its clock, which skips waits.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass
from engine.settings.home import JOURNAL_NAME
from engine.settings.load import load
from engine.standins.eagle.standin import EagleStandin
from engine.standins.notion.people import Row
from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import NotionStandin
from engine.workflows.reconcile import ReconcileRequest, reconcile
from engine.workflows.report import RunReport, Trouble, report
from tests.crash.inside import InsideApp, SkippingClock
from tests.fixtures.audio import MakeAudio

ROOT = Path(__file__).parents[2]
CALM_S = 1_000.0
RUNS_MAX = 3
COMMAND_S_MAX = 60
_SETTINGS = """[library]
formats = []
[limits]
workers = 1
settle_s = 0.2
"""


@dataclass(slots=True, kw_only=True, repr=False)
class HardPlace:
    """One home and its outside; `settings` is the TOML it runs with."""

    folder: Path
    make_audio: MakeAudio
    settings: str = ""
    notion: NotionStandin = field(default_factory=NotionStandin)
    eagle: EagleStandin = field(init=False)
    ids: dict[str, str] = field(init=False)
    clock: SkippingClock = field(default_factory=SkippingClock)
    extra: dict[str, str] = field(default_factory=dict)
    last: RunReport | None = None
    started: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.eagle = EagleStandin([self.folder / "Crate.library", self.folder / "Other.library"])
        self.ids = seed_music_workspace(self.notion)
        for standin in (self.notion, self.eagle):
            self.started.enter_context(standin)
        self.home.mkdir()
        self.music.mkdir()
        self.settings = f"[[playlists]]\nurl = {str(self.music)!r}\n" + _SETTINGS
        with_app = self.app()
        with_app.make_journal()
        with_app.mark_library()
        with_app.close()

    @property
    def home(self) -> Path:
        """The home."""
        return self.folder / "home"

    @property
    def music(self) -> Path:
        """The person's folder of music, which is the playlist."""
        return self.folder / "Night Drive"

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.home / JOURNAL_NAME

    def environment(self) -> dict[str, str]:
        """Give the variables that lead the program here."""
        return {
            "CRATELOG_HOME": str(self.home),
            "CRATELOG_NOTION_BASE_URL": self.notion.url,
            "NOTION_TOKEN": self.notion.token,
            "TRACKS_DB_ID": self.ids["tracks"],
            "PLAYLISTS_DB_ID": self.ids["playlists"],
            "EAGLE_API_BASE": self.eagle.url,
            **self.extra,
        }

    def app(self) -> InsideApp:
        """Wire the program."""
        (self.home / "cratelog.toml").write_text(self.settings, encoding="utf-8")
        settings = load(home=self.home, environ=self.environment())
        return InsideApp(settings=settings, shared_clock=self.clock)

    def put(self, name: str, *, tone: int = 440, form: str = "mp3", seconds: int = 1) -> Path:
        """Put a second of music into the person's folder; another tone is another track."""
        path = self.music / name
        shutil.copy(self.make_audio(form, tone=tone, seconds=seconds), path)
        self.leave_alone()
        return path

    def leave_alone(self) -> None:
        """Let the person's files be old, so that none is taken for one that is still being written."""
        for path in self.music.iterdir():
            os.utime(path, (1_700_000_000, 1_700_000_000))

    def reconcile(self, *accept_shrink: str) -> ExitCode:
        """Run once, inside; the report of it is `last`."""
        app = self.app()
        try:
            world = app.world()
            result = reconcile(world, ReconcileRequest(accept_shrink=accept_shrink))
            self.last = report(world.journal)
            assert self.last.exit_code == result.exit_code
            return result.exit_code
        finally:
            app.close()

    def sync(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a process of its own."""
        (self.home / "cratelog.toml").write_text(self.settings, encoding="utf-8")
        environment = {**os.environ, **self.environment()}
        command = [sys.executable, "-m", "cli", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=COMMAND_S_MAX, check=False
        )

    def recover(self) -> None:
        """Let all trouble end, and see that everything comes to rest, once and whole."""
        self.notion.calm()
        self.eagle.calm()
        codes = []
        for _ in range(RUNS_MAX):
            self.clock.sleep(CALM_S)
            codes.append(self.reconcile())
            if codes[-1] is ExitCode.FINE:
                break
        assert codes[-1] is ExitCode.FINE, (codes, self.last)
        writes = self.writes()
        assert self.reconcile() is ExitCode.FINE
        assert self.writes() == writes
        self.in_step()

    def in_step(self) -> None:
        """See one row, one item and one file for every track, and one of everything for the playlist."""
        count = len(list(self.music.iterdir()))
        living = [row.properties["Sync Key"] for row in self.rows("tracks") if not row.in_trash]
        assert len(living) == len(set(living)) == count
        assert len(self.rows("playlists")) == 1
        assert len(self.items()) == count
        assert len(self.eagle.folders()) == 2
        assert len(self.files()) == count
        assert len(list((self.home / "library").rglob("*.m3u8"))) == 1

    def rows(self, name: str) -> list[Row]:
        """Give the rows of one database."""
        return self.notion.pages(self.ids[f"{name}_source"])

    def items(self) -> list[str]:
        """Give the keys of Eagle's living items."""
        records = self.eagle.items(self.folder / "Crate.library").values()
        found = [re.search(r"cratelog:(\S+)", item["annotation"]) for item in records if not item["isDeleted"]]
        return [match[1] for match in found if match]

    def files(self) -> list[Path]:
        """Give the audio files of the library."""
        return sorted(path for path in (self.home / "library").rglob("*") if path.suffix in (".mp3", ".m4a", ".wav"))

    def writes(self) -> int:
        """Count the requests that asked Notion or Eagle for a change."""
        history = (*self.notion.history, *self.eagle.history)
        return sum(1 for line in history if line.method in ("POST", "PATCH") and not line.path.endswith("/query"))

    def trouble(self, failure: FailureClass) -> Trouble:
        """Give the first line of the last report about a class of failure."""
        assert self.last is not None
        found = [trouble for trouble in self.last.troubles if trouble.failure == failure]
        assert found, self.last.troubles
        return found[0]

    def close(self) -> None:
        """End the stand-ins."""
        self.started.close()
