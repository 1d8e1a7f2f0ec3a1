"""Which part of the plan for everything a request keeps; a part is never more than the whole (I25)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.plan import Action, ConflictFound, Waiting
from engine.domain.references import object_key, referred
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.policy import PlanScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What recordings come to: their own keys, their playlist files, and the things they were found to be."""

    keys: frozenset[str]
    playlists: frozenset[str]
    things: frozenset[str]

    def holds(self, target: str, kind: str, key: str, remote_id: str | None = None) -> bool:
        """Say whether an object is one of theirs."""
        if key in self.keys or ((target, kind) == ("library", "playlist") and key in self.playlists):
            return True
        return object_key(target, kind, remote_id or key) in self.things


def concern(index: Catalogue, scope: PlanScope) -> Concern | None:
    """Give what a scope's recordings come to; nothing when it names none, and so keeps all."""
    if not scope.recordings:
        return None
    ends = dict.fromkeys(index.canonical(recording_id) for recording_id in scope.recordings)
    absorbed = (key for end in ends for key in index.absorbed.get(end, ()))
    pieces = [index.pieces[end] for end in ends if end in index.pieces]
    return Concern(
        keys=frozenset((*scope.recordings, *ends, *absorbed)),
        playlists=frozenset(ref for piece in pieces for ref in piece.playlists),
        things=frozenset(row.newer for end in ends for row in index.unkeyed.get(end, ())),
    )


def kept_actions(index: Catalogue, actions: tuple[Action, ...], scope: PlanScope) -> tuple[Action, ...]:
    """Give the actions a scope keeps, with those that they refer to, in the order in which they were."""
    named = concern(index, scope)
    kept = _with_parents(tuple(action for action in actions if _in_scope(index, action, scope, named)), actions)
    return kept if scope.limit is None else kept[: scope.limit]


def kept_waits(index: Catalogue, waiting: tuple[Waiting, ...], scope: PlanScope) -> tuple[Waiting, ...]:
    """Give what waits of a scope's recordings; everything when it names none."""
    named = concern(index, scope)
    if named is None:
        return waiting
    return tuple(wait for wait in waiting if wait.key == "*" or named.holds(wait.target, wait.object_kind, wait.key))


def kept_conflicts(
    index: Catalogue, conflicts: tuple[ConflictFound, ...], scope: PlanScope
) -> tuple[ConflictFound, ...]:
    """Give what is in conflict of a scope's recordings; everything when it names none."""
    named = concern(index, scope)
    if named is None:
        return conflicts
    return tuple(row for row in conflicts if named.holds(row.target, row.object_kind, row.key))


def _in_scope(index: Catalogue, action: Action, scope: PlanScope, named: Concern | None) -> bool:
    if scope.only and not {action.target, action.kind, action.operation} & set(scope.only):
        return False
    if named and not named.holds(action.target, action.object_kind, action.key, action.remote_id):
        return False
    if not scope.playlists or action.key in scope.playlists:
        return True
    piece = index.pieces.get(index.canonical(action.key))
    return piece is not None and bool(set(piece.playlists) & set(scope.playlists))


def _with_parents(kept: tuple[Action, ...], chosen: tuple[Action, ...]) -> tuple[Action, ...]:
    """Keep also what the kept actions refer to: a child is nothing without its parent."""
    parents = {key for action in kept for value in action.written.values() if (key := referred(value))}
    ids = {action.action_id for action in kept}
    return tuple(
        action
        for action in chosen
        if action.action_id in ids or object_key(action.target, action.object_kind, action.key) in parents
    )
