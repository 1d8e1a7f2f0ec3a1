"""Walks the declared settings: dotted key → declaration, and dotted key → value. Decides nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from engine.settings.declare import ABOUT, About
from engine.settings.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One setting as it was declared."""

    key: str
    kind: Any
    about: About
    default: Any


def declared_fields(kind: type) -> Iterator[tuple[str, Any, About, Any]]:
    """Give name, type, meaning and default of each declared field of one section."""
    hints = get_type_hints(kind, include_extras=True)
    for field in dataclasses.fields(kind):
        if ABOUT in field.metadata:
            default = field.default_factory() if callable(field.default_factory) else field.default
            yield field.name, hints[field.name], field.metadata[ABOUT], default


def is_section(kind: Any) -> bool:
    """Say whether a type is a section, not a value."""
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)


def row_kind(kind: Any) -> type | None:
    """Give the section type of which a type is a list, if it is one."""
    if get_origin(kind) is tuple and get_args(kind) and is_section(get_args(kind)[0]):
        return get_args(kind)[0]  # type: ignore[no-any-return]  # is_section has just said that it is a type
    return None


@cache
def every_setting() -> tuple[Declared, ...]:
    """Give every setting in the order of declaration, sections resolved to their members."""
    return tuple(_walk(Settings, ""))


def _walk(kind: type, prefix: str) -> Iterator[Declared]:
    for name, hint, about, default in declared_fields(kind):
        if is_section(hint):
            yield from (
                dataclasses.replace(
                    inner,
                    about=dataclasses.replace(inner.about, idle=inner.about.idle or about.idle),
                    default=value_at(default, inner.key.removeprefix(f"{prefix}{name}.")),
                )
                for inner in _walk(hint, f"{prefix}{name}.")
            )
        else:
            yield Declared(key=prefix + name, kind=hint, about=about, default=default)


def value_at(settings: Any, key: str) -> Any:
    """Give the value under a dotted key."""
    for part in key.split("."):
        settings = getattr(settings, part)
    return settings
