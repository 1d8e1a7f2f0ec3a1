"""What a person sees has a way out (P11): no definite or standing problem is built without a hint."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.domain.failure import FailureClass, Patience, patience

ROOT = Path(engine.__file__).parent
INTERNAL = {f"targets/library/{name}.py" for name in ("fetch", "playlists", "target")}
"""Where the program refuses an action that it never makes: nobody but its authors meets that."""


def unhinted(package: str) -> Iterator[str]:
    """Give every place that builds a problem of a named, standing class without a hint."""
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Problem":
                continue
            words = {word.arg: word.value for word in node.keywords}
            failure = words.get("failure")
            if "hint" in words or not isinstance(failure, ast.Attribute):
                continue
            if patience(FailureClass[failure.attr]) in (Patience.FACTS, Patience.STOP):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("package", ["media", "sources", "targets"])
def test_what_does_not_pass_by_itself_says_what_helps(package: str) -> None:
    """P11: only what passes by itself may go without a hint; the report says that the next run tries it again."""
    assert [place for place in unhinted(package) if place.partition(":")[0] not in INTERNAL] == []
