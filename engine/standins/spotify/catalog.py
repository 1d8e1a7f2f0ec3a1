"""What a Spotify holds, and the hands of the people who change it. No HTTP.

Every change of a playlist makes a new state with a new `snapshot_id`; readers may lag behind by script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.standins.spotify.records import Entry, Episode, LocalFile, Playing, Playlist, Track, User, base62


@dataclass(slots=True)
class _Lag:
    reads: int
    back: int


@dataclass(slots=True)
class Catalog:
    """Tracks, episodes, accounts and their playlists; callers hold the stand-in's lock."""

    users: dict[str, User] = field(default_factory=dict)
    tracks: dict[str, Track] = field(default_factory=dict)
    episodes: dict[str, Episode] = field(default_factory=dict)
    playlists: dict[str, list[Playlist]] = field(default_factory=dict)  # every state, oldest first
    libraries: dict[str, list[str]] = field(default_factory=dict)  # user → playlist ids, as they are shown
    liked: dict[str, list[Entry]] = field(default_factory=dict)  # user → newest first
    playing: dict[str, Playing] = field(default_factory=dict)
    _lags: dict[tuple[str, str], _Lag] = field(default_factory=dict)
    _looks: int = 0

    # --- what is there ----------------------------------------------------------------------------------------------

    def playlist(self, playlist_id: str, *, reading: str | None = None) -> Playlist | None:
        """Give a playlist as it is, or as a reader that lags behind sees it."""
        states = self.playlists.get(playlist_id)
        if not states:
            return None
        lag = self._lags.get((playlist_id, reading)) if reading else None
        if lag is None or lag.reads <= 0:
            return states[-1]
        lag.reads -= 1
        return states[max(0, len(states) - 1 - lag.back)]

    def item(self, uri: str) -> Track | Episode | None:
        """Give the track or episode of a URI, if it is still there."""
        kind, _, native = uri.removeprefix("spotify:").partition(":")
        return self.tracks.get(native) if kind == "track" else self.episodes.get(native)

    def snapshot(self, playlist: Playlist) -> str:
        """Give a playlist's token as it is shown: of Spotify's own ones it is another with every look."""
        if playlist.owner != "spotify":
            return snapshot_id(playlist)
        self._looks += 1
        return snapshot_id(replace(playlist, revision=playlist.revision + self._looks))

    # --- people's hands ---------------------------------------------------------------------------------------------

    def add_user(self, user_id: str, display_name: str | None = None, *, premium: bool = True) -> User:
        """Register an account."""
        user = User(id=user_id, display_name=display_name or user_id.title(), premium=premium)
        self.users[user_id] = user
        return user

    def add_track(self, track: Track) -> str:
        """Publish a track, or another version of it under its id, and give its URI."""
        self.tracks[track.id] = track
        return track.uri

    def add_episode(self, episode: Episode) -> str:
        """Publish an episode and give its URI."""
        self.episodes[episode.id] = episode
        return episode.uri

    def withdraw(self, uri: str) -> None:
        """Take a track or episode from the catalogue: playlists show nothing in its place."""
        native = uri.rpartition(":")[2]
        self.tracks.pop(native, None)
        self.episodes.pop(native, None)

    def create_playlist(
        self,
        owner: str,
        name: str,
        uris: Iterable[str | LocalFile] = (),
        *,
        playlist_id: str | None = None,
        public: bool = False,
    ) -> str:
        """Make a playlist, first in its owner's library, and give its id."""
        made = playlist_id or base62(f"playlist {owner} {name} {len(self.playlists)}")
        entries = tuple(Entry(item=uri, added_by=owner) for uri in uris)
        self.playlists[made] = [Playlist(id=made, name=name, owner=owner, entries=entries, public=public)]
        self.follow(owner, made)
        return made

    def follow(self, user_id: str, playlist_id: str) -> None:
        """Put a playlist into a user's library."""
        self.libraries.setdefault(user_id, []).insert(0, playlist_id)

    def unfollow(self, user_id: str, playlist_id: str) -> None:
        """Take a playlist out of a user's library; what its owner calls deleting."""
        self.libraries[user_id].remove(playlist_id)

    def invite(self, playlist_id: str, user_id: str) -> None:
        """Make a user a collaborator, with the playlist in their library."""
        now = self._now(playlist_id)
        self._change(now, collaborative=True, collaborators=now.collaborators | {user_id})
        self.follow(user_id, playlist_id)

    def rename(self, playlist_id: str, name: str) -> None:
        """Give a playlist another name."""
        self._change(self._now(playlist_id), name=name)

    def add(
        self,
        playlist_id: str,
        *items: str | LocalFile | None,
        position: int | None = None,
        added_at: str | None = "2024-01-01T00:00:00Z",
    ) -> None:
        """Put tracks, episodes or local files into a playlist, at the end if no position is named."""
        now = self._now(playlist_id)
        fresh = tuple(Entry(item=item, added_at=added_at, added_by=now.owner) for item in items)
        at = len(now.entries) if position is None else position
        self._change(now, entries=(*now.entries[:at], *fresh, *now.entries[at:]))

    def remove(self, playlist_id: str, position: int) -> None:
        """Take one place out of a playlist."""
        now = self._now(playlist_id)
        self._change(now, entries=now.entries[:position] + now.entries[position + 1 :])

    def move(self, playlist_id: str, position: int, to: int) -> None:
        """Move one place of a playlist to where another is after it was taken out."""
        entries = list(self._now(playlist_id).entries)
        entries.insert(to, entries.pop(position))
        self._change(self._now(playlist_id), entries=tuple(entries))

    def clear(self, playlist_id: str) -> None:
        """Empty a playlist."""
        self._change(self._now(playlist_id), entries=())

    def lag(self, playlist_id: str, *, reading: str, reads: int, back: int = 1) -> None:
        """Let the next reads of a kind ("items", "playlist", "playlists") see an older state of a playlist."""
        self._lags[playlist_id, reading] = _Lag(reads=reads, back=back)

    def like(self, user_id: str, *uris: str, added_at: str = "2024-01-01T00:00:00Z") -> None:
        """Save tracks to an account, each one before those that are there."""
        for uri in uris:
            self.liked.setdefault(user_id, []).insert(0, Entry(item=uri, added_at=added_at))

    def unlike(self, user_id: str, uri: str) -> None:
        """Take a track from what an account saved."""
        self.liked[user_id] = [entry for entry in self.liked[user_id] if entry.item != uri]

    def play(self, user_id: str, playing: Playing | None) -> None:
        """Play something on an account, or nothing."""
        if playing is None:
            self.playing.pop(user_id, None)
        else:
            self.playing[user_id] = playing

    def _now(self, playlist_id: str) -> Playlist:
        return self.playlists[playlist_id][-1]

    def _change(self, now: Playlist, **changes: object) -> None:
        self.playlists[now.id].append(replace(now, revision=now.revision + 1, **changes))  # type: ignore[arg-type]  # names of its own fields


def snapshot_id(playlist: Playlist) -> str:
    """Give the token that changes with every change of a playlist."""
    marked = f"{playlist.revision},{playlist.id}".encode()
    return base64.b64encode(f"{playlist.revision},{hashlib.sha256(marked).hexdigest()[:24]}".encode()).decode()
