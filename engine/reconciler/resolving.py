"""Which recordings audio is looked for, when, and what is recorded of what was found. Pure; asks no source.

Sought is what a followed playlist lists and no source gives: what never had audio is resolved (F41), and what a source
stopped giving is proposed for, never silently replaced (F18). What a person parted stays parted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from engine.domain.addresses import canonical_address, served_by
from engine.domain.canonical import digest
from engine.domain.events import (
    Candidate,
    Event,
    Found,
    RecordingLinked,
    ResolutionDecided,
    Searched,
    TrackSeen,
)
from engine.domain.failure import Availability
from engine.domain.matching_events import PARTING, Answer
from engine.domain.recording_events import Evidence
from engine.domain.redaction import public_address
from engine.domain.references import recording_id, source_of
from engine.matching.mixes import is_mix
from engine.matching.resolution import ASKED_MAX, RULES, SEARCH, Choice, Gates, Judged, queries
from engine.matching.things import Thing
from engine.projections.rows import Resolution, Sighting
from engine.projections.state import State
from engine.reconciler.catalogue import FETCHABLE
from engine.reconciler.identity import BEATEN_MAX, FOUNDING, founded_id
from engine.reconciler.merging import canonical_ids, combined, groups
from engine.reconciler.policy import Policy
from engine.reconciler.proposals import WITHHELD
from engine.reconciler.things import recording_thing, sighting_thing
from engine.reconciler.weighing import answers_of, asked_of, said_of

LIGHT: tuple[str, ...] = ("sightings", "playlists", "recordings", "questions", "resolutions")
"""The projections that tell whether anything may be sought."""
READS: tuple[str, ...] = (*LIGHT, "renditions", "remotes")
"""The projections that a search is decided from."""

RETRY_DAYS_MAX = 180.0
UNANSWERED_DAYS = 1.0
"""After a search in which not every source answered, doubled each time, up to what follows one that found nothing."""
DAY_US = 86_400_000_000
_HOSTS = ("soundcloud", "youtube")
"""Where audio has an address."""
_ADDRESSES = tuple(f"{host}_url" for host in _HOSTS)
_PAGE = ("notion", "track")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A recording that audio is looked for.

    Attributes:
        ref: the sighting that names it.
        refs: every sighting that counts for it: none of them gives audio.
        ids: its own id and those of the recordings merged into it.
        things: the recording as the matcher takes it, and each of its sightings when they are several.
        taking: whether an accepted candidate is taken; of what a source stopped giving it is proposed.
        addresses: where a person wrote that it is.
        last: what the last search came to.
    """

    recording_id: str
    ref: str
    refs: tuple[str, ...]
    ids: tuple[str, ...]
    things: tuple[Thing, ...]
    taking: bool
    addresses: tuple[str, ...] = ()
    last: Resolution | None = None

    @property
    def label(self) -> str:
        """What to call it in a list."""
        thing = self.things[0]
        return f"{thing.artist} – {thing.title}" if thing.artist else thing.title


def resolution_version(policy: Policy) -> str:
    """Name what decides a search: under another name, everything that is still without audio is looked for again."""
    said = policy.resolution
    return f"{policy.matching.version}/{digest([RULES, said.order, said.blocked, said.mix_minutes])[:8]}"


def gates_of(policy: Policy) -> Gates:
    """Give what is never taken."""
    return Gates(blocked=policy.resolution.blocked, mix_minutes=policy.resolution.mix_minutes)


# --- what is sought -------------------------------------------------------------------------------------------------


def due(state: State, policy: Policy, now_us: int, most: int | None = None) -> tuple[Sought, ...]:
    """Give what is to be looked for now: first what never was, in the order it was seen, then what waited longest.

    Reads no renditions and no remotes that `state` does not hold: with fewer rows it gives more, never less.
    With `most`, no more than that is made ready, however much waits.
    """
    index = _Index.of(state)
    ready = (
        _sought(index, key, index.sightings[key], state.resolutions.get(key)) for key in _keys(index, policy, now_us)
    )
    return tuple(islice((each for each in ready if each.addresses or queries(each.things[0])), most))


def due_count(state: State, policy: Policy, now_us: int) -> int:
    """Count what is to be looked for now, with what no search can be asked for."""
    return len(_keys(_Index.of(state), policy, now_us))


def _keys(index: _Index, policy: Policy, now_us: int) -> list[str]:
    version = resolution_version(policy)
    found: list[tuple[bool, int, str]] = []
    for key, rows in index.sightings.items():
        last = index.state.resolutions.get(key)
        if _due_us(last, policy, version) <= now_us and _is_sought(index, key, rows, policy):
            found.append((last is not None, last.last_us if last else min(row.first_seq for row in rows), key))
    return [key for _, _, key in sorted(found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """What is looked up while deciding what is sought; lives inside one call of `due`."""

    state: State
    into: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    listed: AbstractSet[str]
    sightings: Mapping[str, Sequence[Sighting]]  # of recordings that a playlist lists
    filed: AbstractSet[str]
    proposed: AbstractSet[str]

    @staticmethod
    def of(state: State) -> _Index:
        into = canonical_ids(state.recordings)
        listed = {ref for row in state.playlists.values() if row.seen and row.active for ref in row.entries}
        homes: dict[str, list[Sighting]] = defaultdict(list)
        for row in state.sightings.values():
            if row.recording_id:
                homes[into.get(row.recording_id, row.recording_id)].append(row)
        wished = {key: rows for key, rows in homes.items() if any(row.ref in listed for row in rows)}
        filed = {into.get(row.recording_id, row.recording_id) for row in state.renditions.values()}
        giving = {key for key, rows in homes.items() if any(row.availability in FETCHABLE for row in rows)} | filed
        pairs = [
            (into.get(row.newer, row.newer), into.get(row.older, row.older))
            for row in state.questions.values()
            if row.open
        ]
        proposed = {one for one, other in pairs if other in giving} | {other for one, other in pairs if one in giving}
        return _Index(
            state=state,
            into=into,
            members=groups(into),
            listed=listed,
            sightings=dict(sorted(wished.items())),
            filed=filed,
            proposed=proposed,
        )

    def ids(self, key: str) -> tuple[str, ...]:
        return (key, *self.members.get(key, ()))


def _is_sought(index: _Index, key: str, rows: Sequence[Sighting], policy: Policy) -> bool:
    open_to_us = any(
        row.availability in FETCHABLE or (row.availability is Availability.UNKNOWN and not row.described)
        for row in rows
    )
    if open_to_us or key in index.filed or key in index.proposed:
        return False
    recordings = index.state.recordings
    whole = combined(recordings[key], [recordings[each] for each in index.members.get(key, ())])
    if whole.dismissed is not None:
        return False
    naming = min(rows, key=_naming)
    mix = is_mix(naming.title, naming.duration_ms, policy.resolution.mix_minutes, naming.artist)
    return bool(naming.title) and not mix and (policy.resolution.propose or _is_taking(index, key, rows))


def _naming(row: Sighting) -> tuple[bool, bool, int, str]:
    return (not row.title, source_of(row.ref) == "file", row.first_seq, row.ref)


def _is_taking(index: _Index, key: str, rows: Sequence[Sighting]) -> bool:
    """Whether it never had audio where it was found first; what had it once is proposed for only."""
    refs = [ref for each in index.ids(key) for ref in index.state.recordings[each].refs]
    first = min(rows, key=lambda row: refs.index(row.ref) if row.ref in refs else len(refs))
    return first.availability not in WITHHELD


def _due_us(last: Resolution | None, policy: Policy, version: str) -> int:
    """Give when to look again: at once where anything but a search without result came before, or decides now."""
    if last is None or last.policy_version != version or last.found in (Found.ACCEPTED, Found.ASKED):
        return 0
    days = min(policy.resolution.retry_days * 2 ** min(max(last.misses - 1, 0), 16), RETRY_DAYS_MAX)
    if last.found is Found.UNANSWERED:
        days = min(UNANSWERED_DAYS * 2 ** min(last.unanswered - 1, 16), days)
    return last.last_us + int(days * DAY_US)


def _sought(index: _Index, key: str, rows: Sequence[Sighting], last: Resolution | None) -> Sought:
    ordered = sorted(rows, key=_naming)
    addresses = _written(index, key, rows)
    whole = recording_thing(key, ordered)
    ids = tuple(sorted({*whole.ids, *(canonical_address(url) for url in addresses)}))
    parts = tuple(sighting_thing(row) for row in ordered) if len(ordered) > 1 else ()
    return Sought(
        recording_id=key,
        ref=ordered[0].ref,
        refs=tuple(row.ref for row in ordered),
        ids=index.ids(key),
        things=(replace(whole, ids=ids), *parts),
        taking=_is_taking(index, key, rows),
        addresses=addresses,
        last=last,
    )


def _written(index: _Index, key: str, rows: Sequence[Sighting]) -> tuple[str, ...]:
    """Give the addresses of audio that a person put beside a song: in a list of theirs, or in its row (F57)."""
    said = [row.url for row in rows if source_of(row.ref) not in _HOSTS]
    keys = index.ids(key)
    pages = (row for row in index.state.remotes.values() if row.key in keys and (row.target, row.kind) == _PAGE)
    said += [str(row.fields[name]) for row in pages if row.standing for name in _ADDRESSES if row.fields.get(name)]
    own = {canonical_address(row.url) for row in rows if source_of(row.ref) in _HOSTS}
    known = {canonical_address(url): url for url in reversed(said)}
    return tuple(url for address, url in sorted(known.items()) if address not in own and served_by(address) in _HOSTS)


# --- what is recorded -----------------------------------------------------------------------------------------------


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
