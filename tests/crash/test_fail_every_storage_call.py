"""Every transaction of a whole run fails once, and every file it places; the next runs end as ever (§14 (5))."""

from __future__ import annotations

import errno
from itertools import count
from pathlib import Path

import pytest

from engine.domain.crash import CrashPoint
from engine.domain.errors import ExitCode
from engine.ports import Clock
from tests.crash.bad_disk import FailingJournal, FailingMedia, FailingMove, Moment
from tests.crash.inside import InsideApp, SkippingClock, inside
from tests.crash.misfortune import aftermath
from tests.crash.stages import Stage
from tests.crash.world import Outside

pytestmark = pytest.mark.filterwarnings("ignore:Do not return:DeprecationWarning")  # yt-dlp's own, about itself

BATCHES = 2
MOMENTS = tuple(Moment)
ERRNOS = (errno.ENOSPC, errno.EACCES, errno.EIO)
TRACKS = 2
FILES = 2 * TRACKS + 1
"""An original and an AIFF of each track, and one playlist."""


def failing_transaction(stage: Stage, place: Path, number: int, moment: Moment) -> list[str] | None:
    """Let one transaction fail; give what is wrong at the end, or None when there are not so many."""
    opened: list[FailingJournal] = []

    def open_journal(path: Path, clock: Clock) -> FailingJournal:
        opened.append(FailingJournal(path, clock=clock, number=number, moment=moment))
        return opened[-1]

    def unlucky(home: Path, outside: Outside, clock: SkippingClock) -> InsideApp:
        return inside(home, outside, shared_clock=clock, open_journal=open_journal)

    codes = frozenset({ExitCode.TRY_LATER})
    return aftermath(stage, place, struck=lambda _: opened[0].disk.failed, unlucky=unlucky, codes=codes)


@pytest.mark.parametrize("first", range(BATCHES))
def test_any_transaction_of_the_journal_may_fail(first: int, fetched: Stage, tmp_path: Path) -> None:
    """I10 I36: the run stops with a storage fault (75), and the next one ends as if the disk had held."""
    wrong: dict[str, list[str]] = {}
    for number in count(first, BATCHES):
        moment = MOMENTS[(first + number // BATCHES) % len(MOMENTS)]
        found = failing_transaction(fetched, tmp_path / str(number), number, moment)
        if found is None:
            break
        if found:
            wrong[f"{number} {moment}"] = found
    assert wrong == {}
    assert number >= fetched.visits[CrashPoint.BEFORE_APPEND]


def failing_move(stage: Stage, place: Path, number: int, code: int) -> list[str] | None:
    """Let the disk fail when one file was just moved; give what is wrong at the end, or None when there are fewer."""
    move = FailingMove(number, code)

    def unlucky(home: Path, outside: Outside, clock: SkippingClock) -> InsideApp:
        return inside(home, outside, shared_clock=clock, on_reached=move)

    return aftermath(stage, place, struck=lambda _: move.failed, unlucky=unlucky)


def failing_download(stage: Stage, place: Path, number: int, *, vanishes: bool) -> list[str] | None:
    """Let the disk fail under one download; give what is wrong at the end, or None when there are fewer."""
    broken: list[FailingMedia] = []

    def unlucky(home: Path, outside: Outside, clock: SkippingClock) -> InsideApp:
        app = inside(home, outside, shared_clock=clock)
        broken.append(FailingMedia(app.media, number=number, vanishes=vanishes))
        app.media = broken[0]
        return app

    return aftermath(stage, place, struck=lambda _: broken[0].failed, unlucky=unlucky)


@pytest.mark.parametrize("code", ERRNOS, ids=errno.errorcode.get)
def test_any_file_may_fail_to_be_placed(code: int, cold: Stage, tmp_path: Path) -> None:
    """I36 I55: after any file was moved the disk fails: the action waits, its file is found again and kept."""
    found = [failing_move(cold, tmp_path / str(number), number, code) for number in range(FILES + 1)]
    assert found == [[]] * FILES + [None]


@pytest.mark.parametrize("disk", ["full", "forgetful"])
def test_any_download_may_meet_a_bad_disk(disk: str, cold: Stage, tmp_path: Path) -> None:
    """I36 I55: the disk fails while audio is made, or a made file is gone when it is to be placed."""
    found = [
        failing_download(cold, tmp_path / str(number), number, vanishes=disk == "forgetful")
        for number in range(TRACKS + 1)
    ]
    assert found == [[]] * TRACKS + [None]
