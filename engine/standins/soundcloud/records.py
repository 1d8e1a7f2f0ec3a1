"""What exists on the stand-in's SoundCloud: frozen users, tracks and playlists. No JSON shapes, no sockets."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

FIRST_DAY = "2024-01-01T00:00:00Z"


class Policy(StrEnum):
    """What SoundCloud lets a listener do with a track."""

    ALLOW = "ALLOW"
    MONETIZE = "MONETIZE"
    SNIP = "SNIP"  # only a preview of 30 s without a subscription
    BLOCK = "BLOCK"  # nothing here, from any country


class Delivery(StrEnum):
    """How far a client that asks for the audio of a track gets."""

    SERVED = "served"
    UNLISTED = "unlisted"  # the track names no transcodings
    UNRESOLVED = "unresolved"  # every transcoding answers 404
    LOST = "lost"  # transcodings resolve to media addresses that answer 404
    ENCRYPTED = "encrypted"  # only protocols under DRM are named
    LOCKED = "locked"  # plain ones are named beside those under DRM, and answer 404


class Blocked(StrEnum):
    """How a track shows in the countries it is blocked in; the media hosts refuse its audio there in any case."""

    POLICY = "policy"  # policy BLOCK and no transcodings
    SILENT = "silent"  # the policy says nothing of it, but no transcodings are named
    HIDDEN = "hidden"  # it is missing: 404, and left out of sets, lists and searches
    MEDIA = "media"  # everything looks well until its audio is asked for


class User(msgspec.Struct, frozen=True, kw_only=True):
    """One account; a count that is given is what its profile says, whatever its lists show."""

    id: int
    permalink: str
    username: str
    full_name: str = ""
    created_at: str = FIRST_DAY
    likes_count: int | None = None  # of tracks
    playlist_likes_count: int | None = None
    reposts_count: int | None = None
    track_count: int | None = None
    playlist_count: int | None = None


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One track as its uploader keeps it; which presets it has is a matter of the media given for it."""

    id: int
    user_id: int
    permalink: str
    title: str
    duration_ms: int = 180_000  # of the whole track, also where a listener gets a preview only
    policy: Policy = Policy.ALLOW
    delivery: Delivery = Delivery.SERVED
    blocked_countries: tuple[str, ...] = ()
    blocked: Blocked = Blocked.POLICY
    secret_token: str | None = None  # given: the track is private
    removed: bool = False
    downloadable: bool = False
    description: str = ""
    genre: str = ""
    tag_list: str = ""
    artist: str | None = None
    album_title: str | None = None
    isrc: str | None = None
    label_name: str | None = None
    release_date: str | None = None
    license: str = "all-rights-reserved"
    playback_count: int = 0
    likes_count: int = 0
    created_at: str = FIRST_DAY
    last_modified: str = FIRST_DAY


class Playlist(msgspec.Struct, frozen=True, kw_only=True):
    """One set: an ordered list of track ids in which ids may repeat and outlive their tracks."""

    id: int
    user_id: int
    permalink: str
    title: str
    track_ids: tuple[int, ...] = ()
    secret_token: str | None = None  # given: the set is private
    removed: bool = False
    description: str = ""
    genre: str = ""
    tag_list: str = ""
    set_type: str = ""  # "", "album", "ep", "single", "compilation"
    created_at: str = FIRST_DAY
    last_modified: str = FIRST_DAY


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One line of somebody's likes or reposts."""

    kind: Literal["track", "playlist"]
    id: int
    created_at: str = FIRST_DAY


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A whole catalogue as it is written to a file."""

    users: tuple[User, ...] = ()
    tracks: tuple[Track, ...] = ()
    playlists: tuple[Playlist, ...] = ()
    likes: dict[int, tuple[Mention, ...]] = {}  # by user id, newest first
    reposts: dict[int, tuple[Mention, ...]] = {}  # by user id, newest first
    short_links: dict[str, str] = {}  # code on on.soundcloud.com: the address it leads to
    media: dict[int, tuple[str, ...]] = {}  # by track id: the names of its media files
