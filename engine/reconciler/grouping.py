"""Groups of things that are one recording, over library, Notion and Eagle at once: who agrees with whom, and who stays.

Only pairs that the matcher accepts make a group, and every member agrees with every other (F1, F2); what had to be cut
for that is told. Groups lead to decisions, and only a plan made of them leads to anything else (I45, I56).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from engine.domain.matching_events import JOINING, PARTING, Answer
from engine.domain.quality import Quality, better, quality
from engine.domain.recording_events import Evidence
from engine.domain.value import Value
from engine.matching.blocking import pairs_within
from engine.matching.decision import judge
from engine.matching.grouping import Contradiction, cliques
from engine.matching.keys import keys_of
from engine.matching.policy import MatchingPolicy
from engine.matching.things import Decision, Judgement, Thing
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue, Piece, catalogue
from engine.reconciler.identity import Shelf, shelf
from engine.reconciler.keepers import fullest
from engine.reconciler.things import remote_of, things
from engine.reconciler.weighing import answers_of, weigh_recordings

Pair: TypeAlias = tuple[str, str]

PERSON_STRENGTH = 1_000.0
"""A person's word is kept before any score."""

PROGRESS_EVERY = 500


class Proof(Value, frozen=True):
    """What was said of one pair."""

    a: str
    b: str
    rule: str
    names: str
    score: float
    evidence: tuple[Evidence, ...]


class Cut(Value, frozen=True):
    """Two things that were accepted as one and are not in one group, and what keeps them apart."""

    a: str
    b: str
    via: Pair
    rejected: bool
    proof: Proof
    against: Proof | None


class Group(Value, frozen=True):
    """Things that are one recording.

    Attributes:
        things: their keys: recording ids, and `<target>/<kind>/<remote id>` of what carries no key.
        keeper: the one that stays.
        why: why that one, in words.
        proofs: what was said of every pair.
    """

    things: tuple[str, ...]
    keeper: str
    why: str
    proofs: tuple[Proof, ...]

    @property
    def recordings(self) -> tuple[str, ...]:
        """The recordings among them."""
        return tuple(key for key in self.things if "/" not in key)

    @property
    def unkeyed(self) -> tuple[str, ...]:
        """The rows and items among them that carry no key."""
        return tuple(key for key in self.things if "/" in key)


class Crate(Value, frozen=True):
    """Every group there is, what was cut, and the pairs that a person has to decide."""

    groups: tuple[Group, ...] = ()
    cuts: tuple[Cut, ...] = ()
    asked: tuple[Proof, ...] = ()
    compared: int = 0


def _silent(count: int) -> None:
    del count


def find_groups(state: State, policy: MatchingPolicy, advance: Callable[[int], None] = _silent) -> Crate:
    """Compare all that may be one recording, and group what is.

    Args:
        state: everything the journal knows.
        policy: how evidence decides.
        advance: told how many more pairs were compared, now and then.
    """
    work = _Comparing(state, policy)
    work.compare(advance)
    grouping = cliques(work.things, work.strengths(), work.rejected)
    index = catalogue(state)
    found = [members for members in grouping.groups if len(members) > 1]
    return Crate(
        groups=tuple(_group(index, members, work.judged) for members in found),
        cuts=tuple(_cut(each, work.judged) for each in grouping.contradictions),
        asked=tuple(_proof(pair, judgement) for pair, judgement in sorted(work.asked())),
        compared=len(work.judged),
    )


class _Comparing:
    """Judgements in the making; lives inside one call of `find_groups`."""

    def __init__(self, state: State, policy: MatchingPolicy) -> None:
        self.policy = policy
        self.things: dict[str, Thing] = things(state)
        self.shelf: Shelf = shelf(state)
        self.judged: dict[Pair, Judgement] = {}
        self.rejected: set[Pair] = set()
        self.said: dict[Pair, Answer] = self._said(state)

    def _said(self, state: State) -> dict[Pair, Answer]:
        found: dict[Pair, Answer] = {}
        for pair, answer in answers_of(state.questions).items():
            ends = sorted({self.shelf.home(key) for key in pair})
            if len(ends) == 2 and found.get((ends[0], ends[1])) not in PARTING:  # noqa: PLR2004 - the two of a pair
                found[ends[0], ends[1]] = answer
        return found

    def compare(self, advance: Callable[[int], None]) -> None:
        keys = list(self.things)
        pairs = pairs_within([keys_of(self.things[key]) for key in keys])
        done = 0
        for done, (one, other) in enumerate(pairs, start=1):
            self._judge(keys[one], keys[other])
            if done % PROGRESS_EVERY == 0:
                advance(PROGRESS_EVERY)
        advance(done % PROGRESS_EVERY)
        for a, b in (pair for pair, answer in self.said.items() if answer in JOINING):
            if a in self.things and b in self.things:
                self._judge(a, b)
        for component in _components(self.strengths()):
            for a, b in combinations(component, 2):
                self._judge(a, b)

    def _judge(self, one: str, other: str) -> None:
        pair = _ordered(one, other)
        if pair in self.judged:
            return
        judgement = self._judgement(*pair)
        answer = self.said.get(pair)
        self.judged[pair] = judgement
        if answer in PARTING or (judgement.decision is Decision.REJECT and answer not in JOINING):
            self.rejected.add(pair)

    def _judgement(self, one: str, other: str) -> Judgement:
        judgement = judge(self.things[one], self.things[other], self.policy, all_evidence=False)
        several = max(len(self.shelf.sightings.get(key, ())) for key in (one, other)) > 1
        both = one in self.shelf.sightings and other in self.shelf.sightings
        if judgement.decision is not Decision.ACCEPT or not (both and several):
            return judgement
        return weigh_recordings(self.shelf.known(one), self.shelf.known(other), self.policy)

    def strengths(self) -> dict[Pair, float]:
        """Give the accepted pairs with their scores."""
        joined = {pair: PERSON_STRENGTH for pair, answer in self.said.items() if answer in JOINING}
        accepted = {
            pair: judgement.score
            for pair, judgement in self.judged.items()
            if judgement.decision is Decision.ACCEPT and pair not in self.rejected
        }
        return {**accepted, **{pair: strength for pair, strength in joined.items() if pair in self.judged}}

    def asked(self) -> Iterator[tuple[Pair, Judgement]]:
        """Give the pairs that evidence cannot decide and no person has."""
        for pair, judgement in self.judged.items():
            if judgement.decision is Decision.ASK and pair not in self.said:
                yield pair, judgement


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def _components(pairs: Iterable[Pair]) -> list[list[str]]:
    """Give the things that chains of agreements join, where there are more than two: their other pairs matter."""
    home: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = home.get(one, {one}) | home.get(other, {other})
        home.update(dict.fromkeys(joined, joined))
    distinct = {id(members): members for members in home.values()}
    return sorted(sorted(members) for members in distinct.values() if len(members) > 2)  # noqa: PLR2004 - one pair is judged


def _proof(pair: Pair, judgement: Judgement) -> Proof:
    return Proof(
        a=pair[0],
        b=pair[1],
        rule=judgement.rule,
        names=judgement.names.value,
        score=judgement.score,
        evidence=judgement.evidence,
    )


def _cut(found: Contradiction, judged: Mapping[Pair, Judgement]) -> Cut:
    via = _ordered(*found.via)
    return Cut(
        a=found.a,
        b=found.b,
        via=via,
        rejected=found.rejected,
        proof=_proof((found.a, found.b), judged[found.a, found.b]),
        against=_proof(via, judged[via]) if via in judged else None,
    )


def _group(index: Catalogue, members: Sequence[str], judged: Mapping[Pair, Judgement]) -> Group:
    keeper, why = _keeper(index, members)
    proofs = (_proof(pair, judged[pair]) for pair in combinations(members, 2) if pair in judged)
    return Group(things=tuple(members), keeper=keeper, why=why, proofs=tuple(proofs))


def _keeper(index: Catalogue, members: Sequence[str]) -> tuple[str, str]:
    """Give which one stays and why: a recording before what has no key, then the best file, then what is fuller."""
    pieces = [index.pieces[key] for key in members if key in index.pieces]
    if not pieces:
        rows = {key: remote_of(index.state, key) for key in members}
        best = fullest([row for row in rows.values() if row is not None])
        return next(key for key, row in rows.items() if row is best), "the most is filled in there"
    ranked = sorted(pieces, key=lambda piece: _standing(index, piece), reverse=True)
    stays = ranked[0].recording.recording_id
    if len(ranked) == 1:
        return stays, "it is the one we keep in step"
    return stays, _because(index, ranked[0], ranked[1])


def _standing(index: Catalogue, piece: Piece) -> tuple[bool, Quality | tuple[()], int, int, int, int, str]:
    files = [quality(row.audio, row.size_bytes, expected_ms=piece.sighting.duration_ms) for row in piece.renditions]
    best: Quality | tuple[()] = max(files) if files else ()
    return (
        bool(files),
        best,
        len(piece.playlists),
        _shown(index, piece),
        len(piece.sightings),
        -piece.recording.first_seq,
        piece.recording.recording_id,
    )


def _shown(index: Catalogue, piece: Piece) -> int:
    key = piece.recording.recording_id
    return sum(
        index.standing_id(target, kind, key) is not None for target, kind in (("notion", "track"), ("eagle", "item"))
    )


def _because(index: Catalogue, best: Piece, next_best: Piece) -> str:
    ours, theirs = _standing(index, best), _standing(index, next_best)
    if ours[0] != theirs[0]:
        return "it has a verified file, the others have none"
    if isinstance(ours[1], Quality) and isinstance(theirs[1], Quality) and (why := better(ours[1], theirs[1])):
        return f"its file is better: {why}"
    for place, told in ((2, "it is in {} playlists, the next in {}"), (3, "it is shown in {} places, the next in {}")):
        if ours[place] != theirs[place]:
            return told.format(ours[place], theirs[place])
    if ours[4] != theirs[4]:
        return f"it was seen as {ours[4]} tracks, the next as {theirs[4]}"
    return "both are as good, and it has been there for longer"
