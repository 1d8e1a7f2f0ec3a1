"""The bytes under a stand-in's HTTP: bodies in, heads out, and connections that can all be hung up at once.

`server` decides what is said; this module only carries it. No faults, no routing, no history.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import sys
import threading
from collections.abc import Iterable
from email.message import Message
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any

from typing_extensions import override

CHUNK_LINE_BYTES_MAX = 1024  # a chunk's size line is a few digits; anything longer is not HTTP
JOIN_S_MAX = 5.0  # a handler whose socket was shut down ends at once; the bound only keeps `stop` from hanging


class TornBodyError(Exception):
    """The request's body could not be read to its end."""


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """Read a whole request body, by length or by chunks.

    Raises:
        TornBodyError: the client hung up inside the body, or framed it wrongly.
    """
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        return b"".join(_chunks(stream))
    declared = headers.get("Content-Length") or "0"
    if not declared.isdecimal():
        raise TornBodyError(f"Content-Length is not a number: {declared}")
    return _exactly(stream, int(declared))


def head_of(status: int, headers: Iterable[tuple[str, str]], body_bytes: int, *, date: str) -> bytes:
    """Build an answer's head; it goes out in one send with the body."""
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {status} {reason}", f"Date: {date}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, f"Content-Length: {body_bytes}", "", ""]).encode("latin-1")


def _chunks(stream: BufferedIOBase) -> Iterable[bytes]:
    while True:
        line = stream.readline(CHUNK_LINE_BYTES_MAX)
        try:
            size_bytes = int(line.split(b";")[0].strip() or b"?", 16)
        except ValueError as error:
            raise TornBodyError("a chunk has no size") from error
        if size_bytes <= 0:
            break
        yield _exactly(stream, size_bytes)
        stream.readline(CHUNK_LINE_BYTES_MAX)
    while stream.readline(CHUNK_LINE_BYTES_MAX).strip():
        pass  # trailers carry nothing a stand-in looks at


def _exactly(stream: BufferedIOBase, size_bytes: int) -> bytes:
    body = stream.read(size_bytes) if size_bytes else b""
    if len(body) != size_bytes:
        raise TornBodyError(f"{len(body)} of {size_bytes} bytes arrived")
    return body


class ConnectionServer(ThreadingHTTPServer):
    """A threading server that knows its open connections, so that stopping it looks like a program that quit."""

    daemon_threads = True
    request_queue_size = 128  # the default of 5 drops a burst of connections, and each retry costs a second

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        self._open: dict[threading.Thread, socket.socket] = {}
        self._open_lock = threading.Lock()
        super().__init__(address, handler)

    @override
    def server_bind(self) -> None:
        # HTTPServer looks its own name up here, which can take seconds on a machine without DNS.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @override
    def process_request_thread(self, request: Any, client_address: Any) -> None:
        thread = threading.current_thread()
        # A duplicate still reaches the connection after a handler wrapped the original in TLS.
        with request.dup() as connection:
            with self._open_lock:
                self._open[thread] = connection
            try:
                super().process_request_thread(request, client_address)
            finally:
                with self._open_lock:
                    del self._open[thread]

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what a stand-in did wrong; a client that went away is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Close every open connection and wait for its handler to end."""
        with self._open_lock:
            connections = dict(self._open)
        for connection in connections.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in connections:
            if thread is not threading.current_thread():
                thread.join(JOIN_S_MAX)


class Listener:
    """One port of the loopback and the thread that answers on it, from `start` until `stop`."""

    def __init__(self, handler: Any, *, port: int = 0) -> None:
        self._server = ConnectionServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and hang up on every client. May be called twice."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.hang_up()
