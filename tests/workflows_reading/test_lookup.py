"""A THING is found by id, address, path, page, name or part of a name, and never guessed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.errors import ExitCode, UsageError
from engine.domain.references import recording_id
from engine.workflows.lookup import candidates, find_one, known_targets_and_kinds, recording_label
from engine.workflows.tracks import track as show
from tests.fakes.crate import (
    ACTION,
    FIRST,
    FIRST_ID,
    PAGE,
    PLAYLIST,
    PLAYLIST_URL,
    RUN,
    SECOND,
    SECOND_ID,
    crate,
    linked,
)
from tests.fakes.crate import seen as track
from tests.fakes.memory_journal import MemoryJournal

ALL = ("recording", "playlist", "run", "action", "conflict")


@pytest.mark.parametrize(
    ("thing", "kind", "key"),
    [
        (FIRST_ID, "recording", FIRST_ID),
        (FIRST_ID[:6], "recording", FIRST_ID),
        (FIRST, "recording", FIRST_ID),
        ("1", "recording", FIRST_ID),
        ("https://soundcloud.com/crew/first-light", "recording", FIRST_ID),
        ("first light", "recording", FIRST_ID),
        ("Ada – First Light", "recording", FIRST_ID),
        ("Ada - Second Wind", "recording", SECOND_ID),
        ("wind", "recording", SECOND_ID),
        ("Ada/First Light.aiff", "recording", FIRST_ID),
        ("/music/Ada/First Light.aiff", "recording", FIRST_ID),
        ("C:\\music\\Ada\\First Light.aiff", "recording", FIRST_ID),
        (PAGE, "recording", FIRST_ID),
        (PAGE.replace("-", ""), "recording", FIRST_ID),
        (f"https://www.notion.so/{PAGE.replace('-', '')}", "recording", FIRST_ID),
        (PLAYLIST, "playlist", PLAYLIST),
        (PLAYLIST_URL, "playlist", PLAYLIST),
        ("crate", "playlist", PLAYLIST),
        (RUN, "run", RUN),
        (ACTION[:8], "action", ACTION),
        ("conflictone", "conflict", "conflictone"),
    ],
)
def test_a_thing_is_found_by_what_people_have_at_hand(thing: str, kind: str, key: str) -> None:
    """`sync why THING` takes any name a person can copy from somewhere."""
    found = find_one(MemoryJournal(*crate()).state(), thing, ALL)
    assert (found.kind, found.key) == (kind, key)


def test_an_ambiguous_thing_lists_its_candidates() -> None:
    """Two tracks of one title: nothing is guessed, both are listed, exit code 2."""
    extra = [
        event for n in range(20) for event in (track(f"s:track:x{n}", "First Light", None), linked(f"s:track:x{n}"))
    ]
    state = MemoryJournal(*crate(), *extra).state()
    with pytest.raises(UsageError, match="means 21 things") as caught:
        find_one(state, "first light", ALL)
    assert "and 9 more" in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_two_that_were_found_to_be_one_are_one_thing() -> None:
    """F18: whoever answered "same" of two tracks of one name names the one that stays by it, and sees all of it."""
    twin = recording_id("s:track:twin")
    merged = e.RecordingMerged(
        recording_id=twin, into=FIRST_ID, rule="person", evidence=(), beaten=(), policy_version="1"
    )
    renamed = track("s:track:other", "Erstes Licht"), linked("s:track:other")
    other = replace(merged, recording_id=recording_id("s:track:other"))
    events = (*crate(), track("s:track:twin", "First Light"), linked("s:track:twin"), *renamed, merged, other)
    state = MemoryJournal(*events).state()
    assert find_one(state, "first light", ALL).key == FIRST_ID
    assert {row.ref for row in show(state, "erstes licht").sightings} == {FIRST, "s:track:twin", "s:track:other"}


def test_an_unknown_thing_hints_at_the_nearest_name() -> None:
    """Nothing known: the nearest name, or where to look."""
    state = MemoryJournal(*crate()).state()
    with pytest.raises(UsageError) as caught:
        find_one(state, "Frist Light", ("recording",))
    assert "First Light" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        find_one(state, "qqqqqqqq", ALL)
    assert "sync tracks" in caught.value.hint
    assert candidates(state, "  ", ALL) == ()


def test_a_page_of_a_playlist_means_the_playlist_and_strangers_mean_nothing() -> None:
    """A remote id leads to what it shows; an object that is not ours, and a sighting not yet linked, lead nowhere."""
    shown = e.RemoteSeen(target="notion", kind="playlist", remote_id="pageofcrate", key=PLAYLIST, fields={})
    foreign = e.RemoteSeen(target="notion", kind="track", remote_id="strangepage", key=None, fields={})
    state = MemoryJournal(*crate(), shown, foreign, track("s:track:77", "Unlinked")).state()
    assert find_one(state, "pageofcrate", ALL).key == PLAYLIST
    assert candidates(state, "strangepage", ALL) == ()
    assert candidates(state, "Unlinked", ALL) == ()


def test_an_unseen_recording_is_called_by_its_id() -> None:
    """A label is never empty."""
    state = MemoryJournal(linked(SECOND)).state()
    assert recording_label(state, SECOND_ID) == SECOND
    assert recording_label(state, "rnone") == "rnone"


def test_kinds_and_targets_are_taken_in_any_case_and_typos_named() -> None:
    """`--only` takes what the planner knows, however it is spelled."""
    assert known_targets_and_kinds(("NOTION", "createpage")) == ("notion", "CreatePage")
    with pytest.raises(UsageError) as caught:
        known_targets_and_kinds(("notoin",))
    assert "did you mean notion?" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        known_targets_and_kinds(("zzz",))
    assert "one of" in caught.value.hint


def test_a_recording_is_called_by_a_name_and_not_by_the_end_of_an_address() -> None:
    """F18: once SoundCloud shows what a list of addresses began with, the track goes by its own name."""
    line = e.TrackSeen(ref="file:entry:1", title="song-3", url="https://soundcloud.com/ada/song-3")
    known = e.TrackSeen(ref=FIRST, title="First Light", url="https://soundcloud.com/ada/song-3", artist="Ada")
    links = [linked(each.ref, FIRST_ID) for each in (line, known)]
    state = MemoryJournal(line, links[0]).state()
    assert recording_label(state, FIRST_ID) == "song-3"
    assert recording_label(MemoryJournal(line, known, *links).state(), FIRST_ID) == "Ada – First Light"
    assert recording_label(state, "nobody") == "nobody"
