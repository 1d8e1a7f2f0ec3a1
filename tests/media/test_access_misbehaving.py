"""Proxies that misbehave in every way we know of: each costs one try, is told as what it is, and is passed over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.failure import FailureClass
from engine.media.config import MediaConfig
from engine.media.media import Media
from engine.media.probe import ExtractorTester
from engine.source_ports import Way
from engine.standins.proxies.gate import Gate
from engine.standins.proxies.http_proxy import HttpProxy
from engine.standins.proxies.passage import Mishap, MishapKind
from engine.standins.proxies.socks_proxy import Socks5Proxy
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fixtures.audio import MakeAudio
from tests.media.access_world import acquire, book, direct, listening, put

CONFIG = MediaConfig(tls_verify=False, socket_timeout_s=0.5)
F = FailureClass
KINDS = [kind for kind in MishapKind if kind is not MishapKind.CUT]


@pytest.fixture(scope="module")
def standin(make_audio: MakeAudio) -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one track, blocked in Germany, its pieces long enough to be cut."""
    with listening() as running:
        put(running, 1, {"mp3_1_0": make_audio("mp3").read_bytes()}, blocked_countries=("DE",))
        yield running


@pytest.fixture(scope="module", params=[HttpProxy, Socks5Proxy])
def swedish(standin: SoundCloudStandin, request: pytest.FixtureRequest) -> Iterator[Gate]:
    """Give a proxy in Sweden that asks who is there, of either kind."""
    with request.param(standin.routes("SE"), country="SE", credentials=("ann", "swedish-hush")) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def calm(swedish: Gate) -> Iterator[None]:
    """Leave no misfortune to the next test."""
    yield
    swedish.calm()


# Its library leaves a SOCKS connection open that the proxy closed before it had answered.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_misbehaves_is_the_ways_own_fault(swedish: Gate, kind: MishapKind) -> None:
    """Issue 4.6, P12: refused, unreachable, 407, hung up, babble, a page of its own, silence; no answer about music."""
    swedish.script(Mishap(kind=kind, times=99))
    way = Way(name="sweden", proxy=swedish.url, country="SE")
    trial = ExtractorTester(CONFIG, "soundcloud", lambda: None).try_way("https://soundcloud.com/ann/t1", way)
    assert trial.problem is not None
    assert trial.problem.failure in (F.NETWORK, F.TIMEOUT), trial.problem
    assert (trial.problem.failure is F.TIMEOUT) == (kind is MishapKind.SILENCE)
    assert "hush" not in trial.problem.detail + trial.problem.hint
    assert "Errno" not in trial.problem.detail
    gc.collect()  # so that what yt-dlp left open is noticed here and not in the test that comes next


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_says_so(swedish: Gate, password: str) -> None:
    """P12: of SOCKS it was taken for a disk that must not be written to, which ended the search for a way."""
    who = f"ann:{password}@" if password else ""
    way = Way(name="sweden", proxy=swedish.bare_url.replace("://", f"://{who}"))
    trial = ExtractorTester(CONFIG, "soundcloud", lambda: None).try_way("https://soundcloud.com/ann/t1", way)
    assert trial.problem is not None
    assert (trial.problem.failure, trial.problem.hint) == (F.NETWORK, "check the proxy's user and password")


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_names_are_looked_up_by_the_socks_proxy(standin: SoundCloudStandin, scheme: str) -> None:
    """Issue 4.6, F56: whoever answers for names here learns nothing of what is asked through the proxy."""
    with Socks5Proxy(standin.routes("SE"), country="SE") as proxy:
        way = Way(name="sweden", proxy=proxy.url.replace("socks5h", scheme))
        trial = ExtractorTester(CONFIG, "soundcloud", lambda: None).try_way("https://soundcloud.com/ann/t1", way)
        assert trial.problem is None
        assert {line.host for line in proxy.history} >= {"api-v2.soundcloud.com", "cf-media.sndcdn.com"}


def test_audio_that_is_cut_off_on_the_way_comes_whole_by_the_next(
    standin: SoundCloudStandin, swedish: Gate, tmp_path: Path
) -> None:
    """Issue 4.6, F52: half a file is no file; nothing of it is left, and the way is told to have failed."""
    with HttpProxy(standin.routes("FR"), country="FR") as french:
        french.script(Mishap(kind=MishapKind.CUT, host="*sndcdn.com", after_bytes=6_000, times=99))
        known = book(
            direct(standin), Way(name="france", proxy=french.url), Way(name="sweden", proxy=swedish.url, country="SE")
        )
        got = acquire(Media(CONFIG, access=known), "https://soundcloud.com/ann/t1", tmp_path)
        assert isinstance(got, tuple), got
        assert any("sndcdn" in line.host for line in french.history)
    assert known.tried("soundcloud:track:1") == ("direct", "france", "sweden")
    assert {event.way: event.failure for event in known.take_news()} == {"france": F.NETWORK, "sweden": None}
    assert [path.name for path in (tmp_path / "workspace1").iterdir()] == [got[0].path.name]
