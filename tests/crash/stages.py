"""Where a rehearsal begins, and what the run without a crash comes to from there: made once, copied for every test."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.domain.crash import CrashPoint
from engine.domain.events import ActionIntended, ActionPlanned
from engine.journal.sqlite_journal import SqliteJournal
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.settings.home import JOURNAL_NAME
from tests.crash.end_state import EndState
from tests.crash.inside import Trace, inside, reconciled
from tests.crash.rig import Rig, furnish
from tests.crash.world import Outside

HOME = "home"
_ELSEWHERE = ("EAGLE_API_BASE", "NOTION_TOKEN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One beginning.

    Attributes:
        folder: holds the home to copy.
        end: where the run without a crash ends.
        requests: what that run costs.
        observing: what reading everything once costs.
        kinds: the kinds of actions sent, in order.
        visits: how often each crash point is passed.
    """

    folder: Path
    media: Mapping[str, bytes]
    end: EndState
    requests: Counter[str]
    observing: Counter[str]
    kinds: tuple[str, ...]
    visits: Counter[CrashPoint]

    def copied(self, place: Path) -> Path:
        """Give a copy of the home."""
        return Path(shutil.copytree(self.folder / HOME, place / HOME))

    def nth(self, kind: str, *, last: bool = False, skipping: str = "") -> int:
        """Give which sent action, from 1, is the first or last of a kind, not counting those of another."""
        kinds = [each for each in self.kinds if each != skipping]
        return len(kinds) - kinds[::-1].index(kind) if last else kinds.index(kind) + 1


def build_cold(folder: Path, media: Mapping[str, bytes]) -> Path:
    """Make a home on which `sync init` was run and nothing else."""
    with Outside(media, folder) as outside:
        furnish(folder / HOME)
        done = Rig(folder / HOME, outside).sync("init")
    assert done.returncode == 0, done.stderr
    return folder


def build_fetched(cold: Path, folder: Path, media: Mapping[str, bytes]) -> Path:
    """Make a home whose audio is there, and of which neither Notion nor Eagle knows anything."""
    shutil.copytree(cold / HOME, folder / HOME)
    with Outside(media, folder) as outside:
        done = Rig(folder / HOME, outside).sync("reconcile", "--only", "FetchRecording", without=_ELSEWHERE)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def measured(folder: Path, media: Mapping[str, bytes], place: Path) -> Stage:
    """Run without a crash from a beginning, inside this process, and note what it came to."""
    home = Path(shutil.copytree(folder / HOME, place / HOME))
    trace = Trace()
    with Outside(media, place) as outside:
        assert reconciled(inside(home, outside, on_reached=trace)).exit_code == 0
        rig = Rig(home, outside)
        requests, end, kinds = rig.requests(), rig.end_state(), _sent(home)
        assert reconciled(inside(home, outside)).exit_code == 0
        observing = rig.requests() - requests
        assert rig.end_state() == end
    return Stage(
        folder=folder,
        media=media,
        end=end,
        requests=requests,
        observing=observing,
        kinds=kinds,
        visits=Counter(trace.visits),
    )


def _sent(home: Path) -> tuple[str, ...]:
    """Give the kinds of actions the last run intended, in order."""
    with SqliteJournal(home / JOURNAL_NAME, clock=MachineClock(AskedStop())) as journal:
        kinds: dict[str, str] = {}
        sent: list[tuple[str | None, str]] = []
        for recorded in journal.read():
            match recorded.event:
                case ActionPlanned(action_id=action_id, kind=kind):
                    kinds[action_id] = kind
                case ActionIntended(action_id=action_id):
                    sent.append((recorded.run_id, kinds[action_id]))
                case _:
                    pass
    return tuple(kind for run_id, kind in sent if run_id == sent[-1][0])
