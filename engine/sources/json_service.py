"""The one door to a provider of facts: requests are paced, counted and sent once, and end in an answer or a problem.

What a status means is the provider's own business; only what never became an answer is judged here. It waits for
nobody's Retry-After: that travels in the problem.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.domain.failure import FailureClass, Problem
from engine.sources.wording import clean

if TYPE_CHECKING:
    import ssl

    import httpx

_LIMITED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_DENIED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_ERRORS_FROM = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """Where a provider answers, and how it is asked.

    Attributes:
        remote: its name in rate limits and counts, such as "musicbrainz".
        title: its name for people.
        tls_verify: whose certificates are taken: everybody's known ones, anybody's, or those in a file.
    """

    remote: str
    title: str
    base_url: str
    user_agent: str
    timeout_s: float = 30.0
    tls_verify: bool | Path = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: JSON where it was any, and the status it came with."""

    status: int
    body: Any
    retry_after_s: float | None = None


class JsonService:
    """A client that is built at the first request and shared by all threads.

    Args:
        config: where it answers.
        pace: called with the remote's name before every request; may wait, may raise.
    """

    def __init__(self, config: ServiceConfig, *, pace: Callable[[str], None]) -> None:
        self.config = config
        self._pace = pace
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._sent = 0

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far."""
        return {self.config.remote: self._sent} if self._sent else {}

    def get(self, path: str, **asked: str | int) -> Answer | Problem:
        """Send one GET."""
        return self._ask("GET", path, params=asked)

    def post(self, path: str, form: Mapping[str, str]) -> Answer | Problem:
        """Send one form."""
        return self._ask("POST", path, data=dict(form))

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def refusal(self, answer: Answer, said: str, *, hint: str = "") -> Problem:
        """Say what an answer means that is no success; `said` are the service's own words, if it has any."""
        failure = _failure(answer.status, said)
        detail = f"{self.config.title} answered {answer.status}" + (f": {said}" if said else "")
        return Problem(
            failure=failure,
            detail=detail,
            hint=hint or self._hint(failure),
            http_status=answer.status,
            retry_after_s=answer.retry_after_s,
        )

    def garbage(self, what: str) -> Problem:
        """Say that an answer is not what the service's documentation promises."""
        detail = f"{self.config.title} gave an answer that cannot be read: {what}"
        return Problem(failure=FailureClass.GARBAGE, detail=detail, hint=_LATER)

    def _ask(self, method: str, path: str, **parts: Any) -> Answer | Problem:
        import httpx  # noqa: PLC0415 - start-up budget (G10)

        try:
            client = self._ready()
        except httpx.InvalidURL as error:
            return self._unanswered(error)
        self._pace(self.config.remote)
        with self._lock:
            self._sent += 1
        try:
            response = client.request(method, path, **parts)
        except httpx.HTTPError as error:
            return self._unanswered(error)
        return Answer(status=response.status_code, body=_json(response), retry_after_s=_retry_after_s(response))

    def _unanswered(self, error: httpx.HTTPError | httpx.InvalidURL) -> Problem:
        import httpx  # noqa: PLC0415 - as above

        title = self.config.title
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            detail = f"the address of {title} is none that can be asked"
            return Problem(failure=FailureClass.UNSUPPORTED, detail=detail, hint=self._hint(FailureClass.UNSUPPORTED))
        if isinstance(error, httpx.ConnectError):
            return Problem(failure=FailureClass.NETWORK, detail=f"{title} cannot be reached", hint=_LATER)
        if isinstance(error, httpx.TimeoutException):
            return Problem(failure=FailureClass.TIMEOUT, detail=f"{title} did not answer in time", hint=_LATER)
        detail = f"no answer from {title}: {type(error).__name__}"
        return Problem(failure=FailureClass.NETWORK, detail=detail, hint=_LATER)

    def _ready(self) -> httpx.Client:
        import httpx  # noqa: PLC0415 - as above

        with self._lock:
            if self._client is None:
                self._client = httpx.Client(
                    base_url=self.config.base_url.rstrip("/"),
                    headers={b"User-Agent": _one_line(self.config.user_agent), b"Accept": b"application/json"},
                    timeout=self.config.timeout_s,
                    verify=self._trust(),
                )
            return self._client

    def _hint(self, failure: FailureClass) -> str:
        if failure is FailureClass.UNSUPPORTED:
            return f"set enrichment.{self.config.remote}_base to where {self.config.title} answers"
        return _HINTS.get(failure, "")

    def _trust(self) -> ssl.SSLContext | bool:
        if not self.config.base_url.startswith("https:"):
            return False  # reading certificates takes 40 ms (G10)
        verify = self.config.tls_verify
        if isinstance(verify, bool):
            return verify
        import ssl  # noqa: PLC0415 - as above

        return ssl.create_default_context(cafile=verify)


_LATER = "nothing waits for it; the next run asks again"
_HINTS = {
    FailureClass.RATE_LIMITED: _LATER,
    FailureClass.OVERLOADED: _LATER,
    FailureClass.REMOTE_ERROR: _LATER,
}


def _one_line(text: str) -> bytes:
    """Give a header's value as it can be sent, whatever a person wrote into a setting."""
    return (clean(text) or "").encode()


def _failure(status: int, said: str) -> FailureClass:
    if status in _LIMITED:
        return FailureClass.RATE_LIMITED if status == HTTPStatus.TOO_MANY_REQUESTS else FailureClass.OVERLOADED
    if status in _DENIED:
        return FailureClass.AUTH_EXPIRED
    if status >= _ERRORS_FROM:
        return FailureClass.REMOTE_ERROR
    if status < HTTPStatus.BAD_REQUEST or (status == HTTPStatus.NOT_FOUND and not said):
        return FailureClass.UNSUPPORTED  # somebody else answers there: no word about what was asked (F33)
    return FailureClass.NOT_FOUND if status == HTTPStatus.NOT_FOUND else FailureClass.INVALID_REQUEST


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _retry_after_s(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None
