"""One form for characters that mean one thing: width, case, accents, look-alikes, quotes and dashes.

Scripts other than Latin are kept, letter by letter; nothing is transliterated here, because two names in two
scripts are compared by `names`, which knows both.
"""

from __future__ import annotations

import re
import unicodedata


def _mapped(characters: str, to: str | None) -> dict[int, str | None]:
    return dict.fromkeys(map(ord, characters), to)


_PLAIN: dict[int, str | None] = {
    **_mapped("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u301c\uff5e", "-"),
    **_mapped("\u2018\u2019\u201a\u201b\u2032\u2035\u00b4\u02bc\u02bb\uff07", "'"),
    **_mapped("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u2039\u203a\uff02", '"'),
    **_mapped("\u29f8\u2215\u2044", "/"),
    **_mapped("\u29f9", "\\"),
}
"""Dashes, quotes and slashes, in code points because they look alike."""

_NOTHING = _mapped("\u2122\u00ae\u00a9\u2120\u2117\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", None)
"""Marks of trade, and what nobody sees."""

_LATIN = str.maketrans(
    {
        "\u00f8": "o",
        "\u0111": "d",
        "\u0142": "l",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00fe": "th",
        "\u00f0": "d",
        "\u0131": "i",
        "\u0127": "h",
    }
)
"""Letters that no decomposition takes apart."""

_LOOKS_LATIN = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0261"
    "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
    "abekmhopctyxijsdhgabeikvoptux",
)
"""Cyrillic and Greek letters that look Latin: read as Latin inside a word that has Latin letters."""

_ACCENT_FIRST, _ACCENT_LAST = "\u0300", "\u036f"


def plain(text: str) -> str:
    """Give a text with one kind of dash, quote, slash, blank and width; case and accents stay."""
    composed = text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_NOTHING)).translate(_PLAIN)
    if not composed.isprintable():
        composed = "".join(character if character.isprintable() else " " for character in composed)
    return composed


def fold(text: str) -> str:
    """Give the form of a word in which spelling does not count: case, accents, look-alikes."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = _without_accents(unicodedata.normalize("NFD", folded)).translate(_LATIN)
    mixed = any("a" <= character <= "z" for character in bare)
    return unicodedata.normalize("NFC", bare.translate(_LOOKS_LATIN) if mixed else bare)


def looks_latin(folded: str) -> str:
    """Give the Latin word a folded word looks like, letter by letter."""
    return folded.translate(_LOOKS_LATIN)


_UMLAUTS = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue"})
_WORD = re.compile(r"\w+")


def umlauted(text: str) -> list[tuple[str, str]]:
    """Give every word of a text that has an umlaut: as written without umlauts, and as it is."""
    if text.isascii():
        return []
    words = [(word.casefold().translate(_UMLAUTS), word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]
    return [(written, word) for written, word in words if written != word.casefold()]


def _without_accents(decomposed: str) -> str:
    """Drop the accents of Latin letters; in other scripts a mark may make another letter."""
    kept: list[str] = []
    latin = False
    for character in decomposed:
        if _ACCENT_FIRST <= character <= _ACCENT_LAST:
            if not latin:
                kept.append(character)
            continue
        latin = character < "\u0250"
        kept.append(character)
    return "".join(kept)
