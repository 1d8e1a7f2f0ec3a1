"""What another matching policy would change, as text."""

from __future__ import annotations

from collections import Counter

from cli.render.table import clean, table
from cli.render.words import many
from engine.reconciler.rematching import APART, Difference
from engine.workflows.rematch import Rematched

SHOWN_MAX = 100

_BECOMES = {
    ("link", "ask"): ("link", "a question"),
    ("link", "reject"): ("link", "taken back"),
    ("merge", "ask"): ("merge", "a question"),
    ("merge", "reject"): ("merge", "taken back"),
    ("question", "accept"): ("question", "answered yes"),
    ("question", "reject"): ("question", "answered no"),
    ("recording", "accept"): ("pair of recordings", "one"),
    ("recording", "ask"): ("pair of recordings", "asked about"),
}
_SEVERAL = {"pair of recordings": "pairs of recordings"}


def rematch_text(found: Rematched, *, whole: bool, out: str | None) -> str:
    """Give what would change, counted and listed, and how to go on."""
    replay = found.replay
    head = f"{many(replay.replayed, 'decision')} made again under {replay.policy_version}"
    kept = f"{replay.by_person:,} made by a person left alone"
    if not replay.differences:
        return f"{head}; nothing would change; {kept}"
    counts = Counter((each.kind, each.now) for each in replay.differences)
    told = [f"  {_becomes(key, count)}" for key, count in sorted(counts.items())]
    shown = replay.differences if whole else replay.differences[:SHOWN_MAX]
    rows = [_row(found, each) for each in shown]
    parts = [f"{head}; {kept}; {many(len(replay.differences), 'change')}:", "\n".join(told)]
    parts.append(table(("what", "newer", "older", "was", "now", "by"), rows))
    if len(shown) < len(replay.differences):
        parts.append(f"and {len(replay.differences) - len(shown):,} more; `sync -v rematch` shows all")
    parts.append(_next(found, out))
    return "\n\n".join(parts)


def _becomes(key: tuple[str, str], count: int) -> str:
    noun, becomes = _BECOMES[key]
    return f"{many(count, noun, _SEVERAL.get(noun, ''))} would be {becomes}"


def _row(found: Rematched, each: Difference) -> tuple[str, str, str, str, str, str]:
    newer, older = (clean(found.labels.get(key, key)) for key in (each.newer, each.older))
    return (each.kind, newer, older, _was(each), each.now, each.rule.replace("_", " "))


def _was(each: Difference) -> str:
    return "two" if each.was == APART else each.was


def _next(found: Rematched, out: str | None) -> str:
    lines = [f"written to {out}"] if out else []
    if not found.in_force:
        lines.append(
            "the settings in force are others, and every run decides by those: to keep it so, put the [matching] table "
            "into cratelog.toml, then make the plan; a plan made before is refused after"
        )
    if out:
        lines.append(f"next: sync apply {out}")
    elif found.replay.decisions:
        lines.append("next: sync rematch --policy FILE --plan PLAN writes the plan of it; nothing has changed")
    else:
        lines.append("next: nothing to plan; open questions settle by themselves once the policy is in force")
    return "\n".join(lines)
