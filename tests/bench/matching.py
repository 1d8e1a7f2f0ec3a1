"""G15: finding which of 10,000 titles is which of 10,000 others, against rapidfuzz's `cdist` on two workers.

Processor time: ours of its one thread, theirs halved for its two, because other work on the machine lengthens clocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.matching.blocking import Keys, alike, pairs_between
from engine.matching.keys import keys_of
from engine.matching.names import compare_names
from engine.matching.parsing import parse
from engine.matching.policy import DEFAULT
from engine.matching.things import Thing
from tests.bench.measured import Bench, Row, best_of, cpu_seconds
from tests.bench.peers import NotMeasuredError, ask
from tests.scorecard.crates import Item, two_crates

SEED = 15
GOAL = 5.0
SORTED_WORDS = "token_sort_ratio"  # like ours it does not care for the order of words, and finds more of the true pairs
WHOLE_STRINGS = "ratio"  # much faster; the goal names no scorer, so it is held against both
TRUE_PAIRS_GOAL = 0.99
Pairs = set[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Two crates, what they are found by, and the pairs that are truly one recording."""

    left: list[Thing]
    right: list[Thing]
    left_keys: list[Keys]
    right_keys: list[Keys]
    true: Pairs

    def matched(self) -> list[tuple[int, int]]:
        """Give the pairs of which the words agree."""
        left, right = self.left_keys, self.right_keys
        return [(a, b) for a, b in pairs_between(left, right) if alike(left[a].words, right[b].words)]


def run(bench: Bench, wanted: frozenset[str]) -> Iterator[Row]:
    """Give the rows of G15."""
    if "G15" not in wanted:
        return
    titles = bench.scale.titles_matched
    sides = _sides(*two_crates(SEED, titles))
    best = best_of(bench.scale.rounds, {"match": lambda: cpu_seconds(sides.matched)})
    theirs, their_pairs, why = _cdist(bench, sides, SORTED_WORDS)
    plain, _, _ = _cdist(bench, sides, WHOLE_STRINGS)
    matched = set(sides.matched())
    what = f"match {titles:,} × {titles:,} titles"
    yield _row(f"{what}: blocks, words compared", best["match"], theirs, GOAL, why)
    yield _row(f"{what}: blocks, words compared", best["match"], plain, GOAL, why, WHOLE_STRINGS)
    yield _row(f"{what}: the same and names judged", best["match"] + _judging_s(sides, matched), theirs, None, why)
    yield _row(f"{what}: taking the names apart, once a name", _parsing_s(sides), theirs, None, why)
    yield _found(f"{what}: true pairs found", sides.true, matched, their_pairs, why)


def _sides(left: Sequence[Item], right: Sequence[Item]) -> _Sides:
    places = {item.recording: place for place, item in enumerate(left)}
    ours, theirs = _things(left), _things(right)
    return _Sides(
        left=ours,
        right=theirs,
        left_keys=[keys_of(thing) for thing in ours],
        right_keys=[keys_of(thing) for thing in theirs],
        true={(places[item.recording], place) for place, item in enumerate(right) if item.recording in places},
    )


def _things(items: Sequence[Item]) -> list[Thing]:
    return [Thing(key=item.key, title=item.title, artist=item.artist) for item in items]


def _judging_s(sides: _Sides, matched: Pairs) -> float:
    left, right = ([parse(thing.title, thing.artist) for thing in side] for side in (sides.left, sides.right))
    return cpu_seconds(lambda: [compare_names(left[a], right[b], DEFAULT) for a, b in matched])


def _parsing_s(sides: _Sides) -> float:
    parse.cache_clear()
    return cpu_seconds(lambda: [keys_of(thing) for side in (sides.left, sides.right) for thing in side])


def _cdist(bench: Bench, sides: _Sides, scorer: str) -> tuple[float | None, Pairs, str]:
    """Give rapidfuzz's seconds and which of the true pairs it finds, or nothing and the reason."""
    told, found = bench.folder / "titles.json", bench.folder / "found.json"
    titles = [[_title(thing) for thing in side] for side in (sides.left, sides.right)]
    told.write_text(json.dumps([*titles, sorted(sides.true)]), encoding="utf-8")
    try:
        taken_s = ask(bench, "rapidfuzz_cdist", told, found, scorer, bench.scale.rounds)
    except NotMeasuredError as error:
        return None, set(), f"not measured: {error}"
    return taken_s, _read(found), ""


def _title(thing: Thing) -> str:
    return thing.title if thing.artist is None else f"{thing.artist} - {thing.title}"


def _read(path: Path) -> Pairs:
    return {(a, b) for a, b in json.loads(path.read_text(encoding="utf-8"))}


def _row(what: str, ours: float, theirs: float | None, goal: float | None, why: str, scorer: str = SORTED_WORDS) -> Row:
    return Row(
        id="G15",
        what=what,
        unit="CPU s",
        ours=ours,
        against=f"cdist, {scorer}",
        theirs=theirs,
        ratio=None if theirs is None else theirs / ours,
        goal=goal,
        why=why,
    )


def _found(what: str, true: Pairs, matched: Pairs, their_pairs: Pairs, why: str) -> Row:
    """Give the row of what was found: ours of the true pairs that they find, and of all."""
    theirs = None if why else len(their_pairs) / len(true)
    return Row(
        id="G15",
        what=what,
        unit="of all",
        ours=len(true & matched) / len(true),
        against="of what cdist finds",
        theirs=theirs,
        ratio=None if why else len(their_pairs & matched) / max(1, len(their_pairs)),
        goal=TRUE_PAIRS_GOAL,
        why=why,
    )
