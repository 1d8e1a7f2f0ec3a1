"""Tables are aligned, safe to print and cut to the terminal."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.render.table import cells_wide, clean, facts, table
from cli.render.words import length, many, moment, size

TITLES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(TITLES, TITLES), max_size=5))
def test_every_row_is_one_line(rows: list[tuple[str, str]]) -> None:
    """Titles with newlines, control characters or direction marks never break the table or steer the terminal."""
    lines = table(("a", "b"), rows).split("\n")
    assert len(lines) == len(rows) + 1
    assert not any(ord(character) < 32 for line in lines for character in line)


def test_columns_line_up_by_the_cells_they_take() -> None:
    """Wide characters and marks count as the terminal shows them; numbers stand right."""
    shown = table(("title", "n"), [("日本", 5), ("e\u0301a", 10), (None, None)]).split("\n")
    assert shown == ["title   n", "日本    5", "e\u0301a     10", ""]
    assert cells_wide("日本e\u0301\u200b") == 5


def test_what_turns_the_writing_direction_is_left_out() -> None:
    """A title cannot turn what follows it."""
    assert clean("a\u202eb\u2066c\x1b[31m\n") == "abc [31m "
    assert (clean(value=True), clean(value=False), clean(None)) == ("yes", "no", "")


def test_facts_leave_out_what_is_not_there() -> None:
    """A fact without a value is no line."""
    assert facts((("one", 1), ("nothing", None), ("three", "x"))) == "one    1\nthree  x"


def test_words_for_times_lengths_and_sizes() -> None:
    """As people read them."""
    assert moment(None) == ""
    assert len(moment(1_780_000_000_000_000)) == 19
    assert [length(ms) for ms in (None, 61_000, 3_661_000)] == ["", "1:01", "1:01:01"]
    assert [size(n) for n in (999, 1_500, 2_000_000, 3 * 10**9, 4 * 10**12)] == [
        "999 B",
        "1.5 kB",
        "2.0 MB",
        "3.0 GB",
        "4.0 TB",
    ]
    assert (many(1, "entry", "entries"), many(2, "entry", "entries"), many(2_000, "file")) == (
        "1 entry",
        "2 entries",
        "2,000 files",
    )


class _Terminal:
    """A terminal, as far as a table asks."""

    def isatty(self) -> bool:
        """Be one."""
        return True


def test_a_terminal_gets_colours_and_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long cells are cut with an ellipsis where a terminal ends; a pipe gets everything."""
    whole = table(("title",), [("x" * 200,)])
    assert "x" * 200 in whole
    monkeypatch.setattr(sys, "stdout", _Terminal())
    monkeypatch.setitem(os.environ, "COLUMNS", "40")
    shown = table(("title", "other"), [("x" * 200, "日" * 3)])
    assert "\x1b[1m" in shown
    assert max(cells_wide(line.replace("\x1b[1m", "").replace("\x1b[0m", "")) for line in shown.splitlines()) <= 40
    assert "…" in shown
