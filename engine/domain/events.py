"""Every event Cratelog appends: past tense, frozen, one closed union.

Each class says its `type` in the journal and its schema version; `engine/domain/upcasts.py` turns older
versions into these. Adding a field or changing a meaning means a new version, an upcaster and a golden file.
"""

from __future__ import annotations

from typing import TypeAlias, get_args

from engine.domain.access_events import (
    AccessChanged,
    CapabilityLearned,
    ChainLinkEnded,
    CredentialChanged,
    LinkResult,
)
from engine.domain.action_events import (
    ActionClaimed,
    ActionDeferred,
    ActionDone,
    ActionIntended,
    ActionPlanned,
    ActionProbed,
    ActionRefused,
    ActionSuperseded,
    ActionUnknown,
    BreakerTripped,
    Change,
    ConflictOpened,
    ConflictResolved,
)
from engine.domain.matching_events import (
    Answer,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    ObjectReleased,
    ObjectWithheld,
    RecordingMerged,
    RecordingSeparated,
    RecordingUnlinked,
    UpgradeTaken,
)
from engine.domain.observation_events import (
    PlaylistConfigured,
    PlaylistHeld,
    PlaylistSeen,
    RemoteMissed,
    RemoteSeen,
    ScanCompleted,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.recording_events import (
    Audio,
    Evidence,
    RecordingDismissed,
    RecordingLinked,
    RecordingRequested,
    RenditionMissed,
    RenditionReturned,
    RenditionVerified,
)
from engine.domain.resolution_events import (
    Candidate,
    Fact,
    Found,
    RecordingEnriched,
    ResolutionDecided,
    Searched,
)
from engine.domain.run_events import (
    JournalCreated,
    RunCheckpointed,
    RunFinished,
    RunStarted,
)

__all__ = [
    "BY_TYPE",
    "EVENT_CLASSES",
    "AccessChanged",
    "ActionClaimed",
    "ActionDeferred",
    "ActionDone",
    "ActionIntended",
    "ActionPlanned",
    "ActionProbed",
    "ActionRefused",
    "ActionSuperseded",
    "ActionUnknown",
    "Answer",
    "Audio",
    "BreakerTripped",
    "Candidate",
    "CapabilityLearned",
    "ChainLinkEnded",
    "Change",
    "ConflictOpened",
    "ConflictResolved",
    "CredentialChanged",
    "Event",
    "Evidence",
    "Fact",
    "Found",
    "JournalCreated",
    "LinkResult",
    "MatchAnswered",
    "MatchAsked",
    "MatchSettled",
    "ObjectReleased",
    "ObjectWithheld",
    "PlaylistConfigured",
    "PlaylistHeld",
    "PlaylistSeen",
    "RecordingDismissed",
    "RecordingEnriched",
    "RecordingLinked",
    "RecordingMerged",
    "RecordingRequested",
    "RecordingSeparated",
    "RecordingUnlinked",
    "RemoteMissed",
    "RemoteSeen",
    "RenditionMissed",
    "RenditionReturned",
    "RenditionVerified",
    "ResolutionDecided",
    "RunCheckpointed",
    "RunFinished",
    "RunStarted",
    "ScanCompleted",
    "Searched",
    "TrackAvailabilityChanged",
    "TrackSeen",
    "UpgradeTaken",
]

Event: TypeAlias = (
    JournalCreated
    | RunStarted
    | RunCheckpointed
    | RunFinished
    | ScanCompleted
    | TrackSeen
    | TrackAvailabilityChanged
    | PlaylistSeen
    | PlaylistHeld
    | PlaylistConfigured
    | RemoteSeen
    | RemoteMissed
    | RecordingLinked
    | RecordingDismissed
    | RecordingRequested
    | RecordingUnlinked
    | RecordingMerged
    | RecordingSeparated
    | UpgradeTaken
    | MatchAsked
    | MatchAnswered
    | MatchSettled
    | RenditionVerified
    | RenditionMissed
    | RenditionReturned
    | ActionPlanned
    | ActionClaimed
    | ActionProbed
    | ActionIntended
    | ActionDone
    | ActionDeferred
    | ActionRefused
    | ActionUnknown
    | ActionSuperseded
    | ConflictOpened
    | ConflictResolved
    | BreakerTripped
    | ObjectWithheld
    | ObjectReleased
    | ResolutionDecided
    | RecordingEnriched
    | AccessChanged
    | CapabilityLearned
    | CredentialChanged
    | ChainLinkEnded
)

EVENT_CLASSES: tuple[type[Event], ...] = get_args(Event)
"""Every event class, in the order above."""

BY_TYPE: dict[str, type[Event]] = {event_class.TYPE: event_class for event_class in EVENT_CLASSES}
"""Event type, as it stands in the journal, to class."""
