"""Facts about the quality of files (F21, I56): a total order by true origin, with a reason for every difference."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.quality import UNKNOWN_ORIGIN_KBPS, Quality, better, quality
from engine.domain.recording_events import Audio

MINUTES_4_MS = 240_000
CODECS = st.sampled_from(["mp3", "aac", "opus", "vorbis", "wmav2", "flac", "alac", "pcm_s24be"])
AUDIO = st.builds(
    Audio,
    format=st.just("any"),
    codec=CODECS,
    duration_ms=st.sampled_from([0, 30_000, MINUTES_4_MS]),
    sample_rate_hz=st.sampled_from([None, 22_050, 44_100, 48_000, 96_000]),
    bit_depth=st.sampled_from([None, 16, 24]),
    channels=st.sampled_from([None, 1, 2, 6]),
    bitrate_bps=st.sampled_from([None, 64_000, 127_600, 128_000, 256_000, 320_000, 1_411_000]),
    lossless=st.booleans(),
    lossy_origin=st.booleans(),
)
QUALITIES = st.builds(
    quality,
    AUDIO,
    st.integers(0, 1 << 30),
    verified=st.booleans(),
    expected_ms=st.sampled_from([None, 30_000, MINUTES_4_MS]),
    tag_count=st.integers(0, 3),
)


def lossy(codec: str, kbps: int) -> Audio:
    """A stereo file of a lossy codec."""
    rate_bps = kbps * 1000
    return Audio(
        format=codec, codec=codec, duration_ms=MINUTES_4_MS, sample_rate_hz=44_100, channels=2, bitrate_bps=rate_bps
    )


def pcm(*, lossy_origin: bool, rate_hz: int = 44_100, bits: int = 16, channels: int = 2) -> Audio:
    """An AIFF, from what it was made of."""
    return Audio(
        format="aiff",
        codec="pcm_s16be",
        duration_ms=MINUTES_4_MS,
        sample_rate_hz=rate_hz,
        bit_depth=bits,
        channels=channels,
        bitrate_bps=rate_hz * bits * channels,
        lossless=True,
        lossy_origin=lossy_origin,
    )


def of(audio: Audio, size_bytes: int = 0) -> Quality:
    """The quality of a verified file."""
    return quality(audio, size_bytes)


@given(QUALITIES, QUALITIES)
def test_any_two_qualities_compare_one_way_or_are_equal(a: Quality, b: Quality) -> None:
    """I56: exactly one of better, worse and equal holds, and only what is compared decides."""
    reasons = [better(a, b), better(b, a)]
    assert reasons.count(None) == (2 if a == b else 1)
    assert (a == b) == all(getattr(a, each.name) == getattr(b, each.name) for each in fields(a) if each.compare)


@given(QUALITIES, QUALITIES, QUALITIES)
def test_better_than_better_is_better(a: Quality, b: Quality, c: Quality) -> None:
    """I56: the order is transitive, equal qualities included."""
    if a >= b >= c:
        assert a >= c
        assert better(c, a) is None
    if better(a, b) and better(b, c):
        assert better(a, c)


@given(QUALITIES, QUALITIES)
def test_a_reason_is_a_sentence_that_names_no_field(a: Quality, b: Quality) -> None:
    """A person reads why one file is kept, in words rather than in names of ours."""
    reason = better(a, b)
    assert reason is None or (reason.strip() and "_" not in reason.replace(a.codec, "").replace(b.codec, ""))


@given(AUDIO, st.integers(0, 1 << 30))
def test_nothing_is_better_than_itself(audio: Audio, size_bytes: int) -> None:
    """I56: the same file again is of equal quality."""
    assert better(quality(audio, size_bytes), quality(audio, size_bytes)) is None


@given(st.sampled_from(["mp3", "aac", "opus"]), st.integers(UNKNOWN_ORIGIN_KBPS, 512), st.sampled_from([16, 24]))
def test_a_lossless_copy_of_something_lossy_never_beats_the_lossy_file(codec: str, kbps: int, bits: int) -> None:
    """F21: the true origin counts and not the container, however large, deep or fast it is."""
    copy = pcm(lossy_origin=True, rate_hz=96_000, bits=bits)
    assert better(of(copy, 1 << 28), of(lossy(codec, kbps))) is None


def test_a_lossless_file_beats_a_small_lossy_one() -> None:
    """F21: a 42 MB AIFF is kept over a 7 MB M4A, and the reason says so."""
    aiff, m4a = of(pcm(lossy_origin=False), 42_000_000), of(lossy("aac", 256), 7_000_000)
    assert better(aiff, m4a) == "it is lossless from its origin on (pcm_s16be), the other once was lossy (aac)"
    assert better(m4a, aiff) is None


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (("mp3", 320), ("mp3", 128)),
        (("aac", 256), ("mp3", 256)),
        (("opus", 160), ("mp3", 192)),
        (("mp3", 320), ("opus", 160)),
    ],
)
def test_bitrate_counts_by_what_its_codec_makes_of_it(stronger: tuple[str, int], weaker: tuple[str, int]) -> None:
    """F21: bitrates of different codecs are compared as the MP3 they are worth."""
    reason = better(of(lossy(*stronger)), of(lossy(*weaker)))
    assert reason is not None
    assert f"({stronger[0]})" in reason


def test_a_bitrate_that_misses_its_nominal_one_is_the_same() -> None:
    """Two encoders' 256 kbit/s are equal, so that neither replaces the other for ever."""
    assert of(lossy("aac", 255)) == of(lossy("aac", 257))


def test_an_unmeasured_bitrate_is_told_by_the_size() -> None:
    """A file without a declared bitrate is as good as its bytes a second; nothing known is nothing claimed."""
    unmeasured = Audio(format="opus", codec="opus", duration_ms=MINUTES_4_MS, channels=2)
    assert of(unmeasured, 160_000 // 8 * 240).worth_kbps == 240
    empty = of(Audio(format="opus", codec="opus", duration_ms=0), 0)
    reason = better(of(lossy("mp3", 320)), empty)
    assert reason == "stereo against unknown channels"
    assert better(of(lossy("mp3", 320)), of(unmeasured, 0)) == (
        "it is worth 320 kbit/s of MP3 (mp3), the other unknown kbit/s of MP3 (opus)"
    )


def test_each_difference_has_its_own_reason() -> None:
    """Whoever asks why a file is kept is told the first thing that told them apart."""
    good = pcm(lossy_origin=False)
    best = quality(good, 1, expected_ms=MINUTES_4_MS, tag_count=5)
    told = [
        better(best, quality(good, 1, verified=False)),
        better(best, quality(good, 1, expected_ms=MINUTES_4_MS * 2)),
        better(best, of(pcm(lossy_origin=False, channels=1))),
        better(of(pcm(lossy_origin=False, rate_hz=48_000)), best),
        better(of(pcm(lossy_origin=False, bits=24)), best),
        better(best, quality(good, 1, expected_ms=MINUTES_4_MS + 4_000, tag_count=3)),
    ]
    assert told == [
        "it decodes to its end, the other was not verified",
        "it lasts as long as the piece should, the other does not",
        "stereo against mono",
        "48000 Hz against 44100 Hz",
        "24 bit against 16 bit",
        "5 of its tags are filled in, 3 of the other's",
    ]
