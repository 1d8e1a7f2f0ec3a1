"""The api the site itself asks, by yt-dlp's client ids and browser impersonation. Imported late, parses nothing.

yt-dlp drops the ISRC, the policy and the declared length of lists, so its extractors ask but do not read.
Every failure is a `Problem`. Nothing here downloads audio.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar

from typing_extensions import override
from yt_dlp.networking.impersonate import ImpersonateTarget

from engine.domain.failure import Problem
from engine.source_ports import Way
from engine.sources.soundcloud import problems
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.downloader import Downloader
from engine.sources.soundcloud.paging import paged
from engine.sources.soundcloud.records import unreadable
from engine.sources.soundcloud.sessions import Page, Session

_API = "https://api-v2.soundcloud.com"
_LISTS = {
    "likes": "users/{}/likes",
    "tracks": "users/{}/tracks",
    "reposts": "stream/users/{}/reposts",
    "sets": "users/{}/playlists",
    "albums": "users/{}/albums",
}
_PAGE_ITEMS = 200  # the longest page SoundCloud documents for linked partitioning
_EXTRACTOR = "SoundcloudUser"  # one for all, so that there is one client id; this one knows how to look like a browser

_T = TypeVar("_T")


class WebSession(Session):
    """A way to api-v2, open until closed; one thread at a time."""

    def __init__(self, config: SoundCloudConfig, way: Way, pace: Callable[[str], None]) -> None:
        self._downloader = Downloader(config, way, pace)

    @property
    @override
    def sent(self) -> int:
        return self._downloader.sent

    @override
    def close(self) -> None:
        self._downloader.close()

    @override
    def resolve(self, url: str, token: str | None = None) -> object | Problem:
        return self._asked(lambda: self._call(f"{_API}/resolve?url={url}", {}))

    @override
    def user(self, url: str, number: str | None) -> object | Problem:
        return self.resolve(url)

    @override
    def head(self, number: str) -> object | Problem | None:
        return None

    @override
    def numbered(self, kind: str, number: str, token: str | None) -> object | Problem:
        query = {"secret_token": token} if token else {}
        return self._asked(lambda: self._call(f"{_API}/{kind}/{number}", query))

    @override
    def tracks(self, numbers: Sequence[str], key: Mapping[str, str]) -> object | Problem:
        return self._asked(lambda: self._call(f"{_API}/tracks", {"ids": ",".join(numbers), **key}))

    @override
    def track(self, number: str) -> object | Problem:
        return self._asked(lambda: self._call_once(f"{_API}/tracks/{number}"))

    @override
    def pages(self, user: str, which: str) -> Iterator[Page | Problem]:
        first = f"{_API}/{_LISTS[which].format(user)}"
        query = {"limit": str(_PAGE_ITEMS), "linked_partitioning": "1"}
        start = {**query, "offset": "0"}
        return paged(first, lambda url: self._page(url, start if url == first else query), _PAGE_ITEMS)

    @override
    def search(self, query: str, limit: int) -> object | Problem:
        asked = {"q": query, "limit": str(limit), "linked_partitioning": "1", "offset": "0"}
        return self._asked(lambda: self._call(f"{_API}/search/tracks", asked))

    @override
    def landing(self, url: str) -> str | Problem:
        """Ask as a browser, where that can be done: short links are refused to others at times."""
        return self._asked(lambda: self._downloader.landing(url, self._browser()))

    def _asked(self, ask: Callable[[], _T]) -> _T | Problem:
        try:
            return ask()
        except problems.FAULTS as error:
            return problems.read(error, signed_in=self._downloader.signed_in)

    def _browser(self) -> ImpersonateTarget | None:
        looks = self._downloader.extractor(_EXTRACTOR)._browser_impersonate_target  # noqa: SLF001 - its only door
        return looks if isinstance(looks, ImpersonateTarget) else None

    def _page(self, url: str, query: Mapping[str, str]) -> object | Problem:
        if not url.startswith(f"{_API}/"):
            return unreadable("address of the next page")
        answer = self._asked(lambda: self._call(url, query, disguised=True))
        if isinstance(answer, Problem) and answer.http_status == HTTPStatus.BAD_GATEWAY:
            return self._asked(lambda: self._call(url, query, disguised=True))  # as yt-dlp does: it passes at once
        return answer

    def _call(self, url: str, query: Mapping[str, str], *, disguised: bool = False) -> object:
        """Ask as the site would; a client id that is refused is looked up again, once."""
        extractor = self._downloader.extractor(_EXTRACTOR)
        looks = {"impersonate": extractor._browser_impersonate_target} if disguised else {}  # noqa: SLF001 - its only door
        answer: object = extractor._call_api(url, None, query=dict(query), headers=extractor._HEADERS, **looks)  # noqa: SLF001 - as above
        return answer

    def _call_once(self, url: str) -> object:
        extractor = self._downloader.extractor(_EXTRACTOR)
        query = {"client_id": extractor._CLIENT_ID}  # noqa: SLF001 - the only door to its client ids
        answer: object = extractor._download_json(url, None, query=query, headers=extractor._HEADERS)  # noqa: SLF001 - as above
        return answer
