"""Spotify's refusals in Spotify's words: the Web API's, and the accounts service's own shape."""

from __future__ import annotations

from http import HTTPStatus

from engine.standins.server import Response


class SpotifyError(Exception):
    """The Web API refuses: a status with a message."""

    def __init__(self, status: int, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s

    def response(self) -> Response:
        """Give the refusal as it goes over the wire."""
        headers = () if self.retry_after_s is None else (("Retry-After", str(self.retry_after_s)),)
        body = {"error": {"status": self.status, "message": self.message}}
        return Response.of_json(body, status=self.status, headers=headers)


class GrantError(Exception):
    """The accounts service refuses a token: RFC 6749's `error` with a description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def response(self) -> Response:
        """Give the refusal as it goes over the wire."""
        body = {"error": self.error, "error_description": self.description}
        return Response.of_json(body, status=HTTPStatus.BAD_REQUEST)


def bad_request(message: str) -> SpotifyError:
    """Build the refusal of a parameter."""
    return SpotifyError(HTTPStatus.BAD_REQUEST, message)


def unauthorized(message: str) -> SpotifyError:
    """Build the refusal of a token."""
    return SpotifyError(HTTPStatus.UNAUTHORIZED, message)


def forbidden(message: str = "Forbidden") -> SpotifyError:
    """Build the refusal of something this app or user is not given."""
    return SpotifyError(HTTPStatus.FORBIDDEN, message)


def not_found(message: str = "Resource not found") -> SpotifyError:
    """Build the answer about what is not there."""
    return SpotifyError(HTTPStatus.NOT_FOUND, message)


def rate_limited(retry_after_s: int) -> SpotifyError:
    """Build the 429; in development mode its wait may be many hours."""
    return SpotifyError(HTTPStatus.TOO_MANY_REQUESTS, "API rate limit exceeded", retry_after_s=retry_after_s)
