"""The login itself: PKCE with a loopback address, one person, one browser, one answer.

Imported late, for it imports spotipy. The person's agreement comes back to 127.0.0.1 on a port of its own, and is
taken only with the state that went out. Opens no browser: whoever calls shows the address.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from typing_extensions import override

from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock
from engine.sources.spotify import problems
from engine.sources.spotify.client import SpotifyClient
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.tokens import Tokens
from engine.workflows.login import Entered

_SPLIT = urlsplit(problems.REDIRECT)
HOST, PATH = _SPLIT.hostname or "", _SPLIT.path
_LISTEN_S = 0.5
APP_HINT = (
    f"make an app at https://developer.spotify.com/dashboard with the redirect URI {problems.REDIRECT}, "
    "then put its client id into cratelog.toml: [spotify] client_id"
)
_PAGE = "<!doctype html><meta charset=utf-8><title>Cratelog</title><p>{}</p>"


class _Listener(HTTPServer):
    """Waits for the browser to come back."""

    allow_reuse_address = False

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Callback)
        self.timeout = _LISTEN_S
        self.came: dict[str, str] | None = None

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that hung up."""


class _Callback(BaseHTTPRequestHandler):
    timeout = _LISTEN_S

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        query = dict(parse_qsl(split.query))
        if split.path != PATH or not {"code", "error"} & query.keys() or not isinstance(self.server, _Listener):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.server.came = query
        self._say("Cratelog has your answer. You can close this page and go back to the terminal.")

    def _say(self, text: str) -> None:
        body = _PAGE.format(text).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: the line would hold the code."""


class SpotifyDoor:
    """Logs one person in."""

    def __init__(self, config: SpotifyConfig, client: SpotifyClient, clock: Clock) -> None:
        self._config = config
        self._client = client
        self._clock = clock

    @property
    def source(self) -> str:
        """Whose door this is."""
        return "spotify"

    def enter(self, show: Callable[[str], None], *, port: int, timeout_s: float) -> Entered | Problem:
        """Let a person agree at the address handed to `show`, and keep the login this gives."""
        client_id = self._config.client_id
        if not client_id:
            detail = "no client id of Spotify's is set"
            return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=APP_HINT)
        try:
            listener = _Listener(port)
        except OSError as error:
            return _port_taken(port, error)
        with closing(_Closable(listener)):
            return self._agreed(client_id, listener, show, timeout_s)

    def leave(self) -> bool:
        """Forget the login, and say whether there was one."""
        return self._client.logins.forget()

    def _agreed(
        self, client_id: str, listener: _Listener, show: Callable[[str], None], timeout_s: float
    ) -> Entered | Problem:
        logins, state = self._client.logins, secrets.token_urlsafe()
        handshake = logins.handshake(client_id, f"http://{HOST}:{listener.server_port}{PATH}", state)
        show(handshake.get_authorize_url())
        code = self._code(listener, state, timeout_s)
        if isinstance(code, Problem):
            return code
        # The exchange gives its answer to spotipy's cache, which is in memory and ends with it.
        failed = logins.ask_accounts(lambda: handshake.get_access_token(code, check_cache=False))
        if isinstance(failed, Problem):
            return _not_exchanged(failed)
        now_us = self._clock.now_us()
        tokens = logins.received(
            handshake.cache_handler.get_cached_token(),
            Tokens(client_id=client_id, refresh_token="", authorised_us=now_us),
        )
        if isinstance(tokens, Problem):
            return tokens
        return self._entered(tokens)

    def _entered(self, tokens: Tokens) -> Entered | Problem:
        failed = self._client.logins.keep(tokens)
        account = failed or self._client.account()
        if isinstance(account, Problem):
            return account
        return Entered(account=account, expires_us=tokens.expires_us)

    def _code(self, listener: _Listener, state: str, timeout_s: float) -> str | Problem:
        ends_s = self._clock.monotonic_s() + timeout_s
        while listener.came is None and self._clock.monotonic_s() < ends_s:
            listener.handle_request()
            self._clock.sleep(0.0)  # a person who presses Ctrl-C is heard here
        came = listener.came
        if came is None:
            return _nobody_came(timeout_s)
        if not secrets.compare_digest(came.get("state", "").encode(), state.encode()):
            return _strange()
        return came["code"] if "code" in came else _denied(came["error"])


class _Closable:
    """Lets `closing` end a listener."""

    def __init__(self, listener: _Listener) -> None:
        self.close = listener.server_close


def _port_taken(port: int, error: OSError) -> Problem:
    return Problem(
        failure=FailureClass.INVALID_REQUEST,
        detail=f"port {port} of this machine cannot be listened to: {error.strerror}",
        hint="leave --port out: any free port will do",
    )


def _nobody_came(timeout_s: float) -> Problem:
    return Problem(
        failure=FailureClass.TIMEOUT,
        detail=f"nobody agreed within {timeout_s:.0f} s",
        hint=(
            "run it again. If Spotify's page spoke of a redirect URI, register exactly "
            f"{problems.REDIRECT} with your app; the browser has to run on this machine"
        ),
    )


def _strange() -> Problem:
    return Problem(
        failure=FailureClass.AUTH_EXPIRED,
        detail="the browser came back from another login than this one",
        hint="close its other pages of this login, and run `sync login spotify` again",
    )


def _denied(error: str) -> Problem:
    known = error == "access_denied"
    return Problem(
        failure=FailureClass.AUTH_EXPIRED,
        detail="the login was refused on Spotify's page" if known else f"Spotify refused the login: {error[:80]}",
        hint="run `sync login spotify` again and agree" if known else APP_HINT,
    )


def _not_exchanged(problem: Problem) -> Problem:
    if problem.failure is not FailureClass.AUTH_EXPIRED and problem.failure is not FailureClass.INVALID_REQUEST:
        return problem
    return Problem(
        failure=FailureClass.AUTH_EXPIRED,
        detail=f"Spotify does not take this login: {problem.detail}",
        hint=f"check that the client id is your app's and that {problems.REDIRECT} is registered with it",
        http_status=problem.http_status,
    )
