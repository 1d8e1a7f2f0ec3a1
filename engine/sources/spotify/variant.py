"""Reads the text in which `gdbus` prints D-Bus values: nested, typed, quoted either way. Pure.

Its notation is GLib's GVariant text format; only what can stand in a player's metadata is read.
"""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<mark>[(){}\[\]<>,:])
    | (?P<number>[-+]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?))
    | (?P<word>@[a-z{}()]+|[a-z][a-z0-9]*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_TRUTH = {"true": True, "false": False}
_DEPTH_MAX = 20


def read(text: str) -> Any:
    """Give the value a text stands for: tuples and arrays as lists, dictionaries as dictionaries.

    Raises:
        ValueError: it is no such text.
    """
    tokens = _tokens(text)
    value, rest = _value(tokens, 0, 0)
    if rest != len(tokens):
        raise ValueError("something follows the value")
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError("no such token")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        place = match.end()
    return found


def _value(tokens: list[tuple[str, str]], place: int, depth: int) -> tuple[Any, int]:
    if place >= len(tokens) or depth > _DEPTH_MAX:
        raise ValueError("the value does not end")
    kind, text = tokens[place]
    match kind:
        case "string":
            return _string(text), place + 1
        case "number":
            return _number(text), place + 1
        case "word" if text in _TRUTH:
            return _TRUTH[text], place + 1
        case "word":
            return _value(tokens, place + 1, depth + 1)  # the type of what follows
        case _ if text in _CLOSING:
            return _held(tokens, place + 1, text, depth)
        case _:
            raise ValueError("a value was expected")


def _held(tokens: list[tuple[str, str]], place: int, opening: str, depth: int) -> tuple[Any, int]:
    values: list[Any] = []
    keys: list[Any] = []
    while place < len(tokens) and tokens[place] != ("mark", _CLOSING[opening]):
        value, place = _value(tokens, place, depth + 1)
        if opening == "{" and tokens[place : place + 1] == [("mark", ":")]:
            keys.append(value)
            value, place = _value(tokens, place + 1, depth + 1)
        values.append(value)
        if tokens[place : place + 1] == [("mark", ",")]:
            place += 1
    if place >= len(tokens):
        raise ValueError("the value does not end")
    if opening == "<":
        (values,) = values
    return (dict(zip(keys, values, strict=True)) if opening == "{" else values), place + 1


def _string(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])

    return _ESCAPE.sub(plain, text[1:-1])


def _number(text: str) -> int | float:
    return int(text, 0) if re.fullmatch(r"[-+]?(?:0x[0-9a-fA-F]+|\d+)", text) else float(text)
