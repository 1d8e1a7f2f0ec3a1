"""What matching knows of one thing, what it decides of two, and the words for both."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.recording_events import Evidence
from engine.domain.value import Value


class Names(StrEnum):
    """What two names alone say; a closed set."""

    SAME = "same"  # one recording, as far as names can say
    VERSION = "version"  # another version: remix, live, edit, …
    PART = "part"  # another part or volume
    DIFFERENT = "different"  # other songs
    UNCLEAR = "unclear"  # a person would hesitate


class Decision(StrEnum):
    """What follows from all the evidence there is."""

    ACCEPT = "accept"  # one recording
    ASK = "ask"  # a person has to say
    REJECT = "reject"  # two recordings


class Thing(Value, frozen=True):
    """One thing that may be the same recording as another; all but its name may be unknown.

    Attributes:
        key: a recording id, `<target>/<kind>/<remote id>`, or a path; only to tell things apart.
        title: as its source writes it, artist, version and all.
        artist: as its source writes it, where the source has a field for it.
        year: the year of release.
        ids: ids that mean one recording wherever they appear: source refs, canonical addresses.
        isrcs: International Standard Recording Codes.
        content_hashes: SHA-256 of whole files, of decoded audio (`pcm:` before them).
        fingerprint: Chromaprint of the best file, as `fingerprint.decode` reads it.
        audio_ms: how long that file plays, in milliseconds.
    """

    key: str
    title: str
    artist: str | None = None
    album: str | None = None
    year: int | None = None
    duration_ms: int | None = None
    ids: tuple[str, ...] = ()
    isrcs: tuple[str, ...] = ()
    content_hashes: tuple[str, ...] = ()
    fingerprint: str | None = None
    audio_ms: int | None = None


class Judgement(Value, frozen=True):
    """What was decided of two things, and what each piece of evidence said.

    Attributes:
        rule: the evidence that carried the decision: "same_id", "same_isrc", "same_bytes", "same_audio", "names", …
        score: the sum of the evidence's weights.
    """

    decision: Decision
    names: Names
    rule: str
    score: float
    evidence: tuple[Evidence, ...]
    policy_version: str
