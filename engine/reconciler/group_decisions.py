"""What groups lead to: decisions that make one recording of each, and questions where only a person can say.

Values for a plan or for the journal; what becomes of them is decided by whoever applies or answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.domain.decisions import Decision, Merge, Recognise
from engine.domain.matching_events import JOINING, MatchAsked
from engine.domain.references import question_id
from engine.matching.policy import MatchingPolicy
from engine.projections.state import State
from engine.reconciler.grouping import Group, Proof


def decided(state: State, groups: Iterable[Group], policy: MatchingPolicy) -> Iterator[Decision]:
    """Give the decisions that make one recording of every group that has one."""
    for group in groups:
        if group.keeper not in group.recordings:
            continue
        proofs = {frozenset((proof.a, proof.b)): proof for proof in group.proofs}
        for key in group.recordings:
            if key != group.keeper:
                yield merge(key, group.keeper, proofs[frozenset((key, group.keeper))], policy)
        for key in group.unkeyed:
            asked = question_id(key, group.keeper)
            row = state.questions.get(asked)
            if row is None or row.answer not in JOINING:
                proof = proofs[frozenset((key, group.keeper))]
                reason = f"{proof.rule}, score {proof.score:g}"
                yield Recognise(question_id=asked, thing=key, recording_id=group.keeper, reason=reason)


def merge(key: str, into: str, proof: Proof, policy: MatchingPolicy) -> Merge:
    """Give the decision that one recording is another."""
    return Merge(
        recording_id=key,
        into=into,
        rule=proof.rule,
        evidence=proof.evidence,
        policy_version=policy.version,
    )


def questions(state: State, asked: Iterable[Proof], policy: MatchingPolicy) -> Iterator[MatchAsked]:
    """Give the questions of pairs that a person has to decide; none of two things of which neither is ours."""
    for proof in asked:
        pair = newer_first(state, proof.a, proof.b)
        if pair is not None:
            newer, older = pair
            yield MatchAsked(
                question_id=question_id(newer, older),
                newer=newer,
                older=older,
                names=proof.names,
                score=proof.score,
                evidence=proof.evidence,
                policy_version=policy.version,
            )


def newer_first(state: State, one: str, other: str) -> tuple[str, str] | None:
    """Give which of two a question is about; nothing for two things of which neither is a recording of ours."""
    ours = [key for key in (one, other) if key in state.recordings]
    if not ours:
        return None
    if len(ours) == 1:
        return (other if ours[0] == one else one), ours[0]
    older, newer = sorted(ours, key=lambda key: (state.recordings[key].first_seq, key))
    return newer, older
