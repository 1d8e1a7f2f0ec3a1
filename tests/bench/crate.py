"""Journals to measure on: a crate of recordings that the real planner and a perfect target brought in step.

The events are those that real runs leave behind: sightings, playlists, links, scans, and for each recording a file
fetched, an Eagle item and a Notion page, every action with its whole lifecycle.
"""

from __future__ import annotations

import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from typing_extensions import override

from engine.domain.envelope import Draft, Origin
from engine.domain.events import ActionClaimed, ActionIntended, ActionPlanned, Event
from engine.journal.rebuild import rebuild
from engine.journal.sqlite_journal import SqliteJournal, create_journal
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.ports import Clock
from tests.reconciler.pure_world import Story, track

ORIGIN = Origin(actor="engine", run_id="run-1", correlation_id="run-1")
PER_PLAYLIST = 100
BATCH = 1000


class Chronicle(Story):
    """A story that hands on what it tells, with the steps a worker records around each action."""

    def __init__(self, heard: Callable[[Event], None]) -> None:
        super().__init__()
        self._heard = heard

    @override
    def tell(self, *events: Event) -> None:
        for event in events:
            for each in _lived(event):
                super().tell(each)
                self._heard(each)


def clock() -> Clock:
    """Give the machine's time."""
    return MachineClock(AskedStop())


def empty_journal(path: Path) -> Path:
    """Make a journal that holds only its first event."""
    path.parent.mkdir(parents=True, exist_ok=True)
    create_journal(path, clock=clock(), program_version="bench").close()
    return path


def crate_copy(folder: Path, recordings: int, copy: Path) -> Path:
    """Give a journal of a crate in step, copied from one that is made once for every size."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(crate_journal(folder / f"crate-{recordings}.sqlite3", recordings), copy))


def crate_journal(path: Path, recordings: int) -> Path:
    """Make a journal of a crate in step, unless it is there; rows are computed once, at the end."""
    if path.is_file():
        return path
    staged = empty_journal(path.with_suffix(".part"))
    with SqliteJournal(staged, clock=clock(), projections=()) as journal, no_collection():
        page: list[Draft] = []

        def heard(event: Event) -> None:
            page.append(Draft(event=event))
            if len(page) == BATCH:
                journal.append(page, ORIGIN)
                page.clear()

        _tell_crate(Chronicle(heard), recordings)
        journal.append(page, ORIGIN)
    rebuild(staged)
    _close_log(staged)
    staged.rename(path)
    return path


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector out of the making, which is not measured."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _tell_crate(story: Chronicle, recordings: int) -> None:
    refs = [f"soundcloud:track:{number}" for number in range(recordings)]
    for first in range(0, recordings, PER_PLAYLIST):
        entries = refs[first : first + PER_PLAYLIST]
        story.tell(*(track(number) for number in range(first, first + len(entries))))
        story.listed(f"soundcloud:set:{first}", entries, name=f"Mix {first}")
    story.scanned()
    story.link()
    while (plan := story.plan()).actions:
        for action in plan.actions:
            story.perform(action)
    story.scanned()


def _lived(event: Event) -> Iterator[Event]:
    yield event
    if isinstance(event, ActionPlanned):
        yield ActionClaimed(action_id=event.action_id, attempt=1, owner="host:1:worker-1")
        yield ActionIntended(action_id=event.action_id, attempt=1, precondition="0" * 64)


def _close_log(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
