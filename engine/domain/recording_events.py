"""Events about identity and about files."""

from __future__ import annotations

from typing import ClassVar

from engine.domain.occurrence import Occurrence
from engine.domain.value import Value

UPLOADED = "uploaded"
"""Among what a file was made with: "1" where it is the very file its source was given, not one made of it."""


class Evidence(Value, frozen=True):
    """One feature that spoke for or against a link."""

    feature: str
    weight: float
    detail: str


class RecordingLinked(Occurrence, frozen=True, gc=False):
    """A sighting was decided to be a recording."""

    TYPE: ClassVar[str] = "recording.linked"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str
    ref: str
    rule: str  # "founding", "same_isrc", "person", …
    evidence: tuple[Evidence, ...]
    beaten: tuple[str, ...]  # candidates that were not chosen
    policy_version: str


class RecordingDismissed(Occurrence, frozen=True, gc=False):
    """A person threw a recording away: it is not fetched again."""

    TYPE: ClassVar[str] = "recording.dismissed"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str
    reason: str


class RecordingRequested(Occurrence, frozen=True, gc=False):
    """A person asked for a recording again, whatever was decided before."""

    TYPE: ClassVar[str] = "recording.requested"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str
    reason: str


class Audio(Value, frozen=True):
    """What was measured of one file; every number nullable, unknown stays unknown."""

    format: str  # "m4a", "mp3", "aiff", …
    codec: str
    duration_ms: int
    sample_rate_hz: int | None = None
    bit_depth: int | None = None
    channels: int | None = None
    bitrate_bps: int | None = None
    lossless: bool = False  # the container can hold what it was given exactly
    lossy_origin: bool = True  # what it was given had been through a lossy codec
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    fingerprint: str | None = None  # Chromaprint of the first 120 s, compressed base64
    pcm_sha256: str | None = None
    tools: dict[str, str] = {}  # noqa: RUF012 - msgspec copies mutable defaults
    fingerprint_rest: str | None = None  # of what follows them, to 15 min: the whole tells a part from all

    @property
    def whole_fingerprint(self) -> str | None:
        """Both parts of the fingerprint with a blank between, as `engine.matching.fingerprint.decode` reads them."""
        return " ".join(filter(None, (self.fingerprint, self.fingerprint_rest))) or None


class RenditionVerified(Occurrence, frozen=True, gc=False):
    """A file of a recording was decoded to its end, measured and placed."""

    TYPE: ClassVar[str] = "rendition.verified"
    SCHEMA_VERSION: ClassVar[int] = 2  # 1: the fingerprint ended after 120 s
    STREAM: ClassVar[tuple[str, str]] = ("rendition:", "rendition_id")
    rendition_id: str
    recording_id: str
    profile: str  # "original", "aiff", …
    source_ref: str
    path: str  # relative to the library root, NFC, forward slashes
    size_bytes: int
    mtime_ns: int
    file_sha256: str
    audio: Audio


class RenditionMissed(Occurrence, frozen=True, gc=False):
    """A complete scan of the library did not find a rendition's file."""

    TYPE: ClassVar[str] = "rendition.missed"
    STREAM: ClassVar[tuple[str, str]] = ("rendition:", "rendition_id")
    rendition_id: str
    path: str


class RenditionReturned(Occurrence, frozen=True, gc=False):
    """A rendition's file is there, at this path: back, moved by a person, or touched."""

    TYPE: ClassVar[str] = "rendition.returned"
    STREAM: ClassVar[tuple[str, str]] = ("rendition:", "rendition_id")
    rendition_id: str
    path: str
    size_bytes: int
    mtime_ns: int
    file_sha256: str
