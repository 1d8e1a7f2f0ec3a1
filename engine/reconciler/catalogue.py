"""The state indexed for planning: one `Piece` per recording, playlists resolved, actions and remotes by object."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from engine.domain.failure import Availability
from engine.domain.references import object_key, remote_key, source_of
from engine.domain.text import clean
from engine.projections.rows import ActionRow, Playlist, Recording, Remote, Rendition, Sighting, TargetObject
from engine.projections.state import State

_BEST_FIRST = (
    Availability.AVAILABLE,
    Availability.GEO_BLOCKED,
    Availability.PREVIEW_ONLY,
    Availability.PRIVATE,
    Availability.DRM_PROTECTED,
    Availability.GONE,
    Availability.METADATA_ONLY,
    Availability.UNKNOWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One recording with all that planning asks of it.

    Attributes:
        sighting: the sighting that names it and, where one is available, gives its audio.
        renditions: verified files that are where they should be, by profile.
        lost: renditions whose files a complete scan did not find.
        playlists: refs of the active playlists that hold it.
        departed_us: when it left its last playlist; None while it is in one, or when it never was.
    """

    recording: Recording
    sighting: Sighting
    sightings: tuple[Sighting, ...]
    renditions: tuple[Rendition, ...]
    lost: tuple[Rendition, ...]
    playlists: tuple[str, ...]
    departed_us: int | None
    fetch_action: ActionRow | None
    eagle_action: ActionRow | None
    in_eagle: bool

    @property
    def availability(self) -> Availability:
        """Whether its best source lets us have the audio."""
        return self.sighting.availability

    @property
    def title(self) -> str:
        """What to call it, even when no source ever said."""
        return clean(self.sighting.title) or self.sighting.url or self.sighting.ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything the planner looks things up in."""

    state: State
    pieces: dict[str, Piece]
    playlists: tuple[Playlist, ...]  # active and seen, by ref
    recording_of: dict[str, str]
    actions_of: dict[str, ActionRow]  # object key → its latest action
    unsettled: frozenset[str]  # object keys with an effect nobody has confirmed
    keyed: dict[str, tuple[Remote, ...]] = field(default_factory=dict)  # object key → standing remotes that carry it

    def bound(self, target: str, kind: str, key: str) -> TargetObject | None:
        """Give what we last wrote for an object, unless we removed it since."""
        row = self.state.objects.get(object_key(target, kind, key))
        return row if row and not row.trashed else None

    def requested_seq(self, key: str) -> int:
        """Give when a person last asked for a recording or a playlist; what serves every playlist, for any of them."""
        row = self.state.recordings.get(key) or self.state.playlists.get(key)
        if row is not None:
            return row.requested_seq
        return max((playlist.requested_seq for playlist in self.playlists), default=0)

    def standing_id(self, target: str, kind: str, key: str) -> str | None:
        """Give the remote id of an object that is there, as far as we know."""
        row = self.bound(target, kind, key)
        if row and row.remote_id:
            remote = self.state.remotes.get(remote_key(target, row.remote_id))
            if remote and remote.standing:
                return row.remote_id
        carriers = self.keyed.get(object_key(target, kind, key), ())
        return carriers[0].remote_id if len(carriers) == 1 else None


def catalogue(state: State) -> Catalogue:
    """Index a state for planning."""
    actions_of, unsettled = _actions(state)
    keyed = _keyed(state)
    playlists = tuple(row for _, row in sorted(state.playlists.items()) if row.seen and row.active)
    bare = Catalogue(
        state=state,
        pieces={},
        playlists=playlists,
        recording_of={ref: row.recording_id for ref, row in state.sightings.items() if row.recording_id},
        actions_of=actions_of,
        unsettled=unsettled,
        keyed=keyed,
    )
    bare.pieces.update(_pieces(bare))
    return bare


def _actions(state: State) -> tuple[dict[str, ActionRow], frozenset[str]]:
    latest: dict[str, ActionRow] = {}
    unsettled: set[str] = set()
    for row in state.actions.values():
        key = object_key(row.target, row.object_kind, row.key)
        known = latest.get(key)
        if known is None or row.last_seq > known.last_seq:
            latest[key] = row
        if row.state.unsettled:
            unsettled.add(key)
    return latest, frozenset(unsettled)


def _keyed(state: State) -> dict[str, tuple[Remote, ...]]:
    carriers: dict[str, list[Remote]] = defaultdict(list)
    for _, remote in sorted(state.remotes.items()):
        if remote.key and remote.standing:
            carriers[object_key(remote.target, remote.kind, remote.key)].append(remote)
    return {key: tuple(rows) for key, rows in carriers.items()}


def _pieces(index: Catalogue) -> dict[str, Piece]:
    state = index.state
    present: dict[str, list[Rendition]] = defaultdict(list)
    lost: dict[str, list[Rendition]] = defaultdict(list)
    for _, rendition in sorted(state.renditions.items()):
        (present if rendition.present else lost)[rendition.recording_id].append(rendition)
    members, departed = _memberships(index)
    pieces = {}
    for recording_id, recording in state.recordings.items():
        sightings = tuple(state.sightings[ref] for ref in recording.refs if ref in state.sightings)
        if not sightings:
            continue
        pieces[recording_id] = Piece(
            recording=recording,
            sighting=min(sightings, key=_rank),
            sightings=sightings,
            renditions=tuple(sorted(present[recording_id], key=lambda row: row.profile)),
            lost=tuple(lost[recording_id]),
            playlists=tuple(sorted(members.get(recording_id, ()))),
            departed_us=None if recording_id in members else departed.get(recording_id),
            fetch_action=index.actions_of.get(object_key("library", "audio", recording_id)),
            eagle_action=index.actions_of.get(object_key("eagle", "item", recording_id)),
            in_eagle=index.standing_id("eagle", "item", recording_id) is not None,
        )
    return pieces


def _rank(sighting: Sighting) -> tuple[int, bool, int]:
    return (_BEST_FIRST.index(sighting.availability), source_of(sighting.ref) != "file", sighting.first_seq)


def _memberships(index: Catalogue) -> tuple[dict[str, set[str]], dict[str, int]]:
    members: dict[str, set[str]] = defaultdict(set)
    departed: dict[str, int] = {}
    for playlist in index.playlists:
        for ref in playlist.entries:
            recording = index.recording_of.get(ref)
            if recording:
                members[recording].add(playlist.ref)
        for ref, left_us in playlist.departed.items():
            recording = index.recording_of.get(ref)
            if recording:
                departed[recording] = max(left_us, departed.get(recording, 0))
    return members, departed
