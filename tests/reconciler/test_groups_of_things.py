"""Groups over library, Notion and Eagle: all members agree with each other, what was cut is shown, the best stays."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.events import (
    Audio,
    Event,
    MatchAnswered,
    PlaylistSeen,
    RecordingLinked,
    RemoteSeen,
    RenditionVerified,
    TrackSeen,
)
from engine.domain.matching_events import Answer
from engine.domain.references import question_id, recording_id
from engine.matching.policy import DEFAULT
from engine.reconciler.grouping import PROGRESS_EVERY, Crate, find_groups
from tests.reconciler.pure_world import Story


def ref(number: int) -> str:
    """Give a track's ref."""
    return f"soundcloud:track:{number}"


def own(number: int) -> str:
    """Give the recording that a track founds."""
    return recording_id(ref(number))


def track(number: int, title: str = "First Light", length: int | None = 180_000, **more: str) -> tuple[Event, Event]:
    """Give a track that was found to be a recording of its own, as if it had been the only one known."""
    seen = TrackSeen(ref=ref(number), title=title, artist="Ada", url="", duration_ms=length, **more)  # type: ignore[arg-type] # by name
    linked = RecordingLinked(
        recording_id=own(number), ref=ref(number), rule="founding", evidence=(), beaten=(), policy_version="0"
    )
    return seen, linked


def row(remote_id: str, *, target: str = "notion", **fields: str | float) -> RemoteSeen:
    """Give a row or an item that nobody keyed."""
    kind = "track" if target == "notion" else "item"
    return RemoteSeen(target=target, kind=kind, remote_id=remote_id, key=None, fields=dict(fields))


def file(number: int, *, bitrate: int) -> RenditionVerified:
    """Give a recording's verified file."""
    return RenditionVerified(
        rendition_id=f"f{number}", recording_id=own(number), profile="original", source_ref=ref(number),
        path=f"{number}.mp3", size_bytes=5_000_000, mtime_ns=1, file_sha256=f"s{number}",
        audio=Audio(format="mp3", codec="mp3", duration_ms=180_000, channels=2, bitrate_bps=bitrate),
    )  # fmt: skip


def told(*events: Event | tuple[Event, ...]) -> Story:
    """Give a story of these events."""
    story = Story()
    for each in events:
        story.tell(*(each if isinstance(each, tuple) else (each,)))
    return story


def found(*events: Event | tuple[Event, ...]) -> Crate:
    """Give the groups of a story."""
    return find_groups(told(*events).state(), DEFAULT)


def said(newer: str, older: str, answer: Answer) -> MatchAnswered:
    """Give a person's answer."""
    return MatchAnswered(
        question_id=question_id(newer, older), newer=newer, older=older, answer=answer, reason=""
    )  # fmt: skip


def test_recordings_rows_and_items_that_are_one_are_one_group() -> None:
    """One report over every place; names with a length that agrees, or an address, make it."""
    crate = found(
        track(1),
        track(2),
        row("p1", title="First Light", artist="Ada", duration_ms=180_200, soundcloud_id=2),
        row("E1", target="eagle", name="Something else entirely"),
    )
    (group,) = crate.groups
    assert group.recordings == tuple(sorted([own(1), own(2)]))
    assert group.unkeyed == ("notion/track/p1",)
    assert len(group.proofs) == 3
    assert all(proof.evidence for proof in group.proofs)


def test_names_alone_make_no_group_and_are_asked() -> None:
    """F1: names alone, however equal."""
    crate = found(track(1, length=None), track(2, length=None))
    assert crate.groups == ()
    (proof,) = crate.asked
    assert (proof.names, {proof.a, proof.b}) == ("same", {own(1), own(2)})


@settings(max_examples=25, deadline=None)
@given(
    tracks=st.lists(
        st.tuples(st.sampled_from(["First Light", "First Light (Bob Remix)", "First Light Pt. 2", "Dawn Chorus"])),
        max_size=6,
    )
)
def test_no_group_ever_rests_on_names_alone(tracks: list[tuple[str]]) -> None:
    """F1, F2, F9: without lengths, codes and audio there is nothing to group, whatever the names."""
    crate = found(*(track(number, title, None) for number, (title,) in enumerate(tracks)))
    assert crate.groups == ()
    assert crate.cuts == ()


def test_what_agrees_with_two_that_do_not_agree_is_cut_and_shown() -> None:
    """F1, F2: pairwise complete, never a chain; the contradiction is in the report."""
    crate = found(
        track(1, isrc="USA110000001"),
        track(2, length=None, isrc="USA110000001"),
        track(3, length=None, isrc="USA110000001"),
        said(own(3), own(1), Answer.DIFFERENT),
    )
    assert len(crate.groups) == 1
    (cut,) = crate.cuts
    assert cut.rejected
    assert set(cut.via) == {own(1), own(3)}
    assert cut.against is not None


def test_a_persons_word_stands_in_every_report() -> None:
    """Design §5: told apart, two things are no group and no question; told one, they are, however unlike."""
    apart = found(track(1), track(2), said(own(2), own(1), Answer.DIFFERENT))
    assert (apart.groups, apart.asked) == ((), ())
    story = told(track(1), row("p1", title="Quite Another"), said("notion/track/p1", own(1), Answer.SAME))
    (group,) = find_groups(story.state(), DEFAULT).groups
    assert group.things == ("notion/track/p1", own(1))
    gone = told(track(1), said("notion/track/p9", own(1), Answer.SAME))
    assert find_groups(gone.state(), DEFAULT).groups == ()
    both = found(
        track(1), track(2), said(own(2), own(1), Answer.DIFFERENT), said(own(1), own(1), Answer.SAME)
    )  # fmt: skip
    assert both.groups == ()


def test_the_better_file_stays() -> None:
    """F21, I56: quality first, in words."""
    (group,) = found(track(1), track(2), file(1, bitrate=128_000), file(2, bitrate=320_000)).groups
    assert group.keeper == own(2)
    assert "its file is better" in group.why
    (group,) = found(track(1), track(2), file(1, bitrate=128_000)).groups
    assert (group.keeper, group.why) == (own(1), "it has a verified file, the others have none")


def test_where_files_say_nothing_what_people_use_stays() -> None:
    """Keepers by playlists, by what is shown, by sightings, by age; each in words."""
    listed = PlaylistSeen(ref="s", name="", url="", entries=(ref(2),))
    assert found(track(1), track(2), listed).groups[0].why == "it is in 1 playlists, the next in 0"
    keyed = RemoteSeen(target="notion", kind="track", remote_id="p", key=own(2), fields={"title": "First Light"})
    (group,) = found(track(1), track(2), keyed).groups
    assert (group.keeper, group.why) == (own(2), "it is shown in 1 places, the next in 0")
    seen, linked = track(3)
    assert isinstance(linked, RecordingLinked)
    again = RecordingLinked(recording_id=own(2), ref=ref(3), rule="person", evidence=(), beaten=(), policy_version="0")
    (group,) = found(track(1), track(2), seen, again).groups
    assert (group.keeper, group.why) == (own(2), "it was seen as 2 tracks, the next as 1")
    (group,) = found(track(1), track(2)).groups
    assert (group.keeper, group.why) == (own(1), "both are as good, and it has been there for longer")


def test_of_rows_that_nobody_keyed_the_fullest_stays() -> None:
    """A group without a recording of ours is reported; nothing decides it here."""
    shared = {"title": "First Light", "artist": "Ada", "isrc": "USA110000001"}
    (group,) = found(row("p1", **shared), row("p2", album="Dawn", **shared)).groups
    assert (group.recordings, group.keeper) == ((), "notion/track/p2")
    (kept,) = found(track(1, isrc="USA110000001"), row("p2", **shared)).groups
    assert (kept.keeper, kept.why) == (own(1), "it is the one we keep in step")


def test_sightings_that_contradict_keep_two_recordings_apart() -> None:
    """F1: every sighting of the one is heard against every sighting of the other."""
    seen, _ = track(3, "First Light (Bob Remix)")
    joined = RecordingLinked(recording_id=own(2), ref=ref(3), rule="person", evidence=(), beaten=(), policy_version="0")
    crate = found(track(1), track(2), seen, joined)
    assert crate.groups == ()
    assert [proof.evidence[-1].feature for proof in crate.asked] == ["contradiction"]


def test_progress_is_told_now_and_then() -> None:
    """Long work shows that it goes on, and not at every step."""
    steps: list[int] = []
    story = told(*(track(number, length=None) for number in range(PROGRESS_EVERY // 15)))
    crate = find_groups(story.state(), DEFAULT, steps.append)
    assert steps[0] == PROGRESS_EVERY
    assert sum(steps) == crate.compared
