"""Whether a provider speaks of the recording it was asked about: names spelt alike, and lengths that meet. Pure.

Simple and exact on purpose: a doubt costs a fact, never a wrong one.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import assert_never

from engine.matching.folding import fold, plain
from engine.matching.names import compare_names
from engine.matching.parsing import parse
from engine.matching.policy import DEFAULT
from engine.matching.things import Names
from engine.source_ports import Described

SAME_MS_MAX = 3_000
"""Lengths apart up to which equal names mean one recording."""
NEAR_MS_MAX = 10_000
"""Lengths apart from which not even an ISRC means one recording."""

_WORD = re.compile(r"\w+")
_JOINS = frozenset({"and", "feat", "featuring", "ft", "x", "vs", "with", "und", "et", "y"})


class Naming(StrEnum):
    """What the names say of a recording that an ISRC led to."""

    ALIKE = "alike"
    OTHERWISE = "otherwise"  # spelt otherwise, translated, or too little to tell
    ANOTHER = "another"  # another version or part of it, or another song by somebody else: the ISRC is wrong


def named(title: str, artist: str | None, about: Described) -> Naming:
    """Say whether an ISRC led to what is asked about, as far as names can say."""
    if same_title(title, about.title):
        return Naming.ALIKE
    said = compare_names(parse(title, artist), parse(about.title, about.artist), DEFAULT)
    match said.names:
        case Names.SAME:
            return Naming.ALIKE
        case Names.VERSION | Names.PART:
            return Naming.ANOTHER
        case Names.DIFFERENT if said.artists == "disagree":
            return Naming.ANOTHER
        case Names.DIFFERENT | Names.UNCLEAR:
            return Naming.OTHERWISE
        case _:
            assert_never(said.names)


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
