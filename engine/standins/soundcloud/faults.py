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


GUARDED = (("X-DataDome", "protected"), ("Set-Cookie", "datadome=x; Domain=.soundcloud.com; Path=/; Secure"))
"""What DataDome adds to every answer it sees, also to one that it let through; `X-DD-B` says that it did not."""
COUNTRY_PAGE = (
    b"<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1>"
    b"The Amazon CloudFront distribution is configured to block access from your country.</BODY></HTML>"
)


def bot_wall(*, path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The client is taken for a robot: 403 with the address of a captcha, as DataDome answers."""
    headers = (*GUARDED, ("X-DD-B", "1"))
    body = {"url": "https://geo.captcha-delivery.com/captcha/?initialCid=x&t=fe"}
    response = Response.of_json(body, status=HTTPStatus.FORBIDDEN, headers=headers)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def bot_page(*, path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The client is taken for a robot: 403 with a page for people."""
    headers = (*GUARDED, ("Content-Type", "text/html;charset=utf-8"))
    response = Response(status=HTTPStatus.FORBIDDEN, headers=headers, body=ROBOT_PAGE)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)


def country_wall(*, path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """Nobody from this country is served: 403 with a page of CloudFront's, before SoundCloud is asked at all."""
    headers = (("Content-Type", "text/html"), ("X-Cache", "Error from cloudfront"))
    response = Response(status=HTTPStatus.FORBIDDEN, headers=headers, body=COUNTRY_PAGE)
    return Fault(effect=Effect.ANSWER, path=path, skip=skip, times=times, response=response)
