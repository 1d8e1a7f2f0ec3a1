"""Arbitrary values of every event and row class, drawn from their fields' types; few ids, so that stories meet."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from enum import Enum
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st

from engine.domain.canonical import canonical
from engine.domain.envelope import Recorded
from engine.domain.events import EVENT_CLASSES, Event
from engine.domain.value import Value
from engine.projections.registry import ALL, Rows

AnyValue = TypeVar("AnyValue", bound=Value)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
IDS = {
    name: st.sampled_from([f"{name}-1", f"{name}-2"])
    for name in (
        "ref", "recording_id", "rendition_id", "action_id", "conflict_id", "run_id", "scope", "remote", "remote_id",
        "target", "object_kind", "key", "question_id", "newer", "older", "into",
    )
}  # fmt: skip
WORDS = {
    **IDS,
    "verdict": st.sampled_from(["absent", "present", "duplicated", "unclear"]),
    "entries": st.lists(st.sampled_from(["a", "b", "c"]), max_size=4).map(tuple),
}


def of_type(kind: Any) -> st.SearchStrategy[Any]:
    """Give a strategy for a field's type."""
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXTS, int: NUMBERS, float: FLOATS, bool: st.booleans(), type(None): st.none(),
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([of_type(each) for each in inner])
    if origin is tuple:
        return st.lists(of_type(inner[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(of_type(inner[0]), of_type(inner[1]), max_size=3)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    return instances(kind)


def _drawn(name: str, kind: Any) -> st.SearchStrategy[Any]:
    return WORDS[name] if name in WORDS else of_type(kind)


def instances(kind: type[AnyValue]) -> st.SearchStrategy[AnyValue]:
    """Give a strategy for a frozen value's class."""
    hints = typing.get_type_hints(kind)
    names = [field.name for field in msgspec.structs.fields(kind)]
    return st.builds(kind, **{name: _drawn(name, hints[name]) for name in names})


def recorded(events: Sequence[Event], after: int = 0) -> list[Recorded]:
    """Give events as a journal would hold them: seqs without gaps, versions by stream, later and later."""
    versions: dict[str, int] = {}
    held = []
    for seq, event in enumerate(events, start=after + 1):
        versions[event.stream] = versions.get(event.stream, 0) + 1
        held.append(Recorded(seq, event.stream, versions[event.stream], 1_000 * seq, "run", event))
    return held


GROUPS = [EVENT_CLASSES, *(tuple(projection.handlers) for projection in ALL)]
"""Events of every kind, and for each projection those that it reads, so that they meet on one row."""

HISTORIES = (
    st.sampled_from(GROUPS)
    .flatmap(lambda group: st.lists(st.one_of([instances(each) for each in group]), max_size=10))
    .map(lambda events: recorded(typing.cast("list[Event]", events)))
)


def through_json(rows: Rows) -> Rows:
    """Give rows as they come back from where they are stored."""
    kinds = {projection.name: projection.row for projection in ALL}
    return {
        name: {key: msgspec.json.decode(canonical(row), type=kinds[name]) for key, row in table.items()}
        for name, table in rows.items()
    }
