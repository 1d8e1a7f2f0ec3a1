"""Writes the commented cratelog.toml out of the declarations, so that it can never lag behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.settings.declare import About
from engine.settings.describe import plain
from engine.settings.model import Settings
from engine.settings.tree import declared_fields, is_section, row_kind

_HEAD = """\
# Cratelog's settings. Every line that is commented out shows the default or an example.
# Precedence: this file, then .env beside it, then the environment, then flags. `sync config` shows what is in force.
# Keep tokens out of this file: put NOTION_TOKEN=…, EAGLE_TOKEN=… and SPOTIFY_…=… into .env beside it.
"""


def template(chosen: Mapping[str, object], playlists: tuple[str, ...] = ()) -> str:
    """Give the TOML text; `chosen` (dotted key → value) and playlists are set, the rest is commented out."""
    lines = [_HEAD]
    for name, hint, about, default in declared_fields(Settings):
        if name == "playlists":
            lines.extend(_playlist_lines(about, playlists))
        elif row := row_kind(hint):
            lines.extend(_row_lines(name, about, row))
        elif is_section(hint) and any(member.toml for _, _, member, _ in declared_fields(hint)):
            lines.extend(_section_lines(name, about, hint, default, chosen))
    return "\n".join(lines).rstrip() + "\n"


def _section_lines(name: str, about: About, kind: type, default: Any, chosen: Mapping[str, object]) -> Iterator[str]:
    yield f"# {about.text}{' No effect yet.' if about.idle else ''}\n[{name}]"
    inner = []
    for member, hint, member_about, _ in declared_fields(kind):
        key = f"{name}.{member}"
        value = getattr(default, member)
        if is_section(hint):
            inner.append((key, member_about, hint, value))
        else:
            yield _setting_line(member, member_about, value, chosen.get(key))
    yield ""
    for key, member_about, hint, value in inner:
        yield from _section_lines(key, member_about, hint, value, chosen)


def _setting_line(name: str, about: About, default: Any, chosen: object) -> str:
    idle = " No effect yet." if about.idle else ""
    meaning = f"# {about.text}{idle}" + (f" Environment: {about.env}." if about.env else "")
    if chosen is not None:
        return f"{meaning}\n{name} = {toml_value(chosen)}"
    shown = about.example or toml_value(default if default is not None else "")
    return f"{meaning}\n# {name} = {shown}"


def _playlist_lines(about: About, playlists: tuple[str, ...]) -> Iterator[str]:
    yield f"# {about.text} `sync follow URL` adds one without this file."
    for url in playlists:
        yield f"[[playlists]]\nurl = {toml_value(url)}"
    if not playlists:
        yield '# [[playlists]]\n# url = "https://soundcloud.com/you/sets/crate"\n# name = "Crate"  # no effect yet'
    yield ""


def _row_lines(name: str, about: About, kind: type) -> Iterator[str]:
    yield f"# {about.text}\n# [[{name}]]"
    for member, _, member_about, default in declared_fields(kind):
        shown = member_about.example or toml_value(default if default is not None else "")
        yield f"# {member} = {shown}  # {member_about.text}"
    yield ""


def toml_value(value: object) -> str:
    """Give a value as TOML writes it; JSON text is TOML text for all that occurs here."""
    return json.dumps(plain(value), ensure_ascii=False).replace("\x7f", "\\u007f")
