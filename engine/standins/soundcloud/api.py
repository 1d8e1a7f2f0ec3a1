"""What api-v2 answers: resolving, tracks, sets, users' lists, search and the addresses of media.

Client ids and budgets are checked before a request gets here; media itself is on other hosts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import TypeAlias, assert_never

from engine.standins.server import Request, Response
from engine.standins.soundcloud import addresses, pages, search, sndcdn
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Delivery, Mention, Playlist, Track, User
from engine.standins.soundcloud.renditions import RENDITIONS
from engine.standins.soundcloud.shapes import API_V2, Json, Shaper

BATCH_IDS_MAX = 50  # public clients of api-v2 ask for this many ids at once, no more
_URN = r"(?:soundcloud(?::|%3A)\w+(?::|%3A))?"

Answer: TypeAlias = "Callable[[Visit, re.Match[str]], Response]"


class Api:
    """Answers for api-v2.soundcloud.com."""

    def __init__(self, catalog: Catalog, *, sessions: AbstractSet[str]) -> None:
        self._catalog = catalog
        self._sessions = sessions

    def answer(self, request: Request, *, country: str) -> Response:
        """Answer one request of a client in a country; 401 to a token nobody is signed in with."""
        given = request.headers.get("authorization")
        signed_in = given is not None and given.removeprefix("OAuth ") in self._sessions
        if given is not None and not signed_in:
            return Response.of_json({}, status=HTTPStatus.UNAUTHORIZED)
        visit = Visit(self._catalog, request, Shaper(self._catalog, country=country), signed_in)
        for pattern, route in (*ROUTES, *USER_ROUTES) if request.method in ("GET", "HEAD") else ():
            if found := re.fullmatch(pattern, request.path):
                known = (pattern, route) in ROUTES or self._catalog.user(int(found["id"])) is not None
                return route(visit, found) if known else _absent()
        return _absent()


def paged(request: Request) -> bool:
    """Say whether a request is for one of a user's lists."""
    return any(re.fullmatch(pattern, request.path) for pattern, _ in USER_ROUTES)


class Visit:
    """One request in progress: what was asked, by whom, and how they see the catalogue."""

    def __init__(self, catalog: Catalog, request: Request, shaper: Shaper, signed_in: bool) -> None:  # noqa: FBT001 - one caller
        self.catalog = catalog
        self.request = request
        self.shaper = shaper
        self.signed_in = signed_in

    def resolve(self, _found: re.Match[str]) -> Response:
        """Answer with whatever a public address names."""
        match addresses.find(self.catalog, self.request.parameter("url") or ""):
            case User() as user:
                return Response.of_json(self.shaper.profile(user))
            case Track() as track:
                return Response.of_json(self.shaper.track(track)) if self.shaper.sees(track) else _absent()
            case Playlist() as playlist:
                return Response.of_json(self.shaper.playlist(playlist))
            case None:
                return _absent()
            case _ as other:
                assert_never(other)

    def tracks(self, _found: re.Match[str]) -> Response:
        """Answer with those of the tracks asked for that exist, in order of id unless a private set asks."""
        given = (self.request.parameter("ids") or "").split(",")
        ids = [int(one) for one in given if one.isdecimal()]
        playlist_token = self.request.parameter("playlistSecretToken")
        if len(ids) != len(given) or (playlist_token is None and len(ids) > BATCH_IDS_MAX):
            return Response.of_json({}, status=HTTPStatus.BAD_REQUEST)
        ordered = ids if playlist_token is not None else sorted(set(ids))
        seen = (self._opened(one, playlist_token) for one in ordered)
        return Response.of_json([self.shaper.track(track) for track in seen if track])

    def track(self, found: re.Match[str]) -> Response:
        """Answer with one track."""
        track = self._opened(int(found["id"]), self.request.parameter("secret_token"))
        return Response.of_json(self.shaper.track(track)) if track else _absent()

    def download(self, found: re.Match[str]) -> Response:
        """Answer with the address of the uploaded file, to whoever is signed in."""
        track = self._opened(int(found["id"]), self.request.parameter("secret_token"))
        if track is None or "original" not in self.catalog.media_names(track.id):
            return _absent()
        if not self.signed_in:
            return Response.of_json({}, status=HTTPStatus.UNAUTHORIZED)
        if not track.downloadable:
            return Response.of_json({}, status=HTTPStatus.FORBIDDEN)
        return Response.of_json({"redirectUri": sndcdn.original_url(track)})

    def media(self, found: re.Match[str]) -> Response:
        """Answer with the signed address one transcoding leads to."""
        track = self._opened(int(found["id"]), self.request.parameter("secret_token"))
        if track is None or track.delivery in (Delivery.UNRESOLVED, Delivery.LOCKED):
            return _absent()
        asked = f"{API_V2}{found.group()}"
        for offered in self.shaper.track(track)["media"]["transcodings"]:
            if offered["url"] == asked:
                rendition = RENDITIONS[offered["preset"]]
                url = sndcdn.audio_url(track, rendition, found["protocol"], snipped=offered["snipped"])
                return Response.of_json({"url": url})
        return _absent()

    def playlist(self, found: re.Match[str]) -> Response:
        """Answer with one set."""
        playlist = self.catalog.playlist(int(found["id"]))
        opened = playlist and addresses.opens_playlist(playlist, self.request.parameter("secret_token"))
        return Response.of_json(self.shaper.playlist(playlist)) if playlist and opened else _absent()

    def user(self, found: re.Match[str]) -> Response:
        """Answer with one account."""
        user = self.catalog.user(int(found["id"]))
        return Response.of_json(self.shaper.profile(user)) if user else _absent()

    def user_likes(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user likes, tracks and sets, newest first."""
        return pages.listed(self.request, self.catalog.likes(int(found["id"])), self._like)

    def user_reposts(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user reposted, tracks and sets, newest first."""
        return pages.listed(self.request, self.catalog.reposts(int(found["id"])), self._stream_item)

    def user_tracks(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user uploaded, newest first."""
        return pages.listed(self.request, self._uploads(int(found["id"])), self.shaper.track)

    def user_stream(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user's profile shows first: uploads, then reposts."""
        user_id = int(found["id"])
        uploads = [Mention(kind="track", id=one.id, created_at=one.created_at) for one in self._uploads(user_id)]
        return pages.listed(self.request, [*uploads, *self.catalog.reposts(user_id)], self._stream_item)

    def user_playlists(self, found: re.Match[str]) -> Response:
        """Answer with a page of a user's public sets, of only their albums, or of all but them."""
        own = [one for one in self.catalog.playlists() if one.user_id == int(found["id"]) and not one.secret_token]
        kept = {
            "playlists": own,
            "albums": [one for one in own if one.set_type == "album"],
            "playlists_without_albums": [one for one in own if one.set_type != "album"],
        }
        newest_first = sorted(kept[found["list"]], key=lambda one: (one.created_at, one.id), reverse=True)
        return pages.listed(self.request, newest_first, self.shaper.playlist_head)

    def search_tracks(self, _found: re.Match[str]) -> Response:
        """Answer with a page of the tracks a question finds."""
        return pages.found(self.request, self._tracks_found())

    def search_playlists(self, _found: re.Match[str]) -> Response:
        """Answer with a page of the sets a question finds."""
        return pages.found(self.request, self._playlists_found())

    def search_users(self, _found: re.Match[str]) -> Response:
        """Answer with a page of the accounts a question finds."""
        return pages.found(self.request, self._users_found())

    def search_all(self, _found: re.Match[str]) -> Response:
        """Answer with a page of everything a question finds: accounts, then tracks, then sets."""
        return pages.found(self.request, [*self._users_found(), *self._tracks_found(), *self._playlists_found()])

    def _tracks_found(self) -> list[Json]:
        hits = search.tracks(self.catalog, self._question)
        return [self.shaper.track(track) for track in hits if self.shaper.sees(track)]

    def _playlists_found(self) -> list[Json]:
        return [self.shaper.playlist_head(one) for one in search.playlists(self.catalog, self._question)]

    def _users_found(self) -> list[Json]:
        return [self.shaper.profile(user) for user in search.users(self.catalog, self._question)]

    @property
    def _question(self) -> str:
        return self.request.parameter("q") or ""

    def _opened(self, track_id: int, token: str | None) -> Track | None:
        track = self.catalog.track(track_id)
        opened = track and addresses.opens_track(self.catalog, track, token) and self.shaper.sees(track)
        return track if opened else None

    def _uploads(self, user_id: int) -> list[Track]:
        public = (one for one in self.catalog.tracks() if one.user_id == user_id and not one.secret_token)
        own = [one for one in public if self.shaper.sees(one)]
        return sorted(own, key=lambda track: (track.created_at, track.id), reverse=True)

    def _like(self, mention: Mention) -> Json | None:
        shown = self.shaper.mentioned(mention)
        return shown and {"created_at": mention.created_at, "kind": "like", mention.kind: shown}

    def _stream_item(self, mention: Mention) -> Json | None:
        shown = self.shaper.mentioned(mention)
        own = shown and str(shown["user_id"]) in self.request.path.split("/")
        kind = mention.kind if own else f"{mention.kind}-repost"
        return shown and {"created_at": mention.created_at, "type": kind, mention.kind: shown}


ROUTES: tuple[tuple[str, Answer], ...] = (
    (r"/resolve", Visit.resolve),
    (r"/tracks", Visit.tracks),
    (rf"/tracks/{_URN}(?P<id>\d+)", Visit.track),
    (rf"/tracks/{_URN}(?P<id>\d+)/download", Visit.download),
    (r"/media/soundcloud:tracks:(?P<id>\d+)/[0-9a-f-]+/(?:stream|preview)/(?P<protocol>[\w-]+)", Visit.media),
    (rf"/playlists/{_URN}(?P<id>\d+)", Visit.playlist),
    (rf"/users/{_URN}(?P<id>\d+)", Visit.user),
    (r"/search", Visit.search_all),
    (r"/search/tracks", Visit.search_tracks),
    (r"/search/(?:playlists|playlists_without_albums|albums)", Visit.search_playlists),
    (r"/search/users", Visit.search_users),
)

USER_ROUTES: tuple[tuple[str, Answer], ...] = (
    (rf"/users/{_URN}(?P<id>\d+)/likes", Visit.user_likes),
    (rf"(?:/stream)?/users/{_URN}(?P<id>\d+)/reposts", Visit.user_reposts),
    (rf"/users/{_URN}(?P<id>\d+)/tracks", Visit.user_tracks),
    (rf"/stream/users/{_URN}(?P<id>\d+)", Visit.user_stream),
    (rf"/users/{_URN}(?P<id>\d+)/(?P<list>albums|playlists|playlists_without_albums)", Visit.user_playlists),
)
"""What a user's pages list, to be read page by page."""


def _absent() -> Response:
    return Response.of_json({}, status=HTTPStatus.NOT_FOUND)
