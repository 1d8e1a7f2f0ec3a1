"""What names carry that is no part of a track's identity: promotion, copies, formats, numbers of a listing."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.matching.words import ALBUMS, FORMATS, KNOWN_LABELS, LABEL_TAILS, LABELS


class Trimmed(NamedTuple):
    """A name without its outer noise, what was taken off, and what that says of the name.

    Attributes:
        damaged: a tool wrote it, with underscores or as an address; brackets may have been lost on the way.
        counter: it is an address, and the number at its end may be what a site adds to a name that is taken.
        copy: what file managers add to the name of a copy, empty when nothing.
    """

    text: str
    noise: tuple[str, ...]
    damaged: bool
    counter: bool
    copy: str


MARK = "\ue000"
"""Stands in a text where a bracket was lifted out; never part of what is taken off."""

TAIL_MAX = 64
"""What is taken off the end of a name is never longer, so that a long name costs no more."""

_EXTENSION = re.compile(r"\.(?:mp3|m4a|mp4|wav|aiff?|flac|ogg|opus|aac|wma)$", re.IGNORECASE)
_HEX = re.compile(r"^(?=[0-9A-F]*\d)[0-9A-F]{8}[_-](?=\S)", re.IGNORECASE)
_SCRIPT = re.compile(r"[\s_-]*[(\[]?(?<![^\W_])enhanced[)\]]?$", re.IGNORECASE)
_FORMAT_TAIL = re.compile(r"[\s_-]+(?:\d{3}\s?kbps|hq|hd|uhd|4k|1080p|720p|flac|wav|aiff|m4a|mp3)$", re.IGNORECASE)
_COPIES = (
    re.compile(r"\s*\(\d\)$"),
    re.compile(r"(?<!pt\.)(?<!pt)(?<!part)(?<!vol\.)(?<!vol)(?<!volume)\s\d\.\d\.\d$", re.IGNORECASE),
    re.compile(r"\.\d(?:\.\d)+$"),
    re.compile(r"(?<=[^\W\d])\.\d$"),
    re.compile(r"[ _-]+(?:copy|kopie)(?:[ _]?\d{1,2})?$", re.IGNORECASE),
)
_BEFORE_NUMBER = re.compile(r"\b(?:pt|part|vol|volume|no|ep|v)\.\d$", re.IGNORECASE)
_BPM_TAIL = re.compile(r"(?<=\d{6})\s+[^\W\d]{2,6}\s+\d{2,3}$")
_NOISY_END = re.compile(r"(?:[\d)\]]|copy|kopie|enhanced|kbps|hq|hd|4k|[01]p|flac|wav|aiff|m4a|mp3)$", re.IGNORECASE)
"""How every name ends that one of the patterns above takes something off: most names do not."""
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+){2,}$")
_COUNTED = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*-\d{1,3}$")

_PROMO = (
    r"(?:free(?:\s*(?:dl|download|d/l|release))?|official\s+(?:music\s+|lyrics?\s+|hd\s+)?(?:video|audio|clip|visuali[sz]er)"
    r"|(?:music|lyrics?)\s+video|official|lyrics?|visuali[sz]er|m/?v|out\s+now(?:\s+(?:on|via)\s.*)?|premiere|exclusive"
    r"|unreleased|forthcoming(?:\s.*)?|click\s+buy\b.*|buy\s*=.*|download|full\s+(?:song|track|stream)"
    r"|pre-?order(?:\s+now)?|new\s+music|hq|hd|4k|audio|video)"
)
_PROMO_BRACKET = re.compile(rf"^\W*{_PROMO}\W*$", re.IGNORECASE | re.DOTALL)
_PROMO_HEAD = re.compile(
    r"^\W*(?:premiere|exclusive|free\s*(?:dl|download)|unreleased|out\s+now)\b(?:\s*+[:|!\-]++)?+\s++(?=\S)",
    re.IGNORECASE,
)
_PROMO_TAIL = re.compile(
    r"(?<![\s\-|*~!])[\s\-|*~!]++(?:free\s*(?:dl|download)"
    r"|official\s+(?:music\s+|lyrics?\s+)?(?:video|audio|visuali[sz]er)|out\s+now(?:\s+(?:on|via)\s.*)?)\W*$",
    re.IGNORECASE | re.DOTALL,
)
_PROMO_WORD = re.compile(r"premiere|exclusive|free|unreleased|out\s|official", re.IGNORECASE)
_FORMAT = re.compile(
    r"^\W*(?:(?:\d{2,4}\s*(?:kbps|kbit/s|kbit)|\d\d(?:\.\d)?\s*khz|(?:16|24|32)[\s-]*bit)\W*)+$", re.IGNORECASE
)
_CREDIT = re.compile(r"^\W*(?:prod|produced|master|mastered|artwork)\b\.?(?:\s+by)?\s", re.IGNORECASE)
_LISTED = (
    re.compile(r"^\d{1,3}[.)]\s++(?=\S)"),
    re.compile(r"^0\d\s++(?=\S)"),
    re.compile(r"^[A-D]\d{1,2}[.)]?\s++-?\s*+(?=\S)"),
)
_LISTED_LATER = re.compile(r"^\d{2}\s++(?=\S)")
_CAMELOT = re.compile(r"^(?:1[0-2]|[1-9])[AB]$", re.IGNORECASE)
_NUMBER = re.compile(r"^\d{1,3}$")
_PLACE = re.compile(r"^\d{1,2}$")


def trim(text: str) -> Trimmed:
    """Take off what tools and file managers put around a name."""
    noise: list[str] = []
    text = _off(_HEX, _off_end(_EXTENSION, " ".join(text.split()), noise), noise)
    copy = ""
    if _NOISY_END.search(text, len(text) - TAIL_MAX):
        text, copy = _off_tail(text, noise)
    damaged, counter = _underscored(text), _COUNTED.match(text) is not None
    if damaged:
        text = text.replace("_", " ")
    elif _SLUG.match(text):
        damaged, text = True, text.replace("-", " ")
    return Trimmed(text=text.strip(), noise=tuple(noise), damaged=damaged, counter=counter, copy=copy)


def _off_tail(text: str, noise: list[str]) -> tuple[str, str]:
    """Take off what stands at the end; gives the rest and what a file manager added to a copy."""
    text = _off_end(_FORMAT_TAIL, _off_end(_SCRIPT, text, noise), noise)
    before = len(noise)
    for pattern in _COPIES:
        if not _BEFORE_NUMBER.search(text, len(text) - TAIL_MAX):
            text = _off_end(pattern, text, noise)
    copy = " ".join(noise[before:])
    return _off_end(_BPM_TAIL, text, noise), copy


def _off_end(pattern: re.Pattern[str], text: str, noise: list[str]) -> str:
    return _off(pattern, text, noise, start=len(text) - TAIL_MAX)


def _off(pattern: re.Pattern[str], text: str, noise: list[str], start: int = 0) -> str:
    found = pattern.search(text, start)
    if found is None or not (rest := (text[: found.start()] + text[found.end() :]).strip()):
        return text
    noise.append(found.group().strip(" _-"))
    return rest


def _underscored(text: str) -> bool:
    """Whether underscores stand where blanks were."""
    marks, blanks = text.count("_"), text.count(" ")
    return "_-_" in text or (marks >= 2 and blanks * 2 <= marks)  # noqa: PLR2004 - two may be anything, alone


def is_noise(bracket: str, words: tuple[str, ...], *, square: bool) -> bool:
    """Say whether a bracket holds nothing, promotion, a label, a format or a kind of album."""
    if all(word in FORMATS or word in ALBUMS for word in words) or is_promotion(bracket) or _FORMAT.match(bracket):
        return True
    if square and (words[0] in KNOWN_LABELS or (len(words) > 1 and words[-1] in LABEL_TAILS)):
        return True
    return words[-1] in LABELS


def is_credit(bracket: str) -> bool:
    """Say whether a bracket names who produced or mastered a track."""
    return _CREDIT.match(bracket) is not None


def is_promotion(segment: str) -> bool:
    """Say whether a whole segment is promotion."""
    return _PROMO_BRACKET.match(segment) is not None


def listed(segment: str, *, first: bool) -> tuple[str, str]:
    """Take the number of a listing off a segment; gives the rest and the number, empty where there is none."""
    patterns = _LISTED if first else (*_LISTED, _LISTED_LATER)
    for pattern in patterns:
        if found := pattern.match(segment):
            return segment[found.end() :], found.group().strip(" .)-")
    return segment, ""


def is_listing_number(segment: str, *, alone: bool) -> bool:
    """Say whether a whole leading segment is a track number, a tempo or a key in Camelot's notation.

    Args:
        segment: the segment.
        alone: only one other follows; then a number of three digits is rather an artist, `311 - Down`.
    """
    return bool((_PLACE if alone else _NUMBER).match(segment) or _CAMELOT.match(segment))


def promoted(text: str) -> tuple[str, tuple[str, ...]]:
    """Take promotion off the ends of a text outside brackets."""
    noise: list[str] = []
    if not _PROMO_WORD.search(text):
        return text, ()
    bare = text.rstrip(f" {MARK}")
    marks = text[len(bare) :]
    for pattern in (_PROMO_HEAD, _PROMO_TAIL):
        bare = _off(pattern, bare, noise)
    return bare + marks, tuple(noise)
