"""Which of two files of one piece is worth more (F21, I56): a total order, and the reason in plain words.

The true origin counts, never the container: a lossless file of something that was lossy holds nothing that the lossy
file did not. Compares files of one recording only; whether two files are one recording is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from engine.domain.recording_events import Audio

_EFFICIENCY_PERCENT = {"mp3": 100, "aac": 125, "vorbis": 130, "opus": 150}
"""What one bit of a codec is worth in bits of MP3, roughly as public listening tests rank them; any other is as MP3."""

_STEP_BPS = 16_000
"""Encoders miss their nominal bitrate by a little; steps of the MP3 table make 255 and 256 kbit/s the same."""

UNKNOWN_ORIGIN_KBPS = 128
"""What a lossless file of lossy origin is taken for: its origin is unknown, and this is what the web mostly gives."""

_FULL_BAND_HZ = 44_100
"""A lossy codec holds nothing worth having above 22 kHz, whatever rate it is declared at."""

_STEREO = 2
_TOLERANCE_MS = 2_000
_TOLERANCE_SHARE = 0.02
"""As for verification: the larger of the two is no difference, encoders pad and sources round."""

_BITS_PER_BYTE = 8
_MS_PER_S = 1000


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quality:
    """How good a file is; greater is better, and its fields are compared in this order.

    Attributes:
        verified: it decodes to its end.
        whole: it lasts as long as the piece should, or nobody knows how long that is.
        lossless: lossless from its true origin on.
        channels: 1 or 2; more are as good as 2; 0 when unknown.
        worth_kbps: the MP3 bitrate it is as good as; 0 for what is lossless, and when unknown.
        sample_rate_hz: 0 when unknown.
        bit_depth: 0 when unknown or once lossy.
        tag_count: how many of its tags are filled in.
        codec: for words only, never compared.
    """

    verified: bool
    whole: bool
    lossless: bool
    channels: int
    worth_kbps: int
    sample_rate_hz: int
    bit_depth: int
    tag_count: int
    codec: str = field(compare=False)


def quality(
    audio: Audio, size_bytes: int, *, verified: bool = True, expected_ms: int | None = None, tag_count: int = 0
) -> Quality:
    """Give a file's quality.

    Args:
        audio: what was measured of it.
        size_bytes: the file's size, which stands in for a bitrate that was not measured.
        verified: whether it was decoded to its end; what measures `Audio` does so.
        expected_ms: how long the piece lasts, where that is known.
        tag_count: how many of its tags are filled in.
    """
    lossless = audio.lossless and not audio.lossy_origin
    rate_hz = audio.sample_rate_hz or 0
    return Quality(
        verified=verified,
        whole=expected_ms is None or abs(audio.duration_ms - expected_ms) <= _tolerance_ms(expected_ms),
        lossless=lossless,
        channels=min(audio.channels or 0, _STEREO),
        worth_kbps=0 if lossless else _worth_kbps(audio, size_bytes),
        sample_rate_hz=rate_hz if lossless else min(rate_hz, _FULL_BAND_HZ),
        bit_depth=(audio.bit_depth or 0) if lossless else 0,
        tag_count=tag_count,
        codec=audio.codec,
    )


def better(a: Quality, b: Quality) -> str | None:
    """Say why `a` is better than `b`, or nothing when it is not: when it is worse or just as good."""
    if a <= b:
        return None
    compared = (each.name for each in fields(a) if each.compare)
    return _reason(next(name for name in compared if getattr(a, name) != getattr(b, name)), a, b)


def _reason(name: str, a: Quality, b: Quality) -> str:
    return {
        "verified": "it decodes to its end, the other was not verified",
        "whole": "it lasts as long as the piece should, the other does not",
        "lossless": f"it is lossless from its origin on ({a.codec}), the other once was lossy ({b.codec})",
        "channels": f"{_channels(a)} against {_channels(b)}",
        "worth_kbps": f"it is worth {_kbps(a)}, the other {_kbps(b)}",
        "sample_rate_hz": f"{_known(a.sample_rate_hz, 'Hz')} against {_known(b.sample_rate_hz, 'Hz')}",
        "bit_depth": f"{_known(a.bit_depth, 'bit')} against {_known(b.bit_depth, 'bit')}",
        "tag_count": f"{a.tag_count} of its tags are filled in, {b.tag_count} of the other's",
    }[name]


def _worth_kbps(audio: Audio, size_bytes: int) -> int:
    if audio.lossless:
        return UNKNOWN_ORIGIN_KBPS
    measured_bps = audio.bitrate_bps or size_bytes * _BITS_PER_BYTE * _MS_PER_S // max(audio.duration_ms, 1)
    nominal_kbps = round(measured_bps / _STEP_BPS) * _STEP_BPS // 1000
    return nominal_kbps * _EFFICIENCY_PERCENT.get(audio.codec, 100) // 100


def _tolerance_ms(expected_ms: int) -> int:
    return max(_TOLERANCE_MS, round(expected_ms * _TOLERANCE_SHARE))


def _kbps(one: Quality) -> str:
    return f"{_known(one.worth_kbps, 'kbit/s')} of MP3 ({one.codec})"


def _channels(one: Quality) -> str:
    return {0: "unknown channels", 1: "mono"}.get(one.channels, "stereo")


def _known(number: int, unit: str) -> str:
    return f"{number} {unit}" if number else f"unknown {unit}"
