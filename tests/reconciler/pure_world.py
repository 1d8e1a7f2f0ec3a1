"""A world without wires: a story of events, folded, and targets that do exactly what an action says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.domain.action_events import Change
from engine.domain.envelope import Recorded
from engine.domain.events import (
    ActionDone,
    ActionPlanned,
    Audio,
    Event,
    PlaylistSeen,
    RemoteSeen,
    RenditionMissed,
    RenditionVerified,
    ScanCompleted,
    TrackSeen,
)
from engine.domain.failure import Availability
from engine.domain.plan import Action, ActionKind, Operation, Plan
from engine.domain.references import eagle_item_id, object_key, referred, rendition_id
from engine.domain.value import Fields
from engine.projections.registry import Rows, as_state, empty_rows, fold
from engine.projections.rows import TargetObject
from engine.projections.state import State
from engine.reconciler.identity import unlinked
from engine.reconciler.merge import to_remember
from engine.reconciler.planner import plan
from engine.reconciler.policy import EVERYTHING, PlanScope, Policy

NOW_US = 1_800_000_000_000_000
SCOPES = ("library:audio", "library:playlist", "notion:playlist", "notion:track", "eagle:folder", "eagle:item")
POLICY = Policy(library_root="/music", config_hash="c")


@dataclass(slots=True, repr=False)
class Story:
    """What happened so far, and the state it comes to."""

    rows: Rows = field(default_factory=empty_rows)
    versions: dict[str, int] = field(default_factory=dict)
    seq: int = 0
    now_us: int = NOW_US
    created: int = 0
    removed: list[tuple[str, str]] = field(default_factory=list)  # (recording, path) of files put in the trash

    def tell(self, *events: Event) -> None:
        """Let something happen."""
        for event in events:
            self.seq += 1
            version = self.versions[event.stream] = self.versions.get(event.stream, 0) + 1
            recorded = Recorded(self.seq, event.stream, version, self.now_us + self.seq, "run", event)
            fold(self.rows, [recorded])

    def state(self) -> State:
        """Give what is known."""
        return as_state(self.rows, journal_id="j", head_seq=self.seq, head_hash="h")

    def plan(self, policy: Policy = POLICY, scope: PlanScope = EVERYTHING) -> Plan:
        """Plan now."""
        return plan(self.state(), policy, self.now_us + self.seq, scope)

    def scanned(self, scopes: Iterable[str] = SCOPES) -> None:
        """Let every target be scanned completely."""
        for scope in scopes:
            if scope == "library:audio":
                self.tell(*self._missed())
            self.tell(ScanCompleted(scope=scope, complete=True, count=0, set_hash=""))

    def _missed(self) -> list[RenditionMissed]:
        rows = sorted(self.state().renditions.items())
        gone = [row for _, row in rows if row.present and (row.recording_id, row.path) in self.removed]
        self.removed.clear()
        return [RenditionMissed(rendition_id=row.rendition_id, path=row.path) for row in gone]

    def link(self) -> None:
        """Decide which recordings the sightings are."""
        decided = unlinked(self.state())
        self.tell(*decided.links, *decided.asked)

    def listed(self, ref: str, entries: Iterable[str], name: str = "Mix") -> None:
        """Let a playlist be seen, whole."""
        kept = tuple(entries)
        self.tell(PlaylistSeen(ref=ref, name=name, url=f"https://example.test/{ref}", entries=kept))
        self.tell(ScanCompleted(scope=ref, complete=True, count=len(kept), set_hash=""))

    def perform(self, action: Action) -> None:
        """Do what an action says, as a perfect target would, and record it as the workflows do."""
        objects = self.state().objects
        keys = [key for key in map(referred, action.written.values()) if key]
        if any(key not in objects for key in keys):
            return
        action = replace(action, changes=tuple(self._filled(change) for change in action.changes))
        self.tell(planned(action))
        remote_id = action.remote_id or self._birth(action)
        before = self.state().remotes.get(f"{action.target}/{remote_id}")
        key_before = before.key if before else None
        if action.kind is ActionKind.TRASH_AUDIO:
            self.removed.append((action.key, remote_id))  # which only a scan shows
        elif (action.target, action.object_kind) == ("library", "audio"):
            self.tell(*_files(action))
        else:
            self.tell(self._shown(action, remote_id))
        base = self._left_there(action, remote_id, objects, key_before)
        self.tell(
            ActionDone(
                action_id=action.action_id,
                attempt=1,
                kind=action.kind,
                target=action.target,
                object_kind=action.object_kind,
                key=action.key,
                remote_id=remote_id,
                held=to_remember(base, action.changes, action.shown),
                evidence="as told",
            )
        )

    @staticmethod
    def _left_there(
        action: Action, remote_id: str, objects: Mapping[str, TargetObject], key_before: str | None
    ) -> Fields:
        for key in (action.key, key_before or ""):
            row = objects.get(object_key(action.target, action.object_kind, key))
            if row and row.remote_id == remote_id:
                return row.base
        return {}

    def _filled(self, change: Change) -> Change:
        key = referred(change.after)
        return replace(change, after=self.state().objects[key].remote_id) if key else change

    def _birth(self, action: Action) -> str:
        if (action.target, action.object_kind) == ("eagle", "item"):
            return eagle_item_id(action.key)
        self.created += 1
        return f"{action.target}-{action.object_kind}-{action.key}"

    def _shown(self, action: Action, remote_id: str) -> RemoteSeen:
        row = self.state().remotes.get(f"{action.target}/{remote_id}")
        fields: Fields = {**(row.fields if row else {}), **action.written}
        keyed = action.operation is not Operation.ADOPT or "sync_key" in action.written
        return RemoteSeen(
            target=action.target,
            kind=action.object_kind,
            remote_id=remote_id,
            key=action.key if keyed else (row.key if row else None),
            fields=fields,
            live=action.operation is not Operation.TRASH,
        )


def planned(action: Action) -> ActionPlanned:
    """Give the event that takes an action up."""
    return ActionPlanned(
        action_id=action.action_id,
        kind=action.kind,
        target=action.target,
        object_kind=action.object_kind,
        key=action.key,
        remote_id=action.remote_id,
        changes=action.changes,
        reason=action.reason,
        causes=action.causes,
    )


def _files(action: Action) -> list[Event]:
    written = action.written
    profiles = written["profiles"]
    assert isinstance(profiles, tuple)
    return [
        RenditionVerified(
            rendition_id=rendition_id(action.key, profile),
            recording_id=action.key,
            profile=profile,
            source_ref=str(written["source_ref"]),
            path=f"{written['path']}.{'m4a' if profile == 'original' else profile}",
            size_bytes=1_000_000,
            mtime_ns=1,
            file_sha256=rendition_id(action.key, profile),
            audio=Audio(
                format="m4a" if profile == "original" else profile,
                codec="aac",
                duration_ms=200_000,
                loudness_lufs=-9.5,
                fingerprint="AQAA",
            ),
        )
        for profile in profiles
    ]


def track(
    number: int, *, title: str = "", availability: Availability = Availability.AVAILABLE, isrc: str | None = None
) -> TrackSeen:
    """Give what SoundCloud shows of a track."""
    return TrackSeen(
        ref=f"soundcloud:track:{number}",
        title=title or f"Title {number}",
        artist=f"Artist {number % 3}",
        url=f"https://soundcloud.com/a/{number}",
        duration_ms=200_000,
        availability=availability,
        isrc=isrc,
    )
