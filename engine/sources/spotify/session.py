"""The one place where something is sent to Spotify: paced, counted, never repeated, never led elsewhere.

Imported late, for it imports requests.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from typing_extensions import override

logging.getLogger("spotipy").addHandler(logging.NullHandler())
logging.getLogger("spotipy").propagate = False  # it writes tokens to its log

REMOTE = "spotify"
ACCOUNTS = "spotify-accounts"
"""Another service than the Web API: a person may log in while that one wants to be left alone for hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How the last request was answered; its content is read elsewhere."""

    status: int
    retry_after: str | None


class PacedSession(requests.Session):
    """A session without retries and redirects, so that every limit surfaces and tokens stay where they belong."""

    def __init__(self, pace: Callable[[str], None], tls_verify: bool | Path) -> None:  # noqa: FBT001 - False, True or a path
        super().__init__()
        self.sent = 0
        self.answered: Answered | None = None
        self.remote = REMOTE  # whose turn is waited for
        self._pace = pace
        self._tls_verify = tls_verify
        self.auth = _as_it_is  # without one, requests takes a password for the host out of ~/.netrc

    @property
    def status(self) -> int | None:
        """The status of the last answer; nothing when none came."""
        return self.answered.status if self.answered is not None else None

    @override
    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send one request when its turn has come, and keep how it was answered."""
        kwargs["allow_redirects"] = False
        if self._tls_verify is not True:
            kwargs["verify"] = self._tls_verify if self._tls_verify is False else str(self._tls_verify)
        self._pace(self.remote)
        self.sent += 1
        self.answered = None
        response = super().send(request, **kwargs)
        self.answered = Answered(status=response.status_code, retry_after=response.headers.get("Retry-After"))
        return response


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
