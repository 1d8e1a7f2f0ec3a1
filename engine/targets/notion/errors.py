"""What the Notion client raises, as a failure and what is known of its effect.

Imported late: it needs the client library. Details carry Notion's own sentence, never a body, header or address.
"""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from notion_client.errors import HTTPResponseError, NotionClientErrorBase, RequestTimeoutError

from engine.domain.failure import FailureClass, Problem
from engine.targets.failed import Effect, Failed, unreadable

RAISED = (NotionClientErrorBase, httpx.HTTPError, ValueError)
"""Everything a call can raise because of the remote or the way to it."""

SERVICE_OVERLOAD = 529
SENTENCE_MAX = 300  # characters of Notion's own words that are kept
SHARE_HINT = "in Notion, open the database, then ••• > Connections, and add your connection; then run `sync doctor`"
ACCESS_HINT = "set NOTION_TOKEN to the token of a connection that may read and change content"
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

_BY_STATUS: dict[int, tuple[FailureClass, Effect, str]] = {
    HTTPStatus.BAD_REQUEST: (FailureClass.INVALID_REQUEST, Effect.NONE_EVER, ""),
    HTTPStatus.UNAUTHORIZED: (FailureClass.AUTH_EXPIRED, Effect.NONE_EVER, ACCESS_HINT),
    HTTPStatus.FORBIDDEN: (FailureClass.AUTH_EXPIRED, Effect.NONE_EVER, ACCESS_HINT),
    HTTPStatus.NOT_FOUND: (FailureClass.NOT_SHARED, Effect.NONE_EVER, SHARE_HINT),
    HTTPStatus.CONFLICT: (FailureClass.WRITE_CONFLICT, Effect.NONE_YET, ""),
    HTTPStatus.TOO_MANY_REQUESTS: (FailureClass.RATE_LIMITED, Effect.NONE_YET, ""),
    SERVICE_OVERLOAD: (FailureClass.OVERLOADED, Effect.NONE_YET, ""),
}


def failure_of(error: Exception) -> Failed:
    """Say what an error of a call means; the error is one of `RAISED`."""
    if isinstance(error, RequestTimeoutError | httpx.TimeoutException):
        return _timed_out(error)
    if isinstance(error, HTTPResponseError):
        return _answered(error)
    if isinstance(error, httpx.HTTPError):
        effect = Effect.NONE_YET if isinstance(error, NEVER_SENT) else Effect.DOUBTFUL
        return _failed(FailureClass.NETWORK, effect, f"no answer from Notion: {type(error).__name__}")
    if isinstance(error, NotionClientErrorBase):
        return _failed(FailureClass.INVALID_REQUEST, Effect.NONE_EVER, "an id does not fit into an address")
    return unreadable("Notion", "it is not JSON")


def retry_after_s(headers: httpx.Headers) -> float | None:
    """Give how long to wait, from seconds or from a date set against the answer's own date; uncapped."""
    text = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    return max(0.0, (until - now).total_seconds())


def _timed_out(error: Exception) -> Failed:
    if isinstance(error.__context__ or error, NEVER_SENT):
        return _failed(FailureClass.NETWORK, Effect.NONE_YET, "no connection to Notion in time")
    return _failed(FailureClass.TIMEOUT, Effect.DOUBTFUL, "Notion did not answer in time")


def _answered(error: HTTPResponseError) -> Failed:
    failure, effect, hint = _BY_STATUS.get(error.status, (FailureClass.REMOTE_ERROR, Effect.DOUBTFUL, ""))
    code, sentence = _said(error.body)
    if code == "database_connection_unavailable":
        failure, effect = FailureClass.OVERLOADED, Effect.NONE_YET
    if error.status < HTTPStatus.BAD_REQUEST:
        failure = FailureClass.GARBAGE
    problem = Problem(
        failure=failure,
        detail=f"Notion answered {error.status}" + (f" {code}: {sentence}" if code else ""),
        hint=hint,
        http_status=error.status,
        retry_after_s=retry_after_s(error.headers),
    )
    return Failed(problem=problem, effect=effect)


def _said(body: str) -> tuple[str, str]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return "", ""
    if not isinstance(parsed, dict):
        return "", ""
    return str(parsed.get("code", ""))[:SENTENCE_MAX], str(parsed.get("message", ""))[:SENTENCE_MAX]


def _failed(failure: FailureClass, effect: Effect, detail: str) -> Failed:
    return Failed(problem=Problem(failure=failure, detail=detail), effect=effect)
