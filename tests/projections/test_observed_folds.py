"""What each observation makes of its row: sightings, playlists, remotes and scopes."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.envelope import Recorded
from engine.domain.events import (
    Event,
    PlaylistConfigured,
    PlaylistHeld,
    PlaylistSeen,
    RecordingLinked,
    RemoteMissed,
    RemoteSeen,
    ScanCompleted,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.projections.observed import shows_playlist, shows_remote, shows_track
from engine.projections.registry import as_state, empty_rows, fold
from engine.projections.state import State

REF = "soundcloud:track:1"
SET = "soundcloud:set:1"
SEEN = TrackSeen(ref=REF, title="Title", url="u", artist="Artist")
LINKED = RecordingLinked(recording_id="r", ref=REF, rule="founding", evidence=(), beaten=(), policy_version="1")


def after(*events: Event) -> State:
    """Give the state after events, one every ten microseconds."""
    history = [Recorded(seq, event.stream, seq, seq * 10, None, event) for seq, event in enumerate(events, start=1)]
    return as_state(fold(empty_rows(), history), journal_id="j", head_seq=len(history), head_hash="h")


def changed(availability: Availability, failure: FailureClass | None = None) -> TrackAvailabilityChanged:
    """Give what an attempt proved."""
    return TrackAvailabilityChanged(ref=REF, availability=availability, failure=failure, detail="HTTP")


def test_a_sighting_is_the_last_thing_shown_and_remembers_the_first() -> None:
    """F73: the newest metadata stands; the link and the first seq stay."""
    row = after(SEEN, LINKED, TrackSeen(ref=REF, title="Other", url="v")).sightings[REF]
    assert (row.title, row.url, row.artist) == ("Other", "v", None)
    assert (row.recording_id, row.first_seq, row.last_seq, row.first_us, row.last_us) == ("r", 1, 3, 10, 30)


def test_what_an_attempt_proved_outlives_a_listing_that_repeats_itself() -> None:
    """F38, P12: a listing that still says available does not make a dead track alive."""
    renamed = TrackSeen(ref=REF, title="Renamed", url="u")
    row = after(SEEN, changed(Availability.GONE, FailureClass.GONE), renamed).sightings[REF]
    assert (row.title, row.availability, row.failure, row.availability_detail) == (
        "Renamed", Availability.GONE, FailureClass.GONE, "HTTP",
    )  # fmt: skip


def test_a_listing_that_says_something_new_is_believed() -> None:
    """I44: a source that changed its word about a track re-opens it."""
    private = TrackSeen(ref=REF, title="Title", url="u", availability=Availability.PRIVATE)
    row = after(SEEN, changed(Availability.GONE, FailureClass.GONE), private).sightings[REF]
    assert (row.availability, row.failure, row.availability_detail) == (Availability.PRIVATE, None, "")


def test_availability_that_came_back_clears_what_was_proved() -> None:
    """F29: after a success no failure is left on the sighting."""
    row = after(SEEN, changed(Availability.GONE, FailureClass.GONE), changed(Availability.AVAILABLE), SEEN).sightings[
        REF
    ]
    assert (row.availability, row.failure) == (Availability.AVAILABLE, None)


def test_facts_about_a_track_nobody_described_are_kept() -> None:
    """F40: an availability or a link may come before the metadata."""
    assert after(changed(Availability.PRIVATE)).sightings[REF].availability is Availability.PRIVATE
    assert after(LINKED).sightings[REF].recording_id == "r"
    assert after(LINKED, SEEN).sightings[REF].recording_id == "r"


def seen(*entries: str) -> PlaylistSeen:
    """Give a listing."""
    return PlaylistSeen(ref=SET, name="Mix", url="u", entries=entries)


def test_entries_keep_their_order_and_repeats() -> None:
    """P14: an entry twice is two facts."""
    assert after(seen("b", "a", "b")).playlists[SET].entries == ("b", "a", "b")


def test_a_departure_is_dated_and_forgotten_when_it_comes_back() -> None:
    """I44: what left has the time of the listing that lacked it first, until it is listed again."""
    assert after(seen("a", "b"), seen("b")).playlists[SET].departed == {"a": 20}
    assert after(seen("a", "b"), seen("b"), seen()).playlists[SET].departed == {"a": 20, "b": 30}
    assert after(seen("a", "b"), seen("b"), seen("a")).playlists[SET].departed == {"b": 30}


def held(count: int, set_hash: str) -> PlaylistHeld:
    """Give a listing that was not believed."""
    return PlaylistHeld(ref=SET, entries_before=9, entries_seen=count, set_hash=set_hash)


def test_a_listing_that_was_not_believed_leaves_the_entries() -> None:
    """P1: it is remembered beside them, with the time it was first shown; another one starts anew."""
    row = after(seen("a", "b"), held(1, "x"), held(1, "x")).playlists[SET]
    assert (row.entries, row.held_count, row.held_hash, row.held_us) == (("a", "b"), 1, "x", 20)
    assert after(seen("a"), held(1, "x"), held(0, "y")).playlists[SET].held_us == 30
    assert after(seen("a"), held(0, "x"), seen("a")).playlists[SET].held_us is None
    assert not after(held(0, "x")).playlists[SET].seen


def test_what_a_person_asked_for_stays_through_listings() -> None:
    """P16: an unfollowed playlist stays unfollowed when it is seen; each address is kept once."""
    stop = PlaylistConfigured(ref=SET, url="typed", active=False)
    row = after(stop, seen("a"), stop).playlists[SET]
    assert (row.active, row.addresses, row.url, row.seen) == (False, ("typed",), "u", True)
    other = PlaylistConfigured(ref=SET, url="again", active=True)
    row = after(stop, other).playlists[SET]
    assert (row.active, row.addresses, row.url, row.seen) == (True, ("typed", "again"), "typed", False)


def test_a_playlist_remembers_when_it_was_last_asked_for() -> None:
    """P6: what is older than the last request is no tombstone; no longer following is no request."""
    ask, stop = (PlaylistConfigured(ref=SET, url="typed", active=active) for active in (True, False))
    assert after(seen("a")).playlists[SET].requested_seq == 0
    assert after(seen("a"), ask, seen("a", "b"), stop).playlists[SET].requested_seq == 2


PAGE = RemoteSeen(target="notion", kind="track", remote_id="p", key="r", fields={"title": "T"}, revision="1")
MISSED = RemoteMissed(target="notion", remote_id="p")


def test_a_remote_is_missing_from_the_first_scan_that_lacked_it() -> None:
    """Design §9: misses count up, the time is that of the first; seen again, nothing is left of it."""
    row = after(PAGE, MISSED, MISSED).remotes["notion/p"]
    assert (row.misses, row.missed_us, row.standing, row.fields) == (2, 20, False, {"title": "T"})
    row = after(PAGE, MISSED, PAGE).remotes["notion/p"]
    assert (row.misses, row.missed_us, row.standing, row.first_seq) == (0, None, True, 1)
    assert not after(MISSED).remotes


def test_what_lies_in_the_trash_does_not_stand() -> None:
    """P6: live is a fact of its own."""
    trashed = RemoteSeen(target="notion", kind="track", remote_id="p", key="r", fields={}, live=False)
    assert not after(PAGE, trashed).remotes["notion/p"].standing


def test_a_row_tells_what_it_shows_already() -> None:
    """I50: a revision alone is no difference; a field, a key, the trash, an order or a word is."""
    page = after(PAGE).remotes["notion/p"]
    assert shows_remote(page, replace(PAGE, revision="2"))
    for other in (replace(PAGE, key=None), replace(PAGE, fields={}), replace(PAGE, live=False)):
        assert not shows_remote(page, other)
    sighting = after(SEEN).sightings[REF]
    assert shows_track(sighting, SEEN)
    assert not shows_track(sighting, replace(SEEN, title="Another"))
    assert not shows_track(sighting, replace(SEEN, availability=Availability.GONE))
    listed = seen("a", "b")
    playlist = after(listed).playlists[listed.ref]
    assert shows_playlist(playlist, listed)
    assert not shows_playlist(playlist, seen("b", "a"))


def scan(count: int, *, complete: bool, problem: Problem | None = None) -> ScanCompleted:
    """Give the end of a scan."""
    return ScanCompleted(
        scope="notion:track", complete=complete, count=count, set_hash=str(count), watermark=f"w{count}",
        root_identity="root", supported=("title",), problem=problem,
    )  # fmt: skip


def test_an_incomplete_scan_keeps_what_the_last_complete_one_proved() -> None:
    """F33, I42: an error is not an empty list."""
    problem = Problem(failure=FailureClass.TIMEOUT, detail="slow")
    row = after(scan(9, complete=True), scan(1, complete=False, problem=problem)).scopes["notion:track"]
    assert (row.complete, row.count, row.problem, row.failures) == (False, 1, problem, 1)
    assert (row.complete_count, row.complete_seq, row.complete_us, row.watermark) == (9, 1, 10, "w9")
    assert (row.supported, row.root_identity) == (("title",), "root")


def test_failures_in_a_row_are_counted_until_one_succeeds() -> None:
    """Design §9: only a row of failures says that a scope is in trouble."""
    fail = scan(0, complete=False)
    assert after(fail, fail).scopes["notion:track"].failures == 2
    row = after(fail, fail, scan(3, complete=True)).scopes["notion:track"]
    assert (row.failures, row.complete, row.complete_seq, row.problem) == (0, True, 3, None)
    assert after(fail).scopes["notion:track"].complete_seq is None
