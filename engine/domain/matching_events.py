"""Events about who is who: links undone, recordings merged and separated, questions asked and answered.

Nothing here removes anything: a decision changes what is wanted, and a plan shows what follows from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from engine.domain.occurrence import Occurrence
from engine.domain.recording_events import Evidence


class Answer(StrEnum):
    """What a person said to a question; a closed set."""

    SAME = "same"  # one recording
    DIFFERENT = "different"  # two recordings
    INSTEAD = "instead"  # one recording, and the newer sighting's audio is the one to have
    NEVER = "never"  # not wanted at all: never fetched
    LATER = "later"  # asked again after the others
    REOPENED = "reopened"  # an earlier answer was taken back


JOINING = frozenset({Answer.SAME, Answer.INSTEAD})
"""Answers by which two are one."""
PARTING = frozenset({Answer.DIFFERENT, Answer.NEVER})
"""Answers by which two are two."""


class RecordingUnlinked(Occurrence, frozen=True, gc=False):
    """A sighting was found not to be the recording it was linked to."""

    TYPE: ClassVar[str] = "recording.unlinked"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str
    ref: str
    reason: str


class RecordingMerged(Occurrence, frozen=True, gc=False):
    """A recording was found to be another one: what belongs to it counts for that one from now on."""

    TYPE: ClassVar[str] = "recording.merged"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str  # the one that is absorbed
    into: str  # the one that stays
    rule: str  # "person", "same_audio", "same_isrc", …
    evidence: tuple[Evidence, ...]
    beaten: tuple[str, ...]
    policy_version: str


class RecordingSeparated(Occurrence, frozen=True, gc=False):
    """A merge was taken back: the recording stands on its own again."""

    TYPE: ClassVar[str] = "recording.separated"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str
    reason: str


class MatchAsked(Occurrence, frozen=True, gc=False):
    """Evidence could not decide whether two things are one recording: a person has to."""

    TYPE: ClassVar[str] = "match.asked"
    STREAM: ClassVar[tuple[str, str]] = ("match:", "question_id")
    question_id: str
    newer: str  # a recording id, or "<target>/<kind>/<remote id>" of something nobody keyed
    older: str  # a recording id
    names: str  # what the names say: "same", "version", "part", "different", "unclear"
    score: float
    evidence: tuple[Evidence, ...]
    policy_version: str


class MatchAnswered(Occurrence, frozen=True, gc=False):
    """A person decided; no rule decides this pair again."""

    TYPE: ClassVar[str] = "match.answered"
    STREAM: ClassVar[tuple[str, str]] = ("match:", "question_id")
    question_id: str
    newer: str
    older: str
    answer: Answer
    reason: str


class MatchSettled(Occurrence, frozen=True, gc=False):
    """New facts or a new policy answered a question before a person did."""

    TYPE: ClassVar[str] = "match.settled"
    STREAM: ClassVar[tuple[str, str]] = ("match:", "question_id")
    question_id: str
    decision: str  # "accept", "reject", "vanished"
    evidence: tuple[Evidence, ...]
    policy_version: str


class ObjectWithheld(Occurrence, frozen=True, gc=False):
    """A person undid what was done to an object: it is not done again until they ask for it."""

    TYPE: ClassVar[str] = "object.withheld"
    STREAM: ClassVar[tuple[str, str]] = ("object:", "object_id")
    object_id: str  # the object key
    target: str
    object_kind: str
    key: str
    fields: tuple[str, ...]  # none: the whole object
    reason: str


class ObjectReleased(Occurrence, frozen=True, gc=False):
    """An undone object may be brought in step again."""

    TYPE: ClassVar[str] = "object.released"
    STREAM: ClassVar[tuple[str, str]] = ("object:", "object_id")
    object_id: str
    target: str
    object_kind: str
    key: str
    reason: str


AS_UPLOADED = "as uploaded"
"""The reason of an upgrade that asks for the very file a source was given, and for nothing made of it."""


class UpgradeTaken(Occurrence, frozen=True, gc=False):
    """A person took a proposal: the audio is fetched from this sighting, in place of the file there is."""

    TYPE: ClassVar[str] = "upgrade.taken"
    STREAM: ClassVar[tuple[str, str]] = ("recording:", "recording_id")
    recording_id: str
    ref: str
    reason: str
