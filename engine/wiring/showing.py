"""The targets, made: where music is shown. Nothing is imported or opened before somebody asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from engine.domain.crash import Reached
from engine.ports import Clock, Coordination, MediaTools, Processes, Target
from engine.settings.model import Settings

if TYPE_CHECKING:
    from engine.targets.eagle.target import EagleTarget
    from engine.targets.library.target import LibraryTarget
    from engine.targets.notion.target import NotionTarget

SETTLE_WAIT_S_MAX = 5.0  # what a first Ctrl-C may have to wait for each time, at most
TRASH_NAME = "trash"


def sit_out(seconds: float) -> None:
    """Wait without listening for a stop, but never long: what became of a write is asked for."""
    time.sleep(min(max(0.0, seconds), SETTLE_WAIT_S_MAX))


def targets(
    settings: Settings,
    shared: Coordination,
    tools: MediaTools,
    clock: Clock,
    processes: Processes,
    reached: Reached,
    opened: ExitStack,
    roots: Callable[[str], str | None],
) -> dict[str, Target]:
    """Give the targets that are switched on, by name, in the order in which they are scanned.

    Args:
        settings: which are switched on, and where they are.
        shared: the rate limits.
        tools: what fetches audio.
        clock: the time.
        processes: who we are, so that what others are making is left alone.
        reached: called at crash points.
        opened: closes what was opened.
        roots: gives the place that the last complete scan of a scope saw, from the journal.
    """
    made: dict[str, Target] = {"library": library(settings, tools, clock, processes, reached)}
    if settings.eagle_enabled:
        made["eagle"] = opened.enter_context(closing(eagle(settings, shared, clock, reached, roots)))
    if settings.notion_enabled:
        made["notion"] = opened.enter_context(closing(notion(settings, shared, clock, reached)))
    return made


def library(
    settings: Settings, tools: MediaTools, clock: Clock, processes: Processes, reached: Reached
) -> LibraryTarget:
    """Give the library folder."""
    from engine.targets.library.root import LibraryConfig
    from engine.targets.library.target import LibraryTarget

    config = LibraryConfig(root=settings.library_root, trash=settings.home / TRASH_NAME)
    return LibraryTarget(config, tools, clock, processes, reached)


def eagle(
    settings: Settings, shared: Coordination, clock: Clock, reached: Reached, roots: Callable[[str], str | None]
) -> EagleTarget:
    """Give the Eagle library; every request waits for its place in the rate limit."""
    from engine.targets.eagle.config import EagleConfig
    from engine.targets.eagle.target import EagleTarget
    from engine.workflows.limits import take_turn

    said = settings.eagle
    config = EagleConfig(
        base_url=said.base_url,
        token=said.token.reveal() if said.token else None,
        library_path=str(said.library.expanduser()) if said.library else None,
        timeout_s=settings.network.timeout_s,
    )
    return EagleTarget(
        config,
        pace=lambda remote: take_turn(shared, clock, remote, sleep=clock.sleep),
        settle_pace=lambda remote: take_turn(shared, clock, remote, sleep=sit_out),
        settle_wait=sit_out,
        remembered=lambda: roots("eagle:item") or roots("eagle:folder"),
        reached=reached,
    )


def notion(settings: Settings, shared: Coordination, clock: Clock, reached: Reached) -> NotionTarget:
    """Give the Notion workspace; every request waits for its place in the rate limit."""
    from engine.targets.notion.config import NotionConfig
    from engine.targets.notion.target import NotionTarget
    from engine.workflows.limits import take_turn

    said = settings.notion
    names = {"track": said.properties.track, "playlist": said.properties.playlist}
    config = NotionConfig(
        token=said.token.reveal() if said.token else "",
        tracks_database_id=str.__str__(said.databases.tracks or ""),
        playlists_database_id=said.databases.playlists,
        base_url=said.base_url,
        property_map={f"{kind}.{word}": name for kind, words in names.items() for word, name in words.items()},
        timeout_s=settings.network.timeout_s,
    )
    return NotionTarget(
        config,
        pace=lambda remote: take_turn(shared, clock, remote, sleep=clock.sleep),
        settle_pace=lambda remote: take_turn(shared, clock, remote, sleep=sit_out),
        reached=reached,
    )
