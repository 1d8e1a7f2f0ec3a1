"""The SoundCloud stand-in as a whole: its address is a proxy, behind which every SoundCloud host answers.

Give its `url` to a client as HTTP proxy. Whatever a client asks of any other host is refused and recorded.

    with SoundCloudStandin(catalog, country="DE") as standin:
        YoutubeDL({"proxy": standin.url, "nocheckcertificate": True, ...})   # a listener in DE
        YoutubeDL({"proxy": standin.way("SE"), ...})                        # one who comes by a proxy in SE
        standin.origin("SE")        # a port with all hosts over TLS, for `standins.proxies` to lead to
        standin.routes("SE")        # the same as host patterns, for those proxies
        standin.catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",), blocked=Blocked.HIDDEN)
        [(line.country, line.host, line.path, line.parameter("client_id"), line.carries("cookie"))
         for line in standin.history]

Each country is a visitor of its own: the budget counts its requests apart. The official API is for `apps`
(`apps={"an-id": "a-secret"}`) and gives tokens at secure.soundcloud.com; api-v2 knows `sessions` only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from typing_extensions import override

from engine.standins.server import Request, Response
from engine.standins.soundcloud.addresses import SITE_HOSTS
from engine.standins.soundcloud.api import Api, paged
from engine.standins.soundcloud.browsers import like_a_browser
from engine.standins.soundcloud.budget import Budget, Meter
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.faults import GUARDED, bot_page, rate_limited
from engine.standins.soundcloud.official import OfficialApi
from engine.standins.soundcloud.proxy import TunnelStandin, allowed, expected_authorization, refusal
from engine.standins.soundcloud.site import ClientIds, Site
from engine.standins.soundcloud.sndcdn import AUDIO_HOSTS, MediaHosts
from engine.standins.soundcloud.tokens import TokenDesk


class SoundCloudStandin(TunnelStandin):
    """A loopback SoundCloud with a catalogue that may change at any time.

    Args:
        catalog: what is on it; an empty one when none is given.
        country: where the proxy stands, for tracks blocked in some countries.
        credentials: user and password the proxy asks for.
        budget: how many api requests it allows; any number when none is given.
        sessions: OAuth tokens of users that are signed in, at api-v2.
        apps: client ids and secrets of apps registered for the official API.
        browsers_only: whether users' lists and short links are for clients that look like a browser; may be changed.
        port: where to listen; 0 takes a free one.
        history_path: a JSON Lines file to which every exchange is appended.
        clock: seconds since the epoch, for the history and the budget.
    """

    def __init__(
        self,
        catalog: Catalog | None = None,
        *,
        country: str = "DE",
        credentials: tuple[str, str] | None = None,
        budget: Budget | None = None,
        sessions: Iterable[str] = (),
        apps: Mapping[str, str] | None = None,
        browsers_only: bool = False,
        port: int = 0,
        history_path: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.catalog = Catalog() if catalog is None else catalog
        self.country = country
        self._authorization = None if credentials is None else expected_authorization(*credentials)
        self._sessions = set(sessions)
        self._desk = TokenDesk(apps or {}, clock=clock)
        self.browsers_only = browsers_only
        self._client_ids = ClientIds()
        self._budget = budget
        self._meters: dict[str, Meter] = {}  # by country
        site = self._site = Site(self.catalog, self._client_ids)
        self._api = Api(self.catalog, sessions=self._sessions)
        media = MediaHosts(self.catalog)
        self._origins: dict[str, Callable[[Request], Response]] = {
            "api-v2.soundcloud.com": self._metered,
            "api-auth.soundcloud.com": self._session,
            "api.soundcloud.com": OfficialApi(self.catalog, self._desk).answer,
            "secure.soundcloud.com": self._desk.answer,
            **dict.fromkeys(SITE_HOSTS, site.page),
            "on.soundcloud.com": self._short_link,
            "a-v2.sndcdn.com": site.asset,
            "i1.sndcdn.com": media.image,
            **dict.fromkeys(AUDIO_HOSTS, media.audio),
        }
        super().__init__(port=port, history_path=history_path, clock=clock)

    @property
    def client_id(self) -> str:
        """The client id api-v2 accepts now."""
        return self._client_ids.current

    def rotate_client_id(self, *, refusal: HTTPStatus = HTTPStatus.UNAUTHORIZED) -> str:
        """Refuse the current client id from now on; gives the next one, which the site's scripts carry."""
        with self._lock:
            return self._client_ids.rotate(refusal)

    def end_session(self, token: str) -> None:
        """Sign out whoever used this token."""
        with self._lock:
            self._sessions.discard(token)

    def expire_tokens(self) -> None:
        """End every token of the official API before its time."""
        with self._lock:
            self._desk.expire_all()

    @override
    def handle(self, request: Request) -> Response:
        if request.method == "CONNECT":
            return self._tunnel(request)
        if "://" in request.path:
            return self._outside_tunnel(request)
        with self.catalog.lock:
            origin = self._origins.get(request.host.partition(":")[0].lower())
            return origin(request) if origin else Response(status=HTTPStatus.NOT_FOUND)

    def _tunnel(self, request: Request) -> Response:
        challenge = self._challenge(request)
        return challenge or (Response() if allowed(request.host) else refusal(request))

    def _outside_tunnel(self, request: Request) -> Response:
        challenge = self._challenge(request)
        if challenge or not allowed(request.host):
            return challenge or refusal(request)
        location = request.path.replace("http://", "https://", 1)
        return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers=(("Location", location),))

    def _challenge(self, request: Request) -> Response | None:
        if self._authorization in (None, request.headers.get("proxy-authorization")):
            return None
        headers = (("Proxy-Authenticate", 'Basic realm="soundcloud"'),)
        return Response(status=HTTPStatus.PROXY_AUTHENTICATION_REQUIRED, headers=headers)

    def _metered(self, request: Request) -> Response:
        if request.parameter("client_id") != self._client_ids.current:
            return Response.of_json({}, status=self._client_ids.refusal)
        if self.browsers_only and paged(request) and not like_a_browser(request):
            return bot_page().response
        wait_s = self._meters.setdefault(request.country, Meter(self._budget, clock=self._clock)).wait_s()
        if wait_s is not None:
            return rate_limited(retry_after_s=wait_s)
        answer = self._api.answer(request, country=request.country)
        return replace(answer, headers=(*answer.headers, *GUARDED)) if paged(request) else answer

    def _short_link(self, request: Request) -> Response:
        """Lead on, or take a client for a robot, as the service does with both short links and lists."""
        if self.browsers_only and not like_a_browser(request):
            return bot_page().response
        return self._site.short_link(request)

    def _session(self, request: Request) -> Response:
        """Answer whether the token in the body belongs to somebody signed in; 401 to an old client id as well."""
        if request.parameter("client_id") != self._client_ids.current:
            return Response.of_json({}, status=self._client_ids.refusal)
        known = any(token.encode() in request.body for token in self._sessions)
        return Response.of_json({}, status=HTTPStatus.OK if known else HTTPStatus.UNAUTHORIZED)
