"""What single cells of a table mean: artists, lengths, Spotify's ids. Pure; what a cell does not say stays unknown.

A program that had no value to write often wrote the word for it: "undefined", "null", "None", "nan" (F30).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from engine.sources import web, wording

_NOTHING = frozenset({"undefined", "null", "none", "nan", "n/a", "-"})
_BARE_ID = re.compile(r"[0-9A-Za-z]{22}")
_UNESCAPED_COMMA = re.compile(r"(?<!\\),\s*")
_CLOCK = re.compile(r"(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,3}):(?P<s>\d{2})(?:[.,]\d+)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:[eE]\+?\d+)?")
_DURATION_MS_MAX = 7 * 24 * 3600 * 1000  # a week: a set may last hours, never this long
MILLISECONDS_FROM = 10_000.0
"""An unnamed number from here on is milliseconds: as seconds it were close to three hours."""


def said(cell: str) -> str | None:
    """Give a cell's text, or nothing where a program wrote that it had none."""
    text = wording.clean(cell)
    return None if text is None or text.casefold() in _NOTHING else text


def spotify(cell: str) -> str | None:
    """Give the address of the track or episode a cell means, a bare id among them."""
    text = cell.strip()
    if _BARE_ID.fullmatch(text):
        return web.spotify_address(f"spotify:track:{text}")
    return web.spotify_address(text)


def local(cell: str) -> dict[str, str]:
    """Give what Spotify's URI of a local file says of it: `spotify:local:artist:album:title:seconds`."""
    parts = cell.strip().split(":")
    if parts[:2] != ["spotify", "local"] or len(parts) != len(("spotify", "local", "ar", "al", "ti", "s")):
        return {}
    return dict(zip(("artist", "album", "title", "duration_s"), map(_unquoted, parts[2:]), strict=True))


def artists(cell: str, ids: str) -> tuple[str, tuple[str, ...]]:
    """Give the artists as one text and, where the list tells them apart, one by one.

    Exportify separates by semicolons, or by commas with a backslash before one inside a name; where it escaped
    none, their ids say how many there are. Else a comma may be part of a name (“Tyler, The Creator”).
    """
    count = len([one for one in ids.split(",") if one.strip()])
    split = _one_by_one(cell, count)
    names = tuple(name for part in split if (name := wording.clean(part)))
    whole = ", ".join(names) if names else wording.clean(cell.replace("\\,", ",")) or ""
    return whole, names


def _one_by_one(cell: str, count: int) -> list[str]:
    unescaped = [part.replace("\\,", ",") for part in _UNESCAPED_COMMA.split(cell)]
    if count == 1:
        return [cell.replace("\\,", ",")]
    if count > 1:
        return next((parts for parts in (unescaped, cell.split(";")) if len(parts) == count), [])
    if ";" in cell:
        return cell.split(";")
    if "\\," in cell:
        return unescaped
    return [] if "," in cell else [cell]


def duration_ms(cell: str, unit_ms: float | None) -> int | None:
    """Give a length, from a clock's form or from a number in a unit; nothing when it is neither, or absurd."""
    text = cell.strip()
    if clock := _CLOCK.fullmatch(text):
        found = 1000.0 * (int(clock["h"] or 0) * 3600 + int(clock["m"]) * 60 + int(clock["s"]))
    elif (number := _number(text)) is not None:
        found = number * (unit_ms or unit_of([number]))
    else:
        return None
    return round(found) if 1 <= found <= _DURATION_MS_MAX else None


def unit_of(numbers: list[float]) -> float:
    """Give how many milliseconds one of a column of unnamed lengths means, from how large they are."""
    middle = sorted(numbers)[len(numbers) // 2] if numbers else 0.0
    return 1.0 if middle >= MILLISECONDS_FROM else 1000.0


def number_in(cell: str) -> float | None:
    """Give the number a cell holds and nothing else."""
    return _number(cell.strip())


def explicit(cell: str) -> bool | None:
    """Give whether a cell says yes or no; nothing when it says neither."""
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(cell.strip().lower())


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _unquoted(part: str) -> str:
    return unquote(part.replace("+", " "))
