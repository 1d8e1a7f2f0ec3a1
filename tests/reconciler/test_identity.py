"""Which recording a sighting is: ids and bytes decide, names never do (design §5)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.events import Event, PlaylistSeen, RecordingLinked, TrackSeen
from engine.domain.references import recording_id
from engine.reconciler.identity import unlinked
from tests.reconciler.pure_world import Story

TITLES = st.sampled_from(["Same", "Same (Remix)", "Other"])
ISRCS = st.sampled_from([None, None, "", "USA1", "USA2"])
CONTENTS = st.sampled_from([None, None, "", "sha1", "sha2"])


@st.composite
def sightings(draw: st.DrawFn) -> list[TrackSeen]:
    """Tracks of two sources that share titles, codes and bytes at random."""
    refs = draw(st.lists(st.sampled_from([f"{s}:track:{n}" for s in ("a", "b") for n in range(4)]), unique=True))
    return [
        TrackSeen(ref=ref, title=draw(TITLES), url="u", isrc=draw(ISRCS), content_sha256=draw(CONTENTS)) for ref in refs
    ]


def told(*events: Event) -> Story:
    """Give a story in which these tracks stand in one playlist."""
    story = Story()
    story.tell(*events)
    refs = tuple(event.ref for event in events if isinstance(event, TrackSeen))
    story.tell(PlaylistSeen(ref="a:set:1", name="", url="", entries=refs))
    return story


def track(ref: str, *, title: str = "Same", isrc: str | None = None, content: str | None = None) -> TrackSeen:
    """Give one sighting."""
    return TrackSeen(ref=ref, title=title, url="u", isrc=isrc, content_sha256=content)


@settings(max_examples=80, deadline=None)
@given(tracks=sightings())
def test_every_listed_sighting_is_decided_once(tracks: list[TrackSeen]) -> None:
    """Design §5: one decision per sighting, with its evidence and policy, and none when nothing is new."""
    story = told(*tracks)
    decisions = unlinked(story.state())
    assert [decision.ref for decision in decisions] == [track.ref for track in tracks]
    assert all(decision.evidence and decision.policy_version for decision in decisions)
    story.tell(*decisions)
    assert unlinked(story.state()) == ()


@settings(max_examples=80, deadline=None)
@given(tracks=sightings(), cut=st.integers(0, 8))
def test_deciding_in_two_goes_is_deciding_in_one(tracks: list[TrackSeen], cut: int) -> None:
    """I36: a run that was cut off between two decisions ends where an uncut one does."""
    whole, cut_off = told(*tracks), told(*tracks)
    whole.link()
    cut_off.tell(*unlinked(cut_off.state())[:cut])
    cut_off.link()
    assert cut_off.state().recordings.keys() == whole.state().recordings.keys()
    links = [{ref: row.recording_id for ref, row in story.state().sightings.items()} for story in (whole, cut_off)]
    assert links[0] == links[1]


@settings(max_examples=80, deadline=None)
@given(tracks=sightings())
def test_sightings_that_share_nothing_but_a_name_stay_apart(tracks: list[TrackSeen]) -> None:
    """F1, F2, F9: every link but a founding one rests on a shared code or on shared bytes."""
    story = told(*tracks)
    decisions = unlinked(story.state())
    rows = story.state().sightings
    members: dict[str, list[str]] = {}
    for decision in decisions:
        mates = members.setdefault(decision.recording_id, [])
        mine = rows[decision.ref]
        codes = {rows[mate].isrc for mate in mates} - {None, ""}
        contents = {rows[mate].content_sha256 for mate in mates} - {None, ""}
        shares = {"same_isrc": mine.isrc in codes, "same_bytes": mine.content_sha256 in contents}
        assert shares.get(decision.rule, not mates)
        mates.append(decision.ref)


def test_a_founding_sighting_gives_the_recording_its_id() -> None:
    """I36: two machines that see the same track first name it alike."""
    (decision,) = unlinked(told(track("a:track:1", isrc="USA1")).state())
    assert (decision.recording_id, decision.rule, decision.beaten) == (recording_id("a:track:1"), "founding", ())


def test_the_same_code_or_the_same_bytes_are_the_same_recording() -> None:
    """P3: identity by id and content; bytes are asked before a code."""
    by_code, by_bytes, both = unlinked(
        told(
            track("a:track:1", isrc="USA1"),
            track("b:track:1", content="sha1"),
            track("b:track:2", isrc="USA1", content="sha1", title="Renamed"),
        ).state()
    )
    assert by_code.recording_id != by_bytes.recording_id
    assert (both.recording_id, both.rule) == (by_bytes.recording_id, "same_bytes")
    assert both.evidence[0].detail == "SHA-256 sha1"
    _, linked = unlinked(told(track("a:track:1", isrc="USA1"), track("b:track:1", isrc="USA1")).state())
    assert (linked.recording_id, linked.rule) == (recording_id("a:track:1"), "same_isrc")


def test_a_decision_of_earlier_is_built_upon_and_never_made_again() -> None:
    """Design §5: a person's word stands, and later sightings follow it."""
    person = RecordingLinked(
        recording_id="rperson", ref="a:track:1", rule="person", evidence=(), beaten=(), policy_version="1"
    )
    (decision,) = unlinked(told(track("a:track:1", isrc="USA1"), person, track("b:track:1", isrc="USA1")).state())
    assert (decision.ref, decision.recording_id) == ("b:track:1", "rperson")


def test_what_stands_in_no_playlist_is_nobodys_wish() -> None:
    """Design §1: a recording is what a person would want; a sighting alone is not."""
    story = Story()
    story.tell(track("a:track:1"))
    assert unlinked(story.state()) == ()
