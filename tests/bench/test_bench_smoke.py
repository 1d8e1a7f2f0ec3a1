"""The benchmarks run: every goal gives its rows. No figure is judged here."""

from __future__ import annotations

import math

import msgspec
import pytest

from tests.bench.documented import Report, render, text_table
from tests.bench.measured import SMOKE, Row
from tests.bench.run import FAMILIES, GOALS, measure


@pytest.mark.parametrize("names", [",".join(names) for names in FAMILIES.values()])
def test_every_goal_gives_rows_with_positive_numbers(names: str) -> None:
    """G1–G11, G15: each benchmark measures our side whatever peers there are, and says why one was not measured."""
    wanted = frozenset(names.split(","))
    rows = list(measure(SMOKE, wanted, with_peers=False))
    assert {row.id for row in rows} == wanted
    for row in rows:
        assert row.ours > 0
        assert math.isfinite(row.ours)
        assert row.theirs is None or row.theirs > 0
        assert (row.ratio is None) == (row.theirs is None)
        assert row.theirs is not None or row.why.startswith("not measured")


def test_a_row_without_its_peer_is_neither_met_nor_missed() -> None:
    """A figure that was not measured is never made up, in no form of the table."""
    row = Row(
        id="G10", what="w", unit="ms", ours=30.0, against="p", theirs=None, ratio=None, goal=0.5, why="not measured"
    )
    assert row.met is None
    assert "not measured" in text_table([row])
    page = render(Report(machine="m", rows=(row,)))
    assert "| – | – | ≥ 0.5 | – |" in page
    assert "- G10, p: not measured" in page


def test_a_goal_is_met_on_its_side_of_the_ratio() -> None:
    """Rates are to be at least, waits at most."""
    row = Row(id="G1", what="w", unit="e/s", ours=1.0, against="p", theirs=2.0, ratio=0.5, goal=0.45)
    assert row.met is True
    assert msgspec.structs.replace(row, at_most=True).met is False


def test_every_goal_has_its_family() -> None:
    """A goal named on the command line is measured somewhere."""
    assert (*(f"G{number}" for number in range(1, 12)), "G15") == GOALS
