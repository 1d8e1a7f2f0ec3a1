"""Where Cratelog lives: a flag, CRATELOG_HOME, the checkout's var/, or the platform's place. Creates nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

HOME_VARIABLE = "CRATELOG_HOME"
TOML_NAME = "cratelog.toml"
JOURNAL_NAME = "journal.sqlite3"
ANCHORS_NAME = "anchors.jsonl"
ENV_NAME = ".env"
FOLDERS = ("plans", "trash", "cache")


def locate(flag: Path | None, environ: Mapping[str, str], working_folder: Path) -> tuple[Path, str]:
    """Give the home, absolute, and why it is that one."""
    if flag is not None:
        return flag.expanduser().absolute(), "flag --home"
    named = environ.get(HOME_VARIABLE)
    if named:
        return Path(named).expanduser().absolute(), f"environment {HOME_VARIABLE}"
    for folder in (working_folder, *working_folder.parents):
        if _is_checkout(folder):
            return folder / "var", "checkout"
    from platformdirs import user_data_path  # noqa: PLC0415 - only an installed program needs it

    return user_data_path("cratelog", appauthor=False), "platform"


def _is_checkout(folder: Path) -> bool:
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        return bool(tomllib.loads(text).get("project", {}).get("name") == "cratelog")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError):
        return False
