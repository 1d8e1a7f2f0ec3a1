"""How far two Chromaprint fingerprints are the same sound: the best alignment, and how equal each part of it is.

Every third alignment is tried on a sample of the words; the best ones and their neighbours are measured on all. A
bit counts as equal when it equals either of two neighbouring words of the other side, because a cut of less than
a word's 0.124 s moves the sound between them. Words in which neither side changes (silence) say nothing and are
left out. Pure: says what it sees and decides nothing.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt

from msgspec.structs import replace

from engine.domain.value import Value
from engine.matching.fingerprint import WORD_S

_WORD_BITS = 32
_WORD_BYTES = 4
_WORD_ONES = (1 << _WORD_BITS) - 1
_CHANCE = 0.5
_OVERLAP_WORDS_MIN = 80  # 10 s; less is alike by chance somewhere
_SAMPLE_WORDS = 192  # of the shorter side; enough to tell a right alignment from every wrong one
_CLEAR = 0.8  # no wrong alignment of two whole pieces comes near it
_NEAR_START_WORDS = 24  # 3 s: where the same piece from two sources nearly always lies
_STEP_WORDS = 3  # neighbouring words are alike, so an alignment beside the right one shows where it is
_TRIED = 5
_WINDOW_WORDS = 48  # 6 s: a shorter one falls by chance, a longer one hides what was put in
_STILL_WORDS = 12  # 1.5 s without any change is no music
_FILLER_SHORT, _FILLER_LONG = 0x5555_5555, 0x3333_3333  # half their bits differ


class Overlap(Value, frozen=True):
    """What two fingerprints have in common at their best alignment.

    Attributes:
        similarity: share of equal bits, 0 to 1, of the words compared; unrelated music has about 0.57.
        weakest: the similarity of the least alike window of 6 s.
        lasting: share of bits that stay different for 0.37 s, in the worst window once the worst quarter of them is
            left aside: another sound does that all the time, an encoder only in a quiet passage.
        offset_s: how much earlier the common part begins in `a` than in `b`; negative when later.
        overlap_s: how long both go on together.
        compared_s: how much of that says something, silence left out; 0 means there is no evidence.
        coverage_a: share of `a` that lies in the overlap.
        coverage_b: share of `b` that lies in the overlap.
    """

    similarity: float
    weakest: float
    lasting: float
    offset_s: float
    overlap_s: float
    compared_s: float
    coverage_a: float
    coverage_b: float


NOTHING = Overlap(
    similarity=0.0,
    weakest=0.0,
    lasting=0.0,
    offset_s=0.0,
    overlap_s=0.0,
    compared_s=0.0,
    coverage_a=0.0,
    coverage_b=0.0,
)
"""What two fingerprints have in common when one of them has no words."""


def compare(a: tuple[int, ...], b: tuple[int, ...]) -> Overlap:
    """Give what two fingerprints have in common where they fit best; swapped, they give the same, mirrored.

    Args:
        a: words as `fingerprint.decode` gives them.
        b: words of the other.
    """
    if (len(a), a) > (len(b), b):
        return _mirrored(compare(b, a))
    if not a:
        return NOTHING
    short, long = _Print.of(a), _Print.of(b)
    measured = [_laid(short, long, lag) for lag in _lags(short, long)]
    best = max(measured, key=lambda laid: (laid.score, -abs(laid.lag), laid.lag))
    return best.overlap(short, long)


@dataclass(frozen=True, slots=True)
class _Print:
    """A fingerprint as bytes, for slicing; `still` has the bits set of the words that stand still."""

    words: tuple[int, ...]
    packed: bytes
    still: bytes

    @classmethod
    def of(cls, words: tuple[int, ...]) -> _Print:
        return cls(words, _packed(words), _still(words))

    def moving(self, filler: int) -> tuple[int, ...]:
        """Give the words, the still ones replaced by one that is as far from any other as chance."""
        marks = self.still[::_WORD_BYTES]
        return tuple(filler if still else word for word, still in zip(self.words, marks, strict=True))


@dataclass(frozen=True, slots=True)
class _Laid:
    """Two prints laid over each other: `short` begins `lag` words into `long`."""

    lag: int
    words: int
    unequal_bits: int  # word by word
    differing: int  # a bit for each bit that differs from both neighbours too, the first word lowest
    silent: int  # a bit for each bit that says nothing

    @property
    def compared_bits(self) -> int:
        return self.words * _WORD_BITS - self.silent.bit_count()

    @property
    def similarity(self) -> float:
        compared = self.compared_bits
        return 1 - self.differing.bit_count() / compared if compared else 0.0

    @property
    def score(self) -> float:
        """How far from chance, word by word: alike for long beats very alike for a moment."""
        compared = self.compared_bits
        return ((1 - _CHANCE) * compared - self.unequal_bits) / sqrt(max(compared, _OVERLAP_WORDS_MIN * _WORD_BITS))

    @property
    def weakest(self) -> float:
        return 1 - max(self._windows(self.differing), default=1 - self.similarity)

    @property
    def lasting(self) -> float:
        """An encoder's errors flicker but in a quiet passage, another sound lasts and is everywhere."""
        lasting = self.differing & self.differing >> _WORD_BITS & self.differing >> 2 * _WORD_BITS
        shares = sorted(self._windows(lasting))
        return shares[len(shares) * 3 // 4] if shares else 0.0

    def _windows(self, chosen: int) -> list[float]:
        """Give the share of chosen bits in every window that says something, half a window apart and one at the end."""
        size = _WINDOW_WORDS * _WORD_BYTES
        packed, silent = (_bytes(number, self.words) for number in (chosen, self.silent))
        last = max(0, len(packed) - size)
        found: list[float] = []
        for begin in (*range(0, last, size // 2), last):
            part = slice(begin, begin + size)
            length = len(packed[part]) * 8
            compared = length - _number(silent[part]).bit_count()
            if compared * 2 >= length:
                found.append(_number(packed[part]).bit_count() / compared)
        return found

    def overlap(self, short: _Print, long: _Print) -> Overlap:
        """Give what was measured, in seconds and shares."""
        return Overlap(
            similarity=self.similarity,
            weakest=self.weakest,
            lasting=self.lasting,
            offset_s=self.lag * WORD_S,
            overlap_s=self.words * WORD_S,
            compared_s=self.compared_bits / _WORD_BITS * WORD_S,
            coverage_a=self.words / len(short.words),
            coverage_b=self.words / len(long.words),
        )


def _laid(short: _Print, long: _Print, lag: int) -> _Laid:
    begin, end = max(0, -lag), min(len(short.words), len(long.words) - lag)
    here = slice(begin * _WORD_BYTES, end * _WORD_BYTES)
    there = slice((begin + lag) * _WORD_BYTES, (end + lag) * _WORD_BYTES)
    silent = _number(short.still[here]) & _number(long.still[there])
    one, other, words = _number(short.packed[here]), _number(long.packed[there]), end - begin
    differing = (one ^ other) & ~silent
    after = differing & ((one ^ other >> _WORD_BITS) | _WORD_ONES << (words - 1) * _WORD_BITS)
    before = differing & ((one ^ other << _WORD_BITS) | _WORD_ONES)
    return _Laid(lag, words, differing.bit_count(), min(after, before, key=int.bit_count), silent)


def _lags(short: _Print, long: _Print) -> set[int]:
    """Give the alignments worth measuring: the best on a sample of the words, and those beside them."""
    samples = _Samples.of(short, long)
    least = min(max(_OVERLAP_WORDS_MIN, 2 * samples.stride), len(short.words))
    first, last = least - len(short.words), len(long.words) - least
    nearby = range(max(first, -_NEAR_START_WORDS), min(last, _NEAR_START_WORDS) + 1)
    similarity, _, start = max((*samples.at(lag), lag) for lag in nearby)
    if similarity >= _CLEAR:
        best = [start]
    else:
        tried = ((samples.at(lag)[1], lag) for lag in range(first, last + 1, _STEP_WORDS))
        best = [start, *(lag for _, lag in heapq.nlargest(_TRIED, tried))]
    return {near for lag in best for near in range(max(first, lag - 1), min(last, lag + 1) + 1)}


@dataclass(frozen=True, slots=True)
class _Run:
    """Some words as one number, and how many bits are set in the first of them."""

    length: int
    number: int
    bits: list[int]

    @classmethod
    def of(cls, words: tuple[int, ...]) -> _Run:
        return cls(len(words), _number(_packed(words)), [0, *accumulate(map(int.bit_count, words))])


@dataclass(frozen=True, slots=True)
class _Samples:
    """Every `stride`-th word of the shorter print, and of the longer one from each place they may fall on."""

    stride: int
    short: _Run
    long: list[_Run]

    @classmethod
    def of(cls, short: _Print, long: _Print) -> _Samples:
        stride = max(1, len(short.words) // _SAMPLE_WORDS)
        moving = long.moving(_FILLER_LONG)
        phases = [_Run.of(moving[phase::stride]) for phase in range(stride)]
        return cls(stride, _Run.of(short.moving(_FILLER_SHORT)[::stride]), phases)

    def at(self, lag: int) -> tuple[float, float]:
        """Give similarity and score of one alignment."""
        shift, phase = divmod(lag, self.stride)
        short, long = self.short, self.long[phase]
        mine, theirs = (0, shift) if shift > 0 else (-shift, 0)
        words = min(short.length - mine, long.length - theirs)
        unlike = ((short.number >> mine * _WORD_BITS) ^ (long.number >> theirs * _WORD_BITS)).bit_count()
        beyond = short.bits[-1] - short.bits[mine + words] + long.bits[-1] - long.bits[theirs + words]
        similarity = 1 - (unlike - beyond) / (words * _WORD_BITS)
        return similarity, (similarity - _CHANCE) * sqrt(words)


def _still(words: tuple[int, ...]) -> bytes:
    """Set the bits of every word in a long run of equal ones."""
    marks = bytearray(len(words) * _WORD_BYTES)
    begin = 0
    for place, (word, following) in enumerate(_pairs(words), start=1):
        if word == following:
            continue
        if place - begin >= _STILL_WORDS:
            marks[begin * _WORD_BYTES : place * _WORD_BYTES] = b"\xff" * ((place - begin) * _WORD_BYTES)
        begin = place
    return bytes(marks)


def _pairs(words: tuple[int, ...]) -> Iterable[tuple[int, int | None]]:
    return zip(words, (*words[1:], None), strict=True)


def _packed(words: tuple[int, ...]) -> bytes:
    return struct.pack(f"<{len(words)}I", *words)


def _number(packed: bytes) -> int:
    return int.from_bytes(packed, "little")


def _bytes(number: int, words: int) -> bytes:
    return number.to_bytes(words * _WORD_BYTES, "little")


def _mirrored(overlap: Overlap) -> Overlap:
    return replace(overlap, offset_s=-overlap.offset_s, coverage_a=overlap.coverage_b, coverage_b=overlap.coverage_a)
