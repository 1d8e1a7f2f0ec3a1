"""Observe sources: list every playlist that is kept in step, whatever addresses stand for it.

One playlist's failure is a problem under its scope and never keeps the next from being read (P11). An address that
stands for several is a shelf: what is on it is kept in step from then on, and nothing that leaves it is let go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engine.domain.canonical import digest
from engine.domain.errors import EngineError, InterruptedRunError
from engine.domain.events import ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address, redacted
from engine.domain.references import is_gathered
from engine.projections.rows import Playlist, Scope
from engine.reconciler.schedule import SECOND_US
from engine.workflows.limits import RemoteBlockedError, blocked, heed_block
from engine.workflows.listing import (
    COLLAPSE_FLOOR,
    HELD_FOR_S,
    observe_playlist,
    scope_of_address,
    source_of_address,
    unlisted,
)
from engine.workflows.login import heed_login
from engine.workflows.run import Run
from engine.workflows.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one pass over sources is done with.

    Attributes:
        accept_shrink: scopes, refs and addresses whose collapse a person vouched for.
        problems: scope → what went wrong; filled while reading.
        forgiving: whether what the program itself gets wrong over one playlist is a problem like others.
    """

    world: World
    run: Run
    accept_shrink: AbstractSet[str]
    problems: dict[str, Problem]
    forgiving: bool = False

    def call(self, url: str, read: Callable[[], Problem | None]) -> Problem | None:
        """Read one thing; gives what went wrong, if anything did."""
        try:
            return read()
        except RemoteBlockedError as error:
            return unlisted(self.run, url, error.problem)
        except EngineError:
            raise
        except Exception as error:
            if not self.forgiving:
                raise
            detail = redacted(f"{type(error).__name__}: {error}")
            problem = Problem(failure=FailureClass.UNEXPECTED, detail=detail, hint="report it, with what `-v` says")
            return unlisted(self.run, url, problem)


def observe_sources(world: World, run: Run, accept_shrink: Sequence[str] = ()) -> dict[str, Problem]:
    """List every playlist that is kept in step."""
    reading = Reading(world=world, run=run, accept_shrink=frozenset(accept_shrink), problems={})
    read_all(reading, expanded(reading, followed(world)))
    return reading.problems


def read_all(reading: Reading, urls: Mapping[str, str]) -> None:
    """List playlists; addresses stand with the refs they are known by, if they are."""
    world = reading.world
    with reading.run.stage("sources", len(urls)):
        for url, ref in urls.items():
            heed_stop(world)
            problem = reading.call(url, lambda url=url, ref=ref: _read(reading, url, ref))  # type: ignore[misc]  # bound now
            if problem is not None:
                reading.problems[ref or url] = problem
            world.progress.advance(url)
    reading.run.append(world.access.take_news())


def _read(reading: Reading, url: str, ref: str) -> Problem | None:
    accepted = bool({url, ref} & reading.accept_shrink)
    return observe_playlist(reading.world, reading.run, url, accept_shrink=accepted)


def expanded(reading: Reading, urls: Mapping[str, str]) -> dict[str, str]:
    """Put the playlists in the place of an address that stands for several; notes what is in the way.

    What a person unfollowed stays out, whatever stands for it; one playlist is meant once, by whichever address.
    """
    rows = reading.world.journal.state(only=("playlists",)).playlists.values()
    left = {address for row in rows if not row.active for address in _addresses(row)}
    known = {address: row.ref for row in rows if row.seen for address in _addresses(row)}
    found: dict[str, str] = {}
    shelved: list[str] = []
    for url, ref in urls.items():
        heed_stop(reading.world)
        behind = _behind(reading, url, ref)
        found.update({url: ref} if url in behind else {})
        shelved += [each for each in behind if each != url and each not in left]
    meant = set(found.values())
    for each in shelved:
        ref = known.get(public_address(each), "")
        if each not in found and (not ref or ref not in meant):
            found[each] = ref
            meant.add(ref)
    return found


def _addresses(row: Playlist) -> tuple[str, ...]:
    return tuple(address for address in (row.url, *row.addresses) if address)


def followed(world: World) -> dict[str, str]:
    """Give the addresses of the playlists to keep in step, each with its ref when it is known."""
    rows = world.journal.state(only=("playlists",)).playlists
    typed = {address for row in rows.values() if row.seen for address in _addresses(row)}
    asked = {row.url for row in rows.values() if row.requested_seq and row.active} | set(world.playlist_urls)
    rows = {ref: row for ref, row in rows.items() if row.seen or row.url not in typed}
    known = {url: ref for ref, row in sorted(rows.items()) for url in _addresses(row)}
    urls = {url: known.get(public_address(url), "") for url in world.playlist_urls}
    meant = set(urls.values())
    urls.update(
        {
            row.url: ref
            for ref, row in sorted(rows.items())
            if row.url and ref not in meant and (row.url in asked or not is_gathered(ref))
        }
    )
    return {url: ref for url, ref in urls.items() if not ref or rows[ref].active}


def heed_stop(world: World) -> None:
    """End the run, or the part of it that has a deadline, when it is time to.

    Raises:
        InterruptedRunError: the person asked to stop; what was begun is finished and recorded.
        DeadlinePassedError: the time for this part is over.
    """
    if world.stop.is_set():
        raise InterruptedRunError(
            "stopped as asked; what was begun is finished and recorded", hint="run it again to go on"
        )
    world.deadline.check(world.clock)


# --- shelves --------------------------------------------------------------------------------------------------------


def _behind(reading: Reading, url: str, ref: str) -> tuple[str, ...]:
    """Give what an address stands for, and record it of a shelf; nothing when that could not be found out."""
    world, source = reading.world, source_of_address(reading.world, url)
    if isinstance(source, Problem):
        return (url,)  # listing it says so
    answers: list[tuple[str, ...] | Problem] = []
    closed = blocked(world, source.name)
    failed = closed or reading.call(url, lambda: answers.append(source.expand(url)))
    answer = failed or answers[0]
    heed_block(world, source.name, answer if isinstance(answer, Problem) else None)
    heed_login(reading.run, source.name, answer)
    if not isinstance(answer, Problem) and url in answer:
        return answer
    problem = answer if isinstance(answer, Problem) else _collapsed(reading, url, answer)
    if problem is not None:
        reading.problems[ref or url] = problem
    if isinstance(answer, Problem):
        unlisted(reading.run, url, answer)
        return ()
    scope = scope_of_address(world, url)
    reading.run.append(
        [
            ScanCompleted(
                scope=scope,
                complete=problem is None,
                count=len(answer),
                set_hash=digest(sorted(answer)),
                problem=problem,
            )
        ]
    )
    return answer


def _collapsed(reading: Reading, url: str, behind: tuple[str, ...]) -> Problem | None:
    """Doubt a shelf that lost too much at once, until it has shown the same for a day or a person vouched for it."""
    world, scope = reading.world, scope_of_address(reading.world, url)
    last: Scope | None = world.journal.row("scopes", scope)
    before = (last.complete_count or 0) if last else 0
    small = before < COLLAPSE_FLOOR or len(behind) >= world.policy.collapse_fraction * before
    if last is None or small or {url, scope} & reading.accept_shrink:
        return None
    old = world.clock.now_us() - (last.complete_us or 0) >= HELD_FOR_S * SECOND_US
    if old and not last.complete and last.set_hash == digest(sorted(behind)):
        return None
    return Problem(
        failure=FailureClass.COLLAPSED,
        detail=f"{public_address(url)} shrank from {before} to {len(behind)} playlists; all of them are kept in step",
        hint=f"if that is right, `sync reconcile --accept-shrink {public_address(url)}`, or wait a day",
    )
