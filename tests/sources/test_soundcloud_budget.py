"""What whole runs cost SoundCloud, counted by the stand-in: first seen, seen again, and among walls and rotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass
from engine.journal.sqlite_journal import create_journal
from engine.source_ports import Known, Way
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.records import Policy
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.workflows.access import AccessBook
from engine.workflows.reconcile import ReconcileRequest, reconcile
from tests.fakes.machine import FakeClock, FakeStop
from tests.fakes.place import Place
from tests.fakes.soundcloud import (
    LIKES,
    SET,
    SITE,
    asked,
    listed,
    mentions,
    publish,
    refs,
    refused,
    standin_of_ann,
    upload,
)

LOOK_UPS = 2
"""Requests a client id costs: the main page and its last script."""


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one user."""
    with standin_of_ann() as running:
        yield running


@pytest.fixture
def source(standin: SoundCloudStandin) -> Iterator[SoundCloudSource]:
    """Give a source that reaches it."""
    opened = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False))
    yield opened
    opened.close()


@pytest.fixture
def run(source: SoundCloudSource, tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Give what keeps addresses in step, run after run."""
    path = tmp_path / "journal.sqlite3"
    create_journal(path, clock=FakeClock(FakeStop()), program_version="t").close()
    place = Place(path=path)
    place.targets = {}
    place.policy = changed(place.policy, targets=())

    def once(*urls: str) -> Place:
        place.urls = urls
        result = reconcile(replace(place.world(), sources=(source,)), ReconcileRequest())
        assert result.problems == {}
        return place

    yield once
    place.close()


def test_a_set_of_five_hundred_costs_twelve_requests_and_then_one(
    run: Callable[..., Place], standin: SoundCloudStandin
) -> None:
    """P9, F37: blocked, cut and deleted tracks among it; a changed policy is seen in passing and costs one more."""
    upload(standin, *range(1, 501))
    standin.catalog.change_policy(100, Policy.BLOCK)
    standin.catalog.change_policy(200, Policy.SNIP)
    standin.catalog.remove_track(300)
    publish(standin, *range(500, 0, -1))
    place = run(SET)
    assert len(asked(standin)) == 12
    row = place.state().playlists["soundcloud:set:9"]
    assert row.entries == refs(*range(500, 0, -1))
    sightings = place.state().sightings
    assert [sightings[ref].availability for ref in refs(100, 200, 300, 400)] == [
        Availability.GEO_BLOCKED,
        Availability.PREVIEW_ONLY,
        Availability.GONE,
        Availability.AVAILABLE,
    ]
    run(SET)
    assert asked(standin)[12:] == ["/resolve"]
    standin.catalog.change_policy(100, Policy.ALLOW)
    before = len(asked(standin))
    assert run(SET).state().sightings[refs(100)[0]].availability is Availability.AVAILABLE
    assert asked(standin)[before:] == ["/resolve", "/tracks"]


def test_likes_cost_their_pages_and_then_two_requests(run: Callable[..., Place], standin: SoundCloudStandin) -> None:
    """P9, F37: whole runs, descriptions of what is new among it."""
    upload(standin, *range(1, 451))
    standin.catalog.set_likes(1, mentions(*range(1, 450)))
    run(LIKES)
    assert len(asked(standin)) == 1 + 3
    for likes in ((450, *range(1, 450)), (450, *range(1, 450))):
        standin.catalog.set_likes(1, mentions(*likes))
        before = len(asked(standin))
        assert run(LIKES).state().playlists["soundcloud:likes:1"].entries == refs(*likes)
        assert len(asked(standin)) - before == 2


def test_five_thousand_likes_cost_two_requests_again(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9: however long a list is, what is new costs the user and one page."""
    upload(standin, *range(1, 5_002))
    standin.catalog.set_likes(1, mentions(*range(5_001, 0, -1)))
    ref, mark = "soundcloud:likes:1", "0/0/track:5000"
    known = Known(ref=ref, entries=refs(*range(5_000, 0, -1)), watermark=mark, declared_count=5_000)
    assert listed(source, LIKES, known).entries == refs(*range(5_001, 0, -1))
    assert asked(standin) == ["/resolve", "/users/1/likes"]


def test_lists_of_users_are_asked_for_as_a_browser_asks(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P13: the wall before users' lists lets browsers pass; what does not look like one stands before it."""
    upload(standin, 1)
    standin.catalog.set_likes(1, mentions(1))
    standin.browsers_only = True
    assert listed(source, LIKES).entries == refs(1)
    assert listed(source, SITE).entries == refs(1)
    listing = next(one for one in standin.history if one.path == "/users/1/likes")
    assert listing.carries("sec-fetch-mode")
    publish(standin, 1)
    assert listed(source, standin.catalog.add_short_link("x", SET)).entries == refs(1)


@pytest.mark.parametrize("refusal", [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN])
@pytest.mark.parametrize("url", [SET, LIKES, f"{SITE}/sets"])
def test_a_rotated_client_id_costs_a_look_up(
    source: SoundCloudSource, standin: SoundCloudStandin, refusal: HTTPStatus, url: str
) -> None:
    """P12: wherever it is met, the next id is looked up once, and everything goes on with it."""
    upload(standin, 1)
    publish(standin, 1)
    standin.catalog.set_likes(1, mentions(1))
    source.expand(url)
    listed(source)
    standin.rotate_client_id(refusal=refusal)
    before = source.requests()["soundcloud"]
    expanded = source.expand(url)
    assert isinstance(expanded, tuple)
    for each in expanded:
        listed(source, each)
    wasted = [one for one in standin.history[before:] if one.status == refusal]
    assert len(wasted) == 1
    assert [one.path for one in standin.history].count("/") == LOOK_UPS


def test_a_pages_successor_is_never_itself(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """I5: a list that leads back to itself ends, and is not a whole one."""
    upload(standin, 1)
    href = "https://api-v2.soundcloud.com/users/1/likes?offset=x"
    song = {"id": 1, "kind": "track", "title": "Song", "user": {}}
    page = Response.of_json({"collection": [{"track": song}], "next_href": href})
    standin.script(Fault(effect=Effect.ANSWER, path="/users/1/likes", times=9, response=page))
    listing = listed(source, LIKES)
    assert (listing.complete, len(listing.entries)) == (False, 2)


def test_what_is_on_another_host_is_not_asked_for(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """F56: a page of SoundCloud's that names scripts elsewhere has them left alone, and the search goes on."""
    scripts = b'<script src="https://example.com/a.js"></script>'
    response = Response(headers=(("Content-Type", "text/html"),), body=scripts)
    standin.script(Fault(effect=Effect.ANSWER, path="/", response=response))
    assert refused(source).failure is FailureClass.EXTRACTOR_BROKEN
    assert not any("example.com" in one.host for one in standin.history)
    assert source.requests() == {"soundcloud": 1}


def test_found_tracks_carry_their_metadata(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M9: what resolution weighs comes with the search: artist, ISRC, length, policy, whether an original is there."""
    upload(standin, 1, isrc="GBAYE2100123", artist="Ann, Bob", duration_ms=201_000, downloadable=True)
    hits = source.find("Song 1", 5)
    assert isinstance(hits, tuple)
    (hit,) = hits
    assert isinstance(hit, TrackSeen)
    assert (hit.isrc, hit.artist, hit.credits, hit.duration_ms) == (
        "GBAYE2100123",
        "Ann, Bob",
        ("Ann", "Bob"),
        201_000,
    )
    assert (hit.policy, hit.access, hit.original_offered) == ("ALLOW", "playable", True)


def test_what_another_country_gives_is_asked_for_once(
    standin: SoundCloudStandin, tmp_path: Path, run: Callable[..., Place]
) -> None:
    """F36, F38, P9: one batch by the other way when it is first seen; a set that did not change costs one request."""
    place = run()
    upload(standin, 1, 2)
    upload(standin, 3, 4, blocked_countries=("DE",))
    publish(standin, 1, 2, 3, 4)
    direct, sweden = Way(name="direct", proxy=standin.url), Way(name="sweden", proxy=standin.way("SE"), country="SE")
    ways = {"soundcloud": (direct, sweden)}
    book = AccessBook(ways, remembered=dict, now_us=place.clock.now_us)
    source = SoundCloudSource(SoundCloudConfig(tls_verify=False, cache_dir=tmp_path), access=book)
    place.urls = (SET,)
    for expected in ([("DE", "/resolve"), ("SE", "/tracks")], [("DE", "/resolve")]):
        before = len(standin.history)
        result = reconcile(replace(place.world(), sources=(source,), access=book), ReconcileRequest())
        assert result.problems == {}
        api = [one for one in standin.history[before:] if one.host == "api-v2.soundcloud.com" and one.method == "GET"]
        assert [(one.country, one.path) for one in api] == expected
    seen = place.state().sightings[refs(3)[0]]
    assert (seen.availability, seen.policy) == (Availability.AVAILABLE, "BLOCK")
    source.close()
