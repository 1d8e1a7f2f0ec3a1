"""Fields to property values and back, without a network."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.text import COMMA_STAND_IN
from engine.targets.notion.mapping import (
    TEXT_UNITS_MAX,
    agrees,
    chunks,
    decoded,
    fields_of,
    properties_of,
    settled,
)
from engine.targets.notion.property_map import Column, Schema, Shape

SCALARS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50)


def _column(shape: Shape, kind: str, *, parts: int = 1) -> Column:
    return Column(word="field", name="Field", type=kind, shape=shape, ids=tuple(f"p{part}" for part in range(parts)))


def _schema(column: Column) -> Schema:
    return Schema(columns={"field": column}, drifts=(), key_name="Sync Key", key_addable=False)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(alphabet="ab\U0001f3b5", max_size=30).map(lambda text: text * 300))
def test_chunks_join_to_the_text_and_none_is_too_long(text: str) -> None:
    """Notion takes 2,000 UTF-16 units per piece; nothing is lost between pieces, no emoji is torn (I46)."""
    pieces = list(chunks(text))
    assert "".join(pieces) == text
    assert all(0 < _units(piece) <= TEXT_UNITS_MAX for piece in pieces)


@given(st.integers(min_value=0, max_value=9000), st.integers(min_value=1, max_value=3))
def test_a_long_text_is_spread_over_its_parts_whole(length: int, parts: int) -> None:
    """A fingerprint fills its part properties in order; the last takes the rest, nothing is cut off."""
    column = _column(Shape.TEXT, "rich_text", parts=parts)
    text = ("0123456789" * 900)[:length]
    sent = properties_of(_schema(column), {"field": text})
    assert list(sent) == list(column.ids)
    joined = ["".join(piece["text"]["content"] for piece in sent[part]["rich_text"]) for part in column.ids]
    assert "".join(joined) == text
    assert all(len(part) <= TEXT_UNITS_MAX for part in joined[:-1])


def test_a_shorter_fingerprint_clears_the_parts_it_does_not_need() -> None:
    """F11: what an earlier, longer value left in ` Part 2` does not survive it."""
    sent = properties_of(_schema(_column(Shape.TEXT, "rich_text", parts=3)), {"field": "short"})
    assert [len(value["rich_text"]) for value in sent.values()] == [1, 0, 0]


def test_commas_in_option_names_are_replaced_and_come_back() -> None:
    """Notion refuses commas in option names; the round trip keeps the genre."""
    column = _column(Shape.TEXT, "select")
    sent = properties_of(_schema(column), {"field": "Jazz, Funk"})
    assert sent == {"p0": {"select": {"name": f"Jazz{COMMA_STAND_IN} Funk"}}}
    assert decoded(column, [{"id": "x", "name": f"Jazz{COMMA_STAND_IN} Funk", "color": "blue"}]) == "Jazz, Funk"


@pytest.mark.parametrize(
    ("shape", "kind", "value", "sent"),
    [
        (Shape.TEXT, "url", "https://x", {"url": "https://x"}),
        (Shape.TEXT, "url", "", {"url": None}),
        (Shape.TEXT, "select", None, {"select": None}),
        (Shape.NUMBER, "number", 128.0, {"number": 128}),
        (Shape.NUMBER, "number", "17", {"number": 17}),
        (Shape.NUMBER, "number", None, {"number": None}),
        (Shape.FLAG, "checkbox", None, {"checkbox": False}),
        (Shape.DATE, "date", "2026-01-31", {"date": {"start": "2026-01-31"}}),
        (Shape.DATE, "date", None, {"date": None}),
        (Shape.TAGS, "multi_select", ("b", "a"), {"multi_select": [{"name": "a"}, {"name": "b"}]}),
        (Shape.PAGES, "relation", (), {"relation": []}),
        (Shape.NUMBER, "rich_text", 5, {"rich_text": [{"type": "text", "text": {"content": "5"}}]}),
    ],
)
def test_values_have_the_request_form_of_their_type(shape: Shape, kind: str, value: Any, sent: Any) -> None:
    """The forms of api/notion.md A.4; a number in a text property is its digits (F55)."""
    assert properties_of(_schema(_column(shape, kind)), {"field": value}) == {"p0": sent}


@pytest.mark.parametrize(
    ("shape", "value", "shown"),
    [
        (Shape.TEXT, "", None),
        (Shape.TEXT, "e\u0301\tx\ud800", "é x?"),
        (Shape.NUMBER, "a lot", None),
        (Shape.NUMBER, float("nan"), None),
        (Shape.NUMBER, ("1",), None),
        (Shape.FLAG, 1, True),
        (Shape.DATE, "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00Z"),
        (Shape.DATE, "2026-01-31T12:00:00.250", "2026-01-31T12:00:00.250Z"),
        (Shape.DATE, "sometime in spring", "sometime in spring"),
        (Shape.TAGS, ("b", "a", "b", ""), ("a", "b")),
        (Shape.TAGS, None, ()),
    ],
)
def test_values_settle_into_what_a_column_can_hold(shape: Shape, value: Any, shown: Any) -> None:
    """Written and read back must be comparable: one form for each value (F57)."""
    column = _column(shape, "rich_text")
    assert settled(column, value) == shown
    assert settled(column, settled(column, value)) == shown


def test_numbers_agree_when_only_a_double_lies_between_them() -> None:
    """Notion keeps numbers as JavaScript does."""
    assert agrees(0.1 + 0.2, 0.3)
    assert not agrees(1, 2)
    assert agrees("a", "a")


def test_a_relation_that_goes_on_is_named() -> None:
    """A page object shows 25 relations; more have to be asked for."""
    column = _column(Shape.PAGES, "relation")
    page = {"Field": {"id": "p0", "type": "relation", "relation": [{"id": "x"}], "has_more": True}}
    assert fields_of(_schema(column), page) == ({"field": ("x",)}, (column,))


def test_a_text_of_25_pieces_may_go_on() -> None:
    """Rich text has no `has_more`: at 25 pieces the page has to be asked for the whole."""
    column = _column(Shape.TEXT, "rich_text")
    piece = {"plain_text": "a"}
    whole = {"Field": {"id": "p0", "type": "rich_text", "rich_text": [piece] * 24}}
    cut = {"Field": {"id": "p0", "type": "rich_text", "rich_text": [piece] * 25}}
    assert fields_of(_schema(column), whole) == ({"field": "a" * 24}, ())
    assert fields_of(_schema(column), cut)[1] == (column,)


def test_a_value_of_an_unknown_form_is_a_type_error() -> None:
    """What Notion does not document is not guessed at."""
    with pytest.raises(TypeError):
        decoded(_column(Shape.NUMBER, "number"), [{"surprise": 1}])


@given(SCALARS)
def test_any_text_settles_once(text: str) -> None:
    """Settling is idempotent, or a read-back would never agree."""
    column = _column(Shape.TEXT, "rich_text")
    once = settled(column, text)
    assert settled(column, once) == once
