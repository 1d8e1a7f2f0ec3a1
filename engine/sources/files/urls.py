"""Plain lists of addresses, one a line, to rows; comments and blank lines left out, repeats kept. Pure."""

from __future__ import annotations

from engine.domain.redaction import redacted
from engine.sources import web
from engine.sources.files import text
from engine.sources.files.rows import BadLine, Row, TrackList


def parse(content: bytes) -> TrackList:
    """Read a list's bytes; a line that names no track is bad, whatever else it names (F49)."""
    rows: list[Row] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.lines(text.decode(content)), start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if address := web.track_address(said):
            rows.append(Row(address=address))
        else:
            why = (
                "names no track, or a secret link; follow lists and secret links by themselves"
                if web.names_web(said)
                else "is no web address"
            )
            bad.append(BadLine(line=number, why=f"{redacted(said[:200])} {why}"))
    return TrackList(rows=tuple(rows), bad=tuple(bad))
