"""The MusicBrainz stand-in: web service 2 on a loopback address, with its one request a second.

It takes no client that does not say who it is, and speaks XML to whoever does not ask for JSON.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from typing_extensions import override

from engine.standins.musicbrainz import shapes
from engine.standins.musicbrainz.query import QueryError, parsed, score
from engine.standins.musicbrainz.records import Recording, Release
from engine.standins.musicbrainz.shapes import HELP, Json
from engine.standins.server import Effect, Fault, Request, Response, Standin

LIMIT_MAX = 100
FIRST = 25
RATE_TEXT = (
    "Your requests are exceeding the allowable rate limit. Please see "
    "https://wiki.musicbrainz.org/XMLWebService for more information."
)
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", re.IGNORECASE)
_NOBODY = re.compile(r"(python-|java/|libwww|curl/|wget/|okhttp|go-http|-?$)", re.IGNORECASE)
_INC = {
    "recording": frozenset(
        {"artists", "artist-credits", "releases", "release-groups", "isrcs", "genres", "tags", "media", "aliases"}
    ),
    "isrc": frozenset({"artists", "artist-credits", "releases", "isrcs", "tags", "ratings", "aliases"}),
    "release": frozenset({"artists", "artist-credits", "labels", "release-groups", "recordings", "media", "genres"}),
}


class _RefusedError(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class MusicBrainzStandin(Standin):
    """A loopback MusicBrainz.

    Args:
        recordings: what it holds.
        interval_s: how far apart requests have to be; any distance when 0.
        port: where to listen; 0 takes a free one.
        history_path: a JSON Lines file to which every exchange is appended.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        recordings: Iterable[Recording] = (),
        *,
        interval_s: float = 0.0,
        port: int = 0,
        history_path: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(port=port, history_path=history_path, clock=clock)
        self.recordings = list(recordings)
        self.interval_s = interval_s
        self._last_s = float("-inf")

    @contextmanager
    def edit(self) -> Iterator[list[Recording]]:
        """Hold requests back while editors change what there is."""
        with self._lock:
            yield self.recordings

    @override
    def handle(self, request: Request) -> Response:
        json = request.parameter("fmt") == "json" or "application/json" in request.headers.get("accept", "")
        try:
            self._let_in(request)
            return self._answer(request, json=json)
        except _RefusedError as refused:
            return refusal(refused.status, refused.text, json=json)

    def _let_in(self, request: Request) -> None:
        if _NOBODY.match(request.headers.get("user-agent", "")):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "Your User-Agent does not say which application you are.")
        now_s = self._clock()
        if now_s - self._last_s < self.interval_s:
            raise _RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, RATE_TEXT)
        self._last_s = now_s

    def _answer(self, request: Request, *, json: bool) -> Response:
        parts = [part for part in request.path.split("/") if part]
        match request.method, parts:
            case "GET", ["ws", "2", "recording"]:
                return self._search(request, json=json)
            case "GET", ["ws", "2", "recording", native]:
                row = self._recording(_checked(native))
                return _sent("recording", shapes.recording(row, _inc(request, "recording")), json=json)
            case "GET", ["ws", "2", "isrc", isrc]:
                return self._isrc(request, isrc, json=json)
            case "GET", ["ws", "2", "release", native]:
                release = self._release(_checked(native))
                return _sent("release", shapes.release(release, _inc(request, "release")), json=json)
            case "GET", _:
                raise _RefusedError(HTTPStatus.NOT_FOUND, "Not Found")
            case _:
                raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not allowed on this endpoint.")

    def _recording(self, native: str) -> Recording:
        for row in self.recordings:
            if row.mbid == native:
                return row
        raise _RefusedError(HTTPStatus.NOT_FOUND, "Not Found")

    def _release(self, native: str) -> Release:
        for row in self.recordings:
            for release in row.releases:
                if release.mbid == native:
                    return release
        raise _RefusedError(HTTPStatus.NOT_FOUND, "Not Found")

    def _isrc(self, request: Request, isrc: str, *, json: bool) -> Response:
        if not _ISRC.fullmatch(isrc):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "Invalid isrc.")
        inc = _inc(request, "isrc")
        rows = [shapes.recording(row, inc) for row in self.recordings if isrc.upper() in row.isrcs]
        if not rows:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "Not Found")
        if not json:
            return _xml(shapes.as_xml("recording", rows))
        return _json({"isrc": isrc.upper(), "recordings": rows})

    def _search(self, request: Request, *, json: bool) -> Response:
        try:
            clauses = parsed(request.parameter("query") or "")
        except QueryError:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "Invalid query.") from None
        limit, offset = _number(request, "limit", FIRST), _number(request, "offset", 0)
        scored = [(score(row, clauses), row) for row in self.recordings]
        rows = sorted((one for one in scored if one[0]), key=lambda one: -one[0])
        shown = [shapes.found(row, points) for points, row in rows[offset : offset + min(limit, LIMIT_MAX)]]
        if not json:
            return _xml(shapes.as_xml("recording", shown))
        created = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self._clock()))
        return _json({"created": created, "count": len(rows), "offset": offset, "recordings": shown})


def refusal(status: int, text: str, *, json: bool = True) -> Response:
    """Give a refusal in MusicBrainz's shape."""
    if not json:
        return _xml(shapes.error_xml(text), status=status)
    headers = (("Retry-After", "1"),) if status == HTTPStatus.SERVICE_UNAVAILABLE else ()
    return Response.of_json({"error": text, "help": HELP}, status=status, headers=headers)


def busy(*, path: str = "/ws/2/.*", skip: int = 0, times: int = 1) -> Fault:
    """The client asks too often: 503 with MusicBrainz's own words."""
    response = refusal(HTTPStatus.SERVICE_UNAVAILABLE, RATE_TEXT)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def _sent(kind: str, shown: Json, *, json: bool) -> Response:
    return _json(shown) if json else _xml(shapes.as_xml(kind, [shown]))


def _json(shown: Json) -> Response:
    return Response.of_json(shown)


def _xml(body: bytes, *, status: int = HTTPStatus.OK) -> Response:
    return Response(status=status, headers=(("Content-Type", "application/xml; charset=utf-8"),), body=body)


def _inc(request: Request, kind: str) -> frozenset[str]:
    asked = frozenset(re.split(r"[+ ]", request.parameter("inc") or "")) - {""}
    wrong = sorted(asked - _INC[kind])
    if wrong:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, f"{wrong[0]} is not a valid inc parameter for the {kind} resource.")
    return asked


def _checked(native: str) -> str:
    if not _MBID.fullmatch(native):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "Invalid mbid.")
    return native.lower()


def _number(request: Request, name: str, default: int) -> int:
    text = request.parameter(name) or ""
    return int(text) if text.isdecimal() else default
