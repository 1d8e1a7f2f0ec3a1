"""What a service does not give: said once, learned, and asked for again when that makes sense (F44)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from engine.domain.envelope import Draft
from engine.domain.errors import ExitCode
from engine.domain.events import CapabilityLearned, CredentialChanged, ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Listing
from engine.workflows.decide import PERSON, follow, unfollow
from engine.workflows.status import status
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import FakeSource

URL = "https://soundcloud.com/crew/sets/9"
REF = "soundcloud:set:9"
REFUSED = Problem(failure=FailureClass.NOT_ALLOWED, detail="not yours", hint="export it as CSV", http_status=403)
MISSING = Problem(failure=FailureClass.NOT_FOUND, detail="no such playlist", hint="check the address", http_status=404)


@pytest.fixture(autouse=True)
def _sources_only(place: Place) -> None:
    place.targets = {}
    place.policy = changed(place.policy, targets=())


def test_what_a_service_does_not_give_is_said_once_and_asked_for_once_a_week(place: Place) -> None:
    """F44: learned as an event, not probed by every run and no failure of every run; it stays to be seen."""
    place.follow("Crate", (1,))
    listing = place.source.listings[URL]
    place.source.listings[URL] = REFUSED
    first = place.reconcile()
    assert (first.exit_code, first.problems) == (ExitCode.PARTIAL, {URL: REFUSED})
    for _ in range(2):
        again = place.reconcile()
        assert (again.exit_code, again.problems) == (ExitCode.FINE, {})
    assert len(place.source.log) == 1
    assert len(place.events("capability.learned")) == 1
    (scope,) = (each for each in status(place.state(), 0).scopes if each.failures)
    assert (scope.label, scope.problem, scope.hint) == (URL, "not yours", "export it as CSV")
    place.clock.pass_s(7 * DAY_S)
    assert place.reconcile().problems == {}, "it was said before"
    assert len(place.events("capability.learned")) == 2
    place.clock.pass_s(7 * DAY_S)
    place.source.listings[URL] = replace_hint = changed(REFUSED, hint="something else to do")
    assert place.reconcile().problems == {URL: replace_hint}
    place.clock.pass_s(7 * DAY_S)
    place.source.listings[URL] = listing
    assert place.reconcile().problems == {}
    learned = place.events("capability.learned")[-1]
    assert isinstance(learned, CapabilityLearned)
    assert (learned.allowed, learned.capability) == (True, f"entries:{URL}")
    place.reconcile()
    assert len(place.events("capability.learned")) == 4


def test_a_person_who_follows_it_anew_is_told_anew(place: Place) -> None:
    """A person's word is not answered by what a machine learned last week."""
    place.source.listings[URL] = REFUSED
    for _ in range(2):
        follow(place.journal, (place.source,), URL)
        assert list(place.reconcile().problems.values()) == [REFUSED]
        assert place.reconcile().problems == {}
        unfollow(place.journal, URL)
    assert len(place.source.log) == 2


def test_a_playlist_that_is_no_longer_given_keeps_what_it_held(place: Place) -> None:
    """P1: not being allowed to look is no absence; it is learned of the playlist, by its own ref."""
    place.follow("Crate", (1, 2))
    place.reconcile()
    place.source.listings[URL] = REFUSED
    place.reconcile()
    assert len(place.state().playlists[REF].entries) == 2
    assert list(place.state().capabilities) == [f"soundcloud/entries:{REF}"]


def _logs_in(place: Place, account: str | None, *, valid: bool = True) -> None:
    event = CredentialChanged(source="spotify", valid=valid, account=account, detail="logged in")
    place.journal.append([Draft(event=event)], PERSON)


def _spotify(place: Place, owner: str | None = "ada") -> tuple[FakeSource, str, Listing]:
    source = FakeSource("spotify", listed=True)
    url = source.publish("Crate", (1, 2), number=7)
    listing = source.listings[url]
    assert isinstance(listing, Listing)
    source.listings[url] = listing = replace(listing, owner=owner)
    place.others, place.urls = (source,), (url,)
    return source, url, listing


@pytest.mark.parametrize("refusal", [MISSING, REFUSED])
def test_another_accounts_playlist_says_whose_it_is_once(place: Place, refusal: Problem) -> None:
    """With a second login the first one's playlists are hidden, not gone; its own login reads them again at once."""
    _logs_in(place, "ada")
    source, url, listing = _spotify(place)
    assert place.reconcile().problems == {}
    _logs_in(place, "bob")
    source.listings[url] = refusal
    (problem,) = place.reconcile().problems.values()
    assert problem.failure is FailureClass.NOT_ALLOWED
    assert problem.detail == "it is ada's, and spotify does not show it to bob, who is logged in now"
    assert "`sync login spotify` as ada" in problem.hint
    for _ in range(2):
        assert place.reconcile().problems == {}
    assert len(source.log) == 4, "listed and described, then listed, then unchanged"
    assert len(place.state().playlists[listing.ref].entries) == 2
    _logs_in(place, "ada")
    source.listings[url] = listing
    assert place.reconcile().problems == {}
    assert place.state().capabilities[f"spotify/entries:{listing.ref}"].allowed


@pytest.mark.parametrize(
    ("owner", "account"), [("ada", "ada"), (None, "bob"), ("ada", None)], ids=["ones own", "nobodys", "not said"]
)
def test_a_playlist_of_nobody_else_that_is_gone_is_not_found(
    place: Place, owner: str | None, account: str | None
) -> None:
    """What was deleted by whoever is logged in belongs to no other login."""
    _logs_in(place, account)
    source, url, _ = _spotify(place, owner)
    place.reconcile()
    source.listings[url] = MISSING
    for _ in range(2):
        assert list(place.reconcile().problems.values()) == [MISSING]


def test_a_login_that_ended_since_is_no_reason_to_ask_again(place: Place) -> None:
    """Only one that holds may be given more."""
    _logs_in(place, "bob")
    source, url, _ = _spotify(place)
    source.listings[url] = REFUSED
    assert place.reconcile().problems == {url: REFUSED}
    _logs_in(place, None, valid=False)
    assert place.reconcile().problems == {}
    _logs_in(place, "ada")
    assert place.reconcile().problems == {url: REFUSED}
    assert len(source.log) == 2


def test_an_address_that_means_each_accounts_own_list_is_known_by_the_one_read_last(place: Place) -> None:
    """P9: back from another account's liked songs, those of the first are compared, not read whole in every run."""
    source, url, bobs = _spotify(place, "zoe")
    source.listings[url] = adas = replace(bobs, ref="spotify:liked:ada", owner="ada", watermark="a1")
    place.reconcile()
    source.listings[url] = replace(bobs, ref="spotify:liked:zoe", watermark="z1")
    place.reconcile()
    source.listings[url] = adas
    place.reconcile()
    source.log.clear()
    seq = place.journal.head().seq
    assert place.reconcile().problems == {}
    assert source.log == [f"list {url}"], "nothing is described again"
    (scan,) = place.events("scan.completed", after=seq)
    assert isinstance(scan, ScanCompleted)
    assert (scan.scope, scan.unchanged) == ("spotify:liked:ada", True)
