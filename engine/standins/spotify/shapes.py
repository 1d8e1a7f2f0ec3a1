"""Records as the JSON of the Web API, in the shape an app in its mode is given. No HTTP, no rights.

Development mode lacks fields that extended mode still has, and says `item`/`items` where the older shape says
`track`/`tracks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import quote_plus, urlencode

from engine.standins.spotify.catalog import Catalog
from engine.standins.spotify.records import Entry, Episode, LocalFile, Playlist, Track, User, base62

Json: TypeAlias = dict[str, Any]


class Mode(StrEnum):
    """What kind of app asks."""

    DEVELOPMENT = "development"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Gives records their JSON.

    Attributes:
        root: the Web API's address, without a trailing slash, as the client knows it.
    """

    catalog: Catalog
    mode: Mode
    root: str

    @property
    def extended(self) -> bool:
        """Whether the app is given what was there before February 2026."""
        return self.mode is Mode.EXTENDED

    def user(self, user_id: str) -> Json:
        """Give an account as others see it."""
        shown = {**self._links("user", user_id), "id": user_id, "type": "user", "uri": f"spotify:user:{user_id}"}
        known = self.catalog.users.get(user_id)
        return {"display_name": known.display_name if known else user_id, **shown}

    def me(self, user: User, scopes: frozenset[str]) -> Json:
        """Give an account as its owner sees it."""
        shown = {**self.user(user.id), "images": [], "account_id": base62(f"account {user.id}")}
        if not self.extended:
            return shown
        shown["followers"] = {"href": None, "total": 0}
        if "user-read-private" in scopes:
            shown |= {"country": "DE", "product": "premium" if user.premium else "free"}
        return shown

    def track(self, track: Track, market: str | None = None) -> Json:
        """Give a track, or the one that is played in its place in a market."""
        played = self.catalog.tracks.get(track.relinked.get(market or "", ""), track)
        shown: Json = {
            "album": self._album(played),
            "artists": [self._artist(name) for name in played.artists],
            "disc_number": 1,
            "duration_ms": played.duration_ms,
            "explicit": played.explicit,
            "external_ids": {"isrc": played.isrc} if played.isrc else {},
            **self._links("track", played.id),
            "id": played.id,
            "is_local": False,
            "name": played.name,
            "track_number": 1,
            "type": "track",
            "uri": played.uri,
        }
        if market is not None:
            reason = track.restricted.get(market)
            shown["is_playable"] = reason is None
            if reason is not None:
                shown["restrictions"] = {"reason": reason}
        if self.extended:
            shown["popularity"] = played.popularity
            if market is None:
                shown["available_markets"] = ["DE", "US"]
            elif played is not track:
                shown["linked_from"] = {**self._links("track", track.id), "id": track.id, "uri": track.uri}
        return shown

    def episode(self, episode: Episode) -> Json:
        """Give an episode of a podcast."""
        return {
            **self._links("episode", episode.id),
            "duration_ms": episode.duration_ms,
            "explicit": False,
            "id": episode.id,
            "is_externally_hosted": False,
            "name": episode.name,
            "release_date": episode.release_date,
            "release_date_precision": "day",
            "show": {"name": episode.show, "publisher": episode.show, "type": "show"},
            "type": "episode",
            "uri": episode.uri,
        }

    def entry(self, entry: Entry, market: str | None) -> Json:
        """Give one place of a playlist."""
        local = isinstance(entry.item, LocalFile)
        return {
            "added_at": entry.added_at,
            "added_by": self._added_by(entry.added_by),
            "is_local": local,
            "primary_color": None,
            "track" if self.extended else "item": self.item(entry.item, market),
            "video_thumbnail": {"url": None},
        }

    def saved(self, entry: Entry, market: str | None) -> Json:
        """Give one saved track; this list says `track` in every mode."""
        return {"added_at": entry.added_at, "track": self.item(entry.item, market)}

    def item(self, item: str | LocalFile | None, market: str | None) -> Json | None:
        """Give what stands in a place; nothing when it left the catalogue."""
        if isinstance(item, LocalFile):
            return self._local(item)
        found = self.catalog.item(item) if item else None
        if found is None:
            return None
        return self.track(found, market) if isinstance(found, Track) else self.episode(found)

    def playlist(self, playlist: Playlist, user_id: str | None) -> Json:
        """Give what a list of playlists says of one: how many items only to those who may see them."""
        shown: Json = {
            "collaborative": playlist.collaborative,
            "description": playlist.description,
            **self._links("playlist", playlist.id),
            "id": playlist.id,
            "images": [],
            "name": playlist.name,
            "owner": self.user(playlist.owner),
            "primary_color": None,
            "public": playlist.public,
            "snapshot_id": self.catalog.snapshot(playlist),
            "type": "playlist",
            "uri": f"spotify:playlist:{playlist.id}",
        }
        if self.shows_items(playlist, user_id):
            shown[self.items_word] = {"href": self.items_href(playlist), "total": len(playlist.entries)}
        return shown

    def shows_items(self, playlist: Playlist, user_id: str | None) -> bool:
        """Say whether a user's app is given what is in a playlist."""
        return self.extended or playlist.belongs_to(user_id)

    @property
    def items_word(self) -> str:
        """What a playlist calls what is in it."""
        return "tracks" if self.extended else "items"

    def items_href(self, playlist: Playlist) -> str:
        """Give the address of what is in a playlist."""
        return f"{self.root}/playlists/{playlist.id}/{self.items_word}"

    def _links(self, kind: str, native: str) -> Json:
        return {
            "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{native}"},
            "href": f"{self.root}/{kind}s/{native}",
        }

    def _added_by(self, user_id: str | None) -> Json | None:
        if user_id is None:
            return None
        shown = self.user(user_id)
        del shown["display_name"]
        return shown

    def _artist(self, name: str) -> Json:
        native = base62(f"artist {name}")
        shown = {"id": native, "name": name, "type": "artist", "uri": f"spotify:artist:{native}"}
        return {**self._links("artist", native), **shown}

    def _album(self, track: Track) -> Json:
        native = base62(f"album {track.artists[:1]} {track.album}")
        precision = {4: "year", 7: "month"}.get(len(track.release_date), "day")
        shown: Json = {
            "album_type": "album",
            "artists": [self._artist(name) for name in track.artists[:1]],
            **self._links("album", native),
            "id": native,
            "images": [{"height": 640, "url": f"https://i.scdn.co/image/{native}", "width": 640}],
            "name": track.album,
            "release_date": track.release_date,
            "release_date_precision": precision,
            "total_tracks": 1,
            "type": "album",
            "uri": f"spotify:album:{native}",
        }
        return {**shown, "available_markets": ["DE", "US"]} if self.extended else shown

    def _local(self, file: LocalFile) -> Json:
        parts = (quote_plus(part) for part in (file.artist, file.album, file.title))
        artist: Json = {
            "external_urls": {},
            "href": None,
            "id": None,
            "name": file.artist,
            "type": "artist",
            "uri": None,
        }
        return {
            "album": {"album_type": None, "artists": [], "id": None, "images": [], "name": file.album, "uri": None},
            "artists": [artist],
            "disc_number": 0,
            "duration_ms": file.seconds * 1000,
            "explicit": False,
            "external_ids": {},
            "external_urls": {},
            "href": None,
            "id": None,
            "is_local": True,
            "name": file.title,
            "track_number": 0,
            "type": "track",
            "uri": f"spotify:local:{':'.join(parts)}:{file.seconds}",
        }


def paged(address: str, query: dict[str, str], items: list[Json], *, offset: int, limit: int, total: int) -> Json:
    """Give one page of a list, with the absolute addresses of its neighbours."""
    rest = {name: value for name, value in query.items() if name not in ("offset", "limit")}

    def at(start: int) -> str:
        return f"{address}?{urlencode({'offset': start, 'limit': limit, **rest})}"

    return {
        "href": at(offset),
        "items": items,
        "limit": limit,
        "next": at(offset + limit) if offset + limit < total else None,
        "offset": offset,
        "previous": at(max(0, offset - limit)) if offset else None,
        "total": total,
    }
