"""Which pairs of things are worth comparing, so that 25,000 × 25,000 is seconds and hardly a true pair is lost.

Two things meet when they share an id, when their titles are equal without spaces and signs, or when they share their
rarest words and no more than one of them has words besides. It decides nothing: a pair that meets may still be two
songs. No parsing, no distance, no score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import TypeAlias

RAREST_WORDS = 4  # more find nothing more and cost as much again: measured on crates of 10,000
SAME_WORDS_LIMIT = 24  # more things that share two words are one artist's songs, which other words tell apart
SHARED_WORDS_CLEAR = 3  # with as many in common, each side may have words of its own
SAME_NAME_LIMIT = 200  # things of one title, or one id: 12 of one title were seen; an id of more is a placeholder

Place: TypeAlias = int | str
"""Where things meet: two words by their ranks, or a squashed title or id by its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a thing is found by.

    Attributes:
        words: the folded words of artists, title and version, without noise.
        squashed: every letter and digit of the folded title in order, without spaces.
        exact: what is equal for one recording only: ISRC, hashes, ids of sources.
    """

    words: frozenset[str]
    squashed: str = ""
    exact: frozenset[str] = frozenset()


def pairs_within(keys: Sequence[Keys]) -> Iterator[tuple[int, int]]:
    """Give the pairs (i, j), i < j, of one crate that are worth comparing: each once, in ascending order."""
    counts = Counter(chain.from_iterable(each.words for each in keys))
    blocks = _blocks(keys, _places(counts, (word for word in counts if counts[word] > 1), _only_words(keys)))
    named: set[tuple[int, int]] = set()
    worded: set[tuple[int, int]] = set()
    for place, block in blocks.items():
        if 1 < len(block) <= _limit(place):
            (worded if isinstance(place, int) else named).update(combinations(block, 2))
    yield from sorted(named.union(pair for pair in worded if alike(keys[pair[0]].words, keys[pair[1]].words)))


def pairs_between(left: Sequence[Keys], right: Sequence[Keys]) -> Iterator[tuple[int, int]]:
    """Give the pairs (i in left, j in right) that are worth comparing: each once, in ascending order."""
    counts, there = (Counter(chain.from_iterable(each.words for each in side)) for side in (left, right))
    shared = counts.keys() & there.keys()
    counts.update(there)
    places = _places(counts, iter(shared), _only_words(left) | _only_words(right))
    ours, theirs = _blocks(left, places), _blocks(right, places)
    named: set[tuple[int, int]] = set()
    worded: set[tuple[int, int]] = set()
    for place, block in ours.items():
        if (opposite := theirs.get(place)) and len(block) * len(opposite) <= _limit(place) ** 2:
            (worded if isinstance(place, int) else named).update(product(block, opposite))
    yield from sorted(named.union(pair for pair in worded if alike(left[pair[0]].words, right[pair[1]].words)))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether names may be one: songs of one artist share no more than two words, and each has words of its own."""
    shared = len(one & other)
    if shared >= SHARED_WORDS_CLEAR or shared in (len(one), len(other)):
        return True
    rest, other_rest = "".join(one - other), "".join(other - one)
    return len(rest) == len(other_rest) and sorted(rest) == sorted(other_rest)


def _limit(place: Place) -> int:
    return SAME_WORDS_LIMIT if isinstance(place, int) else SAME_NAME_LIMIT


def _blocks(keys: Sequence[Keys], places: Callable[[Keys], list[Place]]) -> dict[Place, list[int]]:
    """Give the things of each place, ascending."""
    blocks: dict[Place, list[int]] = {}
    for thing, each in enumerate(keys):
        for place in places(each):
            if (block := blocks.get(place)) is None:
                blocks[place] = [thing]
            else:
                block.append(thing)
    return blocks


def _only_words(keys: Sequence[Keys]) -> frozenset[str]:
    """Give the words of things that have one word: two shared ones cannot be asked of them."""
    return frozenset(word for each in keys if len(each.words) == 1 for word in each.words)


def _places(counts: Counter[str], shared: Iterator[str], only_words: frozenset[str]) -> Callable[[Keys], list[Place]]:
    """Give how a thing is placed, the rarer words first; words that nothing shares lead nowhere."""
    ranks = {word: rank for rank, word in enumerate(sorted(shared, key=lambda word: (counts[word], word)))}
    alone = {ranks[word] for word in only_words & ranks.keys()}
    width = len(ranks)

    def places(each: Keys) -> list[Place]:
        rarest = sorted([ranks[word] for word in each.words if word in ranks])
        at: list[Place] = [first * width + second for first, second in combinations(rarest[:RAREST_WORDS], 2)]
        at += [word * width + word for word in rarest if word in alone]
        at += [f"={identifier}" for identifier in each.exact]
        if each.squashed:
            at.append(f"~{each.squashed}")
        return at

    return places
