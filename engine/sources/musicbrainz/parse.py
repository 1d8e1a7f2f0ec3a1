"""MusicBrainz's JSON as values, parsed once. No requests, no judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.sources import wording

SCORE_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release that a recording is on.

    Attributes:
        album: the title of its release group where that is said, else its own.
        kinds: the group's types, primary first; empty where they are not said.
    """

    mbid: str
    album: str
    official: bool
    date: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording, as far as an answer shows it.

    Attributes:
        score: how well it answers a search, from 0 to 100; nothing where it was looked up.
        genres: names with their votes, most first.
    """

    mbid: str
    title: str
    credit: str
    length_ms: int | None
    score: int | None
    isrcs: tuple[str, ...]
    released: str | None
    releases: tuple[Release, ...]
    genres: tuple[tuple[str, int], ...]


def recordings(body: Any) -> tuple[Recording, ...] | None:
    """Give the recordings of an ISRC or a search; nothing when the answer is not one."""
    rows = body.get("recordings") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        return None
    parsed = tuple(recording(row) for row in rows)
    return None if None in parsed else tuple(row for row in parsed if row)


def recording(row: Any) -> Recording | None:
    """Give one recording; nothing when it is not one."""
    try:
        return Recording(
            mbid=str(row["id"]),
            title=wording.clean(row["title"]) or "",
            credit=_credit(row.get("artist-credit") or ()),
            length_ms=_whole(row.get("length")),
            score=None if row.get("score") is None else _score(row["score"]),
            isrcs=tuple(isrc for one in row.get("isrcs") or () if (isrc := wording.isrc(one))),
            released=wording.date_only(row.get("first-release-date")),
            releases=tuple(_release(one) for one in row.get("releases") or ()),
            genres=tuple(_genres(row.get("genres") or ())),
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return None


def labels(body: Any) -> tuple[str, ...]:
    """Give the names of the labels a release came out on, each once."""
    rows = body.get("label-info") if isinstance(body, dict) else None
    named = (row.get("label") for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))
    names = (wording.clean(label.get("name")) for label in named if isinstance(label, dict))
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("[")))


def said(body: Any) -> str:
    """Give what a refusal says."""
    return wording.clean(body.get("error")) or "" if isinstance(body, dict) else ""


def _score(value: Any) -> int:
    score = int(value)
    if not 0 <= score <= SCORE_MAX:
        raise ValueError(value)
    return score


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _credit(rows: Iterable[Any]) -> str:
    return wording.clean("".join(f"{row['name']}{row.get('joinphrase') or ''}" for row in rows)) or ""


def _release(row: Any) -> Release:
    group = row.get("release-group") or {}
    kinds = [group.get("primary-type"), *(group.get("secondary-types") or ())]
    return Release(
        mbid=str(row["id"]),
        album=wording.clean(group.get("title")) or wording.clean(row["title"]) or "",
        official=row.get("status") in (None, "Official"),
        date=wording.clean(row.get("date")) or "",
        kinds=tuple(kind for kind in kinds if kind and isinstance(kind, str)),
    )


def _genres(rows: Iterable[Any]) -> Iterable[tuple[str, int]]:
    votes = [(wording.clean(row["name"]) or "", _whole(row.get("count")) or 0) for row in rows]
    return sorted((vote for vote in votes if vote[0]), key=lambda vote: (-vote[1], vote[0]))
