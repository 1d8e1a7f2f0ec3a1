"""The SOCKS5 proxy on the loopback, with the installed yt-dlp and curl_cffi and byte by byte (RFC 1928, RFC 1929)."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from yt_dlp.networking.exceptions import ProxyError, TransportError
from yt_dlp.utils import DownloadError, GeoRestrictedError

from engine.standins.proxies.passage import Mishap, MishapKind, Outcome
from engine.standins.proxies.socks_proxy import Socks5Proxy
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.standins.proxy_hands import MP3, extracted, soundcloud

GREETING = b"\x05\x01\x00"
SOUNDCLOUD = b"\x03\x0esoundcloud.com\x01\xbb"


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening SoundCloud with one track, blocked in Germany."""
    with soundcloud() as standin:
        yield standin


@pytest.fixture
def proxy(standin: SoundCloudStandin) -> Iterator[Socks5Proxy]:
    """Give a proxy in Sweden that leads to SoundCloud."""
    with Socks5Proxy(standin.routes("SE"), country="SE") as proxy:
        yield proxy


def spoken(proxy: Socks5Proxy, *parts: bytes) -> list[bytes]:
    """Say one part after the other and give the answer to each; empty where the proxy hung up."""
    answers = []
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as connection:
        for part in parts:
            with contextlib.suppress(OSError):
                connection.sendall(part)
            try:
                answers.append(connection.recv(100))
            except ConnectionResetError:
                answers.append(b"")
    return answers


def failure(proxy: str, folder: Path) -> BaseException | None:
    """Give what yt-dlp's own error was caused by."""
    with pytest.raises(DownloadError) as caught:
        extracted(proxy, folder)
    assert isinstance(caught.value, DownloadError)
    error = caught.value.exc_info[1]
    assert error is None or isinstance(error, BaseException)
    return error


def test_two_countries_one_blocks_and_one_serves(
    standin: SoundCloudStandin, proxy: Socks5Proxy, tmp_path: Path
) -> None:
    """M21: yt-dlp by SOCKS5, with its names resolved by the proxy."""
    with Socks5Proxy(standin.routes("DE"), country="DE") as german:
        assert isinstance(failure(german.url, tmp_path), GeoRestrictedError)
    info = extracted(proxy.url, tmp_path, download=True)
    assert Path(info["requested_downloads"][0]["filepath"]).read_bytes() == MP3
    assert {(line.country, line.port, line.outcome) for line in proxy.history} == {("SE", 443, Outcome.OPENED)}
    assert "cf-media.sndcdn.com" in {line.host for line in proxy.history}


def test_lists_that_need_a_browsers_likeness_come_through_too(proxy: Socks5Proxy, tmp_path: Path) -> None:
    """D.1: a user's lists go through curl_cffi, which speaks SOCKS itself."""
    info = extracted(proxy.url, tmp_path, address="https://soundcloud.com/ada/tracks")
    assert [entry["id"] for entry in info["entries"]] == ["1"]


def test_credentials_are_negotiated_and_seen(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """RFC 1929: none and wrong ones do not get in; good ones do, and are in the history."""
    with Socks5Proxy(standin.routes("SE"), credentials=("ann", "s3:c/ret")) as proxy:
        assert isinstance(failure(proxy.bare_url, tmp_path), ProxyError)
        assert isinstance(failure(f"socks5h://ann:wrong@127.0.0.1:{proxy.port}", tmp_path), ProxyError)
        assert extracted(proxy.url, tmp_path)["id"] == "1"
        assert extracted(proxy.url, tmp_path, address="https://soundcloud.com/ada/tracks")["id"] == "7"
    shown = [(line.user, line.password, line.outcome) for line in proxy.history]
    assert shown[:2] == [(None, None, Outcome.CHALLENGED), ("ann", "wrong", Outcome.CHALLENGED)]
    assert set(shown[2:]) == {("ann", "s3:c/ret", Outcome.OPENED)}


def test_what_is_not_routed_is_refused_and_logged(proxy: Socks5Proxy) -> None:
    """Reply 2, "not allowed by ruleset", to another name, another port, and to addresses of both kinds."""
    asked = (
        b"\x03\x0bexample.org\x01\xbb",
        b"\x03\x0esoundcloud.com\x00\x50",
        b"\x01\x7f\x00\x00\x01\x01\xbb",
        b"\x04" + bytes(15) + b"\x01\x01\xbb",
    )
    for where in asked:
        assert spoken(proxy, GREETING, b"\x05\x01\x00" + where)[1][:2] == b"\x05\x02"
    seen = [(line.host, line.port) for line in proxy.history]
    assert seen == [("example.org", 443), ("soundcloud.com", 80), ("127.0.0.1", 443), ("::1", 443)]
    assert {line.outcome for line in proxy.history} == {Outcome.UNROUTED}


@pytest.mark.parametrize(
    ("parts", "last"),
    [
        ((b"\x04\x01\x01\xbb",), b"\x05\xff"),  # SOCKS4
        ((GREETING, b"\x04\x01\x00" + SOUNDCLOUD), b"\x05\x08"),  # another version after the greeting
        ((GREETING, b"\x05\x02\x00" + SOUNDCLOUD), b"\x05\x07"),  # BIND
        ((GREETING, b"\x05\x03\x00" + SOUNDCLOUD), b"\x05\x07"),  # UDP ASSOCIATE
        ((GREETING, b"\x05\x01\x00\x09"), b"\x05\x08"),  # an unknown kind of address
    ],
)
def test_what_it_does_not_speak_is_refused_by_number(proxy: Socks5Proxy, parts: tuple[bytes, ...], last: bytes) -> None:
    """RFC 1928, sections 3 and 6: each refusal has its own reply."""
    assert spoken(proxy, *parts)[-1][:2] == last
    assert [line.outcome for line in proxy.history] == [Outcome.MALFORMED]


def test_methods_that_do_not_fit_are_refused(standin: SoundCloudStandin, proxy: Socks5Proxy) -> None:
    """0xFF where no offered method will do, on either side."""
    assert spoken(proxy, b"\x05\x01\x02") == [b"\x05\xff"]
    with Socks5Proxy(standin.routes("SE"), credentials=("a", "b")) as strict:
        assert spoken(strict, GREETING) == [b"\x05\xff"]
        assert spoken(strict, b"\x05\x02\x00\x02", b"\x02\x01a\x01b")[1] == b"\x01\x01"  # version 2 of RFC 1929
        assert spoken(strict, b"\x05\x02\x00\x02", b"\x01\x01a\x01b")[1] == b"\x01\x00"


def test_a_client_that_goes_away_is_remembered(proxy: Socks5Proxy) -> None:
    """Half a request is no request."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as connection:
        connection.sendall(GREETING + b"\x05\x01")
        assert connection.recv(2) == b"\x05\x00"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(10) == b""
    assert [line.outcome for line in proxy.history] == [Outcome.MALFORMED]


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"),
    [
        (MishapKind.REFUSE, b"\x05\x02", Outcome.REFUSED),
        (MishapKind.UNREACHABLE, b"\x05\x04", Outcome.UNREACHABLE),
        (MishapKind.CHALLENGE, b"\x05\x02", Outcome.CHALLENGED),
        (MishapKind.HANG_UP, b"", Outcome.HUNG_UP),
        (MishapKind.CUT, b"\x05\x00", Outcome.OPENED),
    ],
)
def test_misfortunes_strike_as_scripted(proxy: Socks5Proxy, kind: MishapKind, answer: bytes, outcome: Outcome) -> None:
    """Each has its reply, once."""
    proxy.script(Mishap(kind=kind))
    assert spoken(proxy, GREETING, b"\x05\x01\x00" + SOUNDCLOUD)[1][:2] == answer
    assert spoken(proxy, GREETING, b"\x05\x01\x00" + SOUNDCLOUD)[1][:2] == b"\x05\x00"
    assert [line.outcome for line in proxy.history] == [outcome, Outcome.OPENED]


@pytest.mark.parametrize("kind", [MishapKind.REFUSE, MishapKind.UNREACHABLE, MishapKind.CHALLENGE])
def test_a_refusal_is_a_proxy_error_to_yt_dlp(proxy: Socks5Proxy, tmp_path: Path, kind: MishapKind) -> None:
    """The client reads the reply as what it is; it tries no second time by itself."""
    proxy.script(Mishap(kind=kind))
    assert isinstance(failure(proxy.url, tmp_path), ProxyError)
    assert len(proxy.history) == 1


def test_a_proxy_dies_and_comes_back(proxy: Socks5Proxy, tmp_path: Path) -> None:
    """Nobody listens, until somebody does again."""
    proxy.die_after(0)
    assert spoken(proxy, GREETING) == [b""]
    assert isinstance(failure(proxy.url, tmp_path), TransportError)
    proxy.revive()
    assert extracted(proxy.url, tmp_path)["id"] == "1"
