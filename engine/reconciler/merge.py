"""The merge table: base, wanted and found in, what to write out (design §8, invariants I24, I46, I47)."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from engine.domain.action_events import Change
from engine.domain.plan import Owner
from engine.domain.value import Fields, FieldValue, Value


class Write(Value, frozen=True):
    """Write this value."""

    value: FieldValue


class Keep(Value, frozen=True):
    """Leave the field as it was found."""


class Disagree(Value, frozen=True):
    """A person has to decide."""

    reason: str


class NoBase(Value, frozen=True):
    """We never wrote this field; unlike None, which says that we left it empty."""


Verdict: TypeAlias = Write | Keep | Disagree
Base: TypeAlias = FieldValue | NoBase

NO_BASE = NoBase()
KEEP = Keep()


def same(one: FieldValue, other: FieldValue) -> bool:
    """Say whether two values are one; 128 and 128.0 are, True and 1 are not, "" and None are, 0 and None are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other or (one is None and other is False) or (other is None and one is False)
    return _filled(one) == _filled(other)


def _filled(value: FieldValue) -> FieldValue:
    return None if value in ("", ()) else value


def merge(
    owner: Owner, base: Base, wanted: FieldValue, found: FieldValue, *, vocabulary: frozenset[str] = frozenset()
) -> Verdict:
    """Decide one field of an object that exists.

    Args:
        owner: who decides the field's value.
        base: what our last confirmed write left there.
        wanted: what it should hold.
        found: what it was last observed to hold.
        vocabulary: the tags that are ours, for a status field.
    """
    match owner:
        case Owner.PERSON | Owner.SEED:
            return KEEP
        case Owner.TOLD:
            ours_to_fill = isinstance(base, NoBase) or same(base, None)
            return Write(value=wanted) if ours_to_fill and same(found, None) and not same(wanted, None) else KEEP
        case Owner.ENGINE:
            knows_nothing = isinstance(base, NoBase) and wanted in (None, False, ())
            return KEEP if knows_nothing or same(wanted, found) else Write(value=wanted)
        case Owner.STATUS:
            return _status(wanted, found, vocabulary)
        case Owner.SHARED:
            if isinstance(wanted, tuple) or isinstance(found, tuple) or isinstance(base, tuple):
                return _sets(base, wanted, found)
            return _scalars(base, wanted, found)
        case _:
            assert_never(owner)


def merged_set(base: frozenset[str], wanted: frozenset[str], found: frozenset[str]) -> frozenset[str]:
    """Merge three sets: what was found, plus what we newly want, minus what we no longer want."""
    return (found | (wanted - base)) - (base - wanted)


def to_remember(base: Fields, changes: tuple[Change, ...], held: Fields) -> Fields:
    """Give what a confirmed write left there as ours: the base of the next merge.

    Of a shared set only what we put in is ours, never what stood beside it; else the next merge would take a
    person's elements for ours that are no longer wanted, and remove them.

    Args:
        base: what was ours before the write.
        changes: what was written.
        held: our fields as the answer or a probe showed them.
    """
    sets = [row for row in changes if row.owner == Owner.SHARED and isinstance(row.after, tuple) and row.field in held]
    return {**held, **{row.field: _ours(_members(base.get(row.field)), row) for row in sets}}


def _ours(base: frozenset[str], change: Change) -> tuple[str, ...]:
    before, after = _members(change.before), _members(change.after)
    return tuple(sorted((base | (after - before)) - (before - after)))


def _members(value: Base) -> frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else frozenset()


def _sets(base: Base, wanted: FieldValue, found: FieldValue) -> Verdict:
    result = merged_set(_members(base), _members(wanted), _members(found))
    return KEEP if result == _members(found) else Write(value=tuple(sorted(result)))


def _status(wanted: FieldValue, found: FieldValue, vocabulary: frozenset[str]) -> Verdict:
    theirs = _members(found) - vocabulary
    result = theirs | _members(wanted)
    return KEEP if result == _members(found) else Write(value=tuple(sorted(result)))


def _scalars(base: Base, wanted: FieldValue, found: FieldValue) -> Verdict:
    if same(wanted, found):
        return KEEP
    if isinstance(base, NoBase):
        if same(wanted, None):
            return KEEP  # What we do not know contradicts nobody.
        # Filling what nobody filled takes nothing from anyone.
        return Write(value=wanted) if same(found, None) else Disagree(reason="both filled it before we met")
    if same(found, base):
        return Write(value=wanted)
    if same(wanted, base):
        return KEEP
    return Disagree(reason="both changed it")
