"""Asks Spotify's Web API through spotipy, and gives every refusal as a problem. Knows no playlists.

Imported late, for it imports spotipy. One thread at a time asks, whoever calls.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlencode

from spotipy import Spotify

from engine.domain.failure import Problem
from engine.ports import Clock
from engine.sources.spotify import problems
from engine.sources.spotify.config import SpotifyConfig
from engine.sources.spotify.logins import Logins
from engine.sources.spotify.session import REMOTE, PacedSession

Json: TypeAlias = Mapping[str, Any]
Question: TypeAlias = Callable[[Spotify], object]

PAGE = 50
"""The most entries any page may have."""
FOUND_MAX = 10
"""The most results a search may have since February 2026."""
BOTH_KINDS = "track,episode"
HEAD_FIELDS = "id,name,collaborative,owner(id,display_name),snapshot_id"
_ARTIST = "artists(name),album(name,images,release_date,release_date_precision)"
_PIECE = (
    f"id,uri,type,name,duration_ms,explicit,external_ids(isrc),linked_from(id,uri),{_ARTIST},"
    "images,release_date,release_date_precision,show(name,publisher)"
)
ITEM_FIELDS = f"total,items(added_at,is_local,item({_PIECE}),track({_PIECE}))"
"""What is read of an entry, in the newer shape and in the older one; markets alone are half of a whole answer."""


class SpotifyClient:
    """The Web API, spoken to as one account."""

    def __init__(self, config: SpotifyConfig, clock: Clock, pace: Callable[[str], None]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._session = PacedSession(pace, config.tls_verify)
        self.logins = Logins(config, clock, self._session)
        self._spotify = Spotify(
            requests_session=self._session, requests_timeout=config.timeout_s, retries=0, status_retries=0
        )
        self._spotify.prefix = f"{config.api_base.rstrip('/')}/v1/"

    def sent(self) -> Mapping[str, int]:
        """Give how many requests were sent, those for tokens included."""
        return {REMOTE: self._session.sent}

    def close(self) -> None:
        """Let go of the connections; it can be asked again, and counts on."""
        self._session.close()

    def account(self) -> str | Problem:
        """Give the user id of whoever is logged in; asked for once and remembered with the login."""
        with self._lock:
            if known := self.logins.account:
                return known
            answer = self._answer(lambda spotify: spotify.me())
            if isinstance(answer, Problem):
                return answer
            identity = answer.get("id") if answer else None
            if not isinstance(identity, str) or not identity:
                return problems.garbage()
            self.logins.name_account(identity)
            return identity

    def own_playlists(self, offset: int) -> Json | Problem:
        """Give one page of the playlists in the account's library."""
        return self._full(lambda spotify: spotify.current_user_playlists(limit=PAGE, offset=offset))

    def head(self, playlist: str) -> Json | Problem:
        """Give what a playlist is, without its entries."""
        return self._full(lambda spotify: spotify.playlist(playlist, fields=HEAD_FIELDS))

    def items(self, playlist: str, offset: int) -> Json | Problem:
        """Give one page of a playlist's entries."""
        return self._full(
            lambda spotify: spotify.playlist_items(playlist, fields=ITEM_FIELDS, limit=PAGE, offset=offset)
        )

    def older_items(self, playlist: str, offset: int) -> Json | Problem:
        """Give one page of a playlist's entries from where they were until February 2026."""
        query = {"limit": PAGE, "offset": offset, "fields": ITEM_FIELDS, "additional_types": BOTH_KINDS}

        def ask(spotify: Spotify) -> object:
            # spotipy names no older place any more, but follows any page's address.
            return spotify.next({"next": f"{spotify.prefix}playlists/{playlist}/tracks?{urlencode(query)}"})

        return self._full(ask)

    def saved(self, offset: int) -> Json | Problem:
        """Give one page of the liked songs, the latest first."""
        return self._full(lambda spotify: spotify.current_user_saved_tracks(limit=PAGE, offset=offset))

    def album(self, album: str) -> Json | Problem:
        """Give an album with the first page of its tracks."""
        return self._full(lambda spotify: spotify.album(album))

    def album_tracks(self, album: str, offset: int) -> Json | Problem:
        """Give one page of an album's tracks."""
        return self._full(lambda spotify: spotify.album_tracks(album, limit=PAGE, offset=offset))

    def track(self, track: str) -> Json | Problem:
        """Give one track."""
        return self._full(lambda spotify: spotify.track(track))

    def episode(self, episode: str) -> Json | Problem:
        """Give one episode."""
        return self._full(lambda spotify: spotify.episode(episode))

    def search(self, query: str) -> Json | Problem:
        """Give the tracks a search shows."""
        return self._full(lambda spotify: spotify.search(query, limit=FOUND_MAX, type="track"))

    def player(self) -> Json | Problem | None:
        """Give what plays now; nothing when nothing does."""
        return self._answer(lambda spotify: spotify.current_playback(additional_types=BOTH_KINDS))

    def _full(self, question: Question) -> Json | Problem:
        answer = self._answer(question)
        return problems.garbage(HTTPStatus.NO_CONTENT) if answer is None else answer

    def _answer(self, question: Question) -> Json | Problem | None:
        with self._lock:
            token = self.logins.token()
            if isinstance(token, Problem):
                return token
            answer = self._once(question, token)
            if isinstance(answer, Problem) and answer.http_status == HTTPStatus.UNAUTHORIZED:
                token = self.logins.token(refused=token)
                return token if isinstance(token, Problem) else self._once(question, token)
            return answer

    def _once(self, question: Question, token: str) -> Json | Problem | None:
        self._session.answered = None
        self._spotify.set_auth(token)
        try:
            answer = question(self._spotify)
        except problems.FAULTS as error:
            return problems.read(error, self._session.answered, self._clock.now_us())
        status = self._session.status
        if status == HTTPStatus.NO_CONTENT:
            return None
        if status is None:
            return problems.not_sent()
        return answer if isinstance(answer, Mapping) else problems.garbage(status)
