"""The ways to each source: tried in order, the one that last worked first, each one's health kept as events.

Nothing here opens a connection; sources and downloads ask which way to take and tell how it went. Who downloads does
so from several threads at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec.structs import replace
from typing_extensions import override

from engine.domain.events import AccessChanged
from engine.domain.failure import FailureClass, Problem
from engine.projections.rows import Access as AccessRow
from engine.reconciler.access import Standing, WayTraits, blames_way, next_way, ordered, says_nothing, spent, telling
from engine.source_ports import DIRECT, Access, Way

Answer = TypeVar("Answer")
PLAIN = Way(name=DIRECT)


class DirectOnly(Access):
    """No access profiles: everything goes the one plain way."""

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        return () if failed else (PLAIN,)

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        """Remember nothing: there is no other way to prefer."""

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        return ()

    @override
    def take_news(self) -> tuple[AccessChanged, ...]:
        return ()


def traits(way: Way) -> WayTraits:
    """Give what may be told of a way; the direct one has no traits, even where a proxy of its own belongs to it."""
    if way.name == DIRECT:
        return WayTraits(name=DIRECT)
    return WayTraits(name=way.name, proxied=way.proxy is not None, cookies=way.speaks_for_account, country=way.country)


class AccountsOnly(Access):
    """The ways that speak for an account, and no other: for what a service gives to nobody else."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        return tuple(way for way in self._access.ways(source, failed, host=host) if way.speaks_for_account)

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        self._access.note(source, way, host, problem, ref=ref)

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        return self._access.tried(ref)

    @override
    def take_news(self) -> tuple[AccessChanged, ...]:
        return self._access.take_news()


@dataclass(slots=True, kw_only=True)
class _Health:
    """How one way to one source stands, and what of it is recorded already."""

    host: str = ""
    failure: FailureClass | None = None
    detail: str = ""
    last_us: int = 0
    failures: int = 0  # of its own, in a row, in this process
    met: Problem | None = None  # the last of them; one answer may be about many tracks
    noted: bool = False  # whether anything is known of it at all
    told: tuple[bool, FailureClass | None] | None = None
    worked: dict[str, int] = field(default_factory=dict)  # host → when among all successes

    def standing(self, host: str) -> Standing:
        worked = self.worked.get(host, 0) if host else max(self.worked.values(), default=0)
        return Standing(failure=self.failure, last_us=self.last_us, worked=worked, failures=self.failures)


class AccessBook(Access):
    """The access profiles of the settings, with what the journal and this process know of them.

    Args:
        ways: source → its ways, the direct one first, then in the order of the settings.
        remembered: gives the journal's rows, asked once, when it matters first.
        now_us: gives the time.
    """

    def __init__(
        self,
        ways: Mapping[str, tuple[Way, ...]],
        *,
        remembered: Callable[[], Mapping[str, AccessRow]],
        now_us: Callable[[], int],
    ) -> None:
        self._ways = ways
        self._remembered = remembered
        self._now_us = now_us
        self._lock = threading.RLock()
        self._health: dict[tuple[str, str], _Health] | None = None
        self._successes = 0
        self._tried: dict[str, set[tuple[str, str]]] = {}  # ref → source and way

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        named = {way.name: way for way in self._ways.get(source, (PLAIN,))}
        with self._lock:
            known = self._known()
            standings = {name: known[source, name].standing(host) for name in named if (source, name) in known}
            order = ordered([traits(way) for way in named.values()], standings, failed, self._now_us())
        return tuple(named[way.name] for way in order)

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        with self._lock:
            if ref is not None:
                self._tried.setdefault(ref, set()).add((source, way.name))
            if problem is not None and says_nothing(problem.failure):
                return
            health = self._known().setdefault((source, way.name), _Health())
            health.host, health.last_us, health.noted = host, self._now_us(), True
            blamed = problem if problem is not None and blames_way(problem.failure) else None
            health.failure, health.detail = (blamed.failure, blamed.detail) if blamed else (None, "")
            health.failures = health.failures + (blamed is not health.met) if blamed else 0
            health.met = blamed
            if problem is None:
                self._successes += 1
                health.worked[host] = self._successes

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        """Give the ways tried for a track; a dead one that was left out counts, or it would open the track anew."""
        with self._lock:
            noted = self._tried.get(ref, set())
            sources = {source for source, _ in noted}
            left_out = {
                key
                for key, health in self._known().items()
                if key[0] in sources and spent(health.standing(""), self._now_us())
            }
            return tuple(sorted({way for _, way in noted | left_out}))

    @override
    def take_news(self) -> tuple[AccessChanged, ...]:
        """Give how the ways stand otherwise than is recorded, in the order in which they worked: it is read back so."""
        with self._lock:
            known = sorted(self._known().items(), key=lambda each: (max(each[1].worked.values(), default=0), each[0]))
            changed = [(key, health) for key, health in known if _is_news(key[1], health)]
            for _, health in changed:
                health.told = (health.failure is None, health.failure)
        return tuple(_event(source, way, health) for (source, way), health in changed)

    def _known(self) -> dict[tuple[str, str], _Health]:
        if self._health is None:
            rows = sorted(self._remembered().values(), key=lambda row: row.last_seq)
            self._health = {(row.source, row.way): _recalled(row, number) for number, row in enumerate(rows, start=1)}
            self._successes = len(rows)
        return self._health


def _recalled(row: AccessRow, number: int) -> _Health:
    return _Health(
        host=row.host,
        failure=row.failure if not row.works else None,
        detail=row.detail,
        last_us=row.last_us,
        told=(row.works, row.failure),
        worked={row.host: number} if row.works else {},
    )


def _is_news(way: str, health: _Health) -> bool:
    """Whether a way stands otherwise than is recorded; that the direct one works is what everybody expects."""
    if not health.noted or health.told == (health.failure is None, health.failure):
        return False
    return not (way == DIRECT and health.told is None and health.failure is None)


def _event(source: str, way: str, health: _Health) -> AccessChanged:
    return AccessChanged(
        source=source,
        way=way,
        host=health.host,
        works=health.failure is None,
        failure=health.failure,
        detail=health.detail,
    )


def through(
    access: Access, source: str, ask: Callable[[Way], Answer | Problem], *, host: str, ref: str | None = None
) -> Answer | Problem:
    """Ask by one way after the other until one answers, each noted; gives the answer, or the most telling problem.

    Args:
        access: the ways.
        source: whose ways to take.
        ask: asks once, by the way it is given.
        host: whom it asks first.
        ref: the track it is about.
    """
    ended: dict[str, Problem] = {}
    while (way := following(access, source, host, ended)) is not None:
        answer = ask(way)
        if not isinstance(answer, Problem):
            access.note(source, way, host, None, ref=ref)
            return answer
        access.note(source, way, host, answer, ref=ref)
        ended[way.name] = answer
    return summed(ended)


def following(access: Access, source: str, host: str, ended: Mapping[str, Problem]) -> Way | None:
    """Give the way to try next after those that ended so; nothing when none is left that can help."""
    failed = {name: problem.failure for name, problem in ended.items()}
    able = {way.name: way for way in access.ways(source, tuple(failed.values()), host=host)}
    chosen = next_way([traits(way) for way in able.values()], failed)
    return able[chosen.name] if chosen else None


def summed(ended: Mapping[str, Problem]) -> Problem:
    """Give the most telling of several ways' problems, the ways named in its detail where there was more than one."""
    worst = telling([problem.failure for problem in ended.values()])
    problem = next((each for each in ended.values() if each.failure is worst), None)
    if problem is None:
        return Problem(failure=FailureClass.UNEXPECTED, detail="there was no way to take")
    if len(ended) == 1:
        return problem
    told = ", ".join(f"{name} ({each.failure.replace('_', ' ')})" for name, each in ended.items())
    return replace(problem, detail=f"{problem.detail}; ways tried: {told}")
