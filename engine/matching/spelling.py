"""Two names' words, written alike: what only signs, blanks, umlauts or another script keep apart becomes equal.

Only spelling: a word keeps its role, and words that mean the same but are other words stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from engine.matching.folding import fold, looks_latin, umlauted
from engine.matching.parsing import TEXT_MAX, ParsedName, Word
from engine.matching.tokens import tokens

GLUED_MAX = 6
CACHED = 65_536


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a name is spelled, worked out once."""

    known: frozenset[str]
    squashed: str
    umlauts: dict[str, str]
    plain: bool  # in ASCII, and no sign stands for a letter


def written_alike(a: ParsedName, b: ParsedName) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Give the words of two names, those of the one written as the other writes them where they read the same."""
    ours, theirs = _spelling(a), _spelling(b)
    if ours.known == theirs.known:
        return a.words, b.words
    if ours.plain and theirs.plain:
        glued_a = any(text in ours.squashed for text in theirs.known - ours.known)
        glued_b = any(text in theirs.squashed for text in ours.known - theirs.known)
        return _glued(a.words, b.words) if glued_a else a.words, _glued(b.words, a.words) if glued_b else b.words
    spelled_a, spelled_b = _spelled(a.words, theirs), _spelled(b.words, ours)
    words_a, words_b = _glued(spelled_a, spelled_b), _glued(spelled_b, spelled_a)
    return _respelled(words_a, words_b), words_b


@lru_cache(maxsize=CACHED)
def _spelling(name: ParsedName) -> _Spelling:
    texts = [word.text for word in name.words]
    squashed = "".join(texts)
    umlauts = {tokens(long)[0]: tokens(short)[0] for long, short in umlauted(name.text[:TEXT_MAX])}
    return _Spelling(
        known=frozenset(texts),
        squashed=squashed,
        umlauts=umlauts,
        plain=squashed.isascii() and not umlauts and "$" not in squashed and "!" not in squashed,
    )


def _spelled(words: tuple[Word, ...], other: _Spelling) -> tuple[Word, ...]:
    """Read what has two spellings as the other name does: `$` and `!` inside words, `ae` for an umlaut."""
    return tuple(
        word if word.text in other.known else Word(text=_read(word.text, other), role=word.role) for word in words
    )


def _read(text: str, other: _Spelling) -> str:
    if text in other.umlauts:
        return other.umlauts[text]
    letters = text.replace("$", "s").replace("!", "i")
    return letters if letters in other.known else text.replace("$", "").replace("!", "")


def _glued(words: tuple[Word, ...], others: tuple[Word, ...]) -> tuple[Word, ...]:
    """Join neighbours that the other name writes as one word: `Al tarba` where it has `Al'tarba`."""
    texts = [word.text for word in words]
    squashed = "".join(texts)
    # Two numbers side by side are not a longer one.
    whole = {word.text for word in others if word.text in squashed and not word.text.isdecimal()}.difference(texts)
    if not whole:
        return words
    glued: list[Word] = []
    index = 0
    while index < len(words):
        widths = range(2, min(GLUED_MAX, len(words) - index) + 1)
        width = next((width for width in widths if "".join(texts[index : index + width]) in whole), 1)
        glued.append(Word(text="".join(texts[index : index + width]), role=words[index].role))
        index += width
    return tuple(glued)


def _respelled(words: tuple[Word, ...], others: tuple[Word, ...]) -> tuple[Word, ...]:
    """Write a word of one script as the other name does in another, where they look or read the same."""
    known = sorted({word.text for word in others})
    foreign = {form: text for text in known if not text.isascii() for form in _latin_forms(text)}
    return tuple(
        word if word.text in known else Word(text=_foreign_form(word.text, known, foreign), role=word.role)
        for word in words
    )


def _foreign_form(text: str, known: list[str], foreign: dict[str, str]) -> str:
    if text.isascii():
        return foreign.get(text) or foreign.get(_romanised(text)) or text
    forms = _latin_forms(text)
    return next((other for other in known if other in forms or _romanised(other) in forms), text)


@lru_cache(maxsize=CACHED)
def _latin_forms(text: str) -> tuple[str, str]:
    """Give how a word of another script looks in Latin letters, and how it reads."""
    return looks_latin(text), _romanised(fold(anyascii(text)))


_ROMANISATIONS = (
    *(("'", ""), ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("zh", "j"), ("ts", "c"), ("tz", "c"), ("yo", "e")),
    *(("jo", "e"), ("ya", "ia"), ("ja", "ia"), ("yu", "iu"), ("ju", "iu"), ("y", "i"), ("j", "i"), ("w", "v")),
)
"""Spellings in which the ways of writing Cyrillic in Latin letters differ."""


def _romanised(text: str) -> str:
    for one, other in _ROMANISATIONS:
        text = text.replace(one, other)
    return text
