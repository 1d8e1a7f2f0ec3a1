"""What the matcher says of generated traps, held to the bars that the scorecard publishes."""

from __future__ import annotations

import pytest

from engine.matching.things import Decision
from tests.scorecard.names import NamesTable, judged_pairs, measure_names, text_of
from tests.scorecard.traps import TRAPS, traps

SAME_MIN = 0.9
RECALL_MIN = 0.9
PRECISION_MIN = 0.995
UNCLEAR_MIN = 0.9


@pytest.fixture(scope="module")
def table() -> NamesTable:
    """Give what was said of four pairs of every trap, and of the real ones."""
    return measure_names([*judged_pairs(), *traps(17, 4 * len(TRAPS))])


def test_no_two_recordings_are_ever_called_one(table: NamesTable) -> None:
    """F1, F2, F9: of versions, parts and other songs none is called same, and none is accepted."""
    assert [judged.line() for judged in table.wrong if judged.harmful] == []
    assert table.precision >= PRECISION_MIN


def test_names_alone_never_accept(table: NamesTable) -> None:
    """F4: evidence is a precondition; equal names are a question."""
    assert all(row.decisions[Decision.ACCEPT] == 0 for row in table.rows)


def test_most_of_one_recording_is_called_the_same(table: NamesTable) -> None:
    """F20: what only was renamed is known again, and an agreeing length is enough to accept it."""
    assert table.same >= SAME_MIN, text_of(table)
    assert table.recall >= RECALL_MIN, text_of(table)


def test_where_a_person_would_hesitate_the_names_are_unclear(table: NamesTable) -> None:
    """P2: there is no best of the rest; who is not sure asks."""
    assert table.unclear >= UNCLEAR_MIN, text_of(table)


def test_every_trap_has_its_row_and_every_wrong_answer_its_line(table: NamesTable) -> None:
    """Nothing is hidden in a sum."""
    assert {row.trap for row in table.rows} == {*TRAPS, "judged", "byte_identical"}
    said = text_of(table)
    assert all(row.trap in said for row in table.rows)
    assert all(judged.line() in said for judged in table.wrong)
