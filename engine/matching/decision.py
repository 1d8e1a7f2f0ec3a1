"""Accept, ask or reject: one decision over all the evidence there is about two things, with each part's share."""

from __future__ import annotations

from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Decision, Judgement, Names, Thing


def judge(a: Thing, b: Thing, policy: MatchingPolicy = DEFAULT) -> Judgement:
    """Decide whether two things are one recording; the order of the two makes no difference."""
    rule = "same_isrc" if set(a.isrcs) & set(b.isrcs) else "names"
    decision = Decision.ACCEPT if rule == "same_isrc" else Decision.REJECT
    return Judgement(
        decision=decision, names=Names.UNCLEAR, rule=rule, score=0.0, evidence=(), policy_version=policy.version
    )
