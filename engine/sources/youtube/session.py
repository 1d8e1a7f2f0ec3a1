"""The one typed edge to yt-dlp's YouTube extractors, by one way. Imported late, parses nothing.

Lists are read flat, page by page; a video's page is read without its player's challenges, which only a download
needs. Every failure is a `Problem`. Nothing here downloads audio, and no cookie file is written to.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override
from yt_dlp import YoutubeDL
from yt_dlp.cookies import CookieLoadError
from yt_dlp.extractor import youtube

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.source_ports import Way
from engine.sources.youtube import problems
from engine.sources.youtube.config import YouTubeConfig
from engine.workflows.cookies import own_cookies, refused_login

ENTRIES_MAX = 50_000
"""Of one list; YouTube's own limit is 5,000 for playlists and 20,000 for uploads."""
_REMOTE = "youtube"
_STEPS_MAX = 4  # from an address to what it stands for

_T = TypeVar("_T")


class _Notes:
    """Keeps the extractor's warnings, for they say what a failure does not; prints nothing."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Let it go."""

    info = debug

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    error = warning


class _PacedYoutubeDL(YoutubeDL):  # type: ignore[misc]  # yt-dlp's tree is not type-checked
    """Waits for its place before every request, and counts it; its cookies are its way's, and YouTube's."""

    def __init__(self, options: dict[str, Any], way: Way, pace: Callable[[str], None]) -> None:
        self._way = way
        self._pace = pace
        self.sent = 0
        super().__init__(options, auto_init=False)

    @cached_property
    def cookiejar(self) -> Any:
        """This way's cookies, if they are good for YouTube.

        Raises:
            CookieLoadError: they are not.
        """
        jar = own_cookies(self._way, _REMOTE, self.params, lambda: super(_PacedYoutubeDL, self).cookiejar)
        if isinstance(jar, Problem):
            raise CookieLoadError(jar.detail)
        return jar

    @override
    def urlopen(self, req: Any) -> Any:
        self._pace(_REMOTE)
        self.sent += 1
        return super().urlopen(req)

    @override
    def save_cookies(self) -> None:
        """Leave a person's cookie file as it is."""


class Session:
    """One way to ask YouTube, open until closed; one thread at a time."""

    def __init__(self, config: YouTubeConfig, way: Way, pace: Callable[[str], None]) -> None:
        if isinstance(config.tls_verify, Path):
            # yt-dlp has no option for it and looks where OpenSSL does.
            os.environ["SSL_CERT_FILE"] = str(config.tls_verify)
        self._notes = _Notes()
        self._way = way
        self._downloader = _PacedYoutubeDL(_options(config, way, self._notes), way, pace)
        for extractor in _extractors():
            self._downloader.add_info_extractor(extractor)

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        return int(self._downloader.sent)

    def close(self) -> None:
        """Let go of connections and cookies."""
        self._downloader.close()

    def playlist(self, url: str) -> tuple[dict[str, Any], tuple[object, ...], Problem | None] | Problem:
        """Give a list: its head, its entries as far as they came, and why they did not all come."""
        head = self._asked(lambda: self._resolved(url))
        if isinstance(head, Problem):
            return head
        if not isinstance(head, dict) or "entries" not in head:
            hint = "follow a playlist, a channel or a video"
            return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{public_address(url)} is no list", hint=hint)
        entries: list[object] = []
        said = tuple(self._notes.warnings)
        ended = self._asked(lambda: entries.extend(itertools.islice(head["entries"], ENTRIES_MAX)))
        ended = ended or problems.cut_short(self._notes.warnings)
        if ended is None and len(entries) == ENTRIES_MAX:
            ended = Problem(failure=FailureClass.UNEXPECTED, detail=f"only the first {ENTRIES_MAX} entries were read")
        if ended is None and len(entries) < (head.get("playlist_count") or math.inf):
            ended = problems.cut_short(said)  # of what YouTube hides at first, and would not show
        return head, tuple(entries), ended

    def video(self, url: str) -> dict[str, Any] | Problem:
        """Give what a video's own page says."""
        answer = self._asked(lambda: self._resolved(url))
        if isinstance(answer, (Problem, dict)):
            return answer
        return Problem(failure=FailureClass.EXTRACTOR_BROKEN, detail=f"yt-dlp found no video at {public_address(url)}")

    def _resolved(self, url: str) -> object:
        """Follow an address to what it stands for; nothing is asked of a list's entries."""
        key: str | None = None
        for _ in range(_STEPS_MAX):
            answer = self._downloader.extract_info(url, download=False, ie_key=key, process=False)
            if not isinstance(answer, dict) or answer.get("_type") not in ("url", "url_transparent"):
                return answer
            url, key = str(answer["url"]), answer.get("ie_key")
        return None

    def _asked(self, ask: Callable[[], _T]) -> _T | Problem:
        self._notes.warnings.clear()
        try:
            answer: _T | Problem = ask()
        except problems.FAULTS as error:
            answer = problems.read(error, self._notes.warnings)
        return refused_login(self._notes.warnings, _REMOTE, self._way) or answer


def _extractors() -> tuple[type, ...]:
    """Give YouTube's extractors: all 1,700 take half a second, and none of the others has business here."""
    return tuple(getattr(youtube, name) for name in dir(youtube) if name.endswith("IE"))


def _options(config: YouTubeConfig, way: Way, notes: _Notes) -> dict[str, Any]:
    browser = (way.cookie_browser, None, None, None) if way.cookie_browser else None
    return {
        "quiet": True,
        "noprogress": True,
        "logger": notes,
        "color": "no_color",
        "proxy": way.proxy,
        "nocheckcertificate": config.tls_verify is False,
        "compat_opts": {"no-certifi"} if isinstance(config.tls_verify, Path) else set(),
        "cachedir": str(config.cache_dir) if config.cache_dir else False,
        "cookiesfrombrowser": browser,
        "socket_timeout": config.timeout_s,
        "extractor_retries": 0,
        "extract_flat": "in_playlist",
        "noplaylist": False,
        # The page itself says all that is read here; further players are asked by downloads only.
        "extractor_args": {"youtube": {"player_client": ["web"], "player_skip": ["js", "configs"]}},
    }
