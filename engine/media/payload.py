"""What a file sounds like, as a digest that tags do not change: SHA-256 of the encoded audio alone.

Containers are walked by hand, so that the same file has the same digest whatever tools are installed. Decodes nothing;
gives nothing where a container is not understood to its end.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

_CHUNK_BYTES = 1 << 20
_ID3V1_BYTES = 128
_APE_FOOTER_BYTES = 32
_LYRICS_FOOTER_BYTES = 15
_FLAC_AUDIO_SETTINGS = 0  # the STREAMINFO block; every other one is a tag, a picture or an index
_OGG_PAGE_BYTES = 27
_OGG_NO_POSITION = (b"\x00" * 8, b"\xff" * 8)
_MP4_WIDE_HEADER_BYTES = 16

_Span: TypeAlias = tuple[int, int]
"""Where audio begins and where it ends."""


def payload_digest(path: Path) -> str | None:
    """Give the digest of a file's encoded audio, 64 hex digits, or nothing when it is in no container known here.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        try:
            spans = list(_spans(file, size))
        except (ValueError, IndexError):
            return None
        return _hashed(file, spans) if spans else None


def _hashed(file: BinaryIO, spans: list[_Span]) -> str:
    sha256 = hashlib.sha256()
    for start, end in spans:
        file.seek(start)
        left = end - start
        while left > 0 and (read := file.read(min(_CHUNK_BYTES, left))):
            sha256.update(read)
            left -= len(read)
    return sha256.hexdigest()


def _spans(file: BinaryIO, size: int) -> Iterator[_Span]:
    start = _after_id3v2(file)
    head = _at(file, start, 12)
    walk = _walker(head)
    if walk is not None:
        yield from walk(file, start, size)
    elif head[:1] == b"\xff" and head[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - an MPEG or ADTS frame begins
        yield start, _before_trailing_tags(file, size)


def _walker(head: bytes) -> Callable[[BinaryIO, int, int], Iterator[_Span]] | None:
    if head[:4] == b"fLaC":
        return _flac
    if head[:4] == b"OggS":
        return _ogg
    if head[4:8] == b"ftyp":
        return _mp4
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        return _wave
    return _aiff if head[:4] == b"FORM" and head[8:] in (b"AIFF", b"AIFC") else None


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    read = file.read(count)
    if len(read) < count:
        raise ValueError("the file ends early")
    return read


def _after_id3v2(file: BinaryIO) -> int:
    place = 0
    while (head := _at(file, place, 10))[:3] == b"ID3":
        length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        place += 10 + length + (10 if head[5] & 0x10 else 0)
    while place and _at(file, place, 1) == b"\0":  # padding that some writers leave behind the tag
        place += 1
    return place


def _before_trailing_tags(file: BinaryIO, size: int) -> int:
    end = size
    while True:
        before = end
        if end > _ID3V1_BYTES and _at(file, end - _ID3V1_BYTES, 3) == b"TAG":
            end -= _ID3V1_BYTES
        if end > _APE_FOOTER_BYTES and _at(file, end - _APE_FOOTER_BYTES, 8) == b"APETAGEX":
            footer = _at(file, end - _APE_FOOTER_BYTES, _APE_FOOTER_BYTES)
            headed = footer[23] & 0x80
            end -= int.from_bytes(footer[12:16], "little") + (_APE_FOOTER_BYTES if headed else 0)
        if end > _LYRICS_FOOTER_BYTES and _at(file, end - 9, 9) == b"LYRICS200":
            end -= _LYRICS_FOOTER_BYTES + int(_at(file, end - _LYRICS_FOOTER_BYTES, 6))
        if end < 0:
            raise ValueError("a tag is longer than the file")
        if end == before:
            return end


def _flac(file: BinaryIO, start: int, size: int) -> Iterator[_Span]:
    place, last = start + 4, False
    while not last:
        head = _at(file, place, 4)
        last, kind, length = bool(head[0] & 0x80), head[0] & 0x7F, int.from_bytes(head[1:], "big")
        if kind == _FLAC_AUDIO_SETTINGS:
            yield place + 4, place + 4 + length
        place += 4 + length
    yield place, _before_trailing_tags(file, size)


def _ogg(file: BinaryIO, start: int, size: int) -> Iterator[_Span]:
    """Headers, tags among them, stand before the first page that has a position in the music."""
    place, begun = start, False
    while place + _OGG_PAGE_BYTES <= size:
        head = _at(file, place, _OGG_PAGE_BYTES)
        if head[:4] != b"OggS":
            raise ValueError("a page is missing")
        lengths = _at(file, place + _OGG_PAGE_BYTES, head[26])
        body = place + _OGG_PAGE_BYTES + head[26]
        place = body + sum(lengths)
        begun = begun or head[6:14] not in _OGG_NO_POSITION
        if begun:
            yield body, min(place, size)


def _mp4(file: BinaryIO, start: int, size: int) -> Iterator[_Span]:
    place = start
    while place + 8 <= size:
        head = _at(file, place, 8)
        length, begins = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, begins = int.from_bytes(_at(file, place + 8, 8), "big"), _MP4_WIDE_HEADER_BYTES
        end = place + length if length else size
        if end < place + begins:
            raise ValueError("an atom has no length")
        if head[4:] == b"mdat":
            yield place + begins, min(end, size)
        place = end


def _wave(file: BinaryIO, start: int, size: int) -> Iterator[_Span]:
    return _chunks(file, start, size, (b"fmt ", b"data"), "little")


def _aiff(file: BinaryIO, start: int, size: int) -> Iterator[_Span]:
    return _chunks(file, start, size, (b"COMM", b"SSND"), "big")


def _chunks(
    file: BinaryIO, start: int, size: int, kept: tuple[bytes, ...], order: Literal["little", "big"]
) -> Iterator[_Span]:
    place = start + 12
    while place + 8 <= size:
        head = _at(file, place, 8)
        length = int.from_bytes(head[4:], order)
        end = min(place + 8 + length, size)
        if head[:4] in kept:
            yield place + 8, end
        place += 8 + length + length % 2
