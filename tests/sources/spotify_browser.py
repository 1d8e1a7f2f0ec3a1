"""A person with a browser in front of Spotify's consent page."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from engine.domain.failure import Problem
from engine.sources.spotify.source import SpotifySource
from engine.workflows.login import Entered
from tests.fakes.machine import FakeClock
from tests.sources.spotify_account import Account


class Waiting(FakeClock):
    """Time that passes a little with every look, so that waiting ends."""

    @override
    def sleep(self, seconds: float) -> None:
        """Let a second pass."""
        super().sleep(seconds)
        self.pass_s(1)


class Browser:
    """A person with a browser: opens what is shown, maybe changed on the way, and keeps what came of it."""

    def __init__(self, change: Callable[[str], str] = str) -> None:
        self.shown: list[str] = []
        self.statuses: list[int] = []
        self._change = change
        self._threads: list[threading.Thread] = []

    def __call__(self, url: str) -> None:
        """Open an address."""
        self.shown.append(url)
        thread = threading.Thread(target=self._open, args=(self._change(url),))
        thread.start()
        self._threads.append(thread)

    def wait(self) -> None:
        """Wait until every page has ended."""
        for thread in self._threads:
            thread.join()

    def _open(self, url: str) -> None:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                self.statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            self.statuses.append(error.code)
            error.close()


def enter(
    account: Account, browser: Callable[[str], None], *, port: int = 0, timeout_s: float = 30.0, **changes: object
) -> tuple[SpotifySource, Entered | Problem]:
    """Log in with a browser, and give the source and what came of it."""
    source = account.source(**changes)
    entered = source.door.enter(browser, port=port, timeout_s=timeout_s)
    if isinstance(browser, Browser):
        browser.wait()
    return source, entered


def callback(url: str, query: str, path: str = "/callback") -> str:
    """Give where a browser comes back to with a query."""
    return f"http://127.0.0.1:{urlsplit(parse_qs(urlsplit(url).query)['redirect_uri'][0]).port}{path}?{query}"
