"""Text as it may travel: one normal form, so that a value read back equals the value written."""

from __future__ import annotations

import unicodedata

TEXT_MAX = 2_000
"""Longest text we send in one field, characters; Notion's limit for one rich-text run."""


def clean(text: str, limit: int = TEXT_MAX) -> str:
    """Give text in NFC without control characters, blanks folded and trimmed, cut at `limit` characters."""
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    # What is printable holds no blank but the space and no control character; nearly every text is.
    folded = " ".join((normal if normal.isprintable() else _visible(normal)).split())
    return unicodedata.normalize("NFC", folded[:limit]).strip()


def _visible(text: str) -> str:
    blanks = "".join(" " if character.isspace() else character for character in text)
    return "".join(character for character in blanks if unicodedata.category(character) not in ("Cc", "Cs"))


def optional(text: str | None, limit: int = TEXT_MAX) -> str | None:
    """Clean a text that may be unknown; what is empty is unknown."""
    return (clean(text, limit) or None) if text else None


def tag(text: str) -> str:
    """Give text fit for a tag or a select option, where commas separate; at most 100 characters."""
    return clean(text.replace(",", " "), 100)
