"""Conflicts and decisions as text."""

from __future__ import annotations

from cli.render.table import clean
from cli.render.words import many
from engine.workflows.conflicts import WHOLE_OBJECT, OpenConflict
from engine.workflows.decide import Decided
from engine.workflows.narrate import short


def conflicts_text(found: tuple[OpenConflict, ...]) -> str:
    """Give each conflict by name, with what ends it."""
    if not found:
        return "no conflicts"
    return "\n\n".join((*(_conflict(row) for row in found), many(len(found), "conflict")))


def _conflict(row: OpenConflict) -> str:
    about = f"{row.conflict_id}  {row.target} {row.object_kind} {row.label}"
    if row.field == WHOLE_OBJECT:
        told = row.reason
    else:
        told = f"{row.field}: before {short(row.base)}, ours {short(row.wanted)}, theirs {short(row.found)}"
    return f"{clean(about)}\n  {clean(told)}\n  → {clean(row.way_out)}"


def decided_text(decided: Decided) -> str:
    """Say what was decided, or that it was so already, and what comes next or stands in the way."""
    if decided.seq is None:
        return f"{decided.what} already: {clean(decided.label)}"
    ending = f"in the way: {decided.obstacle}" if decided.obstacle else "next: sync reconcile"
    lines = [f"{decided.what}: {clean(decided.label)} (event {decided.seq})"]
    if decided.together:
        lines.append(f"{decided.what} with it: {_names(decided.together)}")
    if decided.kept:
        lines.append(f"still followed, by itself or for another address: {_names(decided.kept)}")
    return "\n".join((*lines, ending))


def _names(labels: tuple[str, ...]) -> str:
    return f"{many(len(labels), 'playlist')}: {', '.join(clean(label) for label in labels)}"
