"""How a setting is declared: a field that carries what it means, its environment name and whether plans rest on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known about one setting besides its type.

    Attributes:
        text: what it means, for the commented TOML and `sync config`.
        env: the environment name that overrides it.
        plan: whether a plan made under another value is another plan (see `config_hash`).
        toml: whether it may stand in cratelog.toml.
        example: how it looks in TOML when it has no default worth showing.
        idle: whether it is read and checked, and used by nothing yet.
    """

    text: str
    env: str | None = None
    plan: bool = False
    toml: bool = True
    example: str | None = None
    idle: bool = False


def setting(
    default: object,
    text: str,
    *,
    env: str | None = None,
    plan: bool = False,
    toml: bool = True,
    example: str | None = None,
    idle: bool = False,
) -> Any:
    """Declare one setting as a dataclass field."""
    about = About(text=text, env=env, plan=plan, toml=toml, example=example, idle=idle)
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata={ABOUT: about})
    return dataclasses.field(default=default, metadata={ABOUT: about})


def section(make: Callable[[], object], text: str, *, idle: bool = False) -> Any:
    """Declare a section: a TOML table whose settings are the fields of what `make` makes; idle when all of them are."""
    return dataclasses.field(default_factory=make, metadata={ABOUT: About(text=text, idle=idle)})
