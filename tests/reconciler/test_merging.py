"""Recordings that were merged: whose is whose, what is known of several that are one, and what is assumed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.decisions import Merge, Recognise, Separate, Unlink
from engine.domain.events import (
    MatchAnswered,
    RecordingDismissed,
    RecordingMerged,
    RecordingRequested,
    UpgradeTaken,
)
from engine.domain.failure import Availability
from engine.domain.matching_events import Answer
from engine.domain.references import recording_id
from engine.projections.rows import Recording
from engine.reconciler.catalogue import Piece, catalogue
from engine.reconciler.merging import assume, canonical_ids, combined, event_of, groups
from tests.reconciler.pure_world import Story, track

IDS = ("a", "b", "c", "d", "e")


def merges(into: dict[str, str]) -> dict[str, Recording]:
    """Give recordings of which some were merged."""
    return {key: Recording(recording_id=key, merged_into=into.get(key)) for key in IDS}


def rec(number: int) -> str:
    """Give the id of the recording a track founded."""
    return recording_id(f"soundcloud:track:{number}")


def merged(absorbed: int, kept: int) -> RecordingMerged:
    """Give the event that one track's recording is another's."""
    return RecordingMerged(
        recording_id=rec(absorbed), into=rec(kept), rule="person", evidence=(), beaten=(), policy_version=""
    )


def twins(*, isrc: str | None = None) -> Story:
    """Give two sightings of one piece, in a playlist each and together in a third, before anybody knew."""
    story = Story()
    story.tell(track(1, title="Alpha", isrc=isrc), track(2, title="Beta"), track(3, title="Gamma"))
    story.listed("soundcloud:set:1", ["soundcloud:track:1", "soundcloud:track:3"], "One")
    story.listed("soundcloud:set:2", ["soundcloud:track:2"], "Two")
    story.listed("soundcloud:set:3", ["soundcloud:track:2", "soundcloud:track:1"], "Both")
    story.link()
    story.scanned()
    return story


def piece_of(story: Story, number: int = 1) -> Piece:
    """Give the piece that a track's recording counts for."""
    index = catalogue(story.state())
    return index.pieces[index.canonical(rec(number))]


@settings(max_examples=200, deadline=None)
@given(into=st.dictionaries(st.sampled_from(IDS), st.sampled_from((*IDS, "nobody")), max_size=5))
def test_every_recording_counts_for_one_that_counts_for_itself(into: dict[str, str]) -> None:
    """Total: chains are followed to their end, circles lose nobody, a merge into nothing is none."""
    ends = canonical_ids(merges(into))
    assert all(end in IDS and end not in ends and key != end for key, end in ends.items())
    for key, target in into.items():
        if target in IDS:
            assert ends.get(key, key) == ends.get(target, target)
    alone = set(IDS) - {key for key, target in into.items() if target in IDS and target != key}
    assert not alone & set(ends)
    assert sorted(key for keys in groups(ends).values() for key in keys) == sorted(ends)


def test_a_circle_of_merges_counts_for_its_smallest_id() -> None:
    """Design §5: whatever was decided, each piece is there once."""
    assert canonical_ids(merges({"b": "c", "c": "d", "d": "b", "a": "d"})) == {"a": "b", "c": "b", "d": "b"}
    assert canonical_ids(merges({})) == {}


def test_a_merged_recording_has_everything_of_those_that_count_for_it() -> None:
    """P15: sightings and playlists of both are the one's; the other is no piece any more."""
    story = twins()
    story.tell(merged(2, 1))
    index = catalogue(story.state())
    piece = index.pieces[rec(1)]
    assert rec(2) not in index.pieces
    assert [row.ref for row in piece.sightings] == ["soundcloud:track:1", "soundcloud:track:2"]
    assert piece.playlists == ("soundcloud:set:1", "soundcloud:set:2", "soundcloud:set:3")
    assert index.recording_of["soundcloud:track:2"] == rec(1)
    assert index.canonical(rec(3)) == rec(3)


def test_what_left_every_list_of_both_has_departed_when_the_last_of_them_left() -> None:
    """I44: a departure from one list says nothing while the other one's list holds it."""
    story = twins()
    story.tell(merged(2, 1))
    story.listed("soundcloud:set:1", ["soundcloud:track:3"])
    story.listed("soundcloud:set:3", [])
    assert piece_of(story).departed_us is None
    story.listed("soundcloud:set:2", [])
    assert piece_of(story).departed_us == story.now_us + story.seq - 1


def test_a_persons_dismissal_of_either_holds_until_a_later_request_for_either() -> None:
    """P6: what was thrown away under one name is not fetched under another; the last word counts."""
    story = twins()
    story.tell(RecordingRequested(recording_id=rec(1), reason="wanted"))
    story.tell(RecordingDismissed(recording_id=rec(2), reason="awful"), merged(2, 1))
    assert piece_of(story).recording.dismissed == "awful"
    story.tell(RecordingRequested(recording_id=rec(2), reason="not so bad"))
    assert piece_of(story).recording.dismissed is None
    story.tell(RecordingDismissed(recording_id=rec(1), reason="it is"))
    assert piece_of(story).recording.dismissed == "it is"


def test_a_request_counts_for_whatever_became_of_the_recording() -> None:
    """I29: what a person asked for again is asked for again, under any of its ids."""
    story = twins()
    story.tell(merged(2, 1), RecordingRequested(recording_id=rec(2), reason="again"))
    index = catalogue(story.state())
    assert index.requested_seq(rec(1)) == index.requested_seq(rec(2)) == story.seq


def test_what_is_known_of_each_is_known_of_the_one() -> None:
    """Design §5: links keep their rules; the sighting chosen last is the chosen one."""
    one = Recording(recording_id="a", refs=("x", "y"), rules=("founding", "same_isrc"), chosen_ref="x", chosen_seq=3)
    other = Recording(recording_id="b", refs=("z",), rules=("person",), chosen_ref="z", chosen_seq=5)
    both = combined(one, [other])
    assert (both.recording_id, both.refs) == ("a", ("x", "y", "z"))
    assert both.rules == ("founding", "same_isrc", "person")
    assert (both.chosen_ref, both.chosen_seq) == ("z", 5)
    gone = combined(one, [replace(other, chosen_ref="elsewhere")])
    assert gone.chosen_ref == "x"


def test_the_sighting_a_person_chose_gives_the_audio_while_it_can() -> None:
    """Issue 3.8: a choice comes before any rank, and does not stand in the way once it gives nothing."""
    story = twins()
    story.tell(merged(2, 1), UpgradeTaken(recording_id=rec(1), ref="soundcloud:track:2", reason="better"))
    assert piece_of(story).sighting.ref == "soundcloud:track:2"
    fetch = next(action for action in story.plan().actions if action.key == rec(1))
    assert fetch.written["source_ref"] == "soundcloud:track:2"
    story.tell(track(2, title="Beta", availability=Availability.GONE))
    assert piece_of(story).sighting.ref == "soundcloud:track:1"


def test_every_decision_has_its_event() -> None:
    """Design §5: a link, its undoing and a person's word are decision events."""
    merge = Merge(recording_id="a", into="b", rule="same_audio", policy_version="p")
    assert event_of(merge).TYPE == "recording.merged"
    assert event_of(Separate(recording_id="a", reason="no")).TYPE == "recording.separated"
    assert event_of(Unlink(recording_id="a", ref="x", reason="no")).TYPE == "recording.unlinked"
    said = event_of(Recognise(question_id="q", thing="notion/track/p", recording_id="a", reason="yes"))
    assert isinstance(said, MatchAnswered)
    assert (said.newer, said.older, said.answer) == ("notion/track/p", "a", Answer.SAME)


def test_assuming_decisions_gives_what_appending_them_would() -> None:
    """Pure: the assumed rows are those of the journal after it, and the given state stays as it was."""
    story = twins()
    decisions = (
        Merge(recording_id=rec(2), into=rec(1), rule="person"),
        Separate(recording_id=rec(2), reason="after all"),
        Unlink(recording_id=rec(3), ref="soundcloud:track:3", reason="another"),
        Unlink(recording_id="nobody", ref="nowhere", reason="never was"),
        Recognise(question_id="q", thing="notion/track/p", recording_id=rec(1), reason="yes"),
    )
    state = story.state()
    before = (dict(state.recordings), dict(state.sightings), dict(state.questions))
    assumed = assume(state, decisions)
    assert (state.recordings, state.sightings, state.questions) == before
    story.tell(*(event_of(decision) for decision in decisions))
    assert (assumed.recordings, assumed.sightings) == (story.state().recordings, story.state().sightings)
    told = {key: replace(row, asked_us=0) for key, row in story.state().questions.items()}
    assert assumed.questions == told
    assert (assumed.head_seq, assumed.remotes) == (state.head_seq, state.remotes)
    again = assume(story.state(), [Recognise(question_id="q", thing="t", recording_id=rec(1), reason="yes")])
    assert again.questions["q"].version == 2
