"""Refusals in Notion's own words and shape.

Everything that validates raises `NotionError`; `api` turns it into an answer. No knowledge of routes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.standins.server import Response

INTEGRATION_NAME = "Stand-in"


class NotionError(Exception):
    """A request was refused."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        additional: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.additional = additional
        self.retry_after_s = retry_after_s

    def answer(self, request_id: str) -> Response:
        """Give the refusal as it goes over the wire."""
        headers = () if self.retry_after_s is None else (("Retry-After", str(self.retry_after_s)),)
        payload: dict[str, Any] = {
            "object": "error",
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "request_id": request_id,
        }
        if self.additional is not None:
            payload["additional_data"] = dict(self.additional)
        return Response.of_json(payload, status=self.status, headers=headers)


def invalid(message: str) -> NotionError:
    """Build a 400 validation_error."""
    return NotionError(400, "validation_error", message)


def should(path: str, expectation: str, value: object) -> NotionError:
    """Build the validation_error that names the place in the body and what stood there."""
    root, _, _ = path.partition(".")
    shown = "undefined" if value is MISSING else json.dumps(value, ensure_ascii=False)[:200]
    return invalid(f"{root} failed validation: {path} should be {expectation}, instead was `{shown}`.")


def too_long(path: str, limit: int, length: int) -> NotionError:
    """Build the validation_error for a length over its limit."""
    root, _, _ = path.partition(".")
    return invalid(f"{root} failed validation: {path}.length should be ≤ `{limit}`, instead was `{length}`.")


def not_found(kind: str, identifier: str) -> NotionError:
    """Build the 404 that a missing and an unshared object have in common."""
    return NotionError(
        404,
        "object_not_found",
        f"Could not find {kind} with ID: {identifier}. Make sure the relevant pages and databases are shared "
        f'with your integration "{INTEGRATION_NAME}".',
    )


class Missing:
    """The value of a key that is not there."""


MISSING = Missing()
