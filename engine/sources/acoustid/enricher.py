"""AcoustID as a provider of facts: by how the first two minutes of a verified file sound, in one request.

A good score says that the sounds are one, not that their names are right: where the names differ, it is less sure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from msgspec.structs import replace

from engine.domain.events import Fact
from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Described, Enriched
from engine.sources.acoustid import parse
from engine.sources.acoustid.config import REMOTE, AcoustIdConfig
from engine.sources.acoustid.parse import Album, Recording
from engine.sources.agreement import NEAR_MS_MAX, apart_ms, same_artist, same_title
from engine.sources.json_service import Answer, JsonService

SCORE_MIN = 0.9
NAMED = 0.95
"""How sure a perfect score is where the title is spelt alike."""
RENAMED = 0.7
"""The same where it is not: somebody may have submitted the sound under a wrong name."""
SEVERAL_ALBUMS = 0.85
META = "recordings releasegroups compress isrcs"
KEY_HINT = "get a key for your application at https://acoustid.org/new-application, and set ACOUSTID_API_KEY"
_INVALID_FINGERPRINT, _INVALID_KEY, _NOT_ALLOWED, _TOO_MANY, _INSECURE, _UNKNOWN_APPLICATION = 3, 4, 12, 14, 16, 17
_ABOUT_KEYS = (_INVALID_KEY, _UNKNOWN_APPLICATION)
_GATHERED = frozenset({"Compilation", "DJ-mix", "Mixtape/Street", "Live"})


class AcoustIdEnricher:
    """AcoustID's web service.

    Args:
        config: where it answers, and by which key.
        pace: called before every request.
    """

    def __init__(self, config: AcoustIdConfig, *, pace: Callable[[str], None]) -> None:
        self._key = config.key
        self._service = JsonService(config.service, pace=pace)

    @property
    def name(self) -> str:
        """The provider's name."""
        return REMOTE

    def suits(self, about: Described) -> bool:
        """Say whether enough is known: the sound of a file, and its length."""
        return bool(about.fingerprint) and bool(about.audio_ms)

    def enrich(self, about: Described) -> Enriched | Problem:
        """Give what is known of what sounds like a recording."""
        if self._key is None:
            return Problem(failure=FailureClass.AUTH_EXPIRED, detail="AcoustID wants a key", hint=KEY_HINT)
        form = {
            "client": self._key,
            "format": "json",
            "duration": str(round((about.audio_ms or 0) / 1000)),
            "fingerprint": about.fingerprint or "",
            "meta": META,
        }
        answer = self._service.post("/v2/lookup", form)
        if isinstance(answer, Problem):
            return answer
        if answer.status != HTTPStatus.OK:
            return self._refused(answer)
        found = parse.results(answer.body)
        return self._service.garbage("it holds no results") if found is None else _told(found, about)

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far."""
        return self._service.requests()

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def _refused(self, answer: Answer) -> Problem:
        code, said = parse.error(answer.body)
        problem = self._service.refusal(answer, said, hint=KEY_HINT if code in _ABOUT_KEYS else "")
        classes = {
            _INVALID_FINGERPRINT: FailureClass.INVALID_REQUEST,
            _INVALID_KEY: FailureClass.AUTH_EXPIRED,
            _UNKNOWN_APPLICATION: FailureClass.AUTH_EXPIRED,
            _NOT_ALLOWED: FailureClass.NOT_ALLOWED,
            _INSECURE: FailureClass.NOT_ALLOWED,
            _TOO_MANY: FailureClass.RATE_LIMITED,
        }
        return replace(problem, failure=classes.get(code or 0, problem.failure))


def _told(found: Sequence[parse.Result], about: Described) -> Enriched:
    known = [row for row in found if row.score >= SCORE_MIN and row.recordings]
    best = max(known, key=lambda row: row.score, default=None)
    if best is None:
        return Enriched(matched_by="fingerprint")
    named = [row for row in best.recordings if _agrees(row, about)]
    rows, sure = (named, NAMED) if named else (list(best.recordings), RENAMED)
    ref = f"musicbrainz:recording:{rows[0].mbid}" if len(rows) == 1 else f"acoustid:track:{best.track_id}"
    return Enriched(matched_by="fingerprint", provider_ref=ref, facts=_facts(rows, sure * best.score))


def _agrees(row: Recording, about: Described) -> bool:
    artist = about.artist is None or not row.credit or same_artist(row.credit, about.artist)
    near = (apart_ms(row.length_ms, about.audio_ms) or 0) <= NEAR_MS_MAX
    return same_title(row.title, about.title) and artist and near


def _facts(rows: Sequence[Recording], sure: float) -> tuple[Fact, ...]:
    album, share = _album(rows)
    found = [
        ("artist", _agreed([row.credit or None for row in rows]), sure),
        ("isrc", _agreed([row.isrcs[0] if len(row.isrcs) == 1 else None for row in rows]), sure),
        ("album", album, sure * share),
    ]
    return tuple(
        Fact(field=field, value=value, confidence=round(confidence, 3))
        for field, value, confidence in found
        if value is not None
    )


def _album(rows: Sequence[Recording]) -> tuple[str | None, float]:
    albums = [album for row in rows for album in row.albums if album.title]
    pool = [album for album in albums if not _GATHERED & set(album.kinds)] or albums
    titles = _distinct(pool)
    if len(titles) == 1:
        return titles[0], 1.0
    whole = _distinct([album for album in pool if album.kinds[:1] == ("Album",)])
    return (whole[0], SEVERAL_ALBUMS) if len(whole) == 1 else (None, 0.0)


def _distinct(albums: Sequence[Album]) -> list[str]:
    titles: list[str] = []
    for album in albums:
        if not any(same_title(album.title, title) for title in titles):
            titles.append(album.title)
    return titles


def _agreed(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None
