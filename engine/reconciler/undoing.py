"""What undoes what: confirmed actions in, the actions that take them back out, newest first. Pure and total.

Only what still is as we left it is taken back: a value that somebody changed since is theirs, and is left and said
(I46, I48). Files that were fetched stay (I45); whatever is removed goes to a trash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

from engine.domain.action_events import Change
from engine.domain.canonical import digest
from engine.domain.events import Event, ObjectWithheld
from engine.domain.plan import GUIDANCE, KINDS, Action, ActionKind, GuardReport, Operation, Owner
from engine.domain.references import object_key, referred, remote_key
from engine.domain.value import Fields, FieldValue, Value
from engine.projections.rows import Remote, TargetObject
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.deeds import OPERATIONS, Deed, Replaced, Undone, objects
from engine.reconciler.diff import ACTION_ID_LENGTH, REMOVAL, held_back
from engine.reconciler.merge import same
from engine.reconciler.wanted_eagle import KEY_LINE


class Why(StrEnum):
    """Why something stays as it is."""

    ALREADY = "already"  # it is as it was before
    KEPT = "kept"  # nothing takes it back, by design
    GONE = "gone"  # it is not there any more
    CHANGED = "changed"  # somebody changed it since
    UNKNOWN = "unknown"  # nobody knows yet what became of it


class Left(Value, frozen=True):
    """Something an undo leaves as it is, and why."""

    target: str
    object_kind: str
    key: str
    why: Why
    detail: str


class Undoing(Value, frozen=True):
    """What an undo comes to: decisions to append, then actions to carry out, and what stays.

    Attributes:
        decisions: events that take decisions back, and that keep the next plan from doing again what is undone.
    """

    actions: tuple[Action, ...] = ()
    decisions: tuple[Event, ...] = ()
    left: tuple[Left, ...] = ()
    guards: tuple[GuardReport, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether every guard lets its removals pass."""
        return all(report.allowed for report in self.guards)

    @property
    def removals(self) -> int:
        """How many objects would go to a trash."""
        return sum(action.operation is Operation.TRASH for action in self.actions)


_KEPT = frozenset({"kept_path", "kept_sha256"})

Step: TypeAlias = Action | ObjectWithheld | Left


def compensation(index: Catalogue, deeds: Sequence[Deed], targets: Collection[str]) -> Undoing:
    """Give what takes actions back: at most one action per object, in the order in which they may be carried out.

    Args:
        index: the state, indexed.
        deeds: confirmed actions, in any order.
        targets: the targets in use.
    """
    steps = [step for undone in objects(deeds) for step in _steps(index, undone, targets)]
    return Undoing(
        actions=tuple(sorted((step for step in steps if isinstance(step, Action)), key=_order)),
        decisions=tuple(step for step in steps if isinstance(step, ObjectWithheld)),
        left=tuple(step for step in steps if isinstance(step, Left)),
    )


def _steps(index: Catalogue, undone: Undone, targets: Collection[str]) -> Iterator[Step]:
    target = undone.last.target
    scope = index.state.scopes.get(f"{target}:{undone.last.object_kind}")
    if target not in targets:
        yield _left(undone, Why.UNKNOWN, f"the settings name no {target}")
    elif scope is None or not scope.complete:
        yield _left(undone, Why.UNKNOWN, f"{target} could not be read whole, so nothing there is decided")
    else:
        yield from _taken_back(index, undone)


def _taken_back(index: Catalogue, undone: Undone) -> Iterator[Step]:
    if undone.last.replaced:
        yield from _swapped_back(index, undone)
        return
    match undone.last.kind:
        case ActionKind.FETCH_RECORDING:
            yield _left(undone, Why.KEPT, "a file that was fetched stays; `sync dismiss` says it is not wanted")
            return
        case ActionKind.CREATE_FOLDER:
            yield _left(undone, Why.KEPT, "Eagle has no trash for folders; delete it in Eagle if you want it gone")
            return
        case _:
            pass
    if undone.was_there and undone.is_there:
        yield from _put_back(index, undone)
    elif undone.was_there:
        yield from _restored(index, undone)
    elif undone.is_there:
        yield from _removed(index, undone)
    else:
        yield _left(undone, Why.ALREADY, "it was made and removed again")


def _put_back(index: Catalogue, undone: Undone) -> Iterator[Step]:
    """Write old values back, each where ours still stands."""
    remote = _remote(index, undone.last)
    if remote is None or not remote.standing:
        yield _left(undone, Why.GONE, "it is not there any more")
        return
    changes, left = _old_values(undone, remote.fields)
    if left:
        yield _left(undone, Why.CHANGED, f"{', '.join(left)} changed since; what is there stays")
    changed = tuple(change for change in changes if change.before != change.after)
    if changed:
        yield _action(index, undone, Operation.UPDATE, changed)
    elif not left:
        yield _left(undone, Why.ALREADY, "every field is as it was before")
    fields = tuple(change.field for change in changes)
    if fields or undone.adopted:
        yield from _withholding(index, undone, () if undone.adopted else fields)


def _restored(index: Catalogue, undone: Undone) -> Iterator[Step]:
    """Take out of the trash what was put there, with the values it had before."""
    deed = undone.last
    fields: tuple[str, ...] = (REMOVAL,)
    twin = index.standing_id(deed.target, deed.object_kind, deed.key)
    if _there(index, deed):
        yield _left(undone, Why.ALREADY, "it is out of the trash")
    elif twin is not None and twin != deed.remote_id:
        yield _left(undone, Why.CHANGED, f"another one stands in its place by now ({twin})")
        return
    else:
        changes = tuple(_reversed(change, change.after) for change in undone.changes if change.field not in GUIDANCE)
        fields = (*fields, *(change.field for change in changes))
        yield _action(index, undone, Operation.RESTORE, (*changes, *_guided(deed, trashed_by=deed.action_id)))
    yield from _withholding(index, undone, fields)


def _removed(index: Catalogue, undone: Undone) -> Iterator[Step]:
    """Put into the trash what was made or restored, unless somebody worked on it since."""
    deed = undone.last
    if not _there(index, deed):
        yield _left(undone, Why.ALREADY, "it is not there any more")
    else:
        remote = _remote(index, deed)
        edited = _edited(_row(index, deed), remote, ours=undone.first.operation is Operation.CREATE) if remote else ()
        if edited:
            yield _left(undone, Why.CHANGED, f"somebody edited {', '.join(edited)} since; trash it by hand")
            return
        yield _action(index, undone, Operation.TRASH, _beside(index, deed))
    yield from _withholding(index, undone, ())


def _swapped_back(index: Catalogue, undone: Undone) -> Iterator[Step]:
    """Put files back into the places that better ones took; those go to the trash for it."""
    deed = undone.last
    swaps = [each for each in deed.replaced if _stands(index, each)]
    for each in swaps:
        guidance = _guided(
            deed,
            trashed_by=deed.action_id,
            replaces=(each.by_path,),
            replaced_sha256=(each.by_sha256,),
            origin_ref=each.source_ref,
        )
        yield _action(index, undone, Operation.RESTORE, guidance, remote_id=each.path)
    if len(swaps) < len(deed.replaced):
        yield _left(undone, Why.ALREADY, "other files stand in those places by now")
    if swaps:
        yield from _withholding(index, undone, ())


def _stands(index: Catalogue, replaced: Replaced) -> bool:
    """Whether the file that took a place is still there as it was."""
    rows = index.state.renditions.values()
    return any(row.present and (row.path, row.file_sha256) == (replaced.by_path, replaced.by_sha256) for row in rows)


def _beside(index: Catalogue, deed: Deed) -> tuple[Change, ...]:
    """Name the copy that stays, as it was named when the file that goes was first removed."""
    trashed_by = next((change.after for change in deed.changes if change.field == "trashed_by"), None)
    row = index.state.actions.get(trashed_by) if isinstance(trashed_by, str) else None
    return tuple(change for change in (row.changes if row else ()) if change.field in _KEPT)


def _guided(deed: Deed, **guidance: FieldValue) -> tuple[Change, ...]:
    """Give how a file is to be handled; no other target needs to be told."""
    if deed.target != "library":
        return ()
    owner = str(Owner.ENGINE)
    return tuple(Change(field=name, before=None, after=value, owner=owner) for name, value in guidance.items())


def _old_values(undone: Undone, found: Fields) -> tuple[list[Change], list[str]]:
    """Give the fields to write back, those among them that hold it already, and the names of those to leave."""
    changes: list[Change] = []
    left: list[str] = []
    for change in (*undone.changes, *_unkeyed(undone, found)):
        now = found.get(change.field)
        wrote = _wrote(change, undone.held)
        if _is_set(change):
            changes.append(_reversed_set(change, now))
        elif any(same(now, value) for value in (wrote, change.after, change.before)):
            changes.append(_reversed(change, now))
        else:
            left.append(change.field)
    return changes, left


def _wrote(change: Change, held: Fields) -> FieldValue:
    """Give what stood there after the write: what the answer showed, where ours named an object to be made."""
    return held.get(change.field, None if referred(change.after) else change.after)


def _reversed(change: Change, now: FieldValue) -> Change:
    back = now if same(now, change.before) else change.before
    return Change(field=change.field, before=now, after=back, owner=change.owner)


def _reversed_set(change: Change, now: FieldValue) -> Change:
    """Take out what we put in and put in what we took out; what others put there stays."""
    before, after, found = _members(change.before), _members(change.after), _members(now)
    back = (found - (after - before)) | (before - after)
    result = now if back == found else tuple(sorted(back))
    return Change(field=change.field, before=now, after=result, owner=change.owner)


def _is_set(change: Change) -> bool:
    shared = change.owner in (Owner.SHARED, Owner.STATUS)
    return shared and (isinstance(change.before, tuple) or isinstance(change.after, tuple))


def _members(value: FieldValue) -> frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else frozenset()


def _unkeyed(undone: Undone, found: Fields) -> Iterator[Change]:
    """Give the change that an adoption in Eagle makes without saying so: our line in a person's notes."""
    deed, noted = undone.last, found.get("annotation")
    named = any(change.field == "annotation" for change in undone.changes)
    if (deed.target, deed.object_kind) != ("eagle", "item") or not undone.adopted or named:
        return
    if isinstance(noted, str) and KEY_LINE + deed.key in noted.split("\n"):
        rest = "\n".join(line for line in noted.split("\n") if line != KEY_LINE + deed.key)
        yield Change(field="annotation", before=rest or None, after=noted, owner=str(Owner.ENGINE))


def _edited(row: TargetObject | None, remote: Remote, *, ours: bool) -> tuple[str, ...]:
    """Name the fields in which somebody else's values stand; what only went missing from a set is nobody's value.

    Of an object that we made, everything that we never wrote is somebody else's.
    """
    base = row.base if row is not None and row.remote_id == remote.remote_id else {}
    changed = (name for name, left in base.items() if not _as_left(left, remote.fields.get(name)))
    filled = (name for name, found in remote.fields.items() if ours and name not in base and not same(found, None))
    return tuple(sorted({*changed, *filled}))


def _as_left(left: FieldValue, found: FieldValue) -> bool:
    if isinstance(left, tuple) and isinstance(found, tuple):
        return frozenset(found) <= frozenset(left)
    return same(left, found)


def _there(index: Catalogue, deed: Deed) -> bool:
    """Whether an object stands, as far as we know."""
    if (deed.target, deed.object_kind) == ("library", "audio"):
        return _file_there(index, deed)
    remote = _remote(index, deed)
    return remote is not None and remote.standing


def _file_there(index: Catalogue, deed: Deed) -> bool:
    """Whether a file stands: audio is no remote object, its scans speak of renditions."""
    latest = max(
        (row for row in index.state.actions.values() if _about(deed, row.target, row.object_kind, row.remote_id)),
        key=lambda row: row.last_seq,
        default=None,
    )
    rows = [row for row in index.state.renditions.values() if row.path == deed.remote_id]
    if any(row.last_seq > (latest.last_seq if latest else 0) for row in rows):
        return any(row.present for row in rows)
    return latest is not None and OPERATIONS[ActionKind(latest.kind)] is not Operation.TRASH


def _about(deed: Deed, target: str, object_kind: str, remote_id: str | None) -> bool:
    return (target, object_kind, remote_id) == (deed.target, deed.object_kind, deed.remote_id)


def _remote(index: Catalogue, deed: Deed) -> Remote | None:
    return index.state.remotes.get(remote_key(deed.target, deed.remote_id))


def _row(index: Catalogue, deed: Deed) -> TargetObject | None:
    return index.state.objects.get(object_key(deed.target, deed.object_kind, deed.key))


def _withholding(index: Catalogue, undone: Undone, fields: tuple[str, ...]) -> Iterator[ObjectWithheld]:
    """Keep the next plan from doing it again; an undo that is undone itself says so in events of its own."""
    deed = undone.last
    held = held_back(index, deed.target, deed.object_kind, deed.key)
    known = held is not None and (held == () or (bool(fields) and set(fields) <= set(held)))
    if undone.by_undo or known:
        return
    yield ObjectWithheld(
        object_id=object_key(deed.target, deed.object_kind, deed.key),
        target=deed.target,
        object_kind=deed.object_kind,
        key=deed.key,
        fields=tuple(sorted(fields)),
        reason=_because(undone),
    )


def _action(
    index: Catalogue, undone: Undone, operation: Operation, changes: tuple[Change, ...], remote_id: str | None = None
) -> Action:
    """Build an action; its id is what is taken back and how often the object was written before."""
    deed, row = undone.last, _row(index, undone.last)
    where = remote_id or deed.remote_id
    found = digest({change.field: change.before for change in changes})
    identity = digest(
        [
            "undo",
            [each.action_id for each in undone.deeds],
            operation,
            where,
            [(change.field, change.after) for change in changes],
            found,
            row.generation if row else 0,
        ]
    )
    return Action(
        action_id=identity[:ACTION_ID_LENGTH],
        kind=KINDS[deed.target, deed.object_kind][operation],
        operation=operation,
        target=deed.target,
        object_kind=deed.object_kind,
        key=deed.key,
        remote_id=where,
        changes=changes,
        precondition=found,
        reason=_because(undone),
        risk="removal" if operation is Operation.TRASH else "low",
        causes=tuple(each.seq for each in undone.deeds),
    )


def _because(undone: Undone) -> str:
    return "undoes " + ", ".join(f"{deed.kind} {deed.action_id[:8]}" for deed in undone.deeds)


def _left(undone: Undone, why: Why, detail: str) -> Left:
    deed = undone.last
    return Left(target=deed.target, object_kind=deed.object_kind, key=deed.key, why=why, detail=detail)


_PLACES = {place: number for number, place in enumerate(KINDS)}
_FIRST = (Operation.RESTORE, Operation.UPDATE, Operation.TRASH)


def _order(action: Action) -> tuple[int, int, str, str]:
    """Order actions: what is brought back, parents first; then values; removals last, children first."""
    place = _PLACES[action.target, action.object_kind]
    removes = action.operation is Operation.TRASH
    return (_FIRST.index(action.operation), -place if removes else place, action.key, action.action_id)
