"""What differs between two orders of one list, with repeats: what came, what went, and what only stands elsewhere.

A repeat is an entry like any other. The moves are the fewest there can be: what stays is a longest common subsequence,
found as a longest increasing one over the places where equal entries meet (Hunt and Szymanski, 1977). Where repeats
meet too often for that, the first is taken for the first, the second for the second: as exact, with more moves. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from typing_extensions import override

from engine.domain.value import Value

MEETINGS_MAX = 200_000
"""Places where equal entries meet, from which on repeats are told apart by their number."""


class Placed(Value, frozen=True):
    """An entry and its position, from 1."""

    ref: str
    position: int


class Moved(Value, frozen=True):
    """An entry that stands elsewhere; both positions from 1."""

    ref: str
    before: int
    after: int


class Difference(Value, frozen=True):
    """What makes one order out of another, each part in the order of its positions."""

    added: tuple[Placed, ...] = ()  # positions in the new order
    removed: tuple[Placed, ...] = ()  # positions in the old one
    moved: tuple[Moved, ...] = ()  # by their new positions

    @property
    def reversed(self) -> Difference:
        """What makes the old order out of the new one."""
        back = sorted((Moved(ref=move.ref, before=move.after, after=move.before) for move in self.moved), key=_after)
        return Difference(added=self.removed, removed=self.added, moved=tuple(back))

    @override
    def __str__(self) -> str:
        """Say it in a few words; nothing where nothing differs."""
        counts = ((len(self.added), "new"), (len(self.removed), "gone"), (len(self.moved), "moved"))
        return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def difference(before: Sequence[str], after: Sequence[str]) -> Difference:
    """Give what makes `after` out of `before`, with the fewest moves."""
    kept = _kept(before, after)
    left = _places(before, {old for old, _ in kept})
    come = _places(after, {new for _, new in kept})
    moved: list[Moved] = []
    removed: list[Placed] = []
    for ref, olds in left.items():
        news = come.get(ref, [])
        moved += [Moved(ref=ref, before=old + 1, after=new + 1) for old, new in zip(olds, news, strict=False)]
        removed += [Placed(ref=ref, position=old + 1) for old in olds[len(news) :]]
        come[ref] = news[len(olds) :]
    added = [Placed(ref=ref, position=new + 1) for ref, news in come.items() for new in news]
    return Difference(
        added=tuple(sorted(added, key=_position)),
        removed=tuple(sorted(removed, key=_position)),
        moved=tuple(sorted(moved, key=_after)),
    )


def applied(before: Sequence[str], change: Difference) -> tuple[str, ...]:
    """Give the order that a difference makes out of the one it was taken from."""
    gone = {row.position for row in change.removed} | {move.before for move in change.moved}
    entries = [ref for position, ref in enumerate(before, start=1) if position not in gone]
    come = [(row.position, row.ref) for row in change.added] + [(move.after, move.ref) for move in change.moved]
    for position, ref in sorted(come):
        entries.insert(position - 1, ref)
    return tuple(entries)


def _kept(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Give the places, old and new, of what stays: a longest common subsequence."""
    head = _alike(before, after)
    room = min(len(before), len(after)) - head
    tail = min(room, _alike(before[::-1], after[::-1]))
    pairs = _meetings(before, after, range(head, len(before) - tail), range(head, len(after) - tail))
    ends = [(len(before) - back, len(after) - back) for back in range(tail, 0, -1)]
    return [*((each, each) for each in range(head)), *_rising(pairs), *ends]


def _meetings(before: Sequence[str], after: Sequence[str], olds: range, news: range) -> list[tuple[int, int]]:
    """Give the places where equal entries meet, by the old ones, the last new one first."""
    places: dict[str, list[int]] = defaultdict(list)
    for new in news:
        places[after[new]].append(new)
    if sum(len(places.get(before[old], ())) for old in olds) <= MEETINGS_MAX:
        return [(old, new) for old in olds for new in reversed(places.get(before[old], ()))]
    left = {ref: iter(found) for ref, found in places.items()}
    met = ((old, next(left.get(before[old], iter(())), None)) for old in olds)
    return [(old, new) for old, new in met if new is not None]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the entries with which both begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give a longest run of pairs whose new places rise strictly."""
    tails: list[int] = []  # the lowest new place that a run of each length ends with
    ends: list[int] = []  # where that pair stands
    before: list[int] = []
    for at, (_, new) in enumerate(pairs):
        length = bisect_left(tails, new)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [new]
        ends[length : length + 1] = [at]
    at, found = (ends[-1] if ends else -1), []
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _places(entries: Sequence[str], kept: Iterable[int]) -> dict[str, list[int]]:
    """Give the places of what does not stay, by entry."""
    held = set(kept)
    found: dict[str, list[int]] = {}
    for at, ref in enumerate(entries):
        if at not in held:
            found.setdefault(ref, []).append(at)
    return found


def _position(row: Placed) -> int:
    return row.position


def _after(move: Moved) -> int:
    return move.after
