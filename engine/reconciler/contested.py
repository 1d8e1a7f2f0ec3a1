"""Whose a row or an item is that changed hands while two recordings were one, now that they are two again. Pure.

It is the one's that had it first, with all that was left there meanwhile; the other has none until one is made for it.
Without this each would write its own key and values over the other's, run after run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.domain.references import object_key
from engine.projections.rows import ActionState, TargetObject
from engine.projections.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """What several recordings were last written to.

    Attributes:
        lost: keys of the objects whose row or item is another's.
        regained: object key → what was last left there, by whomever.
    """

    lost: frozenset[str] = frozenset()
    regained: Mapping[str, TargetObject] = field(default_factory=dict)


def contested(state: State, into: Mapping[str, str], places: Iterable[tuple[str, str]]) -> Contested:
    """Settle whose each row or item is that several recordings, which are not one, were last written to.

    Args:
        state: what is known.
        into: recording → the one it counts for, where that is another.
        places: the targets and kinds that show a recording by one object each.
    """
    claims: dict[tuple[str, str, str], list[TargetObject]] = defaultdict(list)
    shown = frozenset(places)
    for _, row in sorted(state.objects.items()):
        if row.remote_id and not row.trashed and (row.target, row.kind) in shown:
            claims[row.target, row.kind, row.remote_id].append(row)
    several = {where: rows for where, rows in claims.items() if len({into.get(row.key, row.key) for row in rows}) > 1}
    if not several:
        return Contested()
    lost: set[str] = set()
    regained: dict[str, TargetObject] = {}
    began = _began(state)
    for where, rows in several.items():
        first = min(rows, key=lambda row: (began.get((*where, row.key), row.last_seq), row.key))
        end = into.get(first.key, first.key)
        lost |= {_key(row) for row in rows if into.get(row.key, row.key) != end}
        left = sorted(rows, key=lambda row: row.last_seq)
        regained[_key(first)] = replace(first, base={name: value for row in left for name, value in row.base.items()})
    return Contested(lost=frozenset(lost), regained=regained)


def _began(state: State) -> dict[tuple[str, str, str, str], int]:
    """Give since when each recording was written to each row and item."""
    began: dict[tuple[str, str, str, str], int] = {}
    for action in state.actions.values():
        if action.state is ActionState.DONE and action.remote_id:
            here = (action.target, action.object_kind, action.remote_id, action.key)
            began[here] = min(action.first_seq, began.get(here, action.first_seq))
    return began


def _key(row: TargetObject) -> str:
    return object_key(row.target, row.kind, row.key)
