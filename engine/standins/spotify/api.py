"""The Web API: the endpoints of an app in its mode, with the rights each asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias

from engine.standins.server import Request, Response
from engine.standins.spotify.accounts import Access
from engine.standins.spotify.asked import PAGE, Asked, checked_id
from engine.standins.spotify.catalog import Catalog
from engine.standins.spotify.errors import SpotifyError, bad_request, forbidden, not_found
from engine.standins.spotify.field_filter import filtered
from engine.standins.spotify.records import Playlist, Track
from engine.standins.spotify.shapes import Json, Mode, Shapes, paged

Endpoint: TypeAlias = Callable[[Asked, str], Json | None]

EMBEDDED = 100
"""How many items a playlist brings along when it is asked for by itself."""
SEARCH_PAGE = {Mode.DEVELOPMENT: 10, Mode.EXTENDED: 50}
SEARCH_FIRST = {Mode.DEVELOPMENT: 5, Mode.EXTENDED: 20}
SEARCH_DEPTH = 1000
QUERY_LENGTH = 250
_FILTER = re.compile(r'\b(isrc|artist|track|album|year):("[^"]*"|\S+)')
_GONE = re.compile(
    r"/v1/(tracks|albums|artists|episodes|shows|audio-features|audio-analysis|recommendations|markets"
    r"|browse/[\w/-]+|users/[^/]+(/playlists)?|artists/[^/]+/(top-tracks|related-artists))"
)
_LIVE: tuple[tuple[str, str], ...] = (
    (r"/v1/me", "me"),
    (r"/v1/me/playlists", "playlists"),
    (r"/v1/playlists/([^/]+)", "playlist"),
    (r"/v1/playlists/([^/]+)/items", "items"),
    (r"/v1/playlists/([^/]+)/tracks", "tracks"),
    (r"/v1/me/tracks", "saved"),
    (r"/v1/tracks/([^/]+)", "track"),
    (r"/v1/episodes/([^/]+)", "episode"),
    (r"/v1/me/player", "player"),
    (r"/v1/me/player/currently-playing", "current"),
    (r"/v1/search", "search"),
)


class Api:
    """Answers requests whose token was found good."""

    def __init__(self, catalog: Catalog, *, mode: Mode) -> None:
        self.catalog = catalog
        self.mode = mode
        self._endpoints: dict[str, Endpoint] = {
            "me": self._me,
            "playlists": self._playlists,
            "playlist": self._playlist,
            "items": self._items,
            "tracks": self._tracks,
            "saved": self._saved,
            "track": self._track,
            "episode": self._episode,
            "player": self._player,
            "current": self._current,
            "search": self._search,
        }

    def answer(self, request: Request, access: Access) -> Response:
        """Answer one request.

        Raises:
            SpotifyError: it is refused.
        """
        shapes = Shapes(catalog=self.catalog, mode=self.mode, root=f"http://{request.host}/v1")
        asked = Asked(request=request, access=access, shapes=shapes, query=dict(request.query))
        path = request.path.rstrip("/")
        for pattern, name in _LIVE:
            matched = re.fullmatch(pattern, path)
            if matched:
                if request.method != "GET":
                    raise SpotifyError(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed")
                body = self._endpoints[name](asked, matched.group(1) if matched.groups() else "")
                return Response(status=HTTPStatus.NO_CONTENT) if body is None else Response.of_json(body)
        if path == "/v1/tracks" and self.mode is Mode.EXTENDED:
            return Response.of_json(self._batch(asked))
        if _GONE.fullmatch(path):
            raise forbidden()
        raise not_found("Service not found")

    # --- the account ------------------------------------------------------------------------------------------------

    def _me(self, asked: Asked, _: str) -> Json:
        return asked.shapes.me(self.catalog.users[asked.user_id], asked.access.scopes)

    def _playlists(self, asked: Asked, _: str) -> Json:
        limit, offset = asked.limit(), asked.offset()
        states = [self.catalog.playlist(one, reading="playlists") for one in self._library(asked)]
        shown = [asked.shapes.playlist(one, asked.user_id) for one in states[offset : offset + limit] if one]
        address = f"{asked.shapes.root}/me/playlists"
        return paged(address, asked.query, shown, offset=offset, limit=limit, total=len(states))

    def _library(self, asked: Asked) -> list[str]:
        library = self.catalog.libraries.get(asked.user_id, [])
        return [one for one in library if self._listed(asked, self.catalog.playlists[one][-1])]

    def _listed(self, asked: Asked, playlist: Playlist) -> bool:
        if playlist.collaborative:
            return "playlist-read-collaborative" in asked.access.scopes
        return playlist.public or "playlist-read-private" in asked.access.scopes

    def _saved(self, asked: Asked, _: str) -> Json:
        asked.need("user-library-read")
        limit, offset, market = asked.limit(), asked.offset(), asked.market()
        entries = self.catalog.liked.get(asked.user_id, [])
        shown = [asked.shapes.saved(one, market) for one in entries[offset : offset + limit]]
        address = f"{asked.shapes.root}/me/tracks"
        return paged(address, asked.query, shown, offset=offset, limit=limit, total=len(entries))

    # --- playlists --------------------------------------------------------------------------------------------------

    def _playlist(self, asked: Asked, native: str) -> Json:
        playlist = self._found(asked, native, reading="playlist")
        shown = asked.shapes.playlist(playlist, asked.access.user_id)
        if self.mode is Mode.EXTENDED:
            shown["followers"] = {"href": None, "total": 0}
        if asked.shapes.shows_items(playlist, asked.access.user_id):
            shown[asked.shapes.items_word] = self._page(asked, playlist, offset=0, limit=EMBEDDED, query={})
        fields: Json = filtered(shown, asked.query.get("fields"))
        return fields

    def _items(self, asked: Asked, native: str) -> Json:
        limit, offset = asked.limit(), asked.offset()
        playlist = self._found(asked, native, reading="items")
        if not asked.shapes.shows_items(playlist, asked.access.user_id):
            raise forbidden()
        page = self._page(asked, playlist, offset=offset, limit=limit, query=asked.query)
        fields: Json = filtered(page, asked.query.get("fields"))
        return fields

    def _tracks(self, asked: Asked, native: str) -> Json:
        if self.mode is not Mode.EXTENDED:
            raise forbidden()
        limit, offset = asked.limit(EMBEDDED, first=EMBEDDED), asked.offset()
        playlist = self._found(asked, native, reading="items")
        page = self._page(asked, playlist, offset=offset, limit=limit, query=asked.query)
        fields: Json = filtered(page, asked.query.get("fields"))
        return fields

    def _found(self, asked: Asked, native: str, *, reading: str) -> Playlist:
        playlist = self.catalog.playlist(checked_id(native), reading=reading)
        ours = playlist is not None and asked.access.user_id is not None
        if playlist is None or (playlist.owner == "spotify" and self.mode is not Mode.EXTENDED):
            raise not_found()
        if not ours and not playlist.public:
            raise not_found()
        if not playlist.public and playlist.belongs_to(asked.access.user_id):
            asked.need("playlist-read-private", "playlist-read-collaborative")
        return playlist

    def _page(self, asked: Asked, playlist: Playlist, *, offset: int, limit: int, query: dict[str, str]) -> Json:
        asked.types("track", "episode", word="additional_types")
        market = asked.market()
        entries = playlist.entries[offset : offset + limit]
        shown = [asked.shapes.entry(entry, market) for entry in entries]
        address = asked.shapes.items_href(playlist)
        return paged(address, query, shown, offset=offset, limit=limit, total=len(playlist.entries))

    # --- tracks -----------------------------------------------------------------------------------------------------

    def _track(self, asked: Asked, native: str) -> Json:
        track = self.catalog.tracks.get(checked_id(native))
        if track is None:
            raise not_found()
        return asked.shapes.track(track, asked.market())

    def _episode(self, asked: Asked, native: str) -> Json:
        episode = self.catalog.episodes.get(checked_id(native))
        if episode is None:
            raise not_found()
        return asked.shapes.episode(episode)

    def _batch(self, asked: Asked) -> Json:
        ids = [checked_id(native) for native in asked.query.get("ids", "").split(",")]
        if len(ids) > PAGE:
            raise bad_request("Too many ids requested")
        found = (self.catalog.tracks.get(native) for native in ids)
        return {"tracks": [asked.shapes.track(one, asked.market()) if one else None for one in found]}

    # --- the player -------------------------------------------------------------------------------------------------

    def _player(self, asked: Asked, _: str) -> Json | None:
        asked.need("user-read-playback-state")
        shown = self._playing(asked)
        device = {"id": "a-device", "is_active": True, "is_private_session": False, "name": "Desk", "type": "Computer"}
        return None if shown is None else {"device": device, "repeat_state": "off", "shuffle_state": False, **shown}

    def _current(self, asked: Asked, _: str) -> Json | None:
        asked.need("user-read-currently-playing", "user-read-playback-state")
        return self._playing(asked)

    def _playing(self, asked: Asked) -> Json | None:
        types = asked.types("track", "episode", word="additional_types")
        playing = self.catalog.playing.get(asked.user_id)
        if playing is None:
            return None
        understood = playing.kind != "episode" or "episode" in types
        return {
            "context": _context(asked.shapes, playing.context),
            "currently_playing_type": playing.kind,
            "is_playing": playing.is_playing,
            "item": asked.shapes.item(playing.item, asked.market()) if understood else None,
            "progress_ms": playing.progress_ms,
            "timestamp": 1_700_000_000_000,
        }

    # --- search -----------------------------------------------------------------------------------------------------

    def _search(self, asked: Asked, _: str) -> Json:
        query = asked.query.get("q", "").strip()
        if not query:
            raise bad_request("No search query")
        if len(query) > QUERY_LENGTH:
            raise bad_request(f"Query exceeds maximum length of {QUERY_LENGTH} characters")
        known = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
        if not asked.types(*known, word="type"):
            raise bad_request("Missing parameter type")
        limit = asked.limit(SEARCH_PAGE[self.mode], first=SEARCH_FIRST[self.mode])
        offset, market = asked.offset(SEARCH_DEPTH), asked.market()
        found = [track for track in self.catalog.tracks.values() if _meant(track, query)]
        shown = [asked.shapes.track(track, market) for track in found[offset : offset + limit]]
        address = f"{asked.shapes.root}/search"
        page = paged(address, asked.query, shown, offset=offset, limit=limit, total=len(found))
        return {"tracks": page} if "track" in asked.query["type"] else {}


def _meant(track: Track, query: str) -> bool:
    artists = " ".join(track.artists)
    values = {"artist": artists, "track": track.name, "album": track.album, "year": track.release_date[:4]}
    for name, quoted in _FILTER.findall(query):
        wanted = quoted.strip('"').casefold()
        if name == "isrc":
            if (track.isrc or "").casefold() != wanted:
                return False
        elif not _words(wanted) <= _words(values[name]):
            return False
    return _words(_FILTER.sub(" ", query)) <= _words(f"{artists} {track.name} {track.album}")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _context(shapes: Shapes, uri: str | None) -> Json | None:
    if uri is None:
        return None
    parts = uri.split(":")
    kind, native = ("collection", "") if parts[-1] == "collection" else (parts[1], parts[2])
    path = f"{kind}/{native}".rstrip("/")
    href = f"{shapes.root}/me/tracks" if kind == "collection" else f"{shapes.root}/{kind}s/{native}"
    return {"external_urls": {"spotify": f"https://open.spotify.com/{path}"}, "href": href, "type": kind, "uri": uri}
