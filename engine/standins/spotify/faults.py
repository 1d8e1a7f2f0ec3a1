"""Misfortunes in Spotify's own words; those any HTTP service can have are in `engine.standins.faults`."""

from __future__ import annotations

from http import HTTPStatus

from engine.standins.server import Effect, Fault, Response
from engine.standins.spotify.errors import forbidden, rate_limited, unauthorized

HOURS_S = 3600


def throttled(*, path: str = "/v1/.*", skip: int = 0, times: int = 1, retry_after_s: int = 1) -> Fault:
    """The app is told to come back later; in development mode that may be in many hours."""
    response = rate_limited(retry_after_s).response()
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def throttled_in_plain_text(*, path: str = "/v1/.*", skip: int = 0, times: int = 1, retry_after_s: int = 1) -> Fault:
    """The app is told to come back later by a gateway that does not speak JSON."""
    headers = (("Content-Type", "text/plain"), ("Retry-After", str(retry_after_s)))
    response = Response(status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers, body=b"Too many requests")
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def expired_token(*, path: str = "/v1/.*", skip: int = 0, times: int = 1) -> Fault:
    """The token's hour is over, whatever its clock says."""
    response = unauthorized("The access token expired").response()
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def refused(*, path: str = "/v1/.*", skip: int = 0, times: int = 1) -> Fault:
    """Something is not given to this app: 403 without a reason."""
    response = forbidden().response()
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def broken(*, path: str = ".*", skip: int = 0, times: int = 1, status: int = 503) -> Fault:
    """The service itself is unwell, and says so in its own shape."""
    phrase = HTTPStatus(status).phrase
    response = Response.of_json({"error": {"status": status, "message": phrase}}, status=status)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)
