"""What Spotify's refusals mean, as problems. Imported late, for it knows the exceptions of requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
from spotipy.exceptions import SpotifyBaseException, SpotifyException, SpotifyOauthError

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import redacted
from engine.sources.spotify.session import Answered

FAULTS: tuple[type[Exception], ...] = (
    SpotifyBaseException,
    requests.RequestException,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What the client throws when Spotify fails it; the last four when an answer has another shape than it expects."""

LOGIN_HINT = "sync login spotify"
REDIRECT = "http://127.0.0.1/callback"
"""What an app registers: without a port, so that any may be added; Spotify takes no `localhost` since April 2025."""
EXPORT_HINT = (
    "Spotify gives the tracks of a playlist only to its owner and collaborators: copy them into a playlist of your "
    "own, or export it as CSV (exportify.net) and follow that file"
)
_RATE_HINT = "the next run asks again when Spotify allows it; apps in development mode may have to wait for hours"
_APP_HINT = (
    "add your account to the app's users at https://developer.spotify.com/dashboard; the app's owner needs Premium"
)
_NETWORK_HINT = "check the connection, and the proxy if one is set"
_TLS_HINT = "the certificate is not trusted; see network.tls_verify"
_ADDRESS_HINT = "check spotify.api_base and spotify.accounts_base"
_LATER_HINT = "run it again later; nothing is lost"
_LENGTH_MAX = 300
_SPOTIFYS_OWN = "37i9dQZ"  # how the ids of its editorial and algorithmic playlists begin
_ABOUT_APP = ("developer", "registered", "premium")
_CLASSES: Mapping[int, tuple[FailureClass, str]] = {
    HTTPStatus.UNAUTHORIZED: (FailureClass.AUTH_EXPIRED, LOGIN_HINT),
    HTTPStatus.NOT_FOUND: (FailureClass.NOT_FOUND, "check the address"),
    HTTPStatus.TOO_MANY_REQUESTS: (FailureClass.RATE_LIMITED, _RATE_HINT),
    HTTPStatus.SERVICE_UNAVAILABLE: (FailureClass.OVERLOADED, _LATER_HINT),
}


def read(error: Exception, answered: Answered | None, now_us: int) -> Problem:
    """Give the problem an exception stands for; what was answered last counts for more than the exception."""
    if isinstance(error, requests.RequestException) and answered is None:
        return _unanswered(error)
    if answered is None:
        return not_sent()
    if answered.status < HTTPStatus.BAD_REQUEST:
        return garbage(answered.status)
    return _refused(_said(error), answered, now_us)


def garbage(status: int | None = None) -> Problem:
    """Give the problem of an answer that cannot be read."""
    detail = "Spotify's answer cannot be read"
    return Problem(failure=FailureClass.GARBAGE, detail=detail, hint=_LATER_HINT, http_status=status)


def not_sent() -> Problem:
    """Give the problem of an address that nothing can be sent to."""
    detail = "what is set as Spotify's address is none"
    return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=_ADDRESS_HINT)


def not_logged_in(detail: str = "nobody is logged in to Spotify") -> Problem:
    """Give the problem of a missing login."""
    return Problem(failure=FailureClass.AUTH_EXPIRED, detail=detail, hint=LOGIN_HINT)


def not_covered(what: str) -> Problem:
    """Give the problem of a login that was made for less than is asked: what it hides looks like nothing (F33)."""
    detail = f"the login to Spotify does not cover {what}"
    return Problem(failure=FailureClass.AUTH_EXPIRED, detail=detail, hint=LOGIN_HINT)


def changed_hands() -> Problem:
    """Give the problem of a list whose pages are not all one account's."""
    detail = "another account logged in while the list was read"
    return Problem(failure=FailureClass.GARBAGE, detail=detail, hint="run it again")


def not_allowed(name: str, status: int | None) -> Problem:
    """Give the problem of a playlist whose tracks we are not given (F44)."""
    detail = f"Spotify does not give us the tracks of {name}"
    return Problem(failure=FailureClass.NOT_ALLOWED, detail=detail, hint=EXPORT_HINT, http_status=status)


def not_found(identity: str, problem: Problem) -> Problem:
    """Give the problem of a playlist that Spotify says is not there: its own are hidden from apps like ours."""
    if identity.startswith(_SPOTIFYS_OWN):
        return not_allowed("a playlist that Spotify itself makes", problem.http_status)
    hint = "check the address; a playlist of somebody else's may be private"
    detail = f"Spotify shows us no playlist {identity}"
    return Problem(failure=problem.failure, detail=detail, hint=hint, http_status=problem.http_status)


def _unanswered(error: requests.RequestException) -> Problem:
    match error:
        case requests.Timeout():
            return Problem(failure=FailureClass.TIMEOUT, detail="Spotify did not answer in time", hint=_NETWORK_HINT)
        case requests.exceptions.SSLError():
            return Problem(failure=FailureClass.NETWORK, detail=_short(str(error)), hint=_TLS_HINT)
        case (
            requests.exceptions.InvalidURL() | requests.exceptions.MissingSchema() | requests.exceptions.InvalidSchema()
        ):
            return Problem(failure=FailureClass.INVALID_REQUEST, detail=_short(str(error)), hint=_ADDRESS_HINT)
        case _:
            return Problem(failure=FailureClass.NETWORK, detail="Spotify cannot be reached", hint=_NETWORK_HINT)


def _said(error: Exception) -> str:
    match error:
        case SpotifyException():
            return str(error.msg).partition(":\n ")[2]
        case SpotifyOauthError():
            return ": ".join(str(part) for part in (error.error, error.error_description) if part)
        case _:
            return ""


def _refused(said: str, answered: Answered, now_us: int) -> Problem:
    failure, hint = _class_of(answered.status, said.lower())
    detail = f"Spotify answered {answered.status}" + (f": {said}" if said and said != "None" else "")
    return Problem(
        failure=failure,
        detail=_short(detail),
        hint=hint,
        http_status=answered.status,
        retry_after_s=_retry_after_s(answered.retry_after, now_us),
    )


def _class_of(status: int, said: str) -> tuple[FailureClass, str]:
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(said)
    if status in _CLASSES:
        return _CLASSES[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FailureClass.REMOTE_ERROR, _LATER_HINT
    return FailureClass.INVALID_REQUEST, "report it, with what it says"


def _forbidden(said: str) -> tuple[FailureClass, str]:
    """Tell what a 403 is about: the login, the app, or what was asked for."""
    if "scope" in said:
        return FailureClass.AUTH_EXPIRED, LOGIN_HINT
    if any(word in said for word in _ABOUT_APP):
        return FailureClass.AUTH_EXPIRED, _APP_HINT
    return FailureClass.NOT_ALLOWED, EXPORT_HINT


def _retry_after_s(header: str | None, now_us: int) -> float | None:
    """Read a Retry-After, seconds or a date; however long it is, it is believed (P8)."""
    if header is None:
        return None
    text = header.strip()
    if text.isdecimal():
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    now = datetime.fromtimestamp(now_us / 1_000_000, UTC)
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


def _short(text: str) -> str:
    said = redacted(text)
    return said if len(said) <= _LENGTH_MAX else f"{said[: _LENGTH_MAX - 1]}…"
