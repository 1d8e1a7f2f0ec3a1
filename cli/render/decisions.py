"""Conflicts and decisions as text."""

from __future__ import annotations

from cli.render.table import clean, table
from cli.render.words import many
from engine.projections.rows import Conflict
from engine.workflows.decide import Decided
from engine.workflows.narrate import short


def conflicts_text(found: tuple[Conflict, ...]) -> str:
    """Give a table of conflicts, and how to decide one."""
    if not found:
        return "no conflicts"
    head = ("conflict", "of", "field", "before", "ours", "theirs")
    rows = [
        (c.conflict_id, f"{c.target} {c.object_kind} {c.key}", c.field, short(c.base), short(c.wanted), short(c.found))
        for c in found
    ]
    return f"{table(head, rows)}\n\n{many(len(found), 'conflict')}; next: sync resolve CONFLICT ours|theirs"


def decided_text(decided: Decided) -> str:
    """Say what was decided, or that it was so already."""
    if decided.seq is None:
        return f"{decided.what} already: {clean(decided.label)}"
    return f"{decided.what}: {clean(decided.label)} (event {decided.seq})\nnext: sync reconcile"
