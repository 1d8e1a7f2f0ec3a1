"""Which questions wait for a person, in which order, and which recordings wait with them. Pure; asks nobody."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.failure import Availability
from engine.domain.matching_events import Answer
from engine.domain.plan import Action, Operation, Waiting
from engine.matching.resolution import SEARCH
from engine.projections.rows import Question, Recording, Sighting
from engine.projections.state import State

READS: tuple[str, ...] = ("questions", "recordings")
"""The projections that tell which questions wait."""


DECIDING = frozenset({Answer.SAME, Answer.DIFFERENT, Answer.INSTEAD, Answer.NEVER})
"""Answers that end a question; the rest leave it open."""


def waiting_questions(state: State) -> tuple[Question, ...]:
    """Give the questions that wait for a person: oldest first, those put off for later after the others.

    What a person threw away is asked about no more, until they ask for it again.
    """
    rows = (row for row in state.questions.values() if row.open and not _thrown_away(state.recordings.get(row.newer)))
    return tuple(sorted(rows, key=_place))


def recordings_asked_about(state: State, into: Mapping[str, str]) -> dict[str, Question]:
    """Give the recordings that nothing new is made for until their question is answered, with the first one of each.

    What a search found is nobody's wish; once a playlist lists it, it is one, whatever else it may be good for.

    Args:
        state: the rows.
        into: absorbed recording → the one it counts for.
    """
    found: dict[str, Question] = {}
    for row in waiting_questions(state):
        newer, older = into.get(row.newer, row.newer), into.get(row.older, row.older)
        if newer in state.recordings and newer != older and not _is_offer(state, row):
            found.setdefault(newer, row)
    return found


def asked_wait(state: State, action: Action, asked_about: Mapping[str, Question]) -> Waiting | None:
    """Give why nothing is fetched or made for a recording while a person is asked who it is."""
    question = asked_about.get(action.key)
    if question is None or action.operation not in _NEW:
        return None
    return Waiting(
        target=action.target,
        object_kind=action.object_kind,
        key=action.key,
        why="asked",
        detail=f"is it {_named(state, question.older)}? `sync review` asks ({question.question_id})",
        action_id=action.action_id,
    )


_NEW = frozenset({Operation.CREATE, Operation.ADOPT})


def first_seen(state: State, recording_id: str) -> Sighting | None:
    """Give the sighting a recording is best named by: the first that gives audio, else the first."""
    recording = state.recordings.get(recording_id)
    refs = recording.refs if recording else ()
    seen = [state.sightings[ref] for ref in refs if ref in state.sightings]
    given = (row for row in seen if row.availability is Availability.AVAILABLE)
    return next(given, seen[0] if seen else None)


def _named(state: State, key: str) -> str:
    sighting = first_seen(state, key)
    if sighting is None:
        return key
    title = sighting.title or sighting.url
    return f"“{sighting.artist} – {title}”" if sighting.artist else f"“{title}”"


def _is_offer(state: State, row: Question) -> bool:
    """Whether a search asked, and the newer one is what it found: the one that gives audio."""
    shown = first_seen(state, row.newer)
    gives = shown is not None and shown.availability is Availability.AVAILABLE
    return gives and any(piece.feature == SEARCH for piece in row.evidence)


def _thrown_away(recording: Recording | None) -> bool:
    return recording is not None and recording.dismissed is not None


def _place(row: Question) -> tuple[bool, int, str]:
    later = row.answer is Answer.LATER
    return (later, row.last_seq if later else row.asked_seq, row.question_id)
