"""The program is killed at every crash point on its way, started again, and ends where it ends without a death (I36).

What belongs to the journal alone is rehearsed in `test_journal_crashes.py`; `ELSEWHERE` names it.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.crash import CrashPoint
from engine.domain.errors import ExitCode
from tests.crash.rig import Rig
from tests.crash.stages import Stage
from tests.crash.world import Outside

pytestmark = pytest.mark.filterwarnings("ignore:Do not return:DeprecationWarning")  # yt-dlp's own, about itself

FETCH, WRITE_FILE = "FetchRecording", "WritePlaylistFile"
REMOTE_KINDS = ("CreatePage", "AdoptPage", "CreateFolder", "AddItem")

WRITE = Counter({"eagle write": 1, "eagle read": 2, "notion write": 1})
"""What sending one action costs at most: Eagle is asked which library is open, and the item is read back."""
PROBE = Counter({"eagle read": 3, "notion read": 3})
"""What one probe costs at most: Notion's database has to be found first, Eagle is asked for library, id and key."""
FETCHING = 16
"""What getting one track from SoundCloud costs at most: an effect of ours, and the only one that is dear."""

ELSEWHERE = {
    CrashPoint.BEFORE_REBUILD_SWAP: "test_an_interrupted_rebuild_leaves_old_rows_or_new_ones",
    CrashPoint.AFTER_REBUILD_SWAP: "test_an_interrupted_rebuild_leaves_old_rows_or_new_ones",
    CrashPoint.BETWEEN_MIGRATIONS: "test_a_migration_killed_between_steps_goes_on_where_it_was",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """Where to die: at a point, for the first or last action of a kind, or at a share of all its visits."""

    point: CrashPoint
    kind: str = ""
    last: bool = False
    share: float = 0.0

    @override
    def __str__(self) -> str:
        """Give the name of the case."""
        where = f"{'last ' if self.last else ''}{self.kind}" if self.kind else f"{self.share:.0%} of its visits"
        return f"{self.point} {self.point.name.lower()}, {where}"

    def crash_at(self, stage: Stage) -> str:
        """Give what `CRATELOG_CRASH_AT` has to say."""
        if self.kind:
            skipping = WRITE_FILE if self.point is CrashPoint.DURING_SEND else ""  # a file has no answer on the way
            return f"{self.point}:{stage.nth(self.kind, last=self.last, skipping=skipping)}"
        return f"{self.point}:{max(1, round(self.share * stage.visits[self.point]))}"


def _of_kind(points: str, *kinds: str, last: bool = False) -> list[Death]:
    return [Death(point=CrashPoint(f"CP{point}"), kind=kind, last=last) for point in points.split() for kind in kinds]


def _at(points: str, *shares: float) -> list[Death]:
    return [Death(point=CrashPoint(f"CP{point}"), share=share) for point in points.split() for share in shares]


COLD = [*_of_kind("05 07 08 09 10", FETCH), *_at("18", 0.0, 0.4, 0.8)]
"""Deaths while the audio is got: the 1st, 2nd and 4th of five files moved are an original and two made from one."""
FETCHED = [
    *_at("01 02 03 04", 0.5),
    *_at("02 04", 1.0),
    *_at("01 03", 0.0),
    *_of_kind("05 10", WRITE_FILE, "CreatePage", "AddItem"),
    *_of_kind("07 09", WRITE_FILE, *REMOTE_KINDS),
    *_of_kind("08", *REMOTE_KINDS),
    *_of_kind("07 08", "CreatePage", last=True),
    *_at("11 12", 0.0, 0.5, 1.0),
    *_at("17 18", 1.0),
]
PROBED = [(FETCH, "cold"), (WRITE_FILE, "fetched"), *((kind, "fetched") for kind in REMOTE_KINDS)]
COVERED = {death.point for death in (*COLD, *FETCHED)} | {CrashPoint.AFTER_PROBE, CrashPoint.DURING_PLAN_WRITE}


def _ends_as_if_nothing_happened(rig: Rig, stage: Stage) -> None:
    runs = rig.comes_to_rest()  # and so the lease of the dead was no obstacle: LOCK_HELD is none of the good ends
    assert rig.sound()
    assert rig.end_state().differences(stage.end) == {}
    assert rig.outside.doubled() == []
    spent, allowed = rig.requests(), _allowed(stage, rig.deaths, runs)
    assert {name: (count, allowed[name]) for name, count in spent.items() if count > allowed[name]} == {}
    for remote in ("notion write", "eagle write"):
        assert spent[remote] == stage.requests[remote], "what had been done was done again"


def _allowed(stage: Stage, deaths: int, runs: int) -> Counter[str]:
    """Give the bound of I37; the re-read window is one look at everything for every start after the first."""
    bound = stage.requests + Counter({"soundcloud": FETCHING * deaths})
    for cost, times in ((WRITE, deaths), (PROBE, 2 * deaths), (stage.observing, deaths + runs - 1)):
        for name, count in cost.items():
            bound[name] += count * times
    return bound


@pytest.mark.parametrize("death", COLD, ids=str)
def test_a_death_while_audio_is_fetched_changes_nothing(death: Death, cold: Stage, tmp_path: Path) -> None:
    """I36 I37 I30: killed around a fetch, the next run ends as if there had been no death."""
    with Outside(cold.media, tmp_path) as outside:
        rig = Rig(cold.copied(tmp_path), outside)
        rig.dies(death.crash_at(cold))
        _ends_as_if_nothing_happened(rig, cold)


@pytest.mark.parametrize("death", FETCHED, ids=str)
def test_a_death_anywhere_else_changes_nothing(death: Death, fetched: Stage, tmp_path: Path) -> None:
    """I36 I37 I30: killed around any append, scan or write, the next run ends as if there had been no death."""
    with Outside(fetched.media, tmp_path) as outside:
        rig = Rig(fetched.copied(tmp_path), outside)
        rig.dies(death.crash_at(fetched))
        _ends_as_if_nothing_happened(rig, fetched)


@pytest.mark.parametrize(("kind", "beginning"), PROBED)
def test_a_second_death_after_the_probe_changes_nothing(
    kind: str, beginning: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """CP06, I28 I36: what was intended and never sent is asked about; dying after the answer is no matter either."""
    stage: Stage = request.getfixturevalue(beginning)
    with Outside(stage.media, tmp_path) as outside:
        rig = Rig(stage.copied(tmp_path), outside)
        rig.dies(f"CP07:{stage.nth(kind)}")
        rig.dies("CP06")
        _ends_as_if_nothing_happened(rig, stage)


def test_many_deaths_in_a_row_change_nothing(fetched: Stage, tmp_path: Path) -> None:
    """I36 I37: the bound holds for j deaths, not only for one."""
    with Outside(fetched.media, tmp_path) as outside:
        rig = Rig(fetched.copied(tmp_path), outside)
        for crash_at in ("CP12:2", "CP08:1", "CP09:1", "CP10:2", "CP07:2", "CP03:9", "CP08:2"):
            rig.dies(crash_at)
        _ends_as_if_nothing_happened(rig, fetched)


def test_a_plan_file_is_whole_or_not_there(fetched: Stage, tmp_path: Path) -> None:
    """CP15, I51: killed while a plan is written, there is no plan; written again, applying it ends as ever."""
    plan = tmp_path / "plan.json"
    with Outside(fetched.media, tmp_path) as outside:
        rig = Rig(fetched.copied(tmp_path), outside)
        rig.dies("CP15", "plan", "--out", str(plan))
        assert not plan.exists()
        assert rig.requests() == {}
        _ends_as_if_nothing_happened(rig, fetched)
        assert rig.sync("plan", "--out", str(plan)).returncode == ExitCode.FINE
        assert rig.sync("apply", str(plan)).returncode == ExitCode.FINE
        assert rig.end_state().differences(fetched.end) == {}


def test_every_crash_point_is_rehearsed_somewhere() -> None:
    """CP01–CP18: each is in this matrix, or in a test of the journal's that names it."""
    assert COVERED | set(ELSEWHERE) == set(CrashPoint)
    assert not COVERED & set(ELSEWHERE)
    tree = ast.parse(Path(__file__).with_name("test_journal_crashes.py").read_text(encoding="utf-8"))
    tests = {node.name: ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)}
    for point, test in ELSEWHERE.items():
        assert point in tests[test]
