"""The timeline of availability: what was believed when, on what evidence, and where else there is audio."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from cli.render.availability import availability_text, strip
from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.failure import Availability, FailureClass
from engine.domain.plan import Operation
from engine.source_ports import Listing
from engine.workflows.availability import (
    AvailabilityQuestion,
    AvailabilityReport,
    Transition,
    availability,
    transitions,
)
from engine.workflows.moment import seq_of, time_of
from tests.fakes.machine import DAY_S
from tests.fakes.memory_journal import MemoryJournal
from tests.fakes.place import Place
from tests.fakes.source import ref

WITHHELD = [state for state in Availability if state is not Availability.AVAILABLE]


@pytest.fixture
def library(place: Place) -> Place:
    """Give a place with a library only, whose source is asked about every track at every run."""
    place.targets = {"library": place.targets["library"]}
    place.policy = changed(place.policy, targets=("library",))
    place.source.describes_everything = True
    return place


def show(place: Place, number: int, state: Availability, **more: str) -> None:
    """Let the source show a track in a state from now on."""
    key = ref(number)
    place.source.tracks[key] = changed(place.source.tracks[key], availability=state, **more)


def asked(place: Place, at: int | None = None, **question: str) -> AvailabilityReport:
    """Ask for timelines, as of now or of a position."""
    state = place.journal.state(at=at)
    return availability(place.journal, state, AvailabilityQuestion(**question), place.clock.now_us())


def told_of(place: Place, **question: str) -> str:
    """Ask for timelines, as text."""
    meant = AvailabilityQuestion(**question)
    return availability_text(availability(place.journal, place.state(), meant, place.clock.now_us()), meant)


def lived(place: Place) -> None:
    """Let one track go from here to there and back, and another be refused when it is fetched."""
    place.follow("Crate", (1, 2))
    place.reconcile()
    place.clock.pass_s(DAY_S)
    show(place, 1, Availability.GEO_BLOCKED, policy="BLOCK", access="blocked")
    place.reconcile()
    place.clock.pass_s(DAY_S)
    place.source.fail_describing(1, FailureClass.GONE, Availability.GONE)
    place.reconcile()
    place.clock.pass_s(DAY_S)
    place.source.trouble.clear()
    show(place, 1, Availability.AVAILABLE, policy="ALLOW")
    place.reconcile()
    show(place, 1, Availability.AVAILABLE, genre="House")
    place.reconcile()


def test_what_another_way_gave_is_not_told_by_the_block_of_the_first() -> None:
    """M11: a track that is blocked here and came from elsewhere is no contradiction in its own story."""
    blocked = e.TrackSeen(ref=ref(1), title="T", url="", policy="BLOCK", availability=Availability.GEO_BLOCKED)
    came = changed(blocked, availability=Availability.AVAILABLE)
    steps = transitions(MemoryJournal(blocked, came).read())[ref(1)]
    assert [step.evidence for step in steps] == ["policy BLOCK", "given by another way"]


def test_a_timeline_tells_every_change_with_its_evidence(library: Place) -> None:
    """P12: available → geo → gone → back, when, and what said so."""
    lived(library)
    (timeline,) = asked(library, thing="Title 1").timelines
    assert [step.after.value for step in timeline.transitions] == ["available", "geo_blocked", "gone", "available"]
    assert [step.before for step in timeline.transitions] == [None, *(s.after for s in timeline.transitions[:-1])]
    assert timeline.transitions[1].evidence == "policy BLOCK, access blocked"
    assert (timeline.transitions[2].failure, timeline.transitions[2].evidence) == (FailureClass.GONE, "gone it was")
    assert {step.by for step in timeline.transitions} == {"listing"}
    assert timeline.now is Availability.AVAILABLE
    assert timeline.since_us == timeline.transitions[-1].recorded_us
    assert timeline.has_file
    told = told_of(library, thing="Title 1")
    assert "geo blocked → gone, by listing: gone it was" in told
    assert "first seen: available" in told


def test_what_an_attempt_proved_says_so_with_the_ways_it_tried(library: Place) -> None:
    """F36: by attempt, with the access profiles that were taken."""
    library.follow("Crate", (1,))
    library.reconcile()
    event = e.TrackAvailabilityChanged(
        ref=ref(1),
        availability=Availability.DRM_PROTECTED,
        failure=FailureClass.DRM_PROTECTED,
        detail="only encrypted formats",
        ways=("de", "direct"),
    )
    library.journal.append([Draft(event=event)], Origin(actor="engine"))
    (timeline,) = asked(library).timelines
    last = timeline.transitions[-1]
    assert (last.by, last.ways, last.after) == ("attempt", ("de", "direct"), Availability.DRM_PROTECTED)
    assert timeline.has_file  # which stays, whatever its source says
    assert "DRM-protected, by attempt: only encrypted formats (tried de, direct)" in told_of(library, thing=ref(1))


def test_changes_since_a_time_are_counted_playlist_by_playlist(library: Place) -> None:
    """P12: "2 tracks of “Crate” became DRM-protected since …"; what was first seen so has not become so."""
    library.follow("Crate", (1, 2, 3))
    library.source.tracks[ref(3)] = changed(library.source.tracks[ref(3)], availability=Availability.GONE)
    library.reconcile()
    library.clock.pass_s(10 * DAY_S)
    show(library, 1, Availability.DRM_PROTECTED)
    show(library, 2, Availability.DRM_PROTECTED)
    library.reconcile()
    found = asked(library, changed_since="7d")
    assert [(row.playlist, row.state.value, row.tracks) for row in found.summary] == [("Crate", "drm_protected", 2)]
    assert {timeline.ref for timeline in found.timelines} == {ref(1), ref(2)}
    assert "2 tracks of “Crate” became DRM-protected since" in availability_text(found, AvailabilityQuestion())
    assert len(asked(library).timelines) == 3
    assert "1 track of “Crate” is gone" in told_of(library)
    assert asked(library, changed_since="1h").timelines[0].now is Availability.DRM_PROTECTED
    library.clock.pass_s(2 * DAY_S)
    assert told_of(library, changed_since="1d") == "nothing changed since then"


def test_a_timeline_is_drawn_to_be_looked_at(library: Place) -> None:
    """P12: one sign for each stretch of time, the last for how it is; what lasted a moment is not lost."""
    lived(library)
    library.clock.pass_s(19.5 * DAY_S)
    told = told_of(library, thing="Title 1")
    assert "■GX■■■■■■■■■■■■■■■■■■■■" in told
    assert "■ available, G geo blocked, X gone; a sign stands for 23.5 hours" in told
    show(library, 1, Availability.DRM_PROTECTED, policy="ALLOW", access="playable")
    library.reconcile()
    assert "■GX■■■■■■■■■■■■■■■■■■■D" in told_of(library)
    assert "by listing: every format is encrypted, policy ALLOW, access playable" in told_of(library, thing="Title 1")


def test_a_strip_begins_where_the_first_was_seen_and_ends_now() -> None:
    """What was seen later is blank until then; of a moment within a stretch, what was withheld is drawn."""
    kinds = (Availability.AVAILABLE, Availability.PRIVATE, Availability.AVAILABLE, Availability.UNKNOWN)
    steps = [
        Transition(seq=seq, recorded_us=at_us, before=None, after=after, by="listing")
        for seq, (at_us, after) in enumerate(zip((230, 231, 232, 450), kinds, strict=True))
    ]
    assert strip(steps, 0, 460) == "···········L■■■■■■■■■■?"
    assert strip(steps, 230, 230) == "■L" + "■" * 20 + "?"
    assert strip(steps[:1], 230, 230) == "■" * 23


def test_an_earlier_time_is_told_as_it_was_then(library: Place) -> None:
    """I17: with `--at`, "a day ago" is a day before that."""
    lived(library)
    gone = next(row for row in library.recorded("track.availability_changed"))
    state = library.journal.state(at=gone.seq)
    then_us = time_of(library.journal, state)
    assert then_us == gone.recorded_us
    question = AvailabilityQuestion(changed_since="1h")
    found = availability(library.journal, state, question, then_us)
    assert [timeline.now for timeline in found.timelines] == [Availability.GONE]
    assert found.until_us == then_us
    assert asked(library, changed_since="1h").timelines[0].now is Availability.AVAILABLE


def test_what_nobody_ever_described_is_told_by_where_it_stands(library: Place) -> None:
    """P12: a deleted track has no name, and a person finds it by its position."""
    library.follow("Crate", (1, 2))
    library.source.fail_describing(2, FailureClass.GONE, Availability.GONE)
    library.reconcile()
    (timeline,) = asked(library).timelines
    assert timeline.label == f"{ref(2)} (entry 2 of Crate)"


def test_a_state_can_be_asked_for_as_it_is_spoken(library: Place) -> None:
    """P12: `--now "geo blocked"`, `--now metadata_only`; usual states are told only when they are asked for."""
    library.follow("Crate", (1, 2))
    show(library, 1, Availability.METADATA_ONLY)
    library.reconcile()
    assert told_of(library) == "nothing that was seen is withheld"
    assert told_of(library, now="geo_blocked") == "nothing is geo blocked now"
    assert [timeline.ref for timeline in asked(library, now="metadata only").timelines] == [ref(1)]
    assert [timeline.ref for timeline in asked(library, now="AVAILABLE").timelines] == [ref(2)]
    with pytest.raises(UsageError, match="is no state"):
        asked(library, now="broken")


@pytest.mark.parametrize("when", ["2026-13-01", "rubbish", "999999", "-1", "0"])
def test_a_time_that_is_none_is_refused(library: Place, when: str) -> None:
    """F48: neither a time nor a position is a usage error."""
    library.follow("Crate", (1,))
    library.reconcile()
    with pytest.raises(UsageError):
        asked(library, changed_since=when)


def test_a_time_may_be_a_position_or_a_date(library: Place) -> None:
    """As other commands take times, and so long ago as well."""
    lived(library)
    seqs = [row.seq for row in library.recorded("run.started")]
    assert len(asked(library, changed_since=str(seqs[-2])).timelines) == 1
    for long_ago in ("2020-01-01", "99999999w", "yesterday", " Yesterday ", "today", "2020-01-01T12:00:00Z"):
        assert len(asked(library, changed_since=long_ago).timelines) == 1
    library.clock.pass_s(DAY_S)
    assert len(asked(library, changed_since="yesterday").timelines) == 1
    assert asked(library, changed_since="today").timelines == ()
    assert "became available since 1970-01-01" in told_of(library, changed_since="99999999w")
    assert asked(library, changed_since="2100-01-01").timelines == ()


def test_at_an_earlier_position_the_answer_is_that_of_then(library: Place) -> None:
    """I17: `--at` gives what the program believed when the journal ended there."""
    lived(library)
    gone = next(row.seq for row in library.recorded("track.availability_changed"))
    at = seq_of(library.journal, str(gone))
    (timeline,) = asked(library, at=at).timelines
    assert timeline.now is Availability.GONE
    assert len(timeline.transitions) == 3


def test_what_another_sighting_gives_is_told(library: Place) -> None:
    """F19: the same recording of another source is named, and is taken by itself."""
    library.follow("Crate", (1, 2))
    for number in (1, 2):
        show(library, number, Availability.AVAILABLE, title="Harbour Lights", artist="Mira Voss", isrc="GBAYE0601498")
    show(library, 1, Availability.GONE)
    library.reconcile()
    (timeline,) = asked(library).timelines
    assert [(other.ref, other.command) for other in timeline.alternatives] == [(ref(2), "")]
    assert "elsewhere: Mira Voss – Harbour Lights" in told_of(library, thing=ref(1))
    assert ref(2) in told_of(library)


def test_what_a_search_found_and_nobody_decided_is_told(library: Place) -> None:
    """P17: candidates of a search are named with the command that decides."""
    library.follow("Crate", (1, 2, 3))
    show(library, 1, Availability.DRM_PROTECTED)
    show(library, 3, Availability.GONE)
    library.reconcile()
    recording = library.state().sightings[ref(1)].recording_id
    assert recording is not None
    decided = e.ResolutionDecided(
        recording_id=recording,
        sought_ref=ref(1),
        found=e.Found.ASKED,
        chosen=None,
        searched=(),
        candidates=tuple(
            e.Candidate(ref=key, url="", title="T", decision="ask", score=1.0, evidence=())
            for key in (ref(1), ref(2), ref(3), ref(99))
        ),
        policy_version="p",
    )
    library.journal.append([Draft(event=decided)], Origin(actor="engine"))
    timeline = next(row for row in asked(library).timelines if row.ref == ref(1))
    assert [(other.ref, other.command) for other in timeline.alternatives] == [(ref(2), "sync review")]
    assert "sync review" in told_of(library)


def test_what_a_person_is_asked_about_is_told_with_its_question(library: Place) -> None:
    """P17: a recording that may be it, and the question whose answer brings it."""
    library.follow("Crate", (1, 2))
    for number, title in ((1, "Harbour Lights"), (2, "Harbour Lights (Remastered 2011)")):
        show(library, number, Availability.AVAILABLE, title=title, artist="Mira Voss")
    show(library, 1, Availability.GONE)
    library.reconcile()
    assert len(library.state().questions) == 1
    (timeline,) = asked(library).timelines
    assert [other.ref for other in timeline.alternatives] == [ref(2)]
    assert timeline.alternatives[0].command.startswith("sync review q")
    assert "sync review" in told_of(library)


def test_a_track_that_was_never_described_has_no_timeline(library: Place) -> None:
    """F-empty: what proves nothing is no event."""
    library.follow("Crate", (1,))
    library.source.fail_describing(1, FailureClass.TIMEOUT, Availability.UNKNOWN)
    library.reconcile()
    assert asked(library).timelines == ()


@pytest.mark.parametrize("state", WITHHELD)
def test_nothing_is_removed_because_of_availability(place: Place, state: Availability) -> None:
    """Design §9: whatever a source says of its audio, files, rows and items stay, and so does the playlist."""
    place.source.describes_everything = True
    place.policy = changed(place.policy, keep_departed=False)
    place.follow("Crate", (1, 2, 3))
    place.reconcile()
    files = dict(place.targets["library"].things)
    for _ in range(3):
        place.clock.pass_s(2 * DAY_S)
        for number in (1, 2, 3):
            show(place, number, state)
        result = place.reconcile()
        assert result.plan is None or all(action.operation is not Operation.TRASH for action in result.plan.actions)
    kinds = {event.kind for event in place.events("action.planned") if isinstance(event, e.ActionPlanned)}
    assert not any(kind.startswith("Trash") for kind in kinds)
    assert {key for key, thing in place.targets["library"].things.items() if thing.live} >= files.keys()
    assert len(place.state().playlists["soundcloud:set:9"].entries) == 3


def test_a_sighting_without_a_playlist_is_told_all_the_same(library: Place) -> None:
    """P12: a track that left its playlist keeps its story."""
    lived(library)
    listing = library.source.listings[library.urls[0]]
    assert isinstance(listing, Listing)
    library.source.listings[library.urls[0]] = replace(listing, entries=(ref(2),))
    library.reconcile()
    found = asked(library, thing="Title 1")
    assert found.timelines[0].playlists == ()
    assert found.summary == ()
    assert availability_text(found, AvailabilityQuestion()).startswith("track")
