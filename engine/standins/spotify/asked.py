"""One request of the Web API, checked: who asks, with which rights, and for how much of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from engine.standins.server import Request
from engine.standins.spotify.accounts import Access
from engine.standins.spotify.errors import SpotifyError, bad_request, forbidden
from engine.standins.spotify.shapes import Shapes

_BASE62 = re.compile(r"[0-9A-Za-z]{22}")
_MARKET = re.compile(r"[A-Z]{2}")
PAGE = 50
FIRST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request with a token that is good."""

    request: Request
    access: Access
    shapes: Shapes
    query: dict[str, str]

    @property
    def user_id(self) -> str:
        """The account that asks.

        Raises:
            SpotifyError: the token belongs to an app and to nobody.
        """
        if self.access.user_id is None:
            raise SpotifyError(HTTPStatus.UNAUTHORIZED, "Valid user authentication required")
        return self.access.user_id

    def need(self, *scopes: str) -> None:
        """Insist on one of several scopes.

        Raises:
            SpotifyError: 403, the person did not agree to any of them.
        """
        if not self.access.scopes & set(scopes):
            raise forbidden("Insufficient client scope")

    def limit(self, most: int = PAGE, *, first: int = FIRST) -> int:
        """Give how many are asked for at once."""
        limit = self._number("limit", first)
        if not 1 <= limit <= most:
            raise bad_request("Invalid limit")
        return limit

    def offset(self, most: int = 100_000) -> int:
        """Give where the page begins."""
        offset = self._number("offset", 0)
        if not 0 <= offset <= most:
            raise bad_request("Invalid offset")
        return offset

    def market(self) -> str | None:
        """Give the market the answer is for, if one is named; `from_token` is the account's."""
        market = self.query.get("market")
        if market is None or market == "from_token":
            return None if market is None else "DE"
        if not _MARKET.fullmatch(market):
            raise bad_request("Invalid market code")
        return market

    def types(self, *known: str, word: str) -> frozenset[str]:
        """Give the kinds of items a client says it understands."""
        types = frozenset(part for part in self.query.get(word, "").split(",") if part)
        wrong = sorted(types - set(known))
        if wrong:
            raise bad_request(f"Bad {word} field {wrong[0]}")
        return types

    def _number(self, name: str, default: int) -> int:
        text = self.query.get(name)
        if text is None:
            return default
        if not re.fullmatch(r"-?\d{1,9}", text):
            raise bad_request(f"Invalid {name}")
        return int(text)


def checked_id(native: str) -> str:
    """Give an id that can be one.

    Raises:
        SpotifyError: 400, it is not 22 characters of base 62.
    """
    if not _BASE62.fullmatch(native):
        raise bad_request("Invalid base62 id")
    return native
