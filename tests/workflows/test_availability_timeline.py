"""The timeline of availability: what was believed when, on what evidence, and where else there is audio."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from cli.render.availability import availability_text
from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.failure import Availability, FailureClass
from engine.domain.plan import Operation
from engine.source_ports import Listing
from engine.workflows.availability import AvailabilityQuestion, AvailabilityReport, availability, transitions
from engine.workflows.moment import seq_of
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
    told = availability_text(asked(library, thing="Title 1"), whole=True)
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
    assert "DRM-protected, by attempt: only encrypted formats (tried de, direct)" in availability_text(
        asked(library, thing=ref(1)), whole=True
    )


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
    assert "2 tracks of “Crate” became DRM-protected since" in availability_text(found, whole=False)
    assert len(asked(library).timelines) == 3
    assert "1 track of “Crate” is gone" in availability_text(asked(library), whole=False)
    assert asked(library, changed_since="1h").timelines[0].now is Availability.DRM_PROTECTED
    library.clock.pass_s(2 * DAY_S)
    assert availability_text(asked(library, changed_since="1d"), whole=False) == "nothing changed since then"


def test_a_state_can_be_asked_for_as_it_is_spoken(library: Place) -> None:
    """P12: `--now "geo blocked"`, `--now metadata_only`; usual states are told only when they are asked for."""
    library.follow("Crate", (1, 2))
    show(library, 1, Availability.METADATA_ONLY)
    library.reconcile()
    assert availability_text(asked(library), whole=False) == "nothing that was seen is withheld"
    assert [timeline.ref for timeline in asked(library, now="metadata only").timelines] == [ref(1)]
    assert [timeline.ref for timeline in asked(library, now="AVAILABLE").timelines] == [ref(2)]
    with pytest.raises(UsageError, match="is no state"):
        asked(library, now="broken")


@pytest.mark.parametrize("when", ["2026-13-01", "yesterday", "999999"])
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
    assert len(asked(library, changed_since="2020-01-01").timelines) == 1
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
    assert "elsewhere: Mira Voss – Harbour Lights" in availability_text(asked(library, thing=ref(1)), whole=True)
    assert ref(2) in availability_text(asked(library), whole=False)


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
    assert "sync review" in availability_text(asked(library), whole=False)


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
    assert "sync review" in availability_text(asked(library), whole=False)


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
    assert availability_text(found, whole=False).startswith("track")
