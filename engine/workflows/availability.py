"""Tells when each track could be had, when it could not, and on what evidence; nothing is ever removed because of it.

Folds the sightings' own projection over their events, so that the timeline says what the program believed at the time.
Asks no remote.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.errors import UsageError
from engine.domain.failure import Availability, FailureClass
from engine.domain.references import source_of
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.observed import SIGHTINGS
from engine.projections.rows import Sighting
from engine.projections.state import State
from engine.reconciler.catalogue import FETCHABLE, Catalogue, catalogue
from engine.reconciler.proposals import ANOTHER, Proposal, proposals
from engine.workflows.lookup import find_one, track_label

LISTING, ATTEMPT = "listing", "attempt"
USUAL = frozenset({Availability.AVAILABLE, Availability.METADATA_ONLY, Availability.UNKNOWN})
"""States that are nothing to report: audio is there, or was never to be had from such a source."""
_EVENTS = (e.TrackSeen.TYPE, e.TrackAvailabilityChanged.TYPE)
_CONCLUDED = {
    Availability.DRM_PROTECTED: "every format is encrypted",
    Availability.PREVIEW_ONLY: "every format is cut short",
}
"""What a description shows where the source has no word for it."""
_AGO = re.compile(r"(\d+)\s*([hdw])")
_DAYS_AGO = {"today": 0, "yesterday": 1}
_UNIT_US = {"h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000}


class Transition(Value, frozen=True):
    """One change of what was believed of a track's audio.

    Attributes:
        before: what was believed until then; None when it was first seen.
        by: "listing" or "attempt": what proved it.
        evidence: what the source said, in its words.
        ways: the access profiles that were tried.
    """

    seq: int
    recorded_us: int
    before: Availability | None
    after: Availability
    by: str
    failure: FailureClass | None = None
    evidence: str = ""
    ways: tuple[str, ...] = ()


class Alternative(Value, frozen=True):
    """Where else a recording's audio is, or may be."""

    label: str
    ref: str
    url: str
    why: str
    command: str  # what a person types to take it; empty when it is taken by itself


class Timeline(Value, frozen=True):
    """What was believed of one track of one source, oldest first."""

    ref: str
    source: str
    label: str
    url: str
    recording_id: str | None
    now: Availability
    since_us: int
    has_file: bool
    playlists: tuple[str, ...]
    transitions: tuple[Transition, ...]
    alternatives: tuple[Alternative, ...] = ()


class Summary(Value, frozen=True):
    """How many tracks of one playlist came to one state."""

    playlist: str
    state: Availability
    tracks: int


class AvailabilityReport(Value, frozen=True):
    """What was asked for: timelines, and what they come to playlist by playlist.

    Attributes:
        since_us: from when on changes were asked for; None when the state alone was.
        until_us: the time the answer is of.
    """

    since_us: int | None
    until_us: int
    timelines: tuple[Timeline, ...]
    summary: tuple[Summary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityQuestion:
    """What of it is asked for.

    Attributes:
        thing: one recording; empty for all.
        changed_since: a time, a journal position, or so long ago, such as 7d.
        now: the state it is in.
    """

    thing: str = ""
    changed_since: str | None = None
    now: str | None = None


def availability(journal: Journal, state: State, question: AvailabilityQuestion, now_us: int) -> AvailabilityReport:
    """Give the timelines that a question means, the latest change first.

    Args:
        journal: where the evidence is.
        state: what was known, now or at an earlier position.
        question: what of it is asked for.
        now_us: the time; of an earlier position, that of its last event.

    Raises:
        UsageError: nothing is meant by the thing, the state or the time.
    """
    meant = find_one(state, question.thing, ("recording",)).key if question.thing else None
    since_us = _since_us(journal, question.changed_since, now_us) if question.changed_since else None
    wanted = _state_named(question.now) if question.now else None
    index = catalogue(state)
    stories = _stories(journal, state, _sightings_of(index, meant) if meant else None)
    kept = {
        ref: story for ref, story in stories.items() if _is_meant(story, meant=meant, since_us=since_us, wanted=wanted)
    }
    teller = _Teller(index=index, proposed=_proposed(state) if kept else {}, listed=_listed(index))
    found = sorted((teller.timeline(ref, story) for ref, story in kept.items()), key=_latest_first)
    return AvailabilityReport(since_us=since_us, until_us=now_us, timelines=tuple(found), summary=_summary(found))


def transitions(recorded: Iterable[Recorded]) -> dict[str, tuple[Transition, ...]]:
    """Give, for every sighting, each change of what the program believed of its audio."""
    rows: dict[str, Sighting] = {}
    found: dict[str, list[Transition]] = defaultdict(list)
    for each in recorded:
        key_of, evolve = SIGHTINGS.handlers[type(each.event)]
        ref = key_of(each.event)
        before, rows[ref] = rows.get(ref), evolve(rows.get(ref), each)
        if before is None or before.availability is not rows[ref].availability:
            found[ref].append(_transition(each, before, rows[ref]))
    return {ref: tuple(steps) for ref, steps in found.items()}


def _transition(recorded: Recorded, before: Sighting | None, after: Sighting) -> Transition:
    event = recorded.event
    attempted = isinstance(event, e.TrackAvailabilityChanged) and not event.listed
    said = event.detail if isinstance(event, e.TrackAvailabilityChanged) else _said(event)
    return Transition(
        seq=recorded.seq,
        recorded_us=recorded.recorded_us,
        before=before.availability if before else None,
        after=after.availability,
        by=ATTEMPT if attempted else LISTING,
        failure=after.failure,
        evidence=said,
        ways=after.ways,
    )


def _said(event: e.Event) -> str:
    """Give a source's own words about a track it describes, and what was concluded without a word of its own."""
    assert isinstance(event, e.TrackSeen)
    if event.availability is Availability.AVAILABLE and event.policy == "BLOCK":
        return "given by another way"  # what one country's listing says of a track that another country's way gave
    told = event.policy == "SNIP" or event.access == "preview"
    concluded = "" if told else _CONCLUDED.get(event.availability, "")
    said = (("policy", event.policy), ("access", event.access))
    return ", ".join(filter(None, (concluded, *(f"{name} {value}" for name, value in said if value))))


def _sightings_of(index: Catalogue, recording: str) -> tuple[str, ...]:
    piece = index.pieces.get(index.canonical(recording))
    return tuple(row.ref for row in piece.sightings) if piece else ()


def _stories(journal: Journal, state: State, refs: Iterable[str] | None) -> dict[str, tuple[Transition, ...]]:
    until = state.head_seq or None
    if refs is None:
        return transitions(journal.read(types=_EVENTS, until=until))
    told = (journal.read(stream=f"sighting:{ref}", types=_EVENTS, until=until) for ref in refs)
    return transitions(chain.from_iterable(told))


def _is_meant(
    story: tuple[Transition, ...],
    *,
    meant: str | None,
    since_us: int | None,
    wanted: Availability | None,
) -> bool:
    now = story[-1].after
    if wanted is not None and now is not wanted:
        return False
    if since_us is not None:
        return any(step.before is not None and step.recorded_us >= since_us for step in story)
    return meant is not None or wanted is not None or now not in USUAL


def _listed(index: Catalogue) -> dict[str, dict[str, int]]:
    """Give the playlists that hold each track, with its first position there."""
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for row in index.playlists:
        for position, ref in enumerate(row.entries, start=1):
            names[ref].setdefault(row.name or row.ref, position)
    return names


def _label(sighting: Sighting, listed: Mapping[str, int]) -> str:
    """Say what a track is called, or where it stands when no source ever said."""
    place = next((f" (entry {position} of {name})" for name, position in listed.items()), "")
    return track_label(sighting) + ("" if sighting.described else place)


def _proposed(state: State) -> dict[str, list[Proposal]]:
    found: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals(state):
        found[proposal.recording_id].append(proposal)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """What timelines are told with; lives inside one call of `availability`."""

    index: Catalogue
    proposed: Mapping[str, list[Proposal]]
    listed: Mapping[str, Mapping[str, int]]

    def timeline(self, ref: str, story: tuple[Transition, ...]) -> Timeline:
        sighting, listed = self.index.state.sightings[ref], self.listed.get(ref, {})
        recording = self.index.recording_of.get(ref)
        piece = self.index.pieces.get(recording or "")
        now = story[-1]
        withheld = piece is not None and now.after is not Availability.AVAILABLE
        return Timeline(
            ref=ref,
            source=source_of(ref),
            label=_label(sighting, listed),
            url=sighting.url,
            recording_id=recording,
            now=now.after,
            since_us=now.recorded_us,
            has_file=bool(piece and piece.renditions),
            playlists=tuple(listed),
            transitions=story,
            alternatives=tuple(self.alternatives(ref, recording)) if withheld and recording else (),
        )

    def alternatives(self, ref: str, recording: str) -> Iterator[Alternative]:
        """Give where else its audio is, and where it may be: its own sightings, then what was found or is asked."""
        state = self.index.state
        told = {ref}
        for row in self.index.pieces[recording].sightings:
            if row.ref not in told and row.availability in FETCHABLE:
                told.add(row.ref)
                yield _alternative(row, "the same recording", "")
        for proposal in self.proposed.get(recording, ()):
            if proposal.ref not in told:
                told.add(proposal.ref)
                yield _alternative(state.sightings[proposal.ref], proposal.why, _command(proposal))
        searched = state.resolutions.get(recording)
        for candidate in searched.candidates if searched else ():
            found = state.sightings.get(candidate)
            if found is not None and candidate not in told and found.availability in FETCHABLE:
                yield _alternative(found, "a search found it", "sync review")


def _alternative(row: Sighting, why: str, command: str) -> Alternative:
    return Alternative(label=track_label(row), ref=row.ref, url=row.url, why=why, command=command)


def _command(proposal: Proposal) -> str:
    return f"sync review {proposal.question_id}" if proposal.kind == ANOTHER else "sync upgrades"


def _summary(found: Iterable[Timeline]) -> tuple[Summary, ...]:
    counts = Counter((name, timeline.now) for timeline in found for name in timeline.playlists)
    rows = (Summary(playlist=name, state=now, tracks=count) for (name, now), count in counts.items())
    return tuple(sorted(rows, key=lambda row: (-row.tracks, row.playlist.casefold(), row.state)))


def _latest_first(timeline: Timeline) -> tuple[int, str]:
    return (-timeline.since_us, timeline.ref)


def _state_named(text: str) -> Availability:
    try:
        return Availability(text.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        names = ", ".join(state.value for state in Availability)
        raise UsageError(f"`{text}` is no state of availability", hint=f"one of {names}") from None


def _since_us(journal: Journal, text: str, now_us: int) -> int:
    """Read a time: so long ago, a journal position, or an ISO time, in the machine's zone where it names none."""
    text = text.strip()
    if ago := _AGO.fullmatch(text):
        return max(1, now_us - int(ago[1]) * _UNIT_US[ago[2]])
    if (days := _DAYS_AGO.get(text.lower())) is not None:
        today = datetime.fromtimestamp(now_us / 1_000_000, tz=UTC).astimezone().date()
        return int(datetime.combine(today - timedelta(days=days), time.min).astimezone().timestamp() * 1_000_000)
    if text.isdecimal():
        found = next(iter(journal.read(after=int(text) - 1, until=int(text))), None)
        if found is None:
            head = journal.head().seq
            raise UsageError(f"the journal holds nothing at `{text}`", hint=f"it has events 1 to {head}")
        return found.recorded_us
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        hint = "for example 7d, 12h, 2w, yesterday, 2026-05-01 or a journal position"
        raise UsageError(f"`{text}` is no time", hint=hint) from None
