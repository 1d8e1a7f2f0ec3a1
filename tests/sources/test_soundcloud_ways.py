"""Ways to SoundCloud: which one is taken after which failure, and that nothing of one way goes by another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.events import AccessChanged, TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Access, Undescribed, Way
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins import faults as misfortunes
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.faults import bot_wall, throttled
from engine.standins.soundcloud.records import Blocked, Delivery, Policy
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fakes.soundcloud import LIKES, SITE, listed, mentions, publish, refs, refused, standin_of_ann, upload

NOWHERE = "http://127.0.0.1:9"


class Roads(Access):
    """Ways in a fixed order, each good after any failure but a rate limit; remembers what it is told."""

    def __init__(self, *ways: Way) -> None:
        self.all = ways
        self.notes: list[tuple[str, FailureClass | None, str | None]] = []

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = (), *, host: str = "") -> tuple[Way, ...]:
        """Give all ways, or none after a failure that no other way can help with."""
        assert (source, host) == ("soundcloud", "api-v2.soundcloud.com")
        hopeless = {FailureClass.RATE_LIMITED, FailureClass.GONE, FailureClass.UNEXPECTED}
        return () if hopeless & set(failed) else self.all

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        """Remember how a way did."""
        assert (source, host) == ("soundcloud", "api-v2.soundcloud.com")
        self.notes.append((way.name, problem.failure if problem else None, ref))

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        """Give the names of the ways that were noted for a track."""
        return tuple(sorted({way for way, _, noted in self.notes if noted == ref}))

    @override
    def take_news(self) -> tuple[AccessChanged, ...]:
        """Give nothing."""
        return ()


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud that is reached from Germany, and by a proxy from Sweden, with somebody signed in."""
    with standin_of_ann(sessions=("2-person-token",)) as running:
        yield running


def ways_of(standin: SoundCloudStandin, *others: Way) -> tuple[SoundCloudSource, Roads]:
    """Give a source with the direct way and others, and what its ways were noted to do."""
    roads = Roads(Way(name="direct", proxy=standin.url), *others)
    return SoundCloudSource(SoundCloudConfig(tls_verify=False), access=roads), roads


def sweden(standin: SoundCloudStandin) -> Way:
    """Give a way by a proxy in Sweden."""
    return Way(name="sweden", proxy=standin.way("SE"), country="SE")


def test_what_is_blocked_here_is_described_from_elsewhere(standin: SoundCloudStandin) -> None:
    """F36: one batch more for what is blocked, none for the rest; its policy stays the word listings here use."""
    upload(standin, 1)
    upload(standin, 2, 3, blocked_countries=("DE",))
    upload(standin, 4, policy=Policy.BLOCK)
    source, roads = ways_of(standin, sweden(standin))
    seen = {one.ref: one for one in source.describe(refs(1, 2, 3, 4))}
    assert [seen[ref].availability for ref in refs(1, 2, 3, 4)] == [
        *[Availability.AVAILABLE] * 3,
        Availability.GEO_BLOCKED,
    ]
    helped = seen[refs(2)[0]]
    assert isinstance(helped, TrackSeen)
    assert (helped.policy, helped.access) == ("BLOCK", "blocked")
    batches = [(one.country, one.parameter("ids")) for one in standin.history if one.path == "/tracks"]
    assert batches == [("DE", "1,2,3,4"), ("SE", "2,3,4")]
    assert roads.tried(refs(2)[0]) == roads.tried(refs(4)[0]) == ("direct", "sweden")
    assert roads.tried(refs(1)[0]) == ()


def test_what_a_listing_showed_blocked_is_described_from_elsewhere(standin: SoundCloudStandin) -> None:
    """F36, P9: tracks handed out from memory are asked for elsewhere when they are blocked here, and only then."""
    upload(standin, 1, blocked_countries=("DE",))
    upload(standin, 2)
    publish(standin, 1, 2)
    source, _ = ways_of(standin, sweden(standin))
    listing = listed(source)
    assert listing.policies == {refs(1)[0]: "BLOCK", refs(2)[0]: "ALLOW"}
    assert {one.availability for one in source.describe(listing.entries)} == {Availability.AVAILABLE}
    assert [(one.country, one.parameter("ids")) for one in standin.history if one.path == "/tracks"] == [("SE", "1")]


def test_another_way_that_fails_changes_nothing(standin: SoundCloudStandin) -> None:
    """F40: a proxy that is down does not make a block anything else."""
    upload(standin, 1, blocked_countries=("DE",))
    source, roads = ways_of(standin, Way(name="broken", proxy=NOWHERE), sweden(standin))
    (seen,) = source.describe(refs(1))
    assert seen.availability is Availability.AVAILABLE
    assert ("broken", FailureClass.NETWORK, refs(1)[0]) in roads.notes
    lonely, _ = ways_of(standin, Way(name="broken", proxy=NOWHERE))
    (seen,) = lonely.describe(refs(1))
    assert seen.availability is Availability.GEO_BLOCKED


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (misfortunes.lost_response(path="/resolve"), FailureClass.NETWORK),
        (bot_wall(path="/resolve", times=2), FailureClass.BOT_CHALLENGE),
        (Fault(effect=Effect.ANSWER, path="/resolve", times=2, response=Response(status=403)), FailureClass.PRIVATE),
        (Fault(effect=Effect.ANSWER, path="/resolve", response=Response(status=451)), FailureClass.GEO_BLOCKED),
    ],
)
def test_a_listing_that_fails_on_one_way_comes_by_another(
    standin: SoundCloudStandin, fault: Fault, expected: FailureClass
) -> None:
    """P12: each way is tried once; how each did is noted."""
    upload(standin, 1)
    publish(standin, 1)
    source, roads = ways_of(standin, sweden(standin))
    listed(source, f"{SITE}/song-1")
    roads.notes.clear()
    standin.script(fault)
    assert listed(source).complete
    assert roads.notes == [("direct", expected, None), ("sweden", None, None)]


def test_a_rate_limit_is_not_evaded(standin: SoundCloudStandin) -> None:
    """P8: whoever is told to wait waits, whatever other ways there are."""
    source, roads = ways_of(standin, sweden(standin))
    standin.script(throttled(path="/resolve", retry_after_s=60))
    assert refused(source).retry_after_s == 60
    assert roads.notes == [("direct", FailureClass.RATE_LIMITED, None)]


def test_the_most_telling_problem_is_given(standin: SoundCloudStandin) -> None:
    """P12: where no way helps, what was said about the set counts, not that a proxy is down."""
    source, roads = ways_of(standin, Way(name="broken", proxy=NOWHERE))
    standin.script(Fault(effect=Effect.ANSWER, path="/resolve", times=9, response=Response(status=403)))
    problem = refused(source)
    assert problem.failure is FailureClass.PRIVATE
    assert problem.detail.endswith("; ways tried: direct (private), broken (network)")
    assert [name for name, _, _ in roads.notes] == ["direct", "broken"]
    standin.calm()
    backwards, _ = ways_of(standin, Way(name="broken", proxy=NOWHERE))
    assert refused(SoundCloudSource(SoundCloudConfig(tls_verify=False), access=Roads())).failure is FailureClass.NETWORK
    assert refused(backwards, f"{SITE}/nothing").failure is FailureClass.GONE


def test_half_a_list_is_better_than_none(standin: SoundCloudStandin) -> None:
    """P1: a list that is cut on one way and refused on the other is given as far as it came."""
    upload(standin, *range(1, 202))
    standin.catalog.set_likes(1, mentions(*range(1, 202)))
    source, roads = ways_of(standin, Way(name="broken", proxy=NOWHERE))
    listed(source, f"{SITE}/song-1")
    standin.script(misfortunes.lost_response(path="/users/1/likes", skip=1))
    cut = listed(source, LIKES)
    assert (len(cut.entries), cut.complete) == (200, False)
    assert [name for name, _, _ in roads.notes][-2:] == ["direct", "broken"]


def test_a_track_asked_for_alone_is_asked_for_by_every_way_that_can_help(standin: SoundCloudStandin) -> None:
    """F36: what is hidden in this country is missing from a batch, and private to whoever asks for it alone."""
    upload(standin, 1, blocked_countries=("DE",), blocked=Blocked.HIDDEN)
    upload(standin, 2)
    source, roads = ways_of(standin, sweden(standin))
    standin.script(Fault(effect=Effect.ANSWER, path="/tracks/1", response=Response(status=403)))
    seen = {one.ref: one for one in source.describe(refs(1, 2))}
    assert isinstance(seen[refs(1)[0]], TrackSeen)
    assert roads.tried(refs(1)[0]) == ("direct", "sweden")


def cookies(path: Path, *lines: tuple[str, str, str]) -> Path:
    """Write a cookie file of domain, name and value."""
    rows = [f"{domain}\tTRUE\t/\tTRUE\t4102444800\t{name}\t{value}" for domain, name, value in lines]
    path.write_text("\n".join(["# Netscape HTTP Cookie File", *rows, ""]))
    return path


def test_a_login_goes_to_soundcloud_only_and_by_its_own_way_only(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """F56: a token in one way's cookies is sent by that way alone, and foreign cookies are sent nowhere."""
    upload(standin, 1)
    publish(standin, 1)
    path = cookies(
        tmp_path / "cookies.txt",
        (".soundcloud.com", "oauth_token", "2-person-token"),
        (".example.com", "session", "hunter2"),
    )
    source, _ = ways_of(standin, Way(name="person", proxy=standin.way("SE"), cookie_file=path))
    listed(source)
    standin.script(bot_wall(path="/resolve", times=2))
    assert listed(source).complete
    assert listed(source).complete
    api = [one for one in standin.history if one.host == "api-v2.soundcloud.com"]
    assert {one.headers.get("authorization") for one in api if one.country == "SE"} == {"OAuth 2-person-token"}
    assert not any("2-person-token" in repr(one.headers) for one in standin.history if one.country == "DE")
    assert "hunter2" not in repr([one.headers for one in standin.history])
    assert {one.host for one in standin.history if one.carries("cookie")} <= {
        "api-v2.soundcloud.com",
        "api-auth.soundcloud.com",
        "soundcloud.com",
    }


def test_a_login_that_ended_says_so(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P12: with a person's token a 401 is about that login, not about SoundCloud's client id."""
    publish(standin)
    path = cookies(tmp_path / "cookies.txt", (".soundcloud.com", "oauth_token", "2-person-token"))
    config = SoundCloudConfig(proxy=standin.url, tls_verify=False, cookie_file=path)
    source = SoundCloudSource(config)
    listed(source)
    standin.script(Fault(effect=Effect.ANSWER, path="/resolve", times=2, response=Response(status=401)))
    assert refused(source).failure is FailureClass.AUTH_EXPIRED


def test_a_login_that_is_not_taken_is_no_guest(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P12: yt-dlp would go on as a guest; here the way says that its login ended, once, and the others go on."""
    upload(standin, 1, policy=Policy.SNIP)
    path = cookies(tmp_path / "old.txt", (".soundcloud.com", "oauth_token", "2-ended-token"))
    account = Way(name="account", proxy=standin.way("SE"), cookie_file=path)
    source, roads = ways_of(standin, account)
    for _ in range(2):
        (seen,) = source.describe(refs(1))
        assert seen.availability is Availability.PREVIEW_ONLY
    assert ("account", FailureClass.AUTH_EXPIRED, refs(1)[0]) in roads.notes
    checks = [one.sent for one in standin.history if one.host == "api-auth.soundcloud.com"]
    assert checks == [401, 401]  # once more with another client id, then never again
    lonely = SoundCloudSource(SoundCloudConfig(tls_verify=False), access=Roads(account))
    problem = refused(lonely)
    assert (problem.failure, problem.http_status) == (FailureClass.AUTH_EXPIRED, 401)
    assert "old.txt" in problem.detail
    assert "sign in again" in problem.hint


def test_a_login_is_not_blamed_for_an_old_client_id(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P12: what was kept since the last run may be out of date; the login is looked at again with a new one."""
    publish(standin)
    path = cookies(tmp_path / "cookies.txt", (".soundcloud.com", "oauth_token", "2-person-token"))
    config = SoundCloudConfig(proxy=standin.url, tls_verify=False, cookie_file=path, cache_dir=tmp_path)
    listed(SoundCloudSource(config))
    standin.rotate_client_id()
    again = SoundCloudSource(config)
    assert listed(again).complete
    assert standin.history[-1].headers["authorization"] == "OAuth 2-person-token"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (503, FailureClass.OVERLOADED),
        (429, FailureClass.RATE_LIMITED),
        (403, FailureClass.AUTH_EXPIRED),
        (404, FailureClass.EXTRACTOR_BROKEN),
    ],
)
def test_a_login_nobody_looked_at_has_not_ended(
    standin: SoundCloudStandin, tmp_path: Path, status: int, expected: FailureClass
) -> None:
    """P12: a service in trouble has refused no login, and that way is asked again; a guest's answer would not count."""
    publish(standin)
    path = cookies(tmp_path / "cookies.txt", (".soundcloud.com", "oauth_token", "2-person-token"))
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, cookie_file=path))
    times = 2 if status == 403 else 1
    standin.script(Fault(effect=Effect.ANSWER, path="/connect/session", times=times, response=Response(status=status)))
    assert refused(source).failure is expected
    assert sum(one.host == "api-auth.soundcloud.com" for one in standin.history) == times  # no limit is pressed on
    if expected is not FailureClass.AUTH_EXPIRED:
        assert listed(source).complete


def test_a_wall_before_the_login_has_not_ended_it(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P12, P13: a robot is refused whoever it says it is."""
    publish(standin)
    path = cookies(tmp_path / "cookies.txt", (".soundcloud.com", "oauth_token", "2-person-token"))
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False, cookie_file=path))
    standin.script(bot_wall(path="/connect/session", times=2))
    assert refused(source).failure is FailureClass.BOT_CHALLENGE


def test_a_client_id_refused_twice_is_soundclouds_change(standin: SoundCloudStandin) -> None:
    """P12: an id that its own page gives and its api refuses is nothing a person can mend."""
    publish(standin)
    source, _ = ways_of(standin)
    listed(source)
    standin.script(Fault(effect=Effect.ANSWER, path="/resolve", times=2, response=Response(status=401)))
    problem = refused(source)
    assert (problem.failure, problem.http_status) == (FailureClass.EXTRACTOR_BROKEN, 401)
    assert "client id" in problem.hint
    assert [one.path for one in standin.history].count("/") == 2


@pytest.mark.parametrize("target", ["https://example.com/x", "https://soundcloud.com.example.com/ann/sets/mix"])
def test_a_short_link_to_elsewhere_is_not_followed(standin: SoundCloudStandin, target: str) -> None:
    """F56: where a short link leads off SoundCloud, nothing is listed."""
    source, _ = ways_of(standin)
    short = standin.catalog.add_short_link("x", target)
    assert refused(source, short).failure in (FailureClass.UNSUPPORTED, FailureClass.NETWORK)


def test_a_short_link_leads_on_though_its_page_is_refused(standin: SoundCloudStandin) -> None:
    """P13: the page behind a short link is walled off more often than the api; its address is all that is needed."""
    upload(standin, 1)
    publish(standin, 1)
    source, _ = ways_of(standin)
    listed(source)
    standin.script(bot_wall(path="/ann/sets/mix"))
    assert listed(source, standin.catalog.add_short_link("x", f"{SITE}/sets/mix")).entries == refs(1)


def test_every_request_is_paced(standin: SoundCloudStandin) -> None:
    """P8: each request waits for its place first, client id look-ups included."""
    paced: list[str] = []
    upload(standin, *range(1, 8))
    publish(standin, *range(1, 8))
    standin.catalog.set_likes(1, mentions(1))
    source = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False), pace=paced.append)
    list(source.describe(listed(source).entries))
    listed(source, LIKES)
    source.find("song", 3)
    assert paced == ["soundcloud"] * sum(one.method != "CONNECT" for one in standin.history)
    assert source.requests() == {"soundcloud": len(paced)}


def test_search_shows_what_can_be_had_and_what_cannot(standin: SoundCloudStandin) -> None:
    """M9, P10: hits come with their metadata in one request; previews, blocks and DRM are said to be such."""
    upload(standin, 1, title="Night Drive", isrc="GBAYE2100123")
    upload(standin, 2, title="Night Drive preview", policy=Policy.SNIP)
    upload(standin, 3, title="Night Drive blocked", policy=Policy.BLOCK)
    upload(standin, 4, title="Night Drive locked", delivery=Delivery.ENCRYPTED)
    upload(standin, 5, title="Night Drive private", secret_token="s-x")
    source, _ = ways_of(standin)
    hits = source.find("night drive", 10)
    assert isinstance(hits, tuple)
    assert {one.ref: one.availability for one in hits} == {
        refs(1)[0]: Availability.AVAILABLE,
        refs(2)[0]: Availability.PREVIEW_ONLY,
        refs(3)[0]: Availability.GEO_BLOCKED,
        refs(4)[0]: Availability.DRM_PROTECTED,
    }
    assert len(source.find("night drive", 2)) == 2  # type: ignore[arg-type]  # no problem, as shown above
    assert source.find("nothing like it", 10) == ()
    assert [one.path for one in standin.history].count("/search/tracks") == 3


def test_a_search_that_fails_is_a_problem(standin: SoundCloudStandin) -> None:
    """P12: a limit, and an answer nobody can read."""
    source, _ = ways_of(standin)
    standin.script(throttled(path="/search/tracks", retry_after_s=9))
    limited = source.find("x", 3)
    assert isinstance(limited, Problem)
    assert (limited.failure, limited.retry_after_s) == (FailureClass.RATE_LIMITED, 9)
    standin.script(Fault(effect=Effect.ANSWER, path="/search/tracks", response=Response.of_json({"collection": 3})))
    odd = source.find("x", 3)
    assert isinstance(odd, Problem)
    assert odd.failure is FailureClass.EXTRACTOR_BROKEN


def test_a_login_that_gives_more_than_a_preview_is_used(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P10: what is a preview for anybody may be whole for an account; who else cannot help leaves it a preview."""
    upload(standin, 1, policy=Policy.SNIP)
    source, roads = ways_of(standin, sweden(standin))
    (seen,) = source.describe(refs(1))
    assert isinstance(seen, TrackSeen)
    assert seen.availability is Availability.PREVIEW_ONLY
    assert roads.notes[-1] == ("sweden", FailureClass.PREVIEW_ONLY, refs(1)[0])
    assert not isinstance(seen, Undescribed)
