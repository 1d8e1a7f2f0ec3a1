"""yt-dlp's networking for one way to SoundCloud: counted, paced, and kept to SoundCloud's own hosts.

Imported late, for it imports yt-dlp. Cookies, proxies, TLS and browser impersonation are yt-dlp's business; that
nothing of them reaches another host is ours (F56).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override
from yt_dlp import YoutubeDL
from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking import Request
from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError
from yt_dlp.networking.impersonate import ImpersonateTarget
from yt_dlp.utils import YoutubeDLError

from engine.domain.failure import Problem
from engine.source_ports import Way
from engine.sources.soundcloud import addresses
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.workflows.cookies import own_cookies, refused_login

REMOTE = "soundcloud"
"""The name its rate limit goes by."""

_HOSTS = re.compile(r"(?:[a-z0-9-]+\.)*(?:soundcloud\.com|sndcdn\.com)|snd\.sc|soundcloud\.app\.goo\.gl")
_LOGIN_HOST = "api-auth.soundcloud.com"  # asked for nothing but whether a login is good
NOT_TAKEN = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
"""What answers a login that SoundCloud does not take; anything else says nothing about it."""
_RETRIES = 0  # whatever fails is tried again by the next run, or by another way
_IMPERSONATING = "CurlCFFI"


class ForeignHostError(TransportError):  # type: ignore[misc]  # yt-dlp's tree is not type-checked
    """That address is none of SoundCloud's, and is not asked."""


class LoginRefusedError(YoutubeDLError):  # type: ignore[misc]  # as above
    """SoundCloud did not take the login of a way's cookies; `cause` is how it answered."""

    def __init__(self, message: str, cause: RequestError) -> None:
        super().__init__(message)
        self.cause = cause


class _Quiet:
    """Takes what yt-dlp would print, and keeps its warnings; every failure comes back as a value."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Let it go."""

    info = error = debug

    def warning(self, message: str) -> None:
        """Keep it: a login that is not taken is only warned of."""
        self.warnings.append(message)


class Downloader(YoutubeDL):  # type: ignore[misc]  # as above
    """One way's connections, cookies and client ids; one thread at a time.

    Args:
        pace: called with the remote's name before every request.
    """

    def __init__(self, config: SoundCloudConfig, way: Way, pace: Callable[[str], None]) -> None:
        self.sent = 0
        self._headers: dict[str, str] = {}
        self._pace = pace
        self._way = _with_cookies(way, config)
        self._said = _Quiet()
        self._at_login: RequestError | None = None
        self._refused: LoginRefusedError | None = None
        self._authority = config.tls_verify if isinstance(config.tls_verify, Path) else None
        if self._authority:
            # yt-dlp has no option for it and looks where OpenSSL does.
            os.environ["SSL_CERT_FILE"] = str(self._authority)
        super().__init__(_options(config, self._way, self._said), auto_init=False)

    @cached_property
    def cookiejar(self) -> Any:
        """This way's cookies, if they are good for SoundCloud.

        Raises:
            CookieLoadError: they are not.
        """
        jar = own_cookies(self._way, REMOTE, self.params, lambda: super(Downloader, self).cookiejar)
        if isinstance(jar, Problem):
            raise CookieLoadError(jar.detail)
        return jar

    @override
    def urlopen(self, req: Any) -> Any:
        url = req if isinstance(req, str) else req.url
        host = (urlsplit(url).hostname or "").lower()
        if _HOSTS.fullmatch(host) is None:
            raise ForeignHostError(f"{host or 'an address without a host'} is none of SoundCloud's hosts")
        self._count()
        try:
            answer = super().urlopen(req)
        except RequestError as error:
            self._at_login = error if host == _LOGIN_HOST else self._at_login
            raise
        if answer.url != url:
            self._count()  # it was led on; that took a request of its own
        return answer

    def _count(self) -> None:
        self._pace(REMOTE)
        self.sent += 1

    @override
    def build_request_director(self, handlers: Iterable[Any], preferences: Any = None) -> Any:
        director = super().build_request_director(handlers, preferences)
        if self._authority and _IMPERSONATING in director.handlers:
            # libcurl does not look where OpenSSL does; it takes a path where yt-dlp says yes or no.
            director.handlers[_IMPERSONATING].verify = str(self._authority)
        return director

    @override
    def save_cookies(self) -> None:
        """Leave a person's cookie file as it is."""

    @property
    def signed_in(self) -> bool:
        """Whether requests carry a person's token, from the cookies of this way."""
        return bool(self._headers)

    def extractor(self, key: str) -> Any:
        """Give one of yt-dlp's extractors, ready to ask, with this way's headers.

        Headers belong to the class otherwise: a token that one way's cookies hold would go out by every other.

        Raises:
            CookieLoadError: the cookies cannot be read, or are of no use.
            LoginRefusedError: SoundCloud does not take the login in them, or cannot say whether it does.
        """
        if self._refused is not None:
            raise self._refused
        found = self.get_info_extractor(key)
        found._HEADERS = self._headers  # noqa: SLF001 - the only door to its headers
        ready = self._initialized(found)
        if not ready and getattr(self._at_login, "status", None) in NOT_TAKEN:
            found._store_client_id(None)  # noqa: SLF001 - it may be an old one, and the login be good
            ready = self._initialized(found)
        if not ready:
            self._give_up()
        return found

    def _initialized(self, extractor: Any) -> bool:
        """Say whether an extractor is ready; yt-dlp would go on as a guest where a login is not taken."""
        self._at_login = None
        self._said.warnings.clear()
        extractor.initialize()
        extractor._ready = self.signed_in or self._at_login is None  # noqa: SLF001 - else the login is not looked at again
        return bool(extractor._ready)  # noqa: SLF001 - as above

    def _give_up(self) -> None:
        assert self._at_login is not None
        known = refused_login(self._said.warnings, REMOTE, self._way)
        error = LoginRefusedError(known.detail if known else str(self._at_login), self._at_login)
        self._refused = error if known else None  # what was no answer to the login is asked for again
        raise error

    def landing(self, url: str, looks: ImpersonateTarget | None = None) -> str:
        """Give the address a short link leads to, even where that page itself is refused; asks as a browser if told."""
        try:
            with self.urlopen(Request(url, extensions={"impersonate": looks} if looks else {})) as answer:
                return str(answer.url)
        except HTTPError as refused:
            landed = str(refused.response.url)
            if landed != url and addresses.is_soundcloud(landed):
                return landed
            raise


def _with_cookies(way: Way, config: SoundCloudConfig) -> Way:
    """Give a way without cookies of its own those of the settings."""
    if way.cookie_file is not None or way.cookie_browser is not None:
        return way
    return replace(way, cookie_file=config.cookie_file, cookie_browser=config.cookie_browser)


def _options(config: SoundCloudConfig, way: Way, said: _Quiet) -> dict[str, Any]:
    return {
        "quiet": True,
        "no_warnings": True,
        "logger": said,
        "proxy": way.proxy or config.proxy,
        "nocheckcertificate": config.tls_verify is False,
        "compat_opts": {"no-certifi"} if isinstance(config.tls_verify, Path) else set(),
        "cachedir": str(config.cache_dir) if config.cache_dir else False,
        "cookiesfrombrowser": (way.cookie_browser, None, None, None) if way.cookie_browser else None,
        "socket_timeout": config.timeout_s,
        "extractor_retries": _RETRIES,
        "extract_flat": "in_playlist",
    }
