"""Chromaprint's compressed text: read and written exactly, and never believed when damaged."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.fingerprint import WORD_S, decode, encode
from tests.fixtures.audio import MakeAudio
from tests.scorecard.prints import synthetic

WORDS = st.lists(st.integers(0, (1 << 32) - 1), max_size=60).map(tuple)


def written_by(ffmpeg: Path, audio: Path, form: str) -> bytes:
    """Give what ffmpeg writes of a file's fingerprint."""
    command = [str(ffmpeg), "-nostdin", "-v", "error", "-i", str(audio), "-f", "chromaprint", "-fp_format", form, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_it_reads_and_writes_what_chromaprint_does(ffmpeg: Path, make_audio: MakeAudio) -> None:
    """The words are those of the raw form, and written again they are the same text, character for character."""
    audio = make_audio("flac", seconds=20.0)
    text, raw = (written_by(ffmpeg, audio, form) for form in ("base64", "raw"))
    words = decode(text.decode())
    assert words == struct.unpack(f"<{len(raw) // 4}I", raw)
    assert encode(words) == text.decode().strip()
    assert len(words) * WORD_S == pytest.approx(20 - 2.6, abs=0.2)


@given(WORDS)
def test_what_is_written_is_read_back(words: tuple[int, ...]) -> None:
    """Any words survive, whichever bits change between them."""
    assert decode(encode(words)) == words


def test_the_smallest_fingerprint_is_known_by_heart() -> None:
    """No words is a header alone; one word is its bits' gaps; a gap of seven or more is continued behind."""
    assert encode(()) == "AQAAAA"
    assert decode("AQAAAA") == ()
    assert decode(encode((1 << 31,))) == (1 << 31,)
    assert encode((1,)) == "AQAAAQE"
    assert encode((1 << 31,)) == "AQAAAQcZ"


@given(st.text(max_size=80))
def test_no_text_makes_it_stumble(text: str) -> None:
    """P17: what is no fingerprint is nothing, not a fault."""
    words = decode(text)
    assert words is None or decode(encode(words)) == words


@given(WORDS, st.data())
def test_no_damage_makes_it_stumble(words: tuple[int, ...], data: st.DataObject) -> None:
    """A fingerprint with a character changed or its end lost is nothing or other words, never a fault."""
    text = encode(words)
    place = data.draw(st.integers(0, len(text) - 1))
    swapped = text[:place] + data.draw(st.characters()) + text[place + 1 :]
    for damaged in (swapped, text[:place]):
        found = decode(damaged)
        assert found is None or all(0 <= word < 1 << 32 for word in found)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("no base64", "not a fingerprint!"),
        ("another alphabet's letters", "AQAAAQÉ"),
        ("a header cut short", "AQAA"[:3]),
        ("another algorithm", "AwAAAQE"),
        ("more words promised than there are", "AQAAAg"),
        ("a gap beyond the last bit", "AQAAAQcf"),
        ("a continuation that is missing", "AQAAAQc"),
    ],
)
def test_a_damaged_fingerprint_is_nothing(why: str, text: str) -> None:
    """A wrong print would be compared as if it were music: it is refused whole."""
    assert decode(text) is None, why


def test_it_reads_both_alphabets_and_padding() -> None:
    """Other programs write standard base64, with padding; people paste spaces."""
    words = synthetic(1, 500)
    text = encode(words)
    assert {"-", "_"} <= set(text)
    assert decode(f" {text}{'=' * (-len(text) % 4)}\n") == words
    assert decode(text.replace("-", "+").replace("_", "/")) == words


def test_a_fingerprint_kept_in_parts_is_read_as_one() -> None:
    """The first 120 s and the rest are one print; a damaged part makes all of it nothing, and so does no part."""
    assert decode(f"{encode((1, 2, 3))} {encode((4, 5))}") == (1, 2, 3, 4, 5)
    assert decode(f"{encode((1, 2, 3))} damaged!") is None
    assert decode(" ") is None


def test_a_fingerprint_too_long_to_count_is_not_written() -> None:
    """The format counts in 24 bits, which is 24 days of music."""
    with pytest.raises(ValueError, match="cannot be written"):
        encode(range(1 << 24))
