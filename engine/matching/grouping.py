"""Groups of things in which every member agrees with every other (F1): never a chain of agreements.

It is given which pairs were accepted, how strongly, and which were rejected; what it has to cut it shows. No names, no
audio, no thresholds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two things were accepted as one, and yet are not in one group.

    Attributes:
        a: the one, smaller in order than `b`.
        b: the other.
        via: two things that do not agree, of a's group and of b's: what keeps the groups apart.
        rejected: whether `via` was judged to be two recordings, or only never accepted.
    """

    a: str
    b: str
    via: Pair
    rejected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Every thing in one group, and what had to be cut for it.

    Attributes:
        groups: each ascending and pairwise agreed, by their first members; a thing without agreement is alone.
        contradictions: the accepted pairs that lie between two groups, ascending.
    """

    groups: tuple[tuple[str, ...], ...]
    contradictions: tuple[Contradiction, ...]


def cliques(nodes: Iterable[str], accepted: Mapping[Pair, float], rejected: Collection[Pair] = ()) -> Grouping:
    """Give the groups of things that all agree with each other, strong agreements kept before weak ones.

    Args:
        nodes: the things; order and repeats do not matter.
        accepted: pairs judged one recording, in either order, with their strength.
        rejected: pairs judged two recordings; they outweigh an acceptance of the same pair.
    """
    apart = {_ordered(pair) for pair in rejected}
    strengths = _strengths(accepted)
    edges = {pair: strength for pair, strength in strengths.items() if pair not in apart}
    groups = sorted(
        chosen
        for component in _components({*nodes, *(node for pair in strengths for node in pair)}, edges)
        for chosen in _split(component, edges)
    )
    return Grouping(groups=tuple(groups), contradictions=tuple(_cut(groups, strengths, edges, apart)))


def _ordered(pair: Pair) -> Pair:
    return pair if pair[0] <= pair[1] else (pair[1], pair[0])


def _strengths(accepted: Mapping[Pair, float]) -> dict[Pair, float]:
    strengths: dict[Pair, float] = {}
    for (a, b), strength in accepted.items():
        if a != b:
            pair = _ordered((a, b))
            strengths[pair] = max(strength, strengths.get(pair, strength))
    return strengths


def _components(nodes: Collection[str], edges: Collection[Pair]) -> Iterator[list[str]]:
    """Give the things that are joined by any chain of agreements: outside of one there is nothing to weigh."""
    beside: dict[str, list[str]] = {node: [] for node in nodes}
    for a, b in edges:
        beside[a].append(b)
        beside[b].append(a)
    while beside:
        node, open_nodes = beside.popitem()
        component = [node]
        while open_nodes:
            if (neighbours := beside.pop(node := open_nodes.pop(), None)) is not None:
                component.append(node)
                open_nodes += neighbours
        yield sorted(component)


def _split(component: list[str], edges: Mapping[Pair, float]) -> list[tuple[str, ...]]:
    """Grow groups along the strongest agreement, wherever all members of both sides agree.

    One pass is enough for groups of which no two could be one: both only grow, so when the first agreement between two
    of them came up, all the others between them were there too.
    """
    bits = {node: 1 << place for place, node in enumerate(component)}
    agreeing = bits.copy()  # of each thing: itself and all that it agrees with, as a set of bits
    inside = [(a, b) for a, b in _pairs(component, edges)]
