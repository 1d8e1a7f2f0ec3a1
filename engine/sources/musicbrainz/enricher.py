"""MusicBrainz as a provider of facts: by ISRC first, else by artist, title and length.

A hit costs up to three requests (the question, the recording, its release), a miss one or two. What is not surely
the same recording gives no facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from msgspec.structs import replace

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Described, Enriched
from engine.sources.agreement import NEAR_MS_MAX, SAME_MS_MAX, Naming, apart_ms, named, same_artist, same_title
from engine.sources.json_service import Answer, JsonService
from engine.sources.musicbrainz import parse
from engine.sources.musicbrainz.config import REMOTE, MusicBrainzConfig
from engine.sources.musicbrainz.facts import album_of, facts
from engine.sources.musicbrainz.parse import Recording

BY_ISRC = 0.97
BY_ISRC_ONLY = 0.9
"""The same where the title is spelt otherwise and only the lengths meet."""
BY_SEARCH = 0.9
SCORE_MIN = 95
SEARCH_LIMIT = 10
CONTACT_HINT = "set enrichment.contact to an address that MusicBrainz may write to"


class MusicBrainzEnricher:
    """MusicBrainz's web service 2.

    Args:
        config: where it answers, and who asks.
        pace: called before every request.
    """

    def __init__(self, config: MusicBrainzConfig, *, pace: Callable[[str], None]) -> None:
        self._service = JsonService(config.service, pace=pace)

    @property
    def name(self) -> str:
        """The provider's name."""
        return REMOTE

    def suits(self, about: Described) -> bool:
        """Say whether enough is known: an ISRC, or artist, title and length."""
        return bool(about.isrcs) or _nameable(about)

    def enrich(self, about: Described) -> Enriched | Problem:
        """Give what MusicBrainz knows of a recording; nothing where none of its recordings is surely the same."""
        for isrc in about.isrcs:
            rows = self._listed(f"/ws/2/isrc/{isrc}", inc="artist-credits releases isrcs")
            if isinstance(rows, Problem):
                return rows
            same, sure = _by_isrc(rows, about)
            if same:
                return self._told("isrc", same, sure)
        if not _nameable(about):
            return Enriched(matched_by="isrc")
        rows = self._listed("/ws/2/recording", query=_query(about), limit=SEARCH_LIMIT)
        if isinstance(rows, Problem):
            return rows
        same, sure = _by_name(rows, about)
        return self._told("search", same, sure) if same else Enriched(matched_by="search")

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far."""
        return self._service.requests()

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def _told(self, matched_by: str, same: Sequence[Recording], sure: float) -> Enriched | Problem:
        """Give the facts of one recording looked up whole, or what its equals agree on."""
        rows = same
        if len(same) == 1:
            whole = self._recording(same[0].mbid)
            if isinstance(whole, Problem):
                return whole
            rows = [whole]
        album = album_of(rows)
        labels = self._labels(album[0].mbid) if album else ()
        if isinstance(labels, Problem):
            return labels
        ref = f"musicbrainz:recording:{rows[0].mbid}" if len(rows) == 1 else None
        return Enriched(matched_by=matched_by, provider_ref=ref, facts=facts(rows, album, labels, sure))

    def _recording(self, mbid: str) -> Recording | Problem:
        inc = "artist-credits releases release-groups isrcs genres"
        body = self._body(f"/ws/2/recording/{mbid}", inc=inc)
        if isinstance(body, Problem):
            return body
        return parse.recording(body) or self._service.garbage("it is not a recording")

    def _labels(self, mbid: str) -> tuple[str, ...] | Problem:
        body = self._body(f"/ws/2/release/{mbid}", inc="labels")
        return body if isinstance(body, Problem) else parse.labels(body)

    def _listed(self, path: str, **asked: str | int) -> tuple[Recording, ...] | Problem:
        body = self._body(path, **asked)
        if isinstance(body, Problem):
            return () if body.failure is FailureClass.NOT_FOUND else body
        rows = parse.recordings(body)
        return self._service.garbage("it lists no recordings") if rows is None else rows

    def _body(self, path: str, **asked: str | int) -> Any | Problem:
        answer = self._service.get(path, fmt="json", **asked)
        if isinstance(answer, Problem):
            return answer
        return answer.body if answer.status == HTTPStatus.OK else self._refused(answer)

    def _refused(self, answer: Answer) -> Problem:
        hint = CONTACT_HINT if answer.status == HTTPStatus.FORBIDDEN else ""
        problem = self._service.refusal(answer, parse.said(answer.body), hint=hint)
        if problem.failure is FailureClass.OVERLOADED:  # how it says "too often"
            return replace(problem, failure=FailureClass.RATE_LIMITED)
        return problem


def _nameable(about: Described) -> bool:
    return bool(about.title) and bool(about.artist) and about.duration_ms is not None


def _by_isrc(rows: Sequence[Recording], about: Described) -> tuple[list[Recording], float]:
    """Give the recordings of an ISRC that may be the one: by title, else by length; never another version (F9)."""
    near = [row for row in rows if (apart_ms(row.length_ms, about.duration_ms) or 0) <= NEAR_MS_MAX]
    naming = [named(row.title, row.credit, about) for row in near]
    alike = [row for row, said in zip(near, naming, strict=True) if said is Naming.ALIKE]
    if alike:
        return _nearest(alike, about), BY_ISRC
    lengths = [row for row, said in zip(near, naming, strict=True) if said is Naming.OTHERWISE and _within(row, about)]
    return _nearest(lengths, about), BY_ISRC_ONLY


def _by_name(rows: Sequence[Recording], about: Described) -> tuple[list[Recording], float]:
    """Give the recordings of a search that are the one: by its own score, both names and the length."""
    same = [
        row
        for row in rows
        if (row.score or 0) >= SCORE_MIN
        and same_title(row.title, about.title)
        and same_artist(row.credit, about.artist or "")
        and _within(row, about)
    ]
    nearest = _nearest(same, about)
    return nearest, BY_SEARCH * max((row.score or 0 for row in nearest), default=0) / 100


def _within(row: Recording, about: Described) -> bool:
    apart = apart_ms(row.length_ms, about.duration_ms)
    return apart is not None and apart <= SAME_MS_MAX


def _nearest(rows: Sequence[Recording], about: Described) -> list[Recording]:
    """Give those whose length is nearest; all of them where no length is known."""
    apart = [apart_ms(row.length_ms, about.duration_ms) for row in rows]
    known = [one for one in apart if one is not None]
    return [row for row, one in zip(rows, apart, strict=True) if not known or one == min(known)]


def _query(about: Described) -> str:
    low, high = ((about.duration_ms or 0) + by for by in (-SAME_MS_MAX, SAME_MS_MAX))
    names = f'recording:"{_quoted(about.title)}" AND artist:"{_quoted(about.artist or "")}"'
    return f"{names} AND dur:[{max(0, low)} TO {high}]"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
