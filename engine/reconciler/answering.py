"""What follows from answering a question, and from taking an answer back: the events that get there. Pure.

What follows is the difference between what stood before and what stands after, so that changing an answer first takes
back what the earlier one did, and nothing that somebody else did since is touched.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.events import (
    Event,
    MatchAsked,
    MatchSettled,
    RecordingDismissed,
    RecordingMerged,
    RecordingRequested,
    RecordingSeparated,
    UpgradeTaken,
)
from engine.domain.matching_events import Answer
from engine.domain.recording_events import Evidence
from engine.projections.rows import Question
from engine.projections.state import State
from engine.reconciler.answers import QUESTION, Choice, Said, Standing, Unions, unions
from engine.reconciler.asking import DECIDING, first_seen

PERSON = "person"
"""The rule of a merge that follows from an answer."""

FOLLOWS = "follows"
"""How a question is settled that answers to other questions answer."""

NEVER_SAID = "never to be fetched, as answered"
"""How the reason of a dismissal begins that follows from an answer."""


def consequences(
    state: State, question: Question, before: Standing, after: Standing, reason: str = ""
) -> tuple[Event, ...]:
    """Give what follows once what stands has changed by one answer.

    Args:
        state: questions, recordings and sightings.
        question: the one that is answered, or whose answer is taken back.
        before: what stood.
        after: what stands.
        reason: a person's own words.
    """
    now = unions(after)
    return (
        *_merges(state, question, unions(before), now),
        *_dismissal(state, question, before, after, reason),
        *_upgrade(state, question, before, after),
        *_other_questions(state, question, after, now),
    )


def _merges(state: State, question: Question, was: Unions, now: Unions) -> Iterator[Event]:
    changed = [key for key in sorted(was.edges.keys() | now.edges.keys()) if _into(was, key) != _into(now, key)]
    for key in changed:
        row = state.recordings.get(key)
        if row is not None and row.merged_into not in (None, _into(now, key)):
            yield RecordingSeparated(recording_id=key, reason=_because(question))
    for key in changed:
        row, wanted = state.recordings.get(key), now.edges.get(key)
        if row is not None and wanted is not None and row.merged_into != wanted[0]:
            yield _merged(state, key, *wanted)


def _into(made: Unions, key: str) -> str | None:
    return made.edges[key][0] if key in made.edges else None


def _merged(state: State, key: str, into: str, ground: Said | RecordingMerged) -> RecordingMerged:
    if isinstance(ground, RecordingMerged):
        kept = {name: getattr(ground, name) for name in ("rule", "evidence", "beaten", "policy_version")}
        return RecordingMerged(recording_id=key, into=into, **kept)
    asked = state.questions[ground.question_id]
    return RecordingMerged(
        recording_id=key,
        into=into,
        rule=PERSON,
        evidence=(*asked.evidence, Evidence(feature=QUESTION, weight=0.0, detail=ground.question_id)),
        beaten=(),
        policy_version=asked.policy_version,
    )


def _dismissal(
    state: State, question: Question, before: Standing, after: Standing, reason: str
) -> Iterator[RecordingDismissed | RecordingRequested]:
    recording = state.recordings.get(question.newer)
    if recording is None:
        return
    if _is_answered(after, question, Answer.NEVER):
        if recording.dismissed is None:
            said = f"{NEVER_SAID}: {reason}" if reason else NEVER_SAID
            yield RecordingDismissed(recording_id=question.newer, reason=said)
    elif _ended(before, after, question, Answer.NEVER) and (recording.dismissed or "").startswith(NEVER_SAID):
        yield RecordingRequested(recording_id=question.newer, reason=_because(question))


def _upgrade(state: State, question: Question, before: Standing, after: Standing) -> Iterator[UpgradeTaken]:
    newer = question.newer
    if newer not in state.recordings:
        return
    choice = before.choices.get(newer, Choice())
    if _is_answered(after, question, Answer.INSTEAD):
        sighting = first_seen(state, newer)
        yield UpgradeTaken(recording_id=newer, ref=sighting.ref if sighting else "", reason=_because(question))
    elif _ended(before, after, question, Answer.INSTEAD) and choice.by_answer:
        yield UpgradeTaken(recording_id=newer, ref=choice.otherwise, reason=_because(question))


def _is_answered(stands: Standing, question: Question, answer: Answer) -> bool:
    said = stands.answer_to(question.question_id)
    return said is not None and said.answer is answer


def _ended(before: Standing, after: Standing, question: Question, answer: Answer) -> bool:
    """Whether an answer stood and does not any more, in none of the questions about the same newer thing."""
    was, now = ({said.newer for said in stands.said if said.answer is answer} for stands in (before, after))
    return question.newer in was - now


def _other_questions(state: State, question: Question, after: Standing, now: Unions) -> Iterator[Event]:
    """Close what the answers answer by now, and open again what they do not any more."""
    answered = {said.question_id for said in after.said}
    for key, row in sorted(state.questions.items()):
        if key in answered:
            continue
        follows = now.follows(row)
        taken_back = key == question.question_id and row.answer in DECIDING
        if follows and row.settled is None and (row.open or taken_back):
            yield MatchSettled(question_id=key, decision=FOLLOWS, evidence=(), policy_version=row.policy_version)
        elif not follows and row.settled == FOLLOWS:
            yield _asked_again(row)


def _asked_again(row: Question) -> MatchAsked:
    return MatchAsked(
        question_id=row.question_id,
        newer=row.newer,
        older=row.older,
        names=row.names,
        score=row.score,
        evidence=row.evidence,
        policy_version=row.policy_version,
    )


def _because(question: Question) -> str:
    return f"{QUESTION} {question.question_id} was answered"
