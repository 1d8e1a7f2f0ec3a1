"""A forwarding HTTP proxy: tunnels by CONNECT, plain requests by their whole address (RFC 9110, 9.3.6 and 7.4).

It carries bytes and changes none inside a tunnel. Where nothing is routed it answers 403, and remembers the wish.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler
from urllib.parse import urlsplit

from typing_extensions import override

from engine.standins.proxies.gate import Gate, Wish
from engine.standins.proxies.passage import BABBLE, PAGE, Outcome
from engine.standins.wire import TornBodyError, head_of, read_body

_ANSWERS = {
    Outcome.UNROUTED: HTTPStatus.FORBIDDEN,
    Outcome.REFUSED: HTTPStatus.FORBIDDEN,
    Outcome.UNREACHABLE: HTTPStatus.BAD_GATEWAY,
    Outcome.CHALLENGED: HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    Outcome.MALFORMED: HTTPStatus.BAD_REQUEST,
}
_SAID = {Outcome.BABBLED: BABBLE, Outcome.IMPOSED: PAGE}  # a plain request has its page at once
_HOP_BY_HOP = frozenset(("connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "upgrade"))
_HTTP_PORT = 80


class HttpProxy(Gate):
    """An HTTP proxy on the loopback; its `url` begins with `http://`."""

    scheme = "http"

    @property
    @override
    def handler_class(self) -> type[StreamRequestHandler]:
        return _HttpProxyHandler


class _HttpProxyHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = 0  # what follows a request for a tunnel belongs to the tunnel and must not be read ahead
    gate: Gate

    @override
    def handle(self) -> None:
        if self.gate.accepts():
            super().handle()

    def do_CONNECT(self) -> None:
        """Open a tunnel, or say why not."""
        host, _, port = self.path.rpartition(":")
        if not host or not port.isdecimal():
            self._refuse(Outcome.MALFORMED)
            return
        verdict = self.gate.decide(self._wish(host.strip("[]"), int(port)))
        self.close_connection = True
        if verdict.outcome not in (Outcome.OPENED, Outcome.IMPOSED):
            self._refuse(verdict.outcome)
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if verdict.outcome is Outcome.IMPOSED:
            self.gate.impose(self.connection)
        self.gate.carry(self.connection, verdict)

    def _forward(self) -> None:
        split = urlsplit(self.path)
        if split.scheme != "http" or not split.hostname:
            self._refuse(Outcome.MALFORMED)
            return
        try:
            body = read_body(self.headers, io.BufferedReader(self.rfile))
        except TornBodyError:
            self._refuse(Outcome.MALFORMED)
            return
        verdict = self.gate.decide(self._wish(split.hostname, split.port or _HTTP_PORT))
        self.close_connection = True
        if verdict.outcome is not Outcome.OPENED:
            self._refuse(verdict.outcome)
            return
        target = split._replace(scheme="", netloc="").geturl() or "/"
        sent = [_head(self.command, target, self._kept(body)), body]
        self.gate.carry(self.connection, verdict, sent, said=_for_one_request)

    def _kept(self, body: bytes) -> Iterable[tuple[str, str]]:
        """Give the headers for the host: none that are the proxy's own, and one connection for one request."""
        dropped = {*_HOP_BY_HOP, "transfer-encoding", "content-length"}
        yield from ((name, value) for name, value in self.headers.items() if name.lower() not in dropped)
        if body:
            yield "Content-Length", str(len(body))
        yield "Connection", "close"

    def _wish(self, host: str, port: int) -> Wish:
        user, password = _basic(self.headers.get("Proxy-Authorization"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Wish(host=host, port=port, user=user, password=password, headers=headers)

    def _refuse(self, outcome: Outcome) -> None:
        self.close_connection = True
        if outcome is Outcome.MALFORMED:
            self.gate.note(outcome, self._wish(self.path, 0))
        if outcome in _SAID:
            self.wfile.write(_SAID[outcome])
        if outcome not in _ANSWERS:
            return
        status = _ANSWERS[outcome]
        challenge = [("Proxy-Authenticate", 'Basic realm="proxy"')] if outcome is Outcome.CHALLENGED else []
        body = f"{outcome}: {self.path}\n".encode()
        headers = [*challenge, ("Content-Type", "text/plain"), ("Connection", "close")]
        self.wfile.write(head_of(status, headers, len(body), date=self.date_time_string()) + body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _forward

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the history is the record."""


def _head(method: str, target: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _for_one_request(answer: bytes) -> bytes:
    """Say in an answer that the connection ends with it, or a client might put its next request on it."""
    status, ended, rest = answer.partition(b"\r\n")
    return status + ended + b"Connection: close\r\n" + rest if ended else answer


def _basic(header: str | None) -> tuple[str | None, str | None]:
    """Give the user and password of a Basic credential, or nothing for anything else."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return (user, password) if colon else (None, None)
