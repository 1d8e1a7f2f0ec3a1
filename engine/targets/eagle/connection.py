"""The one door to Eagle: requests are paced, counted and sent once, and end in data or a `Failed`.

It knows the version and the library it talks to. No proxies: Eagle is this machine's, or a neighbour's.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.failure import FailureClass, Problem
from engine.targets.eagle.config import EagleConfig
from engine.targets.failed import Effect, Failed, refused, unreadable
from engine.targets.pacing import Pace, Pacing, unpaced

if TYPE_CHECKING:
    import httpx

REMOTE = "eagle"
PAGES_MAX = 10_000  # of a thousand things each; more is a listing gone astray
Record: TypeAlias = dict[str, Any]


class Connection:
    """A client that is built at the first request and shared by all threads."""

    def __init__(
        self, config: EagleConfig, *, pace: Pace = unpaced, settle_pace: Pace = unpaced, reached: Reached = pass_by
    ) -> None:
        self._config = config
        self._pacing = Pacing(pace, settle_pace)
        self._reached = reached
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._sent = 0
        self._version_known = False
        self._expected: str | None = None

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        return self._sent

    def one_write(self) -> AbstractContextManager[None]:
        """Surround one write and its read-back, in which nothing that waits is interrupted."""
        return self._pacing.one_write()

    def get(self, path: str, **asked: Any) -> Any | Failed:
        """Send one GET and give its data."""
        return self._ask("GET", path, params=asked)

    def post(self, path: str, body: Mapping[str, Any], *, reserved: bool = True) -> Any | Failed:
        """Send one write and give its data; a workflow takes a place in the rate limit for each action's own."""
        return self._ask("POST", path, reserved=reserved, json=body)

    def listed(
        self, path: str, *, keep: Callable[[Record], bool] = lambda _: True, **asked: Any
    ) -> list[Record] | Failed:
        """Give the records to keep of a whole paginated listing; one that changed meanwhile is a failure."""
        kept: list[Record] = []
        ids: set[str] = set()
        first_total: int | None = None
        for _ in range(PAGES_MAX):
            page = self.get(path, offset=len(ids), limit=self._config.page_size, **asked)
            if isinstance(page, Failed):
                return page
            try:
                fresh = {str(record["id"]) for record in page["data"]}
                kept += [record for record in page["data"] if keep(record)]
                total = int(page["total"])
            except (KeyError, TypeError, ValueError) as error:
                return unreadable("Eagle", f"{type(error).__name__} in a listing")
            first_total = total if first_total is None else first_total
            if total != first_total or fresh & ids or (not fresh and len(ids) < total):
                return _changed()
            ids |= fresh
            if len(ids) >= total:
                return kept
        return unreadable("Eagle", "a listing that does not end")

    def library(self) -> str | Failed:
        """Give the path of the open library, if Eagle is new enough and the library is the right one."""
        if not self._version_known:
            failed = self._check_version()
            if failed is not None:
                return failed
            self._version_known = True
        info = self.get("library/info")
        if isinstance(info, Failed):
            return info
        path = info.get("path") if isinstance(info, dict) else None
        if not isinstance(path, str) or not path:
            return unreadable("Eagle", "a library without a path")
        wanted = self._config.library_path
        if wanted is not None and not same_path(path, wanted):
            return wrong_library(path, wanted)
        if self._expected is not None and not same_path(path, self._expected):
            return wrong_library(path, self._expected, hint=f"open {self._expected} in Eagle; what waits is done then")
        return path

    def expect(self, path: str) -> None:
        """Take no other library from here on: ids that were learned from this one mean nothing elsewhere."""
        self._expected = path

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _check_version(self) -> Failed | None:
        info = self.get("app/info")
        if not isinstance(info, Failed) or info.problem.http_status != HTTPStatus.NOT_FOUND:
            return info if isinstance(info, Failed) else None
        older = self._ask("GET", "/api/application/info")
        if isinstance(older, dict) and "buildVersion" in older:
            detail = f"Eagle {older.get('version')} build {older['buildVersion']} has no V2 API"
            return refused(FailureClass.UNSUPPORTED, detail, info.problem.hint)
        return refused(FailureClass.UNSUPPORTED, "what answers at Eagle's address is not Eagle", "check EAGLE_API_BASE")

    def _ask(self, method: str, path: str, *, reserved: bool = False, **parts: Any) -> Any | Failed:
        import httpx  # noqa: PLC0415 - start-up budget (G10)

        from engine.targets.eagle.errors import data_of, failure_of  # noqa: PLC0415 - as above

        client = self._ready()
        if not reserved and (failed := self._pacing.wait(REMOTE)):
            return failed
        if method == "POST":
            self._pacing.going_out()
        with self._lock:
            self._sent += 1
        try:
            response = client.request(method, path if path.startswith("/") else f"/api/v2/{path}", **parts)
        except httpx.HTTPError as error:
            return failure_of(error)
        if method == "POST":
            self._reached(CrashPoint.DURING_SEND)
        return data_of(response)

    def _ready(self) -> httpx.Client:
        import httpx  # noqa: PLC0415 - start-up budget (G10)

        with self._lock:
            if self._client is None:
                # The token travels in the address, and httpx tells every address to whoever listens.
                logging.getLogger("httpx").setLevel(logging.WARNING)
                self._client = httpx.Client(
                    base_url=self._config.base_url.rstrip("/"),
                    params={"token": self._config.token} if self._config.token else None,
                    timeout=self._config.timeout_s,
                    verify=self._config.base_url.startswith("https:"),  # reading certificates takes 40 ms (G10)
                    trust_env=False,
                )
            return self._client


def same_path(one: str, other: str) -> bool:
    """Say whether two paths name one library; how they are typed does not matter."""
    return _plain(one) == _plain(other)


def wrong_library(found: str, wanted: str, *, hint: str = "") -> Failed:
    """Build the failure of another library being open."""
    problem = Problem(
        failure=FailureClass.WRONG_LIBRARY,
        detail=f"Eagle has {found} open, not {wanted}",
        hint=hint or f"open {wanted} in Eagle, or change the library in the settings",
    )
    return Failed(problem=problem, effect=Effect.NONE_YET)


def _plain(path: str) -> str:
    return unicodedata.normalize("NFC", path).replace("\\", "/").rstrip("/")


def _changed() -> Failed:
    problem = Problem(failure=FailureClass.UNEXPECTED, detail="the library changed while it was read")
    return Failed(problem=problem, effect=Effect.NONE_YET)
