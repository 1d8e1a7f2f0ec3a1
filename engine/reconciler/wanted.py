"""What a target object should hold, as a value; the builders for each target stand beside this file."""

from __future__ import annotations

from engine.domain.plan import Owner
from engine.domain.value import Fields, FieldValue, Value


class WantedObject(Value, frozen=True):
    """One object a target should hold.

    Attributes:
        fields: what it should hold, in our words.
        owners: who decides each field, once the object exists.
        only_at_birth: fields that are sent with a create and never compared after.
        meet: (field, value) pairs by which an unkeyed object is recognised as this one, strongest first.
        follows: object keys whose own actions, while in the same plan, come first.
        renewal: changes when what is wanted deserves a fresh try, whatever became of the last one.
        causes: seqs of the events that make it wanted.
        vocabulary: the tags that are ours, for a status field.
    """

    target: str
    kind: str
    key: str
    label: str
    fields: Fields
    owners: dict[str, Owner]
    only_at_birth: tuple[str, ...] = ()
    meet: tuple[tuple[str, FieldValue], ...] = ()
    follows: tuple[str, ...] = ()
    renewal: int = 0
    causes: tuple[int, ...] = ()
    vocabulary: tuple[str, ...] = ()
