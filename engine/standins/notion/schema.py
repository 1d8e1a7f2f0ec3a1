"""What a data source's properties are: kinds, ids, options, and how a configuration is read.

A `Property` is a frozen value; changing a schema makes new ones. No pages, no storage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import quote

from engine.standins.notion.checks import as_list, as_object, as_text, utf16_units
from engine.standins.notion.errors import MISSING, invalid, should

TITLE_ID = "title"
OPTION_UNITS_MAX = 100
SCHEMA_BYTES_MAX = 50_000  # the documented size of a schema that is still accepted
COLORS = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
CHOICES = ("select", "multi_select", "status")
READ_ONLY = ("created_time", "last_edited_time", "created_by", "last_edited_by", "unique_id", "formula", "rollup")
_PLAIN = ("title", "rich_text", "date", "people", "files", "checkbox", "url", "email", "phone_number")
KINDS = frozenset({*_PLAIN, *CHOICES, *READ_ONLY, "number", "relation"})
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:;<=>?@[]^`{|}~_\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One column: its raw id, its name exactly as typed, its kind, and what the kind needs."""

    id: str
    name: str
    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)
    description: str | None = None

    @property
    def wire_id(self) -> str:
        """The id as answers show it: percent-encoded."""
        return _encoded(self.id)

    @property
    def options(self) -> Sequence[Mapping[str, Any]]:
        """The options of a choice, in order."""
        options: Sequence[Mapping[str, Any]] = self.config.get("options", ())
        return options

    def option(self, key: str, value: str) -> Mapping[str, Any] | None:
        """Find an option by its exact `name` or `id`."""
        return next((option for option in self.options if option[key] == value), None)


@cache
def _encoded(raw_id: str) -> str:
    return quote(raw_id, safe="!~*'()")


def property_id(seed: str) -> str:
    """Make a short property id; most need percent-encoding, as real ones do."""
    digest = hashlib.sha256(seed.encode()).digest()
    return "".join(_ID_LETTERS[byte % len(_ID_LETTERS)] for byte in digest[:4])


def new_option(owner: str, name: str) -> Mapping[str, Any]:
    """Make an option with an id and a colour of its own."""
    digest = hashlib.sha256(f"{owner}\x00{name}".encode()).hexdigest()
    return {"id": digest[:12], "name": name, "color": COLORS[int(digest[:2], 16) % len(COLORS)], "description": None}


def option_name(where: str, value: object, kind: str) -> str:
    """Give an option's name if Notion would take it."""
    name = as_text(where, value, limit=OPTION_UNITS_MAX)
    if not name.strip():
        raise should(where, "a non-empty string", value)
    if "," in name and kind != "status":
        raise invalid(f"Invalid select option, commas not allowed: {name}")
    return name


def kind_of(where: str, config: object) -> str:
    """Give the kind a property configuration asks for."""
    given = as_object(where, config)
    named = [key for key in given if key in KINDS]
    if len(named) != 1:
        raise invalid(
            "body failed validation. Fix one:\n"
            + "\n".join(f"{where}.{kind} should be defined, instead was `undefined`." for kind in sorted(KINDS)[:6])
        )
    for key in given:
        if key not in (named[0], "name", "type", "description", "id"):
            raise should(f"{where}.{key}", "not present", given[key])
    if given.get("type", named[0]) != named[0]:
        raise should(f"{where}.type", f'`"{named[0]}"`', given["type"])
    return named[0]


def settings_of(where: str, kind: str, config: Mapping[str, Any], before: Property | None) -> Mapping[str, Any]:
    """Read the kind's own settings from a configuration; relations are resolved by the store."""
    given = as_object(f"{where}.{kind}", config[kind])
    if kind in ("select", "multi_select"):
        kept = before if before and before.kind in ("select", "multi_select") else None
        return {"options": _options(f"{where}.{kind}.options", given.get("options", MISSING), kind, kept)}
    if kind == "status":
        raise invalid(f"{where}.status: status properties cannot be created or changed through the API.")
    if kind == "number":
        return {"format": as_text(f"{where}.number.format", given.get("format", "number"))}
    if kind == "unique_id":
        prefix = given.get("prefix")
        return {"prefix": prefix if prefix is None else as_text(f"{where}.unique_id.prefix", prefix)}
    if kind in ("formula", "rollup"):
        return dict(given)
    if given and kind != "relation":
        raise should(f"{where}.{kind}", "an empty object", dict(given))
    return dict(given)


def _options(where: str, given: object, kind: str, before: Property | None) -> Sequence[Mapping[str, Any]]:
    if given is MISSING:
        return before.options if before else ()
    options: list[Mapping[str, Any]] = []
    for index, entry in enumerate(as_list(where, given)):
        asked = as_object(f"{where}[{index}]", entry)
        known = before.option("id", str(asked["id"])) if before and "id" in asked else None
        name = known["name"] if known and "name" not in asked else asked.get("name", MISSING)
        checked = option_name(f"{where}[{index}].name", name, kind)
        known = known or (before.option("name", checked) if before else None)
        made = new_option(where, checked) if known is None else {**known, "name": checked}
        if known is None and asked.get("color") in COLORS:
            made = {**made, "color": asked["color"]}
        if any(option["name"] == checked for option in options):
            raise invalid(f"{where}: option names must be unique, {checked} is repeated.")
        options.append(made)
    return tuple(options)


def status_config(names: Sequence[str]) -> Mapping[str, Any]:
    """Build the settings of a status property as a person makes them: every option in the first group."""
    options = tuple(new_option("status", name) for name in names)
    groups = [
        {"id": f"group-{place}", "name": name, "color": color, "option_ids": [option["id"] for option in members]}
        for place, (name, color, members) in enumerate(
            (("To-do", "gray", options), ("In progress", "blue", ()), ("Complete", "green", ()))
        )
    ]
    return {"options": options, "groups": groups}


def with_options(column: Property, names: Sequence[str]) -> Property:
    """Add the options that are not there yet."""
    missing = [name for name in dict.fromkeys(names) if column.option("name", name) is None]
    if not missing:
        return column
    added = tuple(new_option(column.id, name) for name in missing)
    return replace(column, config={**column.config, "options": (*column.options, *added)})


def schema_bytes(columns: Sequence[Property]) -> int:
    """Estimate a schema's size as Notion counts it: names and options."""
    return sum(
        60 + utf16_units(column.name) + sum(60 + utf16_units(option["name"]) for option in column.options)
        for column in columns
    )
