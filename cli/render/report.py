"""A run's report as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from cli.render.table import clean, facts, table
from cli.render.words import many, moment, tally
from engine.domain.failure import FailureClass, Patience, patience
from engine.workflows.report import RunReport, Trouble
from engine.workflows.report_seen import Link, ListChange

TITLES_SHOWN_MAX = 5
_AT_ONCE_US = 60_000_000
"""How far apart next tries may be that are told as one: a minute, which is what a run may take to meet them all."""
INTERRUPTED = 130


def report_text(found: RunReport) -> str:
    """Give what was done, what was checked, what did not work and what comes next."""
    took_s = (found.finished_us - found.started_us) / 1_000_000 if found.finished_us else None
    ended = "not in order, or not yet" if found.exit_code is None else f"exit code {found.exit_code}"
    command = " ".join((found.command, *found.arguments))
    writes = sum(found.done.values())
    pairs = (
        ("run", f"{found.run_id}  {command}"),
        ("began", moment(found.started_us) + (f", took {took_s:.1f} s" if took_s is not None else "")),
        ("ended", ended),
        ("seen anew", _seen(found.observed) or "nothing"),
        ("done", tally(found.done) or "nothing to do: 0 writes"),
        ("searched", _searched(found)),
        ("facts", _facts(found)),
        ("requests", tally(found.requests)),
    )
    parts = [facts(pairs)]
    if found.chain:
        parts.append(chain_text(found.chain))
    if found.playlists:
        parts.append("playlists:\n" + "\n".join(_changed(change) for change in found.playlists))
    if found.gates:
        parts.append(
            table(("check", "", "evidence"), [(gate.name, gate.verdict, gate.evidence) for gate in found.gates])
        )
    if found.troubles:
        parts.append(f"did not work:\n{troubles_text(found.troubles)}")
    if found.unavailable:
        parts.append(
            "cannot be had:\n" + "\n".join(_titles(state, titles) for state, titles in found.unavailable.items())
        )
    if ending := [login for login in found.logins if login.holds]:  # what is over stands among the troubles
        parts.append("\n".join(f"{login.source}: {login.detail}: {login.remedy}" for login in ending))
    parts.append(_next(found, writes))
    return "\n\n".join(parts)


def _searched(found: RunReport) -> str | None:
    """Say what searches for audio came to, where any was made, and how many are left for the next run."""
    came_to = {
        "accepted": "found",
        "asked": "to be asked about",
        "none": "found nowhere",
        "unanswered": "without every answer",
    }
    said = [f"{count:,} {word}" for kind, word in came_to.items() if (count := found.counts.get(f"resolved_{kind}", 0))]
    left = found.counts.get("resolution_left", 0)
    later = f"{left:,} to be looked for in the next run" if left else ""
    return "; ".join(part for part in (f"for audio: {', '.join(said)}" if said else "", later) if part) or None


def _facts(found: RunReport) -> str | None:
    """Say what providers of facts told, where any was asked."""
    told, untold = found.counts.get("enriched", 0), found.counts.get("not_enriched", 0)
    if not told and not untold:
        return None
    left = found.counts.get("enrichment_left", 0)
    said = f"{many(told, 'answer')} with facts, {untold:,} without"
    return f"{said}; {many(left, 'recording')} still to be asked about" if left else said


def chain_text(links: tuple[Link, ...]) -> str:
    """Give the links of a chain with what became of each."""
    rows = [
        (
            link.link,
            link.result.replace("_", " "),
            link.new or None,
            link.failure.replace("_", " ") if link.failure else None,
            link.detail,
            f"{link.took_ms / 1000:.1f} s" if link.result != "skipped" else None,
        )
        for link in links
    ]
    return table(("link", "result", "new", "class", "why", "took"), rows)


def _seen(observed: Mapping[str, int]) -> str:
    return ", ".join(many(observed[each], *_SEEN[each]) for each in _SEEN if observed.get(each))


_SEEN: Mapping[str, tuple[str, str]] = {
    "track.seen": ("track", "tracks"),
    "track.availability_changed": ("change of what a source gives", "changes of what a source gives"),
    "rendition.verified": ("file", "files"),
    "remote.seen": ("row, item or folder", "rows, items and folders"),
}
"""What kinds of observation are called."""


def _changed(change: ListChange) -> str:
    counts = ((change.added, "new"), (change.removed, "gone"), (change.moved, "moved"))
    said = ", ".join(f"{count:,} {word}" for count, word in counts if count) or (
        "the same entries" if change.entries else ""
    )
    size = many(change.entries, "entry", "entries") if change.entries else "empty"
    renamed = f", was called “{clean(change.renamed)}”" if change.renamed else ""
    return f"  {clean(change.name)}: {said}{'; ' if said else ''}{size}{renamed}"


def troubles_text(troubles: tuple[Trouble, ...]) -> str:
    """Give each trouble once, with whom it befell before it and its way out below it."""
    met: list[tuple[Trouble, list[str]]] = []
    alike: defaultdict[tuple[str, str, str], list[tuple[Trouble, list[str]]]] = defaultdict(list)
    for trouble in troubles:
        known = alike[trouble.failure, trouble.detail, trouble.hint]
        subjects = next((subjects for first, subjects in known if _at_once(first, trouble)), None)
        if subjects is None:
            met.append((trouble, [trouble.subject]))
            known.append(met[-1])
        else:
            subjects.append(trouble.subject)
    return "\n".join(_trouble(trouble, subjects) for trouble, subjects in met)


def _at_once(one: Trouble, other: Trouble) -> bool:
    return abs((one.next_try_us or 0) - (other.next_try_us or 0)) <= _AT_ONCE_US


def _trouble(trouble: Trouble, subjects: Sequence[str]) -> str:
    again = f"; next try {moment(trouble.next_try_us)}" if trouble.next_try_us else ""
    hint = f"\n    → {clean(trouble.hint)}" if trouble.hint else ""
    return f"  {_some(subjects)}: {trouble.failure.replace('_', ' ')}: {clean(trouble.detail)}{again}{hint}"


def _titles(state: str, titles: tuple[str, ...]) -> str:
    return f"  {state.replace('_', ' ')}: {_some(titles)}"


def _some(titles: Sequence[str]) -> str:
    shown = ", ".join(clean(title) for title in titles[:TITLES_SHOWN_MAX])
    return f"{shown} and {len(titles) - TITLES_SHOWN_MAX:,} more" if len(titles) > TITLES_SHOWN_MAX else shown


def _next(found: RunReport, writes: int) -> str:
    if found.exit_code in (None, INTERRUPTED):
        return "next: run it again: it goes on where it was stopped"
    if found.command == "enrich" and not found.troubles:
        return _after_asking(found)
    if found.open_conflicts or found.open_questions:
        decide = f"{found.open_conflicts} to decide: sync conflicts" if found.open_conflicts else ""
        answer = f"{found.open_questions} to answer: sync review" if found.open_questions else ""
        return "next: " + "; ".join(part for part in (decide, answer) if part)
    if any(not _passes(trouble) for trouble in found.troubles):
        return "next: mend what did not work, then sync reconcile"
    if found.troubles:
        return "next: sync reconcile again later, or let cron do it"
    return "next: sync status" if writes else "next: nothing"


def _after_asking(found: RunReport) -> str:
    if found.counts.get("enrichment_left"):
        return "next: sync enrich goes on; sync reconcile shows what was told"
    return "next: sync reconcile shows what was told" if found.counts.get("enriched") else "next: nothing"


def _passes(trouble: Trouble) -> bool:
    """Say whether waiting is all there is to do: a next try is known, or such trouble passes by itself."""
    known = trouble.failure in list(FailureClass)
    return bool(trouble.next_try_us) or (known and patience(FailureClass(trouble.failure)) is Patience.BACKOFF)
