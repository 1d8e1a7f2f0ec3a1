"""The root of every frozen value: a keyword-only msgspec struct that refuses unknown fields."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

FieldValue: TypeAlias = str | int | float | bool | tuple[str, ...] | None
"""What one field of a target object can hold; a tuple is a set, kept sorted, unless its field says it is a list."""

Fields: TypeAlias = dict[str, FieldValue]
"""Field name to value, in Cratelog's own words; treated as immutable once built."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=False):
    """A frozen value; two with equal parts are equal and have equal canonical bytes."""
