"""A whole world for the workflows: the real journal and coordination, everything else from tests/fakes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain.crash import CrashPoint, pass_by
from engine.domain.envelope import Recorded
from engine.domain.events import Event
from engine.domain.plan import Action
from engine.journal.coordination import SqliteCoordination
from engine.journal.sqlite_journal import SqliteJournal
from engine.projections.state import State
from engine.reconciler.policy import Policy
from engine.source_ports import Enricher, Finder
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from engine.workflows.world import World
from tests.fakes.machine import FakeClock, FakeDice, FakeProcesses, FakeProgress, FakeStop
from tests.fakes.source import FakeSource
from tests.fakes.target import FakeTarget

EFFECTS = ("action.planned", "action.claimed", "action.intended", "action.done", "action.probed")


def three_targets() -> dict[str, FakeTarget]:
    """Give a library, a Notion and an Eagle."""
    return {name: FakeTarget(place=name) for name in ("library", "notion", "eagle")}


@dataclass(slots=True, kw_only=True, repr=False)
class Place:
    """One journal and what is around it; `world` gives it as the workflows take it."""

    path: Path
    stop: FakeStop = field(default_factory=FakeStop)
    clock: FakeClock = field(init=False)
    dice: FakeDice = field(default_factory=FakeDice)
    processes: FakeProcesses = field(default_factory=FakeProcesses)
    progress: FakeProgress = field(default_factory=FakeProgress)
    source: FakeSource = field(default_factory=FakeSource)
    targets: dict[str, FakeTarget] = field(default_factory=three_targets)
    policy: Policy = field(default_factory=lambda: Policy(library_root="/music", config_hash="c"))
    urls: tuple[str, ...] = ()
    finders: tuple[Finder, ...] = ()
    enrichers: tuple[Enricher, ...] = ()
    others: tuple[FakeSource, ...] = ()  # sources beside the first
    reached: Callable[[CrashPoint], None] = pass_by
    lease_ttl_s: float = 60.0
    wait_s_max: float = 30.0
    workers: int = 1
    journal: SqliteJournal = field(init=False)
    coordination: SqliteCoordination = field(init=False)

    def __post_init__(self) -> None:
        self.clock = FakeClock(self.stop)
        self.open()

    def open(self) -> None:
        """Open the journal, as a process that starts does."""
        self.journal = SqliteJournal(self.path, clock=self.clock)
        self.coordination = SqliteCoordination(self.path, clock=self.clock, rates={})

    def close(self) -> None:
        """Let go of the journal, as a process that ends does."""
        self.journal.close()
        self.coordination.close()

    def world(self) -> World:
        """Give the ports."""
        return World(
            journal=self.journal,
            coordination=self.coordination,
            clock=self.clock,
            dice=self.dice,
            processes=self.processes,
            progress=self.progress,
            stop=self.stop,
            reached=self.reached,
            policy=self.policy,
            sources=(self.source, *self.others),
            targets=dict(self.targets),
            playlist_urls=self.urls,
            finders=self.finders,
            enrichers=self.enrichers,
            workers=self.workers,
            wait_s_max=self.wait_s_max,
            lease_ttl_s=self.lease_ttl_s,
        )

    def follow(self, name: str, entries: tuple[int, ...], *, number: int = 9, complete: bool = True) -> str:
        """Publish a playlist and keep it in step; gives its ref."""
        url = self.source.publish(name, entries, number=number, complete=complete)
        if url not in self.urls:
            self.urls = (*self.urls, url)
        return f"soundcloud:set:{number}"

    def reconcile(self, *accept_shrink: str) -> Reconciled:
        """Run a reconcile for everything."""
        return reconcile(self.world(), ReconcileRequest(accept_shrink=accept_shrink))

    def state(self) -> State:
        """Give what the journal knows."""
        return self.journal.state()

    def events(self, *types: str, after: int = 0) -> list[Event]:
        """Give events, of these types when any are named."""
        return [recorded.event for recorded in self.recorded(*types, after=after)]

    def recorded(self, *types: str, after: int = 0) -> list[Recorded]:
        """Give events as they were recorded."""
        return list(self.journal.read(after=after, types=types or None))

    def types_after(self, seq: int) -> set[str]:
        """Give the types of what was appended after a seq."""
        return {event.TYPE for event in self.events(after=seq)}

    def sends(self) -> int:
        """Count everything any target was sent."""
        return sum(target.counts["send"] for target in self.targets.values())

    def durable_types(self, action: Action) -> list[str]:
        """Give an action's events as a second process sees them on disk at this moment."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as second:
            query = "SELECT type FROM event WHERE stream = ? ORDER BY version"
            return [row[0] for row in second.execute(query, [f"action:{action.action_id}"])]
