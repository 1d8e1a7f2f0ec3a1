"""One thing against one recording: all its sightings are heard, and one that contradicts makes a question of it.

So groups agree pairwise and no chain of likenesses makes one (F1, design §5). What a person said of two things is
given beside it, to be followed and never weighed. Appends nothing, asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.domain.matching_events import JOINING, PARTING, Answer, MatchAsked
from engine.domain.recording_events import Evidence
from engine.domain.references import question_id
from engine.matching.decision import NAMES_AND_DURATION, NAMES_ONLY, judge
from engine.matching.policy import MatchingPolicy
from engine.matching.things import Decision, Judgement, Thing
from engine.projections.rows import Question, Rendition, Sighting
from engine.reconciler.things import recording_thing, sighting_thing

CERTAIN = frozenset({"same_id", "same_bytes"})
"""Rules that no name speaks against: it is the very same track, or the very same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all the evidence says of one thing and one recording.

    Attributes:
        recording_id: the recording.
        judgement: the one that carries it; a contradiction among the sightings is in its evidence.
    """

    recording_id: str
    judgement: Judgement

    @property
    def accepted(self) -> bool:
        """Whether they are one recording."""
        return self.judgement.decision is Decision.ACCEPT

    @property
    def certain(self) -> bool:
        """Whether they are, on grounds that no name speaks against."""
        return self.accepted and self.judgement.rule in CERTAIN

    @property
    def rank(self) -> tuple[bool, bool, float, str]:
        """Where it stands among its like; the best comes first."""
        return (not self.accepted, not self.certain, -self.judgement.score, self.recording_id)


@dataclass(slots=True, kw_only=True)
class Known:
    """One recording as things are judged against it; grows while decisions are made."""

    recording_id: str
    sightings: list[Sighting]
    renditions: Sequence[Rendition] = ()
    thing: Thing = field(init=False)
    members: list[Thing] = field(init=False)

    def __post_init__(self) -> None:
        self.thing = recording_thing(self.recording_id, self.sightings, self.renditions)
        self.members = [sighting_thing(row) for row in self.sightings]

    def join(self, row: Sighting) -> None:
        """Count a sighting for this recording from now on."""
        self.sightings.append(row)
        self.thing = recording_thing(self.recording_id, self.sightings, self.renditions)
        self.members.append(sighting_thing(row))


def weigh(thing: Thing, known: Known, policy: MatchingPolicy) -> Verdict:
    """Judge a thing against a recording and each sighting of it that has a name; the sound where it matters."""
    others = [member for member in known.members if member.title] if len(known.members) > 1 else []
    best = judge(thing, known.thing, policy, all_evidence=False)
    judgement = heard([best, *(judge(thing, member, policy) for member in others)])
    return Verdict(recording_id=known.recording_id, judgement=judgement)


def weigh_recordings(a: Known, b: Known, policy: MatchingPolicy) -> Judgement:
    """Judge two recordings, and every sighting of the one against every sighting of the other."""
    named = [[member for member in known.members if member.title] for known in (a, b)]
    parts = [judge(ours, theirs, policy) for ours in named[0] for theirs in named[1]]
    return heard([judge(a.thing, b.thing, policy, all_evidence=False), *parts])


def heard(judgements: Sequence[Judgement]) -> Judgement:
    """Give the strongest of several judgements of one pair; one that speaks against it leaves no more than a question.

    A name and a length have to agree with everybody's: lengths that creep from one to the next make no chain (F1).
    """
    best = max(judgements, key=_strength)
    against = next((each for each in judgements if _speaks_against(each, best)), None)
    if against is None or best.decision is not Decision.ACCEPT or best.rule in CERTAIN:
        return best
    told = "; ".join(each.detail for each in against.evidence if each.weight < 0) or against.rule
    evidence = Evidence(feature="contradiction", weight=0.0, detail=f"another sighting speaks against it: {told}")
    return replace(best, decision=Decision.ASK, evidence=(*best.evidence, evidence))


def _speaks_against(each: Judgement, best: Judgement) -> bool:
    doubts = each.decision is Decision.ASK and each.rule != NAMES_ONLY
    return each.decision is Decision.REJECT or (doubts and best.rule == NAMES_AND_DURATION)


_BEST_LAST = (Decision.REJECT, Decision.ASK, Decision.ACCEPT)


def _strength(judgement: Judgement) -> tuple[int, bool, float]:
    return (_BEST_LAST.index(judgement.decision), judgement.rule in CERTAIN, judgement.score)


def asked_of(newer: str, older: str, judgement: Judgement) -> MatchAsked:
    """Give the question whether two things are one recording."""
    return MatchAsked(
        question_id=question_id(newer, older),
        newer=newer,
        older=older,
        names=judgement.names.value,
        score=judgement.score,
        evidence=judgement.evidence,
        policy_version=judgement.policy_version,
    )


def answers_of(questions: Mapping[str, Question]) -> dict[frozenset[str], Answer]:
    """Give what a person said of each pair, where it ends the question."""
    return {
        frozenset((row.newer, row.older)): row.answer
        for row in questions.values()
        if row.answer is not None and row.answer in JOINING | PARTING
    }


def said_of(answers: Mapping[frozenset[str], Answer], ours: Iterable[str], theirs: Iterable[str]) -> Answer | None:
    """Give what a person said of two things under any of their ids; a parting word outweighs a joining one."""
    parts = tuple(theirs)
    pairs = (frozenset((a, b)) for a in ours for b in parts)
    found = {answers[pair] for pair in pairs if pair in answers}
    return next((answer for answer in (*sorted(PARTING), *sorted(JOINING)) if answer in found), None)
