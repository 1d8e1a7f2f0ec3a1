"""Asks each remote one read-only question, for `sync doctor --online`. Appends nothing, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from engine.domain.failure import Problem
from engine.ports import ScanEnd, Target
from engine.projections.state import State
from engine.source_ports import Listing, Source, Unchanged
from engine.workflows.doctor import Reach


def reach_all(targets: Iterable[Target], sources: Sequence[Source], urls: Iterable[str]) -> Iterator[Reach]:
    """Give what came of asking each target for its first page, and each followed address for its listing."""
    nothing_known = State()
    for target in targets:
        for kind in target.kinds:
            yield Reach(remote=f"{target.name} {kind}", problem=_first_problem(target, kind, nothing_known))
    for url in urls:
        source = next((source for source in sources if source.recognises(url)), None)
        if source is not None:
            answer = source.list_playlist(url)
            yield Reach(remote=url, problem=_in_the_way(answer))


def _in_the_way(answer: Listing | Unchanged | Problem) -> Problem | None:
    match answer:
        case Problem():
            return answer
        case Listing(problem=problem):
            return problem
        case Unchanged():
            return None
        case _:
            assert_never(answer)


def _first_problem(target: Target, kind: str, known: State) -> Problem | None:
    for page in target.scan(kind, known):
        return page.problem if isinstance(page, ScanEnd) else None
    return None
