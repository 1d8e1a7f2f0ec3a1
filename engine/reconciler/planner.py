"""plan = f(wanted, found, base, attempts, policy, scope): pure, total, deterministic (design §6, I19–I26)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.domain.plan import Action, ConflictFound, Operation, Plan, Waiting
from engine.domain.references import object_key, referred, remote_key
from engine.domain.value import FieldValue
from engine.projections.rows import Question, Remote
from engine.projections.state import State
from engine.reconciler.access import may_open
from engine.reconciler.asking import asked_wait, recordings_asked_about
from engine.reconciler.catalogue import FETCHABLE, Catalogue, Piece, catalogue
from engine.reconciler.diff import Step, compare, create, meeting_value, withheld
from engine.reconciler.duplicates import duplicates
from engine.reconciler.guards import guard
from engine.reconciler.inheritance import asked, rekeyed, stand
from engine.reconciler.policy import EVERYTHING, PlanScope, Policy
from engine.reconciler.proposals import replaced, substitute
from engine.reconciler.readiness import readiness
from engine.reconciler.removals import kept, removals
from engine.reconciler.scoping import kept_actions, kept_conflicts, kept_waits
from engine.reconciler.wanted import WantedObject
from engine.reconciler.wanted_eagle import wanted_item, wanted_playlist_folder, wanted_root_folder
from engine.reconciler.wanted_library import (
    ORIGINAL,
    has_original,
    missing_profiles,
    playlist_paths,
    stem,
    stems,
    wanted_audio,
    wanted_playlist_file,
    wanted_replacement,
)
from engine.reconciler.wanted_notion import ready_for_a_page, wanted_playlist_page, wanted_track_page


def plan(state: State, policy: Policy, now_us: int, scope: PlanScope = EVERYTHING) -> Plan:
    """Compute what would be done now.

    Args:
        state: everything the journal knows.
        policy: how things are done.
        now_us: the time, for what waits; microseconds since the epoch.
        scope: which part of the plan for everything to keep.
    """
    index = catalogue(state)
    asked_about = recordings_asked_about(state, index.into)
    work = _Work(index=index, policy=policy, now_us=now_us, asked_about=asked_about)
    for wanted in _everything_wanted(work):
        work.consider(wanted)
    built = frozenset(work.busy)
    for departed in removals(work.index, policy, work.saw):
        work.take_removal(departed)
    for needless in duplicates(work.index, policy, work.saw, built.__contains__):
        work.take_removal(needless)
    return _assemble(work, scope)


@dataclass(slots=True, kw_only=True)
class _Work:
    """A plan in the making; lives inside one call of `plan`."""

    index: Catalogue
    policy: Policy
    now_us: int
    asked_about: Mapping[str, Question]  # recordings that a person is asked about → the question
    actions: list[Action] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    conflicts: list[ConflictFound] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)  # object keys with an action in this plan
    meets: dict[tuple[str, str], dict[tuple[str, FieldValue], list[Remote]]] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    adopted: dict[str, str] = field(default_factory=dict)  # remote key → the object that is adopting it

    def uses(self, target: str) -> bool:
        return target in self.policy.targets

    def consider(self, wanted: WantedObject) -> None:
        if not self.saw(wanted.target, wanted.kind):
            return
        if (wanted.target, wanted.kind) == ("library", "audio"):
            self.take(create(self.index, wanted, None))  # wanted only while no file is there
            return
        meets = self.meets_of(wanted.target, wanted.kind)
        scope = self.index.state.scopes[f"{wanted.target}:{wanted.kind}"]
        supported = frozenset(scope.supported) if scope.supported is not None else None
        standing = stand(self.index, wanted, meets)
        for step in compare(self.index, rekeyed(self.index, wanted, standing), standing, supported):
            self._step(wanted, step)

    def take(self, action: Action) -> None:
        """Add an action unless what became of it before says to wait."""
        wait = asked_wait(self.index.state, action, self.asked_about) or withheld(self.index, action)
        wait = wait or self._unready(action)
        if wait is not None:
            self.waiting.append(wait)
            return
        self.actions.append(action)
        self.busy.add(object_key(action.target, action.object_kind, action.key))
        self.busy.add(object_key(action.target, action.object_kind, self.index.canonical(action.key)))
        if action.operation is Operation.ADOPT:
            self.adopted[remote_key(action.target, action.remote_id or "")] = action.key

    def take_removal(self, step: Step) -> None:
        """Add a removal, or what there is instead of it: a conflict, a wait."""
        if isinstance(step, ConflictFound):
            self.conflicts.append(step)
        elif isinstance(step, Waiting):
            self.waiting.append(step)
        else:
            self.take(step)

    def _unready(self, action: Action) -> Waiting | None:
        return readiness(self.index, action, self.policy, self.now_us) or self._parentless(action)

    def _parentless(self, action: Action) -> Waiting | None:
        """Give why an action waits for an object that is not there and that this plan does not make."""
        keys = (referred(value) for value in action.written.values())
        missing = next((key for key in keys if key and key not in self.busy), None)
        if missing is None:
            return None
        return Waiting(
            target=action.target,
            object_kind=action.object_kind,
            key=action.key,
            why="follows",
            detail=f"after {missing}",
            action_id=action.action_id,
        )

    def meets_of(self, target: str, kind: str) -> dict[tuple[str, FieldValue], list[Remote]]:
        if (target, kind) not in self.meets:
            self.meets[target, kind] = _meets(self.index, target, kind)
        return self.meets[target, kind]

    def _step(self, wanted: WantedObject, step: Step) -> None:
        if isinstance(step, ConflictFound):
            self.conflicts.append(step)
        elif isinstance(step, Waiting):
            self.waiting.append(step)
        elif wait := self._asked(wanted, step):
            self.waiting.append(wait)
        elif first := self._first(wanted, step):
            self.waiting.append(
                Waiting(
                    target=wanted.target,
                    object_kind=wanted.kind,
                    key=wanted.key,
                    why="follows",
                    detail=f"after {first}",
                    action_id=step.action_id,
                )
            )
            # What waits for this one waits with it, so that a page is written once, with everything on it.
            self.busy.add(object_key(wanted.target, wanted.kind, wanted.key))
        else:
            self.take(step)

    def _asked(self, wanted: WantedObject, action: Action) -> Waiting | None:
        """Give why nothing new is made while a person is asked whether something without our key is it."""
        if action.operation is not Operation.CREATE:
            return None
        question = asked(self.index, wanted.target, wanted.kind, wanted.key)
        if question is None:
            return None
        return Waiting(
            target=wanted.target,
            object_kind=wanted.kind,
            key=wanted.key,
            why="asked",
            detail=f"{question.newer} may be it; `sync review` asks ({question.question_id})",
            action_id=action.action_id,
        )

    def _first(self, wanted: WantedObject, action: Action) -> str | None:
        """Give what has to happen before an action: what it refers to, or an adoption of the same remote."""
        adopting = self.adopted.get(remote_key(action.target, action.remote_id)) if action.remote_id else None
        return next((key for key in wanted.follows if key in self.busy), adopting)

    def saw(self, target: str, kind: str) -> bool:
        """Whether the last scan was whole, so that something may be decided there; else that waits."""
        scope = self.index.state.scopes.get(f"{target}:{kind}")
        if scope is not None and scope.complete:
            return True
        self._not_seen(target, kind)
        return False

    def _not_seen(self, target: str, kind: str) -> None:
        scope = f"{target}:{kind}"
        if scope in self.unseen:
            return
        self.unseen.add(scope)
        self.waiting.append(
            Waiting(
                target=target,
                object_kind=kind,
                key="*",
                why="unseen",
                detail="its last scan was not complete, so nothing there is decided",
            )
        )


def _meets(index: Catalogue, target: str, kind: str) -> dict[tuple[str, FieldValue], list[Remote]]:
    found: dict[tuple[str, FieldValue], list[Remote]] = defaultdict(list)
    claimed = {row.remote_id for row in index.state.objects.values() if row.target == target and not row.trashed}
    for _, remote in sorted(index.state.remotes.items()):
        if (remote.target, remote.kind) != (target, kind) or remote.key or not remote.standing:
            continue
        if remote.remote_id in claimed:
            continue
        for name, value in remote.fields.items():
            if value is not None and not isinstance(value, tuple):
                found[name, meeting_value(name, value)].append(remote)
    return found


def _everything_wanted(work: _Work) -> Iterator[WantedObject]:
    """Give every wanted object, parents first, in one stable order."""
    if work.uses("library"):
        yield from _audio_wanted(work)
    if work.uses("notion") and "notion:playlist" not in work.policy.left_out:
        yield from (wanted_playlist_page(playlist, work.policy) for playlist in work.index.shown)
    if work.uses("eagle"):
        yield from _folders_wanted(work.index)
    if work.uses("library"):
        yield from _playlist_files_wanted(work.index)
    wished = [piece for _, piece in sorted(work.index.pieces.items()) if not piece.offered]
    pieces = [piece for piece in wished if kept(work.index, work.policy, piece)]
    if work.uses("eagle"):
        yield from (wanted_item(work.index, piece, work.policy) for piece in pieces if piece.renditions)
    if work.uses("notion"):
        yield from (wanted_track_page(work.index, piece, work.policy) for piece in pieces if ready_for_a_page(piece))


def _folders_wanted(index: Catalogue) -> Iterator[WantedObject]:
    if index.shown:
        yield wanted_root_folder()
    for playlist in index.shown:
        yield wanted_playlist_folder(index, playlist)


def _playlist_files_wanted(index: Catalogue) -> Iterator[WantedObject]:
    paths = playlist_paths(index)
    for playlist in index.shown:
        yield wanted_playlist_file(index, playlist, paths[playlist.ref])


def _audio_wanted(work: _Work) -> Iterator[WantedObject]:
    index = work.index
    paths = stems(index, work.policy)
    for recording_id, piece in sorted(index.pieces.items()):
        if not piece.playlists or not (missing_profiles(piece, work.policy) or replaced(piece)):
            continue
        why = _not_fetched(piece, work.policy)
        if why is None:
            yield _audio(index, piece, paths[recording_id], work.policy)
        else:
            reason, detail = why
            work.waiting.append(
                Waiting(target="library", object_kind="audio", key=recording_id, why=reason, detail=detail)
            )


def _audio(index: Catalogue, piece: Piece, path: str, policy: Policy) -> WantedObject:
    """Say what fetching comes to; formats are made of the original there is, under the id that is in its tags."""
    original = next((row for row in piece.renditions if row.profile == ORIGINAL), None)
    if outgoing := replaced(piece):
        return wanted_replacement(index, piece, outgoing, policy)
    if original is None or original.recording_id == piece.recording.recording_id:
        return wanted_audio(piece, path, policy)
    sighting = next((row for row in piece.sightings if row.ref == original.source_ref), piece.sighting)
    recording = index.state.recordings[original.recording_id]
    return wanted_audio(replace(piece, recording=recording, sighting=sighting), stem(original.path), policy)


def _not_fetched(piece: Piece, policy: Policy) -> tuple[str, str] | None:
    if piece.recording.dismissed is not None:
        return "dismissed", piece.recording.dismissed
    if piece.lost and piece.recording.requested_seq < max(row.last_seq for row in piece.lost):
        return "dismissed", f"its file {piece.lost[0].path} is no longer there; `sync refetch` gets it again"
    if other := substitute(piece):
        return "asked", f"its source gives none, {other.ref} may have it: `sync upgrades` proposes it"
    closed = piece.availability not in FETCHABLE and not may_open(piece.sighting, policy.ways)
    if not has_original(piece) and closed:
        return "unavailable", f"{piece.availability}: {piece.sighting.availability_detail}".rstrip(": ")
    return None


def _assemble(work: _Work, scope: PlanScope) -> Plan:
    state = work.index.state
    chosen, guarded, reports = guard(tuple(work.actions), state, work.policy, scope.allow_removals)
    kept = kept_actions(work.index, chosen, scope)
    waiting = kept_waits(work.index, (*work.waiting, *guarded), scope)
    found = tuple(sorted(work.conflicts, key=lambda row: row.conflict_id))
    conflicts = kept_conflicts(work.index, found, scope)
    return Plan(
        journal_id=state.journal_id,
        head_seq=state.head_seq,
        head_hash=state.head_hash,
        config_hash=work.policy.config_hash,
        as_of_us=work.now_us,
        scans={row.scope: row.complete_seq or 0 for _, row in sorted(state.scopes.items())},
        summary=_summary(kept, waiting, conflicts),
        guards=reports,
        conflicts=conflicts,
        waiting=waiting,
        actions=kept,
    )


def _summary(
    actions: tuple[Action, ...], waiting: tuple[Waiting, ...], conflicts: tuple[ConflictFound, ...]
) -> dict[str, int]:
    operations = Counter(str(action.operation) for action in actions)
    reasons = Counter(wait.why for wait in waiting)
    counted = {str(operation): operations[str(operation)] for operation in Operation}
    blocked = sum(count for why, count in reasons.items() if why != "follows")
    return {**counted, "conflict": len(conflicts), "blocked": blocked, "follows": reasons["follows"]}
