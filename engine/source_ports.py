"""What the workflows ask of the places where music is seen, looked for and looked up, as protocols.

Every method says what it gives and which problems it reports as values; none raises for a remote's failure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from engine.domain.events import AccessChanged, Fact, TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem


class Describing(StrEnum):
    """When a source's tracks are described again, beside those that are new."""

    ALWAYS = "always"  # it costs nothing
    WEEKLY = "weekly"  # it costs requests: each track has its day of the week
    LISTED = "listed"  # a listing brings the metadata along; nothing more is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the last complete listing of a playlist showed, for a source that can tell what changed since.

    Attributes:
        watermark: the source's change token then, if it had one.
        declared_count: how many entries the source said there were.
    """

    ref: str
    entries: tuple[str, ...] = ()
    watermark: str | None = None
    declared_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source showed of one playlist.

    Attributes:
        ref: the playlist's `SourceRef`, by the source's id, so that it survives renames.
        entries: `SourceRef`s in position order, repeats kept.
        complete: whether every entry is known; an incomplete listing proves presence only.
        declared_count: how many entries the source says there are.
        watermark: the source's change token, if it has one.
        policies: ref → the source's own word about a track's audio, where the listing says it in passing.
    """

    ref: str
    name: str
    url: str
    entries: tuple[str, ...]
    complete: bool
    owner: str | None = None
    declared_count: int | None = None
    watermark: str | None = None
    problem: Problem | None = None
    policies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A source's word that a playlist is as `Known` has it: its change token is the same."""

    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undescribed:
    """A track whose metadata a source would not give, and what that proves."""

    ref: str
    availability: Availability
    problem: Problem


class Source(Protocol):
    """A place music is seen."""

    @property
    def name(self) -> str:
        """The source's name: the first part of its refs."""
        ...

    @property
    def describing(self) -> Describing:
        """When tracks are described again."""
        ...

    def recognises(self, url: str) -> bool:
        """Say whether a playlist address belongs to this source."""
        ...

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the addresses of the playlists behind an address: itself, unless it stands for several."""
        ...

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        """Give the whole ordered listing of one playlist, or the source's word that it is as `known` says."""
        ...

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give the metadata of tracks, one answer per ref, in batches as the source allows."""
        ...

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far, by remote."""
        ...


class Finder(Protocol):
    """A place where audio can be looked for by name."""

    @property
    def name(self) -> str:
        """The source's name: the first part of the refs it finds."""
        ...

    def find(self, query: str, limit: int) -> tuple[TrackSeen, ...] | Problem:
        """Give what a search shows, best first, at most `limit`; nothing found is an empty answer, no problem."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a provider of facts is asked about: all that is known of one recording.

    Attributes:
        fingerprint: Chromaprint of the first 120 s, compressed base64.
        audio_ms: the length of the file the fingerprint was computed of.
    """

    recording_id: str
    title: str
    artist: str | None = None
    album: str | None = None
    duration_ms: int | None = None
    isrcs: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()  # refs of its sightings
    fingerprint: str | None = None
    audio_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """What a provider knows of a recording; no facts when it knows nothing.

    Attributes:
        matched_by: "isrc", "search" or "fingerprint".
        provider_ref: the provider's id of it, such as `musicbrainz:recording:<mbid>`.
    """

    matched_by: str
    provider_ref: str | None = None
    facts: tuple[Fact, ...] = ()


class Enricher(Protocol):
    """A provider of facts about recordings; optional, and nothing waits for it."""

    @property
    def name(self) -> str:
        """The provider's name: "spotify", "musicbrainz" or "acoustid"."""
        ...

    def suits(self, about: Described) -> bool:
        """Say whether enough is known of a recording to ask about it at all."""
        ...

    def enrich(self, about: Described) -> Enriched | Problem:
        """Give what the provider knows of a recording."""
        ...

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far, by remote."""
        ...


DIRECT = "direct"
"""The way without proxy and cookies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One access profile, ready for use; what may hold a secret is kept out of its `repr`.

    Attributes:
        proxy: an HTTP or SOCKS address, with credentials if it needs any; None goes by the environment.
        country: ISO 3166 alpha-2, where the proxy stands.
    """

    name: str
    proxy: str | None = field(default=None, repr=False)
    cookie_file: Path | None = None
    cookie_browser: str | None = None
    country: str | None = None

    @property
    def speaks_for_account(self) -> bool:
        """Whether it carries cookies, and so what they open."""
        return self.cookie_file is not None or self.cookie_browser is not None


class Access(Protocol):
    """The ways to each source, in the order in which they are worth trying, and how they did."""

    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        """Give the ways to a source, best first: the direct one while it works, then the one that last worked.

        Args:
            source: "soundcloud", "youtube", …
            failed: classes that earlier ways ended in, for this very question: only ways that can help remain.
            host: whom it is about, where that makes a difference.
        """
        ...

    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        """Remember how a way did: with a problem, or without; `ref` names the track it was about."""
        ...

    def tried(self, ref: str) -> tuple[str, ...]:
        """Give the names of the ways that were tried for a track in this process, sorted."""
        ...

    def take_news(self) -> tuple[AccessChanged, ...]:
        """Give how the ways stand otherwise than is recorded, each change once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one way came to for one address.

    Attributes:
        listing: what was in the way of the metadata; None when it came.
        audio: what was in the way of the audio; None when it came, or was not asked for.
        is_track: whether the address is one track's, so that its audio was asked for.
    """

    listing: Problem | None = None
    audio: Problem | None = None
    is_track: bool = False

    @property
    def problem(self) -> Problem | None:
        """What was in the way, if anything was."""
        return self.listing or self.audio


class WayTester(Protocol):
    """Tries one way without downloading anything."""

    def try_way(self, url: str, way: Way) -> Trial:
        """Ask for an address's metadata, and for the first bytes of its audio when it is a track's."""
        ...
