"""Events of the action lifecycle, of conflicts and of remote health."""

from __future__ import annotations

from typing import ClassVar

from engine.domain.failure import Problem
from engine.domain.occurrence import Occurrence
from engine.domain.value import Fields, FieldValue, Value


class Change(Value, frozen=True):
    """One field of one object, from what was found to what is wanted."""

    field: str
    before: FieldValue
    after: FieldValue
    owner: str


class ActionPlanned(Occurrence, frozen=True, gc=False):
    """An action was taken up from a plan."""

    TYPE: ClassVar[str] = "action.planned"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    kind: str
    target: str
    object_kind: str
    key: str
    remote_id: str | None
    changes: tuple[Change, ...]
    reason: str
    causes: tuple[int, ...]  # seqs


class ActionClaimed(Occurrence, frozen=True, gc=False):
    """A worker holds the lease for an attempt."""

    TYPE: ClassVar[str] = "action.claimed"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    owner: str


class ActionProbed(Occurrence, frozen=True, gc=False):
    """The remote was asked whether the effect is there."""

    TYPE: ClassVar[str] = "action.probed"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    verdict: str  # "absent", "present", "duplicated", "unclear"
    remote_ids: tuple[str, ...]


class ActionIntended(Occurrence, frozen=True, gc=False):
    """The effect is about to be sent; durable before the first byte goes out."""

    TYPE: ClassVar[str] = "action.intended"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    precondition: str  # digest of what was found when the decision was made


class ActionDone(Occurrence, frozen=True, gc=False):
    """An answer or a probe showed our fields holding our values."""

    TYPE: ClassVar[str] = "action.done"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    kind: str
    target: str
    object_kind: str
    key: str
    remote_id: str
    held: Fields
    evidence: str


class ActionDeferred(Occurrence, frozen=True, gc=False):
    """Not applied; to be tried again not before a time."""

    TYPE: ClassVar[str] = "action.deferred"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    not_before_us: int
    problem: Problem


class ActionRefused(Occurrence, frozen=True, gc=False):
    """Definitely not applied; waits for a change of facts."""

    TYPE: ClassVar[str] = "action.refused"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    problem: Problem


class ActionUnknown(Occurrence, frozen=True, gc=False):
    """May or may not have been applied."""

    TYPE: ClassVar[str] = "action.unknown"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    problem: Problem


class ActionSuperseded(Occurrence, frozen=True, gc=False):
    """The world moved on before the effect was sent."""

    TYPE: ClassVar[str] = "action.superseded"
    STREAM: ClassVar[tuple[str, str]] = ("action:", "action_id")
    action_id: str
    attempt: int
    reason: str


class ConflictOpened(Occurrence, frozen=True, gc=False):
    """We and a person both changed a field, to different values; nothing was written."""

    TYPE: ClassVar[str] = "conflict.opened"
    STREAM: ClassVar[tuple[str, str]] = ("conflict:", "conflict_id")
    conflict_id: str
    target: str
    object_kind: str
    key: str
    field: str
    base: FieldValue
    wanted: FieldValue
    found: FieldValue
    reason: str


class ConflictResolved(Occurrence, frozen=True, gc=False):
    """A person, or the facts, decided a conflict."""

    TYPE: ClassVar[str] = "conflict.resolved"
    STREAM: ClassVar[tuple[str, str]] = ("conflict:", "conflict_id")
    conflict_id: str
    choice: str  # "ours", "theirs", "vanished"


class BreakerTripped(Occurrence, frozen=True, gc=False):
    """Writes to a remote stopped after too many unknowns in a row."""

    TYPE: ClassVar[str] = "breaker.tripped"
    STREAM: ClassVar[tuple[str, str]] = ("breaker:", "remote")
    remote: str
    unknowns: int
    until_us: int
