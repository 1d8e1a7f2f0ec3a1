"""Keeps an access token at hand: refreshes it when it ends, saves what Spotify rotates, knows when a login is over.

Imported late, for it imports spotipy. A login that Spotify takes no more is a problem with its way out, never an
answer without tracks (F33, F45). Runs no browser; that is `door`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from spotipy.cache_handler import MemoryCacheHandler
from spotipy.exceptions import SpotifyOauthError
from spotipy.oauth2 import SpotifyOAuth, SpotifyPKCE

from engine.domain.canonical import short_id
from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock
from engine.sources.spotify import problems
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.session import ACCOUNTS, REMOTE, PacedSession
from engine.sources.spotify.tokens import TokenFile, Tokens

SCOPES = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-library-read",
    "user-read-currently-playing",
    "user-read-playback-state",
)
EARLY_US = 60_000_000
"""An access token that ends within a minute is refreshed: the request may take that long."""

_SECOND_US = 1_000_000


class Logins:
    """The login in force, whether `sync login` made it or the settings bring its refresh token."""

    def __init__(self, config: SpotifyConfig, clock: Clock, session: PacedSession) -> None:
        self._config = config
        self._clock = clock
        self._session = session
        self._file = TokenFile(config.credentials)
        self._held: Tokens | None = None
        self._unsaved = False  # whether what is held could not be written
        self._over: tuple[str, Problem] | None = None  # the refresh token that was refused, and how

    @property
    def account(self) -> str:
        """Who is logged in; empty while unknown."""
        tokens = self._tokens()
        return tokens.account if isinstance(tokens, Tokens) else ""

    @property
    def made(self) -> bool:
        """Whether anybody ever logged in, however the login stands now."""
        return isinstance(self._tokens(), Tokens)

    def lacks(self, *scopes: str) -> bool:
        """Say whether the login is known not to cover something; one made elsewhere may be for less."""
        tokens = self._tokens()
        covered = tokens.scopes if isinstance(tokens, Tokens) else None
        return covered is not None and not set(scopes) <= set(covered)

    def token(self, refused: str | None = None) -> str | Problem:
        """Give an access token that is good for a minute at least.

        Args:
            refused: one that Spotify answered 401 to; another is made then.
        """
        tokens = self._tokens()
        if isinstance(tokens, Problem):
            return tokens
        if not self._unsaved and self._good(tokens, refused):
            return tokens.access_token
        with self._file.alone():
            return self._renewed(refused)

    def keep(self, tokens: Tokens) -> Problem | None:
        """Make a login the one in force, here and on disk."""
        with self._file.alone():
            return self._save(tokens)

    def lying(self) -> Tokens | None:
        """Give the login as it lies on disk, for whichever app it was made."""
        return self._file.read()

    def take_back(self, before: Tokens | None) -> None:
        """Put what was there before a login in its place again, which may be nothing."""
        with self._file.alone():
            with suppress(OSError):
                self._file.write(before) if before is not None else self._file.remove()
            self._held, self._unsaved = None, False

    def forget(self) -> bool:
        """Forget the login here and on disk, and say whether there was one on disk."""
        with self._file.alone():
            self._held, self._unsaved = None, False
            return self._file.remove()

    def name_account(self, account: str) -> None:
        """Remember who is logged in, so that nobody asks again."""
        with self._file.alone():
            held, lying = self._held, self._found()
            if held is None:
                return
            self._held = replace(held, account=account)
            if lying is not None and lying.refresh_token == held.refresh_token:
                self._save(replace(lying, account=account))

    def received(self, answer: object, before: Tokens) -> Tokens | Problem:
        """Read the accounts service's answer to a grant, `before` giving what it leaves out."""
        if not isinstance(answer, Mapping):
            return problems.garbage()
        access, lasts_s, refresh = (answer.get(name) for name in ("access_token", "expires_in", "refresh_token"))
        if not isinstance(access, str) or not isinstance(lasts_s, int) or not isinstance(refresh, str):
            return problems.garbage()
        scope = answer.get("scope")
        return replace(
            before,
            access_token=access,
            access_expires_us=self._clock.now_us() + lasts_s * _SECOND_US,
            refresh_token=refresh,
            scopes=tuple(scope.split()) if isinstance(scope, str) else before.scopes,
            renewing=False,
        )

    def ask_accounts(self, grant: Callable[[], object]) -> object | Problem:
        """Ask the accounts service, and give what it answered or what was in the way."""
        self._session.answered, self._session.remote = None, ACCOUNTS
        try:
            return grant()
        except problems.FAULTS as error:
            if isinstance(error, SpotifyOauthError) and error.error == "invalid_grant":
                return _over()
            return problems.read(error, self._session.answered, self._clock.now_us())
        finally:
            self._session.remote = REMOTE

    def handshake(self, client_id: str, redirect_uri: str = problems.REDIRECT, state: str | None = None) -> SpotifyPKCE:
        """Give spotipy's part of PKCE, without its cache and its browser."""
        pkce = SpotifyPKCE(
            client_id=client_id,
            redirect_uri=redirect_uri,
            state=state,
            scope=list(SCOPES),
            requests_timeout=self._config.timeout_s,
            requests_session=self._session,
            open_browser=False,
            cache_handler=MemoryCacheHandler(),
        )
        pkce.OAUTH_AUTHORIZE_URL = f"{self._config.accounts_base.rstrip('/')}/authorize"
        pkce.OAUTH_TOKEN_URL = f"{self._config.accounts_base.rstrip('/')}/api/token"
        return pkce

    def _tokens(self) -> Tokens | Problem:
        if self._held is None:
            self._held = self._found()
        return self._held or problems.not_logged_in()

    def _found(self) -> Tokens | None:
        said = self._config.refresh_token
        origin = short_id("spotify-login", said) if said else None
        lying = self._file.read()
        if lying is not None and lying.client_id == self._config.client_id and lying.origin in (None, origin):
            return lying
        if said and self._config.client_id:
            return Tokens(client_id=self._config.client_id, refresh_token=said, origin=origin)
        return None

    def _good(self, tokens: Tokens, refused: str | None) -> bool:
        lasting = tokens.access_expires_us - EARLY_US > self._clock.now_us()
        return bool(tokens.access_token) and tokens.access_token != refused and lasting

    def _renewed(self, refused: str | None) -> str | Problem:
        """Give a token of the login as it lies on disk now: others renew it, make another, or end it (F45)."""
        if not self._unsaved:
            self._held = self._found()
        tokens = self._tokens()
        if isinstance(tokens, Problem):
            return tokens
        if self._over is not None and self._over[0] == tokens.refresh_token:
            return self._over[1]  # nobody asks twice with what was refused
        good = self._good(tokens, refused)
        if good and not self._unsaved:
            return tokens.access_token
        # What Spotify gives for it must find room: the token that is sent is of no use any more afterwards.
        failed = self._save(tokens if good else replace(tokens, access_token="", renewing=True))
        if failed is not None or good:
            return failed or tokens.access_token
        return self._refreshed(replace(tokens, access_token=""))

    def _refreshed(self, tokens: Tokens) -> str | Problem:
        answer = self.ask_accounts(lambda: self._grant(tokens))
        if isinstance(answer, Problem):
            if _was_read(answer):
                self._save(tokens)  # it was not renewed, and is what it was
            if answer.failure is not FailureClass.AUTH_EXPIRED:
                return answer
            over = _lost() if tokens.renewing else answer
            self._over = (tokens.refresh_token, over)
            return over
        fresh = self.received(answer, tokens)
        if isinstance(fresh, Problem):
            return fresh
        return self._save(fresh) or fresh.access_token

    def _save(self, tokens: Tokens) -> Problem | None:
        self._held, self._unsaved = tokens, True
        try:
            self._file.write(tokens)
        except OSError as error:
            detail = f"the login cannot be written to {self._config.credentials}: {error.strerror}"
            hint = "make room and its folder writable: Spotify may not take the older login any more"
            return Problem(failure=FailureClass.PERMISSION, detail=detail, hint=hint)
        self._unsaved = False
        return None

    def _grant(self, tokens: Tokens) -> Any:
        if tokens.origin is None or self._config.client_secret is None:
            return self.handshake(tokens.client_id).refresh_access_token(tokens.refresh_token)
        with_secret = SpotifyOAuth(
            client_id=tokens.client_id,
            client_secret=self._config.client_secret,
            redirect_uri=problems.REDIRECT,
            requests_timeout=self._config.timeout_s,
            requests_session=self._session,
            open_browser=False,
            cache_handler=MemoryCacheHandler(),
        )
        with_secret.OAUTH_TOKEN_URL = f"{self._config.accounts_base.rstrip('/')}/api/token"
        return with_secret.refresh_access_token(tokens.refresh_token)


def _was_read(refusal: Problem) -> bool:
    """Whether a refusal surely is one: a token may have been renewed where no answer or a broken one came."""
    status = refusal.http_status
    return status is not None and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _over() -> Problem:
    return Problem(
        failure=FailureClass.AUTH_EXPIRED,
        detail="the login to Spotify is over",
        hint=problems.LOGIN_HINT,
        http_status=int(HTTPStatus.BAD_REQUEST),
    )


def _lost() -> Problem:
    return Problem(
        failure=FailureClass.AUTH_EXPIRED,
        detail="the login to Spotify is over: the answer that renewed it was lost on the way",
        hint=problems.LOGIN_HINT,
        http_status=int(HTTPStatus.BAD_REQUEST),
    )
