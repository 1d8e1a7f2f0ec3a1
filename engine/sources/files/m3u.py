"""M3U and M3U8 text to entries, in order, repeats kept. Pure: looks at no file it names."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from engine.sources import wording

_INFORMATION = re.compile(
    r"#EXTINF:\s*(?P<duration>-?\d+(?:\.\d+)?)?(?P<attributes>[^,]*),?(?P<title>.*)", re.IGNORECASE
)
_NAME = re.compile(r"#PLAYLIST:(?P<name>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a playlist file that names something, and what the line before said of it."""

    target: str
    title: str | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """What a playlist file says: its name, when it has one, and its entries."""

    name: str | None
    entries: tuple[Entry, ...]


def parse(content: bytes) -> Playlist:
    """Read a playlist file's bytes."""
    name: str | None = None
    entries: list[Entry] = []
    title, duration_ms = None, None
    for line in re.split(r"\r\n|\n|\r", decode(content)):
        text = line.strip().replace("\0", "")
        if found := _INFORMATION.fullmatch(text):
            title, duration_ms = wording.clean(found["title"]), _milliseconds(found["duration"])
        elif found := _NAME.fullmatch(text):
            name = wording.clean(found["name"])
        elif text and not text.startswith("#"):
            entries.append(Entry(target=text, title=title, duration_ms=duration_ms))
            title, duration_ms = None, None
    return Playlist(name=name, entries=tuple(entries))


def decode(content: bytes) -> str:
    """Give the text: by its byte order mark, else UTF-8, else as Windows wrote it before there was M3U8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _milliseconds(seconds: str | None) -> int | None:
    """Give a length; players write -1 or 0 when they do not know it."""
    return round(float(seconds) * 1000) if seconds and float(seconds) > 0 else None
