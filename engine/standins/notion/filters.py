"""Query filters and sorts: checked against the schema as strictly as the service does, then evaluated.

`compile_filter` gives a predicate over pages. Text is compared without regard to case. Nothing is written.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from engine.standins.notion.checks import (
    as_bool,
    as_date,
    as_id,
    as_list,
    as_number,
    as_object,
    as_text,
    is_day,
    moment,
)
from engine.standins.notion.errors import MISSING, invalid, should
from engine.standins.notion.render import bare_value, minute
from engine.standins.notion.richtext import plain_text
from engine.standins.notion.schema import CHOICES, Property
from engine.standins.notion.store import Page, Store

Predicate: TypeAlias = Callable[[Page], bool]
Test: TypeAlias = Callable[[Any], bool]

NESTING_MAX = 2  # compound filters go two levels deep
TIMESTAMPS = ("created_time", "last_edited_time")
_TEXT = ("title", "rich_text", "url", "email", "phone_number")
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "does_not_equal": operator.ne,
    "greater_than": operator.gt,
    "less_than": operator.lt,
    "greater_than_or_equal_to": operator.ge,
    "less_than_or_equal_to": operator.le,
}
_DAYS: Mapping[str, tuple[int, int]] = {
    "past_week": (-7, 0),
    "past_month": (-30, 0),
    "past_year": (-365, 0),
    "next_week": (0, 7),
    "next_month": (0, 30),
    "next_year": (0, 365),
}


def column_named(columns: Sequence[Property], key: object) -> Property:
    """Find a column by name, or by id as answers show it or decoded.

    Raises:
        NotionError: there is none.
    """
    for column in columns:
        if column.name == key:
            return column
    for column in columns:
        if key in (column.id, column.wire_id):
            return column
    raise invalid(f"Could not find property with name or id: {key}")


def compile_filter(store: Store, columns: Sequence[Property], given: object, where: str, depth: int = 0) -> Predicate:
    """Check a filter and give the predicate it means.

    Raises:
        NotionError: the filter is malformed, names no column, or does not fit the column's kind.
    """
    asked = as_object(where, given)
    for compound, joined in (("and", all), ("or", any)):
        if compound in asked:
            if depth >= NESTING_MAX or len(asked) > 1:
                raise should(f"{where}.{compound}", "not present", asked[compound])
            parts = [
                compile_filter(store, columns, entry, f"{where}.{compound}[{index}]", depth + 1)
                for index, entry in enumerate(as_list(f"{where}.{compound}", asked[compound]))
            ]
            return lambda page: joined(part(page) for part in parts)
    if "timestamp" in asked:
        return _timestamp(store, asked, where)
    column = column_named(columns, as_text(f"{where}.property", asked.get("property", MISSING)))
    kinds = [key for key in asked if key not in ("property", "type")]
    if kinds != [column.kind]:
        raise invalid(f"database property {column.kind} does not match filter {kinds[0] if kinds else 'undefined'}")
    test = _condition(store, column, column.kind, asked[column.kind], f"{where}.{column.kind}")
    return lambda page: test(bare_value(store, page, column))


def _timestamp(store: Store, asked: Mapping[str, Any], where: str) -> Predicate:
    kind = asked["timestamp"]
    if kind not in TIMESTAMPS:
        raise should(f"{where}.timestamp", '`"created_time"` or `"last_edited_time"`', kind)
    if set(asked) - {"timestamp", "type"} != {kind}:
        raise should(f"{where}.{kind}", "defined", asked.get(kind, MISSING))
    test = _condition(store, None, kind, asked[kind], f"{where}.{kind}")
    return lambda page: test(minute(page.stamp.created_s if kind == "created_time" else page.stamp.edited_s))


def _condition(store: Store, column: Property | None, kind: str, given: object, where: str) -> Test:
    asked = as_object(where, given)
    if len(asked) != 1:
        raise invalid(f"body failed validation: {where} should have exactly one condition, instead has {len(asked)}.")
    name, wanted = next(iter(asked.items()))
    place = f"{where}.{name}"
    if name in ("is_empty", "is_not_empty") and kind != "checkbox":
        if as_bool(place, wanted) is not True:
            raise should(place, "`true`", wanted)
        return (lambda value: not _filled(value)) if name == "is_empty" else _filled
    made = _made(store, column, kind, name, place, wanted)
    if made is None:
        raise should(place, "not present", wanted)
    return made


def _made(store: Store, column: Property | None, kind: str, name: str, place: str, wanted: object) -> Test | None:
    if kind in ("date", *TIMESTAMPS):
        return _date(store, name, place, wanted)
    if column is not None and kind in CHOICES:
        return _choice(column, name, place, wanted)
    maker = _MAKERS.get(kind)
    return maker(name, place, wanted) if maker else None


def _filled(value: Any) -> bool:
    return value is not None and value not in ([], "", False)


def _text(name: str, place: str, wanted: object) -> Test | None:
    tests: Mapping[str, Callable[[str, str], bool]] = {
        "equals": operator.eq,
        "does_not_equal": operator.ne,
        "contains": operator.contains,
        "does_not_contain": lambda text, part: part not in text,
        "starts_with": str.startswith,
        "ends_with": str.endswith,
    }
    if name not in tests:
        return None
    sought = as_text(place, wanted).casefold()
    return lambda value: tests[name](_as_string(value).casefold(), sought)


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else plain_text(value or ())


def _checkbox(name: str, place: str, wanted: object) -> Test | None:
    if name not in ("equals", "does_not_equal"):
        return None
    expected = as_bool(place, wanted) is (name == "equals")
    return lambda value: value is expected


def _number(name: str, place: str, wanted: object) -> Test | None:
    if name not in _ORDER:
        return None
    sought = as_number(place, wanted)

    def test(value: Any) -> bool:
        number = value["number"] if isinstance(value, dict) else value
        return name == "does_not_equal" if number is None else _ORDER[name](number, sought)

    return test


def _choice(column: Property, name: str, place: str, wanted: object) -> Test | None:
    listed = column.kind == "multi_select"
    yes, no = ("contains", "does_not_contain") if listed else ("equals", "does_not_equal")
    if name not in (yes, no):
        return None
    names = [as_text(place, entry) for entry in (wanted if isinstance(wanted, list) else [wanted])]
    for sought in names:
        if column.option("name", sought) is None:
            raise invalid(f'{column.kind} option "{sought}" not found for property "{column.name}".')

    def test(value: Any) -> bool:
        held = [option["name"] for option in (value if listed else [value] if value else [])]
        return any(sought in held for sought in names) is (name == yes)

    return test


def _reference(name: str, place: str, wanted: object) -> Test | None:
    if name not in ("contains", "does_not_contain"):
        return None
    sought = as_id(place, wanted)
    return lambda value: any(entry["id"] == sought for entry in value) is (name == "contains")


_MAKERS: Mapping[str, Callable[[str, str, object], Test | None]] = {
    **dict.fromkeys(_TEXT, _text),
    "number": _number,
    "unique_id": _number,
    "checkbox": _checkbox,
    "relation": _reference,
    "people": _reference,
}


def _date(store: Store, name: str, place: str, wanted: object) -> Test | None:
    now = datetime.fromtimestamp(store.clock(), UTC)
    if name in _DAYS or name == "this_week":
        as_object(place, wanted)
        first, last = _DAYS.get(name, (-now.weekday() - 1, 6 - now.weekday()))
        return _within(now + timedelta(days=first), now + timedelta(days=last))
    tests: Mapping[str, Callable[[datetime, datetime], bool]] = {
        "equals": operator.eq,
        "before": operator.lt,
        "after": operator.gt,
        "on_or_before": operator.le,
        "on_or_after": operator.ge,
    }
    if name not in tests:
        return None
    sought = as_date(place, wanted)

    def test(value: Any) -> bool:
        start = _start(value)
        if start is None:
            return False
        by_day = is_day(sought) or is_day(start)
        return tests[name](_instant(start, by_day=by_day), _instant(sought, by_day=by_day))

    return test


def _within(first: datetime, last: datetime) -> Test:
    def test(value: Any) -> bool:
        start = _start(value)
        return start is not None and first <= moment(start) <= last

    return test


def _start(value: Any) -> str | None:
    start: str | None = value["start"] if isinstance(value, dict) else value
    return start


def _instant(text: str, *, by_day: bool) -> datetime:
    instant = moment(text).astimezone(UTC)
    return instant.replace(hour=0, minute=0, second=0, microsecond=0) if by_day else instant


def compile_sorts(store: Store, columns: Sequence[Property], given: object, where: str) -> Callable[[list[Page]], None]:
    """Check the sorts and give what puts a list of pages in that order; ties stay as they were."""
    keys = [_sort(store, columns, entry, f"{where}[{index}]") for index, entry in enumerate(as_list(where, given))]

    def arrange(pages: list[Page]) -> None:
        for key, descending in reversed(keys):
            filled = sorted((page for page in pages if key(page) is not None), key=key, reverse=descending)
            pages[:] = [*filled, *(page for page in pages if key(page) is None)]

    return arrange


def _sort(store: Store, columns: Sequence[Property], entry: object, where: str) -> tuple[Callable[[Page], Any], bool]:
    asked = as_object(where, entry)
    direction = asked.get("direction", "ascending")
    if direction not in ("ascending", "descending"):
        raise should(f"{where}.direction", '`"ascending"` or `"descending"`', direction)
    if "timestamp" in asked:
        if asked["timestamp"] not in TIMESTAMPS:
            raise should(f"{where}.timestamp", '`"created_time"` or `"last_edited_time"`', asked["timestamp"])
        created = asked["timestamp"] == "created_time"
        return (
            lambda page: minute(page.stamp.created_s if created else page.stamp.edited_s)
        ), direction == "descending"
    column = column_named(columns, as_text(f"{where}.property", asked.get("property", MISSING)))
    return (lambda page: _sort_key(column, bare_value(store, page, column))), direction == "descending"


def _sort_key(column: Property, value: Any) -> Any:
    if value is None or value == []:
        return None
    if column.kind in _TEXT:
        return _as_string(value).casefold()
    if column.kind == "date":
        return moment(value["start"]).astimezone(UTC).isoformat()
    if column.kind in ("select", "status"):
        return [option["id"] for option in column.options].index(value["id"])
    if column.kind == "unique_id":
        return value["number"]
    return str(value) if isinstance(value, list | dict) else value
