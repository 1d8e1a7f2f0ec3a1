"""The JSON api-v2 shows of users, tracks and sets, from the records. Decides no statuses and opens no sockets."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, TypeAlias

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Blocked, Delivery, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.renditions import PROTECTED_PROTOCOLS, RENDITIONS, Rendition

Json: TypeAlias = dict[str, Any]
SITE = "https://soundcloud.com"
API_V2 = "https://api-v2.soundcloud.com"
FULL_TRACKS_IN_SET = 5  # api-v2 shows this many tracks of a set whole and stubs of the rest
PREVIEW_MS = 30_000
_URN_NAMESPACE = uuid.UUID("5c0dc10d-0000-4000-8000-000000000000")


class Shaper:
    """Shows the catalogue as a client in one country would see it."""

    def __init__(self, catalog: Catalog, *, country: str) -> None:
        self._catalog = catalog
        self._country = country

    def policy(self, track: Track) -> Policy:
        """Say what a listener in this country may do with a track."""
        return Policy.BLOCK if self._blocked(track) is Blocked.POLICY else track.policy

    def access(self, track: Track) -> str:
        """Say the same as the policy, in the words of newer fields."""
        return {Policy.SNIP: "preview", Policy.BLOCK: "blocked"}.get(self.policy(track), "playable")

    def sees(self, track: Track) -> bool:
        """Say whether a listener in this country is shown that there is such a track."""
        return not track.removed and self._blocked(track) is not Blocked.HIDDEN

    def user(self, user: User) -> Json:
        """Show one account."""
        first, _, last = user.full_name.partition(" ")
        return {
            "avatar_url": f"https://i1.sndcdn.com/avatars-{user.id:012d}-large.jpg",
            "city": None,
            "country_code": None,
            "created_at": user.created_at,
            "first_name": first,
            "last_name": last,
            "full_name": user.full_name,
            "id": user.id,
            "kind": "user",
            "permalink": user.permalink,
            "permalink_url": f"{SITE}/{user.permalink}",
            "uri": f"https://api.soundcloud.com/users/{user.id}",
            "urn": f"soundcloud:users:{user.id}",
            "username": user.username,
            "verified": False,
        }

    def profile(self, user: User) -> Json:
        """Show one account with its counts, as its own page does."""
        likes = [mention.kind for mention in self._catalog.likes(user.id)]
        counted = {
            "likes_count": likes.count("track"),
            "playlist_likes_count": likes.count("playlist"),
            "reposts_count": len(self._catalog.reposts(user.id)),
            "playlist_count": sum(playlist.user_id == user.id for playlist in self._catalog.playlists()),
            "track_count": sum(track.user_id == user.id for track in self._catalog.tracks()),
        }
        said = ((name, getattr(user, name)) for name in counted)
        return {**self.user(user), **counted, **{name: count for name, count in said if count is not None}}

    def track(self, track: Track) -> Json:
        """Show one track whole."""
        policy = self.policy(track)
        return {
            **self.stub(track.id),
            **_numbers(track),
            **_words(track),
            "access": self.access(track),
            "artwork_url": self._artwork_url(track),
            "duration": min(PREVIEW_MS, track.duration_ms) if policy is Policy.SNIP else track.duration_ms,
            "full_duration": track.duration_ms,
            "media": {"transcodings": self._transcodings(track, policy)},
            "permalink_url": self.track_url(track),
            "public": track.secret_token is None,
            "publisher_metadata": _publisher_metadata(track),
            "secret_token": track.secret_token,
            "sharing": "public" if track.secret_token is None else "private",
            "station_urn": f"soundcloud:system-playlists:track-stations:{track.id}",
            "station_permalink": f"track-stations:{track.id}",
            "streamable": policy is not Policy.BLOCK,
            "track_authorization": _digest("authorization", track.id),
            "user": self.user(self._owner(track.user_id)),
            "waveform_url": f"https://wave.sndcdn.com/{_digest('wave', track.id)[:12]}_m.json",
        }

    def stub(self, track_id: int) -> Json:
        """Show the four fields api-v2 gives for the later tracks of a set, and for tracks long gone."""
        track = self._catalog.track(track_id)
        policy = self.policy(track) if track else Policy.ALLOW
        return {
            "id": track_id,
            "kind": "track",
            "monetization_model": _monetization_model(policy),
            "policy": policy.value,
        }

    def playlist(self, playlist: Playlist) -> Json:
        """Show one set: a few tracks whole, the rest as stubs, deleted tracks among them.

        What is hidden from this country is not among them, though the set's own count still has it.
        """
        entries = [track_id for track_id in playlist.track_ids if not self._hides(track_id)]
        tracks = [self._set_entry(at, track_id) for at, track_id in enumerate(entries)]
        return {**self.playlist_head(playlist), "tracks": tracks}

    def mentioned(self, mention: Mention) -> Json | None:
        """Show what a like or repost is about, sets without their tracks; nothing when it is not to be seen."""
        if mention.kind == "track":
            track = self._catalog.track(mention.id)
            return None if track is None or track.secret_token or not self.sees(track) else self.track(track)
        playlist = self._catalog.playlist(mention.id)
        hidden = playlist is None or playlist.removed or playlist.secret_token
        return None if hidden or playlist is None else self.playlist_head(playlist)

    def track_url(self, track: Track) -> str:
        """Give the address of a track's page; that of a private one carries its token."""
        token = f"/{track.secret_token}" if track.secret_token else ""
        return f"{SITE}/{self._owner(track.user_id).permalink}/{track.permalink}{token}"

    def playlist_url(self, playlist: Playlist) -> str:
        """Give the address of a set's page; that of a private one carries its token."""
        token = f"/{playlist.secret_token}" if playlist.secret_token else ""
        return f"{SITE}/{self._owner(playlist.user_id).permalink}/sets/{playlist.permalink}{token}"

    def _blocked(self, track: Track) -> Blocked | None:
        return track.blocked if self._country in track.blocked_countries else None

    def _hides(self, track_id: int) -> bool:
        track = self._catalog.track(track_id)
        return track is not None and self._blocked(track) is Blocked.HIDDEN

    def _set_entry(self, at: int, track_id: int) -> Json:
        track = self._catalog.track(track_id)
        whole = track is not None and not track.removed and at < FULL_TRACKS_IN_SET
        return self.track(track) if whole and track else self.stub(track_id)

    def playlist_head(self, playlist: Playlist) -> Json:
        """Show one set without its tracks, as lists of sets do."""
        tracks = [track for track in map(self._catalog.track, playlist.track_ids) if track and not track.removed]
        covers = (url for url in map(self._artwork_url, tracks) if url)
        return {
            "artwork_url": next(covers, None),
            "created_at": playlist.created_at,
            "description": playlist.description,
            "duration": sum(track.duration_ms for track in tracks),
            "embeddable_by": "all",
            "genre": playlist.genre,
            "id": playlist.id,
            "is_album": playlist.set_type == "album",
            "kind": "playlist",
            "label_name": None,
            "last_modified": playlist.last_modified,
            "license": "all-rights-reserved",
            "likes_count": 0,
            "managed_by_feeds": False,
            "permalink": playlist.permalink,
            "permalink_url": self.playlist_url(playlist),
            "public": playlist.secret_token is None,
            "published_at": playlist.created_at,
            "release_date": None,
            "reposts_count": 0,
            "secret_token": playlist.secret_token,
            "set_type": playlist.set_type,
            "sharing": "public" if playlist.secret_token is None else "private",
            "tag_list": playlist.tag_list,
            "title": playlist.title,
            "track_count": len(playlist.track_ids),
            "uri": f"https://api.soundcloud.com/playlists/{playlist.id}",
            "user": self.user(self._owner(playlist.user_id)),
            "user_id": playlist.user_id,
        }

    def _transcodings(self, track: Track, policy: Policy) -> list[Json]:
        silent = policy is Policy.BLOCK or self._blocked(track) is Blocked.SILENT
        if silent or track.delivery is Delivery.UNLISTED:
            return []
        snipped = policy is Policy.SNIP
        names = self._catalog.media_names(track.id)
        offered = [RENDITIONS[name] for name in names if name in RENDITIONS]
        protected = [(one, protocol) for one in offered or [RENDITIONS["aac_160k"]] for protocol in PROTECTED_PROTOCOLS]
        plain = [(one, protocol) for one in offered for protocol in one.protocols]
        named = {Delivery.ENCRYPTED: protected, Delivery.LOCKED: [*plain, *protected]}.get(track.delivery, plain)
        return [_transcoding(track, rendition, protocol, snipped=snipped) for rendition, protocol in named]

    def _artwork_url(self, track: Track) -> str | None:
        shown = "artwork" in self._catalog.media_names(track.id)
        return f"https://i1.sndcdn.com/artworks-{track.id:012d}-large.jpg" if shown else None

    def _owner(self, user_id: int) -> User:
        return self._catalog.user(user_id) or User(id=user_id, permalink=f"user-{user_id}", username=f"user {user_id}")


def _numbers(track: Track) -> Json:
    return {
        "comment_count": 0,
        "download_count": 0,
        "has_downloads_left": True,
        "likes_count": track.likes_count,
        "playback_count": track.playback_count,
        "reposts_count": 0,
        "user_id": track.user_id,
    }


def _words(track: Track) -> Json:
    return {
        "caption": None,
        "commentable": True,
        "created_at": track.created_at,
        "description": track.description,
        "display_date": track.release_date or track.created_at,
        "downloadable": track.downloadable,
        "embeddable_by": "all",
        "genre": track.genre,
        "label_name": track.label_name,
        "last_modified": track.last_modified,
        "license": track.license,
        "permalink": track.permalink,
        "purchase_title": None,
        "purchase_url": None,
        "release_date": track.release_date,
        "state": "finished",
        "tag_list": track.tag_list,
        "title": track.title,
        "uri": f"https://api.soundcloud.com/tracks/soundcloud%3Atracks%3A{track.id}",
        "urn": f"soundcloud:tracks:{track.id}",
        "visuals": None,
    }


def _publisher_metadata(track: Track) -> Json | None:
    if not (track.artist or track.album_title or track.isrc):
        return None
    return {
        "id": track.id,
        "urn": f"soundcloud:tracks:{track.id}",
        "artist": track.artist,
        "album_title": track.album_title,
        "contains_music": True,
        "isrc": track.isrc,
        "explicit": False,
        "release_title": track.title,
    }


def _transcoding(track: Track, rendition: Rendition, protocol: str, *, snipped: bool) -> Json:
    stretch = "preview" if snipped else "stream"
    identity = uuid.uuid5(_URN_NAMESPACE, f"{track.id}/{rendition.preset}/{protocol}")
    path = f"soundcloud:tracks:{track.id}/{identity}/{stretch}/{protocol}"
    return {
        "url": f"{API_V2}/media/{path}",
        "preset": rendition.preset,
        "duration": min(PREVIEW_MS, track.duration_ms) if snipped else track.duration_ms,
        "snipped": snipped,
        "format": {"protocol": protocol, "mime_type": rendition.mime_type},
        "quality": rendition.quality,
        "is_legacy_transcoding": rendition.suffix.startswith(("128.", "64.")),
    }


def _monetization_model(policy: Policy) -> str:
    models = {Policy.SNIP: "SUB_HIGH_TIER", Policy.MONETIZE: "AD_SUPPORTED", Policy.BLOCK: "BLACKBOX"}
    return models.get(policy, "NOT_APPLICABLE")


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
