"""Events about what was looked up elsewhere: audio for what came without any, and facts about a recording."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from engine.domain.failure import Availability, FailureClass
from engine.domain.occurrence import Occurrence
from engine.domain.recording_events import Evidence
from engine.domain.value import FieldValue, Value


class Found(StrEnum):
    """What a search for a recording's audio came to."""

    ACCEPTED = "accepted"  # one candidate is it
    ASKED = "asked"  # a person has to say
    NONE = "none"  # every source answered, and nothing there is it
    UNANSWERED = "unanswered"  # not every source answered, and nothing that others gave is it


class Searched(Value, frozen=True):
    """One question to one source: what was asked, how many answers came, or what was in the way."""

    source: str
    query: str
    found: int
    failure: FailureClass | None = None
    detail: str = ""


class Candidate(Value, frozen=True):
    """What a source offered for a recording, and what the matcher made of it."""

    ref: str
    url: str
    title: str
    decision: str  # "accept", "ask" or "reject"
    score: float
    evidence: tuple[Evidence, ...]
    artist: str | None = None
    uploader: str | None = None
    duration_ms: int | None = None
    isrc: str | None = None
    availability: Availability = Availability.UNKNOWN


class ResolutionDecided(Occurrence, frozen=True, gc=False):
    """Sources were searched for audio of a recording that has none, and this was made of their answers."""

    TYPE: ClassVar[str] = "resolution.decided"
    STREAM: ClassVar[tuple[str, str]] = ("resolution:", "recording_id")
    recording_id: str
    sought_ref: str  # the sighting whose name and length were sought
    found: Found
    chosen: str | None  # the candidate's ref, when one was accepted
    searched: tuple[Searched, ...]
    candidates: tuple[Candidate, ...]  # in the order of their worth
    policy_version: str


class Fact(Value, frozen=True):
    """One field as a provider gives it, and how sure it is that it speaks of this recording, in [0, 1]."""

    field: str
    value: FieldValue
    confidence: float


class RecordingEnriched(Occurrence, frozen=True, gc=False):
    """A provider was asked about a recording; no facts means that it knows nothing of it."""

    TYPE: ClassVar[str] = "recording.enriched"
    STREAM: ClassVar[tuple[str, str]] = ("enrichment:", "recording_id")
    recording_id: str
    provider: str  # "spotify", "musicbrainz", "acoustid"
    matched_by: str  # "isrc", "search", "fingerprint"
    provider_ref: str | None
    facts: tuple[Fact, ...]
