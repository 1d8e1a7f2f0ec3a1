"""Made-up Chromaprint prints that behave as measured ones: for tests and for simulations of whole crates.

Measured on real music (docs/scorecard-audio.md): how often each bit changes from one word to the next, how many
bits a re-encoding turns (0.1 % for MP3 at 320 kbit/s, 0.5 to 0.8 % for the others), and that 88 % of those lie
where the bit changes anyway.
"""

from __future__ import annotations

import struct
from itertools import accumulate
from operator import xor
from random import Random

NOISE = 0.007
"""Share of the bits an ordinary lossy encoder turns."""

_WORD_BITS = 32
_AT_A_CHANGE = 0.88
_CHANGES = (
    0.167, 0.102, 0.044, 0.030, 0.294, 0.216, 0.141, 0.096, 0.185, 0.128, 0.217, 0.117, 0.324, 0.242, 0.139, 0.093,
    0.292, 0.215, 0.062, 0.036, 0.081, 0.046, 0.230, 0.156, 0.155, 0.108, 0.042, 0.026, 0.051, 0.030, 0.046, 0.025,
)  # fmt: skip
"""How often a bit differs from the word before, the lowest bit first."""

_STEPS, _FINE_STEPS = 8, 16  # chances are kept in 256ths and 65,536ths


def synthetic(seed: int, length: int) -> tuple[int, ...]:
    """Give a print of `length` words; another seed gives unrelated music."""
    chance = Random(seed)
    changing = _changing(chance, length)
    first = chance.getrandbits(_WORD_BITS)
    return tuple(accumulate(_words(changing, length), xor, initial=first))[:length]


def reencoded(words: tuple[int, ...], seed: int, noise: float = NOISE) -> tuple[int, ...]:
    """Give the print of the same music after a lossy encoder.

    Args:
        words: of the original.
        seed: another seed gives another encoder.
        noise: the share of bits it turns.
    """
    chance = Random(seed)
    changed = _number(tuple(map(xor, words[1:], words)))  # the i-th change lies between words i and i + 1
    share = min(1.0, noise * _AT_A_CHANGE / (2 * sum(_CHANGES) / _WORD_BITS))
    late, early, anywhere = (_uniform(chance, len(words), each) for each in (share, share, noise * (1 - _AT_A_CHANGE)))
    turned = (changed << _WORD_BITS & late) | (changed & early) | anywhere
    return _words(_number(words) ^ turned, len(words))


def _changing(chance: Random, length: int) -> int:
    """Set each bit of `length` words as often as that bit changes: every step of its share ors or ands a coin."""
    chosen = 0
    for step in range(_STEPS):
        coins = _coins(chance, length)
        ors = _number((sum(1 << bit for bit, share in enumerate(_CHANGES) if _has(share, _STEPS, step)),) * length)
        chosen = (chosen | coins) & ors | chosen & coins & ~ors
    return chosen


def _uniform(chance: Random, length: int, share: float) -> int:
    """Set any bit of `length` words with one chance."""
    chosen = 0
    for step in range(_FINE_STEPS):
        coins = _coins(chance, length)
        chosen = chosen | coins if _has(share, _FINE_STEPS, step) else chosen & coins
    return chosen


def _has(share: float, steps: int, step: int) -> bool:
    return bool(min(round(share * (1 << steps)), (1 << steps) - 1) >> step & 1)


def _coins(chance: Random, length: int) -> int:
    return chance.getrandbits(_WORD_BITS * length) if length else 0


def _number(words: tuple[int, ...]) -> int:
    return int.from_bytes(struct.pack(f"<{len(words)}I", *words), "little")


def _words(number: int, length: int) -> tuple[int, ...]:
    return struct.unpack(f"<{length}I", number.to_bytes(length * 4, "little"))
