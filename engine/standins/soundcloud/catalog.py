"""The stand-in's world: what is on SoundCloud now, changed from outside as uploaders and listeners would.

Reads and changes may come from any thread. Knows nothing of HTTP, countries or client ids.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from engine.standins.soundcloud.records import Blocked, Delivery, Mention, Playlist, Policy, Snapshot, Track, User

Media: TypeAlias = bytes | Path
_MEDIA_NAME = re.compile(r"[a-z0-9_]+(\.preview)?")
_SNAPSHOT_FILE = "catalog.json"
_MEDIA_FOLDER = "media"


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class Catalog:
    """Users, tracks, sets, likes, reposts, short links and media files; hold `lock` for reads that belong together."""

    def __init__(self, *, clock: Callable[[], datetime] = _wall_clock) -> None:
        self.lock = threading.RLock()
        self._clock = clock
        self._users: dict[int, User] = {}
        self._tracks: dict[int, Track] = {}
        self._playlists: dict[int, Playlist] = {}
        self._likes: dict[int, tuple[Mention, ...]] = {}
        self._reposts: dict[int, tuple[Mention, ...]] = {}
        self._short_links: dict[str, str] = {}
        self._media: dict[int, dict[str, Media]] = {}

    # What exists.

    def user(self, user_id: int) -> User | None:
        """Give one account, or nothing."""
        with self.lock:
            return self._users.get(user_id)

    def track(self, track_id: int) -> Track | None:
        """Give one track, also a removed one, or nothing when there never was any."""
        with self.lock:
            return self._tracks.get(track_id)

    def playlist(self, playlist_id: int) -> Playlist | None:
        """Give one set, also a removed one, or nothing when there never was any."""
        with self.lock:
            return self._playlists.get(playlist_id)

    def users(self) -> tuple[User, ...]:
        """Give every account."""
        with self.lock:
            return tuple(self._users.values())

    def tracks(self) -> tuple[Track, ...]:
        """Give every track that has not been removed, oldest first."""
        with self.lock:
            return tuple(track for track in self._tracks.values() if not track.removed)

    def playlists(self) -> tuple[Playlist, ...]:
        """Give every set that has not been removed, oldest first."""
        with self.lock:
            return tuple(playlist for playlist in self._playlists.values() if not playlist.removed)

    def likes(self, user_id: int) -> tuple[Mention, ...]:
        """Give what a user likes, newest first."""
        with self.lock:
            return self._likes.get(user_id, ())

    def reposts(self, user_id: int) -> tuple[Mention, ...]:
        """Give what a user reposted, newest first."""
        with self.lock:
            return self._reposts.get(user_id, ())

    def short_link(self, code: str) -> str | None:
        """Give the address a short link leads to, or nothing."""
        with self.lock:
            return self._short_links.get(code)

    def media_names(self, track_id: int) -> tuple[str, ...]:
        """Give the names of a track's media files, in the order they were given."""
        with self.lock:
            return tuple(self._media.get(track_id, ()))

    def media(self, track_id: int, name: str) -> bytes | None:
        """Give the bytes of one media file, or nothing."""
        with self.lock:
            found = self._media.get(track_id, {}).get(name)
        return found.read_bytes() if isinstance(found, Path) else found

    # What changes.

    def add_user(self, user: User) -> User:
        """Open an account."""
        with self.lock:
            self._users[user.id] = user
        return user

    def add_track(self, track: Track, media: Mapping[str, Media] | None = None) -> Track:
        """Upload a track with its files: preset (`mp3_1_0`), `<preset>.preview`, `original` or `artwork` to bytes.

        Raises:
            KeyError: the uploader has no account.
            ValueError: a media name could not be a file name.
        """
        with self.lock:
            self._users[track.user_id]
            self.put_media(track.id, media or {})
            self._tracks[track.id] = track
        return track

    def add_playlist(self, playlist: Playlist) -> Playlist:
        """Publish a set; the tracks it names need not exist any more.

        Raises:
            KeyError: its maker has no account.
        """
        with self.lock:
            self._users[playlist.user_id]
            self._playlists[playlist.id] = playlist
        return playlist

    def put_media(self, track_id: int, media: Mapping[str, Media]) -> None:
        """Give or replace some of a track's files.

        Raises:
            ValueError: a media name could not be a file name.
        """
        for name in media:
            if not _MEDIA_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name for a media file")
        with self.lock:
            self._media.setdefault(track_id, {}).update(media)

    def set_entries(self, playlist_id: int, track_ids: tuple[int, ...]) -> Playlist:
        """Replace the contents of a set, in order."""
        return self._change_playlist(playlist_id, track_ids=tuple(track_ids))

    def rename_playlist(self, playlist_id: int, title: str) -> Playlist:
        """Give a set another title; its address stays."""
        return self._change_playlist(playlist_id, title=title)

    def remove_playlist(self, playlist_id: int) -> Playlist:
        """Delete a set."""
        return self._change_playlist(playlist_id, removed=True)

    def rename(self, track_id: int, title: str, *, permalink: str | None = None) -> Track:
        """Give a track another title and, if asked, another address; the old address is then gone."""
        address = {} if permalink is None else {"permalink": permalink}
        return self.change_track(track_id, title=title, **address)

    def remove_track(self, track_id: int) -> Track:
        """Delete a track; the sets that name it go on doing so."""
        return self.change_track(track_id, removed=True)

    def change_policy(
        self,
        track_id: int,
        policy: Policy,
        *,
        blocked_countries: tuple[str, ...] = (),
        blocked: Blocked = Blocked.POLICY,
    ) -> Track:
        """Change who may listen to a track, where not, and how that shows there."""
        return self.change_track(track_id, policy=policy, blocked_countries=blocked_countries, blocked=blocked)

    def change_delivery(self, track_id: int, delivery: Delivery) -> Track:
        """Change how far a client that asks for the audio gets."""
        return self.change_track(track_id, delivery=delivery)

    def change_track(self, track_id: int, **changes: Any) -> Track:
        """Change any of a track's fields; its time of change follows.

        Raises:
            KeyError: there never was such a track.
        """
        with self.lock:
            changed = msgspec.structs.replace(self._tracks[track_id], last_modified=self._now(), **changes)
            self._tracks[track_id] = changed
        return changed

    def change_user(self, user_id: int, **changes: Any) -> User:
        """Change any of an account's fields: its names, or the counts its profile shows.

        Raises:
            KeyError: there never was such an account.
        """
        with self.lock:
            changed = msgspec.structs.replace(self._users[user_id], **changes)
            self._users[user_id] = changed
        return changed

    def set_likes(self, user_id: int, likes: tuple[Mention, ...]) -> None:
        """Replace what a user likes, newest first."""
        with self.lock:
            self._likes[user_id] = tuple(likes)

    def set_reposts(self, user_id: int, reposts: tuple[Mention, ...]) -> None:
        """Replace what a user reposted, newest first."""
        with self.lock:
            self._reposts[user_id] = tuple(reposts)

    def add_short_link(self, code: str, address: str) -> str:
        """Make `https://on.soundcloud.com/<code>` lead to an address; gives the short link."""
        with self.lock:
            self._short_links[code] = address
        return f"https://on.soundcloud.com/{code}"

    # What lasts.

    def save(self, folder: Path) -> None:
        """Write everything to `catalog.json` and `media/<track id>/<name>` below a folder."""
        with self.lock:
            media = {track_id: tuple(files) for track_id, files in self._media.items() if files}
            for track_id, names in media.items():
                shelf = folder / _MEDIA_FOLDER / str(track_id)
                shelf.mkdir(parents=True, exist_ok=True)
                for name in names:
                    (shelf / name).write_bytes(self.media(track_id, name) or b"")
            snapshot = Snapshot(
                users=tuple(self._users.values()),
                tracks=tuple(self._tracks.values()),
                playlists=tuple(self._playlists.values()),
                likes=self._likes,
                reposts=self._reposts,
                short_links=self._short_links,
                media=media,
            )
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _SNAPSHOT_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(snapshot), indent=1))

    @staticmethod
    def load(folder: Path, *, clock: Callable[[], datetime] = _wall_clock) -> Catalog:
        """Give the catalogue a folder holds; media files stay where they are and are read when asked for."""
        snapshot = msgspec.json.decode((folder / _SNAPSHOT_FILE).read_bytes(), type=Snapshot)
        catalog = Catalog(clock=clock)
        catalog._users = {user.id: user for user in snapshot.users}
        catalog._tracks = {track.id: track for track in snapshot.tracks}
        catalog._playlists = {playlist.id: playlist for playlist in snapshot.playlists}
        catalog._likes = dict(snapshot.likes)
        catalog._reposts = dict(snapshot.reposts)
        catalog._short_links = dict(snapshot.short_links)
        for track_id, names in snapshot.media.items():
            catalog._media[track_id] = {name: folder / _MEDIA_FOLDER / str(track_id) / name for name in names}
        return catalog

    def _change_playlist(self, playlist_id: int, **changes: Any) -> Playlist:
        with self.lock:
            changed = msgspec.structs.replace(self._playlists[playlist_id], last_modified=self._now(), **changes)
            self._playlists[playlist_id] = changed
        return changed

    def _now(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
