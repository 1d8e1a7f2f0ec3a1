"""Chromaprint's compressed text and the words in it, both ways: what `Audio.fingerprint` holds and what is compared.

Each word holds 32 bits of what about 2.6 s of music sounds like; one starts every 0.124 s. The text is URL-safe
base64 of one byte of algorithm, three of length, then the words: each as the gaps between the bits in which it
differs from the word before, three bits a gap and 0 as the end, and gaps of seven or more continued five bits each
at the end (https://acoustid.org/chromaprint). Pure: no file, no program, no other algorithm than the usual one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import xor

WORD_S = 4096 / 3 / 11_025
"""Seconds between two words: a third of a frame of 4,096 samples at 11,025 Hz."""

_ALGORITHM = 1
"""The one that AcoustID, fpcalc and ffmpeg use; words of another cannot be compared with its words."""

_HEADER_BYTES = 4
_LENGTH_MAX = 1 << 24
_BITS = 32
_CONTINUED = 7
_ZERO, _SEVEN = b"07"
_URL_SAFE = str.maketrans("+/", "-_")


def decode(text: str, words_max: int | None = None) -> tuple[int, ...] | None:
    """Give a fingerprint's words, or nothing when the text is no whole fingerprint of the usual algorithm.

    Args:
        text: as Chromaprint writes it; several of them, with blanks between, are the parts of one.
        words_max: how many words of the first part are wanted, for a look at how it begins; all parts when not given.
    """
    words: list[int] = []
    parts = text.split() if words_max is None else text.split()[:1]
    for part in parts:
        found = _decoded(part, words_max)
        if found is None:
            return None
        words += found
    return tuple(words) if parts else None


def encode(words: Sequence[int]) -> str:
    """Give the text of a fingerprint's words, as Chromaprint itself writes it.

    Raises:
        ValueError: there are more words than the format can count.
    """
    if len(words) >= _LENGTH_MAX:
        raise ValueError(f"a fingerprint of {len(words)} words cannot be written")
    known: dict[int, tuple[str, tuple[int, ...]]] = {}
    digits: list[str] = []
    continued: list[int] = []
    for word, before in zip(words, (0, *words), strict=False):
        change = word ^ before
        found = known.get(change)
        if found is None:
            found = known[change] = _gaps(change)
        digits.append(found[0])
        continued += found[1]
    gaps = "".join(digits)
    packed = int(gaps[::-1] or "0", 8).to_bytes(_packed_bytes(len(gaps), 3), "little")
    rest = sum(value << 5 * place for place, value in enumerate(continued))
    header = bytes((_ALGORITHM, *len(words).to_bytes(3, "big")))
    body = header + packed + rest.to_bytes(_packed_bytes(len(continued), 5), "little")
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def _decoded(text: str, words_max: int | None) -> tuple[int, ...] | None:
    packed = _bytes_of(text)
    if packed is None or len(packed) < _HEADER_BYTES or packed[0] != _ALGORITHM:
        return None
    length = int.from_bytes(packed[1:_HEADER_BYTES], "big")
    body = packed[_HEADER_BYTES:]
    # An octal number's digits are the three-bit parts, the last first.
    digits = f"{int.from_bytes(body, 'little'):o}".zfill(len(body) * 8 // 3)[::-1] if body else ""
    words = digits.split("0", length)
    if len(words) != length + 1:
        return None
    used = len(digits) - len(words.pop())
    rest = body[_packed_bytes(used, 3) :]
    count = digits.count("7", 0, used)
    if _packed_bytes(count, 5) > len(rest):
        return None
    if words_max is not None:
        used = sum(len(word) + 1 for word in words[:words_max])
    return _undone(digits[:used].encode(), _continued(rest, count))


def _bytes_of(text: str) -> bytes | None:
    written = text.rstrip("=").translate(_URL_SAFE)
    try:
        return base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None


def _packed_bytes(count: int, bits: int) -> int:
    return (count * bits + 7) // 8


def _continued(rest: bytes, count: int) -> Iterator[int]:
    """Give the five-bit parts by which gaps of seven go on, the first first."""
    bits = f"{int.from_bytes(rest, 'little'):0{count * 5}b}"[::-1]
    return (int(bits[place : place + 5][::-1], 2) for place in range(0, count * 5, 5))


def _undone(gaps: bytes, continued: Iterator[int]) -> tuple[int, ...] | None:
    """Turn the gaps of all words, each word's ended by a zero, into words."""
    changes: list[int] = []
    change = place = 0
    for digit in gaps:
        if digit == _ZERO:
            if place > _BITS:
                return None
            changes.append(change)
            change = place = 0
            continue
        place += digit - _ZERO
        if digit == _SEVEN:
            place += next(continued)
        change |= 1 << place - 1
    return tuple(accumulate(changes, xor))


def _gaps(change: int) -> tuple[str, tuple[int, ...]]:
    digits: list[str] = []
    continued: list[int] = []
    last = 0
    while change:
        place = (change & -change).bit_length()
        change &= change - 1
        gap, last = place - last, place
        if gap >= _CONTINUED:
            continued.append(gap - _CONTINUED)
        digits.append(str(min(gap, _CONTINUED)))
    return "".join(digits) + "0", tuple(continued)
