"""The fingerprint of the whole, kept as its first 120 s and the rest."""

from __future__ import annotations

import subprocess
from pathlib import Path

from engine.domain.failure import Problem
from engine.domain.recording_events import Audio
from engine.matching.fingerprint import decode, encode
from engine.media.media import Media
from engine.media.print_parts import BEGINNING_WORDS, in_two
from tests.fixtures.audio import MakeAudio
from tests.scorecard.prints import synthetic

LONG_S = 130.0


def measured(media: Media, path: Path) -> Audio:
    """Give what is measured of a file that is whole."""
    audio = media.inspect(path)
    assert not isinstance(audio, Problem)
    return audio


def printed(ffmpeg: Path, path: Path, *limits: str) -> str:
    """Give what ffmpeg alone writes of a file."""
    command = [str(ffmpeg), "-nostdin", "-v", "error", *limits, "-i", str(path), "-f", "chromaprint", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_long_piece_is_fingerprinted_to_its_end(media: Media, make_audio: MakeAudio, ffmpeg: Path) -> None:
    """F18: the first 120 s are what AcoustID knows it by; with the rest, an excerpt is told from the whole."""
    path = make_audio("wav", seconds=LONG_S, rate=11_025, channels=1)
    audio = measured(media, path)
    assert audio.fingerprint == printed(ffmpeg, path, "-t", "120")
    assert audio.whole_fingerprint == f"{audio.fingerprint} {audio.fingerprint_rest}"
    assert decode(audio.whole_fingerprint) == decode(printed(ffmpeg, path))


def test_a_short_piece_has_no_rest(media: Media, make_audio: MakeAudio) -> None:
    """What ends before 120 s is one text, as Chromaprint wrote it."""
    audio = measured(media, make_audio("mp3", seconds=12.0))
    assert audio.fingerprint is not None
    assert audio.fingerprint_rest is None
    assert audio.whole_fingerprint == audio.fingerprint
    assert Audio(format="mp3", codec="mp3", duration_ms=1).whole_fingerprint is None


def test_what_cannot_be_read_is_kept_as_it_is() -> None:
    """Another program's fingerprint is no reason to fail; it is kept, and compared with nothing."""
    assert in_two(None) == (None, None)
    assert in_two("") == ("", None)
    assert in_two("no fingerprint") == ("no fingerprint", None)


def test_both_parts_are_whole_prints() -> None:
    """Each can be read alone, and together they are what was measured."""
    words = synthetic(1, BEGINNING_WORDS + 700)
    begins, rest = in_two(encode(words))
    assert decode(begins or "") == words[:BEGINNING_WORDS]
    assert decode(rest or "") == words[BEGINNING_WORDS:]
