"""Link: decide which recording each new sighting is, and what became of open questions; append the decisions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from engine.domain.events import Event
from engine.reconciler.identity import new_sightings, unlinked
from engine.reconciler.reconsidering import READS, open_questions, reconsider
from engine.workflows.questions import asked_news
from engine.workflows.run import Run
from engine.workflows.world import World

LINK_BATCH = 500
"""Decisions per append; a batch is one transaction."""

LINKED_BY: tuple[str, ...] = ("sightings", "playlists", "recordings", "renditions", "questions")
"""The projections that new sightings are decided from."""


def link(world: World, run: Run) -> int:
    """Append a decision for every sighting without one, and for open questions that facts answer by now.

    Gives how many sightings were decided. Where nothing is new and nothing open, nothing but sightings is read. What
    is asked of a sighting is recorded with its decision, so that no crash leaves one without the other (I36).
    """
    seen = world.journal.state(only=("sightings", "playlists", "questions"))
    if open_questions(seen.questions):
        append_together(run, reconsider(world.journal.state(only=READS), world.policy.matching))
    if not new_sightings(seen):
        return 0
    state = world.journal.state(only=LINKED_BY)
    steps = unlinked(state, world.policy.matching).steps
    append_together(run, [(step.link, *asked_news(state, step.asked)) for step in steps])
    return len(steps)


def append_together(run: Run, steps: Sequence[Sequence[Event]]) -> None:
    """Append steps in batches, each step whole."""
    for start in range(0, len(steps), LINK_BATCH):
        run.append(list(chain.from_iterable(steps[start : start + LINK_BATCH])))
