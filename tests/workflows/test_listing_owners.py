"""Whose list it is: another account's list under the same address takes nothing from the one that was known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.domain.failure import FailureClass
from engine.source_ports import Listing
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import ref


def shown_as(place: Place, owner: str | None, *entries: int) -> str:
    """Let the address show a list of somebody's; gives its ref."""
    known = place.follow("Likes", entries)
    url = place.urls[0]
    listing = place.source.listings[url]
    assert isinstance(listing, Listing)
    place.source.listings[url] = replace(listing, owner=owner)
    return known


def test_another_accounts_list_removes_nothing(place: Place) -> None:
    """P1, I42: the right root identity is the same account; however few entries are missing, it is told and held."""
    likes = shown_as(place, "ann", 1, 2, 3)
    place.reconcile()
    shown_as(place, "bob", 1, 2, 4)
    result = place.reconcile()
    assert result.problems[likes].failure is FailureClass.COLLAPSED
    assert "ann's, is bob's now" in result.problems[likes].detail
    assert place.state().playlists[likes].entries == (ref(1), ref(2), ref(3))
    assert not place.state().scopes[likes].complete
    shown_as(place, "ann", 1, 2)
    assert not place.reconcile().problems
    assert place.state().playlists[likes].entries == (ref(1), ref(2))


def test_a_person_may_vouch_for_it_and_so_does_a_day(make_place: Callable[[], Place]) -> None:
    """P1: an account that took another name and tidied up is believed like any other list that shrank."""
    for vouched in (True, False):
        place = make_place()
        likes = shown_as(place, "ann", 1, 2, 3)
        place.reconcile()
        shown_as(place, "ann maria", 1, 2)
        place.reconcile()
        place.clock.pass_s(0 if vouched else DAY_S)
        assert not place.reconcile(*([likes] if vouched else [])).problems
        assert place.state().playlists[likes].entries == (ref(1), ref(2))


def test_another_name_alone_is_no_reason_for_doubt(place: Place) -> None:
    """P16: nothing is missing, or nobody says whose it is: the listing is believed."""
    likes = shown_as(place, "ann", 1, 2)
    place.reconcile()
    shown_as(place, "ann maria", 1, 2, 3)
    assert not place.reconcile().problems
    shown_as(place, None, 1, 2)
    assert not place.reconcile().problems
    assert place.state().playlists[likes].entries == (ref(1), ref(2))
