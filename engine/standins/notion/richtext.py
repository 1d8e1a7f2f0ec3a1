"""Rich text: what a request may say, and what an answer shows for it.

Stored form is the answer's form, made once at write time. No schema, no pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.standins.notion.checks import URL_UNITS_MAX, as_bool, as_list, as_object, as_text, only_keys
from engine.standins.notion.errors import MISSING, invalid, should
from engine.standins.notion.schema import COLORS

EQUATION_UNITS_MAX = 1000
_MARKS = ("bold", "italic", "strikethrough", "underline", "code")
_TEXT_COLORS = frozenset({*COLORS, *(f"{color}_background" for color in COLORS)})
_KEYS = ("type", "text", "equation", "mention", "annotations", "plain_text", "href")


def read_rich_text(where: str, value: object) -> tuple[Mapping[str, Any], ...]:
    """Give the stored form of a rich text array; pieces without content disappear.

    Raises:
        NotionError: the shape or a limit is wrong.
    """
    pieces = [_piece(f"{where}[{index}]", entry) for index, entry in enumerate(as_list(where, value))]
    return tuple(piece for piece in pieces if piece["plain_text"])


def plain_rich_text(text: str) -> tuple[Mapping[str, Any], ...]:
    """Give the stored form of a plain string, in one piece: a person's typing knows no limit."""
    return (_shown("text", {"content": text, "link": None}, text, None, {}),) if text else ()


def plain_text(pieces: Sequence[Mapping[str, Any]]) -> str:
    """Give the characters of stored rich text."""
    return "".join(piece["plain_text"] for piece in pieces)


def _piece(where: str, entry: object) -> Mapping[str, Any]:
    given = only_keys(where, entry, _KEYS)
    marks = _annotations(f"{where}.annotations", given.get("annotations", {}))
    kinds = [kind for kind in ("text", "equation", "mention") if kind in given]
    if len(kinds) != 1 or given.get("type", kinds[0]) != kinds[0]:
        raise invalid(
            "body failed validation. Fix one:\n"
            + "\n".join(
                f"{where}.{kind} should be defined, instead was `undefined`."
                for kind in ("text", "mention", "equation")
            )
        )
    if kinds == ["text"]:
        return _text(f"{where}.text", given["text"], marks)
    if kinds == ["equation"]:
        equation = as_object(f"{where}.equation", given["equation"])
        expression = as_text(
            f"{where}.equation.expression", equation.get("expression", MISSING), limit=EQUATION_UNITS_MAX
        )
        return _shown("equation", {"expression": expression}, expression, None, marks)
    mention = as_object(f"{where}.mention", given["mention"])
    return _shown("mention", dict(mention), "@" + str(mention.get("type", "mention")), None, marks)


def _text(where: str, value: object, marks: Mapping[str, Any]) -> Mapping[str, Any]:
    given = only_keys(where, value, ("content", "link"))
    content = as_text(f"{where}.content", given.get("content", MISSING))
    link = given.get("link")
    if link is None:
        return _shown("text", {"content": content, "link": None}, content, None, marks)
    url = as_text(f"{where}.link.url", as_object(f"{where}.link", link).get("url", MISSING), limit=URL_UNITS_MAX)
    if not url:
        raise invalid("Invalid URL for link.")
    return _shown("text", {"content": content, "link": {"url": url}}, content, url, marks)


def _annotations(where: str, value: object) -> Mapping[str, Any]:
    given = only_keys(where, value, (*_MARKS, "color"))
    for mark in _MARKS:
        if mark in given:
            as_bool(f"{where}.{mark}", given[mark])
    if given.get("color", "default") not in _TEXT_COLORS:
        raise should(f"{where}.color", "a known color", given["color"])
    return given


def _shown(
    kind: str, content: Mapping[str, Any], text: str, href: str | None, marks: Mapping[str, Any]
) -> Mapping[str, Any]:
    annotations = {mark: bool(marks.get(mark, False)) for mark in _MARKS} | {"color": marks.get("color", "default")}
    return {"type": kind, kind: content, "annotations": annotations, "plain_text": text, "href": href}
