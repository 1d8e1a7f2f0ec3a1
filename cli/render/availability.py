"""Availability as text: a table with a strip of time for each track, or the whole story of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cli.render.table import clean, table
from cli.render.words import day, many, moment, span
from engine.domain.failure import Availability
from engine.workflows.availability import (
    Alternative,
    AvailabilityQuestion,
    AvailabilityReport,
    Summary,
    Timeline,
    Transition,
)

ALTERNATIVES_SHOWN_MAX = 3
STRIP_CELLS = 23
"""As wide as the two days above it."""
UNSEEN = "·"
SIGNS = {
    Availability.AVAILABLE: "■",
    Availability.GEO_BLOCKED: "G",
    Availability.DRM_PROTECTED: "D",
    Availability.PREVIEW_ONLY: "P",
    Availability.PRIVATE: "L",
    Availability.AGE_GATED: "A",
    Availability.MEMBERS_ONLY: "M",
    Availability.GONE: "X",
    Availability.METADATA_ONLY: "-",
    Availability.UNKNOWN: "?",
}
_WORDS = {"drm_protected": "DRM-protected", "metadata_only": "metadata only", "preview_only": "preview only"}
_PLAIN = (Availability.AVAILABLE, Availability.UNKNOWN)


def availability_text(found: AvailabilityReport, question: AvailabilityQuestion) -> str:
    """Give a table and what it comes to; of one track, every change instead."""
    if not found.timelines:
        return _nothing(question)
    begin_us = _begin_us(found)
    strips = {each.ref: strip(each.transitions, begin_us, found.until_us) for each in found.timelines}
    legend = _legend(strips.values(), (found.until_us - begin_us) / STRIP_CELLS)
    if question.thing:
        ends = (day(begin_us), day(found.until_us))
        stories = [
            _story(timeline, "  ".join((ends[0], strips[timeline.ref], ends[1]))) for timeline in found.timelines
        ]
        return "\n\n".join((*stories, legend))
    rows = [
        (
            timeline.label,
            timeline.source,
            strips[timeline.ref],
            _state(timeline.now),
            moment(timeline.since_us),
            "file" if timeline.has_file else None,
            _elsewhere(timeline),
        )
        for timeline in found.timelines
    ]
    head = ("track", "source", f"{day(begin_us)} … {day(found.until_us)}", "now", "since", "here", "elsewhere")
    parts = [table(head, rows), legend]
    parts.append("\n".join(_said(line, found.since_us) for line in found.summary))
    parts.append(_next(found))
    return "\n\n".join(part for part in parts if part)


def strip(steps: Sequence[Transition], begin_us: int, until_us: int) -> str:
    """Draw how a track was over a time, the last sign being how it is; what was withheld for a moment shows too."""
    if len(steps) == 1 and steps[0].recorded_us <= begin_us:
        return SIGNS[steps[0].after] * STRIP_CELLS
    cell_us = max(1, (until_us - begin_us) / STRIP_CELLS)
    return "".join(
        _sign(steps, begin_us + at * cell_us, begin_us + (at + 1) * cell_us, at) for at in range(STRIP_CELLS)
    )


def _sign(steps: Sequence[Transition], from_us: float, to_us: float, at: int) -> str:
    last = at == STRIP_CELLS - 1
    before = [step.after for step in steps if step.recorded_us < from_us]
    within = [step.after for step in steps if from_us <= step.recorded_us and (last or step.recorded_us < to_us)]
    if last or not within:
        held = (before + within)[-1:]
    else:
        held = [state for state in within if state not in _PLAIN][-1:] or within[-1:]
    return SIGNS[held[0]] if held else UNSEEN


def _begin_us(found: AvailabilityReport) -> int:
    first_us = min(timeline.transitions[0].recorded_us for timeline in found.timelines)
    return max(first_us, found.since_us or 0)


def _legend(strips: Iterable[str], cell_us: float) -> str:
    drawn = set().union(*strips)
    named = [f"{sign} {_state(state)}" for state, sign in SIGNS.items() if sign in drawn]
    named += [f"{UNSEEN} not seen yet"] if UNSEEN in drawn else []
    return f"{', '.join(named)}; a sign stands for {span(cell_us)}"


def _nothing(question: AvailabilityQuestion) -> str:
    if question.changed_since is not None:
        return "nothing changed since then"
    if question.now is not None:
        return f"nothing is {question.now.replace('_', ' ')} now"
    return "no source has described it yet" if question.thing else "nothing that was seen is withheld"


def _state(state: str) -> str:
    return _WORDS.get(state, state.replace("_", " "))


def _elsewhere(timeline: Timeline) -> str | None:
    return timeline.alternatives[0].ref if timeline.alternatives else None


def _said(line: Summary, since_us: int | None) -> str:
    tracks = many(line.tracks, "track")
    if since_us is None:
        return f"{tracks} of “{clean(line.playlist)}” {'is' if line.tracks == 1 else 'are'} {_state(line.state)}"
    return f"{tracks} of “{clean(line.playlist)}” became {_state(line.state)} since {moment(since_us)}"


def _next(found: AvailabilityReport) -> str:
    commands = dict.fromkeys(a.command.split(" q")[0] for t in found.timelines for a in t.alternatives if a.command)
    shown = "; ".join((*commands, "sync availability TRACK tells the story of one"))
    return f"files that are here stay, whatever becomes of their source\nnext: {shown}"


def _story(timeline: Timeline, drawn: str) -> str:
    lines = [f"{clean(timeline.label)}  ({timeline.ref})", f"{'':>7}  {drawn}"]
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
