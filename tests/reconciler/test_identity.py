"""Which recording a sighting is: evidence links, names alone never do, and a person's word stands (design §5)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.events import (
    Event,
    MatchAnswered,
    PlaylistSeen,
    RecordingLinked,
    RecordingUnlinked,
    TrackSeen,
)
from engine.domain.matching_events import Answer
from engine.domain.references import question_id, recording_id
from engine.reconciler.identity import BEATEN_MAX, Decided, unlinked
from tests.reconciler.pure_world import Story

NAMES = st.sampled_from([("Ada", "Same"), ("Ada", "Same (Bob Remix)"), ("Cleo", "Same"), ("Ada", "Other Night")])
ISRCS = st.sampled_from([None, None, "", "USA110000001", "USA110000002"])
CONTENTS = st.sampled_from([None, None, "", "sha1", "sha2"])
LENGTHS = st.sampled_from([None, 180_000, 181_000, 320_000])


@st.composite
def sightings(draw: st.DrawFn) -> list[TrackSeen]:
    """Tracks of two sources that share names, lengths, codes and bytes at random."""
    refs = draw(st.lists(st.sampled_from([f"{s}:track:{n}" for s in ("a", "b") for n in range(4)]), unique=True))
    tracks = []
    for ref in refs:
        artist, title = draw(NAMES)
        tracks.append(
            TrackSeen(
                ref=ref, title=title, artist=artist, url="u", isrc=draw(ISRCS), content_sha256=draw(CONTENTS),
                duration_ms=draw(LENGTHS),
            )
        )  # fmt: skip
    return tracks


def told(*events: Event) -> Story:
    """Give a story in which these tracks stand in one playlist."""
    story = Story()
    story.tell(*events)
    refs = tuple(event.ref for event in events if isinstance(event, TrackSeen))
    story.tell(PlaylistSeen(ref="a:set:1", name="", url="", entries=refs))
    return story


def track(
    ref: str,
    *,
    title: str = "Same",
    artist: str = "Ada",
    isrc: str | None = None,
    content: str | None = None,
    length: int | None = None,
) -> TrackSeen:
    """Give one sighting."""
    return TrackSeen(
        ref=ref, title=title, artist=artist, url="u", isrc=isrc, content_sha256=content, duration_ms=length
    )  # fmt: skip


def homes(story: Story) -> dict[str, str]:
    """Give the recording of every sighting, by what it holds: named by its smallest member."""
    members: dict[str, list[str]] = {}
    for ref, row in sorted(story.state().sightings.items()):
        members.setdefault(row.recording_id or "", []).append(ref)
    return {ref: refs[0] for refs in members.values() for ref in refs}


@settings(max_examples=60, deadline=None)
@given(tracks=sightings())
def test_every_listed_sighting_is_decided_once(tracks: list[TrackSeen]) -> None:
    """Design §5: one decision per sighting, with its evidence and policy, and none when nothing is new."""
    story = told(*tracks)
    links = unlinked(story.state()).links
    assert [link.ref for link in links] == [track.ref for track in tracks]
    assert all(link.evidence and link.policy_version for link in links)
    assert all(len(link.beaten) <= BEATEN_MAX for link in links)
    story.link()
    assert unlinked(story.state()) == Decided()


@settings(max_examples=60, deadline=None)
@given(tracks=sightings(), cut=st.integers(0, 8))
def test_deciding_in_two_goes_is_deciding_in_one(tracks: list[TrackSeen], cut: int) -> None:
    """I36: a run that was cut off between two decisions ends where an uncut one does."""
    whole, cut_off = told(*tracks), told(*tracks)
    whole.link()
    cut_off.tell(*unlinked(cut_off.state()).links[:cut])
    cut_off.link()
    assert cut_off.state().recordings.keys() == whole.state().recordings.keys()
    links = [{ref: row.recording_id for ref, row in story.state().sightings.items()} for story in (whole, cut_off)]
    assert links[0] == links[1]


@settings(max_examples=60, deadline=None)
@given(tracks=sightings())
def test_sightings_that_share_nothing_but_a_name_stay_apart(tracks: list[TrackSeen]) -> None:
    """F1, F2, F9, P2: every link but a founding one rests on a code, on bytes, or on a name and a length that agree."""
    story = told(*tracks)
    rows = story.state().sightings
    members: dict[str, list[str]] = {}
    for link in unlinked(story.state()).links:
        mates = [rows[mate] for mate in members.setdefault(link.recording_id, [])]
        mine = rows[link.ref]
        shared = any(
            (mine.isrc and mine.isrc == mate.isrc)
            or (mine.content_sha256 and mine.content_sha256 == mate.content_sha256)
            or (mine.duration_ms and mate.duration_ms and abs(mine.duration_ms - mate.duration_ms) < 5_000)
            for mate in mates
        )
        assert shared if mates else link.rule == "founding"
        members[link.recording_id].append(link.ref)


@settings(max_examples=60, deadline=None)
@given(tracks=sightings(), order=st.randoms(use_true_random=False), data=st.data())
def test_what_a_person_parted_stays_apart_in_any_order(
    tracks: list[TrackSeen], order: object, data: st.DataObject
) -> None:
    """Design §5: a person's answer is never decided again, whichever of the two is seen first."""
    del order
    parted = data.draw(st.permutations(tracks).map(lambda each: each[:2]))
    if len(parted) < 2:
        return
    one, other = (recording_id(each.ref) for each in parted)
    answer = MatchAnswered(
        question_id=question_id(one, other), newer=one, older=other, answer=Answer.DIFFERENT, reason=""
    )  # fmt: skip
    for shuffled in (parted, parted[::-1]):
        story = told(*shuffled)
        story.tell(answer)
        decided = unlinked(story.state())
        assert len({link.recording_id for link in decided.links}) == 2
        assert not decided.asked


@settings(max_examples=60, deadline=None)
@given(tracks=sightings())
def test_what_a_person_joined_is_joined_in_any_order(tracks: list[TrackSeen]) -> None:
    """Design §5: "same" joins two sightings however unlike they look, whichever is seen first."""
    if len(tracks) < 2:
        return
    one, other = (recording_id(each.ref) for each in tracks[:2])
    answer = MatchAnswered(
        question_id=question_id(one, other), newer=one, older=other, answer=Answer.SAME, reason=""
    )  # fmt: skip
    for shuffled in (tracks[:2], tracks[1::-1]):
        story = told(*shuffled)
        story.tell(answer)
        assert unlinked(story.state()).links[1].recording_id == recording_id(shuffled[0].ref)


def test_a_founding_sighting_gives_the_recording_its_id() -> None:
    """I36: two machines that see the same track first name it alike."""
    (link,) = unlinked(told(track("a:track:1", isrc="USA110000001")).state()).links
    assert (link.recording_id, link.rule, link.beaten) == (recording_id("a:track:1"), "founding", ())


def test_a_decision_of_earlier_is_built_upon_and_never_made_again() -> None:
    """Design §5: a person's word stands, and later sightings follow it."""
    person = RecordingLinked(
        recording_id="rperson", ref="a:track:1", rule="person", evidence=(), beaten=(), policy_version="1"
    )
    one, other = track("a:track:1", isrc="USA110000001"), track("b:track:1", isrc="USA110000001")
    (link,) = unlinked(told(one, person, other).state()).links
    assert (link.ref, link.recording_id, link.rule) == ("b:track:1", "rperson", "same_isrc")


def test_what_stands_in_no_playlist_is_nobodys_wish() -> None:
    """Design §1: a recording is what a person would want; a sighting alone is not."""
    story = Story()
    story.tell(track("a:track:1"))
    assert unlinked(story.state()) == Decided()


def test_of_several_that_agree_the_best_is_linked_and_the_others_are_named() -> None:
    """Design §5: the candidates a decision beat are in it, with what each came to."""
    two = RecordingLinked(
        recording_id=recording_id("b:track:2"), ref="b:track:2", rule="founding", evidence=(), beaten=(),
        policy_version="0",
    )  # fmt: skip
    first, second = track("a:track:1", length=180_000), track("b:track:2", length=180_200)
    story = told(first, second, two)
    story.link()
    story.tell(track("c:track:3", length=180_100))
    story.tell(PlaylistSeen(ref="a:set:2", name="", url="", entries=("c:track:3",)))
    (step,) = unlinked(story.state()).steps
    assert step.link.rule == "names_and_duration"
    assert step.asked == ()


def test_what_fits_two_that_do_not_fit_each_other_founds_its_own_and_asks_about_both() -> None:
    """P2: no best of the rest; a person says which."""
    one = track("a:track:1", isrc="USA110000001", title="Same", length=180_000)
    other = track("b:track:1", isrc="USA110000002", title="Same (Live)", length=320_000)
    story = told(one, other)
    story.link()
    story.tell(
        TrackSeen(ref="a:track:1", title="Same", artist="Ada", url="u", isrc="USA110000001"),
        TrackSeen(ref="b:track:1", title="Same", artist="Ada", url="u", isrc="USA110000001"),
        TrackSeen(ref="c:track:1", title="Same", artist="Ada", url="u", isrc="USA110000001"),
        MatchAnswered(
            question_id=question_id(recording_id("a:track:1"), recording_id("b:track:1")),
            newer=recording_id("b:track:1"), older=recording_id("a:track:1"), answer=Answer.DIFFERENT, reason="",
        ),
        PlaylistSeen(ref="a:set:2", name="", url="", entries=("c:track:1",)),
    )  # fmt: skip
    (step,) = unlinked(story.state()).steps
    assert step.link.rule in ("founding", "same_isrc")
    assert {event.newer for event in step.asked} <= {recording_id("c:track:1")}


def test_the_very_same_file_is_linked_and_what_else_claims_it_is_asked_about() -> None:
    """P3: bytes decide; that another recording has the same code is a question between the two."""
    story = told(
        track("a:track:1", isrc="USA110000001"), track("b:track:1", content="sha1", title="Quite Another Name")
    )
    story.link()
    both = track("b:track:2", isrc="USA110000001", content="sha1", title="Same")
    story.tell(both, PlaylistSeen(ref="a:set:2", name="", url="", entries=("b:track:2",)))
    (step,) = unlinked(story.state()).steps
    assert (step.link.recording_id, step.link.rule) == (recording_id("b:track:1"), "same_bytes")
    assert [(event.newer, event.older) for event in step.asked] == [
        (recording_id("b:track:1"), recording_id("a:track:1"))
    ]
    one, other = recording_id("a:track:1"), recording_id("b:track:1")
    story.tell(
        MatchAnswered(question_id=question_id(one, other), newer=other, older=one, answer=Answer.NEVER, reason="")
    )
    (step,) = unlinked(story.state()).steps
    assert step.asked == ()


def test_a_founder_that_was_unlinked_founds_another_recording_than_the_one_it_left() -> None:
    """What was found not to be a recording does not come back to it by its own name."""
    story = told(track("a:track:1"), track("b:track:1", title="Quite Another Name"))
    own = recording_id("a:track:1")
    story.tell(
        RecordingLinked(recording_id=own, ref="a:track:1", rule="founding", evidence=(), beaten=(), policy_version="0"),
        RecordingLinked(recording_id=own, ref="b:track:1", rule="person", evidence=(), beaten=(), policy_version="0"),
        RecordingUnlinked(recording_id=own, ref="a:track:1", reason="not it"),
    )
    (link,) = unlinked(story.state()).links
    assert link.recording_id == recording_id("a:track:1#2")


@settings(max_examples=60, deadline=None)
@given(tracks=sightings(), data=st.data())
def test_who_is_linked_to_whom_depends_on_evidence_and_not_on_who_came_first(
    tracks: list[TrackSeen], data: st.DataObject
) -> None:
    """F1: where nothing has to be asked, any order of sightings comes to the same groups."""
    stories = [told(*tracks), told(*data.draw(st.permutations(tracks)))]
    decided = [unlinked(story.state()) for story in stories]
    for story in stories:
        story.link()
    if not any(each.asked for each in decided):
        assert homes(stories[0]) == homes(stories[1])


def test_what_has_no_file_and_stands_in_no_playlist_is_not_asked_about() -> None:
    """A broken file that was replaced by a whole one: nobody has to say whether the two are one."""
    story = told(track("a:track:1"))
    story.link()
    whole = track("a:track:2", length=180_000)
    story.tell(whole, PlaylistSeen(ref="a:set:1", name="", url="", entries=("a:track:2",)))
    (step,) = unlinked(story.state()).steps
    assert (step.link.rule, step.asked) == ("founding", ())
