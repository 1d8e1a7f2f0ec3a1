"""Which record a public address names, secrets included. Reads the catalogue, answers nothing itself."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Playlist, Track, User

SITE_HOSTS = ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com")
_API_HOSTS = ("api.soundcloud.com", "api-v2.soundcloud.com")
_API_PATH = re.compile(r"/(?P<kind>users|tracks|playlists)/(?:soundcloud:\w+:)?(?P<id>\d+)")


def find(catalog: Catalog, address: str) -> User | Track | Playlist | None:
    """Give what an address names, or nothing: unknown, removed, or private and asked for without its token."""
    split = urlsplit(address if "://" in address else f"https://{address}")
    path = unquote(split.path).rstrip("/")
    if split.hostname in _API_HOSTS:
        return _by_id(catalog, path)
    return _by_page(catalog, path.strip("/").split("/")) if split.hostname in SITE_HOSTS else None


def opens_track(catalog: Catalog, track: Track, token: str | None) -> bool:
    """Say whether a token, the track's own or that of a private set naming it, lets a client see a track."""
    if track.removed:
        return False
    if track.secret_token in (None, token):
        return True
    sets = (playlist for playlist in catalog.playlists() if track.id in playlist.track_ids)
    return token is not None and any(playlist.secret_token == token for playlist in sets)


def opens_playlist(playlist: Playlist, token: str | None) -> bool:
    """Say whether a client with this token, or none, may see a set."""
    return not playlist.removed and playlist.secret_token in (None, token)


def _by_page(catalog: Catalog, steps: list[str]) -> User | Track | Playlist | None:
    match steps:
        case [user]:
            return _user(catalog, user)
        case [user, "sets", playlist]:
            return _playlist(catalog, user, playlist, None)
        case [user, "sets", playlist, token]:
            return _playlist(catalog, user, playlist, token)
        case [user, track]:
            return _track(catalog, user, track, None)
        case [user, track, token]:
            return _track(catalog, user, track, token)
        case _:
            return None


def _by_id(catalog: Catalog, path: str) -> User | Track | Playlist | None:
    found = _API_PATH.fullmatch(path)
    if found is None:
        return None
    identity = int(found["id"])
    if found["kind"] == "users":
        return catalog.user(identity)
    if found["kind"] == "tracks":
        track = catalog.track(identity)
        return track if track and opens_track(catalog, track, None) else None
    playlist = catalog.playlist(identity)
    return playlist if playlist and opens_playlist(playlist, None) else None


def _user(catalog: Catalog, permalink: str) -> User | None:
    return next((user for user in catalog.users() if user.permalink == permalink), None)


def _track(catalog: Catalog, user: str, permalink: str, token: str | None) -> Track | None:
    owner = _user(catalog, user)
    named = (track for track in catalog.tracks() if owner and (track.user_id, track.permalink) == (owner.id, permalink))
    return next((track for track in named if opens_track(catalog, track, token)), None)


def _playlist(catalog: Catalog, user: str, permalink: str, token: str | None) -> Playlist | None:
    owner = _user(catalog, user)
    named = (one for one in catalog.playlists() if owner and (one.user_id, one.permalink) == (owner.id, permalink))
    return next((playlist for playlist in named if opens_playlist(playlist, token)), None)
