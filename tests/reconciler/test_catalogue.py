"""The index for planning: the best sighting, memberships, what stands, what is unsettled."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.events import PlaylistConfigured, PlaylistSeen, RecordingLinked
from engine.domain.failure import Availability
from engine.projections.rows import ActionState, Recording, Sighting, TargetObject
from engine.projections.state import State
from engine.reconciler.catalogue import catalogue
from engine.reconciler.wanted_library import wanted_audio
from tests.reconciler.pieces import KEY, attempt, indexed, piece, remote, rendition, sighting
from tests.reconciler.pure_world import POLICY, Story, track


def best(*sightings: Sighting) -> str:
    """Give the ref of the sighting a recording is named and fetched by."""
    refs = tuple(row.ref for row in sightings)
    state = State(
        sightings={row.ref: row for row in sightings}, recordings={KEY: Recording(recording_id=KEY, refs=refs)}
    )
    return catalogue(state).pieces[KEY].sighting.ref


@settings(max_examples=60, deadline=None)
@given(availabilities=st.lists(st.sampled_from(Availability), min_size=1, max_size=5), chance=st.randoms())
def test_the_best_source_does_not_depend_on_the_order_of_links(
    availabilities: list[Availability], chance: random.Random
) -> None:
    """I19: an available source before any other, for every kind of availability there is."""
    rows = [
        replace(sighting(f"a:track:{number}", availability=each), first_seq=number)
        for number, each in enumerate(availabilities)
    ]
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    chosen = best(*rows)
    assert best(*shuffled) == chosen
    if Availability.AVAILABLE in availabilities:
        assert chosen == f"a:track:{availabilities.index(Availability.AVAILABLE)}"


def test_a_file_at_hand_comes_before_a_download_of_the_same_availability() -> None:
    """P3: what is on disk is not fetched over the wire."""
    assert best(sighting("soundcloud:track:1"), sighting("file:track:x")) == "file:track:x"
    gone = sighting("file:track:x", availability=Availability.GONE)
    assert best(sighting("soundcloud:track:1"), gone) == "soundcloud:track:1"


def test_a_line_of_a_list_is_no_file_at_hand() -> None:
    """F57: where a list and SoundCloud both show a track on SoundCloud, SoundCloud's own word is what is fetched."""
    line = replace(sighting("file:entry:1"), url="https://soundcloud.com/ann/song", first_seq=1)
    assert best(line, replace(sighting("soundcloud:track:1"), first_seq=2)) == "soundcloud:track:1"


def test_a_recording_nobody_shows_any_more_is_no_piece() -> None:
    """F40: a link whose sighting is not known breaks nothing."""
    assert indexed(recordings=(Recording(recording_id=KEY, refs=("a:track:1",)),)).pieces == {}


def test_files_that_are_gone_stand_apart() -> None:
    """P5: present and lost are told apart, and the present are sorted by profile."""
    rows = {row.profile: row for row in (rendition("original"), rendition("aiff"), rendition("wav", present=False))}
    state = State(
        sightings={"a": sighting("a")}, recordings={KEY: Recording(recording_id=KEY, refs=("a",))}, renditions=rows
    )
    found = catalogue(state).pieces[KEY]
    assert [row.profile for row in found.renditions] == ["aiff", "original"]
    assert [row.profile for row in found.lost] == ["wav"]


def test_memberships_and_departures_are_those_of_followed_playlists() -> None:
    """I44: it departed when it left its last list; one it never was in, or an unfollowed one, says nothing."""
    story = Story()
    story.tell(track(1), track(2))
    story.listed("a:set:1", ["soundcloud:track:1", "soundcloud:track:2", "soundcloud:track:9"])
    story.listed("a:set:2", ["soundcloud:track:1", "soundcloud:track:2"])
    story.link()
    story.tell(RecordingLinked(recording_id="r9", ref="x", rule="person", evidence=(), beaten=(), policy_version=""))
    story.listed("a:set:1", [])
    story.listed("a:set:2", ["soundcloud:track:2"])
    left_us = story.now_us + story.seq - 1
    one, two = (
        catalogue(story.state()).pieces[story.state().sightings[f"soundcloud:track:{number}"].recording_id or ""]
        for number in (1, 2)
    )
    assert (one.playlists, one.departed_us) == ((), left_us)
    assert (two.playlists, two.departed_us) == (("a:set:2",), None)
    story.tell(PlaylistConfigured(ref="a:set:2", url="u", active=False))
    assert [row.ref for row in catalogue(story.state()).playlists] == ["a:set:1"]
    story.tell(
        PlaylistSeen(ref="a:set:3", name="", url="", entries=("unlinked",)),
        PlaylistSeen(ref="a:set:3", name="", url="", entries=()),
    )
    assert "unlinked" not in catalogue(story.state()).recording_of


def test_the_latest_action_of_an_object_counts_and_every_unsettled_one() -> None:
    """I29: a newer action does not hide an older one that may be out there."""
    row = replace(attempt(ActionState.UNKNOWN), target="notion", object_kind="track", key=KEY, last_seq=1)
    newer = replace(row, action_id="b", state=ActionState.DONE, last_seq=2)
    for rows in ((row, newer), (newer, row)):
        index = indexed(actions=rows)
        assert index.actions_of[f"notion/track/{KEY}"].action_id == "b"
        assert index.unsettled == {f"notion/track/{KEY}"}
    assert indexed(actions=(newer,)).unsettled == frozenset()


def test_what_stands_is_what_we_wrote_or_the_one_carrier_of_its_key() -> None:
    """I30: no id where two claim it, none that is gone, none that we removed."""
    ours = TargetObject(target="notion", kind="track", key=KEY, remote_id="page")
    one, two = remote("one", key=KEY), remote("two", key=KEY)

    def standing(*remotes: object, objects: tuple[TargetObject, ...] = (ours,)) -> str | None:
        rows = tuple(row for row in remotes if isinstance(row, type(one)))
        return indexed(remotes=rows, objects=objects).standing_id("notion", "track", KEY)

    assert standing(remote("page"), one, two) == "page"
    assert standing(remote("page", misses=1), one) == "one"
    assert standing(one, two) is None
    assert standing(remote("page"), objects=(replace(ours, trashed=True),)) is None
    assert standing(objects=(replace(ours, remote_id=None),)) is None
    assert standing() is None


def test_a_bare_file_that_was_linked_gives_audio_and_renames_nothing() -> None:
    """P20, F18: a file called `01 gravel road` of a track that SoundCloud names is that track, by its old name."""
    published = sighting(first_seq=5, title="Gravel Road", artist="Kestrel", genre="Dubstep")
    found = sighting("file:track:1", first_seq=9, title="01 gravel road [FREE DL]", artist=None)
    ours = piece(found, published)
    assert (ours.sighting, ours.naming, ours.title, ours.label) == (
        found, published, "Gravel Road", "Kestrel – Gravel Road",
    )  # fmt: skip
    audio = wanted_audio(ours, "Kestrel/Gravel Road", POLICY)
    assert (audio.fields["source_ref"], audio.fields["title"], audio.fields["artist"]) == (
        "file:track:1", "Gravel Road", "Kestrel",
    )  # fmt: skip


def test_of_equals_the_sighting_it_was_linked_to_first_names_it() -> None:
    """F21: *this version instead* makes the newer one the one that stays, and its own name stays with it."""
    own = sighting("soundcloud:track:2", first_seq=9, title="Song (VIP)", artist="Ada")
    absorbed = sighting("soundcloud:track:1", first_seq=5, title="Song", artist="Ada")
    assert piece(own, absorbed).title == "Song (VIP)"
