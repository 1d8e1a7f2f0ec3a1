"""Open questions judged again once their evidence changed: what facts can decide by now, no person is asked.

A question that a person answered is never touched. An acceptance merges only what holds nothing yet: where files or
rows would follow, a person or a plan decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from msgspec.structs import replace

from engine.domain.matching_events import MatchAsked, MatchSettled, RecordingMerged
from engine.domain.recording_events import Evidence
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.resolution import SEARCH
from engine.matching.things import Decision, Judgement
from engine.projections.rows import Question, Remote, TargetObject
from engine.projections.state import State
from engine.reconciler.identity import Shelf, shelf
from engine.reconciler.things import remote_of, remote_thing
from engine.reconciler.weighing import asked_of, weigh, weigh_recordings

READS = ("questions", "sightings", "recordings", "renditions", "remotes", "objects")
"""The projections that open questions are judged from."""

VANISHED = "vanished"


Step: TypeAlias = MatchSettled | RecordingMerged | MatchAsked
"""What may become of a question: it is settled, two recordings are one by it, or it is asked on other evidence."""


def open_questions(questions: Mapping[str, Question]) -> tuple[Question, ...]:
    """Give the questions that wait for a person, oldest first."""
    return tuple(
        sorted((row for row in questions.values() if row.open), key=lambda row: (row.asked_seq, row.question_id))
    )


def reconsider(state: State, policy: MatchingPolicy = DEFAULT) -> tuple[tuple[Step, ...], ...]:
    """Judge again the open questions whose evidence changed since they were asked.

    Gives what became of each that something became of, to be recorded together or not at all.
    """
    waiting = open_questions(state.questions)
    if not waiting:
        return ()
    work = _Reconsidering(state=state, policy=policy, shelf=shelf(state))
    steps: list[tuple[Step, ...]] = []
    merged: set[str] = set()
    for row in waiting:
        pair = {work.shelf.home(row.newer), work.shelf.home(row.older)}
        if pair & merged:
            continue  # one merge at a time: what it changed is weighed in the next run
        found = tuple(work.steps(row))
        merged |= {each for step in found if isinstance(step, RecordingMerged) for each in pair}
        steps += [found] if found else []
    return tuple(steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reconsidering:
    """What open questions are judged from; lives inside one call of `reconsider`."""

    state: State
    policy: MatchingPolicy
    shelf: Shelf

    def steps(self, row: Question) -> Iterator[Step]:
        """Give what becomes of one question; nothing while its evidence is what it was."""
        newer, older = self.shelf.home(row.newer), self.shelf.home(row.older)
        remote = remote_of(self.state, row.newer)
        if not _stands(self.shelf, newer, older, remote):
            yield self._settled(row, VANISHED, ())
        elif newer == older:
            yield self._settled(row, Decision.ACCEPT.value, ())
        elif any(piece.feature == SEARCH for piece in row.evidence):
            return  # what a search found is judged by more than names and lengths, and proposed, not decided
        elif row.policy_version != self.policy.version or self._changed_seq(newer, older, remote) > row.last_seq:
            yield from self._judged(row, newer, older, remote)

    def _judged(self, row: Question, newer: str, older: str, remote: Remote | None) -> Iterator[Step]:
        judgement = _judgement(self.shelf, newer, older, remote, self.policy)
        free = remote is not None or self._holds_nothing(newer)
        if judgement.decision is Decision.REJECT or (judgement.decision is Decision.ACCEPT and free):
            yield self._settled(row, judgement.decision.value, judgement.evidence)
            if judgement.decision is Decision.ACCEPT and remote is None:
                yield self._merged(newer, older, judgement)
            return
        again = replace(asked_of(row.newer, row.older, judgement), question_id=row.question_id)
        if (again.names, again.score, again.evidence, again.policy_version) != (
            row.names,
            row.score,
            row.evidence,
            row.policy_version,
        ):
            yield again

    def _changed_seq(self, newer: str, older: str, remote: Remote | None) -> int:
        """Give when anything last changed of what a question rests on."""
        seqs = [remote.last_seq] if remote else []
        for recording in (newer, older):
            seqs += [row.last_seq for row in self.shelf.sightings.get(recording, ())]
            seqs += [row.last_seq for row in self.shelf.renditions.get(recording, ())]
        return max(seqs)

    def _holds_nothing(self, recording: str) -> bool:
        ids = frozenset(self.shelf.ids(recording))
        shown = any(_shown(row) and row.key in ids for row in self.state.objects.values())
        return not shown and not any(row.present for row in self.shelf.renditions.get(recording, ()))

    def _settled(self, row: Question, decision: str, evidence: tuple[Evidence, ...]) -> MatchSettled:
        return MatchSettled(
            question_id=row.question_id, decision=decision, evidence=evidence, policy_version=self.policy.version
        )

    def _merged(self, newer: str, older: str, judgement: Judgement) -> RecordingMerged:
        return RecordingMerged(
            recording_id=newer,
            into=older,
            rule=judgement.rule,
            evidence=judgement.evidence,
            beaten=(),
            policy_version=judgement.policy_version,
        )


def judged_now(state: State, held: Shelf, row: Question, policy: MatchingPolicy) -> Judgement | None:
    """Give what evidence says of a question now; nothing when it is about nothing, or about one recording."""
    newer, older, remote = held.home(row.newer), held.home(row.older), remote_of(state, row.newer)
    if newer == older or not _stands(held, newer, older, remote):
        return None
    return _judgement(held, newer, older, remote, policy)


def _stands(held: Shelf, newer: str, older: str, remote: Remote | None) -> bool:
    return older in held.sightings and (newer in held.sightings or remote is not None)


def _judgement(held: Shelf, newer: str, older: str, remote: Remote | None, policy: MatchingPolicy) -> Judgement:
    known = held.known(older)
    if remote is None:
        return weigh_recordings(held.known(newer), known, policy)
    return weigh(remote_thing(remote), known, policy).judgement


def _shown(row: TargetObject) -> bool:
    return row.remote_id is not None and not row.trashed
