"""Link: decide which recording each new sighting is, and what became of open questions; append the decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.domain.envelope import Draft
from engine.domain.events import Event, MatchAsked
from engine.projections.rows import Question
from engine.reconciler.identity import new_sightings, unlinked
from engine.reconciler.reconsidering import READS, open_questions, reconsider
from engine.reconciler.weighing import JOINING, PARTING
from engine.workflows.run import Run
from engine.workflows.world import World

LINK_BATCH = 500
"""Decisions per append; a batch is one transaction."""


def link(world: World, run: Run) -> int:
    """Append a decision for every sighting without one, and for open questions that facts answer by now.

    Gives how many sightings were decided. Where nothing is new and nothing open, nothing but sightings is read.
    """
    seen = world.journal.state(only=("sightings", "playlists", "questions"))
    if open_questions(seen.questions):
        again = reconsider(world.journal.state(only=READS), world.policy.matching)
        _append(run, (*again.settled, *again.merged, *again.asked))
    if not new_sightings(seen):
        return 0
    state = world.journal.state(only=("sightings", "playlists", "recordings", "renditions", "questions"))
    decided = unlinked(state, world.policy.matching)
    _append(run, (*decided.links, *newly_asked(state.questions, decided.asked)))
    return len(decided.links)


def newly_asked(known: Mapping[str, Question], asked: Iterable[MatchAsked]) -> tuple[MatchAsked, ...]:
    """Give the questions that are not open yet in these words, and that no person has answered."""
    return tuple(event for event in asked if _is_news(known.get(event.question_id), event))


def _is_news(row: Question | None, event: MatchAsked) -> bool:
    if row is None:
        return True
    if row.answer is not None and row.answer in JOINING | PARTING:
        return False
    words = (row.names, row.score, row.evidence, row.policy_version)
    return row.settled is not None or words != (event.names, event.score, event.evidence, event.policy_version)


def _append(run: Run, events: Sequence[Event]) -> None:
    for start in range(0, len(events), LINK_BATCH):
        run.append([Draft(event=event) for event in events[start : start + LINK_BATCH]])
