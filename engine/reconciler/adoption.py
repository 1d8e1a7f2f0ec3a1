"""Rows and items that were there before us and are a recording of ours: found on evidence, or asked about.

What carries a source's id, an address or an ISRC of ours is adopted by the planner itself; here is the rest (§8).
One to one: two recordings never adopt one row, and a recording never adopts two; where that is not clear a person is
asked, and nothing is made meanwhile. Appends nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from engine.domain.matching_events import JOINING, PARTING, MatchAsked, MatchSettled
from engine.domain.references import object_key
from engine.matching.blocking import pairs_between
from engine.matching.keys import keys_of
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Decision, Thing
from engine.projections.rows import Question
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue, catalogue
from engine.reconciler.identity import ASKED_MAX, Shelf, shelf
from engine.reconciler.things import UNKEYED_KINDS, remote_of, remote_things, sighting_thing
from engine.reconciler.weighing import Verdict, asked_of, weigh

Place: TypeAlias = tuple[str, str]
"""A target and a kind of object."""

ELSEWHERE = "https://open.spotify.com/"
"""The addresses by which the planner does not look for rows; it goes by the id beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A row or an item and the recording that it is, or may be.

    Attributes:
        accepted: whether evidence alone decides it.
    """

    thing: str  # "<target>/<kind>/<remote id>"
    verdict: Verdict
    accepted: bool

    @property
    def question(self) -> MatchAsked:
        """What there is to ask."""
        return asked_of(self.thing, self.verdict.recording_id, self.verdict.judgement)

    @property
    def events(self) -> tuple[MatchAsked | MatchSettled, ...]:
        """What is recorded of it: a question, and its answer where there is one."""
        asked, judgement = self.question, self.verdict.judgement
        if not self.accepted:
            return (asked,)
        settled = MatchSettled(
            question_id=asked.question_id,
            decision=Decision.ACCEPT.value,
            evidence=judgement.evidence,
            policy_version=judgement.policy_version,
        )
        return (asked, settled)


def adoptions(
    state: State, places: Iterable[Place] = UNKEYED_KINDS, policy: MatchingPolicy = DEFAULT, after_seq: int = 0
) -> tuple[Adoption, ...]:
    """Give what may be adopted for recordings that have nothing there yet.

    Args:
        state: everything the journal knows.
        places: where to look; only what was scanned completely.
        policy: how evidence decides.
        after_seq: look only at pairs of which one side was seen or changed since.
    """
    index, held = catalogue(state), shelf(state)
    known = [row for row in state.questions.values() if "/" in row.newer]
    taken = [row for row in known if _recognised(row)]
    rows, recordings = {row.newer for row in taken}, {(_place(row.newer), held.home(row.older)) for row in taken}
    free = [thing for thing in remote_things(state) if thing.key not in rows]
    asked = {frozenset((row.newer, held.home(row.older))) for row in known if row.open or row.answer is not None}
    found: list[Adoption] = []
    for place in places:
        homeless = [key for key in _homeless(index, place) if (place, key) not in recordings]
        there = [thing for thing in free if _place(thing.key) == place]
        search = _Search(state=state, shelf=held, policy=policy, after_seq=after_seq, asked=asked)
        found += search.found(homeless, there) if homeless and there else ()
    return tuple(found)


def _recognised(row: Question) -> bool:
    """Whether a row or an item is decided to be a recording, and only waits to be adopted."""
    return row.answer in JOINING or (row.settled == Decision.ACCEPT.value and row.answer not in PARTING)


def _place(key: str) -> Place:
    target, kind, _ = key.split("/", 2)
    return (target, kind)


def _homeless(index: Catalogue, place: Place) -> Iterator[str]:
    """Give the recordings that have nothing in a place, and never had; what a person took away stays away."""
    target, kind = place
    for key, piece in sorted(index.pieces.items()):
        members = (key, *index.absorbed.get(key, ()))
        held = any(index.bound(target, kind, each) or object_key(target, kind, each) in index.keyed for each in members)
        if not held and piece.recording.dismissed is None:
            yield key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What pairs of one place are judged with; lives inside one call of `adoptions`."""

    state: State
    shelf: Shelf
    policy: MatchingPolicy
    after_seq: int
    asked: AbstractSet[frozenset[str]]

    def found(self, homeless: Sequence[str], there: Sequence[Thing]) -> Iterator[Adoption]:
        near = self._near(homeless, there)
        met = {pair for pair in near if self._met(*pair)}
        settled = {each for recording, thing in met for each in (recording, thing.key)}
        verdicts = [
            (thing.key, weigh(thing, self.shelf.known(recording), self.policy))
            for recording, thing in near
            if recording not in settled and thing.key not in settled
        ]
        accepted = _one_to_one([pair for pair in verdicts if pair[1].accepted])
        done = {each for key, verdict in accepted for each in (key, verdict.recording_id)}
        yield from (Adoption(thing=key, verdict=verdict, accepted=True) for key, verdict in accepted)
        raised: Counter[str] = Counter()
        for key, verdict in sorted(verdicts, key=lambda pair: (pair[1].rank, pair[0])):
            rejected = verdict.judgement.decision is Decision.REJECT
            if rejected or key in done or verdict.recording_id in done or raised[verdict.recording_id] == ASKED_MAX:
                continue
            raised[verdict.recording_id] += 1
            yield Adoption(thing=key, verdict=verdict, accepted=False)

    def _near(self, homeless: Sequence[str], there: Sequence[Thing]) -> list[tuple[str, Thing]]:
        """Give the pairs worth comparing of which one side is new, and that nobody was asked about."""
        new = [key for key in homeless if self._seen_seq(key) > self.after_seq]
        moved = [thing for thing in there if self._shown_seq(thing.key) > self.after_seq]
        pairs = {(home, thing.key): thing for home, thing in self._blocked(new, there)}
        if len(new) < len(homeless):
            pairs |= {(home, thing.key): thing for home, thing in self._blocked(homeless, moved)}
        return [
            (home, thing) for (home, key), thing in sorted(pairs.items()) if frozenset((home, key)) not in self.asked
        ]

    def _blocked(self, homeless: Sequence[str], there: Sequence[Thing]) -> Iterator[tuple[str, Thing]]:
        ours = [(key, keys_of(sighting_thing(row))) for key in homeless for row in self.shelf.sightings[key]]
        for one, other in pairs_between([keys for _, keys in ours], [keys_of(thing) for thing in there]):
            yield ours[one][0], there[other]

    def _met(self, recording: str, thing: Thing) -> bool:
        """Whether the planner finds the one by the other itself: by a source's id, an address or an ISRC."""
        known = self.shelf.known(recording).thing
        ids = [each for each in thing.ids if each in known.ids and not each.startswith(ELSEWHERE)]
        return bool(ids) or not frozenset(thing.isrcs).isdisjoint(known.isrcs)

    def _seen_seq(self, recording: str) -> int:
        seqs = [row.last_seq for row in self.shelf.sightings[recording]]
        return max(seqs + [row.last_seq for row in self.shelf.renditions.get(recording, ())])

    def _shown_seq(self, key: str) -> int:
        row = remote_of(self.state, key)
        return row.last_seq if row else 0


def _one_to_one(accepted: Sequence[tuple[str, Verdict]]) -> list[tuple[str, Verdict]]:
    """Give the pairs of which neither side was accepted for anything else."""
    rows = Counter(key for key, _ in accepted)
    recordings = Counter(verdict.recording_id for _, verdict in accepted)
    return [pair for pair in accepted if rows[pair[0]] == 1 and recordings[pair[1].recording_id] == 1]
