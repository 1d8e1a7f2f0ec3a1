"""Our fields as Notion property values, and back. Pure.

What cannot be told apart after a round trip (an empty text and none, a comma in an option's name) is settled
here, in `settled`, so that a read-back compares like with like.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, assert_never
from urllib.parse import unquote

from engine.domain.text import COMMA_STAND_IN, OPTION_MAX, cut, shown
from engine.domain.value import Fields, FieldValue
from engine.targets.notion.property_map import Column, Schema, Shape

TEXT_UNITS_MAX = 2000  # of one rich text object, counted in UTF-16 units
ENTRIES_SHOWN_MAX = 25  # rich text objects and relations that a page object shows
DAY_LENGTH = len("2026-01-31")


def properties_of(schema: Schema, fields: Fields) -> dict[str, Any]:
    """Give the `properties` of a create or update request, by raw property id.

    Raises:
        KeyError: the schema has no property for a field, or one that is only read.
    """
    columns = {word: column for word, column in schema.columns.items() if not column.read_only}
    return {
        property_id: value
        for word, content in fields.items()
        for property_id, value in _encode(columns[word], settled(columns[word], content))
    }


def fields_of(schema: Schema, properties: Mapping[str, Any]) -> tuple[Fields, tuple[Column, ...]]:
    """Give a page's fields, and the columns of which the page shows only the beginning.

    Raises:
        KeyError, TypeError, ValueError: the page is not what Notion documents.
    """
    by_id = {_raw_id(entry["id"]): entry for entry in properties.values()}
    fields: Fields = {}
    cut: list[Column] = []
    for word, column in schema.columns.items():
        values = [by_id[property_id] for property_id in column.ids]
        fields[word] = decoded(column, [value[column.type] for value in values])
        if any(_is_cut(value) for value in values):
            cut.append(column)
    return fields, tuple(cut)


def decoded(column: Column, contents: Sequence[Any]) -> FieldValue:
    """Give a field from the contents of its properties, one per part."""
    return settled(column, _decode(column, contents))


def settled(column: Column, value: FieldValue) -> FieldValue:
    """Give a value as it looks once the column has held it."""
    match column.shape:
        case Shape.TEXT:
            return _held_text(column, str(value)) if value is not None else None
        case Shape.NUMBER:
            return _as_number(value)
        case Shape.FLAG:
            return bool(value)
        case Shape.DATE:
            return _as_moment(str(value)) if value else None
        case Shape.TAGS | Shape.PAGES:
            return tuple(sorted({_held_part(column, part) for part in _members(value)} - {""}))
        case _:
            assert_never(column.shape)


def agrees(wanted: FieldValue, shown: FieldValue) -> bool:
    """Say whether a read-back shows what was written; numbers pass through JavaScript's doubles."""
    if isinstance(wanted, int | float) and isinstance(shown, int | float):
        return math.isclose(wanted, shown, rel_tol=1e-12, abs_tol=1e-12)
    return wanted == shown


def chunks(text: str) -> Iterator[str]:
    """Cut a text into pieces that Notion takes; a surrogate pair is never torn."""
    while text:
        piece = cut(text, TEXT_UNITS_MAX)
        yield piece
        text = text[len(piece) :]


def rich_text(text: str) -> list[dict[str, Any]]:
    """Give a text as rich text objects."""
    return [{"type": "text", "text": {"content": piece}} for piece in chunks(text)]


def _encode(column: Column, value: FieldValue) -> Iterator[tuple[str, Any]]:
    first = column.ids[0]
    match column.type:
        case "title" | "rich_text":
            yield from _spread(column, _as_text(value))
        case "select":
            yield first, {"select": None if value is None else {"name": _option(str(value))}}
        case "multi_select":
            yield first, {"multi_select": [{"name": _option(tag)} for tag in _members(value)]}
        case "relation":
            yield first, {"relation": [{"id": page_id} for page_id in _members(value)]}
        case "date":
            yield first, {"date": None if value is None else {"start": value}}
        case _:  # number, url and checkbox take the bare value
            yield first, {column.type: value}


def _spread(column: Column, text: str) -> Iterator[tuple[str, Any]]:
    # Each part property takes one piece; the last takes whatever is left, so that nothing is ever cut off.
    pieces = list(chunks(text)) if len(column.ids) > 1 else [text]
    for place, property_id in enumerate(column.ids):
        last = place == len(column.ids) - 1
        piece = "".join(pieces[place:] if last else pieces[place : place + 1])
        yield property_id, {column.type: rich_text(piece)}


def _decode(column: Column, contents: Sequence[Any]) -> FieldValue:
    content = contents[0]
    match column.type:
        case "title" | "rich_text":
            return "".join(piece["plain_text"] for part in contents for piece in part)
        case "select" | "status":
            return None if content is None else _named(content)
        case "multi_select":
            return tuple(_named(option) for option in content)
        case "relation":
            return tuple(str(entry["id"]) for entry in content)
        case "date":
            return None if content is None else str(content["start"])
        case _:
            return _scalar(content)


@lru_cache(maxsize=4096)
def _raw_id(shown: str) -> str:
    # Every row of a scan repeats the same few dozen ids.
    return unquote(shown)


def _scalar(content: Any) -> FieldValue:
    if content is None or isinstance(content, str | int | float):
        return content
    raise TypeError(f"a number, url or checkbox came as {type(content).__name__}")


def _is_cut(value: Mapping[str, Any]) -> bool:
    content = value[value["type"]]
    match value["type"]:
        case "relation":
            return bool(value.get("has_more", len(content) >= ENTRIES_SHOWN_MAX))
        case "title" | "rich_text":
            return len(content) >= ENTRIES_SHOWN_MAX
        case _:
            return False


def _option(name: str) -> str:
    return name.replace(",", COMMA_STAND_IN)


def _named(option: Mapping[str, Any]) -> str:
    return str(option["name"]).replace(COMMA_STAND_IN, ",")


def _members(value: FieldValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _as_text(value: FieldValue) -> str:
    return "" if value is None else str(value)


def _as_number(value: FieldValue) -> int | float | None:
    if isinstance(value, str):
        value = _parsed(value)
    if value is None or isinstance(value, tuple):
        return None
    double = float(value)
    if not math.isfinite(double):
        return None
    return int(double) if double.is_integer() else double


def _parsed(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _as_moment(text: str) -> str:
    """Give a day as it is, and a moment in UTC, to the millisecond, as `2026-01-31T12:00:00Z`."""
    if len(text) <= DAY_LENGTH:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    aware = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")


def _held_text(column: Column, text: str) -> str | None:
    return (_held_option(text) if column.type == "select" else shown(text)) or None


def _held_part(column: Column, text: str) -> str:
    return _held_option(text) if column.shape is Shape.TAGS else shown(text)


def _held_option(text: str) -> str:
    """Give an option's name as it reads back; no longer than Notion takes one."""
    name = cut(shown(text).replace(COMMA_STAND_IN, ","), OPTION_MAX)
    return name if name.strip() else ""
