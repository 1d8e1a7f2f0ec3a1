"""Equal words in other places: what is a title in one name and an artist, an album or a remixer in the other.

Asked last, of names that seem the same. A role is what a place suggests, so only sure places count here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import takewhile

from engine.matching.parsing import Role, Word
from engine.matching.words import VERSIONS

SONG = frozenset({Role.TITLE, Role.BEFORE_VERSION})
_BESIDE = frozenset({Role.ALBUM, Role.FEATURED, Role.PART, Role.EXTRA})
_NUMBERED = frozenset({*SONG, Role.VERSION, Role.PART, Role.EXTRA})
_ARTIST = frozenset({Role.ARTIST})
_TITLE = frozenset({Role.TITLE})
_VERSION = frozenset({Role.VERSION})


def misplaced(a: tuple[Word, ...], b: tuple[Word, ...]) -> str:
    """Say so where words that both names have mean something else in their places; empty where they do not."""
    if _said_otherwise(a, b) or _said_otherwise(b, a):
        return "what is the title in one name is none in the other"
    if plainly(a) == plainly(b):
        return ""
    if _moved(a, b) and _moved(b, a):
        return "the same words in another order"
    for in_order in (_numbers, _versions):
        one, other = in_order(a), in_order(b)
        if one != other and sorted(one) == sorted(other):
            return "the same numbers or versions in another order"
    return ""


def plainly(words: Iterable[Word]) -> list[str]:
    """Give the words as they stand, without noise."""
    return [word.text for word in words if word.role is not Role.NOISE]


def _said_otherwise(words: tuple[Word, ...], others: tuple[Word, ...]) -> bool:
    """Whether the title's first word, or a sure word of it, is surely no part of the title in the other name."""
    titles, song = _texts(words, SONG), set(_texts(others, SONG))
    versions = {*_texts(others, _VERSION)} - song
    lost = not titles  # joined as the other name has it, the title's words stand before the title
    if lost or titles[0] in versions & VERSIONS or titles[0] in {*_texts(others, _BESIDE)} - song:
        return True
    if not (artists := _texts(others, _ARTIST)):
        return False  # `Artist - Title Remix` and `Title - Remixer Remix` cannot be told apart
    if titles[0] in versions:
        return True
    elsewhere = ({*artists} - song).intersection(_texts(words, _TITLE))
    if elsewhere and _texts(words, _ARTIST) and not _exchanged(words, others):
        return True
    if any(word.role is Role.BEFORE_VERSION for word in words):
        return False
    before = takewhile(lambda word: word.role is not Role.VERSION, words)
    return not (versions - VERSIONS).isdisjoint(_texts(before, SONG))


def _texts(words: Iterable[Word], roles: frozenset[Role]) -> list[str]:
    return [word.text for word in words if word.role in roles]


def _exchanged(words: tuple[Word, ...], others: tuple[Word, ...]) -> bool:
    """Whether one name says artist and title where the other says title and artist."""
    sides = ((words, others), (others, words))
    return all(_named(_texts(one, _ARTIST)) == _named(_texts(other, SONG)) for one, other in sides)


def _named(words: list[str]) -> Counter[str]:
    return Counter(word for word in words if word != "the")


def _numbers(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words if word.text.isdecimal() and word.role in _NUMBERED]


def _versions(words: tuple[Word, ...]) -> list[str]:
    """Give the words of versions in order, where there are more than one: whose is which may then be another."""
    said = _texts(words, _VERSION)
    return said if len(VERSIONS.intersection(said)) > 1 else []


def _moved(words: tuple[Word, ...], others: tuple[Word, ...]) -> bool:
    """Whether the words of the title stand in another order in the other name."""
    places: dict[str, list[int]] = {}
    last_first = sorted(enumerate(others), key=lambda place: (place[1].role in SONG, -place[0]))
    for position, word in last_first:
        places.setdefault(word.text, []).append(position)
    found = [places[word.text].pop() for word in words if word.role is Role.TITLE and places.get(word.text)]
    return found != sorted(found)
