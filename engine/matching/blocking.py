"""Which pairs of things are worth comparing, so that 25,000 × 25,000 is seconds and hardly a true pair is lost.

Two things meet when they share an id, when their titles are equal without spaces and signs, or when they share their
rarest words and no more than one of them has words besides. It decides nothing: a pair that meets may still be two
songs. No parsing, no distance, no score.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import TypeAlias, TypeVar

RAREST_WORDS = 4  # more find nothing more and cost as much again: measured on crates of 10,000
SAME_WORDS_LIMIT = 24  # more things that share two words are one artist's songs, which other words tell apart
SHARED_WORDS_CLEAR = 3  # with as many in common, each side may have words of its own
SAME_NAME_LIMIT = 200  # things of one title, or one id: 12 of one title were seen; an id of more is a placeholder

Pair: TypeAlias = tuple[int, int]
Place = TypeVar("Place", int, str)
"""Where things meet: two words as one number of their ranks, a squashed title, an id."""


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


def pairs_within(keys: Sequence[Keys]) -> Iterator[Pair]:
    """Give the pairs (i, j), i < j, of one crate that are worth comparing: each once, in ascending order."""
    counts = _counted(keys)
    ranks = _ranked({word: count for word, count in counts.items() if count > 1})
    named = {pair for at in (_ids(keys), _titles(keys)) for pair in _met_within(_blocks(at), SAME_NAME_LIMIT)}
    worded = set(_met_within(_blocks(_rare_words(keys, ranks, _only_words(keys))), SAME_WORDS_LIMIT))
    yield from _in_order(named | _alike_of(worded - named, keys, keys), len(keys))


def pairs_between(left: Sequence[Keys], right: Sequence[Keys]) -> Iterator[Pair]:
    """Give the pairs (i in left, j in right) that are worth comparing: each once, in ascending order."""
    counts, theirs = _counted(left), _counted(right)
    ranks = _ranked({word: counts[word] + theirs[word] for word in counts.keys() & theirs.keys()})
    named: set[Pair] = set()
    for ours_at, theirs_at in ((_ids(left), _ids(right)), (_titles(left), _titles(right))):
        named.update(_met_between(_blocks(ours_at), _blocks(theirs_at), SAME_NAME_LIMIT))
    only = _only_words(left) | _only_words(right)
    ours, opposite = list(_rare_words(left, ranks, only)), list(_rare_words(right, ranks, only))
    meeting = set(chain.from_iterable(ours)).intersection(chain.from_iterable(opposite))
    worded = set(_met_between(_blocks(ours, meeting), _blocks(opposite, meeting), SAME_WORDS_LIMIT))
    yield from _in_order(named | _alike_of(worded - named, left, right), len(left))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether names may be one: songs of one artist share no more than two words, and each has words of its own."""
    shared = len(one & other)
    if shared >= SHARED_WORDS_CLEAR or shared in (len(one), len(other)):
        return True
    return _letters(one) == _letters(other) and sorted("".join(one - other)) == sorted("".join(other - one))


def _alike_of(pairs: Iterable[Pair], left: Sequence[Keys], right: Sequence[Keys]) -> set[Pair]:
    ours = [each.words for each in left]
    theirs = ours if right is left else [each.words for each in right]
    return {pair for pair in pairs if alike(ours[pair[0]], theirs[pair[1]])}


def _letters(words: frozenset[str]) -> int:
    return sum(map(len, words))


def _counted(keys: Sequence[Keys]) -> Counter[str]:
    return Counter(chain.from_iterable(each.words for each in keys))


def _ranked(counts: dict[str, int]) -> dict[str, int]:
    """Give a number to each word, the rarest first; words that nothing shares have none and lead nowhere."""
    return {word: rank for rank, word in enumerate(sorted(counts, key=lambda word: (counts[word], word)))}


def _only_words(keys: Sequence[Keys]) -> set[str]:
    """Give the words of things that have one word: two shared ones cannot be asked of them."""
    return {word for each in keys if len(each.words) == 1 for word in each.words}


def _rare_words(keys: Sequence[Keys], ranks: dict[str, int], only_words: Collection[str]) -> Iterator[list[int]]:
    """Give of each thing its places by words: two of its rarest each, and what may be all that another has."""
    alone = {ranks[word] for word in only_words if word in ranks}
    width = len(ranks)
    for each in keys:
        rarest = sorted([ranks[word] for word in each.words if word in ranks])
        at = [first * width + second for first, second in combinations(rarest[:RAREST_WORDS], 2)]
        if not alone.isdisjoint(rarest):
            at += [word * width + word for word in rarest if word in alone]
        yield at


def _titles(keys: Sequence[Keys]) -> Iterator[tuple[str, ...]]:
    return ((each.squashed,) if each.squashed else () for each in keys)


def _ids(keys: Sequence[Keys]) -> Iterator[frozenset[str]]:
    return (each.exact for each in keys)


def _blocks(placed: Iterable[Collection[Place]], wanted: Collection[Place] | None = None) -> dict[Place, list[int]]:
    """Give the things of each place, ascending; of some places only, where they are known."""
    blocks: defaultdict[Place, list[int]] = defaultdict(list)
    for thing, places in enumerate(placed):
        for place in places:
            if wanted is None or place in wanted:
                blocks[place].append(thing)
    return blocks


def _met_within(blocks: dict[Place, list[int]], limit: int) -> Iterator[Pair]:
    return chain.from_iterable(combinations(block, 2) for block in blocks.values() if 1 < len(block) <= limit)


def _met_between(ours: dict[Place, list[int]], theirs: dict[Place, list[int]], limit: int) -> Iterator[Pair]:
    most = limit * limit
    both = ((ours[place], theirs[place]) for place in ours.keys() & theirs.keys())
    return chain.from_iterable(product(one, other) for one, other in both if len(one) * len(other) <= most)


def _in_order(pairs: Iterable[Pair], length: int) -> Iterator[Pair]:
    """Give pairs in ascending order: sorted by their seconds within each first, which is less than all at once."""
    seconds: list[list[int]] = [[] for _ in range(length)]
    for first, second in pairs:
        seconds[first].append(second)
    for first, found in enumerate(seconds):
        for second in sorted(found):
            yield first, second
