"""Spotify's accounts service: who is signed in, which apps may act for them, and their tokens.

A person who opens `/authorize` agrees at once, unless told otherwise. No Web API.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from engine.standins.server import Request, Response
from engine.standins.spotify.errors import GrantError, unauthorized
from engine.standins.spotify.records import base62

ACCESS_S = 3600
CODE_S = 600
AUTHORIZATION_S = 180 * 86_400
"""A refresh token ends six months after the person agreed; refreshing does not extend that."""

SCOPES = frozenset(
    {
        "playlist-read-private",
        "playlist-read-collaborative",
        "user-library-read",
        "user-read-currently-playing",
        "user-read-playback-state",
        "user-read-private",
        "user-read-email",
        "user-read-recently-played",
    }
)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A registered app.

    Attributes:
        redirect_uris: registered with or without a port; on a loopback address any port may be added.
    """

    client_id: str
    secret: str = "a-secret"
    redirect_uris: tuple[str, ...] = ("http://127.0.0.1/callback",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What an access token allows, and until when."""

    user_id: str | None
    scopes: frozenset[str]
    ends_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreement:
    client_id: str
    user_id: str
    scopes: frozenset[str]
    agreed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    agreement: _Agreement
    redirect_uri: str
    challenge: str | None


@dataclass(slots=True, kw_only=True)
class Accounts:
    """Codes, tokens and the person in front of the consent page.

    Attributes:
        signed_in: the account of the person who is asked for consent.
        agrees: whether that person agrees.
        rotates: whether a refresh gives another refresh token and ends the old one.
    """

    app: App
    clock: Callable[[], float]
    signed_in: str
    agrees: bool = True
    rotates: bool = True
    _made: int = 0
    _codes: dict[str, _Code] = field(default_factory=dict)
    _access: dict[str, Access] = field(default_factory=dict)
    _refresh: dict[str, _Agreement] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)

    # --- people's hands ---------------------------------------------------------------------------------------------

    def grant(self, user_id: str, scopes: frozenset[str]) -> tuple[str, str]:
        """Give an access token and a refresh token as if the person had just agreed."""
        agreement = self._agreement(user_id, scopes)
        return self._new_access(agreement.user_id, scopes), self._new_refresh(agreement)

    def revoke(self) -> None:
        """Take every app's access away, as a person does on the account page or by a new password."""
        self._ended |= self._refresh.keys()
        self._refresh.clear()
        self._access.clear()

    def expire_access(self) -> None:
        """Let every access token be an hour old."""
        now_s = self.clock()
        self._access = {
            token: Access(user_id=access.user_id, scopes=access.scopes, ends_s=now_s)
            for token, access in self._access.items()
        }

    # --- the Web API asks -------------------------------------------------------------------------------------------

    def access(self, request: Request) -> Access:
        """Give what a request's token allows.

        Raises:
            SpotifyError: 401, there is no token, it is unknown, or its hour is over.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            raise unauthorized("No token provided")
        access = self._access.get(token) if scheme.lower() == "bearer" else None
        if access is None:
            raise unauthorized("Invalid access token")
        if self.clock() >= access.ends_s:
            raise unauthorized("The access token expired")
        return access

    # --- /authorize -------------------------------------------------------------------------------------------------

    def authorize(self, request: Request) -> Response:
        """Show the consent page: redirect with a code or with the person's refusal."""
        asked = dict(request.query)
        wrong = self._wrong(asked)
        if wrong is not None:
            return Response(status=HTTPStatus.BAD_REQUEST, headers=_PLAIN, body=wrong.encode())
        answer = self._consented(asked)
        if "state" in asked:
            answer["state"] = asked["state"]
        location = f"{asked['redirect_uri']}?{urlencode(answer)}"
        return Response(status=HTTPStatus.SEE_OTHER, headers=(("Location", location),))

    def _wrong(self, asked: dict[str, str]) -> str | None:
        if asked.get("client_id") != self.app.client_id:
            return "INVALID_CLIENT: Invalid client"
        if asked.get("response_type") != "code":
            return "response_type must be code"  # the implicit grant is gone
        return self._wrong_redirect(asked.get("redirect_uri", "")) or _wrong_challenge(asked)

    def _wrong_redirect(self, redirect_uri: str) -> str | None:
        split = urlsplit(redirect_uri)
        if split.scheme == "http" and split.hostname not in _LOOPBACK:
            return "INVALID_CLIENT: Insecure redirect URI"  # `localhost` too
        registered = set(self.app.redirect_uris)
        portless = split._replace(netloc=_host(split.hostname or "")).geturl()
        known = redirect_uri in registered or (split.hostname in _LOOPBACK and portless in registered)
        return None if known else "INVALID_CLIENT: Invalid redirect URI"

    def _consented(self, asked: dict[str, str]) -> dict[str, str]:
        scopes = frozenset(asked.get("scope", "").split())
        if scopes - SCOPES:
            return {"error": "invalid_scope"}
        if not self.agrees:
            return {"error": "access_denied"}
        code = self._name("code")
        self._codes[code] = _Code(
            agreement=self._agreement(self.signed_in, scopes),
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge"),
        )
        return {"code": code}

    # --- /api/token -------------------------------------------------------------------------------------------------

    def token(self, request: Request) -> Response:
        """Give tokens for a code, a refresh token, or the app's own secret."""
        if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            return GrantError("unsupported_grant_type", "grant_type parameter is missing").response()
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        try:
            return self._granted(form, authenticated=self._client(form, request))
        except GrantError as refused:
            return refused.response()

    def _granted(self, form: dict[str, str], *, authenticated: bool) -> Response:
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form, authenticated=authenticated)
            case "refresh_token":
                return self._by_refresh(form)
            case "client_credentials" if authenticated:
                return _tokens(self._new_access(None, frozenset()), None)
            case "client_credentials":
                raise GrantError("invalid_client", "Invalid client secret")
            case _:
                raise GrantError("unsupported_grant_type", "grant_type parameter is missing")

    def _client(self, form: dict[str, str], request: Request) -> bool:
        client_id, secret = form.get("client_id", ""), form.get("client_secret")
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        if basic:
            client_id, _, secret = base64.b64decode(basic + "==").decode("utf-8", "replace").partition(":")
        if client_id != self.app.client_id:
            raise GrantError("invalid_client", "Invalid client")
        if secret is not None and secret != self.app.secret:
            raise GrantError("invalid_client", "Invalid client secret")
        return secret is not None

    def _by_code(self, form: dict[str, str], *, authenticated: bool) -> Response:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise GrantError("invalid_grant", "Invalid authorization code")
        if self.clock() >= code.agreement.agreed_s + CODE_S:
            raise GrantError("invalid_grant", "Authorization code expired")
        if form.get("redirect_uri") != code.redirect_uri:
            raise GrantError("invalid_grant", "Invalid redirect URI")
        if code.challenge is None and not authenticated:
            raise GrantError("invalid_client", "Invalid client secret")
        if code.challenge is not None and _challenge(form.get("code_verifier", "")) != code.challenge:
            raise GrantError("invalid_grant", "code_verifier was incorrect")
        agreement = code.agreement
        access = self._new_access(agreement.user_id, agreement.scopes)
        return _tokens(access, self._new_refresh(agreement), agreement.scopes)

    def _by_refresh(self, form: dict[str, str]) -> Response:
        held = form.get("refresh_token", "")
        agreement = self._refresh.get(held)
        if agreement is None:
            known = held in self._ended
            raise GrantError("invalid_grant", "Refresh token revoked" if known else "Invalid refresh token")
        if self.clock() >= agreement.agreed_s + AUTHORIZATION_S:
            raise GrantError("invalid_grant", "Refresh token expired")
        access = self._new_access(agreement.user_id, agreement.scopes)
        if not self.rotates:
            return _tokens(access, None, agreement.scopes)
        del self._refresh[held]
        self._ended.add(held)
        return _tokens(access, self._new_refresh(agreement), agreement.scopes)

    # --- tokens -----------------------------------------------------------------------------------------------------

    def _agreement(self, user_id: str, scopes: frozenset[str]) -> _Agreement:
        return _Agreement(client_id=self.app.client_id, user_id=user_id, scopes=scopes, agreed_s=self.clock())

    def _new_access(self, user_id: str | None, scopes: frozenset[str]) -> str:
        token = self._name("access")
        self._access[token] = Access(user_id=user_id, scopes=scopes, ends_s=self.clock() + ACCESS_S)
        return token

    def _new_refresh(self, agreement: _Agreement) -> str:
        token = self._name("refresh")
        self._refresh[token] = agreement
        return token

    def _name(self, kind: str) -> str:
        self._made += 1
        return f"{'AQ' if kind != 'access' else 'BQ'}{base62(f'{kind} {self._made}')}"


_PLAIN = (("Content-Type", "text/plain; charset=utf-8"),)


def _tokens(access: str, refresh: str | None, scopes: frozenset[str] = frozenset()) -> Response:
    body: dict[str, object] = {"access_token": access, "token_type": "Bearer", "expires_in": ACCESS_S}
    if refresh is not None:
        body["refresh_token"] = refresh
    return Response.of_json({**body, "scope": " ".join(sorted(scopes))})


def _wrong_challenge(asked: dict[str, str]) -> str | None:
    if "code_challenge" in asked and asked.get("code_challenge_method") != "S256":
        return "code_challenge_method must be S256"
    return None


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name else name
