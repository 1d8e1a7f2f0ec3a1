"""Where everything stands at one journal position, as a value: what a status found, before anybody advises on it."""

from __future__ import annotations

from engine.domain.value import Value
from engine.projections.rows import Run
from engine.workflows.logins import LoginStanding


class ScopeStatus(Value, frozen=True):
    """What the last scans of one scope came to; the label is a playlist's name, or the address a person typed."""

    scope: str
    label: str
    complete: bool
    count: int
    last_us: int
    failures: int
    problem: str | None
    hint: str
    declared: int | None = None  # how many the source says there are
    unchanged: bool = False  # by its change token; nothing was listed again


class Status(Value, frozen=True):
    """Where everything stands at one journal position."""

    journal_id: str
    head_seq: int
    recordings: int
    with_file: int
    without_file: int
    lost_files: int
    dismissed: int
    files: int
    playlists: int
    playlists_held: int
    availability: dict[str, int]
    actions: dict[str, int]
    failures: dict[str, int]
    conflicts: int
    questions: int
    held_back: int  # objects of which an undo keeps something from being done again
    runs: int
    last_run: Run | None
    scopes: tuple[ScopeStatus, ...]
    stopped: dict[str, int]  # remote → until when its writes are stopped, us
    next: tuple[str, ...]
    logins: tuple[LoginStanding, ...] = ()
