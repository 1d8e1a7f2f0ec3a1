"""What yt-dlp's exceptions mean, as problems. Imported late, for it imports yt-dlp."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking.exceptions import (
    HTTPError,
    NoSupportingHandlers,
    SSLError,
    TransportError,
)
from yt_dlp.utils import DownloadError, YoutubeDLError

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import redacted

FAULTS: tuple[type[Exception], ...] = (YoutubeDLError, AttributeError, LookupError, TypeError, ValueError)
"""What an extractor throws when SoundCloud fails it; the last four when an answer has another shape than it expects."""

_DETAIL_LENGTH_MAX = 300
_GONE_HINT = "Check the address; a private set or track needs its whole secret link (…/s-…)."
_PRIVATE_HINT = "Use the whole secret link, or give cookies of an account that may see it."
_RATE_HINT = "SoundCloud allows about 600 requests in 10 minutes; the next run goes on from here."
_WALL_HINT = "SoundCloud takes us for a robot: wait, give cookies, use another proxy, or install curl_cffi for likes."
_NETWORK_HINT = "Check the connection, and the proxy if one is set."
_TLS_HINT = "The certificate is not trusted; only for a stand-in or a gateway of your own may tls_verify be off."
_COOKIE_HINT = "Check the cookie file or the browser named for SoundCloud."
_UPDATE_HINT = "Update yt-dlp; if that does not help, SoundCloud has changed how it answers."

_MEANINGS: Mapping[type[Exception], tuple[FailureClass, str]] = {
    CookieLoadError: (FailureClass.AUTH_EXPIRED, _COOKIE_HINT),
    SSLError: (FailureClass.NETWORK, _TLS_HINT),
    NoSupportingHandlers: (FailureClass.TOOL_MISSING, "Install yt-dlp's optional networking parts."),
    TransportError: (FailureClass.NETWORK, _NETWORK_HINT),
}
"""The first class an exception is of says what it means: special ones stand before general ones."""


def read(error: Exception) -> Problem:
    """Give the problem an exception stands for."""
    cause = _root(error)
    if isinstance(cause, HTTPError):
        return _refused(cause)
    if isinstance(cause, TransportError) and "timed out" in str(cause):
        return _problem(FailureClass.TIMEOUT, cause, _NETWORK_HINT)
    for kind, (failure, hint) in _MEANINGS.items():
        if isinstance(cause, kind):
            return _problem(failure, cause, hint)
    return _problem(FailureClass.EXTRACTOR_BROKEN, error, _UPDATE_HINT)


def _root(error: BaseException) -> BaseException:
    """Give what an extractor's error was about; an error without a cause is about itself."""
    if isinstance(error, DownloadError) and error.exc_info:
        return _root(error.exc_info[1])
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, BaseException) else error


def _refused(error: Any) -> Problem:
    status, headers = int(error.status), error.response.headers
    failure, hint = _class_of(status, headers)
    return Problem(
        failure=failure,
        detail=f"SoundCloud answered {status} {error.reason or ''}".strip(),
        hint=hint,
        http_status=status,
        retry_after_s=_retry_after_s(headers),
    )


def _class_of(status: int, headers: Mapping[str, str]) -> tuple[FailureClass, str]:
    match status:
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return FailureClass.GONE, _GONE_HINT
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            wall = _is_wall(headers)
            return (FailureClass.BOT_CHALLENGE, _WALL_HINT) if wall else (FailureClass.PRIVATE, _PRIVATE_HINT)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return FailureClass.RATE_LIMITED, _RATE_HINT
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return FailureClass.OVERLOADED, "SoundCloud is overloaded; the next run tries again."
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return FailureClass.REMOTE_ERROR, "SoundCloud has trouble of its own; the next run tries again."
        case _:
            return FailureClass.EXTRACTOR_BROKEN, _UPDATE_HINT


def _is_wall(headers: Mapping[str, str]) -> bool:
    """Say whether DataDome answered: it names itself, or shows a page where the api shows JSON."""
    named = headers.get("x-datadome") or "datadome" in (headers.get("set-cookie") or "")
    return bool(named) or "text/html" in (headers.get("content-type") or "")


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Give the wait a Retry-After asks for: seconds, or a date, which counts from the answer's own."""
    given = (headers.get("retry-after") or "").strip()
    if given.isdecimal():
        return float(given)
    try:
        wait = parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("date") or "")
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())


def _problem(failure: FailureClass, error: BaseException, hint: str) -> Problem:
    text = str(error).partition("; please report")[0] or type(error).__name__
    return Problem(failure=failure, detail=redacted(" ".join(text.split()))[:_DETAIL_LENGTH_MAX], hint=hint)
