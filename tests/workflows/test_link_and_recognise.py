"""Linking and recognising in a run: decided once, recorded with what they leave to ask, silent when nothing is new."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.events import MatchAsked, MatchSettled, RecordingLinked, RecordingMerged
from engine.domain.matching_events import Answer
from engine.domain.references import recording_id
from tests.fakes.place import Place
from tests.fakes.source import ref, track

DECISIONS = ("recording.linked", "recording.merged", "match.asked", "match.settled")


def twins(place: Place, *, length: int | None) -> None:
    """Let a playlist show one song twice, the second time without saying how long it is."""
    place.source.tracks[ref(1)] = track(1, "First Light", album="Dawn")
    place.source.tracks[ref(4)] = track(4, "First Light")
    if length is None:
        place.source.tracks[ref(4)] = replace(place.source.tracks[ref(4)], duration_ms=None)
    place.follow("Crate", (1, 4))


def test_a_song_seen_twice_is_one_recording_and_is_fetched_once(place: Place) -> None:
    """P15: one rendition, many sightings; the evidence is in the decision, feature by feature."""
    twins(place, length=200_000)
    place.reconcile()
    links = [event for event in place.events("recording.linked") if isinstance(event, RecordingLinked)]
    assert [link.rule for link in links] == ["founding", "names_and_duration"]
    assert {piece.feature for piece in links[1].evidence} >= {"names", "artist", "duration"}
    assert len(place.targets["library"].live("audio")) == 1


def test_what_only_a_name_says_is_asked_and_waits(place: Place) -> None:
    """F1, F18: nothing is fetched of it, no row and no item is made, until somebody or something answers."""
    twins(place, length=None)
    place.reconcile()
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    assert (asked.newer, asked.older) == (recording_id(ref(4)), recording_id(ref(1)))
    assert {row.key for row in place.targets["notion"].live("track")} == {recording_id(ref(1))}
    assert len(place.targets["library"].live("audio")) == 1
    before = place.journal.head().seq
    place.reconcile()
    assert not {type_ for type_ in place.types_after(before) if type_ in DECISIONS}


def test_facts_that_arrive_answer_a_question(place: Place) -> None:
    """P2: the length shows up at the source; the two are one, and nothing is made for the second."""
    twins(place, length=None)
    place.reconcile()
    place.source.tracks[ref(4)] = track(4, "First Light")
    place.source.describes_everything = True
    before = place.journal.head().seq
    place.reconcile()
    events = place.events("match.settled", "recording.merged", after=before)
    assert [type(event) for event in events] == [MatchSettled, RecordingMerged]
    assert len(place.targets["notion"].live("track")) == 1
    assert len(place.targets["library"].live("audio")) == 1


def test_a_row_that_was_there_before_us_is_adopted_on_evidence(place: Place) -> None:
    """Design §8: adopted, never duplicated, also where it carries no id and no address."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.follow("Crate", (1,))
    page = place.targets["notion"].put("track", title="First Light", artist="Artist 1")
    place.targets["notion"].edit(page, duration_ms=200_300)
    place.reconcile()
    (row,) = place.targets["notion"].live("track")
    assert (row.remote_id, row.key) == (page, recording_id(ref(1)))
    assert [type(event) for event in place.events("match.asked", "match.settled")] == [MatchAsked, MatchSettled]


def test_a_row_with_a_name_alone_is_asked_about_and_no_second_one_is_made(place: Place) -> None:
    """Design §8: else the review queue; the file is fetched all the same."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.follow("Crate", (1,))
    place.targets["notion"].put("track", title="First Light", artist="Artist 1")
    result = place.reconcile()
    assert len(place.targets["notion"].live("track")) == 1
    assert len(place.targets["library"].live("audio")) == 1
    assert result.questions == 1
    (question,) = place.state().questions.values()
    assert question.open
    assert question.answer is not Answer.SAME
    before = place.journal.head().seq
    place.reconcile()
    assert not {type_ for type_ in place.types_after(before) if type_ in DECISIONS}
