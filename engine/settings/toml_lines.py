"""Finds the line of every key in TOML text, which `tomllib` does not tell. Knows just enough TOML for that."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_INLINE_KEY = re.compile(rf"[{{,]\s*({_PART})\s*=")
_STRING = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')


def key_lines(text: str) -> dict[str, int]:
    """Give dotted key → line; members of an array of tables are numbered from 0: `playlists.0.url`."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, depth, fence, owner = "", 0, "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if depth == 0 and (header := _HEADER.match(line)):
            table = _opened(header[1], _plain(header[2]), counts)
            lines.setdefault(table, number)
            continue
        if depth == 0 and (found := _KEY.match(line)):
            owner = ".".join(part for part in (table, _plain(found[1])) if part)
            lines.setdefault(owner, number)
        for inline in _INLINE_KEY.finditer(line):
            lines.setdefault(f"{owner}.{_plain(inline[1])}", number)
        bare, fence = _without_strings(line)
        depth = max(0, depth + sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}"))
    return lines


def _opened(bracket: str, name: str, counts: dict[str, int]) -> str:
    if bracket == "[":
        return name
    counts[name] = counts.get(name, -1) + 1
    return f"{name}.{counts[name]}"


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def _without_strings(line: str) -> tuple[str, str]:
    bare, position = "", 0
    while found := _STRING.search(line, position):
        bare += line[position : found.start()]
        token, position = found[0], found.end()
        if token in {'"""', "'''"}:
            closing = line.find(token, position)
            if closing < 0:
                return bare, token
            position = closing + 3
    return bare + line[position:], ""
