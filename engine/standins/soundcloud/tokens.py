"""secure.soundcloud.com: tokens of the official API for registered apps. Knows who may ask, not what they ask for.

Only client credentials and their single-use refresh tokens are given out; there is nobody here to sign in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from engine.standins.server import Request, Response
from engine.standins.soundcloud.budget import Budget, Meter
from engine.standins.soundcloud.faults import rate_limited

TOKEN_LASTS_S = 3_599
TOKENS_PER_APP = Budget(requests=50, window_s=12 * 3_600)
TOKENS_PER_VISITOR = Budget(requests=30, window_s=3_600)
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issued:
    app: str
    ends_at_s: float


class TokenDesk:
    """Gives out tokens to apps, a limited number to each app and to each country's visitors."""

    def __init__(self, apps: Mapping[str, str], *, clock: Callable[[], float]) -> None:
        self._apps = dict(apps)
        self._clock = clock
        self._tokens: dict[str, _Issued] = {}
        self._refresh_tokens: dict[str, str] = {}  # token: the app it belongs to
        self._meters: dict[tuple[str, str], Meter] = {}
        self._given = 0

    def knows(self, token: str) -> bool:
        """Say whether a token opens the official API now."""
        issued = self._tokens.get(token)
        return issued is not None and self._clock() < issued.ends_at_s

    def expire_all(self) -> None:
        """End every token; refresh tokens stay good for one use."""
        self._tokens.clear()

    def answer(self, request: Request) -> Response:
        """Answer `POST /oauth/token`."""
        if request.path != "/oauth/token":
            return Response(status=HTTPStatus.NOT_FOUND)
        if request.method != "POST":
            return Response(status=HTTPStatus.METHOD_NOT_ALLOWED)
        if not request.headers.get("content-type", "").startswith(_FORM):
            return _refusal("invalid_request", HTTPStatus.BAD_REQUEST)
        app = self._app(request.headers.get("authorization", ""))
        if app is None:
            return _refusal("invalid_client", HTTPStatus.UNAUTHORIZED)
        return self._granted(app, request)

    def _granted(self, app: str, request: Request) -> Response:
        form = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        match form.get("grant_type"):
            case "client_credentials":
                pass
            case "refresh_token":
                if self._refresh_tokens.pop(form.get("refresh_token", ""), None) != app:
                    return _refusal("invalid_grant", HTTPStatus.BAD_REQUEST)
            case _:
                return _refusal("unsupported_grant_type", HTTPStatus.BAD_REQUEST)
        waits_s = (
            self._meter("app", app, TOKENS_PER_APP).wait_s(),
            self._meter("visitor", request.country, TOKENS_PER_VISITOR).wait_s(),
        )
        wait_s = max((one for one in waits_s if one is not None), default=None)
        return self._issued(app) if wait_s is None else rate_limited(retry_after_s=wait_s)

    def _issued(self, app: str) -> Response:
        self._given += 1
        token, refresh_token = (_secret(kind, app, self._given) for kind in ("access", "refresh"))
        self._tokens[token] = _Issued(app=app, ends_at_s=self._clock() + TOKEN_LASTS_S)
        self._refresh_tokens[refresh_token] = app
        body = {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_LASTS_S}
        return Response.of_json({**body, "refresh_token": refresh_token, "scope": ""})

    def _app(self, authorization: str) -> str | None:
        scheme, _, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True).decode() if scheme == "Basic" else ""
        except (binascii.Error, UnicodeDecodeError):
            return None
        app, _, secret = given.partition(":")
        return app if app and self._apps.get(app) == secret else None

    def _meter(self, kind: str, who: str, budget: Budget) -> Meter:
        return self._meters.setdefault((kind, who), Meter(budget, clock=self._clock))


def _refusal(error: str, status: HTTPStatus) -> Response:
    return Response.of_json({"error": error}, status=status)


def _secret(kind: str, app: str, number: int) -> str:
    return f"2-{number:06d}-{hashlib.sha256(f'{kind} {app} {number}'.encode()).hexdigest()[:24]}"
