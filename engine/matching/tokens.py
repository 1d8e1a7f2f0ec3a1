"""A text as folded words, and a list of artists as names: what a role can be given to. Total, linear, cached.

Knows the form of a word and nothing of its place; `parsing` gives places their meaning.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from engine.matching.folding import fold
from engine.matching.words import NUMBERS, PARTS, PLAIN_ROMANS, ROMANS, SYNONYMS

CACHED = 65_536
_SPACED_MIN = 3

_APART = re.compile(r"""[\s,;:/\\|"?…·•~\-]+""")
_GLUED = re.compile(r"_|(?<!\w)!|!(?!\w)|[^\w$!]")
"""What is dropped inside a word; `$` and `!` between letters stand for letters, or for nothing: `spelling` tells."""
_PART_NUMBER = re.compile(r"(pt|part|vol|volume|no|ep|episode|chapter)(\d{1,4})")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BETWEEN = re.compile(r"[,;]|\s[&+/]\s|(?<!\w)(?:x|vs|and|with|w|b2b|feat|ft|featuring|und|et)(?!\w)\.?", re.IGNORECASE)


@lru_cache(maxsize=CACHED)
def tokens(text: str) -> tuple[str, ...]:
    """Split a text into folded words: punctuation inside a word is dropped, numbers and known words have one form."""
    words: list[str] = []
    if "," in text:
        text = _THOUSANDS.sub("", text)
    for piece in _APART.split(text.replace("#", " no ")):
        word = fold(piece)
        if not word.isalnum():
            word = _GLUED.sub("", word)
            if not word.strip("$!"):
                continue
        if word[-1].isdecimal() and (part := _PART_NUMBER.fullmatch(word)):
            words += part.groups()
        else:
            words.append(word)
    return tuple(_numbered([SYNONYMS.get(word, word) for word in _unspaced(words)]))


@lru_cache(maxsize=CACHED)
def units(text: str) -> tuple[str, ...]:
    """Give the artists a text names, each in one piece without blanks, `the` left out."""
    named = ("".join(word for word in tokens(name) if word != "the") for name in _BETWEEN.split(text))
    return tuple(name for name in named if name)


def _unspaced(words: list[str]) -> list[str]:
    """Join letters that stand alone, three or more in a row: `N i g h t` is `night`."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha() and word.isascii():
            run.append(word)
            continue
        joined += ["".join(run)] if len(run) >= _SPACED_MIN else run
        run = []
        joined.append(word)
    return joined[:-1]


def _numbered(words: list[str]) -> list[str]:
    """Write numbers with digits where they are numbers: `part two`, `pt. II`, `Song III`."""
    result: list[str] = []
    before = ""
    for word in words:
        after_part = before in PARTS
        if after_part and word in NUMBERS:
            result.append(NUMBERS[word])
        elif (after_part and word in ROMANS) or (before and word in PLAIN_ROMANS):
            result.append(ROMANS[word])
        elif word.isdecimal():
            result.append(_digits(word))
        else:
            result.append(word)
        before = word
    return result


def _digits(number: str) -> str:
    """Write a number of any script in ASCII, without zeros before it."""
    if not number.isascii():
        number = "".join(str(unicodedata.decimal(digit)) for digit in number)
    return number.lstrip("0") or "0"
