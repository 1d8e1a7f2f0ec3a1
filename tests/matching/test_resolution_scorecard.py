"""Searches of which the truth is known, held to the bars that the scorecard publishes."""

from __future__ import annotations

import pytest

from engine.matching.things import Decision
from tests.scorecard.halves import Half, half_of, half_searches, labelled_searches
from tests.scorecard.names import judged_pairs
from tests.scorecard.resolution import SearchTable, measure_searches, text_of_halves, text_of_searches
from tests.scorecard.searches import AROUND_A_SONG, RIGHT, searches
from tests.scorecard.traps import TRAPS, traps

PRECISION_MIN = 0.995
RECALL_MIN = 0.9
NEVER = ("clip", "cover", "length", "live", "mix", "part", "remake", "remix", "silent karaoke", "silent speed", "speed")


@pytest.fixture(scope="module")
def table() -> SearchTable:
    """Give what was made of the real pairs and one of every trap."""
    return measure_searches(searches(17, [*judged_pairs(), *traps(17, len(TRAPS))]))


def test_what_is_taken_is_right(table: SearchTable) -> None:
    """F18, P2: of a hundred that are taken none is another version, and the rest is asked about."""
    assert [each.line() for each in table.wrong] == []
    assert table.precision >= PRECISION_MIN


def test_most_of_what_is_there_is_taken_or_asked_about(table: SearchTable) -> None:
    """F41: audio is found where it is; what is not taken is a question."""
    assert table.recall >= RECALL_MIN, "\n".join(text_of_searches(all=table))


def test_no_other_version_is_even_accepted(table: SearchTable) -> None:
    """F18: nightcore, karaoke, live takes and previews pass no gate, whatever their length."""
    accepted = {row.kind: row.decisions[Decision.ACCEPT] for row in table.rows}
    assert {kind: accepted[kind] for kind in NEVER} == dict.fromkeys(NEVER, 0)


def test_searches_repeat_and_every_kind_of_offer_has_its_row(table: SearchTable) -> None:
    """A scorecard can be taken again, and nothing is hidden in a sum."""
    assert searches(3, judged_pairs()) == searches(3, judged_pairs())
    assert {row.kind for row in table.rows} >= {RIGHT, *AROUND_A_SONG}
    said = "\n".join(text_of_searches(real=table))
    assert all(f"| {row.kind} |" in said for row in table.rows)
    assert f"{table.precision:.2%}" in said


@pytest.mark.parametrize(("half", "recall_min"), [(Half.MENDED, 0.85), (Half.HELD_OUT, 0.85), (Half.AFTERWARDS, 0.88)])
def test_what_is_taken_is_right_also_where_the_matcher_was_not_mended(half: Half, recall_min: float) -> None:
    """F18, P2: what is taken is right in every list of ways of writing; what is not taken there is asked about."""
    searched = measure_searches([*half_searches(half, 17, 60), *labelled_searches(half, 17, judged_pairs(), 1)])
    assert [each.line() for each in searched.wrong] == []
    assert searched.recall >= recall_min
    assert searched.asked_right >= 0.8, "\n".join(text_of_halves(all=searched))


def test_the_halves_share_no_song_and_repeat() -> None:
    """A search of one half says nothing about the other; nobody chose what is in which."""
    songs = {half: {case.sought.title for case in half_searches(half, 3, 60)} for half in (Half.MENDED, Half.HELD_OUT)}
    assert songs[Half.MENDED].isdisjoint(songs[Half.HELD_OUT])
    assert half_searches(Half.MENDED, 3, 5) == half_searches(Half.MENDED, 3, 5)
    assert {half_of(str(number)) for number in range(9)} == {Half.MENDED, Half.HELD_OUT}
