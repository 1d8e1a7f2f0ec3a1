"""Bytes to text and lines, in the encodings that players and spreadsheets write. Pure."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_NUL_SHARE_MIN = 0.3  # of Latin text in UTF-16, half of the bytes are NUL; of anything else next to none


def decode(content: bytes, told: str = "") -> str:
    """Give the text: by its byte order mark, else as told, UTF-8, UTF-16 where it shows, or as Windows wrote it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if told and not content.startswith(codecs.BOM_UTF8):
        with suppress(LookupError, UnicodeError):  # a name nobody knows, or one that is not true
            return content.decode(told)
    if unmarked := _unmarked_utf16(content):
        return content.decode(unmarked, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def lines(text: str) -> list[str]:
    """Give the lines with their ends; only line feeds and carriage returns end one, as players have it."""
    return _LINE.findall(text)


def _unmarked_utf16(content: bytes) -> str | None:
    beginning = content[:1024]
    odd, even = beginning[1::2], beginning[::2]
    if odd and odd.count(0) > len(odd) * 2 * _NUL_SHARE_MIN and not even.count(0):
        return "utf-16-le"
    if even and even.count(0) > len(even) * 2 * _NUL_SHARE_MIN and not odd.count(0):
        return "utf-16-be"
    return None
