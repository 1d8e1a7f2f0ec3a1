"""What listing a playlist leaves in the journal."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.domain.events import ScanCompleted
from engine.domain.failure import Availability, FailureClass, Problem
from engine.projections.rows import Playlist
from engine.source_ports import Listing
from tests.fakes.machine import DAY_S, SECOND_US
from tests.fakes.place import Place
from tests.fakes.source import ref

REF = "soundcloud:set:9"
FULL = tuple(range(1, 11))
FEW = (1, 2, 3, 4)


@pytest.fixture(autouse=True)
def _sources_only(place: Place) -> None:
    place.targets = {}
    place.policy = changed(place.policy, targets=())


def row(place: Place) -> Playlist:
    """Give what is known of the playlist."""
    return place.state().playlists[REF]


def last_scan(place: Place) -> ScanCompleted:
    """Give how the last scan ended."""
    event = place.events("scan.completed")[-1]
    assert isinstance(event, ScanCompleted)
    return event


def test_order_and_repeats_are_kept_as_listed(place: Place) -> None:
    """I50, P1: position order and a repeat are facts of a playlist; a track is described once."""
    place.follow("Crate", (3, 1, 3, 2))
    assert place.reconcile().exit_code is ExitCode.FINE
    assert row(place).entries == (ref(3), ref(1), ref(3), ref(2))
    assert sum(line.startswith("describe") for line in place.source.log) == 3


def test_a_repeated_listing_appends_only_that_it_was_scanned(place: Place) -> None:
    """I50: the same listing again appends nothing but its `scan.completed` and the run's own events."""
    place.follow("Crate", FULL)
    place.reconcile()
    seq = place.journal.head().seq
    place.reconcile()
    assert place.types_after(seq) == {"run.started", "scan.completed", "run.finished"}
    assert not any(line.startswith("describe") for line in place.source.log[-1:])


def test_a_playlist_that_collapses_is_held_until_a_day_has_passed(place: Place) -> None:
    """P1, I42: a listing below the fraction is not believed; the same listing a day later is."""
    place.follow("Crate", FULL)
    place.reconcile()
    place.follow("Crate", FEW)
    result = place.reconcile()
    assert result.exit_code is ExitCode.PARTIAL
    assert result.problems[REF].failure is FailureClass.COLLAPSED
    assert "--accept-shrink" in result.problems[REF].hint
    assert len(row(place).entries) == len(FULL)
    assert not last_scan(place).complete
    place.clock.pass_s(DAY_S / 2)
    place.reconcile()
    assert len(place.events("playlist.held")) == 1
    assert len(row(place).entries) == len(FULL)
    place.clock.pass_s(DAY_S / 2)
    assert place.reconcile().problems == {}
    assert len(row(place).entries) == len(FEW)
    assert row(place).held_hash is None


@pytest.mark.parametrize("named", [REF, "https://soundcloud.com/crew/sets/9"])
def test_a_person_can_vouch_for_a_collapse(place: Place, named: str) -> None:
    """P1: `--accept-shrink`, by ref or by address, believes the listing at once."""
    place.follow("Crate", FULL)
    place.reconcile()
    place.follow("Crate", FEW)
    assert place.reconcile(named).problems == {}
    assert len(row(place).entries) == len(FEW)


def test_another_collapse_starts_its_day_anew(place: Place) -> None:
    """P1: two different short listings do not vouch for each other."""
    place.follow("Crate", FULL)
    place.reconcile()
    place.follow("Crate", FEW)
    place.reconcile()
    place.clock.pass_s(DAY_S)
    place.follow("Crate", (5, 6))
    assert REF in place.reconcile().problems
    assert len(place.events("playlist.held")) == 2


def test_a_playlist_that_comes_back_is_no_longer_held(place: Place) -> None:
    """P1: the old listing again lifts the hold."""
    place.follow("Crate", FULL)
    place.reconcile()
    place.follow("Crate", FEW)
    place.reconcile()
    place.follow("Crate", FULL)
    assert place.reconcile().problems == {}
    assert row(place).held_hash is None


def test_a_short_playlist_may_lose_any_number_but_not_all(place: Place) -> None:
    """P1, design §9: below the floor nothing is doubted but emptiness, which is what a broken answer looks like."""
    place.follow("Crate", FEW)
    place.reconcile()
    place.follow("Crate", FEW[:1])
    assert place.reconcile().problems == {}
    assert len(row(place).entries) == 1
    place.follow("Crate", ())
    assert place.reconcile().problems[REF].failure is FailureClass.COLLAPSED
    assert len(row(place).entries) == 1
    assert place.reconcile(REF).problems == {}
    assert row(place).entries == ()


def test_a_person_vouches_for_what_was_told_and_for_no_less(place: Place) -> None:
    """P1: between the word and the next look a listing may break; nine may become five, never none."""
    full = tuple(range(1, 21))
    place.follow("Crate", full)
    place.reconcile()
    place.follow("Crate", full[:9])
    place.reconcile()
    place.follow("Crate", ())
    problem = place.reconcile(REF).problems[REF]
    assert "to 0 entries, not to the 9 it was vouched for" in problem.detail
    assert len(row(place).entries) == len(full)
    assert place.reconcile(REF).problems == {}  # told of none, a person said so again
    assert row(place).entries == ()


def test_a_renamed_playlist_is_the_same_playlist(place: Place) -> None:
    """P16: the source's id is the identity, the name is content."""
    place.follow("Crate", FEW)
    place.reconcile()
    place.follow("Box", FEW)
    place.reconcile()
    assert list(place.state().playlists) == [REF]
    assert row(place).name == "Box"


def test_two_addresses_of_one_playlist_are_observed_once(place: Place) -> None:
    """P16: what was typed is remembered, and one playlist is listed once a run."""
    place.follow("Crate", FEW)
    (url,) = place.urls
    place.source.listings[url + "?si=1"] = place.source.listings[url]
    place.urls = (url + "?si=1",)
    place.reconcile()
    assert row(place).addresses == (url + "?si=1",)
    place.source.log.clear()
    place.reconcile()
    assert [line for line in place.source.log if line.startswith("list")] == [f"list {url}?si=1"]


def test_an_incomplete_listing_proves_presence_only(place: Place) -> None:
    """I42: what was not listed is not gone, what is new is added."""
    place.follow("Crate", (1, 2, 3))
    place.reconcile()
    place.follow("Crate", (4, 1), complete=False)
    place.reconcile()
    assert row(place).entries == (ref(1), ref(2), ref(3), ref(4))
    assert not last_scan(place).complete


def test_an_address_nobody_knows_is_one_problem_and_stops_nothing(place: Place) -> None:
    """P11: the other playlists are read; the exit code says partial."""
    place.follow("Crate", FEW)
    place.urls = ("ftp://nowhere", *place.urls)
    result = place.reconcile()
    assert result.problems["ftp://nowhere"].failure is FailureClass.UNSUPPORTED
    assert result.exit_code is ExitCode.PARTIAL
    assert row(place).seen


def test_a_known_playlist_that_cannot_be_listed_keeps_its_entries(place: Place) -> None:
    """I42: a problem in place of a listing changes nothing but the scope's health."""
    place.follow("Crate", FEW)
    place.reconcile()
    place.source.listings[place.urls[0]] = Problem(failure=FailureClass.NETWORK, detail="no route", retry_after_s=900.0)
    result = place.reconcile()
    assert result.exit_code is ExitCode.TRY_LATER
    assert last_scan(place).scope == REF
    assert len(row(place).entries) == len(FEW)
    assert place.coordination.blocked_until_us("soundcloud") == 0  # only a limit closes the door for everybody


def test_a_source_that_told_us_to_wait_is_not_asked(place: Place) -> None:
    """P8: Retry-After holds for the next run too; a wait shorter than a run's patience does not stop it."""
    place.follow("Crate", FEW)
    listing = place.source.listings[place.urls[0]]
    place.source.listings[place.urls[0]] = Problem(
        failure=FailureClass.RATE_LIMITED, detail="slow down", retry_after_s=600.0
    )
    place.reconcile()
    place.source.listings[place.urls[0]] = listing
    asked = len(place.source.log)
    result = place.reconcile()
    assert len(place.source.log) == asked
    assert next(iter(result.problems.values())).failure is FailureClass.RATE_LIMITED
    place.clock.pass_s(590)
    assert place.reconcile().problems == {}


def test_a_listing_that_was_cut_off_by_a_limit_closes_the_source(place: Place) -> None:
    """P8: a problem inside a listing is heeded as one in its place."""
    place.follow("Crate", FEW)
    url = place.urls[0]
    listing = place.source.listings[url]
    assert isinstance(listing, Listing)
    slow = Problem(failure=FailureClass.OVERLOADED, detail="busy", retry_after_s=100.0)
    place.source.listings[url] = Listing(
        ref=listing.ref, name=listing.name, url=url, entries=listing.entries[:2], complete=False, problem=slow
    )
    assert place.reconcile().problems[url].failure is FailureClass.OVERLOADED
    assert place.coordination.blocked_until_us("soundcloud") == place.clock.now_us() + 100 * SECOND_US
    assert row(place).entries == (ref(1), ref(2))


def test_a_track_whose_metadata_fails_is_described_next_time(place: Place) -> None:
    """P11: what proves nothing is not recorded and tried again; what proves something is a fact, once."""
    place.follow("Crate", FEW)
    place.source.fail_describing(1, FailureClass.TIMEOUT, Availability.UNKNOWN)
    place.source.fail_describing(2, FailureClass.NETWORK, Availability.UNKNOWN)
    place.source.fail_describing(3, FailureClass.GONE, Availability.GONE)
    result = place.reconcile()
    assert result.problems[place.urls[0]].failure is FailureClass.TIMEOUT
    assert place.state().sightings[ref(3)].availability is Availability.GONE
    assert ref(4) in place.state().sightings
    place.source.trouble.pop(ref(1))
    place.source.trouble.pop(ref(2))
    assert place.reconcile().problems == {}
    assert len(place.events("track.availability_changed")) == 1


@pytest.mark.parametrize("complete", [True, False])
def test_every_track_is_looked_at_once_a_week(place: Place, *, complete: bool) -> None:
    """F-weekly: in seven days every track is described again, once, and what has not changed appends nothing.

    P9: so too in a playlist that never shows all that its source says is in it.
    """
    place.follow("Crate", FULL, complete=complete)
    place.reconcile()
    place.source.log.clear()
    place.reconcile()
    assert not [line for line in place.source.log if line.startswith("describe")]
    seq = place.journal.head().seq
    for _ in range(7):
        place.clock.pass_s(DAY_S)
        place.reconcile()
    described = [line for line in place.source.log if line.startswith("describe")]
    assert sorted(described) == sorted(f"describe {ref(number)}" for number in FULL)
    assert "track.seen" not in place.types_after(seq)


def test_a_gone_track_looked_at_again_is_not_news(place: Place) -> None:
    """I50: the same availability again is not appended."""
    place.follow("Crate", (1,))
    place.source.describes_everything = True
    place.source.fail_describing(1, FailureClass.GONE, Availability.GONE)
    place.reconcile()
    place.reconcile()
    assert len(place.events("track.availability_changed")) == 1


def test_a_cheap_source_describes_everything_and_a_change_is_seen(place: Place) -> None:
    """P16: a title changed at the source is one more `track.seen`."""
    place.source.describes_everything = True
    place.follow("Crate", (1, 2))
    place.reconcile()
    place.source.tracks[ref(1)] = changed(place.source.tracks[ref(1)], title="Renamed")
    place.reconcile()
    assert place.state().sightings[ref(1)].title == "Renamed"
    assert len(place.events("track.seen")) == 3


def test_many_new_tracks_are_appended_by_the_page_and_linked_once(place: Place) -> None:
    """I50: a crash between two pages loses one page at most; every sighting gets exactly one decision."""
    place.follow("Crate", tuple(range(1, 53)))
    place.reconcile()
    assert len(place.events("track.seen")) == 52
    assert len(place.events("recording.linked")) == 52


def test_an_empty_playlist_is_a_playlist(place: Place) -> None:
    """F-empty: nothing to describe, nothing to do, no problem."""
    place.follow("Crate", ())
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    assert row(place).seen
    assert last_scan(place).count == 0


def test_a_secret_link_is_listed_once_and_recorded_without_its_secret(place: Place) -> None:
    """E19, I53: even where a source gives it back, nothing that is recorded opens the set; it is known all the same."""
    url = "https://soundcloud.com/crew/sets/mine/s-hunter2"
    place.source.listings[url] = Listing(ref=REF, name="Mine", url=url, entries=(), complete=True)
    place.urls = (url,)
    for _ in range(2):
        assert place.reconcile().exit_code is ExitCode.FINE
    assert sum(line.startswith("list") for line in place.source.log) == 2
    assert row(place).url == "https://soundcloud.com/crew/sets/mine"
    place.source.listings[url] = Problem(failure=FailureClass.PRIVATE, detail="not for you")
    place.reconcile()
    assert last_scan(place).scope == REF
    assert "hunter2" not in repr(list(place.journal.read()))
