"""The Spotify stand-in as a whole: accounts service and Web API on one plain-HTTP loopback address.

Give `api_url` to a client as its prefix, and `authorize_url` and `token_url` as the accounts service's addresses.
Tests edit `catalog` and `accounts` through `edit()`, which holds the lock that requests hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from typing_extensions import override

from engine.standins.server import Request, Response, Standin
from engine.standins.spotify.accounts import SCOPES, Accounts, App
from engine.standins.spotify.api import Api
from engine.standins.spotify.catalog import Catalog
from engine.standins.spotify.errors import SpotifyError
from engine.standins.spotify.rate import Budget
from engine.standins.spotify.shapes import Mode

CLIENT_ID = "0123456789abcdef0123456789abcdef"
REQUESTS_PER_WINDOW = 100_000  # generous: a test that wants to be limited says so


class SpotifyStandin(Standin):
    """A loopback Spotify.

    Args:
        catalog: what is on it; one account, `ada`, when none is given.
        mode: what kind of app asks: "development" or "extended".
        app: the app that is registered.
        signed_in: the account of the person in front of the consent page.
        requests_per_window: what the app may ask of the Web API in any 30 seconds.
        port: where to listen; 0 takes a free one.
        history_path: a JSON Lines file to which every exchange is appended.
        clock: seconds since the epoch, for tokens, the history and the budget.
    """

    def __init__(
        self,
        catalog: Catalog | None = None,
        *,
        mode: str = Mode.DEVELOPMENT,
        app: App | None = None,
        signed_in: str = "ada",
        requests_per_window: int = REQUESTS_PER_WINDOW,
        port: int = 0,
        history_path: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(port=port, history_path=history_path, clock=clock)
        self.catalog = Catalog() if catalog is None else catalog
        if signed_in not in self.catalog.users:
            self.catalog.add_user(signed_in)
        self.accounts = Accounts(app=app or App(client_id=CLIENT_ID), clock=clock, signed_in=signed_in)
        self.budget = Budget(requests_max=requests_per_window)
        self.unregistered: set[str] = set()  # users whom a development app's owner did not let in
        self._api = Api(self.catalog, mode=Mode(mode))

    @property
    def client_id(self) -> str:
        """The registered app's id."""
        return self.accounts.app.client_id

    @property
    def api_url(self) -> str:
        """The Web API's address, with the trailing slash that client libraries want."""
        return f"{self.url}/v1/"

    @property
    def authorize_url(self) -> str:
        """The consent page's address."""
        return f"{self.url}/authorize"

    @property
    def token_url(self) -> str:
        """The token endpoint's address."""
        return f"{self.url}/api/token"

    @contextmanager
    def edit(self) -> Iterator[Catalog]:
        """Hold requests back while people change things."""
        with self._lock:
            yield self.catalog

    def grant(self, user_id: str | None = None, *, scopes: frozenset[str] = SCOPES) -> tuple[str, str]:
        """Give an access token and a refresh token as if the person had just agreed."""
        with self._lock:
            return self.accounts.grant(user_id or self.accounts.signed_in, scopes)

    def web_requests(self, path: str = "/v1/") -> int:
        """Give how many requests the Web API has seen below a path."""
        return sum(exchange.path.startswith(path) for exchange in self.history)

    @override
    def handle(self, request: Request) -> Response:
        match request.method, request.path.rstrip("/"):
            case "GET", "/authorize":
                return self.accounts.authorize(request)
            case "POST", "/api/token":
                return self.accounts.token(request)
            case _, path if path.startswith("/v1"):
                return self._web_api(request)
            case _:
                return Response(status=HTTPStatus.NOT_FOUND)

    def _web_api(self, request: Request) -> Response:
        try:
            access = self.accounts.access(request)
            if access.user_id in self.unregistered:
                return _not_registered()
            self.budget.spend(self._clock())
            return self._api.answer(request, access)
        except SpotifyError as refused:
            return refused.response()


def _not_registered() -> Response:
    text = "Check settings on developer.spotify.com/dashboard, the user may not be registered."
    headers = (("Content-Type", "text/plain; charset=utf-8"),)
    return Response(status=HTTPStatus.FORBIDDEN, headers=headers, body=text.encode())
