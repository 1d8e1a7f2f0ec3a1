"""The one typed edge to yt-dlp: its networking, cookies, proxies and client ids. Imported late, parses nothing.

yt-dlp drops the ISRC, the policy and the declared length of a set, so its extractor asks the api but does not
read the answers; only a user's paged lists are read by it, for those need its browser impersonation.
Every failure is a `Problem`. Nothing here downloads audio.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override
from yt_dlp import YoutubeDL

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.sources.soundcloud import problems
from engine.sources.soundcloud.config import SoundCloudConfig

_API = "https://api-v2.soundcloud.com"
_RETRIES = 1  # of a page that ends in 502; anything longer is for the next run
_ENTRIES_MAX = 50_000  # of one user's list: 250 pages of 200, ten times the longest known to us

_T = TypeVar("_T")


class _Quiet:
    """Takes what yt-dlp would print; every failure comes back as a value."""

    def debug(self, message: str) -> None:
        """Let it go."""

    info = warning = error = debug


class _CountingYoutubeDL(YoutubeDL):  # type: ignore[misc]  # yt-dlp's tree is not type-checked
    """Counts every request yt-dlp makes."""

    sent = 0

    @override
    def urlopen(self, req: Any) -> Any:
        self.sent += 1
        return super().urlopen(req)

    @override
    def save_cookies(self) -> None:
        """Leave a person's cookie file as it is."""


class Session:
    """A way to ask SoundCloud, open until closed; one thread at a time."""

    def __init__(self, config: SoundCloudConfig) -> None:
        if isinstance(config.tls_verify, Path):
            # yt-dlp has no option for it and looks where OpenSSL does.
            os.environ["SSL_CERT_FILE"] = str(config.tls_verify)
        self._downloader = _CountingYoutubeDL(_options(config), auto_init=False)

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        return int(self._downloader.sent)

    def close(self) -> None:
        """Let go of connections and cookies."""
        self._downloader.close()

    def resolve(self, url: str) -> object | Problem:
        """Give what the page at a canonical address shows, as the api answers it."""
        return self._asked(lambda: self._call(f"{_API}/resolve?url={url}", {}))

    def get(self, path: str, query: Mapping[str, str]) -> object | Problem:
        """Give the api's answer to one path; a refused client id is looked up again, once."""
        return self._asked(lambda: self._call(f"{_API}/{path}", query))

    def get_once(self, path: str, query: Mapping[str, str]) -> object | Problem:
        """Give the api's answer to one path, where a refusal is about the path and not about the client id."""
        return self._asked(lambda: self._call_once(f"{_API}/{path}", query))

    def expand(self, url: str) -> str | Problem:
        """Give the address a short link leads to."""
        return self._asked(lambda: self._opened(url))

    def user_list(self, url: str) -> tuple[dict[str, Any], tuple[object, ...], Problem | None] | Problem:
        """Give a user's list: its head, its entries as far as they came, and why they did not all come."""
        head = self._asked(lambda: self._extractor("SoundcloudUser").extract(url))
        if isinstance(head, Problem) or not isinstance(head, dict):
            return head if isinstance(head, Problem) else _no_list(url)
        entries: list[object] = []
        ended = self._asked(lambda: entries.extend(itertools.islice(head["entries"], _ENTRIES_MAX)))
        if ended is None and len(entries) == _ENTRIES_MAX:
            ended = Problem(failure=FailureClass.UNEXPECTED, detail=f"only the first {_ENTRIES_MAX} entries were read")
        return head, tuple(entries), ended

    def _asked(self, ask: Callable[[], _T]) -> _T | Problem:
        try:
            return ask()
        except problems.FAULTS as error:
            return problems.read(error)

    def _call(self, url: str, query: Mapping[str, str]) -> object:
        extractor = self._extractor("Soundcloud")
        answer: object = extractor._call_api(url, None, query=dict(query), headers=extractor._HEADERS)  # noqa: SLF001 - the only door to its client ids
        return answer

    def _call_once(self, url: str, query: Mapping[str, str]) -> object:
        extractor = self._extractor("Soundcloud")
        asked = {**query, "client_id": extractor._CLIENT_ID}  # noqa: SLF001 - the only door to its client ids
        answer: object = extractor._download_json(url, None, query=asked, headers=extractor._HEADERS)  # noqa: SLF001 - as above
        return answer

    def _opened(self, url: str) -> str:
        with self._downloader.urlopen(url) as answer:
            return str(answer.url)

    def _extractor(self, key: str) -> Any:
        extractor = self._downloader.get_info_extractor(key)
        extractor.initialize()
        return extractor


def _no_list(url: str) -> Problem:
    return Problem(failure=FailureClass.EXTRACTOR_BROKEN, detail=f"yt-dlp found no list at {public_address(url)}")


def _options(config: SoundCloudConfig) -> dict[str, Any]:
    browser = (config.cookie_browser, None, None, None) if config.cookie_browser else None
    return {
        "quiet": True,
        "no_warnings": True,
        "logger": _Quiet(),
        "proxy": config.proxy,
        "nocheckcertificate": config.tls_verify is False,
        "compat_opts": {"no-certifi"} if isinstance(config.tls_verify, Path) else set(),
        "cachedir": str(config.cache_dir) if config.cache_dir else False,
        "cookiefile": str(config.cookie_file) if config.cookie_file else None,
        "cookiesfrombrowser": browser,
        "socket_timeout": config.timeout_s,
        "extractor_retries": _RETRIES,
        "extract_flat": "in_playlist",
    }
