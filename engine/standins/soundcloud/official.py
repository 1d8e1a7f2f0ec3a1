"""api.soundcloud.com, the official API: URNs, `access`, redirecting resolve, lists by `linked_partitioning`.

Whoever asks needs a token of the token desk. Lists leave out what is blocked here unless `access` asks for it.
Streams, uploads and everything that needs a signed-in person are not served.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import quote, urlencode

from engine.standins.server import Request, Response
from engine.standins.soundcloud import addresses, pages, search
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.official_shapes import OFFICIAL, OfficialShaper
from engine.standins.soundcloud.records import Playlist, Track, User
from engine.standins.soundcloud.shapes import Json
from engine.standins.soundcloud.tokens import TokenDesk

ACCESS_LEVELS = ("playable", "preview", "blocked")
_ACCESS_USUAL = "playable,preview"
_PAGE_ITEMS = 50
_TRACK_URN = re.compile(r"soundcloud:tracks:(?P<id>\d+)")


class OfficialApi:
    """Answers for api.soundcloud.com."""

    def __init__(self, catalog: Catalog, desk: TokenDesk) -> None:
        self._catalog = catalog
        self._desk = desk

    def answer(self, request: Request) -> Response:
        """Answer one request of an app."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            return failure(HTTPStatus.UNAUTHORIZED, "A request must contain the Authorization header.")
        if scheme not in ("OAuth", "Bearer") or not self._desk.knows(token):
            return failure(HTTPStatus.UNAUTHORIZED, "The access token is invalid or has expired.")
        visit = _Visit(self._catalog, request)
        for pattern, route in _ROUTES if request.method in ("GET", "HEAD") else ():
            if found := re.fullmatch(pattern, request.path):
                return route(visit, found)
        return failure(HTTPStatus.NOT_FOUND, "Not found")


class _Visit:
    """One request of an app that may ask."""

    def __init__(self, catalog: Catalog, request: Request) -> None:
        self.catalog = catalog
        self.request = request
        self.shaper = OfficialShaper(catalog, country=request.country)

    def resolve(self, _found: re.Match[str]) -> Response:
        """Redirect to what a public address names."""
        named = addresses.find(self.catalog, self.request.parameter("url") or "")
        if named is None or (isinstance(named, Track) and not self.shaper.sees(named)):
            return failure(HTTPStatus.NOT_FOUND, "Not found")
        location = f"{OFFICIAL}/{_path_of(named)}"
        body = {"status": "302 - Found", "location": location}
        return Response.of_json(body, status=HTTPStatus.FOUND, headers=(("Location", location),))

    def track(self, found: re.Match[str]) -> Response:
        """Answer with one track, whatever the access to it."""
        track = self.catalog.track(int(found["id"]))
        token = self.request.parameter("secret_token")
        opened = track and addresses.opens_track(self.catalog, track, token) and self.shaper.sees(track)
        return Response.of_json(self.shaper.track(track)) if track and opened else _absent()

    def tracks(self, _found: re.Match[str]) -> Response:
        """Answer with the tracks of given URNs, or with those a question finds."""
        urns, question = self.request.parameter("urns"), self.request.parameter("q")
        if urns is None:
            return self._tracks(search.tracks(self.catalog, question or "")) if question else _refused("q")
        named = [_TRACK_URN.fullmatch(urn) for urn in urns.split(",")]
        if None in named:
            return _refused("urns")
        found = (self.catalog.track(int(one["id"])) for one in named if one)
        return self._tracks([track for track in found if track and not track.secret_token])

    def playlist(self, found: re.Match[str]) -> Response:
        """Answer with one set and those of its tracks that `access` asks for."""
        playlist = self._playlist(found)
        levels = self._levels()
        if playlist is None or levels is None:
            return _absent() if levels else _refused("access")
        shown = [self.shaper.track(track) for track in self._entries(playlist) if self.shaper.access(track) in levels]
        tracks = {} if self.request.parameter("show_tracks") == "false" else {"tracks": shown}
        return Response.of_json({**self.shaper.playlist(playlist), **tracks})

    def playlist_tracks(self, found: re.Match[str]) -> Response:
        """Answer with a page of a set's tracks, in order."""
        playlist = self._playlist(found)
        return self._tracks(self._entries(playlist)) if playlist else _absent()

    def user(self, found: re.Match[str]) -> Response:
        """Answer with one account."""
        user = self.catalog.user(int(found["id"]))
        return Response.of_json(self.shaper.user(user)) if user else _absent()

    def user_tracks(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user uploaded, newest first."""
        user_id = int(found["id"])
        own = [one for one in self.catalog.tracks() if one.user_id == user_id and not one.secret_token]
        newest_first = sorted(own, key=lambda track: (track.created_at, track.id), reverse=True)
        return self._tracks(newest_first) if self.catalog.user(user_id) else _absent()

    def user_playlists(self, found: re.Match[str]) -> Response:
        """Answer with a page of a user's public sets, newest first."""
        user_id = int(found["id"])
        own = [one for one in self.catalog.playlists() if one.user_id == user_id and not one.secret_token]
        newest_first = sorted(own, key=lambda one: (one.created_at, one.id), reverse=True)
        return self._page(newest_first, self.shaper.playlist) if self.catalog.user(user_id) else _absent()

    def liked_tracks(self, found: re.Match[str]) -> Response:
        """Answer with a page of the tracks a user likes, newest first."""
        user_id = int(found["id"])
        liked = [self.catalog.track(one.id) for one in self.catalog.likes(user_id) if one.kind == "track"]
        public = [track for track in liked if track and not track.secret_token]
        return self._tracks(public) if self.catalog.user(user_id) else _absent()

    def own(self, _found: re.Match[str]) -> Response:
        """Refuse what only a signed-in person has."""
        return failure(HTTPStatus.UNAUTHORIZED, "This token belongs to nobody.")

    def _tracks(self, tracks: Sequence[Track]) -> Response:
        levels = self._levels()
        if levels is None:
            return _refused("access")
        seen = [one for one in tracks if self.shaper.sees(one) and self.shaper.access(one) in levels]
        return self._page(seen, self.shaper.track)

    def _levels(self) -> frozenset[str] | None:
        given = frozenset((self.request.parameter("access") or _ACCESS_USUAL).split(","))
        return given if given <= frozenset(ACCESS_LEVELS) else None

    def _playlist(self, found: re.Match[str]) -> Playlist | None:
        playlist = self.catalog.playlist(int(found["id"]))
        opened = playlist and addresses.opens_playlist(playlist, self.request.parameter("secret_token"))
        return playlist if opened else None

    def _entries(self, playlist: Playlist) -> list[Track]:
        found = (self.catalog.track(track_id) for track_id in playlist.track_ids)
        token = playlist.secret_token
        opened = (one for one in found if one and addresses.opens_track(self.catalog, one, token))
        return [one for one in opened if self.shaper.sees(one)]

    def _page(self, items: Sequence[Track] | Sequence[Playlist], shape: Callable[..., Json]) -> Response:
        """Answer with a page that names the next, or, unless asked to, with a bare list."""
        given = self.request.parameter("cursor")
        left = pages.left_from(given or "0", pages.name_of(self.request), len(items))
        limit = pages.limit_of(self.request, usual=_PAGE_ITEMS)
        if left is None or limit is None:
            return _refused("cursor" if left is None else "limit")
        start = max(0, len(items) - left)
        shown = [shape(item) for item in items[start : start + limit]]
        if self.request.parameter("linked_partitioning") not in ("true", "1"):
            return Response.of_json(shown)
        return Response.of_json({"collection": shown, "next_href": self._next(len(items) - start - limit)})

    def _next(self, left: int) -> str | None:
        if left <= 0:
            return None
        kept = [(name, value) for name, value in self.request.query if name != "cursor"]
        place = pages.place_of("", pages.name_of(self.request), left)
        return f"{OFFICIAL}{quote(self.request.path, safe='/:%')}?{urlencode([*kept, ('cursor', place)])}"


def failure(status: HTTPStatus, message: str) -> Response:
    """Give the official API's own words for a failure."""
    body = {
        "code": int(status),
        "message": message,
        "link": "https://developers.soundcloud.com/docs/api/explorer/open-api",
        "status": f"{int(status)} - {status.phrase}",
        "errors": [{"error_message": message}],
        "error": None,
    }
    return Response.of_json(body, status=status)


def _absent() -> Response:
    return failure(HTTPStatus.NOT_FOUND, "Not found")


def _refused(parameter: str) -> Response:
    return failure(HTTPStatus.BAD_REQUEST, f"The parameter {parameter} is missing or invalid.")


def _path_of(named: User | Track | Playlist) -> str:
    kind = f"{type(named).__name__.lower()}s"
    token = "" if isinstance(named, User) or named.secret_token is None else f"?secret_token={named.secret_token}"
    return f"{kind}/{quote(f'soundcloud:{kind}:{named.id}', safe='')}{token}"


def _of(kind: str) -> str:
    return rf"/{kind}/(?:soundcloud(?::|%3A){kind}(?::|%3A))?(?P<id>\d+)"


_Route: TypeAlias = Callable[[_Visit, "re.Match[str]"], Response]
_ROUTES: Iterable[tuple[str, _Route]] = (
    (r"/resolve", _Visit.resolve),
    (r"/tracks", _Visit.tracks),
    (_of("tracks"), _Visit.track),
    (_of("playlists"), _Visit.playlist),
    (_of("playlists") + "/tracks", _Visit.playlist_tracks),
    (_of("users"), _Visit.user),
    (_of("users") + "/tracks", _Visit.user_tracks),
    (_of("users") + "/playlists", _Visit.user_playlists),
    (_of("users") + "/likes/tracks", _Visit.liked_tracks),
    (r"/me(?:/.*)?", _Visit.own),
)
