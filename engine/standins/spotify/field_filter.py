"""The Web API's `fields` parameter: which parts of an answer a client wants. No HTTP.

`items(item(id,name)),next`, `items.item.name`, and `!` in front of what is not wanted.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from engine.standins.spotify.errors import bad_request

Wanted: TypeAlias = dict[str, "Wanted | None"]
"""Names with what is wanted below them; nothing means all of it. A name after `!` is not wanted."""


def filtered(answer: Any, fields: str | None) -> Any:
    """Give the parts of an answer that `fields` names.

    Raises:
        SpotifyError: 400, the parentheses do not match or a name is missing.
    """
    return answer if not fields else _pick(answer, _parse(fields))


def _pick(value: Any, wanted: Wanted) -> Any:
    if isinstance(value, list):
        return [_pick(one, wanted) for one in value]
    if not isinstance(value, dict):
        return value
    unwanted = {name.removeprefix("!") for name in wanted if name.startswith("!")}
    if unwanted:
        return {name: one for name, one in value.items() if name not in unwanted}
    picked = {}
    for name, below in wanted.items():
        if name in value:
            picked[name] = value[name] if below is None else _pick(value[name], below)
    return picked


def _parse(fields: str) -> Wanted:
    wanted, rest = _names(fields.replace(" ", ""))
    if rest:
        raise bad_request("Invalid fields")
    return wanted


def _names(text: str) -> tuple[Wanted, str]:
    wanted: Wanted = {}
    while True:
        name, below, text = _one(text)
        known = wanted.get(name)
        wanted[name] = {**known, **below} if known and below else below
        if not text.startswith(","):
            return wanted, text
        text = text[1:]


def _one(text: str) -> tuple[str, Wanted | None, str]:
    end = next((index for index, mark in enumerate(text) if mark in ",.()"), len(text))
    name, rest = text[:end], text[end:]
    if not name:
        raise bad_request("Invalid fields")
    if rest.startswith("."):
        below_name, below, rest = _one(rest[1:])
        return name, {below_name: below}, rest
    if not rest.startswith("("):
        return name, None, rest
    inside, rest = _names(rest[1:])
    if not rest.startswith(")"):
        raise bad_request("Invalid fields")
    return name, inside, rest[1:]
