"""Misfortunes any HTTP service can have, ready to be scripted.

Those that need a service's own error shape are in that service's `faults` module.
"""

from __future__ import annotations

from engine.standins.server import Effect, Fault, Response

_PROXY_PAGE = Response(
    status=200, headers=(("Content-Type", "text/html"),), body=b"<html><body>Please sign in to the network</body>"
)
_EMPTY_GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def lost_request(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The connection ends and the service never saw the request."""
    return Fault(effect=Effect.LOSE_REQUEST, method=method, path=path, skip=skip, times=times)


def lost_response(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The service acts, then the connection ends without an answer."""
    return Fault(effect=Effect.LOSE_RESPONSE, method=method, path=path, skip=skip, times=times)


def hang(*, seconds: float = 600.0, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The service acts, then stays silent until the client gives up or the stand-in stops."""
    return Fault(effect=Effect.HANG, method=method, path=path, skip=skip, times=times, delay_s=seconds)


def late(*, seconds: float, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The service acts and answers correctly, but late."""
    return Fault(effect=Effect.DELAY, method=method, path=path, skip=skip, times=times, delay_s=seconds)


def truncated(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The service acts; half of its answer arrives."""
    return Fault(effect=Effect.TRUNCATE, method=method, path=path, skip=skip, times=times)


def garbage(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """The service acts; a 200 with a page that is not JSON arrives in its place."""
    return Fault(effect=Effect.ACT_THEN_ANSWER, method=method, path=path, skip=skip, times=times, response=_PROXY_PAGE)


def bad_gateway(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """A proxy answers 502 with a page of its own; the service never saw the request."""
    return Fault(
        effect=Effect.ANSWER,
        method=method,
        path=path,
        skip=skip,
        times=times,
        response=Response(status=502, headers=(("Content-Type", "text/html"),), body=_EMPTY_GATEWAY_PAGE),
    )
