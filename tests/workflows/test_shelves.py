"""Shelves, addresses that stand for several playlists: all on them is kept in step, and nothing leaves with them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass, Problem
from engine.projections.rows import Playlist, Scope
from engine.workflows.decide import unfollow
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place

SHELF = "https://soundcloud.com/crew/sets"
DOWN = Problem(failure=FailureClass.NETWORK, detail="no route")


@pytest.fixture(autouse=True)
def _sources_only(place: Place) -> None:
    place.targets = {}
    place.policy = changed(place.policy, targets=())


def scope(place: Place) -> Scope:
    """Give what asking the shelf came to."""
    return place.state().scopes[f"unlisted:{SHELF}"]


def stock(place: Place, *numbers: int) -> None:
    """Put playlists on a shelf that is followed."""
    behind = tuple(place.source.publish(f"Set {number}", (number,), number=number) for number in numbers)
    place.source.shelves[SHELF] = behind
    place.urls = (SHELF,)


def listed(place: Place) -> list[str]:
    """Give the numbers of the playlists that were listed since last asked."""
    lines = [line.rpartition("/")[2] for line in place.source.log if line.startswith("list")]
    place.source.log.clear()
    return lines


def seen(place: Place) -> dict[str, Playlist]:
    """Give the playlists that were seen."""
    return {row.name: row for row in place.state().playlists.values() if row.seen}


def test_a_shelf_stands_for_the_playlists_on_it(place: Place) -> None:
    """M8: each is a playlist of its own, listed once a run, and the shelf itself is none."""
    stock(place, 1, 2, 3)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert listed(place) == ["1", "2", "3"]
    place.reconcile()
    assert listed(place) == ["1", "2", "3"]
    assert sorted(seen(place)) == ["Set 1", "Set 2", "Set 3"]
    held = scope(place)
    assert (held.complete, held.count) == (True, 3)


def test_a_shelf_s_playlist_is_meant_once_by_whichever_address(place: Place) -> None:
    """P16: a playlist that is followed by itself too is listed once."""
    stock(place, 1, 2)
    other = "https://soundcloud.com/crew/sets/1?si=7"
    place.source.listings[other] = place.source.listings["https://soundcloud.com/crew/sets/1"]
    place.reconcile()
    place.source.shelves[SHELF] = (other, "https://soundcloud.com/crew/sets/2")
    place.urls = (SHELF, "https://soundcloud.com/crew/sets/2")
    place.reconcile()  # after which both of its addresses are known
    listed(place)
    place.reconcile()
    assert len(listed(place)) == 2


def test_what_a_person_unfollowed_stays_off(place: Place) -> None:
    """M8: whatever stands for it."""
    stock(place, 1, 2)
    place.reconcile()
    unfollow(place.journal, "Set 1")
    listed(place)
    place.reconcile()
    assert listed(place) == ["2"]


def test_a_shelf_that_cannot_be_asked_is_a_problem_and_removes_nothing(place: Place) -> None:
    """P1: the playlists that are known are read all the same, and the shelf is whole again when it answers."""
    stock(place, 1, 2)
    place.reconcile()
    behind = place.source.shelves[SHELF]
    place.source.shelves[SHELF] = DOWN
    listed(place)
    result = place.reconcile()
    assert result.problems == {SHELF: DOWN}
    assert listed(place) == ["1", "2"]
    assert scope(place).failures == 1
    place.source.shelves[SHELF] = behind
    place.reconcile()
    assert scope(place).failures == 0


def test_a_shelf_that_asks_to_wait_is_not_asked_by_the_next_run(place: Place) -> None:
    """P8: Retry-After of a shelf holds for everything of its source."""
    stock(place, 1)
    place.source.shelves[SHELF] = Problem(failure=FailureClass.RATE_LIMITED, detail="slow", retry_after_s=36_000.0)
    place.reconcile()
    place.source.log.clear()
    assert place.reconcile().problems[SHELF].failure is FailureClass.RATE_LIMITED
    assert place.source.log == []


def test_a_playlist_that_vanished_from_a_shelf_is_kept(place: Place) -> None:
    """P1: absence from a shelf removes nothing; the playlist is asked for by its own address."""
    stock(place, 1, 2, 3, 4, 5)
    place.reconcile()
    stock(place, 1, 2, 3)
    listed(place)
    assert place.reconcile().problems == {}  # three of five are exactly the share that is believed
    assert sorted(listed(place)) == ["1", "2", "3", "4", "5"]
    assert len(seen(place)) == 5


def test_a_shelf_that_collapsed_is_doubted_for_a_day(place: Place) -> None:
    """P1: below 60 % of the last complete one it says so, until it has shown the same for a day."""
    stock(place, *range(1, 11))
    place.reconcile()
    stock(place, *range(1, 6))
    result = place.reconcile()
    assert result.problems[SHELF].failure is FailureClass.COLLAPSED
    assert result.exit_code is ExitCode.PARTIAL
    assert len(seen(place)) == 10
    assert place.reconcile().problems[SHELF].failure is FailureClass.COLLAPSED
    place.clock.pass_s(DAY_S)
    stock(place, *range(2, 7))
    assert place.reconcile().problems[SHELF].failure is FailureClass.COLLAPSED  # another five, a day of its own
    assert place.reconcile().problems == {}
    assert all(row.active for row in seen(place).values())


def test_a_person_can_vouch_for_a_shelf(place: Place) -> None:
    """P1: `--accept-shrink` with its address."""
    stock(place, *range(1, 11))
    place.reconcile()
    stock(place, 1)
    assert place.reconcile(SHELF).problems == {}
    assert place.reconcile().problems == {}
