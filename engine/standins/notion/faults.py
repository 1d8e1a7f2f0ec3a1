"""Notion's own misfortunes in their true shapes, ready to be scripted. Network ones are in `engine.standins.faults`."""

from __future__ import annotations

from engine.standins.notion.errors import NotionError
from engine.standins.notion.rate import rate_limited
from engine.standins.server import Effect, Fault

_REQUEST_ID = "b6f1f8c2-54a1-4b0e-9b61-0d8c37e0a001"


def _fault(effect: Effect, error: NotionError, *, method: str, path: str, skip: int, times: int) -> Fault:
    return Fault(effect=effect, method=method, path=path, skip=skip, times=times, response=error.answer(_REQUEST_ID))


def notion_rate_limited(
    retry_after_s: int, *, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1
) -> Fault:
    """429 of the workspace-wide limit, whose Retry-After may exceed a minute."""
    error = rate_limited(retry_after_s, reason="workspace_limit")
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_overloaded(
    retry_after_s: int = 5, *, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1
) -> Fault:
    """529 service_overload with Retry-After; nothing was done."""
    error = NotionError(529, "service_overload", "The service is overloaded.", retry_after_s=retry_after_s)
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_conflict(*, method: str = "PATCH", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """409 conflict_error; nothing was done."""
    error = NotionError(409, "conflict_error", "Conflict occurred while saving. Please try again.")
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_internal_error(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """500 before anything was done."""
    error = NotionError(500, "internal_server_error", "Unexpected error occurred.")
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)


def created_but_500(*, method: str = "POST", path: str = "/v1/pages", skip: int = 0, times: int = 1) -> Fault:
    """500 after the page was created."""
    error = NotionError(500, "internal_server_error", "Unexpected error occurred.")
    return _fault(Effect.ACT_THEN_ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_unavailable(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """503 with advice: back off, ask for less."""
    error = NotionError(
        503,
        "service_unavailable",
        "Public API service is temporarily unavailable, please try again later.",
        additional={
            "endpoint_name": "queryDataSource",
            "notion_error_name": "PgPoolWaitConnectionTimeout",
            "retry_guidance": ["Retry with exponential backoff.", "Reduce page_size."],
        },
    )
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_gateway_timeout(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """504 after the service acted: the answer was too late for the gateway."""
    error = NotionError(504, "gateway_timeout", "The request timed out.")
    return _fault(Effect.ACT_THEN_ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_unauthorized(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """401: the token was taken back."""
    error = NotionError(401, "unauthorized", "API token is invalid.")
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)


def notion_forbidden(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """403: the connection lacks a capability."""
    error = NotionError(403, "restricted_resource", "Insufficient permissions for this endpoint.")
    return _fault(Effect.ANSWER, error, method=method, path=path, skip=skip, times=times)
