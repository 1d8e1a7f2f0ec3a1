"""Removals: rows and items of recordings that left every playlist, never their files (design §9, I42–I45, I48)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.domain.plan import Action, ConflictFound, Operation
from engine.domain.references import object_key, remote_key
from engine.domain.value import FieldValue
from engine.projections.rows import Remote, TargetObject
from engine.reconciler.catalogue import ROWS_AND_ITEMS, Catalogue, Piece
from engine.reconciler.diff import build_action, conflict_of, decided
from engine.reconciler.inheritance import written_of
from engine.reconciler.merge import Keep, same
from engine.reconciler.policy import Policy
from engine.reconciler.schedule import SECOND_US
from engine.reconciler.wanted import WantedObject

_REASON = "it left every playlist"


def kept(index: Catalogue, policy: Policy, piece: Piece) -> bool:
    """Say whether a recording stays shown in Notion and Eagle."""
    return policy.keep_departed or not _departed(index, policy, piece)


def removals(index: Catalogue, policy: Policy, saw: Callable[[str, str], bool]) -> Iterator[Action | ConflictFound]:
    """Give the removals there are; what a person edited since we wrote it is a conflict instead.

    Args:
        index: the state, indexed.
        policy: how things are done.
        saw: says whether the last scan of a target and kind was whole.
    """
    for recording_id, piece in sorted(index.pieces.items()):
        if kept(index, policy, piece):
            continue
        for target, kind in ROWS_AND_ITEMS:
            remote_id = index.standing_id(target, kind, recording_id) if target in policy.targets else None
            holder = index.heirs.get(object_key(target, kind, recording_id), recording_id)
            row = written_of(index, target, kind, holder)
            if remote_id is None or row is None or not saw(target, kind):
                continue
            yield from _removal(index, piece, row, index.state.remotes[remote_key(target, remote_id)])


def _departed(index: Catalogue, policy: Policy, piece: Piece) -> bool:
    """Whether it left every playlist, and complete scans long after agree."""
    if piece.departed_us is None or piece.playlists:
        return False
    settled_us = piece.departed_us + int(policy.departed_after_s * SECOND_US)
    refs = {sighting.ref for sighting in piece.sightings}
    watched = [row for row in index.playlists if refs & row.departed.keys()]
    scopes = (index.state.scopes.get(row.ref) for row in watched)
    return all(scope is not None and scope.complete and (scope.complete_us or 0) >= settled_us for scope in scopes)


def _removal(index: Catalogue, piece: Piece, row: TargetObject, remote: Remote) -> Iterator[Action | ConflictFound]:
    wanted = WantedObject(
        target=row.target,
        kind=row.kind,
        key=row.key,
        label=piece.title,
        fields={},
        owners={},
        causes=(row.last_seq,),
    )
    edited = _edited(row, remote)
    if edited:
        reason = f"{_REASON}, but somebody edited {', '.join(edited)} since"
        conflict = conflict_of(wanted, "(object)", row.remote_id, None, edited, reason)
        verdict = decided(index, conflict)
        if verdict is None:
            yield conflict
        if verdict is None or isinstance(verdict, Keep):
            return
    yield build_action(index, wanted, Operation.TRASH, remote, (), _REASON)


def _edited(row: TargetObject, remote: Remote) -> tuple[str, ...]:
    """Name the fields that no longer hold what we left there."""
    return tuple(name for name, value in sorted(row.base.items()) if not _as_left(value, remote.fields.get(name)))


def _as_left(left: FieldValue, found: FieldValue) -> bool:
    if isinstance(left, tuple) and isinstance(found, tuple):
        return frozenset(left) == frozenset(found)
    return same(left, found)
