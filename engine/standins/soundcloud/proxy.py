"""The way in: a proxy that accepts tunnels to SoundCloud's hosts and ends them here. It never dials out."""

from __future__ import annotations

import base64
import re
import ssl
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from typing_extensions import override

from engine.standins.server import Handler, Request, Response, Standin
from engine.standins.soundcloud.certificates import NAMES, Authority

_ALLOWED = re.compile(r"(?:[a-z0-9-]+\.)*soundcloud\.com|(?:[a-z0-9-]+\.)+sndcdn\.com")
_HANDSHAKE_S_MAX = 30.0  # a client that opens a tunnel and says nothing must not hold a thread for ever


def allowed(host: str) -> bool:
    """Say whether a host, with or without a port, is one this proxy answers for."""
    return _ALLOWED.fullmatch(host.partition(":")[0].lower()) is not None


def expected_authorization(user: str, password: str) -> str:
    """Give the Proxy-Authorization value that carries these credentials."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class OriginHandler(Handler):
    """A connection inside a tunnel, after TLS: plain requests to whatever host they name."""


class TlsHandler(Handler):
    """A connection that is TLS from its first byte, as SoundCloud's own hosts take it; any proxy may lead here."""

    standin: TunnelStandin

    @override
    def handle(self) -> None:
        _serve_tls(self)


class ProxyHandler(Handler):
    """A connection to the proxy itself: `CONNECT` opens a tunnel, anything else is answered without one."""

    standin: TunnelStandin

    def do_CONNECT(self) -> None:
        """Decide about a tunnel, and if it may be, serve the origin inside it."""
        sent, delay_s = self.standin.answer(replace(super().received(), host=self.path, path=self.path))
        if delay_s:
            self.standin.wait(delay_s)
        self.close_connection = True
        if sent is None:
            return
        if sent.status != HTTPStatus.OK:
            self.deliver(sent)
            return
        # No length: the answer to CONNECT has no body, and what follows it is the tunnel.
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        _serve_tls(self)

    @override
    def received(self) -> Request:
        """Give the request with its whole address as path, which tells it from one inside a tunnel."""
        split = urlsplit(self.path)
        plain = super().received()
        host = split.netloc or plain.host
        return replace(plain, host=host, path=f"http://{host}{split.path}")


def _serve_tls(handler: TlsHandler | ProxyHandler) -> None:
    """Certify the stand-in as SoundCloud on a connection, and serve the requests inside."""
    handler.connection.settimeout(_HANDSHAKE_S_MAX)
    try:
        tunnel = handler.standin.tls.wrap_socket(handler.connection, server_side=True)
    except OSError:  # ssl.SSLError among them: a client that does not trust the certificate hangs up
        return
    with tunnel:
        tunnel.settimeout(None)
        bound = type("BoundOriginHandler", (OriginHandler,), {"standin": handler.standin, "country": handler.country})
        try:
            bound(tunnel, handler.client_address, handler.server)
        except ssl.SSLError:
            return


class TunnelStandin(Standin):
    """A stand-in whose address is a proxy; inside its tunnels it certifies itself as SoundCloud."""

    def __init__(self, *, port: int, history_path: Path | None, clock: Callable[[], float]) -> None:
        self.authority = Authority()
        self.tls = self.authority.server_context()
        self._ways: dict[str, int] = {}  # country: the port of the proxy that stands there
        self._origins_at: dict[str, int] = {}  # country: the port of the hosts themselves, for visitors from there
        super().__init__(port=port, history_path=history_path, clock=clock)

    def way(self, country: str) -> str:
        """Give the address of a proxy that stands in a country: its visitors come from there."""
        with self._lock:
            port = self._ways.get(country) or self.door(ProxyHandler, country=country)
            self._ways[country] = port
        return f"http://127.0.0.1:{port}"

    def origin(self, country: str) -> int:
        """Give the port where every host is served over TLS, without a proxy, to visitors from a country."""
        with self._lock:
            port = self._origins_at.get(country) or self.door(TlsHandler, country=country)
            self._origins_at[country] = port
        return port

    def routes(self, country: str) -> dict[str, int]:
        """Give what a forwarding proxy needs to lead visitors from a country here: host patterns and the port."""
        return dict.fromkeys((f"{name}:443" for name in NAMES), self.origin(country))

    @property
    @override
    def handler_class(self) -> type[Handler]:
        return ProxyHandler


def refusal(request: Request) -> Response:
    """Answer a request for a host that is none of SoundCloud's."""
    body = f"{request.host} is not a host of this stand-in".encode()
    return Response(status=HTTPStatus.FORBIDDEN, headers=(("Content-Type", "text/plain"),), body=body)
