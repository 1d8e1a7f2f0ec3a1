"""Which recording a sighting is: linked on evidence, asked where evidence is not enough, else a recording of its own.

A person's answer is followed and never weighed again. Names alone link nothing: the matcher says so, and nothing here
says otherwise (design §5, F1, F9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from engine.domain.matching_events import JOINING, Answer, MatchAsked
from engine.domain.recording_events import Evidence, RecordingLinked
from engine.domain.references import recording_id
from engine.matching.blocking import Keys, pairs_between, pairs_within
from engine.matching.keys import keys_of
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Decision
from engine.projections.rows import Recording, Rendition, Sighting
from engine.projections.state import State
from engine.reconciler.merging import canonical_ids, groups
from engine.reconciler.things import file_hashes, sighting_thing, sightings_of
from engine.reconciler.weighing import (
    Known,
    Verdict,
    answers_of,
    asked_of,
    said_of,
    weigh,
    weigh_recordings,
)

ASKED_MAX = 3
"""Questions one sighting may raise: more candidates than this are a common name, not likely twins."""

BEATEN_MAX = 8
"""Candidates a decision names as not chosen."""

FOUNDING = "founding"
PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was decided of one sighting, and what that leaves to ask; recorded together or not at all."""

    link: RecordingLinked
    asked: tuple[MatchAsked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided of the sightings that belonged to nothing, in order."""

    steps: tuple[Step, ...] = ()

    @property
    def links(self) -> tuple[RecordingLinked, ...]:
        """Every decision."""
        return tuple(step.link for step in self.steps)

    @property
    def asked(self) -> tuple[MatchAsked, ...]:
        """Every question."""
        return tuple(event for step in self.steps for event in step.asked)


def unlinked(state: State, policy: MatchingPolicy = DEFAULT) -> Decided:
    """Decide every listed sighting that belongs to no recording yet, in the order they were first seen."""
    fresh = new_sightings(state)
    return _deciding(state, fresh, policy).decided() if fresh else Decided()


def new_sightings(state: State) -> tuple[Sighting, ...]:
    """Give the listed sightings that belong to no recording, oldest first; what no playlist lists is nobody's wish."""
    listed = _listed(state)
    fresh = (row for row in state.sightings.values() if not row.recording_id and row.ref in listed)
    return tuple(sorted(fresh, key=lambda row: (row.first_seq, row.ref)))


def _listed(state: State) -> AbstractSet[str]:
    return {ref for playlist in state.playlists.values() for ref in playlist.entries}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Every recording that was seen; one is made ready for judging when it is first asked for.

    Attributes:
        sightings: by recording, the one that names it first.
        absorbed: by recording, those that were merged into it.
        stands_for: by absorbed recording, the one it counts for.
    """

    sightings: Mapping[str, Sequence[Sighting]]
    renditions: Mapping[str, Sequence[Rendition]]
    absorbed: Mapping[str, Sequence[str]]
    stands_for: Mapping[str, str]
    ready: dict[str, Known] = field(default_factory=dict)

    def home(self, recording: str) -> str:
        """Give the recording that one counts for by now."""
        return self.stands_for.get(recording, recording)

    def known(self, recording: str) -> Known:
        """Give a recording as things are judged against it."""
        if recording not in self.ready:
            rows = list(self.sightings[recording])
            files = self.renditions.get(recording, ())
            self.ready[recording] = Known(recording_id=recording, sightings=rows, renditions=files)
        return self.ready[recording]

    def holds(self, recording: str) -> bool:
        """Say whether anything was seen of a recording."""
        return recording in self.sightings or recording in self.ready

    def ids(self, recording: str) -> Sequence[str]:
        """Give every id that counts for a recording."""
        return (recording, *self.absorbed.get(recording, ()))


def shelf(state: State) -> Shelf:
    """Give every recording that was seen, merged ones as the one that stays."""
    stands_for = canonical_ids(state.recordings)
    files: dict[str, list[Rendition]] = defaultdict(list)
    for row in state.renditions.values():
        files[stands_for.get(row.recording_id, row.recording_id)].append(row)
    absorbed = groups(stands_for)
    return Shelf(sightings=sightings_of(state), renditions=files, absorbed=absorbed, stands_for=stands_for)


def _deciding(state: State, fresh: Sequence[Sighting], policy: MatchingPolicy) -> _Deciding:
    held = shelf(state)
    keys = [keys_of(sighting_thing(row)) for row in fresh]
    before: dict[int, list[int]] = defaultdict(list)
    for earlier, later in pairs_within(keys):
        before[later].append(earlier)
    answers = answers_of(state.questions)
    partners: dict[str, list[str]] = defaultdict(list)
    for one, other in (sorted(pair) for pair, answer in answers.items() if answer in JOINING):
        partners[one].append(other)
        partners[other].append(one)
    return _Deciding(
        fresh=fresh,
        policy=policy,
        recordings=state.recordings,
        shelf=held,
        near=_near(keys, held),
        before=before,
        answers=answers,
        partners=partners,
        listed=_listed(state),
    )


def _near(keys: Sequence[Keys], held: Shelf) -> Mapping[int, Sequence[str]]:
    """Give the recordings worth comparing with each new sighting: by any of their sightings, or by a file's hash."""
    homes: list[str] = []
    theirs: list[Keys] = []
    for recording, rows in held.sightings.items():
        theirs += [keys_of(sighting_thing(row)) for row in rows]
        homes += [recording] * len(rows)
        if files := held.renditions.get(recording):
            theirs.append(Keys(words=frozenset(), exact=frozenset(file_hashes(files))))
            homes.append(recording)
    near: dict[int, dict[str, None]] = defaultdict(dict)
    for place, other in pairs_between(keys, theirs):
        near[place][homes[other]] = None
    return {place: tuple(found) for place, found in near.items()}


@dataclass(slots=True, kw_only=True)
class _Deciding:
    """Decisions in the making; lives inside one call of `unlinked`."""

    fresh: Sequence[Sighting]
    policy: MatchingPolicy
    recordings: Mapping[str, Recording]
    shelf: Shelf
    near: Mapping[int, Sequence[str]]  # place in `fresh` → recordings worth comparing
    before: Mapping[int, Sequence[int]]  # place in `fresh` → earlier places worth comparing
    answers: Mapping[frozenset[str], Answer]
    partners: Mapping[str, Sequence[str]]  # recording → those a person said are the same
    listed: AbstractSet[str]  # refs that a playlist shows
    homes: list[str] = field(default_factory=list)  # of those decided so far

    def decided(self) -> Decided:
        steps: list[Step] = []
        for place, row in enumerate(self.fresh):
            candidates = dict.fromkeys(self.near.get(place, ()))
            candidates.update(dict.fromkeys(self.homes[earlier] for earlier in self.before.get(place, ())))
            step = self._decide(row, tuple(candidates))
            self.homes.append(step.link.recording_id)
            steps.append(step)
        return Decided(steps=tuple(steps))

    def _decide(self, row: Sighting, candidates: Sequence[str]) -> Step:
        own = self._own(row)
        ours = {own, recording_id(row.ref)}
        candidates = tuple(dict.fromkeys((*candidates, *self._joined(ours))))
        said = {each: said_of(self.answers, ours, self.shelf.ids(each)) for each in candidates}
        joined = sorted(each for each in candidates if said[each] in JOINING)
        thing = sighting_thing(row)
        open_ones = [self.shelf.known(each) for each in candidates if said[each] is None]
        verdicts = sorted((weigh(thing, each, self.policy) for each in open_ones), key=lambda each: each.rank)
        if joined:
            return Step(link=self._join(row, joined[0], _BY_PERSON, verdicts))
        chosen = self._chosen(verdicts)
        others = [each for each in verdicts if each is not chosen]
        home = chosen.recording_id if chosen else own
        ground = (chosen.judgement.rule, chosen.judgement.evidence) if chosen else _founded(others)
        link = self._join(row, home, ground, others)
        return Step(link=link, asked=tuple(self._ask(home, chosen, others)))

    def _joined(self, ours: Iterable[str]) -> Iterator[str]:
        """Give the recordings that a person said are this one, however unlike they look."""
        for other in (other for own in ours for other in self.partners.get(own, ())):
            home = self.shelf.home(other)
            if self.shelf.holds(home):
                yield home

    def _own(self, row: Sighting) -> str:
        """Give the id of a recording that this sighting founds: its own, unless that one holds others by now."""
        return founded_id(self.recordings, row.ref)

    def _chosen(self, verdicts: Sequence[Verdict]) -> Verdict | None:
        """Give the one recording that is accepted, or the best of several that agree with each other."""
        accepted = [each for each in verdicts if each.accepted]
        if sum(each.certain for each in accepted) == 1:
            return accepted[0]
        pairs = ((a, b) for place, a in enumerate(accepted) for b in accepted[place + 1 :])
        agreed = all(self._agree(a.recording_id, b.recording_id) for a, b in pairs)
        return accepted[0] if accepted and agreed else None

    def _agree(self, a: str, b: str) -> bool:
        judgement = weigh_recordings(self.shelf.known(a), self.shelf.known(b), self.policy)
        return judgement.decision is Decision.ACCEPT

    def _join(
        self, row: Sighting, home: str, ground: tuple[str, tuple[Evidence, ...]], others: Sequence[Verdict]
    ) -> RecordingLinked:
        if self.shelf.holds(home):
            self.shelf.known(home).join(row)
        else:
            self.shelf.ready[home] = Known(recording_id=home, sightings=[row])
        return _linked(row.ref, home, ground, others, self.policy)

    def _is_wished(self, recording: str) -> bool:
        """Whether a recording is worth a question: what has no file and stands in no playlist any more is not."""
        known = self.shelf.known(recording)
        return bool(known.renditions) or any(row.ref in self.listed for row in known.sightings)

    def _ask(self, home: str, chosen: Verdict | None, others: Sequence[Verdict]) -> Iterator[MatchAsked]:
        """Ask what is open: of a founder whatever may be it, of the very same file only what else claims to be."""
        if chosen is None:
            waiting = [each for each in others if each.judgement.decision is not Decision.REJECT]
        else:
            waiting = [each for each in others if chosen.certain and each.accepted]
        ours = self.shelf.ids(home)
        wished = [each for each in waiting if self._is_wished(each.recording_id)]
        for each in wished[:ASKED_MAX]:
            if said_of(self.answers, ours, self.shelf.ids(each.recording_id)) is None:
                yield asked_of(home, each.recording_id, each.judgement)


def founded_id(recordings: Mapping[str, Recording], ref: str) -> str:
    """Give the id of a recording that a sighting founds: its own, unless that one holds others by now."""
    own, again = recording_id(ref), 1
    while (held := recordings.get(own)) is not None and (held.refs or held.merged_into):
        again += 1
        own = recording_id(f"{ref}#{again}")
    return own


def _linked(
    ref: str, home: str, ground: tuple[str, tuple[Evidence, ...]], others: Sequence[Verdict], policy: MatchingPolicy
) -> RecordingLinked:
    rule, evidence = ground
    return RecordingLinked(
        recording_id=home,
        ref=ref,
        rule=rule,
        evidence=evidence or (Evidence(feature=rule, weight=1.0, detail=""),),
        beaten=tuple(_beaten(each) for each in others[:BEATEN_MAX]),
        policy_version=policy.version,
    )


def _founded(others: Sequence[Verdict]) -> tuple[str, tuple[Evidence, ...]]:
    likely = sum(each.judgement.decision is not Decision.REJECT for each in others)
    detail = f"{likely} may be it, which a person has to say" if likely else "nothing known is the same"
    return FOUNDING, (Evidence(feature=FOUNDING, weight=1.0, detail=detail),)


def _beaten(verdict: Verdict) -> str:
    """Say what a candidate came to, and what spoke most against it."""
    judgement = verdict.judgement
    told = min(judgement.evidence, key=lambda each: each.weight, default=None)
    why = f": {told.feature} {told.detail}".rstrip() if told and told.weight <= 0 else ""
    return f"{verdict.recording_id} {judgement.decision}{why}"


_BY_PERSON = (PERSON, (Evidence(feature=PERSON, weight=1.0, detail="a person said that it is this one"),))
