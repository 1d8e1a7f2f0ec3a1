"""Reads the `[matching]` table of a TOML file as a policy to try out: the same names and types as the settings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from engine.domain.errors import SettingsError
from engine.settings.model import Matching, Settings
from engine.settings.parse import parse_table
from engine.settings.toml_lines import key_lines
from engine.settings.tree import declared_fields

TABLE = "matching"


def read_matching(path: Path) -> Matching:
    """Give what a file says about matching, with defaults for the rest; other settings are passed by.

    Raises:
        SettingsError: the file cannot be read, names something unknown, or has no such table.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}", hint="the file is not TOML; mend that line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}", hint="give a UTF-8 text file with a [matching] table"
        ) from error
    lines = key_lines(text)
    _known(path, raw)
    table = raw.get(TABLE)
    if table is None:
        raise SettingsError(f"{path} has no [{TABLE}] table", hint='such as: [matching], then explicit = "same"')
    return Matching(**parse_table(Matching, table, lambda key: f"{path}, line {lines.get(key, 1)}", f"{TABLE}."))


def _known(path: Path, raw: Mapping[str, object]) -> None:
    known = [name for name, _, _, _ in declared_fields(Settings)]
    for name in raw:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
            raise SettingsError(f"{path}: unknown table `{name}`", hint=hint)
