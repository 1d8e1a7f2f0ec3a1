"""The one door to Notion: requests are paced, counted and sent once, and end in an answer or a `Failed`.

The client library's own retries are off: its waits are capped and its attempts would go unrecorded.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.targets.failed import Failed, unreadable
from engine.targets.notion.config import NotionConfig
from engine.targets.pacing import Pace, Pacing, unpaced

if TYPE_CHECKING:
    from notion_client import Client

REMOTE = "notion"
Answer: TypeAlias = dict[str, Any]


class Connection:
    """A client that is built at the first request and shared by all threads."""

    def __init__(
        self, config: NotionConfig, *, pace: Pace = unpaced, settle_pace: Pace = unpaced, reached: Reached = pass_by
    ) -> None:
        self._config = config
        self._pacing = Pacing(pace, settle_pace)
        self._reached = reached
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._sent = 0

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        return self._sent

    def one_write(self) -> AbstractContextManager[None]:
        """Surround one write and its read-back, in which nothing that waits is interrupted."""
        return self._pacing.one_write()

    def ask(self, call: Callable[[Client], Any], *, reserved: bool = False) -> Answer | Failed:
        """Send one request and give its answer, or how it failed.

        Args:
            call: the request.
            reserved: whether its place in the rate limit was taken already, as a workflow does for each write.
        """
        from engine.targets.notion.errors import RAISED, failure_of  # noqa: PLC0415 - the client library loads late

        client = self._ready()
        if reserved:
            self._pacing.going_out()
        elif failed := self._pacing.wait(REMOTE):
            return failed
        with self._lock:
            self._sent += 1
        try:
            answer = call(client)
        except RAISED as error:
            return failure_of(error)
        if reserved:
            self._reached(CrashPoint.DURING_SEND)
        return answer if isinstance(answer, dict) else unreadable("Notion", "it is not an object")

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _ready(self) -> Client:
        with self._lock:
            if self._client is None:
                self._client = _client(self._config)
            return self._client


def _client(config: NotionConfig) -> Client:
    import httpx  # noqa: PLC0415 - 110 ms at start-up (G10)
    from notion_client import Client  # noqa: PLC0415 - as above

    # Used without `with`: entering the library's client would replace ours.
    return Client(
        client=httpx.Client(
            verify=not config.base_url.startswith("http:")
        ),  # a gateway without TLS needs no certificates
        auth=config.token,
        base_url=config.base_url.rstrip("/"),
        notion_version=config.version,
        timeout_ms=round(config.timeout_s * 1000),
        retry=False,
        logger=logging.getLogger("engine.targets.notion"),
        log_level=logging.CRITICAL,  # the library logs failures; ours are values
    )
