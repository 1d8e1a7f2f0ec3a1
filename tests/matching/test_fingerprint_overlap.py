"""Two fingerprints laid over each other: identity, shifts, excerpts, what was put in, and silence."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.matching.fingerprint import WORD_S
from engine.matching.overlap import NOTHING, Overlap, compare
from tests.scorecard.prints import reencoded, synthetic

SEEDS = st.integers(0, 10_000)


def mirrored(overlap: Overlap) -> Overlap:
    """Give an overlap with its sides swapped."""
    return replace(overlap, offset_s=-overlap.offset_s, coverage_a=overlap.coverage_b, coverage_b=overlap.coverage_a)


@given(SEEDS, st.integers(1, 400))
def test_a_print_is_itself(seed: int, length: int) -> None:
    """Identity is 1.0 over the whole, at offset nothing, however short."""
    words = synthetic(seed, length)
    found = compare(words, words)
    assert (found.similarity, found.weakest, found.offset_s) == (1.0, 1.0, 0.0)
    assert (found.coverage_a, found.coverage_b) == (1.0, 1.0)
    assert found.overlap_s == pytest.approx(length * WORD_S)


@given(SEEDS, SEEDS, st.integers(0, 300), st.integers(0, 300))
def test_it_is_total_and_mirrored(seed: int, other: int, length: int, other_length: int) -> None:
    """Any two prints give shares between 0 and 1, and swapped the same but for the sides."""
    a, b = synthetic(seed, length), synthetic(other, other_length)
    found = compare(a, b)
    assert compare(b, a) == mirrored(found)
    shares = (found.similarity, found.weakest, found.coverage_a, found.coverage_b)
    assert all(0 <= share <= 1 for share in shares)


@given(st.lists(st.integers(0, (1 << 32) - 1), max_size=150).map(tuple), SEEDS)
def test_any_words_are_compared_without_a_fault(words: tuple[int, ...], seed: int) -> None:
    """P17: what a damaged file was fingerprinted to is compared like any other."""
    assert 0 <= compare(words, synthetic(seed, 120)).similarity <= 1


@given(SEEDS, st.integers(0, 700))
def test_a_shift_is_found(seed: int, shift: int) -> None:
    """The same music that begins later is found where it is, re-encoded too."""
    whole = synthetic(seed, 1_000)
    found = compare(whole, reencoded(whole, seed + 1)[shift:])
    assert found.offset_s == pytest.approx(-shift * WORD_S)
    assert found.similarity > 0.97
    assert found.coverage_b == 1.0
    assert found.coverage_a == pytest.approx(1 - shift / 1_000)


@given(SEEDS)
def test_unrelated_music_is_alike_by_chance_only(seed: int) -> None:
    """What no one would call the same stays far from a re-encoding, wherever it fits best."""
    assert compare(synthetic(seed, 900), synthetic(seed + 10_001, 950)).similarity < 0.72


@pytest.mark.parametrize("words", [9, 20, 48, 97])
def test_what_is_put_in_shows_in_the_weakest_window(words: int) -> None:
    """A part that differs, wherever it is, is seen though the whole stays alike."""
    whole, other = synthetic(1, 1_400), synthetic(2, 1_400)
    for begin in (0, 321, 1_400 - words):
        changed = whole[:begin] + other[begin : begin + words] + whole[begin + words :]
        found = compare(whole, changed)
        assert found.similarity > 0.95
        assert found.weakest < 0.94


def test_what_lasts_is_told_from_what_flickers() -> None:
    """Turned bits scattered as an encoder scatters them are as many, but they do not stay turned."""
    whole = synthetic(9, 1_000)
    lasting = tuple(word ^ (1 << (place // 20 % 32)) * (place % 20 < 10) for place, word in enumerate(whole))
    assert compare(whole, lasting).lasting > 0.005
    assert compare(whole, reencoded(whole, 10, 0.0155)).lasting < 0.002


def test_a_bad_passage_does_not_speak_for_the_whole() -> None:
    """A quiet passage that an encoder spoilt is seen in the weakest window, and only there."""
    whole = synthetic(9, 1_000)
    spoilt = reencoded(whole[:200], 10, 0.1) + whole[200:]
    found = compare(whole, spoilt)
    assert found.lasting == 0.0
    assert found.weakest < 0.96


def test_a_cut_between_two_words_is_no_difference() -> None:
    """Moved by less than a word, every bit is one of its two neighbours'."""
    whole = synthetic(3, 800)
    chance = Random(4)
    moved = []
    for word, following in pairwise(whole):
        taken = chance.getrandbits(32)
        moved.append(word & taken | following & ~taken)
    found = compare(whole, tuple(moved))
    assert found.similarity > 0.99
    assert found.weakest > 0.99


def test_silence_is_no_evidence() -> None:
    """Two prints that stand still say nothing, though every word is equal; silence around music is left out."""
    silence = (627_964_279,) * 500
    nothing = compare(silence, silence)
    assert (nothing.compared_s, nothing.similarity, nothing.weakest) == (0.0, 0.0, 0.0)
    music, other = synthetic(5, 300), synthetic(6, 300)
    assert compare(silence + music, silence + other).similarity < 0.72
    padded = compare(silence[:100] + music + silence[:100], reencoded(silence[:100] + music + silence[:100], 7, 0.0))
    assert padded.compared_s == pytest.approx(300 * WORD_S)


def test_no_words_have_nothing_in_common() -> None:
    """An empty print is no evidence."""
    assert compare((), ()) == compare((), synthetic(1, 50)) == NOTHING
