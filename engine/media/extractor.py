"""yt-dlp for one way to a source: paced, its credentials kept to their own hosts, a person's cookie file left alone.

Loaded late, because yt-dlp is heavy. The extractors share one set of headers per class, and would send a login that
one way's cookies hold by every other way, and to the picture hosts besides; both end here (F56).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override
from yt_dlp import YoutubeDL
from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking import Request

from engine.domain.failure import Problem
from engine.media.config import MediaConfig
from engine.source_ports import Way
from engine.workflows.cookies import own_cookies

_ASKED = ("soundcloud.com", "youtube.com", "youtu.be", "youtubei.googleapis.com")
"""Hosts whose requests count against a service's limit; pictures and pieces of audio come from elsewhere."""
_LOGIN = "Authorization"


@dataclass(slots=True)
class Notes:
    """Keeps the extractor's warnings for classification; prints nothing."""

    warnings: list[str] = field(default_factory=list)

    def debug(self, message: str) -> None:
        """Ignore progress."""

    def info(self, message: str) -> None:
        """Ignore progress."""

    def warning(self, message: str) -> None:
        """Keep it."""
        self.warnings.append(message)

    def error(self, message: str) -> None:
        """Keep it."""
        self.warnings.append(message)


class Extractor(YoutubeDL):  # type: ignore[misc]  # yt-dlp's tree is not type-checked
    """One way's connections, cookies and client ids; for one thread.

    Args:
        options: yt-dlp's own.
        way: the one it goes by.
        source: whom it asks.
        pace: called before every request to a service itself.
    """

    def __init__(self, options: dict[str, Any], *, way: Way, source: str, pace: Callable[[], None]) -> None:
        self._way = way
        self._source = source
        self._pace = pace
        self._own_headers: dict[str, dict[str, str]] = {}
        super().__init__(options)

    @cached_property
    def cookiejar(self) -> Any:
        """This way's cookies, if they are good for the source.

        Raises:
            CookieLoadError: they are not.
        """
        jar = own_cookies(self._way, self._source, self.params, lambda: super(Extractor, self).cookiejar)
        if isinstance(jar, Problem):
            raise CookieLoadError(jar.detail)
        return jar

    @override
    def urlopen(self, req: Any) -> Any:
        request = Request(req) if isinstance(req, str) else req
        if is_asked(str(request.url)):
            self._pace()
        elif str(request.headers.get(_LOGIN, "")).startswith("OAuth "):
            del request.headers[_LOGIN]
        return super().urlopen(request)

    @override
    def get_info_extractor(self, ie_key: str) -> Any:
        found = super().get_info_extractor(ie_key)
        if hasattr(type(found), "_HEADERS"):
            family = str(getattr(found, "_NETRC_MACHINE", ie_key))
            found._HEADERS = self._own_headers.setdefault(family, {})  # noqa: SLF001 - the only door to its headers
        return found

    @override
    def save_cookies(self) -> None:
        """Leave a person's cookie file as it is."""


def is_asked(url: str) -> bool:
    """Say whether a request to an address counts against a service's limit."""
    host = (urlsplit(url).hostname or "").lower()
    return any(host == own or host.endswith(f".{own}") for own in _ASKED)


def common_options(config: MediaConfig, way: Way, notes: Notes) -> dict[str, Any]:
    """Give yt-dlp's options for one way; its cookie file is read when it is needed."""
    options: dict[str, Any] = {
        "format": "bestaudio/best",
        "noplaylist": True,
        "quiet": True,
        "noprogress": True,
        "logger": notes,
        "color": "no_color",
        "retries": 0,
        "extractor_retries": 0,
        "fragment_retries": 0,
        "file_access_retries": 0,
        "socket_timeout": config.socket_timeout_s,
        "cachedir": str(config.cache_dir) if config.cache_dir else False,
        "nocheckcertificate": config.tls_verify is False,
    }
    if isinstance(config.tls_verify, Path):
        options["compat_opts"] = {"no-certifi"}
        os.environ["SSL_CERT_FILE"] = str(config.tls_verify)  # the extractor has no option for it
    proxy = way.proxy if way.proxy is not None else config.proxy
    if proxy is not None:
        options["proxy"] = proxy
    if way.cookie_browser is not None:
        options["cookiesfrombrowser"] = (way.cookie_browser, None, None, None)
    return options
