"""Checks of request parts that do not depend on a schema: keys, ids, strings, lists, moments.

Each gives the checked value or raises the refusal Notion would send.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.standins.notion.errors import MISSING, invalid, should, too_long

PAGE_SIZE_MAX = 100
ARRAY_MAX = 100
TEXT_UNITS_MAX = 2000
URL_UNITS_MAX = 2000
_UUID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def only_keys(where: str, value: object, allowed: Collection[str]) -> Mapping[str, Any]:
    """Give an object that has no key but the allowed ones."""
    if not isinstance(value, dict):
        raise should(where, "an object", value)
    for key in value:
        if key not in allowed:
            raise should(f"{where}.{key}", "not present", value[key])
    return value


def as_object(where: str, value: object) -> Mapping[str, Any]:
    """Give an object with whatever keys it has."""
    if not isinstance(value, dict):
        raise should(where, "an object", value)
    return value


def as_list(where: str, value: object, *, limit: int = ARRAY_MAX) -> list[Any]:
    """Give a list of bounded length."""
    if not isinstance(value, list):
        raise should(where, "an array", value)
    if len(value) > limit:
        raise too_long(where, limit, len(value))
    return value


def as_bool(where: str, value: object) -> bool:
    """Give a boolean; no other type passes for one."""
    if not isinstance(value, bool):
        raise should(where, "a boolean", value)
    return value


def as_text(where: str, value: object, *, limit: int = TEXT_UNITS_MAX) -> str:
    """Give a string of bounded length, counted as JavaScript counts: in UTF-16 units."""
    if not isinstance(value, str):
        raise should(where, "a string", value)
    units = utf16_units(value)
    if units > limit:
        raise too_long(where, limit, units)
    return _LONE_SURROGATE.sub("\ufffd", value)


def utf16_units(text: str) -> int:
    """Count what JavaScript calls the length of a string."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def as_id(where: str, value: object) -> str:
    """Give an id with dashes, from one with or without."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise should(where, "a valid uuid", value)
    return str(uuid.UUID(value))


def as_page_size(where: str, value: object) -> int:
    """Give a page size between 1 and 100; 100 when none was asked for."""
    if value is MISSING:
        return PAGE_SIZE_MAX
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise should(where, "a number", value)
    if not 1 <= value <= PAGE_SIZE_MAX:
        raise should(where, f"≤ `{PAGE_SIZE_MAX}` and ≥ `1`", value)
    return value


def as_number(where: str, value: object) -> int | float:
    """Give a number as JavaScript keeps it: a double, whole ones without a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise should(where, "a number", value)
    try:
        double = float(value)
    except OverflowError:
        raise should(where, "a finite number", str(value)) from None
    if double != double or double in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for NaN
        raise should(where, "a finite number", str(value))
    return int(double) if double.is_integer() else double


def as_zone(where: str, name: object) -> ZoneInfo:
    """Give the time zone of an IANA name."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise should(where, "a valid IANA time zone", name) from None


def is_day(value: str) -> bool:
    """Say whether an accepted date carries no time."""
    return "T" not in value and " " not in value


def as_date(where: str, value: object) -> str:
    """Give an ISO 8601 day or moment, still as text."""
    if isinstance(value, str):
        try:
            if is_day(value):
                date.fromisoformat(value)
                return value
            if _MOMENT.fullmatch(value):
                datetime.fromisoformat(value)
                return value
        except ValueError:
            pass
    raise should(where, "a valid ISO 8601 date string", value)


def moment(text: str, zone: ZoneInfo | None = None) -> datetime:
    """Give the instant of an accepted date; a day begins at midnight, and no offset means the zone, or UTC."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone or UTC)


def whole_body(value: object) -> Mapping[str, Any]:
    """Give the request's body, which must be an object."""
    if not isinstance(value, dict):
        raise invalid("body failed validation: body should be an object.")
    return value
