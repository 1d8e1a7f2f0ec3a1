"""Eagle is not there, or is not the one that was meant."""

from __future__ import annotations

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass
from engine.standins.eagle.faults import added_but_500
from tests.hardship.hard_place import HardPlace


def test_an_eagle_that_does_not_run_stops_nothing_else(two_tracks: HardPlace) -> None:
    """P11: "not running", with the hint to start it; files and rows are made; later the items are."""
    url = two_tracks.eagle.url
    two_tracks.extra["EAGLE_API_BASE"] = "http://127.0.0.1:9"
    assert two_tracks.reconcile() is ExitCode.PARTIAL
    assert "Eagle" in two_tracks.trouble(FailureClass.NOT_RUNNING).hint
    assert len(two_tracks.files()) == len(two_tracks.rows("tracks")) == 2
    two_tracks.extra["EAGLE_API_BASE"] = url
    two_tracks.recover()


def test_another_open_library_is_not_written_to(two_tracks: HardPlace) -> None:
    """I42: with another library open, nothing is added, moved or thought missing."""
    two_tracks.settings += f"[eagle]\nlibrary = {str(two_tracks.folder / 'Crate.library')!r}\n"
    two_tracks.reconcile()
    two_tracks.put("Cleo - Third Rail.mp3", tone=660)
    two_tracks.eagle.switch_library(two_tracks.folder / "Other.library")
    assert two_tracks.reconcile() is ExitCode.PARTIAL
    assert two_tracks.trouble(FailureClass.WRONG_LIBRARY).hint
    assert two_tracks.eagle.items(two_tracks.folder / "Other.library") == {}
    assert len(two_tracks.rows("tracks")) == 3
    two_tracks.eagle.switch_library(two_tracks.folder / "Crate.library")
    two_tracks.recover()


def test_an_eagle_that_errs_after_adding_is_asked_before_it_is_told_again(two_tracks: HardPlace) -> None:
    """I29, I30: one item, however the answer looked."""
    two_tracks.eagle.script(added_but_500())
    two_tracks.reconcile()
    two_tracks.recover()
