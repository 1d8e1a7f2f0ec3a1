"""A SOCKS5 proxy: CONNECT by name or address (RFC 1928), user and password where it asks for them (RFC 1929).

Names are routed as they come; an address somebody resolved by themselves is routed only where a route names it.
BIND and UDP are refused, as is everything that is not version 5.
"""

from __future__ import annotations

import ipaddress
import struct
from socketserver import StreamRequestHandler

from typing_extensions import override

from engine.standins.proxies.gate import Gate, Wish
from engine.standins.proxies.passage import BABBLE, Outcome

_VERSION = 5
_NEGOTIATION_VERSION = 1
_NO_AUTHENTICATION = 0
_USER_AND_PASSWORD = 2
_NONE_ACCEPTABLE = 0xFF
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_COMMAND_NOT_SUPPORTED = 7
_ADDRESS_NOT_SUPPORTED = 8
_REPLIES = {
    Outcome.OPENED: 0,
    Outcome.IMPOSED: 0,
    Outcome.UNROUTED: 2,  # not allowed by ruleset
    Outcome.REFUSED: 2,
    Outcome.CHALLENGED: 2,
    Outcome.UNREACHABLE: 4,  # host unreachable
}


class Socks5Proxy(Gate):
    """A SOCKS5 proxy on the loopback; its `url` begins with `socks5h://`, for names are resolved by it."""

    scheme = "socks5h"

    @property
    @override
    def handler_class(self) -> type[StreamRequestHandler]:
        return _SocksHandler


class _GoneError(Exception):
    """The client went away in the middle of what it had to say."""


class _SocksHandler(StreamRequestHandler):
    rbufsize = 0  # what follows the request belongs to the tunnel and must not be read ahead
    disable_nagle_algorithm = True
    gate: Gate
    user: str | None = None
    password: str | None = None

    @override
    def handle(self) -> None:
        if not self.gate.accepts():
            return
        try:
            if self._greeted():
                self._serve()
        except _GoneError:
            self._note(Outcome.MALFORMED)

    def _greeted(self) -> bool:
        version, count = self._read(2)
        methods = self._read(count) if version == _VERSION else b""
        wanted = _USER_AND_PASSWORD if self.gate.needs_credentials else _NO_AUTHENTICATION
        if version != _VERSION or wanted not in methods:
            self._note(Outcome.CHALLENGED if version == _VERSION else Outcome.MALFORMED)
            self.wfile.write(bytes((_VERSION, _NONE_ACCEPTABLE)))
            return False
        self.wfile.write(bytes((_VERSION, wanted)))
        return wanted == _NO_AUTHENTICATION or self._negotiated()

    def _negotiated(self) -> bool:
        version = self._read(1)[0]
        self.user = self._read(self._read(1)[0]).decode("utf-8", "replace")
        self.password = self._read(self._read(1)[0]).decode("utf-8", "replace")
        known = version == _NEGOTIATION_VERSION and self.gate.knows(self.user, self.password)
        if not known:
            self._note(Outcome.CHALLENGED)
        self.wfile.write(bytes((_NEGOTIATION_VERSION, 0 if known else 1)))
        return known

    def _serve(self) -> None:
        version, command, _, kind = self._read(4)
        host = self._host(kind) if version == _VERSION else None
        if host is None:
            self._note(Outcome.MALFORMED)
            self._reply(_ADDRESS_NOT_SUPPORTED)
            return
        (port,) = struct.unpack("!H", self._read(2))
        if command != _CONNECT:
            self._note(Outcome.MALFORMED, host, port)
            self._reply(_COMMAND_NOT_SUPPORTED)
            return
        verdict = self.gate.decide(self._wish(host, port))
        if verdict.outcome in _REPLIES:
            self._reply(_REPLIES[verdict.outcome])
        if verdict.outcome is Outcome.IMPOSED:
            self.gate.impose(self.connection)
        if verdict.outcome is Outcome.BABBLED:
            self.wfile.write(BABBLE)
        self.gate.carry(self.connection, verdict)

    def _host(self, kind: int) -> str | None:
        if kind == _NAME:
            return self._read(self._read(1)[0]).decode("ascii", "replace")
        if kind in (_IPV4, _IPV6):
            return str(ipaddress.ip_address(self._read(4 if kind == _IPV4 else 16)))
        return None

    def _reply(self, code: int) -> None:
        self.wfile.write(struct.pack("!BBBB4sH", _VERSION, code, 0, _IPV4, bytes((127, 0, 0, 1)), self.gate.port))

    def _note(self, outcome: Outcome, host: str = "", port: int = 0) -> None:
        self.gate.note(outcome, self._wish(host, port))

    def _wish(self, host: str, port: int) -> Wish:
        return Wish(host=host, port=port, user=self.user, password=self.password, headers={})

    def _read(self, size_bytes: int) -> bytes:
        """Give exactly so many bytes, however they arrive."""
        read = b""
        while len(read) < size_bytes:
            chunk = self.connection.recv(size_bytes - len(read))
            if not chunk:
                raise _GoneError
            read += chunk
        return read
