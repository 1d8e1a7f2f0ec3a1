"""One wanted object against what was found: an action, a wait, or a conflict. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from engine.domain.action_events import Change
from engine.domain.addresses import canonical_address
from engine.domain.canonical import digest
from engine.domain.plan import KINDS, Action, ConflictFound, Operation, Owner, Waiting
from engine.domain.references import object_key, remote_key
from engine.domain.value import FieldValue
from engine.projections.rows import Remote, TargetObject
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.merge import NO_BASE, Base, Disagree, Keep, Write, merge
from engine.reconciler.wanted import WantedObject

ACTION_ID_LENGTH = 32
DOUBLED = "several objects carry one key; keep one, and trash the others or clear their key"
REMOVAL = "(removal)"
"""Stands among the withheld fields of an object that an undo took out of the trash: it is not removed again."""

Step: TypeAlias = Action | Waiting | ConflictFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The wanted object is there: this remote holds it, others may carry its key too."""

    remote: Remote
    written: TargetObject | None
    adopted: bool
    doubles: tuple[str, ...] = ()  # others that carry its key


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmade:
    """Nothing holds it, and nobody removed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A person took it away."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Several remotes claim to be it."""

    remote_ids: tuple[str, ...]
    reason: str


Standing: TypeAlias = Bound | Unmade | Removed | Ambiguous


def locate(index: Catalogue, wanted: WantedObject, meets: dict[tuple[str, FieldValue], list[Remote]]) -> Standing:
    """Find the remote that holds a wanted object.

    Args:
        index: the state, indexed.
        wanted: what is looked for.
        meets: (field, value) → unkeyed standing remotes of the same target and kind.
    """
    written = index.bound(wanted.target, wanted.kind, wanted.key)
    carriers = index.keyed.get(object_key(wanted.target, wanted.kind, wanted.key), ())
    ids = tuple(row.remote_id for row in carriers)
    remote = _ours(index, wanted, written)
    if remote and remote.standing:
        doubles = tuple(remote_id for remote_id in ids if remote_id != remote.remote_id)
        return Bound(remote=remote, written=written, adopted=False, doubles=doubles)
    if len(carriers) > 1:
        return Ambiguous(remote_ids=ids, reason=DOUBLED)
    if written and written.remote_id and not carriers:
        return _taken_away(index, wanted, written, remote)
    if carriers:
        return Bound(remote=carriers[0], written=written, adopted=False)
    return _met(wanted, meets)


def _ours(index: Catalogue, wanted: WantedObject, written: TargetObject | None) -> Remote | None:
    if written is None or not written.remote_id:
        return None
    return index.state.remotes.get(remote_key(wanted.target, written.remote_id))


def _taken_away(index: Catalogue, wanted: WantedObject, written: TargetObject, remote: Remote | None) -> Standing:
    if index.requested_seq(wanted.key) > written.last_seq:
        return Unmade()
    if remote is not None and not remote.live:
        return Removed(why="it is in the trash")
    return Removed(why="a complete scan no longer showed it")


def _met(wanted: WantedObject, meets: dict[tuple[str, FieldValue], list[Remote]]) -> Standing:
    for name, value in wanted.meet:
        found = meets.get((name, meeting_value(name, value)), [])
        if len(found) == 1:
            return Bound(remote=found[0], written=None, adopted=True)
        if found:
            reason = f"several objects have the same {name}"
            return Ambiguous(remote_ids=tuple(row.remote_id for row in found), reason=reason)
    return Unmade()


def meeting_value(name: str, value: FieldValue) -> FieldValue:
    """Give the form of a field's value in which two spellings of one thing are equal."""
    return canonical_address(value) if isinstance(value, str) and name in ADDRESSES else value


ADDRESSES = frozenset({"soundcloud_url", "spotify_url", "youtube_url", "source_url", "website"})
"""Fields that hold addresses, in which case, `www.` and tracking parameters make no difference."""


def compare(
    index: Catalogue, wanted: WantedObject, standing: Standing, supported: frozenset[str] | None
) -> tuple[Step, ...]:
    """Give what follows from a wanted object and where it stands; nothing when all is well."""
    held = held_back(index, wanted.target, wanted.kind, wanted.key)
    steps = _compared(index, wanted, standing, supported, frozenset(held or ()))
    return (_withheld(wanted, ()),) if steps and held == () else steps


def held_back(index: Catalogue, target: str, kind: str, key: str) -> tuple[str, ...] | None:
    """Give the fields of an object that a person's undo holds back; none of them means all of it, None nothing."""
    row = index.state.objects.get(object_key(target, kind, key))
    if row is None or row.withheld is None or _asked_seq(index, kind, key) > row.withheld_seq:
        return None
    return row.withheld


def _asked_seq(index: Catalogue, kind: str, key: str) -> int:
    """Give when a person last asked for something; of audio also when they last chose what it is fetched from."""
    recording = index.state.recordings.get(key) if kind == "audio" else None
    return max(index.requested_seq(key), recording.chosen_seq if recording else 0)


def withheld(index: Catalogue, action: Action) -> Waiting | None:
    """Give why an action as a whole is held back by a person's undo, or nothing when it is not."""
    held = held_back(index, action.target, action.object_kind, action.key)
    removes = held is not None and action.operation is Operation.TRASH and REMOVAL in held
    return _withheld(action, ()) if held == () or removes else None


def _compared(
    index: Catalogue,
    wanted: WantedObject,
    standing: Standing,
    supported: frozenset[str] | None,
    held: frozenset[str],
) -> tuple[Step, ...]:
    match standing:
        case Unmade():
            return (create(index, wanted, supported),)
        case Bound():
            return _update(index, wanted, standing, supported, held)
        case Removed(why=why):
            return (_waiting(wanted, "dismissed", why),)
        case Ambiguous(remote_ids=remote_ids, reason=reason):
            return _ask(index, wanted, remote_ids, reason)
        case _:
            assert_never(standing)


def create(index: Catalogue, wanted: WantedObject, supported: frozenset[str] | None) -> Action:
    """Give the action that brings an object about."""
    changes = tuple(
        Change(field=name, before=None, after=value, owner=str(wanted.owners.get(name, Owner.ENGINE)))
        for name, value in sorted(wanted.fields.items())
        if value is not None and value != () and _supported(name, supported)
    )
    return build_action(index, wanted, Operation.CREATE, None, changes, f"nothing in {wanted.target} holds it yet")


def _update(
    index: Catalogue,
    wanted: WantedObject,
    standing: Bound,
    supported: frozenset[str] | None,
    held_fields: frozenset[str],
) -> tuple[Step, ...]:
    remote = standing.remote
    base = standing.written.base if standing.written and standing.written.remote_id == remote.remote_id else {}
    changes: list[Change] = []
    others: list[Step] = []  # what waits or is in conflict
    undone: list[str] = []
    if standing.doubles:
        others.append(conflict_of(wanted, "(object)", remote.remote_id, wanted.key, standing.doubles, DOUBLED))
    vocabulary = frozenset(wanted.vocabulary)
    for name, value in sorted(wanted.fields.items()):
        if name in wanted.only_at_birth or not _supported(name, supported):
            continue
        owner = wanted.owners.get(name, Owner.ENGINE)
        held: Base = base.get(name, NO_BASE)
        found = remote.fields.get(name)
        verdict = merge(owner, held, value, found, vocabulary=vocabulary)
        if name in held_fields:
            undone += [] if isinstance(verdict, Keep) else [name]
            continue
        if isinstance(verdict, Disagree):
            conflict = conflict_of(wanted, name, held, value, found, verdict.reason)
            verdict = decided(index, conflict) or verdict
            if isinstance(verdict, Disagree):
                others.append(conflict)
        if isinstance(verdict, Write):
            changes.append(Change(field=name, before=found, after=verdict.value, owner=str(owner)))
    if undone:
        others.append(_withheld(wanted, tuple(undone)))
    if not changes:
        return tuple(others)
    operation = Operation.ADOPT if standing.adopted else Operation.UPDATE
    reason = "it was there before us" if standing.adopted else _because(changes)
    return (*others, build_action(index, wanted, operation, remote, tuple(changes), reason))


def _because(changes: list[Change]) -> str:
    return "differs in " + ", ".join(change.field for change in changes)


def decided(index: Catalogue, conflict: ConflictFound) -> Write | Keep | None:
    """Give what a person said of a conflict, or nothing while it is open."""
    row = index.state.conflicts.get(conflict.conflict_id)
    match row.choice if row else None:
        case "ours":
            return Write(value=conflict.wanted)
        case "theirs":
            return Keep()
        case _:
            return None


def conflict_of(
    wanted: WantedObject, name: str, base: Base, value: FieldValue, found: FieldValue, reason: str
) -> ConflictFound:
    """Build a conflict; its id is what it is about, so that the same disagreement is one conflict."""
    known = base if isinstance(base, str | int | float | bool | tuple) else None
    identity = digest([wanted.target, wanted.kind, wanted.key, name, known, value, found])
    return ConflictFound(
        conflict_id="c" + identity[:15],
        target=wanted.target,
        object_kind=wanted.kind,
        key=wanted.key,
        field=name,
        base=known,
        wanted=value,
        found=found,
        reason=reason,
    )


def _ask(index: Catalogue, wanted: WantedObject, remote_ids: tuple[str, ...], reason: str) -> tuple[Step, ...]:
    conflict = conflict_of(wanted, "(object)", NO_BASE, wanted.key, tuple(sorted(remote_ids)), reason)
    del index
    return (conflict, _waiting(wanted, "conflict", reason))


def build_action(
    index: Catalogue,
    wanted: WantedObject,
    operation: Operation,
    remote: Remote | None,
    changes: tuple[Change, ...],
    reason: str,
) -> Action:
    """Build an action and its key: target, object, delta, what was found, and how often it was written before."""
    row = index.state.objects.get(object_key(wanted.target, wanted.kind, wanted.key))
    found = digest({change.field: change.before for change in changes})
    identity = digest(
        [
            wanted.target,
            wanted.kind,
            wanted.key,
            operation,
            remote.remote_id if remote else None,
            [(change.field, change.after) for change in changes],
            found,
            row.generation if row else 0,
            index.requested_seq(wanted.key),
            wanted.renewal,
        ]
    )
    return Action(
        action_id=identity[:ACTION_ID_LENGTH],
        kind=KINDS[wanted.target, wanted.kind][operation],
        operation=operation,
        target=wanted.target,
        object_kind=wanted.kind,
        key=wanted.key,
        remote_id=remote.remote_id if remote else None,
        changes=changes,
        precondition=found,
        reason=reason,
        risk="removal" if operation is Operation.TRASH else "low",
        causes=tuple(sorted({*wanted.causes, *((remote.last_seq,) if remote else ())})),
    )


def _withheld(wanted: WantedObject | Action, fields: tuple[str, ...]) -> Waiting:
    said = ", ".join(fields) or "it"
    kind = wanted.kind if isinstance(wanted, WantedObject) else wanted.object_kind
    detail = f"you undid {said}; `sync refetch` of it, or undoing the undo, lets it be brought in step again"
    return Waiting(target=wanted.target, object_kind=kind, key=wanted.key, why="withheld", detail=detail)


def _waiting(wanted: WantedObject, why: str, detail: str) -> Waiting:
    return Waiting(target=wanted.target, object_kind=wanted.kind, key=wanted.key, why=why, detail=detail)


def _supported(name: str, supported: frozenset[str] | None) -> bool:
    return supported is None or name in supported
