"""A diagnosis as text."""

from __future__ import annotations

from cli.render.table import clean
from cli.render.words import many
from engine.workflows.doctor import Diagnosis, Verdict

MARKS = {Verdict.FINE: "ok   ", Verdict.NOTE: "note ", Verdict.BROKEN: "FIX  "}


def doctor_text(found: Diagnosis) -> str:
    """Give one line a finding, with its fix below it."""
    lines = []
    for finding in found.findings:
        lines.append(f"{MARKS[finding.verdict]}{finding.check}: {clean(finding.detail)}")
        if finding.fix:
            lines.append(f"     → {clean(finding.fix)}")
    broken = sum(1 for finding in found.findings if finding.verdict is Verdict.BROKEN)
    lines.append(f"\n{many(broken, 'thing')} to fix" if broken else "\nnothing to fix")
    return "\n".join(lines)
