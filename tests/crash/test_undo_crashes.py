"""An undo is killed at every point of its actions, asked for again, and ends where it ends without a death (I36).

Against the stand-ins, with the real targets: pages, items and playlist files go to the trash and come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.domain.crash import CrashPoint
from engine.domain.errors import ExitCode
from engine.workflows.undo import Undone, undo
from engine.workflows.undo_story import find_meant
from tests.crash.end_state import EndState
from tests.crash.inside import InsideApp, inside, reconciled
from tests.crash.rig import Rig
from tests.crash.stages import Stage
from tests.crash.world import Outside

REMOVALS = 50
UNDO = ("undo", "last", "--yes", "--allow-removals", str(REMOVALS))
POINTS = ("CP05", "CP07", "CP08", "CP09", "CP10")


def undone(app: InsideApp, thing: str) -> Undone:
    """Undo once, inside this process, and let go of everything."""
    try:
        return undo(app.world(), find_meant(app.journal, thing), REMOVALS)
    finally:
        app.close()


@pytest.fixture(scope="module")
def ends(fetched: Stage, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, EndState]:
    """Give where an undo ends that nobody kills, where the undo of it ends, and check that both stay so."""
    place = tmp_path_factory.mktemp("undone")
    with Outside(fetched.media, place) as outside:
        home = fetched.copied(place)
        rig = Rig(home, outside)
        assert reconciled(inside(home, outside)).exit_code == 0
        before = rig.end_state()
        result = undone(inside(home, outside), "last")
        assert result.exit_code is ExitCode.FINE, result
        after = rig.end_state()
        assert reconciled(inside(home, outside)).exit_code == 0
        assert rig.end_state().differences(after) == {}
        redone = undone(inside(home, outside), result.run_id)
        assert redone.exit_code is ExitCode.FINE, redone
        again = rig.end_state()
        assert reconciled(inside(home, outside)).exit_code == 0
        assert rig.end_state().differences(again) == {}
    return {"before": before, "undone": after, "redone": again}


def test_undone_and_redone_is_as_before(ends: Mapping[str, EndState]) -> None:
    """Issue 3: by the targets' own books, an undo of an undo is no change at all."""
    assert ends["redone"].differences(ends["before"]) == {}
    assert ends["undone"].differences(ends["before"]).keys() == {"objects", "files", "outside"}


@pytest.mark.parametrize("point", POINTS)
def test_an_undo_that_is_killed_goes_on_when_it_is_asked_for_again(
    point: str, fetched: Stage, ends: Mapping[str, EndState], tmp_path: Path
) -> None:
    """I36: killed around its third write, the same undo again ends where one pass would have ended."""
    with Outside(fetched.media, tmp_path) as outside:
        home = fetched.copied(tmp_path)
        rig = Rig(home, outside)
        assert reconciled(inside(home, outside)).exit_code == 0
        rig.dies(f"{point}:3", *UNDO)
        _ends_as_if_nothing_happened(rig, ends)


def test_a_second_death_after_the_probe_is_no_matter(
    fetched: Stage, ends: Mapping[str, EndState], tmp_path: Path
) -> None:
    """CP06, I28: what was intended and never sent is asked about before it is tried again."""
    with Outside(fetched.media, tmp_path) as outside:
        home = fetched.copied(tmp_path)
        rig = Rig(home, outside)
        assert reconciled(inside(home, outside)).exit_code == 0
        rig.dies("CP07:2", *UNDO)
        rig.dies(f"{CrashPoint.AFTER_PROBE}", *UNDO)
        _ends_as_if_nothing_happened(rig, ends)


def _ends_as_if_nothing_happened(rig: Rig, ends: Mapping[str, EndState]) -> None:
    for _ in range(2):
        done = rig.sync(*UNDO)
        assert done.returncode == ExitCode.FINE, done.stdout + done.stderr
        assert rig.end_state().differences(ends["undone"]) == {}
    done = rig.sync("reconcile")
    assert done.returncode == ExitCode.FINE, done.stdout + done.stderr
    assert rig.end_state().differences(ends["undone"]) == {}
    assert rig.sound()
