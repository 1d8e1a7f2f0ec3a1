"""Eagle's own misfortunes in their true shapes, ready to be scripted. Network ones are in `engine.standins.faults`."""

from __future__ import annotations

from engine.standins.eagle.envelope import EagleError, success
from engine.standins.server import Effect, Fault


def eagle_refused(
    message: str = "Operation failed", *, method: str = "POST", path: str = ".*", skip: int = 0, times: int = 1
) -> Fault:
    """An error inside HTTP 200; nothing was done."""
    response = EagleError(message).answer()
    return Fault(effect=Effect.ANSWER, method=method, path=path, skip=skip, times=times, response=response)


def eagle_update_failed(*, path: str = "/api/v2/item/update", skip: int = 0, times: int = 1) -> Fault:
    """`data: false` under a success; nothing was changed."""
    return Fault(effect=Effect.ANSWER, method="POST", path=path, skip=skip, times=times, response=success(False))


def added_but_500(*, path: str = "/api/v2/item/add", skip: int = 0, times: int = 1) -> Fault:
    """500 after the item was added."""
    response = EagleError("Internal Server Error", status=500).answer()
    return Fault(effect=Effect.ACT_THEN_ANSWER, method="POST", path=path, skip=skip, times=times, response=response)


def eagle_internal_error(*, method: str = "*", path: str = ".*", skip: int = 0, times: int = 1) -> Fault:
    """500 before anything was done."""
    response = EagleError("Internal Server Error", status=500).answer()
    return Fault(effect=Effect.ANSWER, method=method, path=path, skip=skip, times=times, response=response)
