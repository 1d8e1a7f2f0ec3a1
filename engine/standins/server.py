"""The loopback server every stand-in is built on: routing of faults, and a history of its own.

A stand-in subclasses `Standin` and answers `handle(request)`. Faults are laid over that answer here, so that
a stand-in never knows whether its answer was delivered; `history` says what it saw and what it really sent.
The bytes of HTTP are `wire`'s business. No knowledge of any service, and none of the program under test.

    with SomeStandin() as standin:
        standin.script(faults.truncated(path="/list"), replace(faults.bad_gateway(), country="DE"))
        ...
        [line.path for line in standin.history if line.carries("authorization")]
"""

from __future__ import annotations

import json
import re
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from typing_extensions import override

from engine.standins.loopback import Loopback
from engine.standins.wire import Listener, TornBodyError, head_of, read_body

_CREDENTIALS = ("authorization", "cookie", "proxy-authorization")  # a written history names them, never their values


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the stand-in received it."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    country: str = ""  # where the visitor comes from; empty where a stand-in does not care

    def parameter(self, name: str) -> str | None:
        """Give the last value of one query parameter, or nothing."""
        return dict(self.query).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer: status, headers and the exact body bytes."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut_after_bytes: int | None = None  # promise the whole body, send only this much, then close

    @staticmethod
    def of_json(payload: object, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
        """Build a JSON answer."""
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        return Response(status=status, headers=(("Content-Type", "application/json"), *headers), body=body)


class Effect(StrEnum):
    """What a fault does to a request."""

    ANSWER = "answer"  # answer with the fault's response; the stand-in never sees the request
    LOSE_REQUEST = "lose_request"  # close the connection; the stand-in never sees the request
    LOSE_RESPONSE = "lose_response"  # the stand-in acts, then the connection is closed without an answer
    ACT_THEN_ANSWER = "act_then_answer"  # the stand-in acts, then the fault's response is sent instead
    HANG = "hang"  # the stand-in acts, then nothing is sent for delay_s, then the connection is closed
    DELAY = "delay"  # the answer is sent, delay_s late
    TRUNCATE = "truncate"  # the whole body is promised, half of it is sent, then the connection is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A scripted misfortune: which requests it meets, how often, and what it does to them."""

    effect: Effect
    method: str = "*"  # every method but CONNECT, which a fault has to name
    path: str = ".*"  # regular expression, matched against the whole path
    host: str = ".*"  # regular expression, matched against the whole host without its port
    country: str | None = None  # given: only visitors from there
    skip: int = 0  # this many matching requests pass first
    times: int = 1  # then this many are met
    response: Response = field(default_factory=lambda: Response(status=500))
    delay_s: float = 0.0

    def meets(self, request: Request) -> bool:
        """Say whether this fault is about such a request at all."""
        named = self.method == request.method or (self.method == "*" and request.method != "CONNECT")
        here = self.country in (None, request.country)
        host = request.host.partition(":")[0].lower()
        return named and here and None not in (re.fullmatch(self.path, request.path), re.fullmatch(self.host, host))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One line of a stand-in's own history."""

    number: int
    at_s: float  # seconds since the epoch
    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: bytes
    status: int | None  # what the stand-in decided; nothing when it never saw the request
    sent: int | None  # what went over the wire; nothing when the connection was closed
    fault: Effect | None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # as received, values too; never written
    country: str = ""

    def carries(self, header: str) -> bool:
        """Say whether the request came with a header, such as "cookie" or "authorization"."""
        return header.lower() in self.headers

    def parameter(self, name: str) -> str | None:
        """Give the last value of one query parameter, or nothing."""
        return dict(self.query).get(name)

    def to_json(self) -> str:
        """Give the exchange as one line of JSON; bytes that are not text are shown escaped."""
        return json.dumps(
            {
                "number": self.number,
                "at_s": self.at_s,
                "method": self.method,
                "host": self.host,
                "path": self.path,
                "query": self.query,
                "body": self.body.decode("utf-8", "backslashreplace"),
                "status": self.status,
                "sent": self.sent,
                "fault": self.fault,
                "country": self.country,
                "credentials": [name for name in _CREDENTIALS if self.carries(name)],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


class Standin(Loopback[Fault, Exchange]):
    """A loopback server on a port of its own; use it as a context manager.

    Args:
        port: where to listen; 0 takes a free one.
        history_path: a JSON Lines file to which every exchange is appended, across restarts.
        clock: seconds since the epoch, for the history and for whatever the service itself dates.
    """

    country = ""  # of visitors that come in by the first door, where a stand-in cares

    def __init__(
        self, *, port: int = 0, history_path: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(clock=clock)
        self._history_path = history_path
        self._numbered = _lines_in(history_path)
        self._listeners.append(self._listener(self.handler_class, port=port))

    @abstractmethod
    def handle(self, request: Request) -> Response:
        """Answer one request as the service would. Called under the stand-in's lock."""

    @property
    def handler_class(self) -> type[Handler]:
        """The handler of one connection; a stand-in that speaks more than plain HTTP brings its own."""
        return Handler

    def door(self, handler: type[Handler], *, country: str) -> int:
        """Listen on one more port, for visitors from one country; gives the port."""
        with self._lock:
            listener = self._listener(handler, country=country)
            self._listeners.append(listener)
            if self._listening:
                listener.start()
        return listener.port

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, request: Request) -> tuple[Response | None, float]:
        """Decide what goes over the wire: a response or a closed connection, and how late, in seconds."""
        with self._lock:
            fault = self._strike(request)
            decided = None if fault and fault.effect in (Effect.ANSWER, Effect.LOSE_REQUEST) else self.handle(request)
            sent = _overlay(decided, fault)
            self._numbered += 1
            self._remember(
                Exchange(
                    number=self._numbered,
                    at_s=self._clock(),
                    method=request.method,
                    host=request.host,
                    path=request.path,
                    query=request.query,
                    body=request.body,
                    status=decided.status if decided else None,
                    sent=sent.status if sent else None,
                    fault=fault.effect if fault else None,
                    headers=request.headers,
                    country=request.country,
                )
            )
        return sent, fault.delay_s if fault else 0.0

    def _listener(self, handler: type[Handler], *, port: int = 0, country: str = "") -> Listener:
        return Listener(type("BoundHandler", (handler,), {"standin": self, "country": country}), port=port)

    def _remember(self, exchange: Exchange) -> None:
        self._history.append(exchange)
        if self._history_path:
            with self._history_path.open("a", encoding="utf-8") as lines:
                lines.write(exchange.to_json() + "\n")


def _overlay(decided: Response | None, fault: Fault | None) -> Response | None:
    if fault is None or fault.effect is Effect.DELAY:
        return decided
    if fault.effect is Effect.TRUNCATE:
        return replace(decided, cut_after_bytes=len(decided.body) // 2) if decided else None
    if fault.effect in (Effect.ANSWER, Effect.ACT_THEN_ANSWER):
        return replace(fault.response)
    return None


def _lines_in(path: Path | None) -> int:
    if path is None or not path.exists():
        return 0
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


class Handler(BaseHTTPRequestHandler):
    """One connection to a stand-in: every request becomes a `Request`, every `Response` goes over the wire."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a small answer must not wait 40 ms for the client's delayed ACK
    standin: Standin
    country = ""  # of whoever comes in by this listener; empty: the stand-in's own

    def _serve(self) -> None:
        try:
            request = self.received()
        except TornBodyError as torn:
            self.deliver(Response(status=HTTPStatus.BAD_REQUEST, body=str(torn).encode()))
            self.close_connection = True
            return
        sent, delay_s = self.standin.answer(request)
        if delay_s:
            self.standin.wait(delay_s)
        if sent is None:
            self.close_connection = True
            return
        self.deliver(sent)

    def received(self) -> Request:
        """Give the request on the wire as a value.

        Raises:
            TornBodyError: the body did not arrive whole; the stand-in must not act on it.
        """
        split = urlsplit(self.path)
        return Request(
            method=self.command,
            host=self.headers.get("Host", ""),
            path=split.path,
            query=tuple(parse_qsl(split.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=read_body(self.headers, self.rfile),
            country=self.country or self.standin.country,
        )

    def deliver(self, sent: Response) -> None:
        """Put one answer on the wire, or as much of it as the answer allows."""
        head = head_of(sent.status, sent.headers, len(sent.body), date=self.date_time_string())
        try:
            self.wfile.write(head if self.command == "HEAD" else head + sent.body[: sent.cut_after_bytes])
        except OSError:
            self.close_connection = True
        if sent.cut_after_bytes is not None:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the history is the record."""
