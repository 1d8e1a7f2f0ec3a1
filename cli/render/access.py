"""Ways and what they came to, as text."""

from __future__ import annotations

from cli.render.table import clean, table
from cli.render.words import moment
from engine.workflows.ways import AddressTrial, WayRow, WayTrial


def ways_text(rows: tuple[WayRow, ...]) -> str:
    """Give a table of ways in the order of the settings, and what each last failed with."""
    lines = [(row.source, row.way, row.country, row.via, _health(row), _when(row)) for row in rows]
    parts = [table(("source", "way", "country", "via", "last", "since"), lines)]
    parts += [f"{row.source}/{row.way}: {clean(row.detail)}" for row in rows if row.detail]
    if {row.way for row in rows} == {"direct"}:
        parts.append("next: add an [[access]] profile to cratelog.toml (docs/access.md)")
    else:
        parts.append("next: sync access test URL shows which way leads there")
    return "\n\n".join(parts)


def _health(row: WayRow) -> str:
    if row.works is None:
        return "not taken yet" if row.way != "direct" else "works, as far as is known"
    return "works" if row.works else f"fails: {_words(row.failure or '')}"


def _when(row: WayRow) -> str:
    return moment(row.last_us) if row.last_us is not None else ""


def trial_text(found: AddressTrial) -> str:
    """Give a table of what each way came to, why, and which one a run would take."""
    lines = [
        (trial.way, trial.country, trial.result, _words(trial.listing), _words(trial.audio)) for trial in found.trials
    ]
    parts = [found.url, table(("way", "country", "result", "listing", "audio"), lines)]
    parts += [_why(trial, stuck=found.taken is None) for trial in found.trials if trial.detail]
    parts.append(f"a run would take: {found.taken}" if found.taken is not None else "no way leads there")
    return "\n\n".join(parts)


def _why(trial: WayTrial, *, stuck: bool) -> str:
    hint = f"\n  → {clean(trial.hint)}" if trial.hint and (stuck or trial.own_fault) else ""
    return f"{trial.way}: {clean(trial.detail)}{hint}"


def _words(name: str) -> str:
    return name.replace("_", " ")
