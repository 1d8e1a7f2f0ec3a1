"""Deeds to be undone, and what is found of their objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from engine.domain.action_events import Change
from engine.domain.events import ObjectWithheld
from engine.domain.plan import KINDS, ActionKind, Operation
from engine.domain.references import object_key, remote_key
from engine.domain.value import Fields, FieldValue
from engine.projections.rows import ActionRow, ActionState, Remote, Scope, TargetObject
from engine.projections.state import State
from engine.reconciler.catalogue import catalogue
from engine.reconciler.deeds import Deed
from engine.reconciler.undoing import Undoing, Why, compensation
from tests.reconciler.pure_world import POLICY

PLACES = {kind: place for place, kinds in KINDS.items() for kind in kinds.values()}
KEY, REMOTE = "rkey", "remote"
UNDONE_BY = {
    Operation.CREATE: Operation.TRASH,
    Operation.RESTORE: Operation.TRASH,
    Operation.TRASH: Operation.RESTORE,
    Operation.ADOPT: Operation.UPDATE,
    Operation.UPDATE: Operation.UPDATE,
}
STAY = {ActionKind.FETCH_RECORDING, ActionKind.CREATE_FOLDER}


def change(before: FieldValue, after: FieldValue, name: str = "title", owner: str = "engine") -> Change:
    """Give one field's change."""
    return Change(field=name, before=before, after=after, owner=owner)


def deed(kind: ActionKind, *changes: Change, seq: int = 10, remote_id: str = REMOTE, **more: Any) -> Deed:
    """Give a confirmed action; what it wrote is what the answer showed."""
    target, object_kind = PLACES[kind]
    told: dict[str, Any] = {
        "action_id": f"{kind}-{seq}",
        "kind": kind,
        "target": target,
        "object_kind": object_kind,
        "key": KEY,
        "remote_id": remote_id,
        "changes": changes,
        "held": {each.field: each.after for each in changes},
        "seq": seq,
    }
    return Deed(**{**told, **more})


@dataclass(slots=True, kw_only=True)
class Found:
    """What is there when something is undone."""

    fields: Fields = field(default_factory=dict)
    standing: bool = True
    base: Fields | None = None
    withheld: tuple[str, ...] | None = None
    withheld_seq: int = 11
    more: dict[str, Any] = field(default_factory=dict)

    def undo(self, *deeds: Deed, targets: tuple[str, ...] = POLICY.targets) -> Undoing:
        """Take actions back."""
        last = max(deeds, key=lambda each: each.seq)
        place = (last.target, last.object_kind)
        written = TargetObject(
            target=last.target, kind=last.object_kind, key=KEY, remote_id=last.remote_id, generation=1,
            base=self.fields if self.base is None else self.base, trashed=not self.standing,
            withheld=self.withheld, withheld_seq=self.withheld_seq if self.withheld is not None else 0,
        )  # fmt: skip
        state = State(
            scopes={f"{place[0]}:{place[1]}": Scope(scope="", complete=True)},
            objects={object_key(*place, KEY): written},
            actions={each.action_id: row_of(each) for each in deeds},
        )
        if place != ("library", "audio"):
            state.remotes[remote_key(place[0], last.remote_id)] = Remote(
                target=place[0], kind=place[1], remote_id=last.remote_id, key=KEY, fields=self.fields,
                live=self.standing, revision=None,
            )  # fmt: skip
        for name, rows in self.more.items():
            getattr(state, name).update(rows)
        return compensation(catalogue(state), deeds, targets)


def row_of(each: Deed) -> ActionRow:
    """Give an action's row."""
    return ActionRow(
        action_id=each.action_id, kind=each.kind, target=each.target, object_kind=each.object_kind, key=each.key,
        remote_id=each.remote_id, changes=each.changes, state=ActionState.DONE, last_seq=each.seq,
    )  # fmt: skip


def withheld(undoing: Undoing) -> list[tuple[str, ...]]:
    """Give the fields that are held back from now on."""
    assert all(isinstance(event, ObjectWithheld) for event in undoing.decisions)
    return [event.fields for event in undoing.decisions if isinstance(event, ObjectWithheld)]


def whys(undoing: Undoing) -> list[Why]:
    """Give why things are left."""
    return [left.why for left in undoing.left]


SETS = st.frozensets(st.sampled_from("abcdef"))
