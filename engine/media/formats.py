"""The audio formats there are: how a file shows which it is, and what each target profile asks of ffmpeg.

Looks at first bytes, never at names: an extension is a claim, not a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HEAD_BYTES = 1 << 13
_BOX_HEADER_BYTES = 8
_TS_PACKET_BYTES = 188
_MPEG_SYNC = 0xE0
_MPEG_LAYER = 0x06

LOSSLESS_CODECS = frozenset({"flac", "alac", "wavpack", "ape", "tta", "shorten"})
TAGGABLE = frozenset({"mp3", "m4a", "flac", "ogg", "opus", "wav", "aiff"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One target profile: the file it makes and the arguments that make it.

    Attributes:
        rate_hz_max: the highest sample rate the format holds; None when it holds every one.
        channels_max: the most channels the format holds.
        codec: the codec it makes; a source of the same lossy codec is copied, not encoded twice.
    """

    format: str
    muxer: str
    codec: str
    arguments: tuple[str, ...]
    lossless: bool
    rate_hz_max: int | None = None
    channels_max: int = 8


PROFILES = {
    "aiff": Conversion(format="aiff", muxer="aiff", codec="pcm_s24be", arguments=("-c:a", "pcm_s24be"), lossless=True),
    "wav": Conversion(format="wav", muxer="wav", codec="pcm_s24le", arguments=("-c:a", "pcm_s24le"), lossless=True),
    "alac": Conversion(
        format="m4a", muxer="ipod", codec="alac", arguments=("-c:a", "alac", "-sample_fmt", "s32p"), lossless=True
    ),
    "flac": Conversion(
        format="flac", muxer="flac", codec="flac", arguments=("-c:a", "flac", "-sample_fmt", "s32"), lossless=True
    ),
    "mp3": Conversion(
        format="mp3",
        muxer="mp3",
        codec="mp3",
        arguments=("-c:a", "libmp3lame", "-b:a", "320k"),
        lossless=False,
        rate_hz_max=48_000,
        channels_max=2,
    ),
    "aac": Conversion(
        format="m4a",
        muxer="ipod",
        codec="aac",
        arguments=("-c:a", "aac", "-b:a", "256k"),
        lossless=False,
        rate_hz_max=96_000,
    ),
}
"""Target profiles by name; "original" is none of them: it is never encoded."""


def is_lossless(codec: str) -> bool:
    """Say whether a codec gives back exactly what it was given."""
    return codec in LOSSLESS_CODECS or (codec.startswith("pcm_") and codec not in ("pcm_alaw", "pcm_mulaw"))


def format_of(path: Path) -> str | None:
    """Give the container a file's first bytes show, or nothing when it is no audio known here."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for magic, form in ((b"ID3", "mp3"), (b"fLaC", "flac"), (b"\x1a\x45\xdf\xa3", "webm")):
        if head.startswith(magic):
            return form
    if head[4:8] == b"ftyp":
        return "m4a"
    if head.startswith(b"OggS"):
        return "opus" if b"OpusHead" in head else "ogg"
    return _chunked(head) or _framed(head)


def describe_head(path: Path) -> str:
    """Say what a file that is no audio looks like, for the person who has to deal with it."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).lstrip().lower()
    if not head:
        return "an empty file"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        return "a web page"
    return "no audio format known here"


def needs_new_container(path: Path, form: str) -> bool:
    """Say whether the audio has to move, unchanged, into a container that can hold tags."""
    return form not in TAGGABLE or (form == "m4a" and _is_fragmented(path))


def _chunked(head: bytes) -> str | None:
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    return "aiff" if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC") else None


def _framed(head: bytes) -> str | None:
    if len(head) > _TS_PACKET_BYTES and head[0] == head[_TS_PACKET_BYTES] == ord("G"):
        return "ts"
    if len(head) > 1 and head.startswith(b"\xff") and head[1] & _MPEG_SYNC == _MPEG_SYNC:
        return "mp3" if head[1] & _MPEG_LAYER else "aac"
    return None


def _is_fragmented(path: Path) -> bool:
    """Whether an MP4 keeps its audio in fragments (ISO/IEC 14496-12 section 8.8), which most players cannot tag."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + _BOX_HEADER_BYTES <= size:
            file.seek(at)
            header = file.read(2 * _BOX_HEADER_BYTES)
            if header[4:8] == b"moof":
                return True
            length = int.from_bytes(header[:4])
            if length == 1:  # a 64-bit length follows the type
                length = int.from_bytes(header[8:16])
            if length < _BOX_HEADER_BYTES:
                return False
            at += length
    return False
