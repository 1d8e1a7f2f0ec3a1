"""Decisions about who is who that a plan proposes; applying it appends them as events, before anything is done."""

from __future__ import annotations

from typing import TypeAlias

from engine.domain.recording_events import Evidence
from engine.domain.value import Value


class Merge(Value, frozen=True, tag_field="decision", tag="merge"):
    """A recording is another one, and counts for it from now on."""

    recording_id: str  # the one that is absorbed
    into: str  # the one that stays
    rule: str
    evidence: tuple[Evidence, ...] = ()
    beaten: tuple[str, ...] = ()
    policy_version: str = ""


class Separate(Value, frozen=True, tag_field="decision", tag="separate"):
    """A merge is taken back."""

    recording_id: str
    reason: str


class Unlink(Value, frozen=True, tag_field="decision", tag="unlink"):
    """A sighting is not the recording it was linked to."""

    recording_id: str
    ref: str
    reason: str


class Recognise(Value, frozen=True, tag_field="decision", tag="recognise"):
    """Something in a target that carries no key of ours is a recording of ours."""

    question_id: str
    thing: str  # "<target>/<kind>/<remote id>"
    recording_id: str
    reason: str


Decision: TypeAlias = Merge | Separate | Unlink | Recognise
"""Everything a plan may propose to decide; a closed set."""
