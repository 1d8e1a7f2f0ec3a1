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

STAGE = "link"
EVIDENCE: tuple[str, ...] = (
    "remote.seen",
    "remote.missed",
    "track.seen",
    "recording.linked",
    "recording.unlinked",
    "recording.merged",
    "recording.separated",
    "rendition.verified",
    "rendition.missed",
    "rendition.returned",
    "match.answered",
)
"""Events after which a question may have another answer, and something may be recognised that was not before."""

LINKED_BY: tuple[str, ...] = ("sightings", "playlists", "recordings", "renditions", "questions")
"""The projections that new sightings are decided from."""


def link(world: World, run: Run) -> int:
    """Append a decision for every sighting without one, and for open questions that facts answer by now.

    Gives how many sightings were decided. Where nothing is new and nothing open, nothing but sightings is read. What
    is asked of a sighting is recorded with its decision, so that no crash leaves one without the other (I36).
    """
    seen = world.journal.state(only=("sightings", "playlists", "questions"))
    if open_questions(seen.questions) and anything_new(world, looked_seq(world, STAGE)):
        append_together(run, reconsider(world.journal.state(only=READS), world.policy.matching))
    if not new_sightings(seen):
        return 0
    state = world.journal.state(only=LINKED_BY)
    steps = unlinked(state, world.policy.matching).steps
    append_together(run, [(step.link, *asked_news(state, step.asked)) for step in steps])
    return len(steps)


def looked_seq(world: World, stage: str) -> int:
    """Give where the journal stood when the last run with a stage began; 0 when none had it under these settings."""
    runs = world.journal.state(only=("runs",)).runs.values()
    looked = (row for row in runs if stage in row.stages and row.config_hash == world.policy.config_hash)
    return max((row.first_seq for row in looked), default=0)


def anything_new(world: World, after_seq: int) -> bool:
    """Say whether anything that decisions rest on was recorded since."""
    return next(world.journal.read(after=after_seq, types=EVIDENCE, limit=1), None) is not None


def append_together(run: Run, steps: Sequence[Sequence[Event]]) -> None:
    """Append steps in batches, each step whole."""
    for start in range(0, len(steps), LINK_BATCH):
        run.append(list(chain.from_iterable(steps[start : start + LINK_BATCH])))
