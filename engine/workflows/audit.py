"""Reads what was asked of the journal: a shipped question's name or SQL, and its parameters. Runs nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from engine.domain.errors import UsageError


def chosen(question: str, shipped: Collection[str]) -> str | None:
    """Give the shipped question that is meant, or nothing when the text is SQL.

    Raises:
        UsageError: it is one word, and no question's name.
    """
    name = question.strip().replace("-", "_")
    if name in shipped:
        return name
    if len(question.split()) > 1:
        return None
    near = get_close_matches(name, shipped, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "`sync sql --list` shows the questions"
    raise UsageError(f"there is no question `{question}`", hint=hint)


def read_parameters(texts: Sequence[str], wanted: Sequence[str] | None) -> dict[str, str]:
    """Give `name=value` texts as parameters; `wanted` are those a shipped question asks for.

    Raises:
        UsageError: one is not `name=value`, is missing, or is not asked for.
    """
    given = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"`{text}` is not NAME=VALUE", hint="for example -p thing=Roygbiv")
        given[name] = value
    if wanted is not None and set(given) != set(wanted):
        asked = " ".join(f"-p {name}=…" for name in wanted) or "no parameter"
        raise UsageError(f"this question takes {asked}", hint="`sync sql --list` shows what each question takes")
    return given
