"""Turns raw values into declared ones and says what is wrong with a typo or a wrong type, key and line included."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec

from engine.domain.errors import SettingsError
from engine.settings.model import NotionId
from engine.settings.secret import Secret
from engine.settings.tree import declared_fields, every_setting, is_section, row_kind

Place = Callable[[str], str]
"""Dotted key → where it stands, for people: `cratelog.toml, line 3`."""


def parse_table(kind: type, raw: Any, place: Place, prefix: str = "") -> dict[str, Any]:
    """Give the constructor arguments of one section from its raw TOML table.

    Raises:
        SettingsError: a key is unknown or a value has the wrong type.
    """
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{place(prefix[:-1])}: `{prefix[:-1]}` must be a table", hint=f"write [{prefix[:-1]}]")
    known = {name: hint for name, hint, about, _ in declared_fields(kind) if about.toml}
    parsed = {}
    for name, value in raw.items():
        key = prefix + name
        if name not in known:
            raise SettingsError(f"{place(key)}: unknown key `{key}`", hint=_nearest(key, prefix, known))
        parsed[name] = _parse_value(known[name], value, place, key)
    return parsed


def _parse_value(kind: Any, value: Any, place: Place, key: str) -> Any:
    if is_section(kind):
        return parse_table(kind, value, place, key + ".")
    if row := row_kind(kind):
        if not isinstance(value, list):
            raise SettingsError(f"{place(key)}: `{key}` must be a list of tables", hint=f"write [[{key}]]")
        return tuple(row(**parse_table(row, item, place, f"{key}.{index}.")) for index, item in enumerate(value))
    if value == "" and type(None) in get_args(kind):
        return None
    return convert(kind, value, place(key), key)


def convert(kind: Any, value: Any, where: str, key: str, *, strict: bool = True) -> Any:
    """Give one value as its declared type; text from the environment is read leniently.

    Raises:
        SettingsError: it is not of that type.
    """
    try:
        return msgspec.convert(value, kind, strict=strict, dec_hook=_custom)
    except msgspec.ValidationError as error:
        detail = str(error).split(" - at ")[0].lower()
        shown = "" if "Secret" in str(kind) else f" (got {value!r})"
        raise SettingsError(f"{where}: `{key}`: {detail}{shown}", hint=_hint(key)) from None


def _custom(kind: type, value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"expected text, got {type(value).__name__}")  # noqa: TRY004 - msgspec words it from ValueError
    if kind is NotionId:
        return NotionId.parse(value)
    if kind is Secret:
        return Secret(value.strip())
    return Path(value)


def _hint(key: str) -> str:
    about = next((declared.about for declared in every_setting() if declared.key == key), None)
    return f"{key}: {about.text}" if about else "see the commented cratelog.toml that `sync init` writes"


def _nearest(key: str, prefix: str, known: Mapping[str, Any]) -> str:
    here = difflib.get_close_matches(key.removeprefix(prefix), known, n=1)
    everywhere = [declared.key for declared in every_setting() if declared.about.toml]
    near = [prefix + name for name in here] or difflib.get_close_matches(key, everywhere, n=1, cutoff=0.8)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(prefix + name for name in known)}"
