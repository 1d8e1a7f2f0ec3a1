"""What the sound of two files says: the same, another, or not clear; and never the same without the whole."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.audio import AudioLevel, AudioThresholds, AudioVerdict, audio_verdict
from engine.matching.fingerprint import WORD_S
from engine.matching.overlap import NOTHING, compare
from tests.scorecard.prints import reencoded, synthetic

TAIL_MS = 2_600
MUSIC = synthetic(1, 1_500)
OTHER = synthetic(2, 1_500)


def lasting(words: tuple[int, ...]) -> int:
    """Give how long music with so many words plays, in milliseconds."""
    return round(len(words) * WORD_S * 1000) + TAIL_MS


def verdict(a: tuple[int, ...], b: tuple[int, ...], a_ms: int | None = None, b_ms: int | None = None) -> AudioVerdict:
    """Give the verdict on two prints; of the whole unless a duration says otherwise."""
    return audio_verdict(compare(a, b), a_ms or lasting(a), b_ms or lasting(b))


def test_a_reencoding_is_the_same() -> None:
    """The bits an encoder turns, a trim and a pad of 2 s make no other recording."""
    copy = reencoded(MUSIC, 3)
    assert verdict(MUSIC, copy).level is AudioLevel.SAME
    assert verdict(MUSIC, copy[16:]).level is AudioLevel.SAME
    assert verdict(MUSIC, copy[:-16]).level is AudioLevel.SAME
    assert verdict(MUSIC[16:], copy[:-16]).level is AudioLevel.SAME


def test_other_music_is_different() -> None:
    """F2: equal names or not, this is another sound."""
    found = verdict(MUSIC, OTHER)
    assert found.level is AudioLevel.DIFFERENT
    assert "alike over" in found.reasons[0]


@pytest.mark.parametrize(
    ("case", "changed", "doubt"),
    [
        ("the end missing", MUSIC[:1_350], "longer"),
        ("the start missing", MUSIC[150:], "more at its start"),
        ("a middle that differs", MUSIC[:700] + OTHER[700:750] + MUSIC[750:], "one part of 6 s"),
        ("another end", MUSIC[:1_400] + OTHER[1_400:], "one part of 6 s"),
        ("5 s of noise before", OTHER[:40] + MUSIC, "more at its start"),
        ("as long, but 5 s later", OTHER[:40] + MUSIC[:-40], "more at its end"),
        ("something underneath", reencoded(MUSIC, 4, 0.15), "a re-encoding is at least"),
    ],
)
def test_alike_is_not_the_same(case: str, changed: tuple[int, ...], doubt: str) -> None:
    """F18: Chromaprint is 0.9 to 1.0 alike for an excerpt, a mix and a cross-fade; a person has to listen."""
    found = verdict(MUSIC, changed)
    assert found.level is AudioLevel.UNCLEAR, case
    assert any(doubt in reason for reason in found.reasons), found.reasons


def test_another_sound_underneath_is_not_the_same() -> None:
    """At 12 dB below, a track mixed in turns hardly more bits than an encoder, but they stay turned."""
    mixed = tuple(word ^ (1 << (place // 20 % 32)) * (place % 20 < 10) for place, word in enumerate(MUSIC))
    found = verdict(MUSIC, mixed)
    assert found.level is AudioLevel.UNCLEAR
    (doubt,) = found.reasons[1:]
    assert doubt.endswith("of it stays different, as if another sound were in it")


def test_a_short_excerpt_of_a_short_piece_is_not_the_same() -> None:
    """Two seconds of a piece of 25 s are a part of it, not a trim."""
    short = MUSIC[:200]
    found = verdict(short, OTHER[:14] + short[14:-14] + OTHER[14:28])
    assert found.level is not AudioLevel.SAME
    shifted = verdict(short, short[16:] + OTHER[:16])
    assert shifted.level is AudioLevel.UNCLEAR
    assert any("of the shorter one" in reason for reason in shifted.reasons), shifted.reasons


def test_the_first_two_minutes_speak_for_the_whole_when_the_durations_agree() -> None:
    """A fingerprint of 120 s, as AcoustID takes it, is compared with one of the whole piece."""
    first = reencoded(MUSIC, 5)[:948]
    whole_ms = lasting(MUSIC)
    assert verdict(MUSIC, first, b_ms=whole_ms).level is AudioLevel.SAME
    assert verdict(MUSIC, first, b_ms=whole_ms + 9_000).level is AudioLevel.UNCLEAR
    preview = verdict(MUSIC, first[:240], b_ms=whole_ms)
    assert preview.level is AudioLevel.UNCLEAR
    assert any("only the first 32 s are known" in reason for reason in preview.reasons)


def test_too_little_is_not_clear() -> None:
    """Silence, a damaged print and a jingle decide nothing, either way."""
    for a, b in ((MUSIC[:60], MUSIC[:60]), ((5,) * 900, (5,) * 900)):
        assert verdict(a, b).level is AudioLevel.UNCLEAR
    assert audio_verdict(NOTHING, 1_000, 1_000).level is AudioLevel.UNCLEAR


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 400), st.integers(0, 400))
def test_the_level_does_not_depend_on_the_order(seed: int, other: int, length: int, cut: int) -> None:
    """What is asked of two files is answered the same whichever is named first."""
    a = synthetic(seed, length)
    b = reencoded(a, other)[cut:] + synthetic(other, cut // 2)
    assert verdict(a, b).level is verdict(b, a).level


def test_the_thresholds_are_one_value_that_can_be_replaced() -> None:
    """A policy may ask for more: then the same pair is not clear."""
    overlap = compare(MUSIC, reencoded(MUSIC, 6, 0.03))
    strict = msgspec.structs.replace(AudioThresholds(), weakest_min=1.0)
    assert audio_verdict(overlap, 100_000, 100_000).level is AudioLevel.SAME
    assert audio_verdict(overlap, 100_000, 100_000, strict).level is AudioLevel.UNCLEAR
