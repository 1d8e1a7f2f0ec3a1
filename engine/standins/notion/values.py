"""Property values on their way in: each kind's request form is checked and turned into its stored form.

Stored forms: rich text pieces (tuples), numbers, strings, booleans, dates as three keys, references to options
(`{"id"}` or `{"name"}` until the store has chosen), related page ids (tuples). Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from engine.standins.notion.checks import (
    URL_UNITS_MAX,
    as_bool,
    as_date,
    as_id,
    as_list,
    as_number,
    as_object,
    as_text,
    as_zone,
    is_day,
    moment,
    only_keys,
)
from engine.standins.notion.errors import MISSING, NotionError, invalid, should
from engine.standins.notion.richtext import read_rich_text
from engine.standins.notion.schema import READ_ONLY, Property, option_name

CONTACT_UNITS_MAX = 200


def read_value(where: str, value: object, column: Property) -> Any:
    """Give the stored form of one property value of a request.

    Raises:
        NotionError: the value does not fit the column, or breaks a limit.
    """
    if isinstance(value, list) and column.kind in ("title", "rich_text", "relation", "multi_select", "people", "files"):
        value = {column.kind: value}
    given = as_object(where, value)
    if column.kind in READ_ONLY:
        raise invalid(f"{column.name} is a read-only property of type {column.kind} and cannot be updated.")
    if column.kind not in given or given.get("type", column.kind) != column.kind:
        raise invalid(f"{column.name} is expected to be {column.kind}.")
    only_keys(where, value, (column.kind, "type", "id", "name"))
    return _READERS[column.kind](f"{where}.{column.kind}", given[column.kind], column)


def _rich(where: str, value: object, _: Property) -> Any:
    return read_rich_text(where, value)


def _number(where: str, value: object, _: Property) -> Any:
    if value is None:
        return None
    try:
        return as_number(where, value)
    except NotionError:
        raise should(where, "a number or `null`", value) from None


def _checkbox(where: str, value: object, _: Property) -> bool:
    return as_bool(where, value)


def _url(where: str, value: object, _: Property) -> Any:
    if value is None:
        return None
    text = as_text(where, value, limit=URL_UNITS_MAX)
    if not text:
        raise should(where, "a non-empty string or `null`", value)
    return text


def _contact(where: str, value: object, _: Property) -> Any:
    if value is None:
        return None
    text = as_text(where, value, limit=CONTACT_UNITS_MAX)
    if not text:
        raise should(where, "a non-empty string or `null`", value)
    return text


def _choice(where: str, value: object, column: Property) -> Any:
    return None if value is None else _option(where, value, column)


def _option(where: str, value: object, column: Property) -> Mapping[str, str]:
    given = only_keys(where, value, ("id", "name", "color", "description"))
    if "id" in given:
        if column.option("id", as_text(f"{where}.id", given["id"])) is None:
            raise invalid(f"{column.name}: option with id {given['id']} does not exist.")
        return {"id": given["id"]}
    name = option_name(f"{where}.name", given.get("name", MISSING), column.kind)
    if column.kind == "status" and column.option("name", name) is None:
        raise invalid(f'Invalid status option. Status option "{name}" does not exist".')
    return {"name": name}


def _choices(where: str, value: object, column: Property) -> Any:
    return tuple(_option(f"{where}[{index}]", entry, column) for index, entry in enumerate(as_list(where, value)))


def _date(where: str, value: object, _: Property) -> Any:
    if value is None:
        return None
    given = only_keys(where, value, ("start", "end", "time_zone"))
    start = as_date(f"{where}.start", given.get("start", MISSING))
    end = given.get("end")
    zone_name = given.get("time_zone")
    zone = None if zone_name is None else as_zone(f"{where}.time_zone", zone_name)
    if end is not None:
        end = as_date(f"{where}.end", end)
        if moment(end, zone) < moment(start, zone):
            raise invalid(f"{where}.end should not be before {where}.start.")
        if is_day(end) != is_day(start):
            raise invalid(f"{where}: start and end should both have a time or both have none.")
    if zone and is_day(start):
        raise invalid(f"{where}.time_zone should be not present when the date has no time.")
    return {
        "start": _kept(start, zone),
        "end": None if end is None else _kept(end, zone),
        "time_zone": zone_name,
    }


def _kept(text: str, zone: ZoneInfo | None) -> str:
    # Notion keeps a time to the minute; what comes back is not the string that was sent.
    if is_day(text):
        return text
    instant = moment(text, zone).replace(second=0, microsecond=0)
    return instant.astimezone(zone or instant.tzinfo).isoformat(timespec="milliseconds")


def _relation(where: str, value: object, _: Property) -> Any:
    ids = [
        as_id(f"{where}[{index}].id", only_keys(f"{where}[{index}]", entry, ("id",)).get("id", MISSING))
        for index, entry in enumerate(as_list(where, value))
    ]
    return tuple(dict.fromkeys(ids))


def _people(where: str, value: object, _: Property) -> Any:
    return tuple(
        as_id(f"{where}[{index}].id", as_object(f"{where}[{index}]", entry).get("id", MISSING))
        for index, entry in enumerate(as_list(where, value))
    )


def _files(where: str, value: object, _: Property) -> Any:
    return tuple(_file(f"{where}[{index}]", entry) for index, entry in enumerate(as_list(where, value)))


def _file(where: str, entry: object) -> Mapping[str, Any]:
    given = only_keys(where, entry, ("name", "type", "external"))
    url = as_text(
        f"{where}.external.url",
        as_object(f"{where}.external", given.get("external", MISSING)).get("url", MISSING),
        limit=URL_UNITS_MAX,
    )
    name = as_text(f"{where}.name", given.get("name", MISSING), limit=100)
    return {"name": name, "type": "external", "external": {"url": url}}


_READERS: Mapping[str, Callable[[str, object, Property], Any]] = {
    "title": _rich,
    "rich_text": _rich,
    "number": _number,
    "select": _choice,
    "status": _choice,
    "multi_select": _choices,
    "date": _date,
    "checkbox": _checkbox,
    "url": _url,
    "email": _contact,
    "phone_number": _contact,
    "relation": _relation,
    "people": _people,
    "files": _files,
}
