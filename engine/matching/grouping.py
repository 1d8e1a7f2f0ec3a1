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
Agreeing: TypeAlias = Mapping[str, Mapping[str, float]]
"""What each thing agrees with, and how strongly."""


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
    agreeing: dict[str, dict[str, float]] = {node: {} for node in nodes}
    for (a, b), strength in strengths.items():
        ours, theirs = agreeing.setdefault(a, {}), agreeing.setdefault(b, {})
        if (a, b) not in apart:
            ours[b] = theirs[a] = strength
    groups = sorted(group for component in _components(agreeing) for group in _split(component, agreeing))
    return Grouping(groups=tuple(groups), contradictions=tuple(_cut(groups, sorted(strengths), agreeing, apart)))


def _ordered(pair: Pair) -> Pair:
    return pair if pair[0] <= pair[1] else (pair[1], pair[0])


def _strengths(accepted: Mapping[Pair, float]) -> dict[Pair, float]:
    strengths: dict[Pair, float] = {}
    for (a, b), strength in accepted.items():
        if a != b:
            pair = _ordered((a, b))
            strengths[pair] = max(strength, strengths.get(pair, strength))
    return strengths


def _components(agreeing: Agreeing) -> Iterator[list[str]]:
    """Give the things that any chain of agreements joins: outside of one there is nothing to weigh."""
    left = set(agreeing)
    while left:
        component: list[str] = []
        waiting = [left.pop()]
        while waiting:
            node = waiting.pop()
            component.append(node)
            beside = left.intersection(agreeing[node])
            left -= beside
            waiting += beside
        yield sorted(component)


def _split(component: list[str], agreeing: Agreeing) -> Iterator[tuple[str, ...]]:
    """Give the groups of one component, grown along its agreements wherever all members of both sides agree.

    One pass leaves no two groups that could be one: groups only grow, so when the first agreement between two of them
    came up, all others between them were there, and they were joined.
    """
    bits = {node: 1 << place for place, node in enumerate(component)}
    with_all = [sum(bits[other] for other in agreeing[node]) | bits[node] for node in component]
    group_of = list(range(len(component)))
    members = [1 << place for place in group_of]
    for a, b in _strongest_first(component, agreeing, with_all):
        kept, joined = group_of[a], group_of[b]
        if kept != joined and not members[joined] & ~with_all[kept]:
            members[kept] |= members[joined]
            with_all[kept] &= with_all[joined]
            group_of = [kept if group == joined else group for group in group_of]
    grown: dict[int, list[str]] = {}
    for place, node in enumerate(component):
        grown.setdefault(group_of[place], []).append(node)
    yield from map(tuple, grown.values())


def _strongest_first(component: list[str], agreeing: Agreeing, with_all: list[int]) -> list[tuple[int, int]]:
    """Give the agreements by places: the strong first, then those that most others stand beside, then by name."""
    places = {node: place for place, node in enumerate(component)}
    weighed = [
        (-strength, -(with_all[a] & with_all[b]).bit_count(), a, b)
        for a, node in enumerate(component)
        for other, strength in agreeing[node].items()
        if (b := places[other]) > a
    ]
    return [(a, b) for _, _, a, b in sorted(weighed)]


def _cut(
    groups: list[tuple[str, ...]], pairs: list[Pair], agreeing: Agreeing, apart: Collection[Pair]
) -> Iterator[Contradiction]:
    """Give the accepted pairs between two groups, each with two members that keep those apart."""
    group_of = {node: group for group in groups for node in group}
    between: dict[tuple[str, str], tuple[Pair, bool]] = {}
    for a, b in pairs:
        ours, theirs = group_of[a], group_of[b]
        if ours is theirs:
            continue
        sides = (ours[0], theirs[0])
        if sides not in between:
            between[sides] = _obstacle(ours, theirs, agreeing, apart)
        via, rejected = between[sides]
        yield Contradiction(a=a, b=b, via=via, rejected=rejected)


def _obstacle(
    ours: tuple[str, ...], theirs: tuple[str, ...], agreeing: Agreeing, apart: Collection[Pair]
) -> tuple[Pair, bool]:
    """Give two members that do not agree, those judged to be two recordings before those never accepted."""
    missing = [(a, b) for a, b in product(ours, theirs) if b not in agreeing[a]]
    rejected = [pair for pair in missing if _ordered(pair) in apart]
    return (rejected or missing)[0], bool(rejected)
