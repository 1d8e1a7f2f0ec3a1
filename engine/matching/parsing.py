"""A track's name, taken apart: who, what, which version, which part, and what is noise. Total and deterministic.

Every word keeps its role. Real names lose brackets and punctuation on their way, so a role is what a word's place
suggests, not a proof: `names` compares words first and asks for roles only where two names differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from engine.domain.value import Value
from engine.matching.folding import plain
from engine.matching.noise import (
    MARK,
    Trimmed,
    is_credit,
    is_listing_number,
    is_noise,
    is_promotion,
    listed,
    promoted,
    trim,
)
from engine.matching.tokens import tokens, units
from engine.matching.words import (
    BEGINS_VERSION,
    FEATURING,
    GENERIC,
    JOINING,
    NAMED_VERSIONS,
    ORIGINAL,
    PARTS,
    ROMANS,
    STOPWORDS,
    UPLOADERS,
    VERSIONS,
)

TEXT_MAX = 1_000
"""Longer names are cut: nobody writes them, and every step stays linear."""
REMIXER_WORDS_MAX = 4
VERSION_SEGMENT_MAX = 6
CACHED = 65_536


class Role(StrEnum):
    """What a word's place suggests it is; a closed set."""

    ARTIST = "artist"
    CREDITED = "credited"  # an artist by the source's own field
    FEATURED = "featured"
    ALBUM = "album"  # stands between artist and title
    TITLE = "title"
    BEFORE_VERSION = "before_version"  # the end of the title, or the name of a remixer
    VERSION = "version"
    PART = "part"
    EXTRA = "extra"  # in a bracket that says nothing known
    NOISE = "noise"


_TITLE = frozenset({Role.TITLE, Role.BEFORE_VERSION})
_TELLING = frozenset({*_TITLE, Role.VERSION, Role.FEATURED})
_COMMON = STOPWORDS | VERSIONS | GENERIC


class Word(Value, frozen=True):
    """One word in its folded form, and its role."""

    text: str
    role: Role


class ParsedName(Value, frozen=True, cache_hash=True):
    """A name taken apart.

    Attributes:
        text: the name as it was given.
        artist: what the source's own artist field says, as it was given.
        words: every word in order, folded, with its role; joining words are left out.
        title: the words of the title among them.
        content: how many words tell it from others, beside artists: of its title, its guests and its remixers.
        noise: what was taken off, as it was written.
        artists: the artists, each in one piece without blanks: by the name, then by the source's field.
        credited: whether only the source's field says who.
        around: labels, albums and guests in the same form: whom else an artist may be among.
        number: its number in a listing, empty when it says none.
        damaged: a tool wrote the name and may have lost its brackets.
        counter: it is an address, and the number at its end may be what a site adds to a name that is taken.
        copy: what file managers add to the name of a copy, empty when nothing.
    """

    text: str
    artist: str | None
    words: tuple[Word, ...]
    title: tuple[str, ...]
    content: int
    noise: tuple[str, ...]
    artists: tuple[str, ...]
    credited: bool
    around: tuple[str, ...]
    number: str
    damaged: bool
    counter: bool
    copy: str

    def of(self, *roles: Role) -> tuple[str, ...]:
        """Give the words of some roles, in order."""
        return tuple(word.text for word in self.words if word.role in roles)


@lru_cache(maxsize=CACHED)
def parse(text: str, artist: str | None = None) -> ParsedName:
    """Take a name apart.

    Args:
        text: a title as a source, a file name or a row writes it.
        artist: what the source's own artist field says, if it has one.
    """
    trimmed = trim(plain(text[:TEXT_MAX])[:TEXT_MAX])
    taken = _Taken()
    words = _words_of(trimmed, taken)
    said = plain(artist or "")[:TEXT_MAX]
    credited = _credited(said, words)
    by_field = units(said) if credited or (said and not _is_channel(tokens(said))) else ()
    return ParsedName(
        text=text,
        artist=artist,
        words=(*words, *credited),
        title=tuple([word.text for word in words if word.role in _TITLE]),
        content=len({word.text for word in words if word.role in _TELLING and len(word.text) > 1} - _COMMON),
        noise=(*trimmed.noise, *(word.text for word in words if word.role is Role.NOISE)),
        artists=tuple(dict.fromkeys((*taken.artists, *by_field))),
        credited=not taken.artists and bool(by_field),
        around=tuple(dict.fromkeys(taken.around)),
        number=taken.number,
        damaged=trimmed.damaged,
        counter=trimmed.counter,
        copy=trimmed.copy,
    )


@dataclass(slots=True)
class _Taken:
    """What is found on the way through a name, besides its words."""

    artists: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    number: str = ""


_QUOTED = re.compile(r" ?[「『]|[」』]")
_OPENING, _CLOSING = frozenset("([{<【"), frozenset(")]}>】")
_BRACKET = re.compile(r"([()\[\]{}<>【】])")
_PREFIX_MARK = re.compile(r"^([^_\-()\[\]]*[^\s_\-(\[])_(?=\S)")
_LOST_APOSTROPHE = re.compile(r"(?<=n)_ ", re.IGNORECASE)
_SEGMENT = re.compile(r" -+ | ?\|+ ?| -+(?=\w)|(?<=\w)-+ | ?//+ ?")


def _words_of(trimmed: Trimmed, taken: _Taken) -> list[Word]:
    text, brackets = _lift_brackets(_split_prefix(trimmed.text))
    bare, promotion = promoted(text)
    noise = [word for said in promotion for word in _roled(said, Role.NOISE)]
    words = _segments(bare, brackets, taken)
    if not any(word.role in (Role.TITLE, Role.BEFORE_VERSION) for word in words):
        # What seemed to be all artist, version or noise is what there is of a title.
        words = _roled(" ".join([bare.replace(MARK, " "), *(bracket.text for bracket in brackets)]), Role.TITLE)
    return [*words, *noise]


def _split_prefix(text: str) -> str:
    """Read `Label_Artist - Title` and `Artist「Title」` as segments; other underscores stand for lost punctuation."""
    text = _QUOTED.sub(" - ", text).strip(" -")
    if "_" not in text:
        return text
    if found := _PREFIX_MARK.match(text):
        text = f"{found.group(1)} - {text[found.end() :]}"
    if " - " in text:
        text = _LOST_APOSTROPHE.sub(" ", text)
    return text.replace(" _ ", " ").replace("_ ", " - ").replace(" _", " ").replace("_", "")


class _Bracket(NamedTuple):
    """What stood in a bracket, and whether it was a square one: labels stand in those, subtitles do not."""

    text: str
    square: bool


def _lift_brackets(text: str) -> tuple[str, list[_Bracket]]:
    """Take brackets out of a text, inner ones before the one around them, and leave a mark for each."""
    brackets: list[_Bracket] = []
    opened: list[tuple[str, str]] = []  # a sign that waits to be closed, and the text before it
    here = ""
    for piece in _BRACKET.split(text):
        if piece in _OPENING:
            opened.append((piece, here))
            here = ""
        elif piece in _CLOSING and opened:
            sign, before = opened.pop()
            brackets.append(_Bracket(text=here.replace(MARK, " "), square=sign == "["))
            here = f"{before} {MARK * (here.count(MARK) + 1)} "
        else:
            here += " " if piece in _CLOSING else piece
    return " ".join([*(before for _, before in opened), here]), brackets


def _segments(text: str, brackets: list[_Bracket], taken: _Taken) -> list[Word]:
    """Give the words of a text's segments, and after each segment's the words of its brackets."""
    segments = [segment.strip() for segment in _SEGMENT.split(" ".join(text.split())) if segment.strip()]
    words: list[Word] = []
    while len(segments) > 1 and is_listing_number(segments[0], alone=len(segments) == 2):  # noqa: PLR2004 - it and a title
        words += _roled(segments.pop(0), Role.NOISE)
    if len(segments) > 1:
        words += [word for segment in segments if is_promotion(segment) for word in _roled(segment, Role.NOISE)]
        segments = [segment for segment in segments if not is_promotion(segment)]
    used = 0
    roles = _segment_roles([segment.replace(MARK, " ") for segment in segments])
    for index, (segment, role) in enumerate(zip(segments, roles, strict=True)):
        held = segment.count(MARK)
        rest, number = listed(segment.replace(MARK, " ").strip(), first=index == 0)
        if number:
            words += _roled(number, Role.NOISE)
            taken.number = number.lstrip("0")
        words += _segment_words(rest, role, taken)
        for bracket in brackets[used : used + held]:
            words += _bracket_words(bracket, role, taken)
        used += held
    return words


def _segment_roles(segments: list[str]) -> list[Role]:
    """Say what each segment is: artist, albums between, the title, and versions or numbers after it."""
    roles: list[Role] = [Role.ALBUM] * len(segments)
    last = len(segments) - 1
    while last > 0 and (tail := _tail_role(segments[last], after_one=last == 1)) is not None:
        roles[last] = tail
        last -= 1
    if last > 0:
        roles[0] = Role.VERSION if VERSIONS.issuperset(tokens(segments[0])) else Role.ARTIST
    if segments:
        roles[last] = Role.TITLE
    return roles


def _tail_role(segment: str, *, after_one: bool) -> Role | None:
    words = tokens(segment)
    if not words:
        return None if after_one and _signs(segment) else Role.NOISE
    if words in ORIGINAL:
        return Role.NOISE
    if words[-2:] in ORIGINAL:
        return None
    says = words[-1] in VERSIONS or words[0] in BEGINS_VERSION or (len(words) == 1 and _numbered_version(words[0]))
    if (len(words) <= VERSION_SEGMENT_MAX and says) or _DOTTED.match(segment):
        return Role.VERSION
    if words[0] in PARTS and words[1:] and all(word.isdecimal() for word in words[1:]):
        return Role.PART
    # "Artist - 1979" is a title, "Artist - Title - 300525" a date.
    return Role.EXTRA if not after_one and all(word.isdecimal() for word in words) else None


def _segment_words(segment: str, role: Role, taken: _Taken) -> list[Word]:
    words = tokens(segment)
    main, featured = _featured(words)
    who = _FEATURED_AT.split(segment, maxsplit=1)
    if role is Role.ARTIST:
        taken.artists += units(who[0])
    elif role is Role.ALBUM:
        taken.around += units(who[0])
    taken.around += units(who[1]) if len(who) > 1 else ()
    guests = [Word(text=word, role=Role.FEATURED) for word in featured if word not in JOINING]
    if role is Role.TITLE and not words:
        return [Word(text=sign, role=role) for sign in _signs(segment)]
    if role is Role.TITLE:
        return [*_title_words(_without_joining(main)), *guests]
    return [*(Word(text=word, role=role) for word in main if word not in JOINING or len(words) == 1), *guests]


def _signs(segment: str) -> list[str]:
    """Give the signs of a title that has no letters: `🔥`, `+`, `???`; dashes and underscores are none."""
    return _SIGNS.findall(segment)


def _without_joining(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out a title's joining words where they can be nothing else: between two others; `with` always tells."""
    inside = [word for word in words[1:-1] if word not in JOINING or word == "with"]
    return (*words[:1], *inside, *words[1:][-1:])


def _featured(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for index, word in enumerate(words):
        if word in FEATURING and index > 0:
            tail = words[index + 1 :]
            # "Title feat Singer Remixer Remix": where the singer ends, nobody can tell.
            remixed = bool(tail) and tail[-1] in NAMED_VERSIONS
            cut = max(1, len(tail) - 2) if remixed else _guests_end(tail)
            return (*words[:index], *tail[cut:]), tail[:cut]
    return words, ()


def _guests_end(tail: tuple[str, ...]) -> int:
    """Say where guests end and versions or parts begin behind them: `feat. Singer slowed + reverb`."""
    end = len(tail)
    while end > 1:
        before, last = tail[end - 2 : end]
        if last in VERSIONS:
            end -= 1
        elif end > len((before, last)) and ((before in PARTS and last.isdecimal()) or (before, last) == ("sped", "up")):
            end -= 2
        else:
            break
    return end


def _title_words(words: tuple[str, ...]) -> list[Word]:
    """Give a title's words; a version word at its end makes those before it ambiguous."""
    roles = [Role.TITLE] * len(words)
    for index, word in enumerate(words):
        if index > 0 and (word in VERSIONS or _numbered_version(word)):
            roles[index] = Role.VERSION
        if index > 0 and word.isdecimal() and words[index - 1] in PARTS:
            roles[index - 1] = roles[index] = Role.PART
    if len(words) > len(ORIGINAL[0]) and words[-2:] in ORIGINAL:
        roles[-2:] = [Role.NOISE, Role.NOISE]
    end = len(words)
    while end > 1 and (roles[end - 1] is Role.VERSION or words[end - 1].isdecimal()):
        end -= 1
    if any(word in NAMED_VERSIONS for word in words[end:]):
        for index in range(max(1, end - REMIXER_WORDS_MAX), end):
            if roles[index] is Role.TITLE:
                roles[index] = Role.BEFORE_VERSION
    return [Word(text=word, role=role) for word, role in zip(words, roles, strict=True)]


def _bracket_words(held: _Bracket, around: Role, taken: _Taken) -> list[Word]:
    bracket, words = held.text, tokens(held.text)
    if is_noise(bracket, words, square=held.square) or words in ORIGINAL:
        return [Word(text=word, role=Role.NOISE) for word in words]
    if words[0] in FEATURING or words[0] == "with" or is_credit(bracket):
        taken.around += units(bracket.strip().partition(" ")[2])
        return [Word(text=word, role=Role.FEATURED) for word in words[1:] if word not in JOINING]
    if len(words) == 1 and words[0] in ROMANS:
        return [Word(text=ROMANS[words[0]], role=Role.PART)]
    role = _bracket_role(bracket, words)
    if around is Role.ALBUM and role is not Role.PART and not VERSIONS & set(words):
        role = Role.ALBUM  # "Album (2012) - 03 Title", "Album (Deluxe Edition) - 03 Title"
    return [Word(text=word, role=role) for word in words if word not in JOINING]


def _bracket_role(bracket: str, words: tuple[str, ...]) -> Role:
    if (
        _DOTTED.match(bracket)
        or any(word in VERSIONS or _numbered_version(word) for word in words)
        or _YEAR.match(words[-1])
    ):
        return Role.VERSION
    if (words[0] in PARTS and words[-1].isdecimal()) or all(word.isdecimal() for word in words):
        return Role.PART
    return Role.EXTRA


def _credited(artist: str, words: list[Word]) -> list[Word]:
    """Give the artist field's words, unless it names a label or a channel, or says what the name says."""
    said = tokens(artist)
    known = {word.text for word in words if word.role in (Role.ARTIST, Role.FEATURED)}
    if not said or _is_channel(said):
        return []
    return [Word(text=word, role=Role.CREDITED) for word in said if word not in JOINING and word not in known]


def _is_channel(words: tuple[str, ...]) -> bool:
    return bool(UPLOADERS & set(words)) or "user" in words


_DOTTED = re.compile(r"^\W*\d\.0\W*$")
"""`2.0`: a version, where `2` would be a part."""
_SIGNS = re.compile(r"[^\w\s\-]+")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_FEATURED_AT = re.compile(r"(?<!\w)(?:feat|ft|featuring|w)(?!\w)\.?", re.IGNORECASE)


def _numbered_version(word: str) -> bool:
    return len(word) > 1 and word[0] == "v" and word[1:].isdecimal()


def _roled(text: str, role: Role) -> list[Word]:
    return [Word(text=word, role=role) for word in tokens(text) if word not in JOINING]
