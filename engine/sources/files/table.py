"""Comma, semicolon or tab separated tables to rows, Exportify's and anybody's with a header. Pure.

Order and repeats are kept. A row that cannot be read is counted and stops nothing (P11), one whose quote is never
closed least of all: reading goes on with the line after it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_name
from pathlib import Path

from engine.sources import web, wording
from engine.sources.files import cells, headers, text
from engine.sources.files.headers import Column
from engine.sources.files.rows import BadLine, Crate, Row, TrackList
from engine.sources.files.walk import is_audio

_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"\"?sep=(?P<sign>.)\"?\s*", re.IGNORECASE)
_NAMING = (
    *(Column.SPOTIFY, Column.ADDRESS, Column.VIDEO_ID, Column.PATH),
    *(Column.TITLE, Column.ARTIST, Column.ARTISTS, Column.ISRC),
)
UNLISTED = "Untitled"
"""What stands after `#` for the rows of a split table that name no list; that list is called as the file is."""
_UNITS_MS = {Column.DURATION_MS: 1.0, Column.DURATION_S: 1000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A table whose header is understood.

    Attributes:
        records: line number and cells of each; no cells stand for one that cannot be read.
        width: how many cells the header has.
    """

    records: list[tuple[int, list[str]]]
    columns: dict[int, Column]
    width: int


def parse(content: bytes) -> TrackList | None:
    """Read a table's bytes; nothing when its first line names no column by which a track could be known."""
    table = _read(content)
    return _rows(table, table.records) if table else None


def is_split(head: bytes) -> bool:
    """Say whether the beginning of a table says that it holds several lists: whether a column names them."""
    table = _read(head)
    return table is not None and Column.PLAYLIST in table.columns.values()


def split(content: bytes) -> Crate | None:
    """Read a table that holds several lists, as TuneMyMusic exports; nothing when none of its rows names one."""
    table = _read(content)
    if table is None:
        return None
    held: dict[str, list[tuple[int, list[str]]]] = {}
    name = UNLISTED
    for line, record in table.records:
        name = _playlist(table, record) if record else name  # what cannot be read stands where the line before it does
        held.setdefault(name, []).append((line, record))
    if set(held) <= {UNLISTED}:
        return None
    lists = {
        name: with_name(_rows(table, records), name=None if name == UNLISTED else name)
        for name, records in held.items()
    }
    return Crate(kind="csv", whole=_rows(table, table.records), lists=lists)


def _playlist(table: _Table, record: list[str]) -> str:
    place = next((place for place, column in table.columns.items() if column is Column.PLAYLIST), len(record))
    return (cells.said(record[place]) if place < len(record) else None) or UNLISTED


def _read(content: bytes) -> _Table | None:
    lines = text.lines(text.decode(content))
    first = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    told = _SEPARATOR_LINE.fullmatch(lines[first].strip("\r\n ")) if first < len(lines) else None
    if told:
        first += 1
    if first >= len(lines):
        return None
    separator = told["sign"] if told else _separator(lines[first])
    found = list(_records(lines, first, separator))
    names = found.pop(0)[1]
    columns = headers.read(names)
    return _Table(records=found, columns=columns, width=len(names)) if headers.names_tracks(columns) else None


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=lambda sign: len(headers.read(_cells(header, sign))))


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _records(lines: Sequence[str], first: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Give (line number, cells) of every record that is not blank; no cells stand for one that cannot be read.

    Where a record runs over several lines only because a quote was not closed, the first of them is bad and reading
    goes on with the second.
    """
    start, width = first, 0
    while start < len(lines):
        reader = csv.reader((lines[place] for place in range(start, len(lines))), delimiter=separator, strict=True)
        begun = start
        for record in _safely(reader):
            end = begun + reader.line_num
            spans = end - start > 1
            if spans and (record is None or (width and _is_too_wide(record, width))):
                yield start + 1, []
                start += 1
                break
            cells_ = _lenient(lines[start], separator) if record is None else record
            if record is None or any(cell.strip() for cell in cells_):
                yield start + 1, cells_
            width = width or len(cells_)
            start = end
        else:
            return


def _safely(reader: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Give records, and nothing for one the reader refuses: a quote in the wrong place, or a cell without end."""
    while True:
        try:
            yield next(reader)
        except csv.Error:
            yield None
        except StopIteration:
            return


def _lenient(line: str, separator: str) -> list[str]:
    """Give the cells of one line whose quotes stand in the wrong place, or none."""
    return next(_safely(csv.reader([line], delimiter=separator)), None) or []


def _is_too_wide(record: list[str], width: int) -> bool:
    return any(cell.strip() for cell in record[width:])


def _rows(table: _Table, records: list[tuple[int, list[str]]]) -> TrackList:
    rows: list[Row] = []
    bad: list[BadLine] = []
    unit_ms, width = _unit_ms(table.records, table.columns), table.width
    for line, record in records:
        said = {column: record[place] for place, column in table.columns.items() if place < len(record)}
        if record and _is_void(said):
            continue
        row = None if _is_too_wide(record, width) else _row(said, unit_ms)
        if row:
            rows.append(row)
        else:
            why = "has more cells than the header" if _is_too_wide(record, width) else "names no track"
            bad.append(BadLine(line=line, why=why))
    return TrackList(rows=tuple(rows), bad=tuple(bad))


def _is_void(said: dict[Column, str]) -> bool:
    """Say whether a row names nothing at all, as Exportify writes what Spotify no longer has (F30)."""
    return not any(cells.said(said.get(column, "")) for column in _NAMING)


def _unit_ms(records: list[tuple[int, list[str]]], columns: dict[int, Column]) -> float:
    places = [place for place, column in columns.items() if column is Column.DURATION]
    held = (record[place] for place in places for _, record in records if place < len(record))
    return cells.unit_of([number for cell in held if (number := cells.number_in(cell)) is not None])


def _row(said: dict[Column, str], unit_ms: float) -> Row | None:
    uri = said.get(Column.SPOTIFY, "").strip()
    local = cells.local(uri)
    title = wording.clean(said.get(Column.TITLE, "")) or wording.clean(local.get("title"))
    artist, credits_ = _artists(said)
    if title and not artist and not local and (credited := wording.credit(title)):
        artist, title = credited  # what is called by its upload, as TuneMyMusic exports YouTube's
    video = web.video_address(said.get(Column.VIDEO_ID, "").strip())
    address = cells.spotify(uri) or web.track_address(said.get(Column.ADDRESS, "").strip()) or video
    isrc = wording.isrc(said.get(Column.ISRC))
    path = _path(said.get(Column.PATH, ""))
    if not (title or address or isrc or path):
        return None
    return Row(
        path=path,
        address=address,
        title=title,
        artist=artist or wording.clean(local.get("artist")),
        album=cells.said(said.get(Column.ALBUM, "")) or wording.clean(local.get("album")),
        genre=cells.said(said.get(Column.GENRE, "")),
        label=cells.said(said.get(Column.LABEL, "")),
        isrc=isrc,
        release_date=wording.date_only(said.get(Column.RELEASE_DATE)),
        duration_ms=_duration_ms(said, unit_ms) or cells.duration_ms(local.get("duration_s", ""), 1000.0),
        artwork_url=_picture(said.get(Column.ARTWORK, "").strip()),
        credits=credits_,
        explicit=cells.explicit(said.get(Column.EXPLICIT, "")),
    )


def _artists(said: dict[Column, str]) -> tuple[str | None, tuple[str, ...]]:
    if Column.ARTISTS in said:
        whole, one_by_one = cells.artists(said[Column.ARTISTS], said.get(Column.ARTIST_IDS, ""))
        return cells.said(whole), one_by_one if cells.said(whole) else ()
    return wording.clean(said.get(Column.ARTIST, "")), ()


def _duration_ms(said: dict[Column, str], unit_ms: float) -> int | None:
    for column, unit in (*_UNITS_MS.items(), (Column.DURATION, unit_ms)):
        if column in said:
            return cells.duration_ms(said[column], unit)
    return None


def _path(cell: str) -> str | None:
    written = cells.said(cell)
    return written if written and is_audio(Path(written)) else None


def _picture(address: str) -> str | None:
    return address if address.startswith("https://") else None
