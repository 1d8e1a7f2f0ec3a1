"""Says what is in force: rows for `sync config` with secrets masked, and the hash that ties a plan to its settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from engine.domain.canonical import digest
from engine.settings.model import Settings
from engine.settings.secret import MASK, Secret
from engine.settings.tree import declared_fields, every_setting, value_at

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
    values["playlists"] = [_planned(playlist) for playlist in settings.playlists]
    values["access"] = [
        {
            **_planned(profile),
            "proxied": bool(profile.proxy),
            "cookies": profile.cookies is not None or profile.browser is not None,
        }
        for profile in settings.access
    ]
    values["library.root"] = str(settings.library_root)
    values["targets"] = list(settings.targets)
    return digest(values)


def secret_texts(settings: Settings) -> tuple[str, ...]:
    """Give the text of every secret in force, for the redaction of diagnostics."""
    values = [value_at(settings, declared.key) for declared in every_setting()]
    return tuple(secret.reveal() for value in values for secret in _secrets(value))


def _secrets(value: Any) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield from [value] if value else []
    elif isinstance(value, tuple):
        for row in value:
            for name, _, _, _ in declared_fields(type(row)) if dataclasses.is_dataclass(row) else ():
                yield from _secrets(getattr(row, name))


def _planned(row: Any) -> dict[str, Plain]:
    """What plans rest on in a row of a list of tables."""
    return {name: plain(getattr(row, name)) for name, _, about, _ in declared_fields(type(row)) if about.plan}


def plain(value: Any) -> Plain:
    """Give a value as JSON can hold it, secrets masked."""
    if isinstance(value, Secret):
        return MASK
    if dataclasses.is_dataclass(value):
        return {name: plain(getattr(value, name)) for name, _, _, _ in declared_fields(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return str(value) if isinstance(value, str | Path) else value
