"""A plan: the ordered actions that turn found into wanted, as a value and as a file."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.action_events import Change
from engine.domain.canonical import digest
from engine.domain.decisions import Decision
from engine.domain.value import Fields, FieldValue, Value

PLAN_FORMAT = 2


class Operation(StrEnum):
    """What is done to one object, whatever the target."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    TRASH = "trash"
    RESTORE = "restore"  # out of the trash, by remote id


class ActionKind(StrEnum):
    """Every effect there is, by the name people see; a closed set."""

    FETCH_RECORDING = "FetchRecording"
    WRITE_PLAYLIST_FILE = "WritePlaylistFile"
    REWRITE_PLAYLIST_FILE = "RewritePlaylistFile"
    TRASH_PLAYLIST_FILE = "TrashPlaylistFile"
    RESTORE_PLAYLIST_FILE = "RestorePlaylistFile"
    TRASH_AUDIO = "TrashAudio"
    RESTORE_AUDIO = "RestoreAudio"
    CREATE_PAGE = "CreatePage"
    ADOPT_PAGE = "AdoptPage"
    UPDATE_PAGE = "UpdatePage"
    TRASH_PAGE = "TrashPage"
    RESTORE_PAGE = "RestorePage"
    ADD_ITEM = "AddItem"
    ADOPT_ITEM = "AdoptItem"
    UPDATE_ITEM = "UpdateItem"
    TRASH_ITEM = "TrashItem"
    RESTORE_ITEM = "RestoreItem"
    CREATE_FOLDER = "CreateFolder"
    ADOPT_FOLDER = "AdoptFolder"
    UPDATE_FOLDER = "UpdateFolder"


_PAGE = {
    Operation.CREATE: ActionKind.CREATE_PAGE,
    Operation.ADOPT: ActionKind.ADOPT_PAGE,
    Operation.UPDATE: ActionKind.UPDATE_PAGE,
    Operation.TRASH: ActionKind.TRASH_PAGE,
    Operation.RESTORE: ActionKind.RESTORE_PAGE,
}
KINDS: dict[tuple[str, str], dict[Operation, ActionKind]] = {
    ("library", "audio"): {
        Operation.CREATE: ActionKind.FETCH_RECORDING,
        Operation.TRASH: ActionKind.TRASH_AUDIO,
        Operation.RESTORE: ActionKind.RESTORE_AUDIO,
    },
    ("library", "playlist"): {
        Operation.CREATE: ActionKind.WRITE_PLAYLIST_FILE,
        Operation.ADOPT: ActionKind.REWRITE_PLAYLIST_FILE,
        Operation.UPDATE: ActionKind.REWRITE_PLAYLIST_FILE,
        Operation.TRASH: ActionKind.TRASH_PLAYLIST_FILE,
        Operation.RESTORE: ActionKind.RESTORE_PLAYLIST_FILE,
    },
    ("notion", "playlist"): _PAGE,
    ("notion", "track"): _PAGE,
    ("eagle", "folder"): {
        Operation.CREATE: ActionKind.CREATE_FOLDER,
        Operation.ADOPT: ActionKind.ADOPT_FOLDER,
        Operation.UPDATE: ActionKind.UPDATE_FOLDER,
    },
    ("eagle", "item"): {
        Operation.CREATE: ActionKind.ADD_ITEM,
        Operation.ADOPT: ActionKind.ADOPT_ITEM,
        Operation.UPDATE: ActionKind.UPDATE_ITEM,
        Operation.TRASH: ActionKind.TRASH_ITEM,
        Operation.RESTORE: ActionKind.RESTORE_ITEM,
    },
}
"""(target, object kind) → operation → the action's name, in the order in which kinds are worked on."""

GUIDANCE = frozenset(
    {"trashed_by", "kept_path", "kept_sha256", "replaces", "replaced_sha256", "origin_ref", "as_uploaded"}
)
"""Fields of an action that say how it is done; no object holds them."""


class Owner(StrEnum):
    """Who decides a field's value."""

    ENGINE = "engine"  # drift is corrected and recorded
    PERSON = "person"  # never written
    SEED = "seed"  # written once, then the person's
    TOLD = "told"  # filled from elsewhere while it is empty and we never filled it, then the person's
    SHARED = "shared"  # three-way merge; sets merge by element
    STATUS = "status"  # a set in which only our closed vocabulary is ours


class Action(Value, frozen=True):
    """One effect on one target object."""

    action_id: str
    kind: ActionKind
    operation: Operation
    target: str
    object_kind: str
    key: str
    remote_id: str | None
    changes: tuple[Change, ...]
    precondition: str  # digest of the found fields the decision rests on
    reason: str
    risk: str  # "none", "low", "removal"
    causes: tuple[int, ...]

    @property
    def written(self) -> Fields:
        """The fields to write, and their new values."""
        return {change.field: change.after for change in self.changes}

    @property
    def shown(self) -> Fields:
        """What of that the object shows once it is done."""
        return {name: value for name, value in self.written.items() if name not in GUIDANCE}


class Waiting(Value, frozen=True):
    """Something wanted that this plan does not do, and why."""

    target: str
    object_kind: str
    key: str
    why: str  # "backoff", "refused", "follows", "unavailable", "conflict", "guard", "unseen", "withheld", "asked", …
    detail: str
    until_us: int | None = None
    action_id: str | None = None


class ConflictFound(Value, frozen=True):
    """A field that we and a person both changed, to different values."""

    conflict_id: str
    target: str
    object_kind: str
    key: str
    field: str
    base: FieldValue
    wanted: FieldValue
    found: FieldValue
    reason: str


class GuardReport(Value, frozen=True):
    """One guard as it stood when the plan was made."""

    scope: str
    removals: int
    managed: int
    limit: int
    allowed: bool
    reason: str


class Plan(Value, frozen=True):
    """What would be done, computed from one journal position and one configuration.

    Attributes:
        decisions: what it proposes to decide first; everything else follows from them.
    """

    journal_id: str
    head_seq: int
    head_hash: str
    config_hash: str
    as_of_us: int
    scans: dict[str, int]  # scope → seq of the scan it rests on
    summary: dict[str, int]
    guards: tuple[GuardReport, ...]
    conflicts: tuple[ConflictFound, ...]
    waiting: tuple[Waiting, ...]
    actions: tuple[Action, ...]
    plan_format: int = PLAN_FORMAT
    decisions: tuple[Decision, ...] = ()

    @property
    def digest(self) -> str:
        """The plan's identity: what `--allow-removals` and `sync apply` refer to."""
        return digest(self)


class PlanFile(Value, frozen=True):
    """A plan as it lies on disk: the plan and the digest that vouches for it."""

    digest: str
    plan: Plan
