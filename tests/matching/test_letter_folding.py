"""One form for characters that mean one thing: stable, total, and never across letters that differ."""

# ruff: noqa: RUF001 - letters that look like others are the point

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.folding import fold, looks_latin, plain, umlauted

TEXT = st.text(max_size=200)


@given(text=TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded word is its own form: nothing depends on how often it went through."""
    assert fold(fold(text)) == fold(text)


@given(text=TEXT)
def test_plain_text_stays_plain(text: str) -> None:
    """Every blank is one blank, nothing is unprintable, and a second pass changes nothing."""
    once = plain(text)
    assert once.isprintable()
    assert plain(once) == once


@given(text=TEXT)
def test_composed_and_decomposed_text_is_one_text(text: str) -> None:
    """I57: a name from macOS, accents apart from their letters, is the name it was."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(decomposed)
    assert plain(composed) == plain(decomposed)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("NUMB", "numb"),
        ("Beyoncé", "beyonce"),
        ("FLØRALS", "florals"),
        ("Æther", "aether"),
        ("Straße", "strasse"),
        ("Ｎｕｍｂ", "numb"),
        ("Ⅱ", "ii"),
        ("Numbо", "numbo"),  # a Cyrillic o among Latin letters
        ("Мир", "мир"),  # nothing Latin beside it: it stays Cyrillic
        ("й", "й"),  # a mark that makes another letter stays
        ("が", "が"),
    ],
)
def test_spelling_does_not_count(written: str, folded: str) -> None:
    """Case, width, accents and look-alikes are spelling; letters of other scripts are letters."""
    assert fold(written) == unicodedata.normalize("NFC", folded)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Numb – Live", "Numb - Live"),
        ("Don’t", "Don't"),
        ("In\u00a0the\tEnd\n", "In the End "),
        ("Numb\u200b™", "Numb"),
        ("a\x00b", "a b"),
        ("Mixed By： SNDY", "Mixed By: SNDY"),
    ],
)
def test_signs_of_one_meaning_have_one_form(written: str, read: str) -> None:
    """Dashes, quotes, blanks and what nobody sees; case and accents stay."""
    assert plain(written) == read


def test_a_word_with_an_umlaut_has_two_spellings() -> None:
    """`Ärzte` is `aerzte` where umlauts cannot be written; other words are not listed."""
    assert umlauted("Die Ärzte, Motörhead") == [("aerzte", "Ärzte"), ("motoerhead", "Motörhead")]
    assert umlauted("A\u0308rzte é") == [("aerzte", "Ärzte")]
    assert umlauted("Aerzte") == []


def test_a_cyrillic_word_looks_like_a_latin_one() -> None:
    """Letter by letter, and only where letters look alike."""
    assert looks_latin("скор") == "ckop"
