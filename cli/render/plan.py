"""A plan as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from cli.render.table import clean, table
from cli.render.words import many, moment
from engine.domain.plan import Action, Plan, Waiting
from engine.workflows.lookup import EVERYTHING_KEY
from engine.workflows.narrate import short

ACTIONS_SHOWN_MAX = 200
CHANGES_SHOWN_MAX = 4
WAITING_NAMED_MAX = 3


def plan_text(plan: Plan, out: str | None, label: Callable[[str], str] = str, *, whole: bool = False) -> str:
    """Give the summary, every action with its reason, the guards, what waits, and how to go on.

    Args:
        plan: the plan.
        out: the file it was written to.
        label: gives the name of an object by its key.
        whole: whether to name everything that waits, and why.
    """
    parts = [f"plan {plan.digest[:12]} at event {plan.head_seq:,}: {_summary(plan)}"]
    if plan.actions:
        rows = [(a.kind.value, label(a.key), changes_text(a), a.reason) for a in plan.actions[:ACTIONS_SHOWN_MAX]]
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
    asked = {wait.key for wait in plan.waiting if wait.why == "asked"}
    if asked:
        parts.append(f"{many(len(asked), 'recording waits', 'recordings wait')} for your answer: sync review")
    if plan.waiting:
        parts.append(_waiting(plan.waiting, label, whole=whole))
    parts.append(_next(plan, out))
    return "\n\n".join(parts)


def _waiting(waiting: tuple[Waiting, ...], label: Callable[[str], str], *, whole: bool) -> str:
    groups: defaultdict[str, list[Waiting]] = defaultdict(list)
    for wait in waiting:
        groups[wait.why].append(wait)
    lines = ["waiting:"]
    for why, waits in sorted(groups.items()):
        named = [_waiter(wait, label) for wait in waits]
        if whole:
            lines.append(f"  {why}: {len(waits):,}")
            lines += [f"    {_waiter(wait, label)}: {clean(wait.detail)}{_until(wait.until_us)}" for wait in waits]
            continue
        more = len(named) - WAITING_NAMED_MAX
        shown = ", ".join(named[:WAITING_NAMED_MAX]) + (f" and {more:,} more" if more > 0 else "")
        first_us = min((wait.until_us for wait in waits if wait.until_us is not None), default=None)
        lines.append(f"  {why}: {len(waits):,} – {shown}{_until(first_us)}")
    return "\n".join(lines) + ("" if whole else "\n  (`sync -v plan` says why each one waits)")


def _waiter(wait: Waiting, label: Callable[[str], str]) -> str:
    place = f"{wait.target} {wait.object_kind}"
    return place if wait.key == EVERYTHING_KEY else f"{clean(label(wait.key))} ({place})"


def _until(until_us: int | None) -> str:
    return f"; next try {moment(until_us)}" if until_us is not None else ""


def _summary(plan: Plan) -> str:
    said = ", ".join(f"{count:,} {name}" for name, count in plan.summary.items() if count)
    return said or ("nothing to do" if plan.scans else "nothing is known yet")


def changes_text(action: Action) -> str:
    """Give the first changes of an action, from what to what."""
    shown = [f"{c.field}: {short(c.before)} → {short(c.after)}" for c in action.changes[:CHANGES_SHOWN_MAX]]
    more = len(action.changes) - CHANGES_SHOWN_MAX
    return clean("; ".join(shown) + (f" and {more} more" if more > 0 else ""))


def _next(plan: Plan, out: str | None) -> str:
    if out:
        return f"written to {out}\nnext: sync apply {out}"
    if not plan.scans:
        return "nothing has been looked at yet: run `sync reconcile`, or `sync plan --look` to see what it would do"
    return "next: sync reconcile" if plan.actions else "next: nothing"
