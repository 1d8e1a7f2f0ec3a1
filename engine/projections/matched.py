"""Folds of the questions that only a person can decide."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.projections.projection import Projection
from engine.projections.rows import Question

QuestionEvent: TypeAlias = e.MatchAsked | e.MatchAnswered | e.MatchSettled


def _asked(row: Question | None, recorded: Recorded) -> Question:
    event = recorded.event
    assert isinstance(event, e.MatchAsked)
    return Question(
        question_id=event.question_id,
        newer=event.newer,
        older=event.older,
        names=event.names,
        score=event.score,
        evidence=event.evidence,
        policy_version=event.policy_version,
        answer=row.answer if row else None,
        asked_us=row.asked_us if row else recorded.recorded_us,
        version=recorded.version,
        asked_seq=row.asked_seq if row else recorded.seq,
        last_seq=recorded.seq,
    )


def _answered(row: Question | None, recorded: Recorded) -> Question:
    event = recorded.event
    assert isinstance(event, e.MatchAnswered)
    known = row or Question(
        question_id=event.question_id,
        newer=event.newer,
        older=event.older,
        asked_us=recorded.recorded_us,
        asked_seq=recorded.seq,
    )
    return replace(known, answer=event.answer, version=recorded.version, last_seq=recorded.seq)


def _settled(row: Question | None, recorded: Recorded) -> Question | None:
    event = recorded.event
    assert isinstance(event, e.MatchSettled)
    if row is None:
        return None
    return replace(row, settled=event.decision, version=recorded.version, last_seq=recorded.seq)


def _question(event: QuestionEvent) -> str:
    return event.question_id


QUESTIONS = Projection(
    name="questions",
    row=Question,
    handlers={
        e.MatchAsked: (_question, _asked),
        e.MatchAnswered: (_question, _answered),
        e.MatchSettled: (_question, _settled),
    },
)
