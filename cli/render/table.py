"""Aligned columns in plain text: no borders, right for wide characters, cut to the terminal when there is one."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

import click

_GAP = "  "
_NARROWEST = 8


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give aligned lines; numbers stand right, the rest left, missing values are blank."""
    body = [[clean(cell) for cell in row] for row in rows]
    widths = [max(cells_wide(line[column]) for line in [list(head), *body]) for column in range(len(head))]
    _shrink(widths)
    right = [bool(body) and all(_is_number(row[column]) for row in body) for column in range(len(head))]
    lines = [_line(head, widths, right), *(_line(row, widths, right) for row in body)]
    lines[0] = click.style(lines[0], bold=True) if colours() else lines[0]
    return "\n".join(lines)


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Give `name  value` lines, names aligned; pairs without a value are left out."""
    shown = [(name, clean(value)) for name, value in pairs if value is not None and value != ""]
    width = max((cells_wide(name) for name, _ in shown), default=0)
    return "\n".join(f"{_padded(name, width)}{_GAP}{value}".rstrip() for name, value in shown)


def clean(value: object) -> str:
    """Give a value as one line that cannot steer the terminal or turn the writing direction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if text.isprintable():  # neither controls nor what turns the writing direction
        return text
    return "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text if not _turns(c))


def cells_wide(text: str) -> int:
    """Count the terminal cells a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def colours() -> bool:
    """Say whether to write colours: a terminal looks, and NO_COLOR is not set."""
    context = click.get_current_context(silent=True)
    return sys.stdout.isatty() and not (context and context.color is False)


def _turns(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


@cache
def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_number(text: str) -> bool:
    return not text or text.replace(",", "").replace(".", "", 1).isdecimal()


def _shrink(widths: list[int]) -> None:
    if not sys.stdout.isatty():
        return
    room = shutil.get_terminal_size().columns - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    cells = (
        _padded(_cut(cell, width), width, right=at_right)
        for cell, width, at_right in zip(row, widths, right, strict=True)
    )
    return _GAP.join(cells).rstrip()


def _cut(text: str, width: int) -> str:
    if cells_wide(text) <= width:
        return text
    kept = ""
    for character in text:
        if cells_wide(kept + character) >= width:
            break
        kept += character
    return kept + "…"


def _padded(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * max(0, width - cells_wide(text))
    return blanks + text if right else text + blanks
