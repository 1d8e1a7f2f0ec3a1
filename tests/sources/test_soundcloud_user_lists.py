"""A user's likes, uploads and reposts: read to the end once, then no further than what is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Known, Listing
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.sources.soundcloud.userlists import SHORT_LISTINGS_MAX
from engine.standins import faults as misfortunes
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.certificates import Authority
from engine.standins.soundcloud.faults import throttled
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fakes.soundcloud import (
    LIKES,
    SITE,
    asked,
    known_of,
    listed,
    mentions,
    publish,
    refs,
    refused,
    standin_of_ann,
    upload,
)

PAGE = 200


@pytest.fixture(scope="module")
def running() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one user and many tracks, shared by the tests here."""
    with standin_of_ann() as standin:
        upload(standin, *range(1, 601))
        publish(standin, 1, number=9)
        publish(standin, 1, number=10, name="other")
        yield standin


@pytest.fixture
def standin(running: SoundCloudStandin) -> SoundCloudStandin:
    """Give it without any likes."""
    running.catalog.set_likes(1, ())
    running.catalog.set_reposts(1, ())
    running.calm()
    return running


@pytest.fixture
def source(standin: SoundCloudStandin) -> Iterator[SoundCloudSource]:
    """Give a source that knows its client id already."""
    opened = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False))
    listed(opened, f"{SITE}/song-1")
    yield opened
    opened.close()


def again(source: SoundCloudSource, standin: SoundCloudStandin, before: Listing) -> tuple[Listing, int]:
    """List the likes again; gives how many requests that took as well."""
    sent = len(asked(standin))
    listing = listed(source, LIKES, known_of(before))
    return listing, len(asked(standin)) - sent


def test_what_is_new_costs_two_requests(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9, F37: the user and the first page, whatever was liked since, sets among it; nothing changed costs the same."""
    standin.catalog.set_likes(1, mentions(*range(1, 501)))
    first = listed(source, LIKES)
    assert (first.ref, first.entries, first.complete) == ("soundcloud:likes:1", refs(*range(1, 501)), True)
    assert (first.name, first.owner, first.declared_count) == ("Ann (Likes)", "Ann", 500)
    same, cost = again(source, standin, first)
    assert (same.entries, same.complete, cost) == (first.entries, True, 2)
    standin.catalog.set_likes(1, mentions(502, -9, 501, *range(1, 501)))
    more, cost = again(source, standin, same)
    assert (more.entries, more.complete, cost) == (refs(502, 501, *range(1, 501)), True, 2)
    standin.catalog.set_likes(1, mentions(-10, 502, -9, 501, *range(1, 501)))
    shelved, cost = again(source, standin, more)
    assert (shelved.entries, cost) == (more.entries, 2)
    assert again(source, standin, shelved)[1] == 2


@pytest.mark.parametrize(
    "likes",
    [
        pytest.param((501, *range(1, 500)), id="one liked, the oldest not any more"),
        pytest.param((501, *range(1, 300), *range(301, 501)), id="one liked, one in the middle not any more"),
        pytest.param((*range(1, 300), *range(301, 501)), id="one in the middle not any more"),
        pytest.param(tuple(range(2, 501)), id="the newest not any more"),
        pytest.param((300, *range(1, 300), *range(301, 501)), id="one in the middle liked anew"),
        pytest.param((2, 1, *range(3, 501)), id="two changed places"),
        pytest.param((-9, *range(1, 500)), id="a set liked, the oldest not any more"),
        pytest.param((*range(550, 600), *range(1, 400)), id="many liked, as many not any more"),
        pytest.param((*range(301, 501), *range(1, 301)), id="nothing where it was"),
    ],
)
def test_whatever_else_changed_is_seen(
    source: SoundCloudSource, standin: SoundCloudStandin, likes: tuple[int, ...]
) -> None:
    """P1, P14: a removal far down, another order, something liked anew: the counts give it away, and all is read."""
    standin.catalog.set_likes(1, mentions(*range(1, 501)))
    first = listed(source, LIKES)
    standin.catalog.set_likes(1, mentions(*likes))
    then, cost = again(source, standin, first)
    assert then.entries == refs(*(number for number in likes if number > 0))
    assert then.complete
    assert cost == 1 + -(-len(likes) // PAGE)


def test_what_is_liked_anew_stands_once_whatever_a_late_count_says(
    source: SoundCloudSource, standin: SoundCloudStandin
) -> None:
    """P1, P14: a count that lagged behind grows by one more than was liked; the list is read, not put together."""
    standin.catalog.set_likes(1, mentions(*range(1, 501)))
    first = replace(listed(source, LIKES), declared_count=499)
    likes = (501, 300, *range(1, 300), *range(301, 501))
    standin.catalog.set_likes(1, mentions(*likes))
    then, _ = again(source, standin, first)
    assert (then.entries, then.complete) == (refs(*likes), True)


def test_what_is_hidden_is_no_change(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """I23: a profile counts what it does not show; the gap is learned, and what is new still costs two requests."""
    hidden = {7, 8, 450}
    for number in hidden:
        standin.catalog.remove_track(number)
    standin.catalog.set_likes(1, mentions(*range(1, 501)))
    first = listed(source, LIKES)
    assert (len(first.entries), first.declared_count, first.complete) == (497, 500, True)
    standin.catalog.set_likes(1, mentions(510, *range(1, 501)))
    more, cost = again(source, standin, first)
    assert (more.entries, cost) == ((*refs(510), *first.entries), 2)
    upload(standin, *hidden)


def test_all_is_read_now_and_then(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P1: what no count shows, one hidden far down while another comes back, is found after so many short listings."""
    standin.catalog.set_likes(1, mentions(*range(1, 501)))
    first = listed(source, LIKES)
    standin.catalog.set_likes(1, mentions(*range(1, 400), 599, *range(401, 501)))
    marks = [f"{short}/0/track:1" for short in (SHORT_LISTINGS_MAX - 1, SHORT_LISTINGS_MAX)]
    assert first.watermark == "0/0/track:1"
    last, cost = again(source, standin, replace(first, watermark=marks[0]))
    assert (last.entries, last.watermark, cost) == (first.entries, marks[1], 2)
    whole, cost = again(source, standin, last)
    assert (whole.entries, whole.watermark, cost) == (refs(*range(1, 400), 599, *range(401, 501)), first.watermark, 4)


@pytest.mark.parametrize(
    "changes",
    [{"ref": "soundcloud:likes:2"}, {"watermark": None}, {"watermark": "2024-01-01"}, {"declared_count": None}],
)
def test_what_proves_nothing_is_read_to_the_end(
    source: SoundCloudSource, standin: SoundCloudStandin, changes: dict[str, str | None]
) -> None:
    """P1: another user's list, a listing that was cut, a mark of another kind: the list is read as if new."""
    standin.catalog.set_likes(1, mentions(*range(1, 301)))
    known = known_of(listed(source, LIKES))
    fields = {name: getattr(known, name) for name in ("ref", "entries", "watermark", "declared_count")}
    before = len(asked(standin))
    listing = listed(source, LIKES, Known(**{**fields, **changes}))
    assert (listing.entries, len(asked(standin)) - before) == (refs(*range(1, 301)), 3)


def test_a_list_without_a_count_is_always_read_to_the_end(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P1: some profiles do not say how much they reposted; then nothing proves that nothing left."""
    standin.catalog.set_reposts(1, mentions(*range(1, 301)))
    reposts = listed(source, f"{SITE}/reposts")
    assert (reposts.ref, reposts.entries, reposts.declared_count) == (
        "soundcloud:reposts:1",
        refs(*range(1, 301)),
        300,
    )
    uncounted = Response.of_json({"id": 1, "kind": "user", "username": "Ann", "reposts_count": None})
    standin.script(Fault(effect=Effect.ANSWER, path="/resolve", response=uncounted))
    before = len(asked(standin))
    listing = listed(source, f"{SITE}/reposts", known_of(reposts))
    assert (listing.complete, listing.declared_count, len(asked(standin)) - before) == (True, None, 3)


def test_uploads_are_listed_the_same_way(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8: a bare profile means its uploads; one more costs two requests."""
    uploads = listed(source, SITE)
    assert (uploads.ref, len(uploads.entries), uploads.declared_count) == ("soundcloud:tracks:1", 600, 600)
    before = len(asked(standin))
    assert listed(source, f"{SITE}/tracks", known_of(uploads)).entries == uploads.entries
    assert len(asked(standin)) - before == 2
    numbered = listed(source, "https://api.soundcloud.com/users/1")
    assert (numbered.ref, numbered.url) == ("soundcloud:tracks:1", f"{SITE}/tracks")


def test_what_a_page_shows_is_not_asked_for_again(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P9: pages of likes show their tracks whole; describing them costs nothing more."""
    standin.catalog.set_likes(1, mentions(*range(1, 301)))
    likes = listed(source, LIKES)
    assert likes.policies == dict.fromkeys(likes.entries, "ALLOW")
    before = len(asked(standin))
    seen = list(source.describe(likes.entries))
    assert all(isinstance(one, TrackSeen) for one in seen)
    assert len(asked(standin)) == before


def test_a_list_that_is_cut_proves_presence_only(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P1: pages that stop coming leave the listing incomplete and without a mark; one bad gateway is survived."""
    standin.catalog.set_likes(1, mentions(*range(1, 501)))
    standin.script(throttled(path="/users/1/likes", skip=1, retry_after_s=7))
    cut = listed(source, LIKES)
    assert (len(cut.entries), cut.complete, cut.watermark) == (200, False, None)
    assert cut.problem
    assert (cut.problem.failure, cut.problem.retry_after_s) == (FailureClass.RATE_LIMITED, 7)
    standin.script(misfortunes.bad_gateway(path="/users/1/likes", skip=1))
    assert listed(source, LIKES).complete
    standin.script(misfortunes.bad_gateway(path="/users/1/likes", times=2))
    assert refused(source, LIKES).failure is FailureClass.REMOTE_ERROR


@pytest.mark.parametrize(
    "page",
    [
        {"collection": [{"track": {"id": 1, "kind": "track"}}], "next_href": "https://example.com/next"},
        {"collection": [{"track": {"id": 1, "kind": "track"}}, {"comment": 3}], "next_href": None},
    ],
)
def test_odd_pages_leave_a_list_incomplete(source: SoundCloudSource, standin: SoundCloudStandin, page: object) -> None:
    """F56: a page nobody can read, an entry nobody can read, a next page on another host: nothing is concluded."""
    response = Response.of_json(page)
    standin.script(Fault(effect=Effect.ANSWER, path="/users/1/likes", response=response))
    listing = listed(source, LIKES)
    assert listing.problem
    assert (listing.complete, listing.watermark) == (False, None)


@pytest.mark.parametrize("page", [[], {"collection": 3}])
def test_a_list_of_which_nothing_came_is_none(
    source: SoundCloudSource, standin: SoundCloudStandin, page: object
) -> None:
    """P1: no empty playlist is made of a list that could not be read at all."""
    standin.script(Fault(effect=Effect.ANSWER, path="/users/1/likes", response=Response.of_json(page)))
    assert refused(source, LIKES).failure is FailureClass.EXTRACTOR_BROKEN


def test_an_empty_list_is_complete(source: SoundCloudSource) -> None:
    """P1: nothing liked is a whole listing of nothing, known or not."""
    empty = listed(source, LIKES)
    assert (empty.entries, empty.complete, empty.watermark) == ((), True, None)
    assert listed(source, LIKES, known_of(empty)).complete


def test_a_profile_that_is_none_is_no_list(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """P12: who is gone is gone, and an answer about somebody else's thing is no user."""
    assert refused(source, "https://soundcloud.com/nobody/likes").failure is FailureClass.GONE
    standin.script(Fault(effect=Effect.ANSWER, path="/resolve", response=Response.of_json({"kind": "track", "id": 1})))
    assert refused(source, LIKES).failure is FailureClass.EXTRACTOR_BROKEN


def test_all_sets_of_a_user_are_behind_one_address(source: SoundCloudSource, standin: SoundCloudStandin) -> None:
    """M8: …/sets stands for every set, …/albums for those that are albums; any other address for itself."""
    assert source.expand(f"{SITE}/sets") == (f"{SITE}/sets/other", f"{SITE}/sets/mix")
    assert source.expand(f"{SITE}/albums") == ()
    for address in (f"{SITE}/sets/mix/s-secret", "https://on.soundcloud.com/x", LIKES, "https://soundcloud.com/"):
        assert source.expand(address) == (address,)
    assert refused(source, f"{SITE}/sets").failure is FailureClass.UNSUPPORTED
    nobody = source.expand("https://soundcloud.com/nobody/sets")
    assert isinstance(nobody, Problem)
    assert nobody.failure is FailureClass.GONE
    odd: tuple[object, ...] = ({"collection": [3]}, [])
    for page in odd:
        response = Response.of_json(page)
        standin.script(Fault(effect=Effect.ANSWER, path="/users/1/playlists", response=response))
        assert isinstance(source.expand(f"{SITE}/sets"), Problem)


def test_words_stand_for_the_persons_own_lists(standin: SoundCloudStandin) -> None:
    """M8: `soundcloud:likes` is the likes of the profile in the settings; without one the hint says what to set."""
    standin.catalog.set_likes(1, mentions(3, 2))
    config = SoundCloudConfig(proxy=standin.url, tls_verify=False, profile="soundcloud.com/ann")
    own, nobody = SoundCloudSource(config), SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False))
    assert own.recognises("soundcloud:likes")
    assert not own.recognises("soundcloud:set:9")
    assert own.expand("soundcloud:likes") == own.expand("https://soundcloud.com/you/likes") == (LIKES,)
    assert own.expand("soundcloud:sets") == (f"{SITE}/sets/other", f"{SITE}/sets/mix")
    assert listed(own, "soundcloud:likes").entries == refs(3, 2)
    problem = nobody.expand("soundcloud:reposts")
    assert isinstance(problem, Problem)
    assert "soundcloud.profile" in problem.hint
    assert refused(nobody, "soundcloud:tracks").failure is FailureClass.UNSUPPORTED
    own.close()


def test_a_named_authority_is_trusted_for_likes_as_well(
    standin: SoundCloudStandin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E22: what looks like a browser trusts the same certificates as everything else here, and no others."""
    monkeypatch.setenv("SSL_CERT_FILE", "")
    standin.catalog.set_likes(1, mentions(3))
    ours, other = tmp_path / "ours.pem", tmp_path / "other.pem"
    ours.write_bytes(standin.authority.pem)
    other.write_bytes(Authority().pem)
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=ours, cache_dir=tmp_path))
    assert listed(source, LIKES).entries == refs(3)
    source.close()
    assert "certificate" in refused(SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=other)), LIKES).hint


CHANGES = st.lists(
    st.tuples(st.sampled_from(["like", "shelve", "unlike", "relike"]), st.integers(0, 300)), min_size=1, max_size=3
)


@given(length=st.integers(PAGE + 1, 240), rounds=st.lists(CHANGES, min_size=1, max_size=4))
@settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_however_likes_change_the_listing_is_the_truth(
    source: SoundCloudSource, standin: SoundCloudStandin, length: int, rounds: list[list[tuple[str, int]]]
) -> None:
    """P1, P9, P14: any liking and unliking between listings, the short way and the long one show the same list."""
    likes, unused = list(range(1, length + 1)), list(range(length + 1, 601))
    known: Known | None = None
    for changes in [[], *rounds]:
        for change in changes:
            _change(likes, unused, *change)
        standin.catalog.set_likes(1, mentions(*likes))
        listing = listed(source, LIKES, known)
        assert listing.complete
        assert listing.entries == refs(*(number for number in likes if number > 0))
        known = known_of(listing)


def _change(likes: list[int], unused: list[int], change: str, at: int) -> None:
    """Like something new, or a set, or unlike anything, or like it anew."""
    match change:
        case "like":
            likes.insert(0, unused.pop())
        case "shelve" if -9 not in likes:
            likes.insert(0, -9)
        case "shelve":
            likes.remove(-9)
        case "unlike":
            likes.pop(at % len(likes))
        case _:
            likes.insert(0, likes.pop(at % len(likes)))
