"""What yt-dlp's exceptions mean, as problems: each failure its own class. Imported late, for it imports yt-dlp."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from msgspec.structs import replace
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
from engine.domain.remote_words import plainly
from engine.sources.soundcloud.downloader import NOT_TAKEN, ForeignHostError, LoginRefusedError
from engine.sources.soundcloud.records import inner, items

FAULTS: tuple[type[Exception], ...] = (YoutubeDLError, AttributeError, LookupError, TypeError, ValueError)
"""What an extractor throws when SoundCloud fails it; the last four when an answer has another shape than it expects."""

_DETAIL_LENGTH_MAX = 300
_SILENCE = ("timed out", "curl: (28)")  # how each library calls it; curl calls a silent answer "too slow"
_BODY_BYTES_MAX = 65_536  # of an answer that says why; longer ones are pages for people
_RESET_FORMATS = ("%Y/%m/%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z")  # how the official api's guide writes it, and ISO
_GONE_HINT = "Check the address; a private set or track needs its whole secret link (…/s-…)."
_PRIVATE_HINT = "Use the whole secret link, or give cookies of an account that may see it."
_GEO_HINT = "It is not given to this country; a way through another one may help: docs/access.md."
_RATE_HINT = "SoundCloud allows about 600 requests in 10 minutes; the next run goes on from here."
_WALL_HINT = "SoundCloud takes us for a robot: wait, give cookies, use another proxy, or install curl_cffi for likes."
_NETWORK_HINT = "Check the connection, and the proxy if one is set."
_TLS_HINT = "The certificate is not trusted; only for a stand-in or a gateway of your own may tls_verify be off."
_COOKIE_HINT = "Check the cookie file or the browser named for SoundCloud."
_CLIENT_HINT = "SoundCloud refuses the client id its own page gives: update yt-dlp, or wait."
_LOGIN_HINT = "SoundCloud does not take the login in the cookies any more: sign in again and save them anew."
_HOST_HINT = "Give an address on soundcloud.com."
_UPDATE_HINT = "Update yt-dlp; if that does not help, SoundCloud has changed how it answers."
_GARBAGE_HINT = "Something between here and SoundCloud cut the answer or wrote another; the next run asks again."
_CAPTCHA_HOST = "captcha-delivery.com"  # DataDome's; that it let a request through, its other headers say as well
_NOT_FROM_HERE = "block access from your country"  # CloudFront's own words, before SoundCloud is asked at all
_LASTING = re.compile(r"PT(?P<count>\d+)(?P<unit>[HMS])")
_UNITS = {"H": "h", "M": "min", "S": "s"}

_MEANINGS: Mapping[type[Exception], tuple[FailureClass, str]] = {
    ForeignHostError: (FailureClass.UNSUPPORTED, _HOST_HINT),
    CookieLoadError: (FailureClass.AUTH_EXPIRED, _COOKIE_HINT),
    SSLError: (FailureClass.NETWORK, _TLS_HINT),
    NoSupportingHandlers: (FailureClass.TOOL_MISSING, "Install yt-dlp's optional networking parts."),
    TransportError: (FailureClass.NETWORK, _NETWORK_HINT),
}
"""The first class an exception is of says what it means: special ones stand before general ones."""


def read(error: Exception, *, signed_in: bool = False) -> Problem:
    """Give the problem an exception stands for; a 401 is about the login where there is one."""
    if isinstance(error, LoginRefusedError):
        return _unsigned(error)
    cause = _root(error)
    if isinstance(cause, HTTPError):
        return _refused(cause, signed_in=signed_in)
    if isinstance(cause, TransportError) and any(word in str(cause).lower() for word in _SILENCE):
        return _problem(FailureClass.TIMEOUT, cause, _NETWORK_HINT)
    for kind, (failure, hint) in _MEANINGS.items():
        if isinstance(cause, kind):
            return _problem(failure, cause, hint)
    if isinstance(getattr(error, "cause", error), json.JSONDecodeError):
        return Problem(failure=FailureClass.GARBAGE, detail="SoundCloud's answer is no JSON", hint=_GARBAGE_HINT)
    return _problem(FailureClass.EXTRACTOR_BROKEN, error, _UPDATE_HINT)


def endless(entries: int) -> Problem:
    """Name a list that does not end where lists do."""
    return Problem(failure=FailureClass.UNEXPECTED, detail=f"only the first {entries} entries were read")


def _root(error: BaseException) -> BaseException:
    """Give what an extractor's error was about; an error without a cause is about itself."""
    if isinstance(error, DownloadError) and error.exc_info:
        return _root(error.exc_info[1])
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, YoutubeDLError) else error


def _unsigned(error: LoginRefusedError) -> Problem:
    """Tell a login that is not taken from one that nobody looked at."""
    problem = read(error.cause, signed_in=True)
    if problem.http_status in NOT_TAKEN and problem.failure not in (
        FailureClass.BOT_CHALLENGE,
        FailureClass.GEO_BLOCKED,
    ):
        return replace(problem, failure=FailureClass.AUTH_EXPIRED, detail=str(error), hint=_LOGIN_HINT)
    moved = problem.failure is FailureClass.GONE
    return replace(problem, failure=FailureClass.EXTRACTOR_BROKEN, hint=_UPDATE_HINT) if moved else problem


def _refused(error: Any, *, signed_in: bool) -> Problem:
    status, headers, body = int(error.status), error.response.headers, _body(error.response)
    failure, hint = _class_of(status, headers, body, signed_in=signed_in)
    limit = _limit(body) if status == HTTPStatus.TOO_MANY_REQUESTS else {}
    wait_s = _retry_after_s(headers)
    return Problem(
        failure=failure,
        detail=f"SoundCloud answered {status} {error.reason or ''}".strip() + _budget(limit),
        hint=hint,
        http_status=status,
        retry_after_s=_until_reset_s(limit, headers) if wait_s is None else wait_s,
    )


_STATUSES: Mapping[int, tuple[FailureClass, str]] = {
    HTTPStatus.UNAUTHORIZED: (FailureClass.EXTRACTOR_BROKEN, _CLIENT_HINT),
    HTTPStatus.FORBIDDEN: (FailureClass.PRIVATE, _PRIVATE_HINT),
    HTTPStatus.NOT_FOUND: (FailureClass.GONE, _GONE_HINT),
    HTTPStatus.GONE: (FailureClass.GONE, _GONE_HINT),
    HTTPStatus.TOO_MANY_REQUESTS: (FailureClass.RATE_LIMITED, _RATE_HINT),
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: (FailureClass.GEO_BLOCKED, _GEO_HINT),
    HTTPStatus.SERVICE_UNAVAILABLE: (FailureClass.OVERLOADED, "SoundCloud is overloaded; the next run tries again."),
}


def _class_of(status: int, headers: Mapping[str, str], body: str, *, signed_in: bool) -> tuple[FailureClass, str]:
    refused = status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    if refused and _NOT_FROM_HERE in body:
        return FailureClass.GEO_BLOCKED, _GEO_HINT
    if refused and _is_wall(headers, body):
        return FailureClass.BOT_CHALLENGE, _WALL_HINT
    if status == HTTPStatus.UNAUTHORIZED and signed_in:
        return FailureClass.AUTH_EXPIRED, _LOGIN_HINT
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in _STATUSES:
        return FailureClass.REMOTE_ERROR, "SoundCloud has trouble of its own; the next run tries again."
    return _STATUSES.get(status, (FailureClass.EXTRACTOR_BROKEN, _UPDATE_HINT))


def _body(response: Any) -> str:
    """Give what an answer says beside its status, as far as it came."""
    try:
        return bytes(response.read(_BODY_BYTES_MAX)).decode("utf-8", "replace")
    except (YoutubeDLError, OSError):
        return ""


def _limit(body: str) -> Mapping[str, Any]:
    """Give what the body of a 429 says about the limit that was met."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    errors = items(said, "errors") if isinstance(said, dict) else []
    return inner(errors[0], "meta") if errors and isinstance(errors[0], dict) else {}


def _budget(limit: Mapping[str, Any]) -> str:
    allowed = inner(limit, "rate_limit")
    requests, window = allowed.get("max_nr_of_requests"), str(allowed.get("time_window") or "")
    plain = _LASTING.sub(lambda found: f"{found['count']} {_UNITS[found['unit']]}", window)
    return f": {requests} requests in {plain} are allowed" if requests and window else ""


def _until_reset_s(limit: Mapping[str, Any], headers: Mapping[str, str]) -> float | None:
    """Give the wait until a limit's own reset time, which counts from the answer's date."""
    given = str(limit.get("reset_time") or "")
    for form in _RESET_FORMATS:
        try:
            wait = datetime.strptime(given, form).astimezone() - parsedate_to_datetime(headers.get("date") or "")
        except (TypeError, ValueError):
            continue
        return max(0.0, wait.total_seconds())
    return None


def _is_wall(headers: Mapping[str, str], body: str) -> bool:
    """Say whether a wall answered in SoundCloud's place: it says that it blocks, or shows a page in place of JSON."""
    blocked = headers.get("x-dd-b") or _CAPTCHA_HOST in body
    return bool(blocked) or "text/html" in (headers.get("content-type") or "")


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
    return Problem(failure=failure, detail=redacted(plainly(" ".join(text.split())))[:_DETAIL_LENGTH_MAX], hint=hint)
