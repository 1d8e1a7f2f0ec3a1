"""What is recorded of a search for audio: what is taken, what is asked about, and what follows. Pure; asks no source.

What a person parted stays parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from engine.domain.events import (
    Candidate,
    Event,
    Found,
    RecordingLinked,
    ResolutionDecided,
    Searched,
    TrackSeen,
)
from engine.domain.matching_events import PARTING, Answer
from engine.domain.recording_events import Evidence
from engine.domain.redaction import public_address
from engine.domain.references import recording_id, source_of
from engine.matching.resolution import ASKED_MAX, SEARCH, Choice, Judged
from engine.projections.state import State
from engine.reconciler.identity import BEATEN_MAX, FOUNDING, founded_id
from engine.reconciler.merging import canonical_ids, combined, groups
from engine.reconciler.policy import Policy
from engine.reconciler.seeking import Sought, resolution_version
from engine.reconciler.weighing import answers_of, asked_of, said_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is recorded of one search, together or not at all.

    Attributes:
        tracks: what was shown of the candidates that are now somebody's, to be recorded first.
        events: the decision, and what follows from it.
    """

    found: Found
    tracks: tuple[TrackSeen, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Says what becomes of candidates, by what is known of them; made once for all that is sought in a run."""

    state: State
    policy: Policy
    answers: Mapping[frozenset[str], Answer]
    into: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(state: State, policy: Policy) -> Settling:
        """Give it for a state that holds `READS`."""
        into = canonical_ids(state.recordings)
        answers = answers_of(state.questions)
        return Settling(state=state, policy=policy, answers=answers, into=into, members=groups(into))

    def candidates(self, sought: Sought, found: Iterable[TrackSeen]) -> tuple[TrackSeen, ...]:
        """Give what of it may be the recording, with what an attempt proved of its audio where a search only repeats.

        Left out is what it was seen as, what a person parted from it, and what they threw away.
        """
        return tuple(self._as_proven(track) for track in found if self._may_be(sought, track.ref))

    def _may_be(self, sought: Sought, ref: str) -> bool:
        home = self._home(ref)
        theirs = {recording_id(ref), *self._ids(home)}
        parted = said_of(self.answers, sought.ids, sorted(theirs)) in PARTING
        return ref not in sought.refs and not parted and not self._is_dismissed(home)

    def _as_proven(self, track: TrackSeen) -> TrackSeen:
        row = self.state.sightings.get(track.ref)
        proven = row is not None and row.failure is not None and row.listed is track.availability
        return replace(track, availability=row.availability) if row and proven else track

    def _home(self, ref: str) -> str | None:
        row = self.state.sightings.get(ref)
        return self.into.get(row.recording_id, row.recording_id) if row and row.recording_id else None

    def _ids(self, home: str | None) -> tuple[str, ...]:
        return (home, *self.members.get(home, ())) if home else ()

    def _is_dismissed(self, home: str | None) -> bool:
        rows = [self.state.recordings[each] for each in self._ids(home) if each in self.state.recordings]
        return bool(rows) and combined(rows[0], rows[1:]).dismissed is not None

    def outcome(
        self, sought: Sought, searched: Sequence[Searched], judged: Sequence[Judged], choice: Choice
    ) -> Outcome:
        """Give what is recorded: the one taken is linked, the others asked about; a recording of its own is asked."""
        taken = choice.taken
        linked = taken is not None and sought.taking and self._home(taken.track.ref) is None
        doubtful = tuple(sorted(choice.asked, key=lambda each: each.worth)[:ASKED_MAX])
        asked = () if linked else doubtful if taken is None else (taken,)
        silent = any(one.failure is not None and one.source in self.policy.resolution.order for one in searched)
        nothing = Found.UNANSWERED if silent else Found.NONE
        found = Found.ACCEPTED if linked else Found.ASKED if asked else nothing
        involved = (taken,) if linked and taken else asked
        steps: list[Event] = [self._linked(sought, taken, judged)] if linked and taken else []
        steps += [event for each in asked for event in self._asked(sought, each)]
        decided = ResolutionDecided(
            recording_id=sought.recording_id,
            sought_ref=sought.ref,
            found=found,
            chosen=taken.track.ref if linked and taken else None,
            searched=tuple(searched),
            candidates=tuple(candidate_of(each) for each in judged),
            policy_version=resolution_version(self.policy),
        )
        return Outcome(found=found, tracks=tuple(each.track for each in involved), events=(*steps, decided))

    def _linked(self, sought: Sought, taken: Judged, judged: Sequence[Judged]) -> RecordingLinked:
        return RecordingLinked(
            recording_id=sought.recording_id,
            ref=taken.track.ref,
            rule=taken.judgement.rule,
            evidence=_evidence(taken),
            beaten=tuple(_beaten(each) for each in judged if each is not taken)[:BEATEN_MAX],
            policy_version=taken.judgement.policy_version,
        )

    def _asked(self, sought: Sought, offer: Judged) -> Iterable[Event]:
        """Ask about an offer: as a recording of its own, or as the one it is already."""
        ref = offer.track.ref
        home = self._home(ref)
        judgement = replace(offer.judgement, evidence=_evidence(offer))
        if home is None:
            home = founded_id(self.state.recordings, ref)
            detail = f"a search for {sought.label} found it; whether it is that, a person has to say"
            yield RecordingLinked(
                recording_id=home,
                ref=ref,
                rule=FOUNDING,
                evidence=(Evidence(feature=FOUNDING, weight=1.0, detail=detail),),
                beaten=(),
                policy_version=judgement.policy_version,
            )
        elif self._is_wished(home):
            yield asked_of(sought.recording_id, home, judgement)
            return
        yield asked_of(home, sought.recording_id, judgement)

    def _is_wished(self, home: str) -> bool:
        """Whether a recording is wanted for itself: it has a file, or a playlist lists it."""
        ids = self._ids(home)
        listed = {ref for row in self.state.playlists.values() if row.active for ref in row.entries}
        seen = (row.ref for row in self.state.sightings.values() if row.recording_id in ids)
        return not listed.isdisjoint(seen) or any(row.recording_id in ids for row in self.state.renditions.values())


def candidate_of(judged: Judged) -> Candidate:
    """Give an offer as it is recorded."""
    track, judgement = judged.track, judged.judgement
    return Candidate(
        ref=track.ref,
        url=public_address(track.url),
        title=track.title,
        decision=judgement.decision.value,
        score=judgement.score,
        evidence=judgement.evidence,
        artist=track.artist,
        uploader=track.uploader,
        duration_ms=track.duration_ms,
        isrc=track.isrc,
        availability=track.availability,
    )


def _evidence(judged: Judged) -> tuple[Evidence, ...]:
    track = judged.track
    by = f", uploaded by {track.uploader}" if track.uploader else ""
    told = f"found on {source_of(track.ref)}: {public_address(track.url)}{by}"
    return (*judged.judgement.evidence, Evidence(feature=SEARCH, weight=0.0, detail=told))


def _beaten(judged: Judged) -> str:
    told = min(judged.judgement.evidence, key=lambda each: each.weight, default=None)
    why = f": {told.feature} {told.detail}".rstrip() if told and told.weight <= 0 else ""
    return f"{judged.track.ref} {judged.judgement.decision}{why}"
