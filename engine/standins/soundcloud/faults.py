"""Misfortunes in SoundCloud's own words; those any HTTP service can have are in `engine.standins.faults`."""

from __future__ import annotations

from http import HTTPStatus

from engine.standins.server import Effect, Fault, Response

ROBOT_PAGE = (
    b"<html><head><title>soundcloud.com</title></head><body>"
    b"<p>Please enable JS and disable any ad blocker</p>"
    b"<script src='https://ct.captcha-delivery.com/c.js'></script></body></html>"
)


def rate_limited(*, retry_after_s: int) -> Response:
    """Give the answer to a client that has spent its budget."""
    limit = {"group": "requests", "max_nr_of_requests": 600, "time_window": "PT10M"}
    error = {"meta": {"rate_limit": limit, "remaining_requests": 0, "reset_time": None}}
    headers = (("Retry-After", str(retry_after_s)),)
    return Response.of_json({"errors": [error]}, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def throttled(*, path: str = ".*", skip: int = 0, times: int = 1, retry_after_s: int = 1) -> Fault:
    """The client is told to come back later."""
    response = rate_limited(retry_after_s=retry_after_s)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def bot_wall(*, path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The client is taken for a robot: 403 with the address of a captcha, as DataDome answers."""
    headers = (("X-DataDome", "protected"), ("Set-Cookie", "datadome=x; Domain=.soundcloud.com; Path=/; Secure"))
    body = {"url": "https://geo.captcha-delivery.com/captcha/?initialCid=x&t=fe"}
    response = Response.of_json(body, status=HTTPStatus.FORBIDDEN, headers=headers)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def bot_page(*, path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The client is taken for a robot: 403 with a page for people, and a header that says who thinks so."""
    headers = (("X-DataDome", "protected"), ("X-DD-B", "1"), ("Content-Type", "text/html;charset=utf-8"))
    response = Response(status=HTTPStatus.FORBIDDEN, headers=headers, body=ROBOT_PAGE)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)
