"""Text as it may travel: one normal form, so that a value read back equals the value written."""

from __future__ import annotations

import re
import unicodedata

TEXT_MAX = 2_000
"""Longest text we send in one field, UTF-16 units; Notion's limit for one rich-text run."""

OPTION_MAX = 100
"""Longest name of a tag or a select option, UTF-16 units; Notion refuses longer ones."""

COMMA_STAND_IN = "\N{SINGLE LOW-9 QUOTATION MARK}"
"""What stands for a comma in an option's name, where Notion forbids commas; it reads back as a comma."""

_ASTRAL = "\U00010000"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # Unicode's category Cc, whole
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str, limit: int = TEXT_MAX) -> str:
    """Give text in NFC without control characters, blanks folded and trimmed, cut at `limit` UTF-16 units."""
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    # What is printable holds no blank but the space and no control character; nearly every text is.
    folded = " ".join((normal if normal.isprintable() else _visible(normal)).split())
    return unicodedata.normalize("NFC", cut(folded, limit)).strip()


def cut(text: str, limit: int) -> str:
    """Give the beginning of a text, at most `limit` UTF-16 units, as Notion and JavaScript count; no pair is torn."""
    if len(text) * 2 <= limit or (len(text) <= limit and text.isascii()):
        return text
    units = 0
    for place, character in enumerate(text):
        units += 2 if character >= _ASTRAL else 1
        if units > limit:
            return text[:place]
    return text


def shown(text: str) -> str:
    """Give text as it reads back wherever it is shown: NFC, blanks for control characters; no blank is lost."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", _LONE_SURROGATE.sub("?", text)))


def _visible(text: str) -> str:
    blanks = "".join(" " if character.isspace() else character for character in text)
    return "".join(character for character in blanks if unicodedata.category(character) not in ("Cc", "Cs"))


def optional(text: str | None, limit: int = TEXT_MAX) -> str | None:
    """Clean a text that may be unknown; what is empty is unknown."""
    return (clean(text, limit) or None) if text else None


def tag(text: str) -> str:
    """Give text fit for a tag or a select option, where commas separate; at most 100 UTF-16 units."""
    return clean(text.replace(",", " ").replace(COMMA_STAND_IN, " "), OPTION_MAX)


def choice(text: str) -> str:
    """Give text that reads back the same from a select and from a text property; at most 100 UTF-16 units."""
    return clean(text.replace(COMMA_STAND_IN, ","), OPTION_MAX)
