"""Link: decide which recording each new sighting is, and append the decisions."""

from __future__ import annotations

from engine.domain.envelope import Draft
from engine.reconciler.identity import unlinked
from engine.workflows.run import Run
from engine.workflows.world import World

LINK_BATCH = 500
"""Decisions per append; a batch is one transaction."""


def link(world: World, run: Run) -> int:
    """Append a decision for every sighting without one; gives how many there were."""
    decisions = unlinked(world.journal.state(only=("sightings", "playlists")))
    for start in range(0, len(decisions), LINK_BATCH):
        batch = decisions[start : start + LINK_BATCH]
        run.append([Draft(event=decision) for decision in batch])
    return len(decisions)
