"""The table of people's edits is what the merge does."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.plan import Owner
from engine.domain.value import FieldValue
from engine.reconciler.merge import NO_BASE, Base, Keep, Verdict, Write, merge

PAGE = Path(__file__).parents[2] / "docs/concepts/merge.md"
CASES: dict[str, tuple[Base, FieldValue, FieldValue]] = {
    "wanted = found": ("old", "new", "new"),
    "base = found, wanted differs": ("old", "new", "old"),
    "base = wanted, found differs": ("old", "old", "theirs"),
    "all three differ": ("old", "new", "theirs"),
    "no base, found empty": (NO_BASE, "new", None),
    "no base, both filled": (NO_BASE, "new", "theirs"),
}
"""Heading of the table → base, wanted and found that it speaks of."""


def _table() -> dict[str, dict[str, str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    head, *rows = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


def _word(verdict: Verdict) -> str:
    match verdict:
        case Write(value=value):
            assert value in ("new", "old")
            return "write"
        case Keep():
            return "nothing"
        case _:
            return "ask"


@pytest.mark.parametrize("owner", [Owner.ENGINE, Owner.SEED, Owner.PERSON, Owner.SHARED])
def test_the_page_says_what_the_merge_decides(owner: Owner) -> None:
    """I47: for every owner of a scalar and every relation of base, wanted and found, page and function agree."""
    said = _table()[str(owner)]
    assert {case: _word(merge(owner, *values)) for case, values in CASES.items()} == said
