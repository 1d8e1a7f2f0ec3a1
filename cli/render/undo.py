"""An undo as text: what is taken back, what stays and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from cli.render.plan import ACTIONS_SHOWN_MAX, changes_text
from cli.render.table import clean, table
from cli.render.words import many
from engine.domain.plan import Action
from engine.reconciler.undoing import Left, Undoing, Why
from engine.workflows.narrate import sentence
from engine.workflows.undo import Undone
from engine.workflows.undo_story import Meant

DECISIONS_SHOWN_MAX = 20
LEFT_SHOWN_MAX = 10

_STAYS = {
    Why.ALREADY: "already as before",
    Why.KEPT: "stays",
    Why.GONE: "not there any more",
    Why.CHANGED: "changed since, so it is left",
    Why.UNKNOWN: "not known, so it is left",
}


def undoing_text(meant: Meant, undoing: Undoing, label: Callable[[str], str] = str) -> str:
    """Give what an undo would do, with what stays and why.

    Args:
        meant: what is undone.
        undoing: what that comes to.
        label: gives the name of an object by its key.
    """
    parts = [f"undo {meant.kind} {meant.key} ({clean(meant.label)}): {_summary(undoing)}"]
    if undoing.actions:
        parts.append(_actions(undoing.actions, label))
    if undoing.decisions:
        lines = [f"  {clean(sentence(event))}" for event in undoing.decisions[:DECISIONS_SHOWN_MAX]]
        more = len(undoing.decisions) - DECISIONS_SHOWN_MAX
        parts.append("\n".join(["decided anew:", *lines, *([f"  and {more:,} more"] if more > 0 else [])]))
    parts.extend(
        f"guard: {report.scope}: {report.removals} removals of {report.managed} stopped (limit {report.limit}); "
        f"{report.reason}; nothing is undone; --allow-removals {report.removals} allows them for this undo"
        for report in undoing.guards
        if not report.allowed
    )
    if undoing.left:
        parts.append(_left(undoing.left, label))
    return "\n\n".join(parts)


def undone_text(result: Undone, label: Callable[[str], str] = str) -> str:
    """Give what was undone, and what is still to do."""
    parts = [undoing_text(result.meant, result.undoing, label)]
    if result.remaining:
        count = many(len(result.remaining), "action")
        parts.append(f"{count} still to do: the same undo again tries them\n{_actions(result.remaining, label)}")
    return "\n\n".join(parts)


def _summary(undoing: Undoing) -> str:
    counts = Counter(str(action.operation) for action in undoing.actions)
    if not (counts or undoing.decisions):
        return "nothing to undo"
    said = [f"{count:,} to {operation}" for operation, count in sorted(counts.items())]
    said += [many(len(undoing.decisions), "decision")] if undoing.decisions else []
    said += [f"{len(undoing.left):,} left as they are"] if undoing.left else []
    return ", ".join(said)


def _actions(actions: tuple[Action, ...], label: Callable[[str], str]) -> str:
    rows = [(a.kind.value, label(a.key), changes_text(a), a.reason) for a in actions[:ACTIONS_SHOWN_MAX]]
    more = len(actions) - ACTIONS_SHOWN_MAX
    shown = table(("action", "object", "changes", "why"), rows)
    return shown + (f"\nand {many(more, 'action')} more; --json shows all" if more > 0 else "")


def _left(left: tuple[Left, ...], label: Callable[[str], str]) -> str:
    groups: defaultdict[Why, list[Left]] = defaultdict(list)
    for each in left:
        groups[each.why].append(each)
    lines = []
    for why in (why for why in Why if why in groups):
        lines.append(f"{_STAYS[why]}: {len(groups[why]):,}")
        lines += [
            f"  {clean(label(each.key))} ({each.target} {each.object_kind}): {clean(each.detail)}"
            for each in groups[why][:LEFT_SHOWN_MAX]
        ]
        more = len(groups[why]) - LEFT_SHOWN_MAX
        lines += [f"  and {more:,} more; --json shows all"] if more > 0 else []
    return "\n".join(lines)
