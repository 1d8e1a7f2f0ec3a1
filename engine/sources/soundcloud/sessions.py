"""What either of SoundCloud's apis can be asked.

Both answer in JSON of nearly one shape, which `parse` and `listings` read; every failure is a `Problem`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.domain.failure import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a user's list, in the service's order."""

    items: tuple[object, ...]
    last: bool


@dataclass(slots=True)
class Token:
    """The official api's token, kept in memory only and shared by all ways: few are given an hour."""

    text: str | None = field(default=None, repr=False)


class Session(Protocol):
    """One way to ask SoundCloud, open until closed; one thread at a time."""

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        ...

    def close(self) -> None:
        """Let go of connections and cookies."""
        ...

    def resolve(self, url: str, token: str | None = None) -> object | Problem:
        """Give what the page at a canonical address shows; a private one's token stands in its address as well."""
        ...

    def user(self, url: str, number: str | None) -> object | Problem:
        """Give the user whose profile is at an address; its number, if it is known, may make that cheaper."""
        ...

    def head(self, number: str) -> object | Problem | None:
        """Give a set without its tracks; nothing where that costs as much as the whole set does."""
        ...

    def numbered(self, kind: str, number: str, token: str | None) -> object | Problem:
        """Give one of the "tracks" or "playlists" by its number, and by its secret token if it is private."""
        ...

    def tracks(self, numbers: Sequence[str], key: Mapping[str, str]) -> object | Problem:
        """Give a batch of tracks; `key` is what the tracks of a private set are asked for with."""
        ...

    def track(self, number: str) -> object | Problem:
        """Give one track, where a refusal is about the track and about nothing else."""
        ...

    def pages(self, user: str, which: str) -> Iterator[Page | Problem]:
        """Give a user's "likes", "tracks", "reposts", "sets" or "albums", asking for a page when it is wanted."""
        ...

    def search(self, query: str, limit: int) -> object | Problem:
        """Give what a search for tracks shows."""
        ...

    def landing(self, url: str) -> str | Problem:
        """Give the address a short link leads to."""
        ...
