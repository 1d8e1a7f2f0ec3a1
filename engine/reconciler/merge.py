"""The merge table: base, wanted and found in, what to write out (design §8, invariants I24, I46, I47)."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from engine.domain.plan import Owner
from engine.domain.value import FieldValue, Value


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
    """Say whether two values are one; 128 and 128.0 are, True and 1 are not, "" and None are."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other or (one is None and other is False) or (other is None and one is False)
    return (one or None) == (other or None) if not isinstance(one, int | float) else one == other


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
        case Owner.ENGINE:
            return KEEP if same(wanted, found) else Write(value=wanted)
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
        # Filling what nobody filled takes nothing from anyone.
        return Write(value=wanted) if same(found, None) else Disagree(reason="both filled it before we met")
    if same(found, base):
        return Write(value=wanted)
    if same(wanted, base):
        return KEEP
    return Disagree(reason="both changed it")
