"""The difference of two orders: exact, smallest, and reversible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.moves import Difference, Moved, Placed, applied, difference

ENTRIES = st.lists(st.sampled_from("abcdefgh"), max_size=14).map(tuple)
"""Few names, so that repeats are frequent."""


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the longest common subsequence, the slow and plain way."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one, start=1):
        for j, b in enumerate(other, start=1):
            rows[i][j] = rows[i - 1][j - 1] + 1 if a == b else max(rows[i - 1][j], rows[i][j - 1])
    return rows[-1][-1]


@given(ENTRIES, ENTRIES)
def test_applying_a_difference_gives_the_new_order(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """P14: what came, went and moved says everything there is to say of two orders, repeats included."""
    assert applied(before, difference(before, after)) == after


@given(ENTRIES, ENTRIES)
def test_a_difference_can_be_taken_back(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """P14: the reversal makes the old order out of the new one, and twice reversed it is itself."""
    change = difference(before, after)
    assert applied(after, change.reversed) == before
    assert change.reversed.reversed == change


@given(ENTRIES, ENTRIES)
def test_the_moves_are_the_fewest_there_can_be(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """P14: what both hold and does not stay in a longest common subsequence is moved, once each."""
    both = (Counter(before) & Counter(after)).total()
    change = difference(before, after)
    assert len(change.moved) == both - longest_common(before, after)
    assert len(change.removed) == len(before) - both
    assert len(change.added) == len(after) - both


@given(ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
def test_a_shuffle_adds_and_removes_nothing(orders: tuple[tuple[str, ...], list[str]]) -> None:
    """P14: moves are moves, never an entry that went and one that came."""
    change = difference(*orders)
    assert (change.added, change.removed) == ((), ())


@given(ENTRIES)
def test_equal_orders_do_not_differ(entries: tuple[str, ...]) -> None:
    """I50: nothing changed is nothing to tell."""
    assert difference(entries, entries) == Difference()
    assert str(Difference()) == ""


def test_one_entry_put_first_is_one_move() -> None:
    """P14: everything else stays, whatever positions it has now."""
    change = difference(("a", "b", "c", "d"), ("d", "a", "b", "c"))
    assert change == Difference(moved=(Moved(ref="d", before=4, after=1),))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (("a", "b"), ("a", "c", "b", "a"), "2 new"),
        (("a", "b", "a"), ("b", "a"), "1 gone"),
        (("a", "b", "c", "x"), ("c", "a", "b", "y"), "1 new, 1 gone, 1 moved"),
    ],
)
def test_a_difference_is_said_in_a_few_words(before: tuple[str, ...], after: tuple[str, ...], said: str) -> None:
    """P14: counts alone, for a line of history."""
    assert str(difference(before, after)) == said


def test_positions_count_from_one() -> None:
    """P14: as people count, and as the entries of a playlist are numbered everywhere."""
    change = difference(("a",), ("b", "a"))
    assert change.added == (Placed(ref="b", position=1),)


def test_a_long_list_of_one_repeat_costs_little() -> None:
    """P9: equal ends are set aside before anything is compared."""
    before = ("a",) * 5000
    assert difference(before, (*before, "b")) == Difference(added=(Placed(ref="b", position=5001),))


@pytest.mark.parametrize("tracks", [1, 2, 7])
def test_a_long_list_of_few_tracks_is_compared_at_once(tracks: int) -> None:
    """P14, F33: two tracks in a list of 5,000 meet six million times; it is exact all the same."""
    before = tuple(str(at % tracks) for at in range(5_000))
    after = ("new", *reversed(before[1:]), "last", "0")
    change = difference(before, after)
    assert applied(before, change) == after
    assert len(change.added) == 2
    assert change.removed == ()


@given(ENTRIES, ENTRIES)
def test_repeats_that_are_told_apart_by_their_number_are_as_exact(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    """P14: what a list of many repeats is compared by, on lists of few."""
    long = ("r",) * 500
    change = difference(("old", *before, *long), (*after, *long, "new"))
    assert applied(("old", *before, *long), change) == (*after, *long, "new")
