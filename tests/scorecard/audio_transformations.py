"""What is done to a piece of music for the scorecard, and what matching must say of the result: the same, or never."""

from __future__ import annotations

from dataclasses import dataclass

SEMITONE = 2 ** (1 / 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """One way to change a piece.

    Attributes:
        filters: ffmpeg's filter chain; `{length}` stands for the piece's seconds, `[other]` for another piece.
        encoding: the output arguments when it goes through an encoder, after the filters.
        suffix: of the encoded file.
        same: whether what comes out is still the same recording; else it must never be called so.
    """

    name: str
    same: bool
    filters: str = "anull"
    encoding: tuple[str, ...] = ()
    suffix: str = ""


def _coded(name: str, suffix: str, *encoding: str, filters: str = "anull") -> Transformation:
    return Transformation(name=name, same=True, filters=filters, encoding=("-c:a", *encoding), suffix=suffix)


def _same(name: str, filters: str) -> Transformation:
    return Transformation(name=name, same=True, filters=filters)


def _other(name: str, filters: str) -> Transformation:
    return Transformation(name=name, same=False, filters=filters)


def _pitched(factor: float) -> str:
    """Move the pitch and keep the length."""
    return f"aresample=44100,asetrate={44_100 * factor:.0f},aresample=44100,atempo={1 / factor:.6f}"


def _sped(factor: float) -> str:
    return f"aresample=44100,asetrate={44_100 * factor:.0f},aresample=44100"


def _mixed(level_db: float) -> str:
    return f"[in]volume=0.7[own];[other]volume={level_db - 3.1}dB[under];[own][under]amix=duration=first:normalize=0"


def _noise_before(seconds: float) -> str:
    noise = f"anoisesrc=color=pink:amplitude=0.3:duration={seconds}:sample_rate=44100,aformat=channel_layouts=stereo"
    return f"{noise}[noise];[noise][in]concat=v=0:a=1"


def _noise_over(seconds: float) -> str:
    noise = f"anoisesrc=color=pink:amplitude=0.3:duration={seconds}:sample_rate=44100,aformat=channel_layouts=stereo"
    return f"{noise}[noise];[in]atrim=start={seconds},asetpts=PTS-STARTPTS[tail];[noise][tail]concat=v=0:a=1"


SAMES = (
    _coded("mp3 128", "mp3", "libmp3lame", "-b:a", "128k"),
    _coded("mp3 320", "mp3", "libmp3lame", "-b:a", "320k"),
    _coded("aac 128", "m4a", "aac", "-b:a", "128k"),
    _coded("aac 256", "m4a", "aac", "-b:a", "256k"),
    _coded("opus 96", "opus", "libopus", "-b:a", "96k"),
    _coded("vorbis 128", "ogg", "libvorbis", "-b:a", "128k"),
    _coded("flac", "flac", "flac"),
    _coded("aiff", "aiff", "pcm_s16be"),
    _coded("mono mp3 64", "mp3", "libmp3lame", "-b:a", "64k", "-ac", "1"),
    _coded("first 0.7 s cut, mp3 128", "mp3", "libmp3lame", "-b:a", "128k", filters="atrim=start=0.7"),
    _coded("1.5 s of silence before, aac 128", "m4a", "aac", "-b:a", "128k", filters="adelay=1500:all=1"),
    _same("6 dB quieter", "volume=-6dB"),
    _same("compressed and limited", "acompressor=threshold=-18dB:ratio=3:makeup=2,alimiter=limit=0.9:level=0"),
    _same("mono", "aformat=channel_layouts=mono"),
    _same("at 22,050 Hz", "aresample=22050"),
    _same("at 48,000 Hz", "aresample=48000"),
    _same("first 1 s cut", "atrim=start=1"),
    _same("first 0.55 s and last 1.4 s cut", "atrim=start=0.55:end={length_less_1.4}"),
    _same("last 2 s cut", "atrim=end={length_less_2}"),
    _same("2 s of silence before", "adelay=2000:all=1"),
    _same("0.8 s before, 1.2 s after", "adelay=800:all=1,apad=pad_dur=1.2"),
    _same("2 s of silence after", "apad=pad_dur=2"),
)

OTHERS = (
    _other("excerpt, first 30 %", "atrim=end={length*0.3}"),
    _other("excerpt, middle 50 %", "atrim=start={length*0.25}:end={length*0.75}"),
    _other("excerpt, last 70 %", "atrim=start={length*0.3}"),
    _other("excerpt, first 90 %", "atrim=end={length*0.9}"),
    _other("one semitone up", _pitched(SEMITONE)),
    _other("one semitone down", _pitched(1 / SEMITONE)),
    _other("2 % faster, pitch too", _sped(1.02)),
    _other("2 % slower, pitch too", _sped(0.98)),
    _other("1 % faster, pitch too", _sped(1.01)),
    _other("2 % faster, pitch kept", "atempo=1.02"),
    _other("5 % slower, pitch kept", "atempo=0.95"),
    _other("5 s of noise before", _noise_before(5)),
    _other("3 s of noise before", _noise_before(3)),
    _other("first 5 s noise", _noise_over(5)),
    _other("another under it, -6 dB", _mixed(-6)),
    _other("another under it, -12 dB", _mixed(-12)),
    _other("another under it, -18 dB", _mixed(-18)),
    _other("cross-fade into another, last 12 s", "{crossfade}"),
    _other("middle 10 s from another", "{middle}"),
    _other("middle taken out (karaoke)", "pan=stereo|c0=c0-c1|c1=c1-c0"),
)
