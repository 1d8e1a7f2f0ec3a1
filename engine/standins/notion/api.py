"""The door: who is let in, in which API version, how often, and to which route.

Order of refusals: rate, token, version, size, JSON, route. What happens behind a route is that route's module.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from urllib.parse import unquote

from engine.standins.notion import blocks, pages, query, sources
from engine.standins.notion.call import Call, Cursors, Knobs
from engine.standins.notion.checks import whole_body
from engine.standins.notion.errors import INTEGRATION_NAME, NotionError, invalid, not_found
from engine.standins.notion.rate import Budget
from engine.standins.notion.store import BOT, PERSON, WORKSPACE, Store
from engine.standins.server import Request, Response

VERSIONS = ("2025-09-03", "2026-03-11")
PAYLOAD_BYTES_MAX = 500_000


def _me(_: Call) -> dict[str, Any]:
    return _user(BOT)


def _one_user(_: Call, user_id: str) -> dict[str, Any]:
    if user_id not in (BOT, PERSON):
        raise not_found("user", user_id)
    return _user(user_id)


def _user(user_id: str) -> dict[str, Any]:
    if user_id == PERSON:
        return {"object": "user", "id": PERSON, "name": "Person", "avatar_url": None, "type": "person", "person": {}}
    bot = {
        "owner": {"type": "workspace", "workspace": True},
        "workspace_id": str(WORKSPACE),
        "workspace_name": "Stand-in workspace",
        "workspace_limits": {"max_file_upload_size_in_bytes": 5_242_880},
    }
    return {"object": "user", "id": BOT, "name": INTEGRATION_NAME, "avatar_url": None, "type": "bot", "bot": bot}


_ROUTES: tuple[tuple[str, re.Pattern[str], Callable[..., dict[str, Any]]], ...] = tuple(
    (method, re.compile(path.replace("{}", "([^/]+)")), handler)
    for method, path, handler in (
        ("GET", "/v1/users/me", _me),
        ("GET", "/v1/users/{}", _one_user),
        ("POST", "/v1/search", query.search),
        ("POST", "/v1/databases", sources.create_database),
        ("GET", "/v1/databases/{}", sources.retrieve_database),
        ("PATCH", "/v1/databases/{}", sources.update_database),
        ("GET", "/v1/data_sources/{}", sources.retrieve_source),
        ("PATCH", "/v1/data_sources/{}", sources.update_source),
        ("POST", "/v1/data_sources/{}/query", query.query_source),
        ("POST", "/v1/pages", pages.create_page),
        ("GET", "/v1/pages/{}", pages.retrieve_page),
        ("PATCH", "/v1/pages/{}", pages.update_page),
        ("GET", "/v1/pages/{}/properties/{}", pages.retrieve_property),
        ("GET", "/v1/blocks/{}/children", blocks.list_children),
        ("PATCH", "/v1/blocks/{}/children", blocks.append_children),
    )
)


class Api:
    """Answers requests over one store.

    Args:
        store: the workspace.
        token: the only bearer token that is let in.
        budget: how many requests a connection may send.
        knobs: the service's adjustable limits.
    """

    def __init__(self, store: Store, *, token: str, budget: Budget, knobs: Knobs) -> None:
        self.store = store
        self.token = token
        self.budget = budget
        self.knobs = knobs
        self.cursors = Cursors()

    def answer(self, request: Request) -> Response:
        """Answer one request; every answer and every refusal carries its request id."""
        self.store.requests += 1
        request_id = str(uuid.uuid5(WORKSPACE, f"request {self.store.requests} {self.store.clock()}"))
        try:
            payload = self._let_in(request)
        except NotionError as refusal:
            return refusal.answer(request_id)
        headers = (("x-notion-request-id", request_id),)
        return Response.of_json({**payload, "request_id": request_id}, headers=headers)

    def _let_in(self, request: Request) -> dict[str, Any]:
        self.budget.spend(self.store.clock())
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise NotionError(401, "unauthorized", "API token is invalid.")
        version = _version(request.headers.get("notion-version"))
        if len(request.body) > PAYLOAD_BYTES_MAX:
            raise invalid(f"Request body is too large: the limit is {PAYLOAD_BYTES_MAX} bytes.")
        handler, arguments = _route(request)
        call = Call(
            store=self.store,
            knobs=self.knobs,
            cursors=self.cursors,
            version=version,
            body=_json(request) if request.method in ("POST", "PATCH") else {},
            query=request.query,
        )
        return handler(call, *arguments)


def _version(given: str | None) -> str:
    if given is None:
        raise NotionError(
            400,
            "missing_version",
            "Notion-Version header failed validation: Notion-Version header should be defined, "
            "instead was `undefined`.",
        )
    if given not in VERSIONS:
        known = " or ".join(f'`"{version}"`' for version in VERSIONS)
        raise invalid(
            f"Notion-Version header failed validation: Notion-Version header should be {known}, "
            f'instead was `"{given}"`.'
        )
    return given


def _route(request: Request) -> tuple[Callable[..., dict[str, Any]], tuple[str, ...]]:
    for method, pattern, handler in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found and method == request.method:
            return handler, tuple(unquote(group) for group in found.groups())
    raise NotionError(400, "invalid_request_url", "Invalid request URL.")


def _json(request: Request) -> Mapping[str, Any]:
    try:
        return whole_body(json.loads(request.body or b"{}", parse_constant=_refuse_constant))
    except (ValueError, RecursionError):
        raise NotionError(400, "invalid_json", "Error parsing JSON body.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
