"""Downloads by several ways: real yt-dlp, real proxies on the loopback, two countries of which one blocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.events import AccessChanged
from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Way
from engine.standins.proxies.http_proxy import HttpProxy
from engine.standins.proxies.passage import Outcome
from engine.standins.proxies.socks_proxy import Socks5Proxy
from engine.standins.soundcloud.faults import throttled
from engine.standins.soundcloud.records import Policy
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fixtures.audio import MakeAudio
from tests.media.access_world import COOKIES, TOKEN, acquire, book, direct, listening, put, tools

NOWHERE = "http://ann:hush@127.0.0.1:9"


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening SoundCloud."""
    with listening() as running:
        yield running


@pytest.fixture(scope="module")
def swedish(standin: SoundCloudStandin) -> Iterator[HttpProxy]:
    """Give an HTTP proxy in Sweden that asks who is there."""
    with HttpProxy(standin.routes("SE"), country="SE", credentials=("ann", "swedish-hush")) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def french(standin: SoundCloudStandin) -> Iterator[Socks5Proxy]:
    """Give a SOCKS5 proxy in France that asks who is there."""
    with Socks5Proxy(standin.routes("FR"), country="FR", credentials=("bea", "french-hush")) as proxy:
        yield proxy


def way(proxy: HttpProxy | Socks5Proxy, name: str) -> Way:
    """Give the way by a proxy."""
    return Way(name=name, proxy=proxy.url, country=proxy.country)


def test_a_track_that_is_blocked_here_comes_by_another_country(
    standin: SoundCloudStandin, swedish: HttpProxy, french: Socks5Proxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """M11, F36: direct first, then the profiles in order; what was tried is known, and the next one is sticky."""
    mp3 = {"mp3_1_0": make_audio("mp3").read_bytes()}
    urls = [put(standin, number, mp3, blocked_countries=("DE", "FR")) for number in (11, 12)]
    known = book(direct(standin), way(french, "france"), way(swedish, "sweden"))
    media = tools(tmp_path, known)
    got = acquire(media, urls[0], tmp_path)
    assert isinstance(got, tuple), got
    assert known.tried("soundcloud:track:11") == ("direct", "france", "sweden")
    before = len(french.history)
    assert isinstance(acquire(media, urls[1], tmp_path), tuple)
    assert known.tried("soundcloud:track:12") == ("direct", "sweden")
    assert len(french.history) == before
    news = {event.way: event for event in known.take_news()}
    assert {name: event.works for name, event in news.items()} == {"france": True, "sweden": True}
    assert known.take_news() == ()


def test_credentials_reach_their_own_proxy_only(
    standin: SoundCloudStandin, swedish: HttpProxy, french: Socks5Proxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """F56: one proxy never learns another's password, and no host behind it learns either."""
    url = put(standin, 13, {"mp3_1_0": make_audio("mp3").read_bytes()}, blocked_countries=("DE", "FR"))
    known = book(direct(standin), way(french, "france"), way(swedish, "sweden"))
    before = len(standin.history)  # of the tests before this one, whose cookies are no business of it
    assert isinstance(acquire(tools(tmp_path, known), url, tmp_path), tuple)
    assert {(line.user, line.password) for line in swedish.history} == {("ann", "swedish-hush")}
    assert {(line.user, line.password) for line in french.history} == {("bea", "french-hush")}
    for line in standin.history[before:]:
        assert not line.carries("proxy-authorization")
        assert "hush" not in repr((line.path, line.query, line.body, dict(line.headers)))


def test_a_dead_proxy_is_passed_over(
    standin: SoundCloudStandin, swedish: HttpProxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """M11: it costs one try, is told of without its password, and comes last from then on."""
    mp3 = {"mp3_1_0": make_audio("mp3").read_bytes()}
    urls = [put(standin, number, mp3, blocked_countries=("DE",)) for number in (14, 15)]
    known = book(direct(standin), Way(name="dead", proxy=NOWHERE, country="NL"), way(swedish, "sweden"))
    media = tools(tmp_path, known)
    assert isinstance(acquire(media, urls[0], tmp_path), tuple)
    dead = next(event for event in known.take_news() if event.way == "dead")
    assert (dead.works, dead.failure) == (False, FailureClass.NETWORK)
    assert "hush" not in dead.detail
    assert isinstance(acquire(media, urls[1], tmp_path), tuple)
    assert known.tried("soundcloud:track:15") == ("direct", "sweden")


def test_a_track_refused_everywhere_says_so_and_names_the_ways(
    standin: SoundCloudStandin, swedish: HttpProxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """P12: what is blocked is blocked, whatever a broken proxy said after that; nothing is left behind."""
    url = put(standin, 16, {"mp3_1_0": make_audio("mp3").read_bytes()}, blocked_countries=("DE", "SE"))
    known = book(direct(standin), way(swedish, "sweden"), Way(name="dead", proxy=NOWHERE))
    got = acquire(tools(tmp_path, known), url, tmp_path)
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.GEO_BLOCKED
    assert got.detail.endswith("ways tried: direct (geo blocked), sweden (geo blocked), dead (network)")
    assert known.tried("soundcloud:track:16") == ("dead", "direct", "sweden")
    assert not (tmp_path / "workspace16").exists()


def test_a_limit_is_respected_by_every_way(
    standin: SoundCloudStandin, swedish: HttpProxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """P8: a 429 to us is a 429 to our proxies; none of them is asked."""
    url = put(standin, 17, {"mp3_1_0": make_audio("mp3").read_bytes()})
    before = len(swedish.history)
    standin.script(throttled(path="/resolve.*", times=9, retry_after_s=7))
    try:
        got = acquire(tools(tmp_path, book(direct(standin), way(swedish, "sweden"))), url, tmp_path)
    finally:
        standin.calm()
    assert isinstance(got, Problem), got
    assert (got.failure, got.retry_after_s) == (FailureClass.RATE_LIMITED, 7)
    assert len(swedish.history) == before


def test_a_login_brings_the_original_and_reaches_its_own_hosts_only(
    standin: SoundCloudStandin, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """F56, I54: the uploaded file is taken where it is offered; its host, the pictures' and other ways see no login."""
    wav = make_audio("wav").read_bytes()
    offered = {"original": wav, "mp3_1_0": make_audio("mp3").read_bytes(), "artwork": b"\xff\xd8\xff\xe0 picture"}
    url = put(standin, 18, offered, downloadable=True)
    file = tmp_path / "cookies.txt"
    file.write_text(COOKIES)
    before = len(standin.history)
    account = book(Way(name="account", proxy=standin.url, cookie_file=file))
    got = acquire(tools(tmp_path, account), url, tmp_path)
    assert isinstance(got, tuple), got
    assert (got[0].path.suffix, got[0].audio.codec, got[0].audio.lossy_origin) == (".wav", "pcm_s16le", False)
    seen = [line for line in standin.history[before:] if line.method != "CONNECT"]
    signed = {line.host for line in seen if TOKEN in line.headers.get("authorization", "")}
    cookied = {line.host for line in seen if TOKEN in line.headers.get("cookie", "")}
    assert signed == {"api-v2.soundcloud.com"}
    assert cookied
    assert all(host.endswith("soundcloud.com") for host in cookied)
    assert {line.host for line in seen} > {"cf-media.sndcdn.com", "i1.sndcdn.com"}
    assert "keep-out" not in repr([dict(line.headers) for line in seen])
    assert file.read_text() == COOKIES

    before = len(standin.history)
    got = acquire(tools(tmp_path, book(direct(standin))), url, tmp_path)
    assert isinstance(got, tuple), got
    assert (got[0].path.suffix, got[0].audio.lossy_origin) == (".mp3", True)
    assert not any(line.carries("authorization") or line.carries("cookie") for line in standin.history[before:])


def test_a_preview_is_asked_again_with_an_account_only(
    standin: SoundCloudStandin, swedish: HttpProxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """P10, M11: another country is no help against a subscription; a missing cookie file is the way's own fault."""
    clip = make_audio("mp3").read_bytes()
    url = put(standin, 19, {"mp3_1_0": clip, "mp3_1_0.preview": clip}, policy=Policy.SNIP, duration_ms=180_000)
    before = len(swedish.history)
    lost = Way(name="account", cookie_file=tmp_path / "nowhere.txt")
    known = book(direct(standin), way(swedish, "sweden"), lost)
    got = acquire(tools(tmp_path, known), url, tmp_path)
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.PREVIEW_ONLY
    assert known.tried("soundcloud:track:19") == ("account", "direct")
    assert len(swedish.history) == before
    assert [(event.way, event.failure) for event in known.take_news()] == [("account", FailureClass.AUTH_EXPIRED)]


def test_every_request_to_the_service_waits_for_its_place_and_no_piece_of_audio_does(
    standin: SoundCloudStandin, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """P8: whoever ordered the download waited for its first request; pieces come from hosts without that limit."""
    url = put(standin, 20, {"aac_160k": make_audio("fragmented.m4a").read_bytes()})
    paced: list[str] = []
    before = len(standin.history)
    assert isinstance(acquire(tools(tmp_path, book(direct(standin)), paced.append), url, tmp_path), tuple)
    asked = [line for line in standin.history[before:] if line.method != "CONNECT"]
    api = [line for line in asked if line.host.endswith("soundcloud.com")]
    assert paced == ["soundcloud"] * (len(api) - 1)
    assert len(asked) > len(api) + 1


def test_a_wrong_password_is_the_proxys_matter(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """F56: 407 is no answer of SoundCloud's; the hint names the settings."""
    url = put(standin, 21, {})
    with HttpProxy(standin.routes("SE"), credentials=("ann", "right")) as proxy:
        known = book(Way(name="sweden", proxy=f"http://ann:wrong@127.0.0.1:{proxy.port}"))
        got = acquire(tools(tmp_path, known), url, tmp_path)
        assert {line.outcome for line in proxy.history} == {Outcome.CHALLENGED}
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.NETWORK
    assert "proxy" in got.hint
    (event,) = known.take_news()
    assert isinstance(event, AccessChanged)
    assert (event.way, event.failure) == ("sweden", FailureClass.NETWORK)


def test_a_track_that_a_list_names_goes_by_the_ways_to_its_site(
    standin: SoundCloudStandin, swedish: HttpProxy, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """M11, F57: a line of a plain list is fetched by the proxies and at the pace of SoundCloud, as any other track."""
    url = put(standin, 31, {"mp3_1_0": make_audio("mp3").read_bytes()}, blocked_countries=("DE",))
    known, paced = book(direct(standin), way(swedish, "sweden")), list[str]()
    media = tools(tmp_path, known, paced.append)
    assert isinstance(acquire(media, url, tmp_path, ref="file:entry:31"), tuple)
    assert known.tried("file:entry:31") == ("direct", "sweden")
    assert media.requests() == {"soundcloud": len(paced) + 1}  # whoever orders a download paced its first request
    assert set(paced) == {"soundcloud"}
