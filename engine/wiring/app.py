"""The composition root: one `App` for callers. Sources are made in `seeing`, targets in `showing`, the rest here.

Nothing is imported or opened before somebody asks for it. Decides nothing about music.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.crash import Reached
from engine.machine.clock import MachineClock, MachineDice
from engine.machine.processes import MachineProcesses
from engine.machine.progress import NoProgress
from engine.machine.rehearsal import rehearsal
from engine.machine.stop import AskedStop
from engine.ports import Clock, Coordination, Dice, MediaTools, Processes, Progress, Target
from engine.settings.describe import config_hash
from engine.settings.home import JOURNAL_NAME
from engine.settings.model import Matching, Settings
from engine.source_ports import Access, Source
from engine.wiring.seeing import Seeing, trusted
from engine.wiring.showing import library, targets
from engine.wiring.ways import ways

if TYPE_CHECKING:
    from engine.journal.coordination import SqliteCoordination
    from engine.journal.sqlite_journal import SqliteJournal
    from engine.matching.policy import MatchingPolicy
    from engine.media.config import MediaConfig
    from engine.projections.rows import Access as AccessRow
    from engine.projections.rows import Scope
    from engine.reconciler.policy import Policy
    from engine.workflows.deadline import Deadline
    from engine.workflows.world import World

SECONDS_PER_HOUR = 3600.0


def program_version() -> str:
    """Give the installed program's version."""
    from importlib.metadata import version

    return version("cratelog")


def journal_path(settings: Settings) -> Path:
    """Say where the journal lies."""
    return settings.home / JOURNAL_NAME


def journal(settings: Settings, clock: Clock, reached: Reached) -> SqliteJournal:
    """Open the journal."""
    from engine.journal.sqlite_journal import SqliteJournal

    return SqliteJournal(journal_path(settings), clock=clock, reached=reached)


def make_journal(settings: Settings, clock: Clock, reached: Reached) -> bool:
    """Create the journal, or bring its schema up to date, and say whether it was not there before."""
    from engine.journal.sqlite_journal import create_journal

    path = journal_path(settings)
    new = not path.exists()
    create_journal(path, clock=clock, reached=reached, program_version=program_version()).close()
    return new


def coordination(settings: Settings, clock: Clock) -> SqliteCoordination:
    """Open what processes share: leases, rate limits, breakers."""
    from engine.journal.coordination import SqliteCoordination

    limits = settings.limits
    remotes = {
        "notion": limits.notion,
        "soundcloud": limits.soundcloud,
        "spotify": limits.spotify,
        "youtube": limits.youtube,
        "musicbrainz": limits.musicbrainz,
        "acoustid": limits.acoustid,
        "eagle": limits.eagle,
    }
    rates = {name: (rate.rate_per_s, rate.burst) for name, rate in remotes.items()}
    return SqliteCoordination(journal_path(settings), clock=clock, rates=rates)


def policy(settings: Settings) -> Policy:
    """Give what the settings say about plans."""
    from engine.domain.plan import Owner
    from engine.reconciler.policy import EnrichmentPolicy, Policy, ResolutionPolicy
    from engine.workflows.access import traits

    guards, limits, said = settings.guards, settings.limits, settings.resolution
    owners = {"notion/track": settings.notion.owners, "eagle/item": settings.eagle.owners}
    return Policy(
        targets=settings.targets,
        left_out=("notion:playlist",) if settings.notion.databases.playlists is None else (),
        profiles=("original", *settings.library.formats),
        template=settings.library.template,
        library_root=str(settings.library_root),
        owners={kind: {name: Owner(owner) for name, owner in said.items()} for kind, said in owners.items()},
        keep_departed=guards.keep_departed,
        departed_after_s=guards.departed_after_h * SECONDS_PER_HOUR,
        removal_floor=guards.removal_floor,
        removal_fraction=guards.removal_fraction,
        collapse_fraction=guards.collapse_fraction,
        settle_s=limits.settle_s,
        attempts_max=limits.attempts,
        attempts_span_s=limits.attempts_span_h * SECONDS_PER_HOUR,
        matching=matching_policy(settings.matching),
        resolution=ResolutionPolicy(
            order=said.order,
            blocked=said.blocked,
            candidates_max=said.candidates,
            per_run=said.per_run,
            retry_days=said.retry_days,
            propose=said.propose,
            mix_minutes=said.mix_minutes,
        ),
        enrichment=EnrichmentPolicy(
            providers=settings.enrichment.providers,
            per_run=settings.enrichment.per_run,
            confidence=settings.enrichment.confidence,
        ),
        ways={source: tuple(traits(way) for way in known) for source, known in ways(settings).items()},
        config_hash=config_hash(settings),
    )


def matching_policy(matching: Matching) -> MatchingPolicy:
    """Give what the settings say about matching; weights and what is heard are no settings."""
    from engine.matching.policy import MatchingPolicy

    return MatchingPolicy(**{field.name: getattr(matching, field.name) for field in fields(matching)})


def media(
    settings: Settings, address_of: Callable[[str, str], str], access: Access, pace: Callable[[str], None]
) -> MediaTools:
    """Give the tools that fetch, verify, convert, measure and tag; `address_of` knows secret links."""
    from engine.media.media import Media

    return Media(media_config(settings), address_of=address_of, access=access, pace=pace)


def media_config(settings: Settings) -> MediaConfig:
    """Give what the settings say about media work; proxies and cookies belong to the ways."""
    from engine.media.config import MediaConfig

    return MediaConfig(
        tls_verify=trusted(settings),
        cache_dir=settings.home / "cache",
        socket_timeout_s=settings.network.timeout_s,
    )


@dataclass(kw_only=True)
class App:
    """Everything a command or a web page may need, each part made when it is first asked for."""

    settings: Settings
    progress: Progress = field(default_factory=NoProgress)
    stop: AskedStop = field(default_factory=AskedStop)
    dice: Dice = field(default_factory=MachineDice)
    opened: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def clock(self) -> Clock:
        """The machine's time."""
        return MachineClock(self.stop)

    @cached_property
    def processes(self) -> Processes:
        """Who we are on this machine."""
        return MachineProcesses()

    @cached_property
    def reached(self) -> Reached:
        """The crash rehearsal; does nothing outside one."""
        return rehearsal(self.settings.process.crash_at)

    @cached_property
    def policy(self) -> Policy:
        """What the settings say about plans."""
        return policy(self.settings)

    @cached_property
    def journal(self) -> SqliteJournal:
        """The journal, opened."""
        return self.opened.enter_context(journal(self.settings, self.clock, self.reached))

    @cached_property
    def coordination(self) -> Coordination:
        """What processes share."""
        return self.opened.enter_context(closing(coordination(self.settings, self.clock)))

    @cached_property
    def media(self) -> MediaTools:
        """The tools for audio."""
        return media(self.settings, self.seeing.soundcloud.address_of, self.seeing.access, self.pace)

    @cached_property
    def seeing(self) -> Seeing:
        """The places where music is seen, looked for and looked up."""
        return Seeing(
            settings=self.settings,
            clock=self.clock,
            pace=self.pace,
            opened=self.opened,
            remembered=self._ways_remembered,
            journal=lambda: self.journal,
        )

    def _ways_remembered(self) -> Mapping[str, AccessRow]:
        return self.journal.state(only=("access",)).access if journal_path(self.settings).exists() else {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source."""
        return self.seeing.sources

    def pace(self, remote: str) -> None:
        """Wait for a place in a remote's rate limit, once there is a journal to keep it in."""
        if journal_path(self.settings).exists():
            from engine.workflows.limits import take_turn

            take_turn(
                self.coordination,
                self.clock,
                remote,
                sleep=self.clock.sleep,
                allow=lambda wait_s: self.deadline.check(self.clock, wait_s),
            )

    @cached_property
    def deadline(self) -> Deadline:
        """By when what is under way has to end; none until a workflow says so."""
        from engine.workflows.deadline import Deadline

        return Deadline()

    @cached_property
    def targets(self) -> dict[str, Target]:
        """The targets that are switched on."""
        return targets(
            self.settings,
            self.coordination,
            self.media,
            self.clock,
            self.processes,
            self.reached,
            self.opened,
            self._root_of,
        )

    def _root_of(self, scope: str) -> str | None:
        row: Scope | None = self.journal.row("scopes", scope)
        return row.root_identity if row else None

    def world(self, *, actor: str = "engine") -> World:
        """Give the ports that the working workflows take."""
        from engine.workflows.world import World

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
            sources=self.sources,
            targets=self.targets,
            finders=self.seeing.finders,
            enrichers=self.seeing.enrichers,
            access=self.seeing.access,
            deadline=self.deadline,
            playlist_urls=tuple(playlist.url for playlist in self.settings.playlists),
            workers=self.settings.limits.workers,
            actor=actor,
            program_version=program_version(),
        )

    def make_journal(self) -> bool:
        """Create the journal, or bring its schema up to date, and say whether it was not there before."""
        return make_journal(self.settings, self.clock, self.reached)

    def mark_library(self) -> bool:
        """Make the library folder ours by its marker, and say whether it was not before."""
        identity = uuid.uuid4().hex
        made = library(self.settings, self.media, self.clock, self.processes, self.reached)
        return made.init_root(identity) == identity

    def close(self) -> None:
        """Let go of what was opened."""
        self.opened.close()
