"""Questions in the journal: opens what is new, asks again on other evidence, closes what evidence settled.

What a person answered stays answered. Decides nothing itself: pure functions ask, this only tells what is news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.domain.events import Event, MatchAsked, MatchSettled
from engine.ports import Journal
from engine.projections.rows import Question
from engine.projections.state import State
from engine.reconciler.asking import DECIDING, READS, waiting_questions
from engine.reconciler.merging import canonical_ids
from engine.workflows.run import Run
from engine.workflows.world import World


def note_questions(
    world: World, run: Run, asked: Sequence[MatchAsked], settled: Sequence[MatchSettled] = ()
) -> tuple[Event, ...]:
    """Append what is news of questions, and give it; nothing when nothing changed (I23).

    Args:
        world: where the journal is.
        run: the run that found it out.
        asked: pairs that evidence could not decide; those not named stay as they are.
        settled: questions that evidence decided since, or whose things are gone.
    """
    if not asked and not settled:
        return ()
    state = world.journal.state(only=("questions", "recordings"))
    news: tuple[Event, ...] = (*settled_news(state, settled), *asked_news(state, asked))
    run.append(news)
    return news


def asked_news(state: State, asked: Iterable[MatchAsked]) -> tuple[MatchAsked, ...]:
    """Give the questions that are not open in these words, of pairs that no person has decided and that are two."""
    into = canonical_ids(state.recordings)
    found = {event.question_id: event for event in asked}
    return tuple(event for event in found.values() if not _is_one(event, into) and _is_news(state, event))


def settled_news(state: State, settled: Iterable[MatchSettled]) -> tuple[MatchSettled, ...]:
    """Give what closes a question that is open."""
    found = {event.question_id: event for event in settled}
    known = state.questions
    return tuple(event for key, event in found.items() if key in known and known[key].open)


def open_count(journal: Journal) -> int:
    """Count the questions that wait for a person; reads recordings only where some question is open."""
    state = journal.state(only=("questions",))
    if not any(row.open for row in state.questions.values()):
        return 0
    return len(waiting_questions(journal.state(only=READS)))


def _is_news(state: State, event: MatchAsked) -> bool:
    row = state.questions.get(event.question_id)
    if row is None:
        return True
    if row.answer in DECIDING:
        return False
    return row.settled is not None or _words(row) != _words(event)


def _is_one(event: MatchAsked, into: Mapping[str, str]) -> bool:
    return into.get(event.newer, event.newer) == into.get(event.older, event.older)


def _words(said: Question | MatchAsked) -> tuple[object, ...]:
    return (said.names, said.score, said.evidence, said.policy_version)
