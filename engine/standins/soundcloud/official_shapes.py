"""The JSON the official API shows of users, tracks and sets: URNs, its own dates, `access` in place of `policy`."""

from __future__ import annotations

from datetime import datetime

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Blocked, Playlist, Track, User
from engine.standins.soundcloud.shapes import Json, Shaper

OFFICIAL = "https://api.soundcloud.com"


class OfficialShaper:
    """Shows the catalogue to an app in one country."""

    def __init__(self, catalog: Catalog, *, country: str) -> None:
        self._country = country
        self._shaper = Shaper(catalog, country=country)

    def sees(self, track: Track) -> bool:
        """Say whether an app in this country is shown that there is such a track."""
        return self._shaper.sees(track)

    def access(self, track: Track) -> str:
        """Say what a listener in this country gets of a track: `playable`, `preview` or `blocked`."""
        silent = self._country in track.blocked_countries and track.blocked is Blocked.SILENT
        return "blocked" if silent else self._shaper.access(track)

    def track(self, track: Track) -> Json:
        """Show one track; its duration is the whole track's."""
        whole = self._shaper.track(track)
        kept = ("id", "urn", "kind", "title", "permalink_url", "artwork_url", "description", "genre", "tag_list")
        also = ("license", "label_name", "downloadable", "streamable", "sharing", "playback_count", "embeddable_by")
        released = track.release_date[:10].split("-") if track.release_date else [None, None, None]
        return {
            **{name: whole[name] for name in (*kept, *also)},
            **dict(zip(("release_year", "release_month", "release_day"), map(_number, released), strict=True)),
            "access": self.access(track),
            "available_country_codes": None,
            "bpm": None,
            "commentable": True,
            "created_at": _dated(track.created_at),
            "duration": track.duration_ms,
            "favoritings_count": track.likes_count,
            "isrc": track.isrc,
            "key_signature": None,
            "metadata_artist": track.artist,
            "monetization_model": whole["monetization_model"],
            "policy": None,
            "secret_uri": None,
            "stream_url": f"{OFFICIAL}/tracks/soundcloud:tracks:{track.id}/stream",
            "uri": f"{OFFICIAL}/tracks/soundcloud:tracks:{track.id}",
            "user": {**_account(whole["user"])},
            "waveform_url": whole["waveform_url"],
        }

    def playlist(self, playlist: Playlist) -> Json:
        """Show one set without its tracks."""
        head = self._shaper.playlist_head(playlist)
        kept = ("id", "kind", "title", "permalink", "permalink_url", "artwork_url", "description", "genre", "tag_list")
        also = ("duration", "license", "likes_count", "sharing", "track_count", "user_id", "embeddable_by")
        return {
            **{name: head[name] for name in (*kept, *also)},
            "created_at": _dated(playlist.created_at),
            "last_modified": _dated(playlist.last_modified),
            "playlist_type": playlist.set_type or None,
            "tracks": [],
            "tracks_uri": f"{OFFICIAL}/playlists/soundcloud:playlists:{playlist.id}/tracks",
            "uri": f"{OFFICIAL}/playlists/soundcloud:playlists:{playlist.id}",
            "urn": f"soundcloud:playlists:{playlist.id}",
            "user": {**_account(head["user"])},
        }

    def user(self, user: User) -> Json:
        """Show one account with its counts."""
        profile = self._shaper.profile(user)
        counts = ("track_count", "playlist_count", "reposts_count", "likes_count")
        counted = {name: profile[name] for name in counts}
        return {**_account(profile), **counted, "public_favorites_count": profile["likes_count"]}


def _account(user: Json) -> Json:
    names = ("avatar_url", "city", "first_name", "full_name", "id", "kind", "last_name", "permalink", "permalink_url")
    shown = {name: user[name] for name in (*names, "urn", "username")}
    return {**shown, "created_at": _dated(user["created_at"]), "uri": f"{OFFICIAL}/users/{user['urn']}"}


def _dated(moment: str) -> str:
    """Give a moment as the official API writes it, which is not as api-v2 does."""
    return datetime.fromisoformat(moment).strftime("%Y/%m/%d %H:%M:%S +0000")


def _number(part: str | None) -> int | None:
    return int(part) if part else None
