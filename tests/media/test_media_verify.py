"""Facts about judging lengths, and about finding tools."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.failure import FailureClass, Problem
from engine.media.config import MediaConfig
from engine.media.decode import Decoded
from engine.media.tags import loudness_tags, picture_of, read_facts, read_tags, write_tags
from engine.media.tools import Tools, find_tools
from engine.media.verify import tolerance_ms, verdict
from tests.fixtures.audio import MakeAudio


def _decoded(found_ms: int, declared_ms: int | None = None, *, complete: bool = True, codec: str = "flac") -> Decoded:
    return Decoded(
        codec=codec,
        sample_rate_hz=44_100,
        channels=2,
        bit_depth=16,
        bitrate_bps=None,
        duration_ms=found_ms,
        declared_ms=declared_ms,
        complete=complete,
        complaint="" if complete else "invalid residual",
        pcm_sha256="",
    )


@pytest.mark.parametrize(
    ("found_ms", "expected_ms", "failure"),
    [
        (30_000, 240_000, FailureClass.PREVIEW_ONLY),
        (29_900, 46_000, FailureClass.PREVIEW_ONLY),
        (30_000, 33_000, FailureClass.VERIFY_FAILED),
        (200_000, 240_000, FailureClass.VERIFY_FAILED),
        (300_000, 240_000, FailureClass.VERIFY_FAILED),
        (238_001, 240_000, None),
        (244_700, 240_000, None),
        (30_000, 31_500, None),
        (1_000, None, None),
    ],
)
def test_a_length_is_judged_against_what_the_source_says(
    found_ms: int, expected_ms: int | None, failure: FailureClass | None
) -> None:
    """I54, P10: the larger of 2 s and 2 % is no difference; a short excerpt of a long piece is a preview."""
    problem = verdict(_decoded(found_ms), expected_ms=expected_ms)
    assert (problem.failure if problem else None) is failure


@given(st.integers(1, 10**8), st.integers(-(10**8), 10**8))
def test_a_length_is_accepted_exactly_within_its_tolerance(expected_ms: int, off_ms: int) -> None:
    """I54: never verified outside the tolerance, never refused inside."""
    problem = verdict(_decoded(expected_ms + off_ms), expected_ms=expected_ms)
    assert (problem is None) == (abs(off_ms) <= tolerance_ms(expected_ms))


@pytest.mark.parametrize(
    ("decoded", "good"),
    [
        (_decoded(1000, 1000), True),
        (_decoded(1000, 1200), True),
        (_decoded(1000, 1300), False),
        (_decoded(1000, None), True),
        (_decoded(1000, 1000, complete=False), False),
        (_decoded(1000, None, complete=False, codec="mp3"), False),
        (_decoded(1000, 1000, complete=False, codec="mp3"), True),
    ],
)
def test_a_file_must_hold_what_it_claims(decoded: Decoded, good: bool) -> None:  # noqa: FBT001 - a table's column
    """F22: an error is forgiven only behind the last declared sample of an MP3."""
    assert (verdict(decoded, expected_ms=None) is None) is good


def test_the_systems_ffmpeg_comes_before_the_wheels(tmp_path: Path, ffmpeg: Path) -> None:
    """A person's own ffmpeg is used when it works; one that does not is passed over."""
    linked = tmp_path / "ffmpeg"
    linked.symlink_to(ffmpeg)
    found = find_tools(MediaConfig(), which=lambda name: str(linked) if name == "ffmpeg" else None)
    assert isinstance(found, Tools)
    assert (found.ffmpeg, found.fpcalc) == (linked, None)
    broken = find_tools(MediaConfig(), which=lambda name: str(tmp_path / "missing") if name == "ffmpeg" else None)
    assert isinstance(broken, Tools)
    assert broken.ffmpeg != tmp_path / "missing"
    assert isinstance(find_tools(MediaConfig(ffmpeg=Path("/dev/null"))), Problem)


def test_a_cover_is_known_by_its_bytes() -> None:
    """A web page under a picture's address is no picture."""
    assert picture_of(b"<html>") is None
    png = picture_of(b"\x89PNG\r\n\x1a\n...")
    assert png is not None
    assert png.mime_type == "image/png"


def test_replaygain_is_written_only_of_what_was_measured() -> None:
    """F28: no loudness, no gain; -14 LUFS wants 4 dB less."""
    assert loudness_tags(None, None) == {}
    assert loudness_tags(-14.0, 0.0) == {"replaygain_track_gain": "-4.00 dB", "replaygain_track_peak": "1.000000"}


def test_a_file_without_tags_has_none_and_takes_none(tmp_path: Path) -> None:
    """F32: what cannot be read says nothing."""
    path = tmp_path / "x.txt"
    path.write_text("hello")
    assert read_tags(path) == {}
    assert read_tags(tmp_path / "missing") == {}
    assert isinstance(write_tags(path, {"title": "x"}), Problem)


@pytest.mark.parametrize("form", ["flac", "m4a", "ogg", "mp3", "opus"])
def test_a_cover_is_embedded_in_every_family_of_formats(tmp_path: Path, make_audio: object, form: str) -> None:
    """M16: artwork in every format that can hold it."""
    path = tmp_path / f"x.{form}"
    path.write_bytes(make_audio(form).read_bytes())  # type: ignore[operator]  # the fixture is a callable
    cover = picture_of(b"\xff\xd8\xff\xe0 a picture of some length")
    assert write_tags(path, {"title": "x"}, cover) is None
    assert read_tags(path)["title"] == "x"
    content = path.read_bytes()
    assert b"a picture of some" in content or b"METADATA_BLOCK_PICTURE" in content.upper()


@pytest.mark.parametrize("form", ["m4a", "flac", "wav", "aiff", "ogg", "opus"])
def test_a_file_says_how_long_it_plays_with_or_without_tags(make_audio: MakeAudio, form: str) -> None:
    """F18: names that agree need a length beside them; a header says it without decoding."""
    said_ms = int(read_facts(make_audio(form, seconds=2.0))["duration_ms"])
    assert abs(said_ms - 2_000) < 60


def test_a_length_that_is_a_guess_is_not_told(make_audio: MakeAudio, tmp_path: Path) -> None:
    """An MP3 without a header of its own has no length but the one its first frame suggests."""
    whole = make_audio("mp3", seconds=2.0).read_bytes()
    tagless = whole[whole.index(b"\xff\xfb") :]
    frames = tagless[417:]  # behind the frame that carries the Xing header
    bare = tmp_path / "bare.mp3"
    bare.write_bytes(frames[frames.index(b"\xff\xfb") :])
    assert "duration_ms" not in read_facts(bare)
    assert read_facts(tmp_path / "missing.mp3") == {}
    nothing = tmp_path / "nothing.bin"
    nothing.write_bytes(b"no audio at all")
    assert read_facts(nothing) == {}
