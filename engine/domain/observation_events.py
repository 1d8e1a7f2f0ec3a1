"""Events that say what sources and targets showed."""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.occurrence import Occurrence
from engine.domain.value import Fields


class ScanCompleted(Occurrence, frozen=True, gc=False):
    """A scan of one scope ended; an incomplete one proves presence, never absence."""

    TYPE: ClassVar[str] = "scan.completed"
    SCHEMA_VERSION: ClassVar[int] = 2  # 1: without what the source declared
    STREAM: ClassVar[tuple[str, str]] = ("scope:", "scope")
    scope: str  # "soundcloud:set:1", "notion:track", "library", …
    complete: bool
    count: int
    set_hash: str  # digest of the sorted ids and content digests seen
    watermark: str | None = None
    root_identity: str | None = None
    supported: tuple[str, ...] | None = None  # the fields this target's schema can hold, in our words
    problem: Problem | None = None
    declared: int | None = None  # how many the source says there are
    unchanged: bool = False  # the source's change token said so; nothing was listed again


class TrackSeen(Occurrence, frozen=True, gc=False):
    """A source showed one track's metadata, different from what it last showed."""

    TYPE: ClassVar[str] = "track.seen"
    SCHEMA_VERSION: ClassVar[int] = 2  # 1: without credits, explicit, policy, access and original_offered
    STREAM: ClassVar[tuple[str, str]] = ("sighting:", "ref")
    ref: str
    title: str
    url: str
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    label: str | None = None
    isrc: str | None = None
    release_date: str | None = None  # ISO 8601 date
    duration_ms: int | None = None  # of the whole piece, never of a preview
    artwork_url: str | None = None
    uploader: str | None = None
    availability: Availability = Availability.AVAILABLE
    local_path: str | None = None  # a file source's path
    content_sha256: str | None = None  # a file source's bytes
    credits: tuple[str, ...] = ()  # the artists one by one, where a source lists them so
    explicit: bool | None = None
    policy: str | None = None  # SoundCloud's own word: ALLOW, MONETIZE, SNIP, BLOCK
    access: str | None = None  # the source's own word: playable, preview, blocked
    original_offered: bool = False  # whether the source offers the file as it was uploaded


class TrackAvailabilityChanged(Occurrence, frozen=True, gc=False):
    """An attempt or a listing proved something about a track's audio."""

    TYPE: ClassVar[str] = "track.availability_changed"
    SCHEMA_VERSION: ClassVar[int] = 2  # 1: without the ways
    STREAM: ClassVar[tuple[str, str]] = ("sighting:", "ref")
    ref: str
    availability: Availability
    failure: FailureClass | None
    detail: str
    http_status: int | None = None
    listed: bool = False  # whether a listing said so; an attempt otherwise
    ways: tuple[str, ...] = ()  # the access profiles that were tried, sorted


class PlaylistSeen(Occurrence, frozen=True, gc=False):
    """A source showed a playlist with content different from the last; order and repeats are facts."""

    TYPE: ClassVar[str] = "playlist.seen"
    STREAM: ClassVar[tuple[str, str]] = ("playlist:", "ref")
    ref: str
    name: str
    url: str
    entries: tuple[str, ...]  # SourceRefs in position order
    owner: str | None = None
    declared_count: int | None = None


class PlaylistHeld(Occurrence, frozen=True, gc=False):
    """A listing shrank so far that it was not believed."""

    TYPE: ClassVar[str] = "playlist.held"
    STREAM: ClassVar[tuple[str, str]] = ("playlist:", "ref")
    ref: str
    entries_before: int
    entries_seen: int
    set_hash: str


class PlaylistConfigured(Occurrence, frozen=True, gc=False):
    """A person asked for a playlist to be kept in step, or not any more."""

    TYPE: ClassVar[str] = "playlist.configured"
    STREAM: ClassVar[tuple[str, str]] = ("playlist:", "ref")
    ref: str
    url: str
    active: bool


class RemoteSeen(Occurrence, frozen=True, gc=False):
    """A target showed one object, different from what it last showed."""

    TYPE: ClassVar[str] = "remote.seen"
    target: str
    kind: str
    remote_id: str
    key: str | None  # our natural key, when it carries one
    fields: Fields  # in our words
    live: bool = True  # false in the trash
    revision: str | None = None  # last_edited_time, modificationTime, mtime …

    @property
    @override
    def stream(self) -> str:
        return f"remote:{self.target}/{self.remote_id}"


class RemoteMissed(Occurrence, frozen=True, gc=False):
    """A complete scan did not show an object that was there before."""

    TYPE: ClassVar[str] = "remote.missed"
    target: str
    remote_id: str

    @property
    @override
    def stream(self) -> str:
        return f"remote:{self.target}/{self.remote_id}"
