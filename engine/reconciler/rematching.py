"""Every decision made again under another policy, from what is recorded: what would be decided otherwise, and why.

What a person decided is counted and left alone. Nothing is looked up, nothing appended: a plan of the differences is
for a person to apply (design §5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.domain.decisions import Decision, Merge, Separate, Unlink
from engine.domain.events import RecordingMerged
from engine.domain.matching_events import JOINING, PARTING
from engine.domain.recording_events import Evidence
from engine.domain.references import question_id
from engine.domain.value import Value
from engine.matching.policy import MatchingPolicy
from engine.matching.things import Decision as Outcome
from engine.matching.things import Judgement
from engine.projections.state import State
from engine.reconciler.group_decisions import decided, newer_first
from engine.reconciler.grouping import Crate, Proof, find_groups
from engine.reconciler.identity import FOUNDING, PERSON, Shelf, shelf
from engine.reconciler.reconsidering import judged_now, open_questions
from engine.reconciler.things import sighting_thing
from engine.reconciler.weighing import Known, weigh, weigh_recordings

LINK, MERGE, QUESTION, RECORDING = "link", "merge", "question", "recording"


class Difference(Value, frozen=True):
    """One decision that would be another one.

    Attributes:
        kind: "link", "merge", "question", or "recording" for two that were never said to be one.
        newer: what was linked, merged or asked about.
        older: the recording it was weighed against.
        was: what is recorded: "accept", "ask", "apart".
        now: "accept", "ask" or "reject".
    """

    kind: str
    newer: str
    older: str
    was: str
    now: str
    rule: str
    score: float
    evidence: tuple[Evidence, ...]


class Replay(Value, frozen=True):
    """What another policy would change.

    Attributes:
        decisions: those that a plan can make; open questions settle by themselves once the policy is in force.
        replayed: how many decisions were made again.
        by_person: how many were left alone because a person made them.
    """

    differences: tuple[Difference, ...]
    decisions: tuple[Decision, ...]
    replayed: int
    by_person: int
    policy_version: str


def _silent(count: int) -> None:
    del count


def replay(
    state: State,
    merged: Sequence[RecordingMerged],
    policy: MatchingPolicy,
    advance: Callable[[int], None] = _silent,
) -> Replay:
    """Make every recorded decision again.

    Args:
        state: everything the journal knows.
        merged: the merges that stand, with the rules they were made by.
        policy: how evidence decides now.
        advance: told how many more pairs were compared, now and then.
    """
    work = _Replaying(state=state, policy=policy, shelf=shelf(state))
    differences = [
        *work.links(),
        *work.merges(merged),
        *work.questions(),
        *work.recordings(find_groups(state, policy, advance)),
    ]
    return Replay(
        differences=tuple(differences),
        decisions=tuple(work.decisions),
        replayed=work.replayed,
        by_person=work.by_person,
        policy_version=policy.version,
    )


@dataclass(slots=True, kw_only=True)
class _Replaying:
    """Decisions being made again; lives inside one call of `replay`."""

    state: State
    policy: MatchingPolicy
    shelf: Shelf
    decisions: list[Decision] = field(default_factory=list)
    replayed: int = 0
    by_person: int = 0

    def links(self) -> Iterator[Difference]:
        """Weigh every linked sighting against the rest of its recording."""
        for recording in (row for _, row in sorted(self.state.recordings.items())):
            for ref, rule in zip(recording.refs, recording.rules, strict=True):
                found = None if rule == FOUNDING else self._link(recording.recording_id, ref, person=rule == PERSON)
                if found is not None:
                    reason = f"{found.now} by {found.rule} under {self.policy.version}"
                    self.decisions.append(Unlink(recording_id=recording.recording_id, ref=ref, reason=reason))
                    yield found

    def _link(self, recording_id: str, ref: str, *, person: bool) -> Difference | None:
        home, sighting = self.shelf.home(recording_id), self.state.sightings.get(ref)
        rest = [self._part(home, recording_id, but=ref), self._part(home, but=ref)]
        known = [part for part in rest if part is not None]
        if sighting is None or not known or self._left_alone(person=person):
            return None
        thing = sighting_thing(sighting)
        judgements = [weigh(thing, part, self.policy).judgement for part in known]
        return _unless_accepted(LINK, ref, recording_id, judgements)

    def merges(self, merged: Sequence[RecordingMerged]) -> Iterator[Difference]:
        """Weigh what was merged by a rule against what it was merged into."""
        for event in merged:
            row = self.state.recordings.get(event.recording_id)
            if row is None or row.merged_into is None or self._left_alone(person=event.rule == PERSON):
                continue
            home = self.shelf.home(event.recording_id)
            ours = self._part(home, event.recording_id)
            known = [self._part(home, event.into), self._part(home, others_than=event.recording_id)]
            judgements = [weigh_recordings(ours, part, self.policy) for part in known if ours and part]
            found = _unless_accepted(MERGE, event.recording_id, home, judgements) if judgements else None
            if found is not None:
                reason = f"{found.now} by {found.rule} under {self.policy.version}"
                self.decisions.append(Separate(recording_id=event.recording_id, reason=reason))
                yield found

    def _part(self, home: str, only: str = "", *, others_than: str = "", but: str = "") -> Known | None:
        """Give what one recording of several that are one brought along, or all of them, or all but one.

        What a rule decided is weighed by what it was about first: what a person added since speaks against nothing.
        """
        sightings = [
            row
            for row in self.shelf.sightings.get(home, ())
            if only in ("", row.recording_id) and row.recording_id != others_than and row.ref != but
        ]
        files = [
            row
            for row in self.shelf.renditions.get(home, ())
            if only in ("", row.recording_id) and row.recording_id != others_than and row.source_ref != but
        ]
        return Known(recording_id=home, sightings=sightings, renditions=files) if sightings else None

    def questions(self) -> Iterator[Difference]:
        """Judge what waits for a person: what is not asked any more settles by itself once the policy is in force."""
        self.by_person += sum(row.answer in JOINING | PARTING for row in self.state.questions.values())
        for row in open_questions(self.state.questions):
            judgement = judged_now(self.state, self.shelf, row, self.policy)
            if judgement is None:
                continue
            self.replayed += 1
            if judgement.decision is not Outcome.ASK:
                yield _difference(QUESTION, row.newer, row.older, Outcome.ASK.value, judgement)

    def recordings(self, crate: Crate) -> Iterator[Difference]:
        """Give the recordings that would be one, or asked about, and were never said to be."""
        self.replayed += len(self.shelf.sightings)
        proofs = {frozenset((proof.a, proof.b)): proof for group in crate.groups for proof in group.proofs}
        for decision in decided(self.state, crate.groups, self.policy):
            if isinstance(decision, Merge):
                self.decisions.append(decision)
                proof = proofs[frozenset((decision.recording_id, decision.into))]
                yield from self._apart(proof, decision.recording_id, decision.into, _ACCEPT)
        for proof in crate.asked:
            pair = newer_first(self.state, proof.a, proof.b)
            if pair is not None and "/" not in pair[0]:
                yield from self._apart(proof, *pair, Outcome.ASK.value)

    def _apart(self, proof: Proof, newer: str, older: str, now: str) -> Iterator[Difference]:
        """Give a difference, unless it is an open question, which is told of as such."""
        row = self.state.questions.get(question_id(newer, older))
        if row is None or not row.open:
            yield Difference(
                kind=RECORDING,
                newer=newer,
                older=older,
                was=APART,
                now=now,
                rule=proof.rule,
                score=proof.score,
                evidence=proof.evidence,
            )

    def _left_alone(self, *, person: bool) -> bool:
        """Count a decision, and say whether it is a person's."""
        self.by_person += person
        self.replayed += not person
        return person


_ACCEPT = Outcome.ACCEPT.value
APART = "apart"


def _unless_accepted(kind: str, newer: str, older: str, judgements: Sequence[Judgement]) -> Difference | None:
    """Give a difference of what was accepted and would not be by any of several judgements; told by the first."""
    if any(each.decision is Outcome.ACCEPT for each in judgements):
        return None
    return _difference(kind, newer, older, _ACCEPT, judgements[0])


def _difference(kind: str, newer: str, older: str, was: str, judgement: Judgement) -> Difference:
    return Difference(
        kind=kind,
        newer=newer,
        older=older,
        was=was,
        now=judgement.decision.value,
        rule=judgement.rule,
        score=judgement.score,
        evidence=judgement.evidence,
    )
