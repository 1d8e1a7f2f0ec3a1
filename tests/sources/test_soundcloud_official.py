"""The official API behind the same source: the same refs and listings, by an app's token that goes nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Unchanged, Undescribed
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins import faults as misfortunes
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.records import Playlist, Policy
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fakes.soundcloud import (
    LIKES,
    SET,
    SITE,
    known_of,
    listed,
    mentions,
    publish,
    refs,
    refused,
    standin_of_ann,
    upload,
)

API, TOKENS = "api.soundcloud.com", "secure.soundcloud.com"
SECRET = "hunter2-of-the-app"


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud that knows one app."""
    with standin_of_ann(apps={"app": SECRET}) as running:
        yield running


@pytest.fixture
def source(standin: SoundCloudStandin) -> Iterator[SoundCloudSource]:
    """Give a source that asks as that app."""
    opened = SoundCloudSource(config(standin))
    yield opened
    opened.close()


def config(standin: SoundCloudStandin, secret: str = SECRET) -> SoundCloudConfig:
    """Give the settings of a person with an app."""
    return SoundCloudConfig(proxy=standin.url, tls_verify=False, client_id="app", client_secret=secret)


def sent(standin: SoundCloudStandin, host: str = API) -> list[str]:
    """Give the paths asked of a host, oldest first."""
    return [one.path for one in standin.history if one.host == host and one.method != "CONNECT"]


def test_a_set_is_listed_whole_with_its_metadata(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8, P9, P14: 500 entries are an address, a set and three pages; describing them costs nothing more."""
    upload(standin, *range(1, 501), isrc="GBAYE2100123", artist="Bob")
    standin.catalog.change_policy(7, Policy.SNIP)
    standin.catalog.change_policy(8, Policy.ALLOW, blocked_countries=("DE",))
    publish(standin, *range(500, 0, -1))
    listing = listed(source)
    assert (listing.ref, listing.name, listing.url, listing.owner) == ("soundcloud:set:9", "Mix", SET, "Ann")
    assert (listing.entries, listing.complete) == (refs(*range(500, 0, -1)), True)
    seen = {one.ref: one for one in source.describe(listing.entries)}
    assert len(sent(standin)) == 5
    assert source.requests() == {"soundcloud": 6}
    assert len(sent(standin, TOKENS)) == 1
    kinds = [seen[ref].availability for ref in refs(6, 7, 8)]
    assert kinds == [Availability.AVAILABLE, Availability.PREVIEW_ONLY, Availability.GEO_BLOCKED]
    one = seen[refs(6)[0]]
    assert isinstance(one, TrackSeen)
    assert (one.artist, one.isrc, one.access, one.policy) == ("Bob", "GBAYE2100123", "playable", None)


def test_a_set_that_did_not_change_costs_one_request(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9: its change token and its count say so; whatever else they say, all of it is listed."""
    upload(standin, 1, 2)
    publish(standin, 1, 2)
    known = known_of(listed(source))
    before = len(sent(standin))
    assert source.list_playlist(SET, known) == Unchanged(ref="soundcloud:set:9")
    assert source.list_playlist("https://api.soundcloud.com/playlists/9", known) == Unchanged(ref="soundcloud:set:9")
    assert len(sent(standin)) - before == 2
    assert listed(source, SET, replace(known, declared_count=3)).complete
    assert listed(source, SET, replace(known, watermark=None)).complete
    standin.catalog.set_entries(9, (2, 1))
    assert listed(source, SET, known).entries == refs(2, 1)
    publish(standin, 2, number=10, name="other")
    assert listed(source, f"{SITE}/sets/other", known).ref == "soundcloud:set:10"
    standin.catalog.remove_playlist(9)
    assert listed(source, f"{SITE}/sets/other", known).ref == "soundcloud:set:10"
    standin.script(misfortunes.bad_gateway(path="/playlists/.*"))
    problem = source.list_playlist(SET, known)
    assert isinstance(problem, Problem)
    assert problem.failure is FailureClass.REMOTE_ERROR


def test_every_kind_of_address_is_read(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8: by page, number, URN and secret link: the same sets and tracks under the same refs."""
    upload(standin, 1, 2)
    upload(standin, 3, secret_token="s-track")
    publish(standin, 2, 1, 2)
    publish(standin, 1, 3, secret_token="s-set", number=10, name="own")
    urn = "https://api.soundcloud.com/playlists/soundcloud%3Aplaylists%3A9"
    for url in (SET, urn, "https://api.soundcloud.com/playlists/9"):
        assert listed(source, url).entries == refs(2, 1, 2)
    for url in (f"{SITE}/sets/own/s-set", "https://api.soundcloud.com/playlists/10?secret_token=s-set"):
        private = listed(source, url)
        assert (private.entries, private.complete) == (refs(1, 3), True)
        assert "s-set" not in repr(private)
    assert listed(source, f"{SITE}/song-1").ref == "soundcloud:single:1"
    assert listed(source, standin.catalog.add_short_link("x", SET)).ref == "soundcloud:set:9"
    assert refused(source, f"{SITE}/sets/nothing").failure is FailureClass.GONE


def test_lists_of_users_are_read_no_further_than_what_is_new(
    source: SoundCloudSource, standin: SoundCloudStandin
) -> None:
    """F37, P9: likes and uploads; what is new costs the user and one page."""
    upload(standin, *range(1, 402))
    standin.catalog.set_likes(1, mentions(*range(1, 401)))
    likes = listed(source, LIKES)
    assert (likes.ref, likes.entries, likes.declared_count) == ("soundcloud:likes:1", refs(*range(1, 401)), 400)
    standin.catalog.set_likes(1, mentions(*range(401, 0, -1)[:1], *range(1, 401)))
    before = len(sent(standin))
    assert listed(source, LIKES, known_of(likes)).entries == refs(401, *range(1, 401))
    assert len(sent(standin)) - before == 2
    assert len(listed(source, SITE).entries) == 401
    numbered = listed(source, "https://api.soundcloud.com/users/1/likes")
    assert (numbered.ref, numbered.url) == ("soundcloud:likes:1", LIKES)


def test_what_the_official_api_does_not_give_says_so(source: SoundCloudSource) -> None:
    """F44: reposts are not there for anybody; the hint says how else they can be had."""
    problem = refused(source, f"{SITE}/reposts")
    assert problem.failure is FailureClass.NOT_ALLOWED
    assert "client_id" in problem.hint


def test_sets_and_albums_are_expanded(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8: all sets of a user; albums are those that say they are."""
    publish(standin, 1)
    album = Playlist(id=11, user_id=1, permalink="album", title="Album", set_type="album")
    standin.catalog.add_playlist(album)
    sets, albums = source.expand(f"{SITE}/sets"), source.expand(f"{SITE}/albums")
    assert isinstance(sets, tuple)
    assert set(sets) == {SET, f"{SITE}/sets/album"}
    assert albums == (f"{SITE}/sets/album",)


def test_tracks_are_described_in_batches_and_found_by_name(
    source: SoundCloudSource, standin: SoundCloudStandin
) -> None:
    """M9, P12: fifty to a request; what a batch leaves out says why alone; a search is one request."""
    upload(standin, *range(1, 61))
    standin.catalog.remove_track(5)
    seen = {one.ref: one for one in source.describe(refs(*range(1, 61)))}
    assert sum(isinstance(one, TrackSeen) for one in seen.values()) == 59
    gone = seen[refs(5)[0]]
    assert isinstance(gone, Undescribed)
    assert gone.availability is Availability.GONE
    assert sent(standin) == ["/tracks", "/tracks/soundcloud:tracks:5", "/tracks"]
    hits = source.find("Song 7", 5)
    assert isinstance(hits, tuple)
    assert hits[0].ref == refs(7)[0]
    assert source.find("nothing like it", 5) == ()


def test_the_secret_goes_to_the_token_desk_and_the_token_to_the_api(
    source: SoundCloudSource, standin: SoundCloudStandin
) -> None:
    """F56: no other host sees either, whatever is asked for; and neither is in what a person may read."""
    upload(standin, 1)
    publish(standin, 1)
    listed(source, standin.catalog.add_short_link("x", SET))
    listed(source)
    basic = [one.host for one in standin.history if one.headers.get("authorization", "").startswith("Basic ")]
    token = [one.host for one in standin.history if one.headers.get("authorization", "").startswith("OAuth ")]
    assert basic == [TOKENS]
    assert set(token) == {API}
    assert SECRET not in repr(config(standin))
    assert "client_id" not in repr([one.query for one in standin.history if one.host == API])


def test_a_token_that_ended_is_renewed_once(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P12: the second refusal is about the app, not about the token."""
    upload(standin, 1)
    publish(standin, 1)
    listed(source)
    standin.expire_tokens()
    assert listed(source).complete
    assert len(sent(standin, TOKENS)) == 2
    standin.script(Fault(effect=Effect.ANSWER, path="/resolve", times=2, response=Response(status=401)))
    problem = refused(source)
    assert (problem.failure, problem.http_status) == (FailureClass.AUTH_EXPIRED, 401)
    assert "client_secret" in problem.hint
    assert len(sent(standin, TOKENS)) == 3


def test_an_app_nobody_knows_is_a_login_problem(standin: SoundCloudStandin) -> None:
    """P12, E19: the secret that does not fit is not shown."""
    problem = refused(SoundCloudSource(config(standin, "hunter2-wrong")))
    assert problem.failure is FailureClass.AUTH_EXPIRED
    assert "hunter2" not in repr(problem)
    assert sent(standin) == []


def test_a_rate_limit_says_until_when(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P8: the body of a 429 names the limit and when it is lifted; garbage in its place names neither."""
    limit = {"rate_limit": {"max_nr_of_requests": 15000, "time_window": "PT24H"}, "reset_time": None}

    def limited(body: object) -> Problem:
        response = Response.of_json(body, status=429)
        standin.script(Fault(effect=Effect.ANSWER, path="/resolve", response=response))
        return refused(source)

    waits = (("2065/01/16 15:10:34 +0000", True), ("2065-01-16T16:00:00Z", True), ("soon", False), (None, False))
    for given, is_known in waits:
        problem = limited({"errors": [{"meta": {**limit, "reset_time": given}}]})
        assert problem.failure is FailureClass.RATE_LIMITED
        assert (problem.retry_after_s is not None and problem.retry_after_s > 1e9) is is_known
        assert "15000 requests in 24 h" in problem.detail
    odd: tuple[object, ...] = ([], {"errors": []}, {"errors": [3]}, "no")
    for body in odd:
        assert limited(body).retry_after_s is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (misfortunes.garbage(path="/resolve"), FailureClass.GARBAGE),
        (misfortunes.bad_gateway(path="/playlists/.*/tracks"), FailureClass.REMOTE_ERROR),
        (misfortunes.garbage(path="/oauth/token"), FailureClass.GARBAGE),
        (misfortunes.lost_response(path="/oauth/token"), FailureClass.NETWORK),
        (
            Fault(effect=Effect.ANSWER, path="/oauth/token", response=Response.of_json({"token": 3})),
            FailureClass.EXTRACTOR_BROKEN,
        ),
        (
            Fault(effect=Effect.ANSWER, path="/playlists/.*/tracks", response=Response.of_json([])),
            FailureClass.EXTRACTOR_BROKEN,
        ),
        (
            Fault(
                effect=Effect.ANSWER,
                path="/playlists/.*/tracks",
                response=Response.of_json({"collection": [], "next_href": "https://example.com/next"}),
            ),
            FailureClass.EXTRACTOR_BROKEN,
        ),
    ],
)
def test_failures_have_their_class(
    source: SoundCloudSource, standin: SoundCloudStandin, fault: Fault, expected: FailureClass
) -> None:
    """P12, F56: what goes wrong is a problem and no listing; a next page on another host is never asked for."""
    upload(standin, 1)
    publish(standin, 1)
    standin.script(fault)
    assert refused(source).failure is expected
    assert not any("example.com" in one.host for one in standin.history)
    standin.calm()
    assert listed(source).complete
