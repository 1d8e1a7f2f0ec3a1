"""The playlists in the account's library with their change tokens: fifty to a request, remembered while fresh (P9).

Reads no entries. Imported late, for the client imports spotipy.
"""

from __future__ import annotations

from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock
from engine.sources.spotify import parse, problems
from engine.sources.spotify.client import PAGE, SpotifyClient
from engine.sources.spotify.parse import Head

REMEMBERED_S = 600.0
"""As long as a run may take over its playlists; a change made meanwhile is seen by the next one."""
SINGLES_MAX = 3
"""Playlists asked for one by one before the whole library is: fifty of them cost what one does."""
PAGES_MAX = 400
"""20,000 playlists: more than Spotify lets anybody have."""


class Library:
    """The account's playlists, and any other by its id."""

    def __init__(self, client: SpotifyClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._heads: dict[str, Head] = {}
        self._read_s: float | None = None
        self._singles = 0

    def read(self) -> tuple[Head, ...] | Problem:
        """Give every playlist of the library, in its order, asked for anew."""
        found: dict[str, Head] = {}
        offset, total, pages = 0, 1, 0
        while offset < total and pages < PAGES_MAX:
            answer = self._client.own_playlists(offset)
            if isinstance(answer, Problem):
                return answer
            page = parse.heads(answer)
            if page is None:
                return problems.garbage()
            heads, places, total = page
            found.update({head.id: head for head in heads})
            offset, pages = offset + (places or PAGE), pages + 1  # what is hidden leaves pages short, or empty
        self._heads, self._read_s = found, self._clock.monotonic_s()
        return tuple(found.values())

    def head(self, identity: str) -> Head | Problem:
        """Give what a playlist is: from memory while that is fresh, else by one request."""
        if not self._fresh():
            self._singles += 1
            if self._singles > SINGLES_MAX:
                self._singles = 0
                whole = self.read()
                if isinstance(whole, Problem):
                    return whole
        known = self._heads.get(identity) if self._fresh() else None
        return known or self.asked(identity)

    def asked(self, identity: str) -> Head | Problem:
        """Give what a playlist is at this moment."""
        answer = self._client.head(identity)
        if isinstance(answer, Problem):
            missing = answer.failure in (FailureClass.NOT_FOUND, FailureClass.NOT_ALLOWED)
            return problems.not_found(identity, answer) if missing else answer
        return parse.head(answer) or problems.garbage()

    def _fresh(self) -> bool:
        return self._read_s is not None and self._clock.monotonic_s() - self._read_s < REMEMBERED_S
