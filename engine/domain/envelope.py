"""Events on their way into the journal, and as they come out of it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from engine.domain import events as e
from engine.domain.canonical import canonical, named_uuid


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """One event as the journal holds it, decoded to its newest schema version."""

    seq: int
    stream: str
    version: int
    recorded_us: int
    run_id: str | None
    event: e.Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One event to append.

    Attributes:
        event: what happened.
        event_id: 16 bytes; given for observations (see `observation_id`), drawn by the journal otherwise.
        expected_version: the version its stream must have before this event; None when any will do.
        occurred_us: when the source says it happened, microseconds since the epoch.
        causation_seq: seq of the event that led to this one.
    """

    event: e.Event
    event_id: bytes | None = None
    expected_version: int | None = None
    occurred_us: int | None = None
    causation_seq: int | None = None

    @property
    def stream(self) -> str:
        """The stream the event belongs to."""
        return self.event.stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who appends, and within what: stamped on every event of a batch.

    Attributes:
        lease_resource: the lease whose `fence` this is; given, an append under a stale fence is rejected.
    """

    actor: str  # "engine", "person:cli", "source:soundcloud", …
    run_id: str | None = None
    correlation_id: str | None = None
    fence: int | None = None
    lease_resource: str | None = None


def observed(event: e.Event, follows_version: int) -> Draft:
    """Draft an observation: it expects its stream's version, and a retry is the same event."""
    return Draft(event=event, event_id=observation_id(event, follows_version), expected_version=follows_version)


def observation_id(event: e.Event, follows_version: int) -> bytes:
    """Derive an observation's id from its stream, the version it follows and its content.

    A retry is the same event; A → B → A is three.
    """
    return named_uuid(event.stream, str(follows_version), event.TYPE, canonical(event).decode()).bytes
