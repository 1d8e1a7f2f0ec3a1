"""The rows of the control projections: what Cratelog knows, as frozen values."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.action_events import Change
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.matching_events import Answer
from engine.domain.recording_events import Audio, Evidence
from engine.domain.resolution_events import Fact, Found
from engine.domain.value import Fields, FieldValue, Value

UNDO = "undo"
"""The command of a run that takes back what others did."""


class Sighting(Value, frozen=True):
    """What a source last showed of one track."""

    ref: str
    title: str
    url: str
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    label: str | None = None
    isrc: str | None = None
    release_date: str | None = None
    duration_ms: int | None = None
    artwork_url: str | None = None
    uploader: str | None = None
    local_path: str | None = None
    content_sha256: str | None = None
    credits: tuple[str, ...] = ()
    explicit: bool | None = None
    policy: str | None = None
    access: str | None = None
    original_offered: bool = False
    availability: Availability = Availability.UNKNOWN
    listed: Availability = Availability.UNKNOWN  # what the last listing alone said
    restored_seq: int = 0  # when it was last to be had again after it had not been
    failure: FailureClass | None = None
    availability_detail: str = ""
    ways: tuple[str, ...] = ()  # the access profiles that were tried when it was last found unavailable
    recording_id: str | None = None
    described: bool = False  # whether a source ever gave its metadata
    version: int = 0  # of the stream
    first_seq: int = 0
    last_seq: int = 0
    first_us: int = 0
    last_us: int = 0


class Playlist(Value, frozen=True):
    """What a source last showed of one playlist."""

    ref: str
    name: str = ""
    url: str = ""
    addresses: tuple[str, ...] = ()  # what a person typed to mean it, beside `url`
    entries: tuple[str, ...] = ()
    departed: dict[str, int] = {}  # noqa: RUF012 - msgspec copies mutable defaults; entry → when it left, us
    owner: str | None = None
    declared_count: int | None = None
    active: bool = True
    requested_seq: int = 0  # when a person last said that it is wanted
    seen: bool = False
    held_count: int | None = None  # entries of a listing that was not believed
    held_hash: str | None = None
    held_us: int | None = None
    version: int = 0
    first_seq: int = 0
    last_seq: int = 0
    last_us: int = 0


class Recording(Value, frozen=True):
    """One piece of audio a person would want once."""

    recording_id: str
    refs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    dismissed: str | None = None
    requested_seq: int = 0
    version: int = 0
    first_seq: int = 0
    last_seq: int = 0
    merged_into: str | None = None  # the recording it was found to be
    chosen_ref: str | None = None  # the sighting whose audio a person chose
    chosen_seq: int = 0  # when
    chosen_as_uploaded: bool = False  # whether only the file as it was uploaded will do
    dismissed_seq: int = 0


class Rendition(Value, frozen=True):
    """One file of a recording."""

    rendition_id: str
    recording_id: str
    profile: str
    source_ref: str
    path: str
    size_bytes: int
    mtime_ns: int
    file_sha256: str
    audio: Audio
    present: bool = True
    misses: int = 0  # complete scans in a row that did not find it
    missed_us: int | None = None  # when it was first missed
    version: int = 0
    verified_seq: int = 0
    last_seq: int = 0


class Remote(Value, frozen=True):
    """What a target was last observed to hold under one remote id."""

    target: str
    kind: str
    remote_id: str
    key: str | None
    fields: Fields
    live: bool
    revision: str | None
    misses: int = 0
    missed_us: int | None = None
    version: int = 0
    first_seq: int = 0
    last_seq: int = 0

    @property
    def standing(self) -> bool:
        """Whether it is there as far as we know: live, and shown by the last complete scan."""
        return self.live and self.misses == 0


class TargetObject(Value, frozen=True):
    """What our own confirmed writes last left at one target object."""

    target: str
    kind: str
    key: str
    remote_id: str | None = None
    base: Fields = {}  # noqa: RUF012 - msgspec copies mutable defaults
    generation: int = 0  # confirmed writes so far
    trashed: bool = False  # by us
    last_seq: int = 0
    withheld: tuple[str, ...] | None = None  # the fields a person's undo holds back; none of them: all of it
    withheld_seq: int = 0


class ActionState(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    INTENDED = "intended"  # sent or about to be: without an outcome this means unknown
    UNKNOWN = "unknown"
    ABSENT = "absent"  # a probe showed that an unknown was not applied
    DEFERRED = "deferred"
    DONE = "done"
    REFUSED = "refused"
    SUPERSEDED = "superseded"

    @property
    def unsettled(self) -> bool:
        """Whether an effect may be out there that nobody has confirmed."""
        return self in (ActionState.INTENDED, ActionState.UNKNOWN)


class ActionRow(Value, frozen=True):
    """One action and what became of it."""

    action_id: str
    kind: str = ""
    target: str = ""
    object_kind: str = ""
    key: str = ""
    remote_id: str | None = None
    changes: tuple[Change, ...] = ()
    reason: str = ""
    causes: tuple[int, ...] = ()
    state: ActionState = ActionState.PLANNED
    attempts: int = 0  # intents so far
    sent_us: int | None = None  # the last intent
    first_us: int = 0
    last_us: int = 0
    not_before_us: int | None = None
    problem: Problem | None = None
    run_id: str | None = None
    version: int = 0
    first_seq: int = 0
    last_seq: int = 0


class Conflict(Value, frozen=True):
    """A field that a person has to decide."""

    conflict_id: str
    target: str = ""
    object_kind: str = ""
    key: str = ""
    field: str = ""
    base: FieldValue = None
    wanted: FieldValue = None
    found: FieldValue = None
    reason: str = ""
    choice: str | None = None
    version: int = 0
    opened_seq: int = 0
    last_seq: int = 0


class Question(Value, frozen=True):
    """Whether two things are one recording, as far as evidence goes; a person decides.

    Attributes:
        newer: a recording id, or `<target>/<kind>/<remote id>` of something that carries no key of ours.
        older: a recording id.
        answer: what a person said; None while nobody did.
        settled: what facts or a new policy decided without a person; None while open.
    """

    question_id: str
    newer: str = ""
    older: str = ""
    names: str = ""
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    policy_version: str = ""
    answer: Answer | None = None
    settled: str | None = None
    asked_us: int = 0
    version: int = 0
    asked_seq: int = 0
    last_seq: int = 0

    @property
    def open(self) -> bool:
        """Whether it waits for a person."""
        return self.settled is None and self.answer in (None, Answer.LATER, Answer.REOPENED)


class Run(Value, frozen=True):
    """One invocation."""

    run_id: str
    command: str = ""
    arguments: tuple[str, ...] = ()
    config_hash: str = ""
    started_us: int = 0
    finished_us: int | None = None
    exit_code: int | None = None
    counts: dict[str, int] = {}  # noqa: RUF012 - msgspec copies mutable defaults
    requests: dict[str, int] = {}  # noqa: RUF012 - msgspec copies mutable defaults
    stages: dict[str, int] = {}  # noqa: RUF012 - msgspec copies mutable defaults
    checkpoints: tuple[str, ...] = ()
    inputs_digest: str | None = None
    version: int = 0
    first_seq: int = 0
    last_seq: int = 0

    @property
    def undid(self) -> bool:
        """Whether it was an undo."""
        return self.command == UNDO


class Scope(Value, frozen=True):
    """What the scans of one scope came to, and so the health of what it belongs to."""

    scope: str
    complete: bool = False
    count: int = 0
    set_hash: str = ""
    watermark: str | None = None
    root_identity: str | None = None
    supported: tuple[str, ...] | None = None
    problem: Problem | None = None
    failures: int = 0  # incomplete scans in a row
    version: int = 0
    last_us: int = 0
    last_seq: int = 0
    complete_us: int | None = None
    complete_seq: int | None = None
    complete_count: int | None = None
    declared: int | None = None  # how many the source says there are
    unchanged: bool = False  # whether the last scan took the source's change token for it


class Health(Value, frozen=True):
    """A remote whose writes were stopped."""

    remote: str
    trips: int = 0
    until_us: int = 0
    last_seq: int = 0


class Resolution(Value, frozen=True):
    """What searching for a recording's audio last came to."""

    recording_id: str
    sought_ref: str
    found: Found
    chosen: str | None = None
    candidates: tuple[str, ...] = ()  # refs, in the order of their worth
    misses: int = 0  # searches in a row that found nothing
    unanswered: int = 0  # searches in a row in which not every source answered
    policy_version: str = ""
    version: int = 0
    last_us: int = 0
    last_seq: int = 0


class Enrichment(Value, frozen=True):
    """What one provider last said of one recording."""

    recording_id: str
    provider: str
    matched_by: str
    provider_ref: str | None = None
    facts: tuple[Fact, ...] = ()
    misses: int = 0  # questions in a row without an answer
    last_us: int = 0
    last_seq: int = 0


class Access(Value, frozen=True):
    """How one way to one source last did."""

    source: str
    way: str
    host: str
    works: bool
    failure: FailureClass | None = None
    detail: str = ""
    failures: int = 0  # changes for the worse in a row
    last_us: int = 0
    last_seq: int = 0


class Capability(Value, frozen=True):
    """Whether a service gives us something at all."""

    source: str
    capability: str
    allowed: bool
    detail: str = ""
    hint: str = ""
    first_us: int = 0
    last_us: int = 0
    last_seq: int = 0


class Credential(Value, frozen=True):
    """How a login stands; the secret itself lies elsewhere."""

    source: str
    valid: bool
    account: str | None = None
    expires_us: int | None = None
    detail: str = ""
    last_us: int = 0
    last_seq: int = 0
