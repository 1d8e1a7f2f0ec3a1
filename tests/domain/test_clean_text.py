"""Text as it may travel: one normal form, total and stable (F30, F55)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.text import COMMA_STAND_IN, TEXT_MAX, choice, clean, cut, optional, shown, tag

ANY = st.text(st.characters() | st.sampled_from("\u0301\u0327e\u1100\u1161\u11a8 \t\x00\u2028\ufeff,"), max_size=40)
LIMITS = st.integers(0, 12)


@settings(max_examples=150, deadline=None)
@given(text=ANY, limit=LIMITS)
def test_cleaning_is_total_idempotent_and_in_one_form(text: str, limit: int) -> None:
    """F55: what is read back equals what was written, whatever it was."""
    result = clean(text, limit)
    assert clean(result, limit) == result
    assert result == unicodedata.normalize("NFC", result)
    assert len(result) <= limit
    assert result == " ".join(result.split())
    assert not {unicodedata.category(character) for character in result} & {"Cc", "Cs"}
    assert result.encode().decode() == result


@settings(max_examples=80, deadline=None)
@given(text=ANY)
def test_two_forms_of_one_text_are_one(text: str) -> None:
    """P18: NFC and NFD meet."""
    assert clean(unicodedata.normalize("NFD", text)) == clean(unicodedata.normalize("NFC", text))


@settings(max_examples=80, deadline=None)
@given(text=ANY)
def test_a_tag_is_clean_and_holds_no_comma(text: str) -> None:
    """F54: a comma would make two options of one."""
    result = tag(text)
    assert "," not in result
    assert len(result) <= 100
    assert tag(result) == result


@settings(max_examples=80, deadline=None)
@given(text=st.none() | ANY)
def test_what_is_empty_is_unknown(text: str | None) -> None:
    """F30: an optional text is clean and not empty, or nothing."""
    result = optional(text)
    assert result is None or (result != "" and result == clean(text or ""))
    assert (result is None) is (not clean(text or ""))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a\t\n b  ", "a b"),
        ("a\x00b", "ab"),
        ("a\u2028b", "a b"),
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("\ud800", "?"),
        ("🔥 שיר", "🔥 שיר"),
        ("None", "None"),
        ("", ""),
    ],
)
def test_cleaning_by_example(text: str, cleaned: str) -> None:
    """F55: blanks folded, control characters dropped, the rest as it was."""
    assert clean(text) == cleaned


@settings(max_examples=100, deadline=None)
@given(text=ANY, limit=LIMITS)
def test_a_cut_counts_as_notion_counts(text: str, limit: int) -> None:
    """E20, F53, F54: a character beyond the first plane has two units and is kept whole or not at all."""
    begun = cut(text, limit)
    units = sum(2 if character > "\uffff" else 1 for character in begun)
    assert text.startswith(begun)
    assert units <= limit
    assert begun == text or units + 2 > limit


@settings(max_examples=100, deadline=None)
@given(text=ANY)
def test_what_is_shown_is_in_one_form_and_keeps_its_blanks(text: str) -> None:
    """E13, F55: a path is shown as it reads back, and clean text is shown as it is."""
    result = shown(text)
    assert shown(result) == result == unicodedata.normalize("NFC", result)
    assert not {unicodedata.category(character) for character in result} & {"Cc", "Cs"}
    assert shown(clean(text)) == clean(text)
    assert shown("/a  b/") == "/a  b/"


def test_a_choice_is_short_and_reads_back_as_a_text_does() -> None:
    """E20, F54: a hundred units, in a select as in a text; what stands for a comma is read as one."""
    assert choice("🔥" * 60) == "🔥" * 50
    assert choice(f"a{COMMA_STAND_IN} b") == "a, b"
    assert tag(f"a{COMMA_STAND_IN}b,c") == "a b c"
    assert tag("🔥" * 60) == "🔥" * 50


def test_text_is_cut_at_notions_limit() -> None:
    """F53: one rich-text run holds 2,000 characters."""
    assert len(clean("x" * 3_000)) == TEXT_MAX == 2_000
    assert optional("x" * 9, 4) == "xxxx"
