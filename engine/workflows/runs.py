"""Lists runs and shows one: what it appended, what came of its actions, what it asked of remotes."""

from __future__ import annotations

from collections import Counter

from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import ActionRow, Run
from engine.projections.state import State
from engine.workflows.lookup import find_one


class RunDetail(Value, frozen=True):
    """One run, what it appended and the actions it touched last."""

    run: Run
    events: dict[str, int]
    actions: tuple[ActionRow, ...]
    cut_off: bool  # it began and never ended in order


def runs(state: State, limit: int | None = None) -> tuple[Run, ...]:
    """Give the runs, newest first."""
    return tuple(sorted(state.runs.values(), key=lambda row: -row.first_seq))[:limit]


def run(journal: Journal, state: State, thing: str) -> RunDetail:
    """Give one run by its id, the start of its id, or `last`.

    Raises:
        UsageError: there is no such run, or several are meant.
    """
    newest = runs(state, 1)
    meant = newest[0].run_id if thing == "last" and newest else find_one(state, thing, ("run",)).key
    events = Counter(recorded.event.TYPE for recorded in journal.read(run_id=meant, until=state.head_seq or None))
    return RunDetail(
        run=state.runs[meant],
        events=dict(sorted(events.items())),
        actions=tuple(sorted((a for a in state.actions.values() if a.run_id == meant), key=lambda a: a.last_seq)),
        cut_off=state.runs[meant].finished_us is None,
    )
