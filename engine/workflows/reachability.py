"""Asks each remote one read-only question, for `sync doctor --online`. Appends nothing, writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from engine.domain.failure import FailureClass, Problem
from engine.ports import ScanEnd, Target
from engine.projections.state import State
from engine.source_ports import Listing, Source
from engine.workflows.doctor import Reach
from engine.workflows.limits import RemoteBlockedError

ADDRESSES_MAX = 10
"""Followed addresses that one source is asked for: hundreds would cost what the next run needs."""
_OF_ALL = (FailureClass.RATE_LIMITED, FailureClass.AUTH_EXPIRED, FailureClass.NETWORK, FailureClass.BOT_CHALLENGE)
"""What the next address of the same source would meet as well."""


def reach_all(targets: Iterable[Target], sources: Sequence[Source], urls: Iterable[str]) -> Iterator[Reach]:
    """Give what came of asking each target for its first page, and followed addresses for a listing.

    A source that wants to be left alone, or takes no login of ours, is asked no more.
    """
    nothing_known = State()
    for target in targets:
        for kind in target.kinds:
            yield Reach(remote=f"{target.name} {kind}", problem=_first_problem(target, kind, nothing_known))
    asked: Counter[str] = Counter()
    closed: set[str] = set()
    for url in urls:
        source = next((source for source in sources if source.recognises(url)), None)
        if source is None or source.name in closed or asked[source.name] == ADDRESSES_MAX:
            continue
        asked[source.name] += 1
        problem = _in_the_way(source, url)
        if problem is not None and problem.failure in _OF_ALL:
            closed.add(source.name)
        yield Reach(remote=url, problem=problem)


def _in_the_way(source: Source, url: str) -> Problem | None:
    """Give what keeps an address from being listed: of several playlists behind it, the first stands for all."""
    try:
        behind = source.expand(url)
        answer = behind if isinstance(behind, Problem) or not behind else source.list_playlist(behind[0])
    except RemoteBlockedError as error:
        return error.problem
    if isinstance(answer, Listing):
        return answer.problem
    return answer if isinstance(answer, Problem) else None


def _first_problem(target: Target, kind: str, known: State) -> Problem | None:
    for page in target.scan(kind, known):
        return page.problem if isinstance(page, ScanEnd) else None
    return None
