"""Where a browser comes back to: one answer to one question, on 127.0.0.1. Reads nothing into it.

What does not bring the state that went out is somebody else's, and ends nothing: any page may send a browser here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from urllib.parse import parse_qsl, urlsplit

from typing_extensions import override

from engine.sources.spotify.problems import REDIRECT

_SPLIT = urlsplit(REDIRECT)
HOST, PATH = _SPLIT.hostname or "", _SPLIT.path
LISTEN_S = 0.5
"""How long one look for a browser takes, and how long one that says nothing is listened to."""

_PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cratelog</title><p>{}</p></html>'
_AGREED = "Cratelog has your answer. You can close this page and go back to the terminal."
_DENIED = "Nothing was agreed, and Cratelog knows. You can close this page and go back to the terminal."
_STRANGE = "This page belongs to another login than the one that waits now. Open the address the terminal shows."


def is_answer(query: Mapping[str, str], state: str) -> bool:
    """Say whether a query answers the question that went out with a state."""
    return bool({"code", "error"} & query.keys()) and secrets.compare_digest(
        query.get("state", "").encode(), state.encode()
    )


class Listener(TCPServer):
    """Waits for the browser to come back with a state.

    Attributes:
        came: the answer, once there is one.
        strange: whether something came that answers another question.
    """

    allow_reuse_address = os.name == "posix"  # elsewhere it would let two programs listen at once
    timeout = LISTEN_S

    def __init__(self, port: int, state: str) -> None:
        super().__init__((HOST, port), _Callback)
        self.state = state
        self.came: Mapping[str, str] | None = None
        self.strange = False

    @property
    def redirect_uri(self) -> str:
        """The address a browser is sent back to."""
        return f"http://{HOST}:{self.server_address[1]}{PATH}"

    def wait(self, waits: Callable[[], bool]) -> Mapping[str, str] | None:
        """Give the answer; nothing when none came for as long as was to be waited."""
        while self.came is None and waits():
            self.handle_request()
        return self.came

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that hung up."""


class _Callback(BaseHTTPRequestHandler):
    timeout = LISTEN_S

    def do_GET(self) -> None:
        split, listener = urlsplit(self.path), self.server
        query = dict(parse_qsl(split.query))
        if split.path != PATH or not {"code", "error"} & query.keys() or not isinstance(listener, Listener):
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not is_answer(query, listener.state):
            listener.strange = True
            self._say(HTTPStatus.BAD_REQUEST, _STRANGE)
        else:
            listener.came = query
            self._say(HTTPStatus.OK, _AGREED if "code" in query else _DENIED)

    def _say(self, status: HTTPStatus, text: str) -> None:
        body = _PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: the line would hold the code."""
