"""File names: how titles that anybody may have written become paths that every filesystem takes.

Pure text in, pure text out; looks at no disk. What is written here is stable: a changed rule would move files
that people's DJ programs point at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from string import Formatter

from engine.domain.canonical import short_id
from engine.domain.errors import SettingsError

STEM_BYTES_MAX = 180
"""A part may have 255 bytes; the rest is room for two suffixes in brackets, an extension and a `.partial`."""

UNKNOWN = "Unknown"
PLACEHOLDERS = frozenset({"artist", "title", "album", "genre", "isrc", "recording_id"})

_REPLACED = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": "-", "<": "(", ">": ")", '"': "'", "?": "_", "*": "_"})
_DROPPED = frozenset("\ufeff\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Byte order marks, line separators and direction overrides: invisible, and able to disguise a name."""

_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
"""https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved with any extension, too."""

_RECORDING_ID = re.compile(r"r[a-z2-7]{16}")
_MARK_LENGTHS = (6, 11, 16)
_JOINER = "\u200d"


def render(template: str, values: Mapping[str, str | None]) -> str:
    """Give the relative path, without extension, that a template such as `{artist}/{title}` makes of values.

    Raises:
        SettingsError: the template names something that does not exist.
    """
    return "/".join(safe_part(_filled(part, values)) for part in checked(template).split("/"))


def checked(template: str) -> str:
    """Give the template back when it can be rendered.

    Raises:
        SettingsError: it is empty, absolute, has empty parts or names something that does not exist.
    """
    hint = f"use parts such as {{artist}}/{{title}} made of: {', '.join(sorted(PLACEHOLDERS))}"
    try:
        named = [(name, form, change) for _, name, form, change in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise SettingsError(f"path template {template!r}: {error}", hint=hint) from error
    wrong = [name for name, form, change in named if name not in PLACEHOLDERS or form or change]
    if wrong:
        raise SettingsError(f"path template {template!r} names {wrong[0]!r}", hint=hint)
    if not named or any(not part.strip() for part in template.split("/")):
        raise SettingsError(f"path template {template!r} is empty, absolute or has an empty part", hint=hint)
    return template


def safe_part(text: str, *, bytes_max: int = STEM_BYTES_MAX) -> str:
    """Give one path part that says what the text says and that every filesystem takes."""
    kept = "".join(" " if char.isspace() else char for char in text if _is_kept(char))
    kept = unicodedata.normalize("NFC", kept).translate(_REPLACED)
    kept = _cut(_trimmed(kept), bytes_max - 1)
    kept = unicodedata.normalize("NFC", _trimmed(kept)) or UNKNOWN
    return f"_{kept}" if _RESERVED.fullmatch(kept) else kept


def folded(name: str) -> str:
    """Give the key under which two names meet on a filesystem that ignores case or normalises."""
    for _ in range(2):  # folding can undo a composition once; a second round settles it
        name = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
    return name


def marked(stem: str, key: str, length: int = _MARK_LENGTHS[0]) -> str:
    """Give a stem with the first letters of its key's id behind it, to tell it from others of the same name."""
    mark = key[1:] if _RECORDING_ID.fullmatch(key) else short_id("name", key)
    return f"{stem} [{mark[:length]}]"


def distinct(
    stems: Mapping[str, str], *, placed: Mapping[str, str] | None = None, taken: Collection[str] = ()
) -> dict[str, str]:
    """Give every key a stem of its own, whatever the order they come in.

    Keys that want the same stem all get a mark of their own id, so that none depends on who came first.

    Args:
        stems: the wanted stem by key.
        placed: the stem by key of what lies there already; it stays where it is.
        taken: stems that belong to somebody else.
    """
    fixed = {key: stem for key, stem in (placed or {}).items() if key in stems}
    reserved = {folded(stem) for stem in (*(placed or {}).values(), *taken)}
    marks = dict.fromkeys((key for key in stems if key not in fixed), 0)
    while True:
        names = {key: _at_level(stems[key], key, level) for key, level in marks.items()}
        uses = Counter(folded(name) for name in names.values())
        clashing = [key for key, name in names.items() if uses[folded(name)] > 1 or folded(name) in reserved]
        if not clashing:
            return {**names, **fixed}
        for key in clashing:
            marks[key] += 1


def _at_level(stem: str, key: str, level: int) -> str:
    if level == 0:
        return stem
    if level <= len(_MARK_LENGTHS):
        return marked(stem, key, _MARK_LENGTHS[level - 1])
    return f"{marked(stem, key, _MARK_LENGTHS[-1])} {level - len(_MARK_LENGTHS) + 1}"


def _filled(part: str, values: Mapping[str, str | None]) -> str:
    present = {name: (values.get(name) or "").strip() or UNKNOWN for name in PLACEHOLDERS}
    return part.format_map(present)


def _is_kept(char: str) -> bool:
    if char.isspace():
        return True
    code = ord(char)
    nameless = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - Unicode's noncharacters
    return unicodedata.category(char) not in ("Cc", "Cs") and char not in _DROPPED and not nameless


def _trimmed(text: str) -> str:
    return " ".join(text.split()).lstrip(". ").rstrip(". ")


def _cut(text: str, bytes_max: int) -> str:
    if len(text.encode()) <= bytes_max:
        return text
    end = len(text.encode()[:bytes_max].decode(errors="ignore"))
    while end > 1 and _continues(text, end):
        end -= 1
    return text[:end]


def _continues(text: str, at: int) -> bool:
    """Whether cutting before `at` would break a letter from its marks or a joined emoji."""
    return unicodedata.category(text[at]).startswith("M") or _JOINER in (text[at], text[at - 1])
