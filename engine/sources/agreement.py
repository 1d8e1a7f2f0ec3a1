"""Whether a provider speaks of the recording it was asked about: names spelt alike, and lengths that meet. Pure.

Simple and exact on purpose: a doubt costs a fact, never a wrong one.
"""

from __future__ import annotations

import re

from engine.matching.folding import fold, plain

SAME_MS_MAX = 3_000
"""Lengths apart up to which equal names mean one recording."""
NEAR_MS_MAX = 10_000
"""Lengths apart from which not even an ISRC means one recording."""

_WORD = re.compile(r"\w+")
_JOINS = frozenset({"and", "feat", "featuring", "ft", "x", "vs", "with", "und", "et", "y"})


def same_title(one: str, other: str) -> bool:
    """Say whether two titles are spelt alike; case, accents and signs do not count."""
    words = _words(one)
    return bool(words) and words == _words(other)


def same_artist(one: str, other: str) -> bool:
    """Say whether two credits name the same people, however they are joined."""
    people = _people(one)
    return bool(people) and people == _people(other)


def apart_ms(one: int | None, other: int | None) -> int | None:
    """Give how far two lengths are apart, where both are known."""
    return abs(one - other) if one is not None and other is not None else None


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(plain(text)))


def _people(text: str) -> frozenset[str]:
    words = frozenset(_words(text))
    return words - _JOINS or words
