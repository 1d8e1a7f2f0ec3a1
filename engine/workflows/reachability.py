"""Asks each remote one read-only question, for `sync doctor --online`. Appends nothing, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.domain.failure import Problem
from engine.ports import ScanEnd, Target
from engine.projections.state import State
from engine.source_ports import Listing, Source
from engine.workflows.doctor import Reach


def reach_all(targets: Iterable[Target], sources: Sequence[Source], urls: Iterable[str]) -> Iterator[Reach]:
    """Give what came of asking each target for its first page, and each followed address for a listing."""
    nothing_known = State()
    for target in targets:
        for kind in target.kinds:
            yield Reach(remote=f"{target.name} {kind}", problem=_first_problem(target, kind, nothing_known))
    for url in urls:
        source = next((source for source in sources if source.recognises(url)), None)
        if source is not None:
            yield Reach(remote=url, problem=_in_the_way(source, url))


def _in_the_way(source: Source, url: str) -> Problem | None:
    """Give what keeps an address from being listed: of several playlists behind it, the first stands for all."""
    behind = source.expand(url)
    answer = behind if isinstance(behind, Problem) or not behind else source.list_playlist(behind[0])
    if isinstance(answer, Listing):
        return answer.problem
    return answer if isinstance(answer, Problem) else None


def _first_problem(target: Target, kind: str, known: State) -> Problem | None:
    for page in target.scan(kind, known):
        return page.problem if isinstance(page, ScanEnd) else None
    return None
