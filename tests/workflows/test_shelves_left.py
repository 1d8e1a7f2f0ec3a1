"""Unfollowing a shelf: what it alone brought goes with it, the rest stays, and all of it can be had back."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace as changed

from cli.render.decisions import decided_text
from engine.domain.errors import ExitCode, UsageError
from engine.source_ports import Listing
from engine.workflows.decide import Decided, follow, unfollow
from engine.workflows.undo import preview, undo
from tests.fakes.place import Place

SHELF = "https://soundcloud.com/crew/sets"
OTHER = "https://soundcloud.com/duo/sets"


@pytest.fixture(autouse=True)
def _sources_only(place: Place) -> None:
    place.targets = {}
    place.policy = changed(place.policy, targets=())


def stock(place: Place, shelf: str, *numbers: int, user: str = "crew") -> tuple[str, ...]:
    """Put playlists of a user on a shelf, and give their addresses."""
    behind = []
    for number in numbers:
        url = place.source.publish(f"Set {number}", (number,), number=number)
        listing = place.source.listings[url]
        assert isinstance(listing, Listing)
        own = url.replace("/crew/", f"/{user}/")
        place.source.listings[own] = dataclasses.replace(listing, url=own)
        behind.append(own)
    place.source.shelves[shelf] = tuple(behind)
    return tuple(behind)


def active(place: Place) -> list[str]:
    """Give the names of the playlists that are kept in step."""
    return sorted(row.name for row in place.state().playlists.values() if row.active and row.seen)


def start(place: Place, *shelves: str) -> None:
    """Follow shelves and look at them once."""
    for shelf in shelves:
        follow(place.journal, (place.source,), shelf)
    assert place.reconcile().exit_code is ExitCode.FINE


def leave(place: Place, thing: str) -> Decided:
    """Unfollow something."""
    return unfollow(place.journal, thing, (place.source,), place.urls)


def listed(place: Place) -> list[str]:
    """Give the numbers of the playlists that were listed since last asked."""
    lines = [line.rpartition("/")[2] for line in place.source.log if line.startswith("list")]
    place.source.log.clear()
    return lines


def test_what_a_shelf_alone_brought_goes_with_it(place: Place) -> None:
    """M8: a person hears which; none of it is asked of its source again, and nothing is removed."""
    stock(place, SHELF, 1, 2)
    start(place, SHELF)
    decided = leave(place, SHELF)
    assert (decided.together, decided.kept) == (("Set 1", "Set 2"), ())
    assert "unfollowed with it: 2 playlists: Set 1, Set 2" in decided_text(decided)
    listed(place)
    place.reconcile()
    assert (active(place), listed(place)) == ([], [])
    assert leave(place, SHELF).seq is None


def test_what_a_person_follows_by_itself_stays(place: Place) -> None:
    """M8: followed before the shelf or after it, by its own address or in the settings."""
    behind = stock(place, SHELF, 1, 2, 3, 4)
    follow(place.journal, (place.source,), behind[0])
    place.urls = behind[2:3]
    start(place, SHELF)
    assert follow(place.journal, (place.source,), behind[1]).seq is not None
    assert follow(place.journal, (place.source,), behind[1]).seq is None
    assert follow(place.journal, (place.source,), behind[2], place.urls).seq is None
    decided = leave(place, SHELF)
    assert (decided.together, decided.kept) == (("Set 4",), ("Set 1", "Set 2", "Set 3"))
    assert "still followed, by itself or for another address: 3 playlists: Set 1" in decided_text(decided)
    assert active(place) == ["Set 1", "Set 2", "Set 3"]


def test_what_another_shelf_may_have_brought_stays(place: Place) -> None:
    """P1: another user's sets are told apart by their address; where nothing tells them apart, nothing goes."""
    stock(place, SHELF, 1, 2)
    stock(place, OTHER, 3, user="duo")
    start(place, SHELF, OTHER)
    decided = leave(place, SHELF)
    assert (decided.together, decided.kept) == (("Set 1", "Set 2"), ())
    assert active(place) == ["Set 3"]
    place.source.shelves["soundcloud:sets"] = place.source.shelves[OTHER]
    start(place, "soundcloud:sets")
    decided = leave(place, "soundcloud:sets")
    assert (decided.together, decided.kept) == ((), ())
    assert active(place) == ["Set 3"]
    assert leave(place, OTHER).together == ("Set 3",)


def test_following_it_again_brings_back_what_went_with_it(place: Place) -> None:
    """M8: but not what a person unfollowed by itself."""
    stock(place, SHELF, 1, 2, 3)
    start(place, SHELF)
    leave(place, "Set 1")
    leave(place, SHELF)
    decided = follow(place.journal, (place.source,), SHELF)
    assert decided.together == ("Set 2", "Set 3")
    assert "followed with it: 2 playlists" in decided_text(decided)
    listed(place)
    place.reconcile()
    assert (active(place), listed(place)) == (["Set 2", "Set 3"], ["2", "3"])
    assert leave(place, SHELF).together == ("Set 2", "Set 3")


def test_it_can_be_undone_as_one_decision(place: Place) -> None:
    """Undo: by whichever of its events; and the undo of a second shelf's leaving touches the first not."""
    stock(place, SHELF, 1, 2)
    stock(place, OTHER, 3, user="duo")
    start(place, SHELF, OTHER)
    decided = leave(place, SHELF)
    other = leave(place, OTHER)
    assert decided.seq is not None
    undo(place.world(), preview(place.world(), str(decided.seq - 1)).meant)
    assert active(place) == ["Set 1", "Set 2"]
    listed(place)
    place.reconcile()
    assert sorted(listed(place)) == ["1", "2"]
    undo(place.world(), preview(place.world(), str(other.seq)).meant)
    assert active(place) == ["Set 1", "Set 2", "Set 3"]


def test_a_shelf_of_the_settings_can_be_left_too(place: Place) -> None:
    """M22: what stands in `[[playlists]]` is known by its address alone."""
    stock(place, SHELF, 1)
    place.urls = (SHELF,)
    place.reconcile()
    with pytest.raises(UsageError):
        unfollow(place.journal, SHELF)
    assert leave(place, SHELF).together == ("Set 1",)
    listed(place)
    place.reconcile()
    assert listed(place) == []
    assert follow(place.journal, (place.source,), SHELF, place.urls).together == ("Set 1",)
    assert leave(place, "Set 1").together == ()


def test_an_address_that_was_never_looked_at_stands_for_nothing_yet(place: Place) -> None:
    """M8: unfollowed before the first run, and of no source that is here."""
    stock(place, SHELF, 1)
    follow(place.journal, (place.source,), SHELF)
    assert leave(place, SHELF).together == ()
    start(place, SHELF)
    assert unfollow(place.journal, SHELF).together == ()


def test_the_lists_of_a_folder_are_told_apart_by_where_they_lie(place: Place) -> None:
    """M8: two patterns or folders of one source."""
    stock(place, "https://soundcloud.com/crew/*.csv", 1)
    stock(place, OTHER, 3, user="duo")
    start(place, "https://soundcloud.com/crew/*.csv", OTHER)
    assert leave(place, "https://soundcloud.com/crew/*.csv").together == ("Set 1",)
