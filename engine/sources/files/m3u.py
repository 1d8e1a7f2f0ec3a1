"""M3U and M3U8 text to rows, in order, repeats kept. Pure: looks at no file it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.domain.redaction import redacted
from engine.sources import web, wording
from engine.sources.files import text
from engine.sources.files.rows import BadLine, Row, TrackList

_INFORMATION = re.compile(
    r"#EXTINF:\s*(?P<duration>-?\d+(?:\.\d+)?)?(?P<attributes>(?:\"[^\"]*\"|[^,])*),?(?P<title>.*)", re.IGNORECASE
)
_NAME = re.compile(r"#PLAYLIST:(?P<name>.*)", re.IGNORECASE)
_SAID = re.compile(r"#EXT(?P<what>ART|ALB|GENRE):(?P<text>.*)", re.IGNORECASE)
_ENCODING = re.compile(rb"#EXTENC:[ \t]*([\w.:-]+)", re.IGNORECASE)
_OUR_ID = re.compile(r"#CRATELOG:(?P<ref>\S+)")


_NOTHING: Mapping[str, str | None] = {}


def parse(content: bytes) -> TrackList:
    """Read a playlist file's bytes."""
    name, native_id = None, None
    rows: list[Row] = []
    bad: list[BadLine] = []
    title, duration_ms, more = None, None, _NOTHING
    told = _ENCODING.search(content)
    for number, line in enumerate(text.lines(text.decode(content, told[1].decode() if told else "")), start=1):
        said = line.strip().replace("\0", "")
        if found := _INFORMATION.fullmatch(said):
            title, duration_ms = wording.clean(found["title"]), _milliseconds(found["duration"])
        elif found := _NAME.fullmatch(said):
            name = wording.clean(found["name"])
        elif found := _SAID.fullmatch(said):
            more = {**more, found["what"].upper(): wording.clean(found["text"])}
        elif found := _OUR_ID.fullmatch(said):
            native_id = found["ref"]
        elif said and not said.startswith("#"):
            row = row_of(said, title, duration_ms)
            if row:
                rows.append(_with(row, more))
            else:
                bad.append(BadLine(line=number, why=f"{redacted(said[:200])} names no track"))
            title, duration_ms, more = None, None, _NOTHING
    return TrackList(name=name, rows=tuple(rows), bad=tuple(bad), native_id=native_id)


def row_of(target: str, shown: str | None = None, duration_ms: int | None = None) -> Row | None:
    """Give the row that names a target, a path or an address, and what is said of it; nothing when it names none."""
    artist, title = (wording.credit(shown) if shown else None) or (None, shown)
    if not web.names_web(target) and not web.spotify_address(target):
        return Row(path=target, title=title, artist=artist, duration_ms=duration_ms)
    address = web.track_address(target)
    return Row(address=address, title=title, artist=artist, duration_ms=duration_ms) if address else None


def _with(row: Row, more: Mapping[str, str | None]) -> Row:
    """Add what lines of their own say of an entry; an artist said apart leaves the title as it stands."""
    artist = more.get("ART")
    said = replace(row, album=more.get("ALB"), genre=more.get("GENRE"))
    if not artist:
        return said
    title = row.title if row.artist in (None, artist) else f"{row.artist} - {row.title}"
    return replace(said, artist=artist, title=title)


def _milliseconds(seconds: str | None) -> int | None:
    """Give a length; players write -1 or 0 when they do not know it."""
    return round(float(seconds) * 1000) if seconds and float(seconds) > 0 else None
