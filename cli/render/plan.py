"""A plan as text."""

from __future__ import annotations

from collections import Counter

from cli.render.table import clean, table
from cli.render.words import many
from engine.domain.plan import Action, Plan
from engine.workflows.narrate import short

ACTIONS_SHOWN_MAX = 200
CHANGES_SHOWN_MAX = 4


def plan_text(plan: Plan, out: str | None) -> str:
    """Give the summary, every action with its reason, the guards, and how to go on."""
    parts = [f"plan {plan.digest[:12]} at event {plan.head_seq:,}: {_summary(plan)}"]
    if plan.actions:
        rows = [(a.kind.value, a.key, _changes(a), a.reason) for a in plan.actions[:ACTIONS_SHOWN_MAX]]
        parts.append(table(("action", "object", "changes", "reason"), rows))
    left_out = len(plan.actions) - ACTIONS_SHOWN_MAX
    if left_out > 0:
        parts.append(f"and {many(left_out, 'action')} more; --json shows all")
    blocked = [report for report in plan.guards if not report.allowed]
    parts.extend(
        f"guard: {report.scope}: {report.removals} removals of {report.managed} stopped (limit {report.limit}); "
        f"{report.reason}; --allow-removals {report.removals} allows them for one plan"
        for report in blocked
    )
    if plan.conflicts:
        parts.append(f"{many(len(plan.conflicts), 'conflict')}: sync conflicts")
    if plan.waiting:
        why = Counter(waiting.why for waiting in plan.waiting)
        parts.append("waiting: " + ", ".join(f"{count:,} {name}" for name, count in sorted(why.items())))
    parts.append(_next(plan, out))
    return "\n\n".join(parts)


def _summary(plan: Plan) -> str:
    said = ", ".join(f"{count:,} {name}" for name, count in plan.summary.items() if count)
    return said or "nothing to do"


def _changes(action: Action) -> str:
    shown = [f"{c.field}: {short(c.before)} → {short(c.after)}" for c in action.changes[:CHANGES_SHOWN_MAX]]
    more = len(action.changes) - CHANGES_SHOWN_MAX
    return clean("; ".join(shown) + (f" and {more} more" if more > 0 else ""))


def _next(plan: Plan, out: str | None) -> str:
    if out:
        return f"written to {out}\nnext: sync apply {out}"
    return "next: sync reconcile" if plan.actions or not plan.scans else "next: nothing"
