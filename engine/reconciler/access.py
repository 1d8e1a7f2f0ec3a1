"""Which ways to a source are worth trying, in which order, and whether an untried one may open what was withheld. Pure.

Knows the names and traits of ways, never their addresses. What `next_way` goes by and what `opens` promises are the
same two tables, so that a question is only asked again when a way is left that could have answered it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.domain.addresses import serving_source
from engine.domain.failure import Availability, FailureClass
from engine.domain.value import Value
from engine.projections.rows import Sighting

SECOND_US = 1_000_000
DIRECT_REST_S = 3600.0
"""How long the direct way stays last after it failed; other ways stay last until they worked again."""
SPENT_FAILURES = 2
SPENT_S = 600.0
"""How long a way that failed so often in a row is no second choice: one that hangs would cost its wait every track."""


class WayTraits(Value, frozen=True):
    """What is known of a way without its secrets.

    Attributes:
        proxied: whether it leaves from another place.
        cookies: whether it speaks for an account.
        country: where its proxy stands.
    """

    name: str
    proxied: bool = False
    cookies: bool = False
    country: str | None = None


class Standing(Value, frozen=True):
    """How one way did.

    Attributes:
        failure: what it failed with by itself, whatever was asked; nothing while it works.
        worked: orders the ways by their last success; 0 for none.
        failures: how often in a row it failed by itself, in this process.
    """

    failure: FailureClass | None = None
    last_us: int = 0
    worked: int = 0
    failures: int = 0


_ACCOUNT = frozenset(
    {FailureClass.MEMBERS_ONLY, FailureClass.AGE_GATED, FailureClass.PREVIEW_ONLY, FailureClass.PRIVATE}
)
_FAULTY = frozenset({FailureClass.NETWORK, FailureClass.TIMEOUT, FailureClass.NOT_RUNNING, FailureClass.AUTH_EXPIRED})
_SILENT = frozenset(
    {
        FailureClass.RATE_LIMITED,
        FailureClass.OVERLOADED,
        FailureClass.REMOTE_ERROR,
        FailureClass.GARBAGE,
        FailureClass.EXTRACTOR_BROKEN,
        FailureClass.TOOL_MISSING,
        FailureClass.DISK_FULL,
        FailureClass.PERMISSION,
        FailureClass.UNEXPECTED,
    }
)
"""What says nothing about the way: the remote or this machine is in trouble."""

_TELLING: tuple[frozenset[FailureClass], ...] = (
    frozenset({FailureClass.RATE_LIMITED, FailureClass.DISK_FULL, FailureClass.PERMISSION, FailureClass.TOOL_MISSING}),
    frozenset({FailureClass.DRM_PROTECTED, FailureClass.NOT_YET, FailureClass.UNSUPPORTED}),
    _ACCOUNT,
    frozenset({FailureClass.GEO_BLOCKED}),
    frozenset({FailureClass.GONE, FailureClass.MEDIA_MISSING, FailureClass.NOT_ALLOWED, FailureClass.NOT_FOUND}),
    frozenset({FailureClass.BOT_CHALLENGE}),
)


def helps(failure: FailureClass, way: WayTraits) -> bool:
    """Say whether another way, with such traits, may get what failed so.

    A rate limit is respected, never evaded; what is gone, locked or missing is so from everywhere.
    """
    if failure is FailureClass.GEO_BLOCKED:
        return way.proxied
    if failure in _ACCOUNT:
        return way.cookies
    if failure is FailureClass.BOT_CHALLENGE:
        return way.proxied or way.cookies
    return failure in _FAULTY


def blames_way(failure: FailureClass) -> bool:
    """Say whether a failure is the way's own, so that the next question had better take another."""
    return failure in _FAULTY or failure is FailureClass.BOT_CHALLENGE


def says_nothing(failure: FailureClass) -> bool:
    """Say whether a failure leaves open how the way stands."""
    return failure in _SILENT


def telling(failed: Collection[FailureClass]) -> FailureClass | None:
    """Give the failure that says most about what was asked: a geo-block over a dead proxy; the first among equals."""
    return min(failed, key=_rank, default=None)


def _rank(failure: FailureClass) -> int:
    for number, group in enumerate(_TELLING):
        if failure in group:
            return number
    return len(_TELLING) + (failure in _FAULTY) + (failure is FailureClass.AUTH_EXPIRED)


def ordered(
    ways: Sequence[WayTraits], standings: Mapping[str, Standing], failed: Sequence[FailureClass], now_us: int
) -> tuple[WayTraits, ...]:
    """Give the ways worth trying, best first.

    The direct way, which `ways` begins with, is first while it works; then the one that last worked; then the order
    of the settings. A way that failed by itself is last until it worked again, the direct one for an hour. After
    another way failed, one that is spent is not asked at all.
    """
    worst = telling(failed)
    able = [way for way in ways if worst is None or _serves(way, standings.get(way.name), worst, now_us)]

    def place(way: WayTraits) -> tuple[bool, bool, int]:
        standing = standings.get(way.name, Standing())
        direct = way is ways[0]
        return (_resting(standing, now_us, direct=direct), not direct, -standing.worked)

    return tuple(sorted(able, key=place))


def spent(standing: Standing, now_us: int) -> bool:
    """Say whether a way failed by itself so often, and so lately, that it is left out where it would be one of many."""
    return standing.failures >= SPENT_FAILURES and now_us - standing.last_us < SPENT_S * SECOND_US


def _serves(way: WayTraits, standing: Standing | None, worst: FailureClass, now_us: int) -> bool:
    return helps(worst, way) and not (standing is not None and spent(standing, now_us))


def _resting(standing: Standing, now_us: int, *, direct: bool) -> bool:
    if standing.failure is None:
        return False
    return not direct or now_us - standing.last_us < DIRECT_REST_S * SECOND_US


def next_way(able: Sequence[WayTraits], ended: Mapping[str, FailureClass]) -> WayTraits | None:
    """Give the way to try next, each once: other countries than those that were blocked first."""
    blocked = {way.country for way in able if way.country and ended.get(way.name) is FailureClass.GEO_BLOCKED}
    left = [way for way in able if way.name not in ended]
    return min(left, key=lambda way: way.country in blocked, default=None)


def opens(ways: Sequence[WayTraits], failure: FailureClass, tried: Collection[str]) -> bool:
    """Say whether a way is there that was not tried for something, and that may get what failed so.

    Only for what a source withholds from where and who we are; what passes by itself has its own time.
    """
    withheld = failure is FailureClass.GEO_BLOCKED or failure in _ACCOUNT
    return withheld and any(helps(failure, way) and way.name not in tried for way in ways)


_FAILURE_OF = {
    Availability.GEO_BLOCKED: FailureClass.GEO_BLOCKED,
    Availability.PREVIEW_ONLY: FailureClass.PREVIEW_ONLY,
    Availability.PRIVATE: FailureClass.PRIVATE,
    Availability.AGE_GATED: FailureClass.AGE_GATED,
    Availability.MEMBERS_ONLY: FailureClass.MEMBERS_ONLY,
}


def may_open(row: Sighting | None, ways: Mapping[str, Sequence[WayTraits]]) -> bool:
    """Say whether a way is there by which what a source withholds of a track was not tried, and may be had."""
    failure = _FAILURE_OF.get(row.availability) if row else None
    return (
        row is not None
        and failure is not None
        and opens(ways.get(serving_source(row.ref, row.url), ()), failure, row.ways)
    )
