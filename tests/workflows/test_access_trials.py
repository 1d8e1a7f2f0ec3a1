"""`sync access` behind the command line: the list of ways, and a trial of every way to one address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.errors import ExitCode, UsageError
from engine.domain.events import AccessChanged
from engine.domain.failure import FailureClass, Problem
from engine.projections.rows import Access as AccessRow
from engine.source_ports import DIRECT, Trial, Way, WayTester
from engine.workflows.access import AccessBook
from engine.workflows.ways import AddressTrial, list_ways, try_ways, via
from tests.fakes.place import Place
from tests.fakes.source import FakeSource

URL = "https://soundcloud.com/ann/song"
WAYS = {
    "soundcloud": (
        Way(name=DIRECT),
        Way(name="germany", proxy="socks5h://ann:hush@de.example:1080", country="DE"),
        Way(name="account", cookie_file=Path("/home/ann/cookies.txt")),
    )
}


class FakeTester(WayTester):
    """Answers as it is told, by way.

    Attributes:
        asked: the ways that were tried, in order.
    """

    def __init__(self, verdicts: Mapping[str, Trial]) -> None:
        self.verdicts = verdicts
        self.asked: list[str] = []

    @override
    def try_way(self, url: str, way: Way) -> Trial:
        self.asked.append(way.name)
        return self.verdicts.get(way.name, Trial(is_track=True))


def problem(failure: FailureClass) -> Problem:
    """Give a problem."""
    return Problem(failure=failure, detail=f"{failure} it was", hint="do something")


def tried(place: Place, tester: FakeTester, url: str = URL) -> AddressTrial:
    """Try every way to an address."""
    access = AccessBook(WAYS, remembered=lambda: place.state().access, now_us=place.clock.now_us)
    sources = (place.source, FakeSource("spotify"))
    return try_ways(place.journal, access, lambda _source: tester, sources, WAYS, url)


def test_every_way_is_tried_once_and_the_one_a_run_would_take_is_named(place: Place) -> None:
    """Issue 4.6: which profile works and why; recorded is how the ways stand, and nothing else."""
    before = place.journal.head().seq
    blocked = Trial(audio=problem(FailureClass.GEO_BLOCKED), is_track=True)
    tester = FakeTester({DIRECT: blocked, "account": Trial(listing=problem(FailureClass.AUTH_EXPIRED))})
    found = tried(place, tester)
    assert tester.asked == ["direct", "germany", "account"]
    assert (found.taken, found.exit_code) == ("germany", ExitCode.FINE)
    assert [(trial.result, trial.listing, trial.audio) for trial in found.trials] == [
        ("fails", "came", "geo_blocked"),
        ("works", "came", "came"),
        ("fails", "auth_expired", ""),
    ]
    assert found.trials[0].hint == "do something"
    assert [trial.own_fault for trial in found.trials] == [False, False, True], "a blocked country is no fault of a way"
    assert place.types_after(before) == {"access.changed"}
    noted = [event for event in place.events("access.changed") if isinstance(event, AccessChanged)]
    assert {event.host for event in noted} == {"soundcloud.com"}
    head = place.journal.head().seq
    tried(place, tester)
    assert place.types_after(head) == set()


def test_a_trial_changes_no_order(place: Place) -> None:
    """Issue 4.6: every way works, and a run takes the first of the settings, now and in a process of its own."""
    blocked = Trial(audio=problem(FailureClass.GEO_BLOCKED), is_track=True)
    other = Way(name="austria", proxy="http://at.example:1", country="AT")
    ways = {"soundcloud": (*WAYS["soundcloud"][:2], other)}

    def taken() -> str | None:
        access = AccessBook(ways, remembered=lambda: place.state().access, now_us=place.clock.now_us)
        tester = FakeTester({DIRECT: blocked})
        return try_ways(place.journal, access, lambda _source: tester, (place.source,), ways, URL).taken

    assert [taken(), taken()] == ["germany", "germany"]


@pytest.mark.parametrize("behind", [("https://soundcloud.com/ann/likes",), ()])
def test_a_word_for_ones_own_list_is_tried_where_it_leads(place: Place, behind: tuple[str, ...]) -> None:
    """Issue 4.6: `soundcloud:likes` is no address that anybody could ask for."""
    place.source.shelves["soundcloud:likes"] = behind
    found = tried(place, FakeTester({}), "soundcloud:likes")
    assert found.taken == "direct"
    unset = Problem(failure=FailureClass.UNSUPPORTED, detail="needs soundcloud.profile", hint="")
    place.source.shelves["soundcloud:sets"] = unset
    with pytest.raises(UsageError, match=r"needs soundcloud\.profile"):
        tried(place, FakeTester({}), "soundcloud:sets")


def test_an_address_of_neither_track_nor_list_is_said_once(place: Place) -> None:
    """Bad input: the first way's answer says it for all, and nothing is recorded of any."""
    before = place.journal.head().seq
    tester = FakeTester({DIRECT: Trial(listing=Problem(failure=FailureClass.UNSUPPORTED, detail="a front page"))})
    with pytest.raises(UsageError, match="is no track and no list: a front page"):
        tried(place, tester, "https://soundcloud.com/")
    assert tester.asked == ["direct"]
    assert place.types_after(before) == set()


def test_a_network_fault_behind_a_proxy_points_to_the_proxy(place: Place) -> None:
    """M21: where nothing better is known, a hint says what to look at."""
    silent = Trial(listing=Problem(failure=FailureClass.TIMEOUT, detail="timed out"))
    found = tried(place, FakeTester({DIRECT: silent, "germany": silent}))
    assert ["proxy" in trial.hint for trial in found.trials] == [False, True, False]


def test_a_rate_limit_ends_the_trial(place: Place) -> None:
    """P8: no other way may evade it, and nobody is asked in its place."""
    tester = FakeTester({DIRECT: Trial(listing=problem(FailureClass.RATE_LIMITED))})
    found = tried(place, tester)
    assert tester.asked == ["direct"]
    assert [trial.result for trial in found.trials] == ["fails", "not tried", "not tried"]
    assert (found.taken, found.exit_code) == (None, ExitCode.TRY_LATER)


def test_what_no_way_leads_to_ends_with_its_own_code(place: Place) -> None:
    """M21: a broken network passes by itself; what is gone does not."""
    gone = FakeTester({way.name: Trial(listing=problem(FailureClass.GONE)) for way in WAYS["soundcloud"]})
    found = tried(place, gone)
    assert (found.taken, found.exit_code) == (None, ExitCode.PARTIAL)
    lost = FakeTester({way.name: Trial(listing=problem(FailureClass.NETWORK)) for way in WAYS["soundcloud"]})
    assert tried(place, lost).exit_code is ExitCode.TRY_LATER


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://example.org/x", "no source knows"),
        ("https://spotify.com/x", "spotify is not reached by"),
        ("", "an empty"),
    ],
)
def test_an_address_without_ways_is_a_matter_of_usage(place: Place, url: str, says: str) -> None:
    """Bad input: said with what would do."""
    with pytest.raises(UsageError, match=says):
        tried(place, FakeTester({}), url)


def test_the_list_shows_how_each_way_last_did_and_no_password() -> None:
    """F56: a proxy is shown without user and password."""
    row = AccessRow(
        source="soundcloud",
        way="germany",
        host="soundcloud.com",
        works=False,
        failure=FailureClass.NETWORK,
        detail="refused",
        last_us=7,
    )
    rows = list_ways(WAYS, {"soundcloud/germany": row})
    assert [(each.way, each.works, each.via) for each in rows] == [
        ("direct", None, "no proxy, no cookies"),
        ("germany", False, "socks5h://de.example:1080"),
        ("account", None, "cookies of /home/ann/cookies.txt"),
    ]
    assert (rows[1].failure, rows[1].detail, rows[1].last_us) == (FailureClass.NETWORK, "refused", 7)
    assert via(Way(name="x", proxy="http://x:1", cookie_browser="firefox")) == "http://x:1, cookies of firefox"
