"""What api-v2 answers: resolving, tracks, sets, users' lists, search and the addresses of media.

Client ids and budgets are checked before a request gets here; media itself is on other hosts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeAlias, assert_never
from urllib.parse import urlencode

from engine.standins.server import Request, Response
from engine.standins.soundcloud import addresses, sndcdn
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Delivery, Mention, Playlist, Track, User
from engine.standins.soundcloud.renditions import RENDITIONS
from engine.standins.soundcloud.shapes import API_V2, Json, Shaper

BATCH_IDS_MAX = 50  # public clients of api-v2 ask for this many ids at once, no more
PAGE_ITEMS_MAX = 200  # the limit SoundCloud documents for linked partitioning
_PAGE_ITEMS = 10
_URN = r"(?:soundcloud(?::|%3A)\w+(?::|%3A))?"

Answer: TypeAlias = "Callable[[Visit, re.Match[str]], Response]"


class Api:
    """Answers for api-v2.soundcloud.com."""

    def __init__(self, catalog: Catalog, *, sessions: frozenset[str]) -> None:
        self._catalog = catalog
        self._sessions = sessions

    def answer(self, request: Request, *, country: str) -> Response:
        """Answer one request of a client in a country."""
        token = request.headers.get("authorization", "").removeprefix("OAuth ")
        visit = Visit(self._catalog, request, Shaper(self._catalog, country=country), token in self._sessions)
        for pattern, route in ROUTES:
            if request.method == "GET" and (found := re.fullmatch(pattern, request.path)):
                return route(visit, found)
        return _absent()


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
                return Response.of_json(self.shaper.track(track))
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
        if track is None or track.delivery is Delivery.UNRESOLVED:
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
        """Answer with a page of what a user likes."""
        return self._mentions(found, self.catalog.likes, "like")

    def user_reposts(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user reposted."""
        return self._mentions(found, self.catalog.reposts, "repost")

    def user_tracks(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user uploaded, newest first."""
        return self._page(self._uploads(int(found["id"])), self.shaper.track)

    def user_stream(self, found: re.Match[str]) -> Response:
        """Answer with a page of what a user's profile shows first: uploads, then reposts."""
        user_id = int(found["id"])
        uploads = [Mention(kind="track", id=one.id, created_at=one.created_at) for one in self._uploads(user_id)]
        return self._page([*uploads, *self.catalog.reposts(user_id)], self._stream_item)

    def user_playlists(self, found: re.Match[str]) -> Response:
        """Answer with a page of a user's sets, or only their albums."""
        own = [one for one in self.catalog.playlists() if one.user_id == int(found["id"]) and not one.secret_token]
        albums = [one for one in own if one.set_type == "album"]
        return self._page(albums if found["list"] == "albums" else own, self.shaper.playlist_head)

    def search_tracks(self, _found: re.Match[str]) -> Response:
        """Answer with a page of the tracks whose title, artist or uploader hold every word asked for."""
        words = (self.request.parameter("q") or "").casefold().split()
        hits = [one for one in self.catalog.tracks() if not one.secret_token and self._holds(one, words)]
        return self._page(hits, self.shaper.track, total=True)

    def _opened(self, track_id: int, token: str | None) -> Track | None:
        track = self.catalog.track(track_id)
        return track if track and addresses.opens_track(self.catalog, track, token) else None

    def _uploads(self, user_id: int) -> list[Track]:
        own = [one for one in self.catalog.tracks() if one.user_id == user_id and not one.secret_token]
        return sorted(own, key=lambda track: (track.created_at, track.id), reverse=True)

    def _holds(self, track: Track, words: Sequence[str]) -> bool:
        owner = self.catalog.user(track.user_id)
        text = f"{track.title} {track.artist or ''} {owner.username if owner else ''}".casefold()
        return all(word in text for word in words)

    def _mentions(self, found: re.Match[str], listed: Callable[[int], Sequence[Mention]], kind: str) -> Response:
        user_id = int(found["id"])
        if self.catalog.user(user_id) is None:
            return _absent()
        shape = self._stream_item if kind == "repost" else self._like
        return self._page(listed(user_id), shape)

    def _like(self, mention: Mention) -> Json | None:
        shown = self.shaper.mentioned(mention)
        return shown and {"created_at": mention.created_at, "kind": "like", mention.kind: shown}

    def _stream_item(self, mention: Mention) -> Json | None:
        shown = self.shaper.mentioned(mention)
        own = shown and str(shown["user_id"]) in self.request.path.split("/")
        kind = mention.kind if own else f"{mention.kind}-repost"
        return shown and {"created_at": mention.created_at, "type": kind, mention.kind: shown}

    def _page(self, items: Sequence[object], shape: Callable[..., Json | None], *, total: bool = False) -> Response:
        """Answer with one page; what is not to be seen is left out of it, so a page may be short."""
        offset, limit = self._number("offset", 0), min(PAGE_ITEMS_MAX, self._number("limit", _PAGE_ITEMS))
        shown = [shaped for shaped in map(shape, items[offset : offset + limit]) if shaped]
        following = None
        if offset + limit < len(items):
            kept = [(name, value) for name, value in self.request.query if name == "q"]
            following = (
                f"{API_V2}{self.request.path}?{urlencode([*kept, ('offset', offset + limit), ('limit', limit)])}"
            )
        head = {"total_results": len(items)} if total else {}
        return Response.of_json({"collection": shown, **head, "next_href": following, "query_urn": None})

    def _number(self, name: str, otherwise: int) -> int:
        given = self.request.parameter(name) or ""
        return int(given) if given.isdecimal() else otherwise


ROUTES: tuple[tuple[str, Answer], ...] = (
    (r"/resolve", Visit.resolve),
    (r"/tracks", Visit.tracks),
    (rf"/tracks/{_URN}(?P<id>\d+)", Visit.track),
    (rf"/tracks/{_URN}(?P<id>\d+)/download", Visit.download),
    (r"/media/soundcloud:tracks:(?P<id>\d+)/[0-9a-f-]+/(?:stream|preview)/(?P<protocol>[\w-]+)", Visit.media),
    (rf"/playlists/{_URN}(?P<id>\d+)", Visit.playlist),
    (rf"/users/{_URN}(?P<id>\d+)", Visit.user),
    (rf"/users/{_URN}(?P<id>\d+)/likes", Visit.user_likes),
    (rf"(?:/stream)?/users/{_URN}(?P<id>\d+)/reposts", Visit.user_reposts),
    (rf"/users/{_URN}(?P<id>\d+)/tracks", Visit.user_tracks),
    (rf"/stream/users/{_URN}(?P<id>\d+)", Visit.user_stream),
    (rf"/users/{_URN}(?P<id>\d+)/(?P<list>albums|playlists)", Visit.user_playlists),
    (r"/search/tracks", Visit.search_tracks),
)


def _absent() -> Response:
    return Response.of_json({}, status=HTTPStatus.NOT_FOUND)
