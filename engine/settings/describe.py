"""Says what is in force: rows for `sync config` with secrets masked, and the hash that ties a plan to its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from engine.domain.canonical import digest
from engine.settings.model import FollowedPlaylist, Settings
from engine.settings.secret import MASK, Secret
from engine.settings.tree import every_setting, value_at

Plain: TypeAlias = Any
"""What JSON can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting in force: its value without secrets, where it came from, and whether nothing uses it yet."""

    key: str
    value: Plain
    origin: str
    about: str
    idle: bool = False


def config_rows(settings: Settings) -> tuple[SettingRow, ...]:
    """Give every setting in force, the home first."""
    home = SettingRow(
        key="home", value=str(settings.home), origin=settings.origins.get("home", "default"), about="Where all is kept."
    )
    return (
        home,
        *(
            SettingRow(
                key=declared.key,
                value=plain(value_at(settings, declared.key)),
                origin=settings.origins.get(declared.key, "default"),
                about=declared.about.text,
                idle=declared.about.idle,
            )
            for declared in every_setting()
        ),
    )


def config_hash(settings: Settings) -> str:
    """Give the digest of the values that plans rest on; no secret and no address is among them."""
    values = {
        declared.key: plain(value_at(settings, declared.key)) for declared in every_setting() if declared.about.plan
    }
    values["library.root"] = str(settings.library_root)
    values["targets"] = list(settings.targets)
    return digest(values)


def secret_texts(settings: Settings) -> tuple[str, ...]:
    """Give the text of every secret in force, for the redaction of diagnostics."""
    values = (value_at(settings, declared.key) for declared in every_setting())
    return tuple(value.reveal() for value in values if isinstance(value, Secret) and value)


def plain(value: Any) -> Plain:
    """Give a value as JSON can hold it, secrets masked."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, FollowedPlaylist):
        return {"url": value.url, "name": value.name}
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return str(value) if isinstance(value, str | Path) else value
