"""What yt-dlp's exceptions mean where YouTube is asked, as problems. Imported late, for it imports yt-dlp."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking.exceptions import HTTPError, NoSupportingHandlers, ProxyError, SSLError, TransportError
from yt_dlp.utils import DownloadError, GeoRestrictedError, YoutubeDLError

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import redacted
from engine.domain.remote_words import BOT_HINT, COOKIES_HINT, ELSEWHERE_HINT, UPDATE_HINT, plainly, youtube_says

FAULTS: tuple[type[Exception], ...] = (YoutubeDLError, AttributeError, LookupError, TypeError, ValueError)
"""What an extractor throws when YouTube fails it; the last four when an answer has another shape than it expects."""

_DETAIL_LENGTH_MAX = 300
_LACKING = ("incomplete data", "unable to download")
_SPEAKER = re.compile(r"(?:ERROR: )?(?:\[[\w:]+\] (?:[\w@-]+: )?)?")
"""Which extractor speaks of what; the run says it already."""
_CAUSES_MAX = 8
_NETWORK_HINT = "Check the connection, and the proxy if one is set."
_COOKIE_HINT = "Check the cookie file or the browser of the access profile."
_TLS_HINT = "The certificate is not trusted; only for a gateway of your own may tls_verify be off."

_MEANINGS: Mapping[type[Exception], tuple[FailureClass, str]] = {
    GeoRestrictedError: (FailureClass.GEO_BLOCKED, "try again through a proxy in another country (`[[access]]`)"),
    CookieLoadError: (FailureClass.AUTH_EXPIRED, _COOKIE_HINT),
    NoSupportingHandlers: (FailureClass.TOOL_MISSING, "Install yt-dlp's optional networking parts."),
    SSLError: (FailureClass.NETWORK, _TLS_HINT),
    ProxyError: (FailureClass.NETWORK, _NETWORK_HINT),
    TransportError: (FailureClass.NETWORK, _NETWORK_HINT),
}
"""The first class an exception is of says what it means: special ones stand before general ones."""

_STATUSES: Mapping[int, tuple[FailureClass, str]] = {
    HTTPStatus.NOT_FOUND: (FailureClass.GONE, ELSEWHERE_HINT),
    HTTPStatus.GONE: (FailureClass.GONE, ELSEWHERE_HINT),
    HTTPStatus.UNAUTHORIZED: (FailureClass.PRIVATE, COOKIES_HINT),
    HTTPStatus.FORBIDDEN: (FailureClass.BOT_CHALLENGE, BOT_HINT),
    HTTPStatus.TOO_MANY_REQUESTS: (FailureClass.RATE_LIMITED, "the next run goes on from here"),
    HTTPStatus.SERVICE_UNAVAILABLE: (FailureClass.OVERLOADED, "the next run tries again"),
}


def cut_short(warnings: Sequence[str]) -> Problem | None:
    """Give the problem behind warnings that an answer was not whole, which yt-dlp takes for the end of a list."""
    said = next((one for one in warnings if any(word in one.casefold() for word in _LACKING)), None)
    if said is None:
        return None
    limited = youtube_says(said) == youtube_says("too many requests")
    failure = FailureClass.RATE_LIMITED if limited else FailureClass.REMOTE_ERROR
    hint = "Nothing is concluded from what is missing; the next run reads it again."
    return Problem(failure=failure, detail=f"the list broke off: {_plain(said)}", hint=hint)


def read(error: Exception, warnings: Sequence[str] = ()) -> Problem:
    """Give the problem an exception stands for: by what answered, else by its class, else by what was said."""
    for cause in _chain(error):
        if isinstance(cause, HTTPError):
            return _refused(cause)
        if isinstance(cause, TransportError) and "timed out" in str(cause):
            return _problem(FailureClass.TIMEOUT, cause, _NETWORK_HINT)
        for kind, (failure, hint) in _MEANINGS.items():
            if isinstance(cause, kind):
                return _problem(failure, cause, hint)
    failure, hint = youtube_says(str(error), warnings) or (FailureClass.EXTRACTOR_BROKEN, UPDATE_HINT)
    return _problem(failure, error, hint)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error, what it wraps and what caused that, nearest first."""
    found: BaseException | None = error
    for _ in range(_CAUSES_MAX):
        if found is None:
            return
        yield found
        wrapped = found.exc_info[1] if isinstance(found, DownloadError) and found.exc_info else None
        cause = wrapped or getattr(found, "cause", None)
        found = cause if isinstance(cause, BaseException) else None


def _refused(error: Any) -> Problem:
    status = int(error.status)
    if status in _STATUSES:
        failure, hint = _STATUSES[status]
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failure, hint = FailureClass.REMOTE_ERROR, "YouTube has trouble of its own; the next run tries again"
    else:
        failure, hint = FailureClass.EXTRACTOR_BROKEN, UPDATE_HINT
    given = (error.response.headers.get("retry-after") or "").strip()
    return Problem(
        failure=failure,
        detail=f"YouTube answered {status} {error.reason or ''}".strip(),
        hint=hint,
        http_status=status,
        retry_after_s=float(given) if given.isdecimal() else None,
    )


def _problem(failure: FailureClass, error: BaseException, hint: str) -> Problem:
    return Problem(failure=failure, detail=_plain(str(error)) or type(error).__name__, hint=hint)


def _plain(said: str) -> str:
    text = " ".join(said.partition("; please report")[0].partition(" (caused by ")[0].split())
    return redacted(plainly(_SPEAKER.sub("", text, count=1)))[:_DETAIL_LENGTH_MAX]
