"""Plain lists of addresses, one a line, to rows; comments and blank lines left out, repeats kept. Pure."""

from __future__ import annotations

import re

from engine.domain.redaction import redacted
from engine.sources import web
from engine.sources.files import text
from engine.sources.files.rows import BadLine, Row, TrackList

_ADDRESS = re.compile(r"(?:https?://|spotify:(?:track|episode):)[^\s<>\"]+", re.IGNORECASE)
_CLOSING = ".,;:!?)]}'"


def parse(content: bytes) -> TrackList:
    """Read a list's bytes; a line that names no track is bad, whatever else it names (F49)."""
    rows: list[Row] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.lines(text.decode(content)), start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if address := web.track_address(said) or _within(said):
            rows.append(Row(address=address))
        else:
            why = (
                "names no track, or a secret link; follow lists and secret links by themselves"
                if web.names_web(said)
                else "is no web address"
            )
            bad.append(BadLine(line=number, why=f"{redacted(said[:200])} {why}"))
    return TrackList(rows=tuple(rows), bad=tuple(bad))


def _within(line: str) -> str | None:
    """Give the one track's address that stands in a line among other words; what they say is nobody's name."""
    found = {web.track_address(one.rstrip(_CLOSING)) for one in _ADDRESS.findall(line)}
    return found.pop() if len(found) == 1 else None
