"""What the proxies share: routes, required credentials, misfortunes, a history, dying and coming back.

A gate never dials out: where nothing is routed, nobody gets. Its protocols are in modules of their own.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from socketserver import StreamRequestHandler
from urllib.parse import quote

from typing_extensions import override

from engine.standins.loopback import Loopback
from engine.standins.proxies.passage import PAGE, Mishap, MishapKind, Outcome, Passage, route_of
from engine.standins.proxies.relay import Said, relay
from engine.standins.wire import Listener

_STRUCK = {
    MishapKind.REFUSE: Outcome.REFUSED,
    MishapKind.UNREACHABLE: Outcome.UNREACHABLE,
    MishapKind.CHALLENGE: Outcome.CHALLENGED,
    MishapKind.HANG_UP: Outcome.HUNG_UP,
    MishapKind.SILENCE: Outcome.SILENT,
    MishapKind.BABBLE: Outcome.BABBLED,
    MishapKind.IMPOSE: Outcome.IMPOSED,
    MishapKind.CUT: Outcome.OPENED,
}
_HELLO_BYTES_MAX = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where a client wants to go, and by which name it asks."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was decided about a wish; open, it has the socket that leads to the host."""

    outcome: Outcome
    line: int = -1  # in the history
    host: socket.socket | None = None
    cut_after_bytes: int | None = None


class Gate(Loopback[Mishap, Passage]):
    """A proxy on a port of its own; use it as a context manager.

    Args:
        routes: host patterns → the loopback port that answers for them; the first that matches counts. A pattern
            may name the port asked for, as in `*.soundcloud.com:443`.
        country: where it stands, for its history; the visitor's country is told by the port a route leads to.
        credentials: user and password it asks for.
        port: where to listen; 0 takes a free one.
        clock: seconds since the epoch, for the history.
    """

    scheme: str

    def __init__(
        self,
        routes: Mapping[str, int],
        *,
        country: str = "",
        credentials: tuple[str, str] | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(clock=clock)
        self.country = country
        self.routes = dict(routes)
        self._credentials = credentials
        self._connections_left: int | None = None
        self._hosts: set[socket.socket] = set()
        self._listeners.append(self._made(port))

    @property
    @abstractmethod
    def handler_class(self) -> type[StreamRequestHandler]:
        """The handler of one connection, in the proxy's protocol."""

    @property
    def url(self) -> str:
        """Its address for a client, with the credentials it asks for."""
        who = "{}:{}@".format(*(quote(one, safe="") for one in self._credentials)) if self._credentials else ""
        return f"{self.scheme}://{who}127.0.0.1:{self.port}"

    @property
    def bare_url(self) -> str:
        """Its address without credentials."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def needs_credentials(self) -> bool:
        """Whether a client has to say who it is."""
        return self._credentials is not None

    @override
    def calm(self) -> None:
        """Forget every misfortune, and live on."""
        with self._lock:
            super().calm()
            self._connections_left = None

    def die_after(self, connections: int) -> None:
        """Take so many more connections; the next one is hung up on, and after it nobody listens."""
        with self._lock:
            self._connections_left = connections

    def revive(self) -> None:
        """Listen again, on the same port."""
        self.stop()
        self.calm()
        self._released = threading.Event()
        self._listeners = [self._made(self.port)]
        self.start()

    @override
    def stop(self) -> None:
        """Stop listening and hang up on everybody, hosts included. May be called twice."""
        self._released.set()
        with self._lock:
            hosts = tuple(self._hosts)
        for host in hosts:
            with contextlib.suppress(OSError):
                host.shutdown(socket.SHUT_RDWR)
        super().stop()

    def accepts(self) -> bool:
        """Count one connection; gives whether the proxy is still alive for it, and dies if it is not."""
        with self._lock:
            if self._connections_left is None:
                return True
            self._connections_left -= 1
            alive = self._connections_left >= 0
        if not alive:
            self.stop()
        return alive

    def knows(self, user: str | None, password: str | None) -> bool:
        """Say whether somebody with these credentials may use the proxy."""
        return self._credentials in (None, (user, password))

    def decide(self, wish: Wish) -> Verdict:
        """Decide about a wish, remember it, and where it may be, open the way to its host."""
        with self._lock:
            verdict = self._decided(wish)
            verdict.line = self.note(verdict.outcome, wish)
        if verdict.outcome is Outcome.SILENT:
            self.wait()
        return verdict

    def note(self, outcome: Outcome, wish: Wish) -> int:
        """Remember one connection; gives its place in the history."""
        with self._lock:
            self._history.append(
                Passage(
                    number=len(self._history) + 1,
                    at_s=self._clock(),
                    country=self.country,
                    host=wish.host,
                    port=wish.port,
                    outcome=outcome,
                    user=wish.user,
                    password=wish.password,
                    headers=wish.headers,
                )
            )
            return len(self._history) - 1

    def carry(
        self, client: socket.socket, verdict: Verdict, first: Sequence[bytes] = (), *, said: Said | None = None
    ) -> None:
        """Pass bytes along an open way until it ends, those in hand first; then close it."""
        if verdict.host is None:
            return

        def counted(sent_bytes: int, received_bytes: int) -> None:
            with self._lock:
                line = self._history[verdict.line]
                self._history[verdict.line] = replace(
                    line,
                    sent_bytes=line.sent_bytes + sent_bytes,
                    received_bytes=line.received_bytes + received_bytes,
                )

        with verdict.host as host:
            for chunk in first:
                counted(len(chunk), 0)
                host.sendall(chunk)
            relay(client, host, counted, cut_after_bytes=verdict.cut_after_bytes, said=said)
        with self._lock:
            self._hosts.discard(verdict.host)

    def impose(self, client: socket.socket) -> None:
        """Answer whatever comes along a way that seems open, with a page of the proxy's own."""
        with contextlib.suppress(OSError):
            client.recv(_HELLO_BYTES_MAX)
            client.sendall(PAGE)

    def _made(self, port: int) -> Listener:
        return Listener(type("BoundHandler", (self.handler_class,), {"gate": self}), port=port)

    def _decided(self, wish: Wish) -> Verdict:
        if not self.knows(wish.user, wish.password):
            return Verdict(outcome=Outcome.CHALLENGED)
        to = route_of(self.routes, wish.host, wish.port)
        if to is None:
            return Verdict(outcome=Outcome.UNROUTED)
        mishap = self._strike(wish.host)
        if mishap and mishap.kind is not MishapKind.CUT:
            return Verdict(outcome=_STRUCK[mishap.kind])
        try:
            host = socket.create_connection(("127.0.0.1", to))
        except OSError:
            return Verdict(outcome=Outcome.UNREACHABLE)
        self._hosts.add(host)
        return Verdict(outcome=Outcome.OPENED, host=host, cut_after_bytes=mishap.after_bytes if mishap else None)
