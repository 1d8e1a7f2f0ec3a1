"""The official api, by an app of the person's own: client credentials, URNs, one token for all ways.

Answers with the same things as `web`, in nearly the same JSON; what the official api lacks is a `Problem` that says
so. The secret goes to the host of tokens only, the token to the host of the api only (F56). Imported late.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from msgspec.structs import replace
from typing_extensions import override
from yt_dlp.networking import Request

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Way
from engine.sources.soundcloud import problems
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.downloader import Downloader
from engine.sources.soundcloud.paging import paged
from engine.sources.soundcloud.records import native_of, unreadable
from engine.sources.soundcloud.sessions import Page, Session, Token

_API = "https://api.soundcloud.com"
_TOKENS = "https://secure.soundcloud.com/oauth/token"
_LISTS = {
    "likes": "users/{}/likes/tracks",
    "tracks": "users/{}/tracks",
    "sets": "users/{}/playlists",
    "albums": "users/{}/playlists",
}
_NUMBERED = re.compile(rf"{re.escape(_API)}/users/(?P<id>\d+)")
_ACCESS = {"access": "playable,preview,blocked"}  # without it, what is blocked here is left out
_PAGED = {"linked_partitioning": "true", "limit": "200"}
_APP_HINT = "Check soundcloud.client_id and soundcloud.client_secret; without them, the api of the site is asked."
_ABSENT = Problem(
    failure=FailureClass.NOT_ALLOWED,
    detail="SoundCloud's official api does not give reposts",
    hint="Leave soundcloud.client_id empty to have lists read as the site does.",
)


class OfficialSession(Session):
    """A way to the official api, open until closed; one thread at a time."""

    def __init__(self, config: SoundCloudConfig, way: Way, pace: Callable[[str], None], token: Token) -> None:
        self._downloader = Downloader(config, way, pace)
        self._credentials = b64encode(f"{config.client_id}:{config.client_secret}".encode()).decode()
        self._token = token

    @property
    @override
    def sent(self) -> int:
        return self._downloader.sent

    @override
    def close(self) -> None:
        self._downloader.close()

    @override
    def resolve(self, url: str, token: str | None = None) -> object | Problem:
        return self._whole(self._get(f"{_API}/resolve?{urlencode({'url': url})}"), token)

    @override
    def user(self, url: str, number: str | None) -> object | Problem:
        """Ask by number where that leads to the same address: resolving one takes two requests."""
        if named := _NUMBERED.fullmatch(url):
            return self._get(_url(f"users/{_urn('users', named['id'])}", {}))
        known = self._get(_url(f"users/{_urn('users', number)}", {})) if number else None
        same = isinstance(known, dict) and str(known.get("permalink_url")).casefold() == url.casefold()
        return known if same else self.resolve(url)

    @override
    def head(self, number: str) -> object | Problem | None:
        return self._get(_url(f"playlists/{_urn('playlists', number)}", {"show_tracks": "false"}))

    @override
    def numbered(self, kind: str, number: str, token: str | None) -> object | Problem:
        query = {"secret_token": token} if token else {}
        return self._whole(self._get(_url(f"{kind}/{_urn(kind, number)}", query)), token)

    @override
    def tracks(self, numbers: Sequence[str], key: Mapping[str, str]) -> object | Problem:
        urns = ",".join(_urn("tracks", number) for number in numbers)
        return self._get(_url("tracks", {"urns": urns, **_ACCESS, "limit": str(len(numbers))}))

    @override
    def track(self, number: str) -> object | Problem:
        return self._get(_url(f"tracks/{_urn('tracks', number)}", {}))

    @override
    def pages(self, user: str, which: str) -> Iterator[Page | Problem]:
        if which not in _LISTS:
            yield _ABSENT
            return
        for page in self._pages(_url(_LISTS[which].format(_urn("users", user)), {**_ACCESS, **_PAGED})):
            yield _albums(page) if which == "albums" and isinstance(page, Page) else page

    @override
    def search(self, query: str, limit: int) -> object | Problem:
        return self._get(_url("tracks", {"q": query, "limit": str(limit), **_ACCESS}))

    @override
    def landing(self, url: str) -> str | Problem:
        try:
            return self._downloader.landing(url)
        except problems.FAULTS as error:
            return problems.read(error)

    def _whole(self, answer: object, token: str | None) -> object | Problem:
        """Give a set with all of its tracks, those that are blocked among them; anything else as it is."""
        if not isinstance(answer, dict) or answer.get("kind") != "playlist" or not (native := native_of(answer)):
            return answer
        query = {"secret_token": token} if token else {}
        shown: list[object] = []
        for page in self._pages(_url(f"playlists/{_urn('playlists', native)}/tracks", {**query, **_ACCESS, **_PAGED})):
            if isinstance(page, Problem):
                return page
            shown += page.items
        return {**answer, "tracks": shown}

    def _pages(self, url: str) -> Iterator[Page | Problem]:
        return paged(url, self._get, int(_PAGED["limit"]))

    def _get(self, url: str) -> object | Problem:
        """Give the api's answer; a token it does not take is renewed, once."""
        if not url.startswith(f"{_API}/"):
            return unreadable("address of the next page")
        held = self._token.text
        answer = self._authorized(url)
        if isinstance(answer, Problem) and answer.http_status == HTTPStatus.UNAUTHORIZED and held is not None:
            self._token.text = None
            answer = self._authorized(url)
        return answer

    def _authorized(self, url: str) -> object | Problem:
        refused = self._renew() if self._token.text is None else None
        return refused or self._read(Request(url, headers={"Authorization": f"OAuth {self._token.text}"}))

    def _renew(self) -> Problem | None:
        headers = {"Authorization": f"Basic {self._credentials}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self._read(Request(_TOKENS, data=b"grant_type=client_credentials", headers=headers))
        if isinstance(answer, Problem):
            return answer
        text = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(text, str) or not text:
            return unreadable("answer to a request for a token")
        self._token.text = text
        return None

    def _read(self, request: Request) -> object | Problem:
        request.headers["Accept"] = "application/json; charset=utf-8"
        try:
            with self._downloader.urlopen(request) as answer:
                found: object = json.loads(answer.read())
        except problems.FAULTS as error:
            problem = problems.read(error, signed_in=True)
            refused = problem.http_status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.BAD_REQUEST)
            about_app = refused and (request.url == _TOKENS or problem.failure is FailureClass.AUTH_EXPIRED)
            return replace(problem, failure=FailureClass.AUTH_EXPIRED, hint=_APP_HINT) if about_app else problem
        return found


def _url(path: str, query: Mapping[str, str]) -> str:
    return f"{_API}/{path}?{urlencode(query)}" if query else f"{_API}/{path}"


def _urn(kind: str, number: str) -> str:
    return f"soundcloud:{kind}:{number}"


def _albums(page: Page) -> Page:
    chosen = (one for one in page.items if isinstance(one, dict) and one.get("playlist_type") == "album")
    return Page(items=tuple(chosen), last=page.last)
