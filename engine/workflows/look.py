"""Looks, as a run of its own: reads sources and targets, appends what differs, and sends no write to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.errors import ExitCode
from engine.domain.failure import Patience, Problem, patience
from engine.workflows.reconcile import observe
from engine.workflows.run import running
from engine.workflows.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look came to: its run, and what could not be looked at, by scope."""

    run_id: str
    exit_code: ExitCode
    problems: dict[str, Problem]


def look(world: World, arguments: Sequence[str] = ()) -> Looked:
    """Read every source and every target once, so that a plan rests on what is there now.

    Raises:
        LockHeldError: another live process runs on this journal.
        InterruptedRunError: the person asked to stop; what was seen so far is recorded.
    """
    with running(world, "observe", arguments) as run:
        problems = observe(world, run)
        run.exit_code = _exit_code(problems)
    return Looked(run_id=run.run_id, exit_code=run.exit_code, problems=problems)


def _exit_code(problems: dict[str, Problem]) -> ExitCode:
    if not problems:
        return ExitCode.FINE
    passing = all(patience(problem.failure) is Patience.BACKOFF for problem in problems.values())
    return ExitCode.TRY_LATER if passing else ExitCode.PARTIAL
