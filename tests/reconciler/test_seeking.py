"""What is sought, and what is not: decided from the rows alone."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.events import (
    PlaylistSeen,
    RecordingDismissed,
    RecordingLinked,
    RemoteSeen,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.failure import Availability, FailureClass
from engine.domain.references import recording_id
from engine.matching.resolution import Choice, judge_candidates
from engine.reconciler.policy import Policy, ResolutionPolicy
from engine.reconciler.resolving import Settling
from engine.reconciler.seeking import RETRY_DAYS_MAX, Sought, due, due_count, resolution_version
from tests.fakes.finder import candidate
from tests.reconciler.pure_world import Story

POLICY = Policy(resolution=ResolutionPolicy(order=("soundcloud",)))
NOW_US = 1 << 62
SONG = TrackSeen(
    ref="spotify:track:1", title="First Light", artist="Ada", url="https://open.spotify.com/track/1",
    duration_ms=200_000, availability=Availability.METADATA_ONLY,
)  # fmt: skip
KEY = recording_id(SONG.ref)


def founded(ref: str) -> RecordingLinked:
    """Give the link that founds a recording."""
    return RecordingLinked(
        recording_id=recording_id(ref), ref=ref, rule="founding", evidence=(), beaten=(), policy_version="0"
    )


def listed(*seen: TrackSeen) -> Story:
    """Give a story in which a playlist lists songs."""
    story = Story()
    story.tell(*seen, PlaylistSeen(ref="spotify:playlist:1", name="Mix", url="", entries=tuple(s.ref for s in seen)))
    story.tell(*(founded(each.ref) for each in seen))
    return story


def sought(story: Story, policy: Policy = POLICY) -> tuple[Sought, ...]:
    """Give what is to be looked for."""
    return due(story.state(), policy, NOW_US)


def test_what_a_playlist_lists_and_no_source_gives_is_sought() -> None:
    """F41: what has audio, what nobody wished for and what belongs to nothing yet is not."""
    story = listed(SONG)
    story.tell(replace(SONG, ref="spotify:track:2"), founded("spotify:track:2"))
    story.tell(replace(SONG, ref="spotify:track:3"))
    assert [each.recording_id for each in sought(story)] == [KEY]
    assert (sought(story)[0].label, sought(story)[0].taking) == ("Ada – First Light", True)
    available = listed(replace(SONG, availability=Availability.AVAILABLE))
    assert sought(available) == ()


def test_no_more_is_made_ready_than_is_asked_for() -> None:
    """Ten thousand that wait cost a run no more than the fifty it looks for; the rest is counted."""
    more = [replace(SONG, ref=f"spotify:track:{number}", title=f"Song {number}") for number in (2, 3)]
    state = listed(SONG, *more).state()
    assert [each.ref for each in due(state, POLICY, NOW_US, most=2)] == [SONG.ref, "spotify:track:2"]
    assert due_count(state, POLICY, NOW_US) == 3


def test_what_a_person_threw_away_is_not_sought() -> None:
    """A tombstone is no wish (design §9)."""
    story = listed(SONG)
    story.tell(RecordingDismissed(recording_id=KEY, reason="no"))
    assert sought(story) == ()


def test_what_nobody_described_yet_waits_to_be_described() -> None:
    """Unknown is not unavailable; a title that is none asks for nothing."""
    story = listed(SONG)
    story.tell(PlaylistSeen(ref="spotify:playlist:1", name="Mix", url="", entries=(SONG.ref, "spotify:track:9")))
    story.tell(founded("spotify:track:9"))
    assert [each.recording_id for each in sought(story)] == [KEY]
    assert sought(listed(replace(SONG, title=""))) == ()


def test_a_song_without_an_artist_is_called_by_its_title() -> None:
    """Unknown stays unknown."""
    assert sought(listed(replace(SONG, artist=None)))[0].label == "First Light"


def test_several_sightings_are_all_heard() -> None:
    """F1: and what gave audio first, and stopped, is proposed for only; what was linked to it since changes nothing."""
    story = listed(SONG)
    gone = TrackSeen(ref="soundcloud:track:5", title="First Light", artist="Ada", url="https://soundcloud.com/a/5")
    story.tell(gone, replace(founded(gone.ref), recording_id=KEY))
    story.tell(
        TrackAvailabilityChanged(
            ref=gone.ref, availability=Availability.GONE, failure=FailureClass.GONE, detail="it is gone"
        )
    )
    (found,) = sought(story)
    assert (len(found.things), found.taking, found.refs) == (3, True, (SONG.ref, gone.ref))
    assert found.addresses == ()


def test_what_gave_audio_first_and_stopped_is_proposed_for_only() -> None:
    """F19: which of its sightings came first decides; no copy takes the place of what gave audio once, unasked."""
    first = TrackSeen(ref="soundcloud:track:5", title="First Light", artist="Ada", url="https://soundcloud.com/a/5")
    withheld = TrackAvailabilityChanged(
        ref=first.ref, availability=Availability.GONE, failure=FailureClass.GONE, detail="it is gone"
    )
    for later in (SONG.ref, "file:entry:1"):
        story = listed(first)
        story.tell(replace(SONG, ref=later), replace(founded(later), recording_id=recording_id(first.ref)), withheld)
        (found,) = sought(story)
        assert found.taking is False
    story = listed(replace(SONG, ref="youtube:track:1"))
    story.tell(first, replace(founded(first.ref), recording_id=recording_id("youtube:track:1")), withheld)
    assert sought(story)[0].taking is True


def test_addresses_that_a_person_wrote_are_known() -> None:
    """F57: in a list's own column, or in the row; each once, and never the address of what is known to be gone."""
    csv = replace(SONG, ref="csv:row:1", url="https://www.youtube.com/watch?v=abc&t=3")
    story = listed(csv)
    story.tell(
        RemoteSeen(
            target="notion", kind="track", remote_id="p", key=recording_id("csv:row:1"),
            fields={"soundcloud_url": "https://soundcloud.com/a/b", "youtube_url": "https://youtu.be/abc"},
        )
    )  # fmt: skip
    (found,) = sought(story)
    assert found.addresses == ("https://soundcloud.com/a/b", "https://www.youtube.com/watch?v=abc&t=3")
    assert "https://youtube.com/watch?v=abc" in found.things[0].ids


def test_a_short_link_and_an_id_are_addresses_as_well() -> None:
    """F57: what a phone copies, and what rekordbox writes of a streamed track; a shop's page is none."""
    links = (
        "https://on.soundcloud.com/AbC",
        "https://api.soundcloud.com/tracks/5",
        "https://shop.example/soundcloud.com/",
    )
    for url, known in zip(links, (links[:1], links[1:2], ()), strict=True):
        (found,) = sought(listed(replace(SONG, ref="file:entry:1", url=url)))
        assert found.addresses == known


def test_waiting_doubles_up_to_half_a_year() -> None:
    """Part 5: seven days, fourteen, … and never for good."""
    story = listed(SONG)
    state = story.state()
    settling = Settling.of(state, POLICY)
    (found,) = sought(story)
    outcome = settling.outcome(found, (), (), Choice())
    for misses in range(1, 9):
        story.tell(*outcome.events)
        row = story.state().resolutions[KEY]
        assert row.misses == misses
        days = min(7 * 2 ** (misses - 1), RETRY_DAYS_MAX)
        later_us = row.last_us + int(days * 86_400_000_000)
        assert due(story.state(), POLICY, later_us - 1) == ()
        assert len(due(story.state(), POLICY, later_us)) == 1


def test_what_was_never_looked_for_goes_first_then_what_waited_longest() -> None:
    """I41: new songs keep nothing that was looked for in vain from its next turn, nor are they kept from theirs."""
    refs = [f"spotify:track:{number}" for number in (5, 1, 4, 2, 3)]
    story = listed(*(replace(SONG, ref=ref) for ref in refs))
    keys = [recording_id(ref) for ref in refs]
    by_key = {each.recording_id: each for each in sought(story)}
    assert list(by_key) == keys, "the order in which they were seen"
    settling = Settling.of(story.state(), POLICY)
    for key in (keys[3], keys[0], keys[1]):
        story.tell(*settling.outcome(by_key[key], (), (), Choice()).events)
    much_later_us = NOW_US + 400 * 86_400_000_000
    again = [each.recording_id for each in due(story.state(), POLICY, much_later_us)]
    assert again == [keys[2], keys[4], keys[3], keys[0], keys[1]]


def test_what_decides_a_search_has_a_name() -> None:
    """A changed order, blocklist or line between song and mix is another search; what a run may do is not."""
    names = {
        resolution_version(replace(POLICY, resolution=replace(POLICY.resolution, **{field: value})))
        for field, value in (("order", ("youtube",)), ("blocked", ("x",)), ("mix_minutes", 20.0))
    }
    assert len(names | {resolution_version(POLICY)}) == 4
    busier = replace(POLICY, resolution=replace(POLICY.resolution, per_run=1))
    assert resolution_version(busier) == resolution_version(POLICY)


def test_one_offer_may_be_asked_about_for_two_songs() -> None:
    """It is a recording of its own by then, which nobody wished for: it is the newer one in both questions."""
    other = replace(SONG, ref="spotify:track:2", title="First Light Again")
    story = listed(SONG, other)
    offer = candidate("9", "First Light", duration_ms=205_000)
    asked = []
    for each in sought(story):
        settling = Settling.of(story.state(), POLICY)
        judged = judge_candidates(each.things[:1], [offer])
        outcome = settling.outcome(each, (), judged, Choice(asked=judged))
        story.tell(*outcome.tracks, *outcome.events)
        asked += [event for event in outcome.events if event.TYPE == "match.asked"]
    assert [getattr(event, "newer", "") for event in asked] == [recording_id(offer.ref)] * 2


def test_what_an_attempt_proved_outlives_a_search_that_repeats_itself() -> None:
    """P12: a search calls it available that was found to be encrypted; what it never said before is news."""
    offer = candidate("9", "First Light")
    story = listed(SONG)
    story.tell(offer)
    story.tell(
        TrackAvailabilityChanged(
            ref=offer.ref, availability=Availability.DRM_PROTECTED, failure=FailureClass.DRM_PROTECTED, detail="DRM"
        )
    )
    settling = Settling.of(story.state(), POLICY)
    (found,) = sought(story)
    (known,) = settling.candidates(found, [offer])
    assert known.availability is Availability.DRM_PROTECTED
    (news,) = settling.candidates(found, [replace(offer, availability=Availability.GEO_BLOCKED)])
    assert news.availability is Availability.GEO_BLOCKED
