"""Observe targets: scan every kind of object of every target, and recognise what is ours there and carries no key."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.failure import Problem
from engine.workflows.observe import known_to_targets, observe_target
from engine.workflows.observe_sources import heed_stop
from engine.workflows.recognise import recognise
from engine.workflows.run import Run
from engine.workflows.world import World


def observe_targets(
    world: World, run: Run, accept_shrink: Sequence[str] = (), *, look_closer: bool = True
) -> dict[str, Problem]:
    """Scan every kind of object of every target, and recognise what is ours there and carries no key.

    `look_closer` is False where what sources show is read after this, and recognising comes later.
    """
    problems: dict[str, Problem] = {}
    scans = [(target, kind) for target in world.targets.values() for kind in target.kinds]
    known = known_to_targets(world)
    with run.stage("targets", len(scans)):
        for target, kind in scans:
            heed_stop(world)
            scope = f"{target.name}:{kind}"
            problem = observe_target(world, run, target, kind, known, accept_shrink=scope in accept_shrink)
            if problem is not None:
                problems[scope] = problem
            world.progress.advance(scope)
    if look_closer:
        recognise(world, run)
    return problems
