"""One run: its lease, its first and last event, its anchor. At most one run works on a journal at a time."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, InterruptedRunError, LockHeldError
from engine.domain.events import Event, RunCheckpointed, RunFinished, RunStarted
from engine.ports import Lease, Target
from engine.source_ports import Enricher, Source
from engine.workflows.heart import Heart
from engine.workflows.world import World

RUN_LEASE = "run"
MILLISECONDS = 1_000


@dataclass(slots=True, kw_only=True)
class Run:
    """A run in progress; tallies what goes into its last event."""

    world: World
    run_id: str
    lease: Lease
    heart: Heart
    counts: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    exit_code: ExitCode = ExitCode.FINE
    inputs_digest: str | None = None
    guard: threading.Lock = field(default_factory=threading.Lock)

    def origin(self, correlation_id: str | None = None, actor: str | None = None) -> Origin:
        """Stamp for events of this run."""
        return Origin(
            actor=actor or self.world.actor,
            run_id=self.run_id,
            correlation_id=correlation_id or self.run_id,
            fence=self.lease.fence,
            lease_resource=self.lease.resource,
        )

    def append(
        self, drafts: Sequence[Draft | Event], *, correlation_id: str | None = None, actor: str | None = None
    ) -> tuple[int, ...]:
        """Append events of this run in one transaction."""
        ready = [draft if isinstance(draft, Draft) else Draft(event=draft) for draft in drafts]
        return self.world.journal.append(ready, self.origin(correlation_id, actor)) if ready else ()

    def count(self, outcome: str, by: int = 1) -> None:
        """Add to one of the run's counts."""
        with self.guard:
            self.counts[outcome] += by

    def hold(self, resource: str) -> Lease | None:
        """Claim a resource and keep the claim alive; nothing while somebody else who lives holds it."""
        lease = _acquired(self.world, resource)
        if lease is not None:
            self.heart.keep(lease)
        return lease

    def may_begin(self) -> bool:
        """Say whether new work may begin: nobody asked to stop, and the run is still ours."""
        return not self.world.stop.is_set() and not self.heart.has_lost(self.lease.resource)

    def checkpoint(self, scope: str, window: str, count: int) -> None:
        """Record that a part of the work is finished."""
        self.append([RunCheckpointed(run_id=self.run_id, scope=scope, window=window, count=count)])

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[None]:
        """Time a stage and show its progress."""
        begun_s = self.world.clock.monotonic_s()
        try:
            with self.world.progress.stage(name, total):
                yield
        finally:
            self.stages[name] += int((self.world.clock.monotonic_s() - begun_s) * MILLISECONDS)


@contextmanager
def running(world: World, command: str, arguments: Sequence[str] = ()) -> Iterator[Run]:
    """Hold the run lease, and frame a run's events.

    Raises:
        LockHeldError: another live process runs on this journal.
    """
    lease = _claim(world)
    heart = Heart(coordination=world.coordination, ttl_s=world.lease_ttl_s)
    run = Run(world=world, run_id=_run_id(world), lease=lease, heart=heart)
    heart.keep(lease)
    heart.start()
    try:
        run.append([_started(run, command, arguments)])
        yield run
    except InterruptedRunError:
        run.exit_code = ExitCode.INTERRUPTED
        _finish(run)
        raise
    else:
        _finish(run)
    finally:
        heart.stop()
        heart.let_go(lease)


def _claim(world: World) -> Lease:
    lease = _acquired(world, RUN_LEASE)
    if lease is None:
        raise LockHeldError(
            "another run is working on this journal",
            hint="wait for it to end; `sync runs` shows it. A run that was killed gives way within a minute.",
        )
    return lease


def _acquired(world: World, resource: str) -> Lease | None:
    """Give a lease, also where its holder is a process that is gone."""
    owner = world.processes.ourselves()
    lease = world.coordination.acquire(resource, owner=owner, ttl_s=world.lease_ttl_s)
    if lease is None:
        holder = world.coordination.holder(resource)
        if holder is not None and world.processes.is_dead(holder.owner):
            world.coordination.release(holder)
            lease = world.coordination.acquire(resource, owner=owner, ttl_s=world.lease_ttl_s)
    return lease


def _run_id(world: World) -> str:
    moment_ms = world.clock.now_us() // MILLISECONDS
    return f"{moment_ms:012x}{uuid.UUID(int=int(world.dice.fraction() * (1 << 53)) << 75).hex[:8]}"


def _started(run: Run, command: str, arguments: Sequence[str]) -> RunStarted:
    return RunStarted(
        run_id=run.run_id,
        command=command,
        arguments=tuple(arguments),
        config_hash=run.world.policy.config_hash,
        program_version=run.world.program_version,
    )


def _finish(run: Run) -> None:
    world = run.world
    remotes: tuple[Source | Target | Enricher, ...] = (*world.sources, *world.targets.values(), *world.enrichers)
    run.append(
        [
            *world.access.take_news(),
            RunFinished(
                run_id=run.run_id,
                exit_code=int(run.exit_code),
                counts=dict(sorted(run.counts.items())),
                requests=dict(sorted(_gathered(remote.requests() for remote in remotes).items())),
                stages=dict(sorted(run.stages.items())),
                inputs_digest=run.inputs_digest,
            ),
        ]
    )
    world.journal.anchor()


def _gathered(counters: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up what was asked of each remote; who was asked nothing is not named."""
    total: dict[str, int] = {}
    for counter in counters:
        for remote, count in counter.items():
            total[remote] = total.get(remote, 0) + count
    return {remote: count for remote, count in total.items() if count}
