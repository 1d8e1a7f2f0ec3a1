"""The AcoustID stand-in: look-ups by fingerprint and length, with the service's own errors.

It compares fingerprints by name, not by sound: what is submitted to it is found again, with the score it was given.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from typing_extensions import override

from engine.standins.server import Effect, Fault, Request, Response, Standin

Json: TypeAlias = dict[str, Any]

CLIENT_KEY = "a-client-key"
LENGTH_DIFFERENCE_S = 7
MISSING, BAD_FORMAT, BAD_FINGERPRINT, BAD_KEY, INTERNAL, UNAVAILABLE, TOO_MANY = 2, 1, 3, 4, 5, 13, 14
_HEADER_BYTES = 5  # algorithm, three of length, and at least one of words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseGroup:
    """A release group that a recording is on."""

    title: str
    kind: str | None = "Album"
    secondary: tuple[str, ...] = ()
    artists: tuple[tuple[str, str], ...] | None = None  # the recording's when none are given


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A MusicBrainz recording that a fingerprint is known to be of; a bare id where it has no metadata any more."""

    id: str
    title: str | None = None
    artists: tuple[tuple[str, str], ...] = ()  # names with what joins each to the next
    duration_s: float | None = None
    isrcs: tuple[str, ...] = ()
    groups: tuple[ReleaseGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One fingerprint that somebody submitted."""

    fingerprint: str
    duration_s: int
    recordings: tuple[Recording, ...] = ()
    score: float = 1.0

    @property
    def track_id(self) -> str:
        """The AcoustID."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.fingerprint} {self.duration_s}"))


class _RefusedError(Exception):
    def __init__(self, code: int, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(slots=True)
class _Rate:
    per_s: int | None
    spent_at_s: deque[float] = field(default_factory=deque)

    def spend(self, now_s: float) -> None:
        if self.per_s is None:
            return
        while self.spent_at_s and self.spent_at_s[0] <= now_s - 1:
            self.spent_at_s.popleft()
        if len(self.spent_at_s) >= self.per_s:
            raise _too_many(self.per_s)
        self.spent_at_s.append(now_s)


class AcoustIdStandin(Standin):
    """A loopback AcoustID.

    Args:
        requests_per_s: how many requests a second it takes; any number when none is given.
        port: where to listen; 0 takes a free one.
        history_path: a JSON Lines file to which every exchange is appended.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        *,
        requests_per_s: int | None = None,
        port: int = 0,
        history_path: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(port=port, history_path=history_path, clock=clock)
        self._prints: list[Print] = []
        self._rate = _Rate(requests_per_s)

    def submit(self, *prints: Print) -> None:
        """Make fingerprints known."""
        with self._lock:
            self._prints += prints

    @override
    def handle(self, request: Request) -> Response:
        if request.path.rstrip("/") != "/v2/lookup" or request.method not in ("GET", "POST"):
            return Response(status=HTTPStatus.NOT_FOUND)
        asked = _asked(request)
        xml = asked.get("format") == "xml"
        try:
            return _sent({"results": self._results(asked), "status": "ok"}, xml=xml)
        except _RefusedError as refused:
            return _refused(refused, xml=xml)

    def _results(self, asked: Mapping[str, str]) -> list[Json]:
        if asked.get("format", "json") not in ("json", "xml"):
            raise _RefusedError(BAD_FORMAT, f'unknown format "{asked["format"]}"')
        if not asked.get("client"):
            raise _missing("client")
        if asked["client"] != CLIENT_KEY:
            raise _RefusedError(BAD_KEY, "invalid API key")
        if not asked.get("fingerprint"):
            raise _missing("fingerprint")
        duration = asked.get("duration", "")
        if not duration.isdecimal() or not int(duration):
            raise _missing("duration")
        if not _is_fingerprint(asked["fingerprint"]):
            raise _RefusedError(BAD_FINGERPRINT, "invalid fingerprint")
        self._rate.spend(self._clock())
        meta = frozenset(asked.get("meta", "").split())
        found = [row for row in self._prints if _meant(row, asked["fingerprint"], int(duration))]
        return [_result(row, meta) for row in sorted(found, key=lambda row: -row.score)]


def throttled(*, skip: int = 0, times: int = 1, per_s: int = 3) -> Fault:
    """The client asks too often."""
    response = _refused(_too_many(per_s), xml=False)
    return Fault(effect=Effect.ANSWER, path="/v2/lookup", skip=skip, times=times, response=response)


def unavailable(*, skip: int = 0, times: int = 1) -> Fault:
    """The service is down, and says so."""
    message = "service currently unavailable, try again later"
    response = _refused(_RefusedError(UNAVAILABLE, message, HTTPStatus.SERVICE_UNAVAILABLE), xml=False)
    return Fault(effect=Effect.ANSWER, path="/v2/lookup", skip=skip, times=times, response=response)


def _too_many(per_s: int) -> _RefusedError:
    message = f"rate limit ({per_s:f} requests per second) exceeded, try again later"
    return _RefusedError(TOO_MANY, message, HTTPStatus.TOO_MANY_REQUESTS)


def _missing(name: str) -> _RefusedError:
    return _RefusedError(MISSING, f'missing required parameter "{name}"')


def _asked(request: Request) -> dict[str, str]:
    body = request.body
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return {**dict(request.query), **dict(parse_qsl(body.decode("utf-8", "replace")))}


def _is_fingerprint(text: str) -> bool:
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)) >= _HEADER_BYTES
    except (binascii.Error, ValueError):
        return False


def _meant(row: Print, fingerprint: str, duration_s: int) -> bool:
    return row.fingerprint == fingerprint and abs(row.duration_s - duration_s) <= LENGTH_DIFFERENCE_S


def _result(row: Print, meta: frozenset[str]) -> Json:
    result: Json = {"id": row.track_id, "score": row.score}
    if meta & {"recordings", "recordingids", "isrcs"} and row.recordings:
        result["recordings"] = [_recording(one, meta) for one in row.recordings]
    return result


def _recording(row: Recording, meta: frozenset[str]) -> Json:
    shown: Json = {"id": row.id}
    if "recordingids" in meta or row.title is None:
        return shown
    shown["title"] = row.title
    if row.duration_s:
        shown["duration"] = row.duration_s
    if row.artists:
        shown["artists"] = _artists(row.artists)
    if "isrcs" in meta and row.isrcs:
        shown["isrcs"] = list(row.isrcs)
    if "releasegroups" in meta:
        shown["releasegroups"] = [_group(one, row, meta) for one in row.groups]
    return shown


def _group(row: ReleaseGroup, recording: Recording, meta: frozenset[str]) -> Json:
    shown: Json = {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, row.title)), "title": row.title}
    if row.kind:
        shown["type"] = row.kind
    if row.secondary:
        shown["secondarytypes"] = list(row.secondary)
    artists = recording.artists if row.artists is None else row.artists
    if artists and not ("compress" in meta and artists == recording.artists):
        shown["artists"] = _artists(artists)
    return shown


def _artists(artists: tuple[tuple[str, str], ...]) -> list[Json]:
    rows: list[Json] = []
    for name, joined in artists:
        row: Json = {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)), "name": name}
        rows.append({**row, "joinphrase": joined} if joined else row)
    return rows


def _refused(refused: _RefusedError, *, xml: bool) -> Response:
    body = {"error": {"code": refused.code, "message": refused.message}, "status": "error"}
    return _sent(body, xml=xml, status=refused.status)


def _sent(body: Json, *, xml: bool, status: int = HTTPStatus.OK) -> Response:
    if not xml:
        return Response.of_json(body, status=status)
    text = f"<?xml version='1.0' encoding='UTF-8'?>\n<response><status>{escape(body['status'])}</status></response>"
    return Response(status=status, headers=(("Content-Type", "text/xml; charset=UTF-8"),), body=text.encode())
