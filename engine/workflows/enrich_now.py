"""Enrich now: ask providers for facts because a person wants them asked, in a run that plans and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.domain.errors import ExitCode, UsageError
from engine.domain.failure import Patience, Problem, patience
from engine.projections.state import State
from engine.reconciler.merging import canonical_ids
from engine.workflows.enrich import TOLD, UNTOLD, enrich
from engine.workflows.lookup import find_one
from engine.workflows.reconcile import Reconciled
from engine.workflows.run import running
from engine.workflows.world import World


def enrich_now(
    world: World, thing: str | None = None, arguments: Sequence[str] = (), *, again: bool = False
) -> Reconciled:
    """Ask about a recording, a playlist, or whatever is due; gives the run, for its report.

    Args:
        world: the ports.
        thing: the recording or playlist that is meant.
        arguments: the command line, for the record.
        again: whether everybody is asked anew, whenever they were last asked.

    Raises:
        UsageError: nobody is named to be asked, or nothing, or several things, are meant.
        LockHeldError: another live process runs on this journal.
    """
    if not world.policy.enrichment.providers:
        raise UsageError("nobody is named to be asked", hint="set enrichment.providers: docs/enrichment.md")
    only = None if thing is None else _meant(world.journal.state(), thing)
    with running(world, "enrich", arguments) as run:
        problems = enrich(world, run, only, again=again)
        run.exit_code = _exit_code(problems.values(), worked=bool(run.counts[TOLD] or run.counts[UNTOLD]))
    return Reconciled(run_id=run.run_id, exit_code=run.exit_code, problems=problems)


def _meant(state: State, thing: str) -> frozenset[str]:
    found = find_one(state, thing, ("recording", "playlist"))
    into = canonical_ids(state.recordings)
    if found.kind == "recording":
        return frozenset({into.get(found.key, found.key)})
    seen = (state.sightings.get(ref) for ref in state.playlists[found.key].entries)
    keys = (row.recording_id for row in seen if row and row.recording_id)
    return frozenset(into.get(key, key) for key in keys)


def _exit_code(problems: Iterable[Problem], *, worked: bool) -> ExitCode:
    patiences = {patience(problem.failure) for problem in problems}
    if not patiences:
        return ExitCode.FINE
    return ExitCode.TRY_LATER if patiences == {Patience.BACKOFF} and not worked else ExitCode.PARTIAL
