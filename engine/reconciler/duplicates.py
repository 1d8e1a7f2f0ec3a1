"""Removals of what merges made needless: rows and items beside the one that stays, files beside better ones.

Into the trash, guarded, last, and never over what only the other one holds: that is a conflict, whatever else agrees
(F1, F10, F21, I45, I48). Something nobody keyed goes only by a person's own word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.domain.action_events import Change
from engine.domain.matching_events import Answer
from engine.domain.plan import Action, Operation, Owner, Waiting
from engine.domain.references import object_key, remote_key
from engine.domain.value import FieldValue
from engine.projections.rows import Remote, TargetObject
from engine.reconciler.catalogue import ROWS_AND_ITEMS, Catalogue, Piece
from engine.reconciler.diff import Ambiguous, Bound, Step, build_action, compare, conflict_of, decided, locate
from engine.reconciler.inheritance import unkeyed_remote, without_key
from engine.reconciler.keepers import Surplus
from engine.reconciler.merge import Keep, same
from engine.reconciler.policy import Policy
from engine.reconciler.status_tags import VOCABULARY
from engine.reconciler.wanted import WantedObject
from engine.reconciler.wanted_eagle import ITEM_OWNERS
from engine.reconciler.wanted_notion import TRACK_OWNERS

_OWNERS = {"eagle": ITEM_OWNERS, "notion": TRACK_OWNERS}
_NAMES = frozenset({"title", "artist", "name"})
"""Spelled otherwise wherever a person wrote them down; who said that two are one has read both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spare:
    """A row or an item beside the one that stays."""

    piece: Piece
    key: str
    remote: Remote
    kept: Remote
    written: TargetObject | None
    reason: str
    may_differ: frozenset[str] = frozenset()


def duplicates(
    index: Catalogue, policy: Policy, saw: Callable[[str, str], bool], busy: Callable[[str], bool]
) -> Iterator[Step]:
    """Give what merges and a person's answers made needless.

    Args:
        index: the state, indexed.
        policy: how things are done.
        saw: says whether the last scan of a target and kind was whole.
        busy: says whether this plan does something to the object of a key.
    """
    for recording_id in sorted(index.absorbed.keys() | index.unkeyed.keys()):
        piece = index.pieces.get(recording_id)
        if piece is None:
            continue
        for target, kind in ROWS_AND_ITEMS:
            if target in policy.targets:
                yield from _spare_objects(index, policy, piece, (target, kind), saw)
        if "library" in policy.targets and piece.surplus:
            yield from _spare_files(index, piece, saw, busy)


def _spare_objects(
    index: Catalogue, policy: Policy, piece: Piece, place: tuple[str, str], saw: Callable[[str, str], bool]
) -> Iterator[Step]:
    target, kind = place
    kept_id = index.standing_id(target, kind, piece.recording.recording_id)
    if kept_id is None:
        return
    kept = index.state.remotes[remote_key(target, kept_id)]
    spares = [*_absorbed(index, piece, kept), *_told_the_same(index, piece, kept)]
    if not spares or not saw(target, kind):
        return
    for spare in spares:
        if isinstance(spare, _Spare):
            yield from _removal(index, policy, spare)
        else:
            yield spare


def _absorbed(index: Catalogue, piece: Piece, kept: Remote) -> Iterator[_Spare | Step]:
    """Give what those that count for a recording have beside it; where several claim one key, what there is to ask."""
    for key in index.absorbed.get(piece.recording.recording_id, ()):
        bare = _bare(kept.target, kept.kind, key, piece)
        standing = locate(index, bare, {})
        if isinstance(standing, Ambiguous) or (isinstance(standing, Bound) and standing.doubles):
            yield from compare(index, bare, standing, None)
        elif isinstance(standing, Bound) and standing.remote.remote_id != kept.remote_id:
            row = index.state.objects.get(object_key(kept.target, kept.kind, key))
            written = row if row and row.remote_id == standing.remote.remote_id else None
            reason = f"it is the same recording as {_label(piece)}, which {kept.remote_id} shows"
            yield _Spare(piece=piece, key=key, remote=standing.remote, kept=kept, written=written, reason=reason)


def _told_the_same(index: Catalogue, piece: Piece, kept: Remote) -> Iterator[_Spare]:
    for row in index.unkeyed.get(piece.recording.recording_id, ()):
        remote = unkeyed_remote(index, row, kept.target, kept.kind)
        if remote is not None and row.answer in (Answer.SAME, Answer.INSTEAD):
            reason = f"it is {_label(piece)}, which {kept.remote_id} shows"
            yield _Spare(
                piece=piece,
                key=remote.remote_id,
                remote=remote,
                kept=kept,
                written=None,
                reason=reason,
                may_differ=_NAMES,
            )


def _removal(index: Catalogue, policy: Policy, spare: _Spare) -> Iterator[Step]:
    wanted = _bare(spare.remote.target, spare.remote.kind, spare.key, spare.piece)
    found = ("(restored)",) if spare.written and spare.written.trashed else _only_there(policy, spare)
    if found:
        why = f"{spare.reason}, but " + _told(found)
        conflict = conflict_of(wanted, "(object)", spare.remote.remote_id, None, found, why)
        verdict = decided(index, conflict)
        if verdict is None:
            yield conflict
        if verdict is None or isinstance(verdict, Keep):
            return
    yield build_action(index, wanted, Operation.TRASH, spare.remote, (), spare.reason)


def _told(found: tuple[str, ...]) -> str:
    if found == ("(restored)",):
        return "somebody took it out of the trash again"
    return f"only it holds what somebody put into {', '.join(found)}"


def _only_there(policy: Policy, spare: _Spare) -> tuple[str, ...]:
    """Name the fields that hold what we did not put there and what the one that stays does not show.

    What we never wrote is ours to let go where a field is the engine's; a value that somebody took away is lost with
    nothing.
    """
    remote = spare.remote
    owners = {**_OWNERS[remote.target], **policy.owners.get(f"{remote.target}/{remote.kind}", {})}
    base = spare.written.base if spare.written else {}
    return tuple(
        name
        for name, found in sorted(remote.fields.items())
        if name not in spare.may_differ
        and (name in base or owners.get(name, Owner.ENGINE) is not Owner.ENGINE)
        and _holds_more(owners.get(name), _words(name, found), _words(name, base.get(name)), spare, name)
    )


def _holds_more(owner: Owner | None, found: FieldValue, left: FieldValue, spare: _Spare, name: str) -> bool:
    kept = _words(name, spare.kept.fields.get(name))
    if isinstance(found, tuple):
        ours = VOCABULARY if owner is Owner.STATUS else frozenset()
        return bool(frozenset(found) - _members(left) - _members(kept) - ours)
    return not (same(found, None) or same(found, left) or same(found, kept))


def _members(value: FieldValue) -> frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else frozenset()


def _words(name: str, value: FieldValue) -> FieldValue:
    return without_key(value) if name == "annotation" else value


def _spare_files(
    index: Catalogue, piece: Piece, saw: Callable[[str, str], bool], busy: Callable[[str], bool]
) -> Iterator[Step]:
    """Give the removals of files that better ones make needless, once nothing is in the way of their leaving."""
    if not (saw("library", "audio") and saw("library", "playlist")):
        return
    for spare in piece.surplus:
        first = _before_it_goes(index, piece, spare, busy)
        if first is None:
            yield _file_removal(index, piece, spare)
        else:
            key = spare.rendition.recording_id
            detail = f"{spare.rendition.path} goes after {first}"
            yield Waiting(target="library", object_kind="audio", key=key, why="follows", detail=detail)


def _before_it_goes(index: Catalogue, piece: Piece, spare: Surplus, busy: Callable[[str], bool]) -> str | None:
    """Give what has to be done before a file may go: what is being fetched, a playlist file that would miss it."""
    members = (piece.recording.recording_id, *index.absorbed.get(piece.recording.recording_id, ()))
    fetched = next((key for each in members if busy(key := object_key("library", "audio", each))), None)
    if fetched:
        return fetched
    for ref in piece.playlists:
        remote = index.own_remote("library", "playlist", ref)
        entries = remote.fields.get("entries") if remote else None
        key = object_key("library", "playlist", ref)
        if isinstance(entries, tuple) and spare.rendition.path in entries and not busy(key):
            return key
    return None


def _file_removal(index: Catalogue, piece: Piece, spare: Surplus) -> Action:
    row, kept = spare.rendition, spare.kept
    changes = (
        Change(field="kept_path", before=None, after=kept.path, owner=str(Owner.ENGINE)),
        Change(field="kept_sha256", before=None, after=kept.file_sha256, owner=str(Owner.ENGINE)),
    )
    lies = Remote(
        target="library", kind="audio", remote_id=row.path, key=row.recording_id, fields={}, live=True, revision=None,
        last_seq=row.last_seq,
    )  # fmt: skip
    wanted = _bare("library", "audio", row.recording_id, piece)
    reason = f"it is the same recording as {kept.path}, which is kept: {spare.why}"
    return build_action(index, wanted, Operation.TRASH, lies, changes, reason)


def _bare(target: str, kind: str, key: str, piece: Piece) -> WantedObject:
    return WantedObject(
        target=target,
        kind=kind,
        key=key,
        label=piece.title,
        fields={},
        owners={},
        causes=(piece.sighting.last_seq,),
    )


def _label(piece: Piece) -> str:
    return piece.label
