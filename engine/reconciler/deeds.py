"""What was done, gathered by object: as if one action had done all of it. Decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.domain.action_events import Change
from engine.domain.plan import KINDS, ActionKind, Operation
from engine.domain.value import Fields, Value

OPERATIONS: dict[ActionKind, Operation] = {
    kind: operation for kinds in KINDS.values() for operation, kind in kinds.items()
}
"""What each kind of action does; a playlist file that was adopted counts as updated."""


class Replaced(Value, frozen=True):
    """A file that took another one's place: where each lies or lay, and what it was made from."""

    path: str
    source_ref: str
    by_path: str
    by_sha256: str


class Deed(Value, frozen=True):
    """One confirmed action.

    Attributes:
        replaced: the files it put into the place of others, which went to the trash.
        held: our fields as the answer or the probe showed them.
        seq: of its confirmation.
        by_undo: whether an undo did it, which then released or withheld the object by events of its own.
    """

    action_id: str
    kind: ActionKind
    target: str
    object_kind: str
    key: str
    remote_id: str
    changes: tuple[Change, ...]
    held: Fields
    seq: int
    by_undo: bool = False
    replaced: tuple[Replaced, ...] = ()

    @property
    def operation(self) -> Operation:
        """What it did to its object."""
        return OPERATIONS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """All that is to be taken back of one object: as if one action had done it."""

    deeds: tuple[Deed, ...]  # oldest first
    changes: tuple[Change, ...]  # from before the first to after the last
    held: Fields

    @property
    def first(self) -> Deed:
        """Give what was done first."""
        return self.deeds[0]

    @property
    def last(self) -> Deed:
        """Give what was done last."""
        return self.deeds[-1]

    @property
    def was_there(self) -> bool:
        """Whether the object stood before."""
        return self.first.operation not in (Operation.CREATE, Operation.RESTORE)

    @property
    def is_there(self) -> bool:
        """Whether it was left standing."""
        return self.last.operation is not Operation.TRASH

    @property
    def by_undo(self) -> bool:
        """Whether an undo did it."""
        return any(deed.by_undo for deed in self.deeds)

    @property
    def adopted(self) -> bool:
        """Whether it was somebody else's before."""
        return any(deed.operation is Operation.ADOPT for deed in self.deeds)


def objects(deeds: Sequence[Deed]) -> Iterator[Undone]:
    """Gather what was done by object, what was done last first."""
    grouped: defaultdict[tuple[str, str, str, str], list[Deed]] = defaultdict(list)
    for deed in sorted(deeds, key=lambda deed: deed.seq):
        grouped[deed.target, deed.object_kind, deed.key, deed.remote_id].append(deed)
    for group in sorted(grouped.values(), key=lambda group: -group[-1].seq):
        yield Undone(deeds=tuple(group), changes=_together(group), held=_all_held(group))


def _together(deeds: Sequence[Deed]) -> tuple[Change, ...]:
    merged: dict[str, Change] = {}
    for change in (change for deed in deeds for change in deed.changes):
        before = merged[change.field].before if change.field in merged else change.before
        merged[change.field] = Change(field=change.field, before=before, after=change.after, owner=change.owner)
    return tuple(change for _, change in sorted(merged.items()))


def _all_held(deeds: Sequence[Deed]) -> Fields:
    return {name: value for deed in deeds for name, value in deed.held.items()}
