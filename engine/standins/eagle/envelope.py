"""Eagle's JSend envelopes, its list pages, and how it reads a request's parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.standins.server import Request, Response

LIMIT_DEFAULT = 50
LIMIT_MAX = 1000


class EagleError(Exception):
    """A refusal; Eagle often sends it with HTTP 200."""

    def __init__(self, message: str, *, status: int = 200) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def answer(self) -> Response:
        """Give the refusal as it goes over the wire."""
        return Response.of_json({"status": "error", "message": self.message}, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A success without data."""


def success(payload: object) -> Response:
    """Wrap what a route gave."""
    if isinstance(payload, Bare):
        return Response.of_json({"status": "success"})
    return Response.of_json({"status": "success", "data": payload})


def read_body(request: Request) -> Mapping[str, Any]:
    """Give the request's JSON object.

    Raises:
        EagleError: it is none.
    """
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise EagleError("Invalid JSON body", status=400) from None
    if not isinstance(body, dict):
        raise EagleError("Body must be an object", status=400)
    return body


def asked(request: Request, *, lists: Sequence[str] = ()) -> Mapping[str, Any]:
    """Give a GET's query or a POST's body alike; the named query parameters are comma lists."""
    if request.method == "POST":
        return read_body(request)
    return {name: value.split(",") if name in lists else value for name, value in request.query}


def paged(things: Sequence[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Cut one page out of a list: 50 by default, 1,000 at most."""
    offset, limit = whole(given, "offset", 0), min(whole(given, "limit", LIMIT_DEFAULT), LIMIT_MAX)
    return {"data": list(things[offset : offset + limit]), "total": len(things), "offset": offset, "limit": limit}


def whole(given: Mapping[str, Any], name: str, default: int) -> int:
    """Give a whole number that is not negative.

    Raises:
        EagleError: something else was sent.
    """
    value = given.get(name, default)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise EagleError(f"{name} must be a non-negative number", status=400)
    return value


def text(given: Mapping[str, Any], name: str) -> str:
    """Give a required text.

    Raises:
        EagleError: it is missing or no text.
    """
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise EagleError(f"{name} is required")
    return value


def checked(given: Mapping[str, Any], kinds: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    """Give the fields that were sent, after checking their types; unknown keys are ignored, as Eagle does.

    Raises:
        EagleError: a field has the wrong type.
    """
    fields = {name: given[name] for name in kinds if name in given}
    for name, value in fields.items():
        texts = not isinstance(value, list) or all(isinstance(entry, str) for entry in value)
        if not isinstance(value, kinds[name]) or not texts:
            raise EagleError(f"{name} has the wrong type")
    return fields
