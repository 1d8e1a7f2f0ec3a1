"""The state indexed for planning: one `Piece` per recording, playlists resolved, actions and remotes by object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from engine.domain.addresses import serving_source
from engine.domain.failure import Availability
from engine.domain.plan import ActionKind
from engine.domain.references import is_gathered, object_key, remote_key, source_of
from engine.domain.text import clean
from engine.projections.rows import (
    ActionRow,
    ActionState,
    Enrichment,
    Playlist,
    Question,
    Recording,
    Remote,
    Rendition,
    Sighting,
    TargetObject,
)
from engine.projections.state import State
from engine.reconciler.contested import Contested, contested
from engine.reconciler.keepers import Surplus, fullest, keep_best
from engine.reconciler.merging import canonical_ids, combined, groups

_BEST_FIRST = (
    Availability.AVAILABLE,
    Availability.GEO_BLOCKED,
    Availability.PREVIEW_ONLY,
    Availability.MEMBERS_ONLY,
    Availability.AGE_GATED,
    Availability.PRIVATE,
    Availability.DRM_PROTECTED,
    Availability.GONE,
    Availability.METADATA_ONLY,
    Availability.UNKNOWN,
)

FETCHABLE = frozenset({Availability.AVAILABLE, Availability.GEO_BLOCKED})
"""Geo-blocked audio is tried again weekly; every other unavailability waits for its source to say otherwise."""

ROWS_AND_ITEMS = (("eagle", "item"), ("notion", "track"))
"""What shows a recording, one object each."""

_FILE_MOVES = frozenset({ActionKind.TRASH_AUDIO, ActionKind.RESTORE_AUDIO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One recording with all that planning asks of it; those merged into it count for it.

    Attributes:
        recording: what is known of it and of those that count for it.
        sighting: the sighting that gives its audio, where one is available; the one a person chose, while it gives any.
        renditions: verified files that are where they should be, the best of each profile.
        lost: renditions whose files a complete scan did not find, and that we did not put in the trash.
        surplus: files that better ones make needless.
        playlists: refs of the active playlists that hold it.
        departed_us: when it left its last playlist; None while it is in one, or when it never was.
        enrichments: what providers of facts last said of it.
        offered: whether no playlist ever held it: a search found it, and nobody has said that it is wanted.
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
    surplus: tuple[Surplus, ...] = ()
    offered: bool = False
    enrichments: tuple[Enrichment, ...] = ()

    @property
    def shown_in(self) -> tuple[str, ...]:
        """Give the playlists that hold it and that targets show."""
        return tuple(ref for ref in self.playlists if not is_gathered(ref))

    @property
    def availability(self) -> Availability:
        """Whether its best source lets us have the audio."""
        return self.sighting.availability

    @property
    def naming(self) -> Sighting:
        """The sighting that names and describes it, whichever gives the audio: of equals the one linked to first."""
        return min(self.sightings, key=_names_first) if len(self.sightings) > 1 else self.sighting

    @property
    def title(self) -> str:
        """What to call it, even when no source ever said."""
        return clean(self.naming.title) or self.sighting.url or self.sighting.ref

    @property
    def label(self) -> str:
        """What to call it in a list, with its artist."""
        return f"{self.naming.artist or 'Unknown'} – {self.title}"


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
    into: dict[str, str] = field(default_factory=dict)  # absorbed recording → the one it counts for
    absorbed: dict[str, tuple[str, ...]] = field(default_factory=dict)  # recording → those that count for it
    heirs: dict[str, str] = field(default_factory=dict)  # object key → key of the absorbed one's object it takes over
    unkeyed: dict[str, tuple[Question, ...]] = field(default_factory=dict)  # recording → what was asked of unkeyed ones
    claimed: frozenset[str] = (
        frozenset()
    )  # keys of remotes that are ours; empty while nothing was asked of unkeyed ones
    trashed_files: dict[tuple[str, str], int] = field(default_factory=dict)  # (recording, path) → when we trashed it
    contested: Contested = field(default_factory=Contested)

    @property
    def shown(self) -> tuple[Playlist, ...]:
        """Give the playlists that targets show; the others only say what is wanted."""
        return tuple(row for row in self.playlists if not is_gathered(row.ref))

    def canonical(self, recording_id: str) -> str:
        """Give the recording that one counts for: itself, unless it was merged."""
        return self.into.get(recording_id, recording_id)

    def bound(self, target: str, kind: str, key: str) -> TargetObject | None:
        """Give what we last wrote for an object, unless we removed it since, or it is another's by now."""
        here = object_key(target, kind, key)
        if here in self.contested.lost:
            return None
        row = self.contested.regained.get(here) or self.state.objects.get(here)
        return row if row and not row.trashed else None

    def requested_seq(self, key: str) -> int:
        """Give when a person last asked for a recording or a playlist; what serves every playlist, for any of them."""
        piece = self.pieces.get(self.into.get(key, key))
        row = piece.recording if piece else self.state.recordings.get(key) or self.state.playlists.get(key)
        if row is not None:
            return row.requested_seq
        return max((playlist.requested_seq for playlist in self.playlists), default=0)

    def standing_id(self, target: str, kind: str, key: str) -> str | None:
        """Give the remote id of an object that is there, as far as we know; of a merged one also what it takes over."""
        remote = self.own_remote(target, kind, key)
        if remote is None and self.heirs:
            heir = self.heirs.get(object_key(target, kind, key))
            remote = self.own_remote(target, kind, heir) if heir else None
        return remote.remote_id if remote else None

    def own_remote(self, target: str, kind: str, key: str) -> Remote | None:
        """Give the one object that is there for a key: what we last wrote, or what alone carries it."""
        row = self.bound(target, kind, key)
        if row and row.remote_id:
            remote = self.state.remotes.get(remote_key(target, row.remote_id))
            if remote and remote.standing:
                return remote
        carriers = self.keyed.get(object_key(target, kind, key), ())
        return carriers[0] if len(carriers) == 1 else None


def catalogue(state: State) -> Catalogue:
    """Index a state for planning."""
    actions_of, unsettled, trashed_files = _actions(state)
    into = canonical_ids(state.recordings)
    settled = contested(state, into, ROWS_AND_ITEMS)
    keyed = _keyed(state, settled)
    unkeyed = _unkeyed(state, into)
    playlists = tuple(row for _, row in sorted(state.playlists.items()) if row.seen and row.active)
    bare = Catalogue(
        state=state,
        pieces={},
        playlists=playlists,
        recording_of=_recordings_of(state, into),
        actions_of=actions_of,
        unsettled=unsettled,
        keyed=keyed,
        into=into,
        absorbed=groups(into),
        unkeyed=unkeyed,
        claimed=_claimed(state) if unkeyed else frozenset(),
        trashed_files=trashed_files,
        contested=settled,
    )
    bare.heirs.update(_heirs(bare))
    bare.pieces.update(_pieces(bare))
    return bare


def _recordings_of(state: State, into: dict[str, str]) -> dict[str, str]:
    linked = {ref: row.recording_id for ref, row in state.sightings.items() if row.recording_id}
    return {ref: into.get(key, key) for ref, key in linked.items()} if into else linked


def _actions(state: State) -> tuple[dict[str, ActionRow], frozenset[str], dict[tuple[str, str], int]]:
    latest: dict[str, ActionRow] = {}
    unsettled: set[str] = set()
    moves: dict[tuple[str, str], ActionRow] = {}
    for row in state.actions.values():
        key = object_key(row.target, row.object_kind, row.key)
        known = latest.get(key)
        if known is None or row.last_seq > known.last_seq:
            latest[key] = row
        if row.state.unsettled:
            unsettled.add(key)
        if row.target == "library" and row.kind in _FILE_MOVES and row.state is ActionState.DONE:
            file = (row.key, row.remote_id or "")
            moves[file] = max(row, moves.get(file, row), key=lambda move: move.last_seq)
    trashed = {file: row.last_seq for file, row in moves.items() if row.kind == ActionKind.TRASH_AUDIO}
    return latest, frozenset(unsettled), trashed


def _keyed(state: State, settled: Contested) -> dict[str, tuple[Remote, ...]]:
    carriers: dict[str, list[Remote]] = defaultdict(list)
    for _, remote in sorted(state.remotes.items()):
        if remote.key and remote.standing:
            key = object_key(remote.target, remote.kind, remote.key)
            if key not in settled.lost or state.objects[key].remote_id != remote.remote_id:
                carriers[key].append(remote)
    return {key: tuple(rows) for key, rows in carriers.items()}


def _unkeyed(state: State, into: dict[str, str]) -> dict[str, tuple[Question, ...]]:
    """Give what was asked of rows and items that carry no key, by the recording they may be."""
    asked: dict[str, list[Question]] = defaultdict(list)
    for _, row in sorted(state.questions.items()):
        if "/" in row.newer:
            asked[into.get(row.older, row.older)].append(row)
    return {recording_id: tuple(rows) for recording_id, rows in asked.items()}


def _claimed(state: State) -> frozenset[str]:
    rows = (row for row in state.objects.values() if row.remote_id and not row.trashed)
    return frozenset(remote_key(row.target, row.remote_id or "") for row in rows)


def _heirs(index: Catalogue) -> dict[str, str]:
    """Give what recordings take over from those that count for them, where they have no object of their own."""
    heirs: dict[str, str] = {}
    for recording_id, members in index.absorbed.items():
        for target, kind in ROWS_AND_ITEMS:
            own = object_key(target, kind, recording_id)
            if index.own_remote(target, kind, recording_id) or index.keyed.get(own):
                continue
            found = [(key, remote) for key in members if (remote := _sole(index, target, kind, key))]
            if found:
                best = fullest([remote for _, remote in found])
                heirs[own] = next(key for key, remote in found if remote is best)
    return heirs


def _sole(index: Catalogue, target: str, kind: str, key: str) -> Remote | None:
    """Give the object of a key, unless others claim to be it too."""
    remote = index.own_remote(target, kind, key)
    carriers = index.keyed.get(object_key(target, kind, key), ())
    return remote if remote and all(row.remote_id == remote.remote_id for row in carriers) else None


def _pieces(index: Catalogue) -> dict[str, Piece]:
    state, into = index.state, index.into
    present: dict[str, list[Rendition]] = defaultdict(list)
    lost: dict[str, list[Rendition]] = defaultdict(list)
    for _, rendition in sorted(state.renditions.items()):
        if not (index.trashed_files and _trashed_by_us(index, rendition)):
            owner = into.get(rendition.recording_id, rendition.recording_id)
            (present if rendition.present else lost)[owner].append(rendition)
    members, departed = _memberships(index)
    listed = {ref for playlist in index.playlists for ref in playlist.entries}
    enriched = _enriched(state, into)
    ever = {ref for row in state.playlists.values() for ref in (*row.entries, *row.departed)}
    pieces = {}
    for recording_id, row in state.recordings.items():
        if recording_id in into:
            continue
        merged = index.absorbed.get(recording_id)
        recording = combined(row, (state.recordings[key] for key in merged)) if merged else row
        sightings = tuple(state.sightings[ref] for ref in recording.refs if ref in state.sightings)
        if not sightings:
            continue
        sighting = _giving(recording, sightings, listed)
        kept, surplus = _kept(present[recording_id], lost[recording_id], recording, sighting, merged=bool(merged))
        pieces[recording_id] = Piece(
            recording=recording,
            sighting=sighting,
            sightings=sightings,
            renditions=kept,
            lost=tuple(lost[recording_id]),
            playlists=tuple(sorted(members.get(recording_id, ()))),
            departed_us=None if recording_id in members else departed.get(recording_id),
            fetch_action=index.actions_of.get(object_key("library", "audio", recording_id)),
            eagle_action=index.actions_of.get(object_key("eagle", "item", recording_id)),
            in_eagle=index.standing_id("eagle", "item", recording_id) is not None,
            surplus=surplus,
            offered=not kept and ever.isdisjoint(recording.refs),
            enrichments=tuple(enriched.get(recording_id, ())),
        )
    return pieces


def _enriched(state: State, into: dict[str, str]) -> dict[str, list[Enrichment]]:
    """Give what providers said, by the recording it counts for."""
    said: dict[str, list[Enrichment]] = defaultdict(list)
    for _, row in sorted(state.enrichments.items()):
        said[into.get(row.recording_id, row.recording_id)].append(row)
    return said


def _kept(
    present: list[Rendition], lost: list[Rendition], recording: Recording, sighting: Sighting, *, merged: bool
) -> tuple[tuple[Rendition, ...], tuple[Surplus, ...]]:
    if merged:
        return keep_best(present, lost, recording, sighting.duration_ms)
    return tuple(sorted(present, key=lambda row: row.profile)), ()


def _trashed_by_us(index: Catalogue, row: Rendition) -> bool:
    """Whether we put a file in the trash after it was verified, and nothing has shown it since."""
    trashed_seq = index.trashed_files.get((row.recording_id, row.path), 0)
    return trashed_seq > (row.last_seq if row.present else row.verified_seq)


def _giving(recording: Recording, sightings: tuple[Sighting, ...], listed: AbstractSet[str]) -> Sighting:
    """Give the sighting a person chose, else the best: what a playlist shows before what left it, as a mended file."""
    if recording.chosen_ref is not None:
        chosen = [row for row in sightings if row.ref == recording.chosen_ref and row.availability in FETCHABLE]
        sightings = tuple(chosen) or sightings
    return min(sightings, key=lambda row: _rank(row, listed))


def _rank(sighting: Sighting, listed: AbstractSet[str]) -> tuple[int, bool, bool, bool, int]:
    place, by_file = _BEST_FIRST.index(sighting.availability), source_of(sighting.ref) == "file"
    at_hand = by_file and serving_source(sighting.ref, sighting.url) == "file"
    return (place, sighting.ref not in listed, not at_hand, by_file, sighting.first_seq)


def _names_first(sighting: Sighting) -> tuple[bool, bool, bool]:
    return (not sighting.title, not sighting.artist, source_of(sighting.ref) == "file")


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
