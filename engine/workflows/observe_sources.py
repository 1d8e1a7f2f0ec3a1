"""Observe sources: list every playlist that is kept in step, whatever addresses stand for it.

One playlist's failure is a problem under its scope and never keeps the next from being read (P11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.domain.errors import InterruptedRunError
from engine.domain.failure import Problem
from engine.domain.redaction import public_address
from engine.workflows.listing import observe_playlist, source_of_address, unlisted
from engine.workflows.run import Run
from engine.workflows.world import World


def observe_sources(world: World, run: Run, accept_shrink: Sequence[str] = ()) -> dict[str, Problem]:
    """List every playlist that is kept in step."""
    problems: dict[str, Problem] = {}
    urls = expanded(world, run, followed(world), problems)
    with run.stage("sources", len(urls)):
        for url, ref in urls.items():
            heed_stop(world)
            problem = observe_playlist(world, run, url, accept_shrink=bool({url, ref} & set(accept_shrink)))
            if problem is not None:
                problems[ref or url] = problem
            world.progress.advance(url)
    return problems


def expanded(world: World, run: Run, urls: Mapping[str, str], problems: dict[str, Problem]) -> dict[str, str]:
    """Put the playlists in the place of an address that stands for several; notes what is in the way.

    What a person unfollowed stays out, whatever stands for it.
    """
    rows = world.journal.state(only=("playlists",)).playlists.values()
    left = {address for row in rows if not row.active for address in (row.url, *row.addresses)}
    found: dict[str, str] = {}
    for url, ref in urls.items():
        source = source_of_address(world, url)
        behind = (url,) if isinstance(source, Problem) else source.expand(url)
        if isinstance(behind, Problem):
            problems[ref or url] = unlisted(run, url, behind)
            continue
        found.update({each: urls.get(each, "") for each in behind if each == url or each not in left})
    return found


def followed(world: World) -> dict[str, str]:
    """Give the addresses of the playlists to keep in step, each with its ref when it is known."""
    rows = world.journal.state(only=("playlists",)).playlists
    typed = {address for row in rows.values() if row.seen for address in row.addresses}
    rows = {ref: row for ref, row in rows.items() if row.seen or row.url not in typed}
    known = {url: ref for ref, row in sorted(rows.items()) for url in (row.url, *row.addresses)}
    urls = {url: known.get(public_address(url), "") for url in world.playlist_urls}
    meant = set(urls.values())
    urls.update({row.url: ref for ref, row in sorted(rows.items()) if row.url and ref not in meant})
    return {url: ref for url, ref in urls.items() if not ref or rows[ref].active}


def heed_stop(world: World) -> None:
    """End the run here when the person asked to stop.

    Raises:
        InterruptedRunError: they did; what was begun is finished and recorded.
    """
    if world.stop.is_set():
        raise InterruptedRunError(
            "stopped as asked; what was begun is finished and recorded", hint="run it again to go on"
        )
