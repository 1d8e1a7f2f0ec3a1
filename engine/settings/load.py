"""Joins TOML, `.env`, environment and flags into Settings; the only reader of the process environment."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin

from engine.domain.errors import SettingsError
from engine.settings.access import check_profiles
from engine.settings.dotenv import read_dotenv
from engine.settings.home import ENV_NAME, HOME_VARIABLE, TOML_NAME, locate
from engine.settings.model import Settings
from engine.settings.parse import convert, parse_table
from engine.settings.toml_lines import key_lines
from engine.settings.tree import every_setting

NOBODY = "none"
"""What an environment variable says that stands for a list and means an empty one."""


def load(
    *,
    home: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
    working_folder: Path | None = None,
) -> Settings:
    """Give the settings in force; `flags` are dotted key → value, given as `--<last part of the key>`.

    Raises:
        SettingsError: the TOML cannot be read, a key is unknown, or a value has the wrong type.
    """
    environ = os.environ if environ is None else environ
    place, why = locate(home, environ, working_folder or Path.cwd())
    settings = from_toml(place / TOML_NAME, place)
    overrides = {**_named(read_dotenv(place / ENV_NAME), ENV_NAME), **_named(environ, "environment")}
    for key, value in (flags or {}).items():
        if value is not None:
            overrides[key] = (value, "flag --" + key.rsplit(".", 1)[-1].replace("_", "-"))
    origins = {"home": why, **settings.origins, **{key: origin for key, (_, origin) in overrides.items()}}
    for key, (value, _) in overrides.items():
        settings = _with(settings, key.split("."), value)
    return dataclasses.replace(settings, origins=origins)


def surroundings(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment without anything that is a setting of ours, for a program that must not meet the world."""
    ours = {declared.about.env for declared in every_setting()} | {HOME_VARIABLE}
    return {name: value for name, value in (os.environ if environ is None else environ).items() if name not in ours}


def from_toml(path: Path, home: Path) -> Settings:
    """Give the settings of one TOML file; the defaults when there is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return Settings(home=home)
    except tomllib.TOMLDecodeError as error:
        twice = "put the key below the heading that is there already; TOML takes a table and a key once"
        again = any(word in str(error) for word in ("twice", "overwrite"))
        hint = twice if again else "the file is not TOML; mend that line"
        raise SettingsError(f"{path}: {error}", hint=hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", hint="make it a UTF-8 text file you own") from error
    lines = key_lines(text)

    def place(key: str) -> str:
        return f"{path}, line {_line(lines, key)}"

    parsed = parse_table(Settings, raw, place)
    check_profiles(parsed.get("access", ()), place)
    origins = {
        declared.key: f"{path.name}:{_line(lines, declared.key)}"
        for declared in every_setting()
        if _has(raw, declared.key)
    }
    settings: Settings = _built(Settings(home=home, origins=origins), parsed)
    return settings


def _built(section: Any, parsed: Mapping[str, Any]) -> Any:
    changed = {
        name: _built(getattr(section, name), value) if dataclasses.is_dataclass(getattr(section, name)) else value
        for name, value in parsed.items()
    }
    return dataclasses.replace(section, **changed)


def _named(environ: Mapping[str, str], source: str) -> dict[str, tuple[Any, str]]:
    found = {}
    for declared in every_setting():
        name = declared.about.env
        if name is None or not (text := environ.get(name, "").strip()):
            continue
        raw: Any = text != "" if declared.key == "process.no_color" else _switch(text, declared.kind)
        where = f"{source} {name}"
        found[declared.key] = (convert(declared.kind, raw, where, declared.key, strict=False), where)
    return found


def _switch(text: str, kind: Any) -> Any:
    if kind == bool | str:
        return {"1": True, "true": True, "0": False, "false": False}.get(text.lower(), text)
    if get_origin(kind) is tuple:
        return [] if text.lower() == NOBODY else [part.strip() for part in text.split(",")]
    return text


def _with(section: Any, path: list[str], value: object) -> Any:
    name, *rest = path
    return dataclasses.replace(section, **{name: _with(getattr(section, name), rest, value) if rest else value})


def _has(raw: Any, key: str) -> bool:
    for part in key.split("."):
        if not isinstance(raw, Mapping) or part not in raw:
            return False
        raw = raw[part]
    return True


def _line(lines: Mapping[str, int], key: str) -> int:
    while key and key not in lines:
        first_row = f"{key}.0"
        key = first_row if first_row in lines else key.rpartition(".")[0]
    return lines.get(key, 1)
