"""The audio forms SoundCloud offers of a track, and how a file becomes an HLS playlist. Decodes nothing."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

SEGMENT_MAX = 8  # a short clip in a few parts exercises a client as well as a long one in many
_SEGMENT_BYTES_MIN = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One preset: what it is called, how it is described and over which protocols it is offered."""

    preset: str
    mime_type: str
    suffix: str  # of the media address, as SoundCloud ends it
    protocols: tuple[str, ...]
    quality: str = "sq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """A file cut for HLS; joined in order, the parts are the file."""

    head: bytes  # the initialisation segment; empty where the form needs none
    parts: tuple[bytes, ...]


_AAC = 'audio/mp4; codecs="mp4a.40.2"'
RENDITIONS = {
    rendition.preset: rendition
    for rendition in (
        Rendition(preset="aac_160k", mime_type=_AAC, suffix="160.m4a", protocols=("hls",)),
        Rendition(preset="aac_96k", mime_type=_AAC, suffix="96.m4a", protocols=("hls",)),
        Rendition(preset="abr_sq", mime_type="audio/mpegurl", suffix="abr.m4a", protocols=("hls",)),
        Rendition(preset="mp3_1_0", mime_type="audio/mpeg", suffix="128.mp3", protocols=("hls", "progressive")),
        Rendition(preset="opus_0_0", mime_type='audio/ogg; codecs="opus"', suffix="64.opus", protocols=("hls",)),
    )
}
PROTECTED_PROTOCOLS = ("ctr-encrypted-hls", "cbc-encrypted-hls")


def cut(content: bytes) -> Segments:
    """Cut a file for HLS: fragmented MP4 at its fragments, anything else into runs of bytes."""
    starts = _fragment_starts(content)
    if starts:
        edges = [*starts, len(content)]
        parts = tuple(content[begin:end] for begin, end in itertools.pairwise(edges))
        return Segments(head=content[: starts[0]], parts=parts)
    size = max(_SEGMENT_BYTES_MIN, -(-len(content) // SEGMENT_MAX))
    return Segments(head=b"", parts=tuple(content[at : at + size] for at in range(0, len(content), size)))


def playlist(segments: Segments, *, duration_s: float, suffix: str, query: str) -> str:
    """Give the m3u8 text; addresses are relative to the playlist's own and carry the same query."""
    part_s = duration_s / max(1, len(segments.parts))
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-PLAYLIST-TYPE:VOD", f"#EXT-X-TARGETDURATION:{int(part_s) + 1}"]
    lines.append("#EXT-X-MEDIA-SEQUENCE:0")
    if segments.head:
        lines.append(f'#EXT-X-MAP:URI="init.{suffix}?{query}"')
    for number in range(len(segments.parts)):
        lines += [f"#EXTINF:{part_s:.6f},", f"{number}.{suffix}?{query}"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def _fragment_starts(content: bytes) -> list[int]:
    """Give where each `moof` box begins; the box layout is ISO/IEC 14496-12, section 4.2."""
    starts: list[int] = []
    at = 0
    while content[4:8] == b"ftyp" and at + 8 <= len(content):
        if content[at + 4 : at + 8] == b"moof":
            starts.append(at)
        size = int.from_bytes(content[at : at + 4])
        if size < 8:  # noqa: PLR2004 - a box header is 8 bytes; 0 and 1 mark forms no fragment uses
            break
        at += size
    return starts
