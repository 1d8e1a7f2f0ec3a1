"""Availability as text: a table of what cannot be had, or the whole story of one track."""

from __future__ import annotations

from cli.render.table import clean, table
from cli.render.words import many, moment
from engine.workflows.availability import (
    Alternative,
    AvailabilityReport,
    Summary,
    Timeline,
    Transition,
)

ALTERNATIVES_SHOWN_MAX = 3
_WORDS = {"drm_protected": "DRM-protected", "metadata_only": "metadata only", "preview_only": "preview only"}


def availability_text(found: AvailabilityReport, *, whole: bool) -> str:
    """Give a table and what it comes to; `whole` tells every change instead."""
    if not found.timelines:
        return _nothing(found)
    if whole:
        return "\n\n".join(_story(timeline) for timeline in found.timelines)
    rows = [
        (
            timeline.label,
            timeline.source,
            _state(timeline.now),
            moment(timeline.since_us),
            _before(timeline),
            "file" if timeline.has_file else None,
            _elsewhere(timeline),
        )
        for timeline in found.timelines
    ]
    parts = [table(("track", "source", "now", "since", "before", "here", "elsewhere"), rows)]
    parts.append("\n".join(_said(line, found.since_us) for line in found.summary))
    parts.append(_next(found))
    return "\n\n".join(part for part in parts if part)


def _nothing(found: AvailabilityReport) -> str:
    return "nothing changed since then" if found.since_us is not None else "nothing that was seen is withheld"


def _state(state: str) -> str:
    return _WORDS.get(state, state.replace("_", " "))


def _before(timeline: Timeline) -> str:
    before = timeline.transitions[-1].before
    return _state(before) if before else "first seen so"


def _elsewhere(timeline: Timeline) -> str | None:
    return timeline.alternatives[0].ref if timeline.alternatives else None


def _said(line: Summary, since_us: int | None) -> str:
    tracks = many(line.tracks, "track")
    if since_us is None:
        return f"{tracks} of “{clean(line.playlist)}” {'is' if line.tracks == 1 else 'are'} {_state(line.state)}"
    return f"{tracks} of “{clean(line.playlist)}” became {_state(line.state)} since {moment(since_us)}"


def _next(found: AvailabilityReport) -> str:
    commands = dict.fromkeys(a.command.split(" q")[0] for t in found.timelines for a in t.alternatives if a.command)
    shown = "; ".join((*commands, "sync availability TRACK tells one's story"))
    return f"files that are here stay, whatever becomes of their source\nnext: {shown}"


def _story(timeline: Timeline) -> str:
    lines = [f"{clean(timeline.label)}  ({timeline.ref})"]
    lines += [_step(step) for step in timeline.transitions]
    for other in timeline.alternatives[:ALTERNATIVES_SHOWN_MAX]:
        lines.append(_other(other))
    return "\n".join(lines)


def _step(step: Transition) -> str:
    change = f"{_state(step.before)} → {_state(step.after)}" if step.before else f"first seen: {_state(step.after)}"
    ways = f" (tried {', '.join(step.ways)})" if step.ways else ""
    evidence = f": {clean(step.evidence)}" if step.evidence else ""
    return f"{step.seq:>7}  {moment(step.recorded_us)}  {change}, by {step.by}{evidence}{ways}"


def _other(other: Alternative) -> str:
    command = f"  → {other.command}" if other.command else ""
    return f"         elsewhere: {clean(other.label)}, {other.ref} ({clean(other.why)}){command}"
