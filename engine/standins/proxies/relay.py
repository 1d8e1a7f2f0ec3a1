"""Bytes from one socket to the other and back, counted as they pass. Understands none of them."""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections.abc import Callable

_CHUNK_BYTES = 65_536

Counted = Callable[[int, int], None]
"""Told how many bytes went to the host, and how many came back, before they are passed on."""


Said = Callable[[bytes], bytes]
"""Given the first bytes that came back, gives those to be passed on in their place."""


def relay(
    client: socket.socket,
    host: socket.socket,
    counted: Counted,
    *,
    cut_after_bytes: int | None = None,
    said: Said | None = None,
) -> None:
    """Pass bytes both ways until both sides have ended, one is gone, or so many bytes have come back."""
    left = cut_after_bytes
    with selectors.DefaultSelector() as ready:
        ready.register(client, selectors.EVENT_READ, host)
        ready.register(host, selectors.EVENT_READ, client)
        while ready.get_map():
            for key, _ in ready.select():
                source, target = (client, host) if key.data is host else (host, client)
                chunk = _received(source)
                if source is host and said:
                    chunk, said = said(chunk), None
                if source is host and left is not None:
                    chunk, left = chunk[:left], left - len(chunk)
                counted(*((len(chunk), 0) if source is client else (0, len(chunk))))
                if not _passed(chunk, target):
                    ready.unregister(source)
                if left is not None and left <= 0:
                    return


def _received(source: socket.socket) -> bytes:
    with contextlib.suppress(OSError):
        return source.recv(_CHUNK_BYTES)
    return b""


def _passed(chunk: bytes, target: socket.socket) -> bool:
    """Pass a chunk on, or the end of them; gives whether more may follow."""
    with contextlib.suppress(OSError):
        if chunk:
            target.sendall(chunk)
            return True
        target.shutdown(socket.SHUT_WR)
    return False
