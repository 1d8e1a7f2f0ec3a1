"""Runs and stories as text."""

from __future__ import annotations

from cli.render.table import clean, facts, table
from cli.render.words import many, moment, tally
from engine.projections.rows import Run
from engine.workflows.runs import RunDetail
from engine.workflows.why import Step, Story

TEXT_SHOWN_MAX = 200
"""A longer sentence is a remote's whole answer; `--json` has all of it."""
DETAILS_INDENT = 32


def runs_text(rows: tuple[Run, ...]) -> str:
    """Give a table of runs."""
    if not rows:
        return "no runs yet\nnext: sync plan, then sync reconcile"
    lines = [
        (row.run_id, moment(row.started_us), _said(row), _took(row), _ending(row), tally(row.counts)) for row in rows
    ]
    return table(("run", "began", "command", "took", "ended", "outcomes"), lines)


def run_text(found: RunDetail) -> str:
    """Give one run's facts, events and actions."""
    row = found.run
    parts = [
        facts(
            (
                ("run", row.run_id),
                ("command", _said(row)),
                ("began", moment(row.started_us)),
                ("took", _took(row)),
                ("ended", _ending(row)),
                ("outcomes", tally(row.counts)),
                ("requests", tally(row.requests)),
                ("stages", ", ".join(f"{name} {ms / 1000:.1f} s" for name, ms in row.stages.items())),
                ("events", tally(found.events)),
                ("checkpoints", len(row.checkpoints)),
            )
        )
    ]
    if found.actions:
        lines = [
            (a.action_id[:8], a.kind, a.key, a.state.value, a.problem.detail if a.problem else "")
            for a in found.actions
        ]
        parts.append(table(("action", "kind", "object", "state", "problem"), lines))
    return "\n\n".join(parts)


def story_text(story: Story) -> str:
    """Give a timeline: each event with what led to it, a new line for each run."""
    lines = [f"{story.thing.kind} {story.thing.key}  {clean(story.thing.label)}", ""]
    run: str | None = None
    for step in story.steps:
        if step.run_id != run:
            run = step.run_id
            lines.append(f"── run {run}" if run else "── outside a run")
        lines.append(_step(step))
    lines.append(f"\n{many(len(story.steps), 'event')}; `sync sql track_history -p thing=…` gives them raw")
    return "\n".join(lines)


def _step(step: Step) -> str:
    because = f"  ← {', '.join(str(seq) for seq in step.causes)}" if step.causes else ""
    told = clean(step.text)
    shown = told if len(told) <= TEXT_SHOWN_MAX else told[: TEXT_SHOWN_MAX - 1] + "…"
    lines = [f"{step.seq:>7}  {moment(step.recorded_us)}  {shown}{because}"]
    return "\n".join((*lines, *(f"{'':{DETAILS_INDENT}}{clean(line)}" for line in step.details)))


def _said(row: Run) -> str:
    return " ".join((row.command, *row.arguments))


def _took(row: Run) -> str:
    return "" if row.finished_us is None else f"{(row.finished_us - row.started_us) / 1_000_000:.1f} s"


def _ending(row: Run) -> str:
    return "not in order" if row.exit_code is None else f"exit {row.exit_code}"
