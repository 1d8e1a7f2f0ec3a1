"""What comes back from Eagle, as data or as a failure and what is known of its effect.

Imported late: it needs httpx. Details never carry an address, because the token travels in it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx

from engine.domain.failure import FailureClass, Problem
from engine.targets.failed import Effect, Failed, unreadable

SENTENCE_MAX = 300  # characters of Eagle's own words that are kept
RUN_HINT = "start Eagle; what waits for it is done on the next run"
VERSION_HINT = "update Eagle to 4.0 build 21 or newer: older ones have no V2 API"
ACCESS_HINT = "set EAGLE_TOKEN to the token under Eagle > Settings > Developer"
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

_BY_STATUS: dict[int, tuple[FailureClass, Effect, str]] = {
    HTTPStatus.BAD_REQUEST: (FailureClass.INVALID_REQUEST, Effect.NONE_EVER, ""),
    HTTPStatus.UNAUTHORIZED: (FailureClass.AUTH_EXPIRED, Effect.NONE_EVER, ACCESS_HINT),
    HTTPStatus.FORBIDDEN: (FailureClass.AUTH_EXPIRED, Effect.NONE_EVER, ACCESS_HINT),
    HTTPStatus.NOT_FOUND: (FailureClass.UNSUPPORTED, Effect.NONE_EVER, VERSION_HINT),
    HTTPStatus.METHOD_NOT_ALLOWED: (FailureClass.UNSUPPORTED, Effect.NONE_EVER, VERSION_HINT),
    HTTPStatus.TOO_MANY_REQUESTS: (FailureClass.RATE_LIMITED, Effect.NONE_YET, ""),
    HTTPStatus.SERVICE_UNAVAILABLE: (FailureClass.OVERLOADED, Effect.NONE_YET, ""),
}


def failure_of(error: httpx.HTTPError) -> Failed:
    """Say what an error on the way means."""
    if isinstance(error, NEVER_SENT):
        problem = Problem(failure=FailureClass.NOT_RUNNING, detail="Eagle is not running", hint=RUN_HINT)
        return Failed(problem=problem, effect=Effect.NONE_YET)
    late = isinstance(error, httpx.TimeoutException)
    detail = "Eagle did not answer in time" if late else f"no answer from Eagle: {type(error).__name__}"
    problem = Problem(failure=FailureClass.TIMEOUT if late else FailureClass.NETWORK, detail=detail)
    return Failed(problem=problem, effect=Effect.DOUBTFUL)


def data_of(response: httpx.Response) -> Any | Failed:
    """Give what an envelope holds; an error envelope is a failure whatever its HTTP status says."""
    envelope = _envelope(response)
    said = str(envelope.get("message") or envelope.get("data") or "")[:SENTENCE_MAX] if envelope else ""
    if response.status_code != HTTPStatus.OK:
        return _answered(response.status_code, said)
    if envelope is None:
        return unreadable("Eagle", "it is not an envelope")
    match envelope.get("status"):
        case "success":
            return envelope.get("data")
        case "error":
            hint = "look at what Eagle says; `sync refetch` tries it again"
            problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=f"Eagle refused: {said}", hint=hint)
            return Failed(problem=problem, effect=Effect.NONE_EVER)
        case _:
            return unreadable("Eagle", "an envelope without a status")


def _answered(status: int, said: str) -> Failed:
    failure, effect, hint = _BY_STATUS.get(status, (FailureClass.REMOTE_ERROR, Effect.DOUBTFUL, ""))
    detail = f"Eagle answered {status}" + (f": {said}" if said else "")
    return Failed(problem=Problem(failure=failure, detail=detail, hint=hint, http_status=status), effect=effect)


def _envelope(response: httpx.Response) -> dict[str, Any] | None:
    try:
        parsed = response.json()
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
