"""What is done to a piece of music for the scorecard, and what matching must say of the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

CROSSFADE_S = 12
OTHER_FROM_S = 20  # where its intro, which may be near silence, is over
SEMITONE = 2 ** (1 / 12)

Filters: TypeAlias = Callable[[float], str]
"""ffmpeg's filter chain for a piece of so many seconds; `[in]` is the piece, `[other]` another of equal loudness."""


class Truth(StrEnum):
    """What a transformed piece is, to the piece it was made from."""

    SAME = "same"  # the same recording: it should be accepted
    OTHER = "other"  # never to be accepted
    EITHER = "either"  # a person would hesitate: shown, counted for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """One way to change a piece: filters, then perhaps an encoder with its arguments into a file of that suffix."""

    name: str
    truth: Truth
    filters: Filters
    encoding: tuple[str, ...] = ()
    suffix: str = ""

    def graph(self, length_s: float, number: int) -> str:
        """Give the chain with labels of its own, such as `[in7]` and `[other7]`."""
        chain = self.filters(length_s)
        if "[in]" not in chain:
            chain = f"[in]{chain}"
        return chain.replace("]", f"{number}]")

    @property
    def mixes(self) -> bool:
        """Whether it needs another piece."""
        return "[other]" in self.filters(60.0)


def _same(name: str, filters: str | Filters) -> Transformation:
    return Transformation(name=name, truth=Truth.SAME, filters=_made(filters))


def _coded(name: str, suffix: str, *encoding: str, filters: str = "anull") -> Transformation:
    arguments = ("-c:a", *encoding)
    return Transformation(name=name, truth=Truth.SAME, filters=_made(filters), encoding=arguments, suffix=suffix)


def _other(name: str, filters: str | Filters) -> Transformation:
    return Transformation(name=name, truth=Truth.OTHER, filters=_made(filters))


def _either(name: str, filters: str | Filters) -> Transformation:
    return Transformation(name=name, truth=Truth.EITHER, filters=_made(filters))


def _made(filters: str | Filters) -> Filters:
    return (lambda _: filters) if isinstance(filters, str) else filters


def _part(begin: float, end: float) -> Filters:
    return lambda length_s: f"atrim=start={length_s * begin:.3f}:end={length_s * end:.3f},asetpts=PTS-STARTPTS"


def _sped(factor: float) -> str:
    """Play faster, as a turntable does: pitch and speed."""
    return f"asetrate={44_100 * factor:.0f},aresample=44100"


def _pitched(factor: float) -> str:
    """Move the pitch and keep the speed."""
    return f"{_sped(factor)},atempo={1 / factor:.6f}"


def _mixed(level_db: float) -> str:
    under = f"[in]volume=-3dB[own];[other]volume={level_db - 3}dB,apad[under]"
    return f"{under};[own][under]amix=duration=first:normalize=0"


def _noise(seconds: float) -> str:
    sound = f"anoisesrc=color=pink:amplitude=0.3:duration={seconds}:sample_rate=44100:seed=1"
    return f"{sound},aformat=sample_fmts=fltp:channel_layouts=stereo[noise]"


def _noise_before(seconds: float) -> str:
    return f"{_noise(seconds)};[in]aformat=sample_fmts=fltp[own];[noise][own]concat=v=0:a=1"


def _noise_instead(seconds: float) -> str:
    rest = f"[in]atrim=start={seconds},asetpts=PTS-STARTPTS,aformat=sample_fmts=fltp[own]"
    return f"{_noise(seconds)};{rest};[noise][own]concat=v=0:a=1"


def _crossfaded(length_s: float) -> str:
    """As long as before, its end gone over into the midst of another, whose quiet passages are made audible."""
    del length_s
    part = f"atrim=start={OTHER_FROM_S}:end={OTHER_FROM_S + CROSSFADE_S},asetpts=PTS-STARTPTS,dynaudnorm=framelen=200"
    return f"[other]{part}[next];[in][next]acrossfade=d={CROSSFADE_S}:c1=tri:c2=tri"


def _muted(seconds: float) -> Filters:
    return lambda length_s: f"volume=0:enable='between(t,{length_s / 2:.3f},{length_s / 2 + seconds:.3f})'"


def _replaced(seconds: float) -> Filters:
    def filters(length_s: float) -> str:
        middle, rest = length_s / 2, length_s / 2 + seconds
        return (
            f"[in]asplit[one][two];[one]atrim=end={middle:.3f}[head];"
            f"[other]atrim=start={OTHER_FROM_S}:end={OTHER_FROM_S + seconds},asetpts=PTS-STARTPTS[put];"
            f"[two]atrim=start={rest:.3f},asetpts=PTS-STARTPTS[tail];[head][put][tail]concat=n=3:v=0:a=1"
        )

    return filters


TRANSFORMATIONS = (
    _coded("MP3 128 kbit/s", "mp3", "libmp3lame", "-b:a", "128k"),
    _coded("MP3 320 kbit/s", "mp3", "libmp3lame", "-b:a", "320k"),
    _coded("MP3 64 kbit/s mono", "mp3", "libmp3lame", "-b:a", "64k", "-ac", "1"),
    _coded("AAC 128 kbit/s", "m4a", "aac", "-b:a", "128k"),
    _coded("Opus 96 kbit/s", "opus", "libopus", "-b:a", "96k"),
    _coded("Vorbis 128 kbit/s", "ogg", "libvorbis", "-b:a", "128k"),
    _coded("FLAC", "flac", "flac"),
    _coded("AIFF", "aiff", "pcm_s16be"),
    _coded("first 0.7 s cut, then MP3 128 kbit/s", "mp3", "libmp3lame", "-b:a", "128k", filters="atrim=start=0.7"),
    _same("normalised, 6 dB quieter", "volume=-6dB"),
    _same("normalised, 5 dB louder, peaks limited", "volume=5dB,alimiter=limit=0.95:level=0"),
    _same("mono", "aformat=channel_layouts=mono"),
    _same("at 22,050 Hz", "aresample=22050"),
    _same("at 48,000 Hz", "aresample=48000"),
    _same("first 1 s cut", "atrim=start=1"),
    _same("last 2 s cut", lambda length_s: f"atrim=end={length_s - 2:.3f}"),
    _same("first 0.55 s and last 1.4 s cut", lambda length_s: f"atrim=start=0.55:end={length_s - 1.4:.3f}"),
    _same("2 s of silence before", "adelay=2000:all=1"),
    _same("2 s of silence after", "apad=pad_dur=2"),
    _same("0.8 s of silence before, 1.2 s after", "adelay=800:all=1,apad=pad_dur=1.2"),
    _either(
        "mastered again: compressed 3:1", "acompressor=threshold=-18dB:ratio=3:makeup=2,alimiter=limit=0.9:level=0"
    ),
    _either("another 18 dB under it", _mixed(-18)),
    _either("half a second muted, as one word may be", _muted(0.5)),
    _other("another 12 dB under it", _mixed(-12)),
    _other("another 6 dB under it", _mixed(-6)),
    _other(f"cross-fade into another, last {CROSSFADE_S} s", _crossfaded),
    _other("10 s in the middle from another", _replaced(10)),
    _other("4 s in the middle from another", _replaced(4)),
    _other("3 s of noise before", _noise_before(3)),
    _other("8 s of noise before", _noise_before(8)),
    _other("noise instead of the first 5 s", _noise_instead(5)),
    _other("excerpt, first 30 %", _part(0, 0.3)),
    _other("excerpt, middle 50 %", _part(0.25, 0.75)),
    _other("excerpt, last 70 %", _part(0.3, 1)),
    _other("excerpt, first 90 %", _part(0, 0.9)),
    _other("one semitone up", _pitched(SEMITONE)),
    _other("one semitone down", _pitched(1 / SEMITONE)),
    _other("2 % faster, pitch with it", _sped(1.02)),
    _other("2 % slower, pitch with it", _sped(0.98)),
    _other("1 % faster, pitch with it", _sped(1.01)),
    _other("2 % faster, pitch kept", "atempo=1.02"),
    _other("5 % slower, pitch kept", "atempo=0.95"),
    _other("the voice taken out (left less right)", "pan=stereo|c0=c0-c1|c1=c1-c0"),
)
