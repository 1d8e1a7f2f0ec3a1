"""Events on their way into the journal, and as they come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

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
        occurred_us: when the source says it happened, microseconds since the epoch.
        causation_seq: seq of the event that led to this one.
    """

    event: e.Event
    event_id: bytes | None = None
    occurred_us: int | None = None
    causation_seq: int | None = None

    @property
    def stream(self) -> str:
        """The stream the event belongs to."""
        return stream_of(self.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who appends, and within what: stamped on every event of a batch."""

    actor: str  # "engine", "person:cli", "source:soundcloud", …
    run_id: str | None = None
    correlation_id: str | None = None
    fence: int | None = None


def observation_id(event: e.Event, follows_version: int) -> bytes:
    """Derive an observation's id from its stream, the version it follows and its content.

    A retry is the same event; A → B → A is three.
    """
    return named_uuid(stream_of(event), str(follows_version), event.TYPE, canonical(event).decode()).bytes


def stream_of(event: e.Event) -> str:  # noqa: C901, PLR0911 - one row per family of events is the table
    """Name the stream an event belongs to."""
    match event:
        case e.JournalCreated():
            return "journal"
        case e.RunStarted(run_id=run_id) | e.RunCheckpointed(run_id=run_id) | e.RunFinished(run_id=run_id):
            return f"run:{run_id}"
        case e.ScanCompleted(scope=scope):
            return f"scope:{scope}"
        case e.TrackSeen(ref=ref) | e.TrackAvailabilityChanged(ref=ref):
            return f"sighting:{ref}"
        case e.PlaylistSeen(ref=ref) | e.PlaylistHeld(ref=ref) | e.PlaylistConfigured(ref=ref):
            return f"playlist:{ref}"
        case e.RemoteSeen(target=target, remote_id=remote_id) | e.RemoteMissed(target=target, remote_id=remote_id):
            return f"remote:{target}/{remote_id}"
        case e.RecordingLinked(recording_id=recording_id) | e.RecordingDismissed(recording_id=recording_id):
            return f"recording:{recording_id}"
        case e.RecordingRequested(recording_id=recording_id):
            return f"recording:{recording_id}"
        case (
            e.RenditionVerified(rendition_id=rendition_id)
            | e.RenditionMissed(rendition_id=rendition_id)
            | e.RenditionReturned(rendition_id=rendition_id)
        ):
            return f"rendition:{rendition_id}"
        case (
            e.ActionPlanned(action_id=action_id)
            | e.ActionClaimed(action_id=action_id)
            | e.ActionProbed(action_id=action_id)
            | e.ActionIntended(action_id=action_id)
            | e.ActionDone(action_id=action_id)
            | e.ActionDeferred(action_id=action_id)
            | e.ActionRefused(action_id=action_id)
            | e.ActionUnknown(action_id=action_id)
            | e.ActionSuperseded(action_id=action_id)
        ):
            return f"action:{action_id}"
        case e.ConflictOpened(conflict_id=conflict_id) | e.ConflictResolved(conflict_id=conflict_id):
            return f"conflict:{conflict_id}"
        case e.BreakerTripped(remote=remote):
            return f"remote-health:{remote}"
        case _:
            assert_never(event)
