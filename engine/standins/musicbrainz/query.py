"""The search syntax, as far as clients use it: fields with words, phrases and ranges, joined by AND. No HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.standins.musicbrainz.records import Recording

_CLAUSE = re.compile(r'(?:(\w+):)?(?:"((?:[^"\\]|\\.)*)"|\[(\d+|\*) TO (\d+|\*)\]|([^\s"\[\]]+))\s*')
_UNESCAPED = re.compile(r"\\(.)")
_JOINED = frozenset({"AND", "OR", "&&"})
_HALF = 0.5


class QueryError(Exception):
    """The query cannot be read."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a recording should be."""

    field: str
    text: str = ""
    low: int | None = None
    high: int | None = None


def parsed(query: str) -> tuple[Clause, ...]:
    """Read a query.

    Raises:
        QueryError: a quote or a bracket does not close, or nothing is asked.
    """
    clauses: list[Clause] = []
    place = 0
    text = query.strip()
    while place < len(text):
        matched = _CLAUSE.match(text, place)
        if matched is None:
            raise QueryError(text)
        place = matched.end()
        field, phrase, low, high, word = matched.groups()
        if low is not None:
            clauses.append(Clause(field or "", low=_bound(low, 0), high=_bound(high, 1 << 40)))
        elif field or (word or "") not in _JOINED:
            clauses.append(Clause(field or "recording", _UNESCAPED.sub(r"\1", phrase if phrase is not None else word)))
    if not clauses:
        raise QueryError(text)
    return tuple(clauses)


def score(row: Recording, clauses: tuple[Clause, ...]) -> int:
    """Give how well a recording answers, from 0 to 100; 0 when a clause does not fit at all."""
    shares = [_share(row, clause) for clause in clauses]
    return round(100 * sum(shares) / len(shares)) if min(shares) >= _HALF else 0


def _share(row: Recording, clause: Clause) -> float:
    match clause.field:
        case "isrc":
            return float(clause.text.upper() in row.isrcs)
        case "dur" if clause.high is not None and clause.low is not None:
            return float(row.length_ms is not None and clause.low <= row.length_ms <= clause.high)
        case "artist" | "artistname" | "creditname":
            return _alike(clause.text, row.credit)
        case "release":
            return max((_alike(clause.text, one.title) for one in row.releases), default=0.0)
        case _:
            return _alike(clause.text, row.title)


def _alike(asked: str, shown: str) -> float:
    one, other = (set(re.findall(r"\w+", text.casefold())) for text in (asked, shown))
    return len(one & other) / len(one | other) if one | other else 0.0


def _bound(text: str, open_end: int) -> int:
    return open_end if text == "*" else int(text)
