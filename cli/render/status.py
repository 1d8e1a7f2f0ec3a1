"""The status as text."""

from __future__ import annotations

from cli.render.table import facts, table
from cli.render.words import many, moment, tally
from engine.workflows.standing import ScopeStatus, Status


def status_text(found: Status) -> str:
    """Give the facts, the scans, and what to do next."""
    held = f", {found.playlists_held} not believed" if found.playlists_held else ""
    dismissed = f", {found.dismissed} dismissed" if found.dismissed else ""
    last = found.last_run
    pairs = (
        ("journal", f"{found.journal_id} at event {found.head_seq:,}"),
        ("playlists", f"{found.playlists:,}{held}"),
        (
            "recordings",
            f"{found.recordings:,}: {found.with_file:,} with a file, {found.without_file:,} without{dismissed}",
        ),
        ("files", many(found.files, "file") + (f", {found.lost_files} lost" if found.lost_files else "")),
        ("not available", tally(found.availability)),
        ("actions", tally(found.actions)),
        ("failures", tally(found.failures)),
        ("conflicts", found.conflicts or None),
        ("questions", found.questions or None),
        ("undone", many(found.held_back, "object") + " left so: sync -v plan" if found.held_back else None),
        ("stopped", ", ".join(f"{remote} until {moment(until)}" for remote, until in found.stopped.items())),
        *((login.source, login.detail) for login in found.logins),
        ("last run", f"{last.command} {moment(last.started_us)}, {_ending(last.exit_code)}" if last else "none yet"),
    )
    parts = [facts(pairs)]
    if found.scopes:
        rows = [(scope.label, _count(scope), moment(scope.last_us), _result(scope)) for scope in found.scopes]
        parts.append(table(("scan", "seen", "when", "result"), rows))
    parts.append("next: " + "\n      ".join(found.next or ("nothing needs you",)))
    return "\n\n".join(parts)


def _count(scope: ScopeStatus) -> str | int:
    return scope.count if scope.declared in (None, scope.count) else f"{scope.count:,} of {scope.declared:,}"


def _result(scope: ScopeStatus) -> str:
    if not scope.complete:
        return scope.problem or "cut short"
    return "unchanged" if scope.unchanged else "complete"


def _ending(exit_code: int | None) -> str:
    return "not ended in order" if exit_code is None else f"exit code {exit_code}"
