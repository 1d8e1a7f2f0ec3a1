"""What every workflow is handed: the ports, the policy, and who is asking. Builds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.crash import Reached
from engine.ports import Clock, Coordination, Dice, Journal, Processes, Progress, Stop, Target
from engine.reconciler.policy import Policy
from engine.source_ports import Access, Enricher, Finder, Source
from engine.workflows.access import DirectOnly
from engine.workflows.deadline import Deadline

WORKERS = 2
WAIT_S_MAX = 30.0
LEASE_TTL_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ports a workflow works through.

    Attributes:
        targets: by name, in the order in which they are scanned.
        playlist_urls: the playlists the settings name.
        finders: where audio is looked for by name, in the order in which they are asked.
        enrichers: who is asked for facts, in that order.
        access: the ways to each source.
        deadline: by when the part of a run that reads sources has to end; the same object that paces requests.
        workers: actions in flight at once.
        wait_s_max: how long a run waits for what is deferred before it leaves it to the next run.
        lease_ttl_s: how long a claim outlives its last sign of life.
    """

    journal: Journal
    coordination: Coordination
    clock: Clock
    dice: Dice
    processes: Processes
    progress: Progress
    stop: Stop
    reached: Reached
    policy: Policy
    sources: tuple[Source, ...]
    targets: Mapping[str, Target]
    playlist_urls: tuple[str, ...] = ()
    finders: tuple[Finder, ...] = ()
    enrichers: tuple[Enricher, ...] = ()
    access: Access = field(default_factory=DirectOnly)
    deadline: Deadline = field(default_factory=Deadline)
    workers: int = WORKERS
    wait_s_max: float = WAIT_S_MAX
    lease_ttl_s: float = LEASE_TTL_S
    actor: str = "engine"
    program_version: str = ""
