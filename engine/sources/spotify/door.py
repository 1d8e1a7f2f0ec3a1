"""The login itself: PKCE with a loopback address, one person, one browser, one answer.

Imported late, for it imports spotipy. The person's agreement comes back to 127.0.0.1 on a port of its own, or is
pasted where the browser runs on another machine, and is taken only with the state that went out. Opens no browser:
whoever calls shows the address. A login that turns out to be of no use leaves the one before as it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from engine.domain.failure import FailureClass, Patience, Problem, patience
from engine.ports import Clock
from engine.sources.spotify import problems
from engine.sources.spotify.client import SpotifyClient
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.loopback import HOST, PATH, Listener, is_answer
from engine.sources.spotify.tokens import Tokens
from engine.workflows.limits import RemoteBlockedError
from engine.workflows.login import Entered, Typed

TRIES_MAX = 3
"""How often a pasted text may be none of the answer's address."""

_OTHERS = "that is the answer to another login"
_NO_ANSWER = "that is no address with an answer"
APP_HINT = (
    f"make an app at https://developer.spotify.com/dashboard with the redirect URI {problems.REDIRECT}, "
    "then put its client id into cratelog.toml: [spotify] client_id"
)


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

    def enter(
        self, show: Callable[[str], None], *, port: int, timeout_s: float, typed: Typed | None = None
    ) -> Entered | Problem:
        """Let a person agree at the address handed to `show`, and keep the login this gives.

        With `typed` nothing is listened to: it gives the address at which a browser elsewhere ended.
        """
        client_id = self._config.client_id
        if not client_id:
            detail = "no client id of Spotify's is set"
            return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=APP_HINT)
        state = secrets.token_urlsafe()
        if typed is not None:
            redirect_uri = f"http://{HOST}:{port}{PATH}" if port else problems.REDIRECT
            return self._agreed(client_id, redirect_uri, state, show, lambda: _pasted(typed, state))
        try:
            listener = Listener(port, state)
        except OSError as error:
            return _port_taken(port, error)
        with listener:
            return self._agreed(client_id, listener.redirect_uri, state, show, lambda: self._heard(listener, timeout_s))

    def leave(self) -> bool:
        """Forget the login, and say whether there was one."""
        return self._client.logins.forget()

    def _agreed(
        self,
        client_id: str,
        redirect_uri: str,
        state: str,
        show: Callable[[str], None],
        hear: Callable[[], Mapping[str, str] | Problem],
    ) -> Entered | Problem:
        handshake = self._client.logins.handshake(client_id, redirect_uri, state)
        show(handshake.get_authorize_url())
        came = hear()
        if isinstance(came, Problem):
            return came
        return self._exchanged(handshake, client_id, came["code"]) if "code" in came else _denied(came["error"])

    def _exchanged(self, handshake: Any, client_id: str, code: str) -> Entered | Problem:
        logins = self._client.logins
        # The exchange gives its answer to spotipy's cache, which is in memory and ends with it.
        failed = logins.ask_accounts(lambda: handshake.get_access_token(code, check_cache=False))
        if isinstance(failed, Problem):
            return _not_exchanged(failed)
        tokens = logins.received(
            handshake.cache_handler.get_cached_token(),
            Tokens(client_id=client_id, refresh_token="", authorised_us=self._clock.now_us()),
        )
        return tokens if isinstance(tokens, Problem) else self._entered(tokens)

    def _entered(self, tokens: Tokens) -> Entered | Problem:
        """Keep a login, unless Spotify refuses whom it is for; who that is may be asked later."""
        logins = self._client.logins
        before = logins.lying()
        if failed := logins.keep(tokens):
            logins.take_back(before)
            return failed
        try:
            account = self._client.account()
        except RemoteBlockedError as error:
            account = error.problem
        if isinstance(account, Problem) and patience(account.failure) is not Patience.BACKOFF:
            logins.take_back(before)
            return account
        return Entered(account=account if isinstance(account, str) else "", expires_us=tokens.expires_us)

    def _heard(self, listener: Listener, timeout_s: float) -> Mapping[str, str] | Problem:
        ends_s = self._clock.monotonic_s() + timeout_s

        def waits() -> bool:
            self._clock.sleep(0.0)  # a person who presses Ctrl-C is heard here
            return self._clock.monotonic_s() < ends_s

        came = listener.wait(waits)
        if came is None:
            return _strange() if listener.strange else _nobody_came(timeout_s)
        return came


def _pasted(typed: Typed, state: str) -> Mapping[str, str] | Problem:
    """Read what a person pasted: the address at which the browser ended, which nobody had to answer."""
    wrong = ""
    for _ in range(TRIES_MAX):
        text = typed(wrong)
        if text is None:
            break
        try:
            query = dict(parse_qsl(urlsplit(text.strip()).query))
        except ValueError:
            query = {}
        if is_answer(query, state):
            return query
        wrong = _OTHERS if "state" in query else _NO_ANSWER
    return _strange() if wrong == _OTHERS else _nothing_pasted()


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
            f"{problems.REDIRECT} with your app; if the browser runs on another machine, use --paste"
        ),
    )


def _nothing_pasted() -> Problem:
    return Problem(
        failure=FailureClass.TIMEOUT,
        detail="no address with an answer was pasted",
        hint=f"run it again and paste all of the address that begins with {problems.REDIRECT.rpartition('/')[0]}",
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
