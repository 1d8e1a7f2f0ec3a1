"""The forwarding HTTP proxy on the loopback, with the installed yt-dlp, with httpx and by hand."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typing_extensions import override
from yt_dlp.networking.exceptions import ProxyError
from yt_dlp.utils import DownloadError, GeoRestrictedError

from engine.standins import faults
from engine.standins.proxies.http_proxy import HttpProxy
from engine.standins.proxies.passage import Mishap, MishapKind, Outcome, route_of
from engine.standins.server import Request, Response, Standin
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.standins.proxy_hands import MP3, extracted, soundcloud


class Echo(Standin):
    """A stand-in on plain HTTP that answers with what it was sent."""

    @override
    def handle(self, request: Request) -> Response:
        return Response.of_json(
            {"path": request.path, "q": request.query, "headers": dict(request.headers), "body": request.body.decode()}
        )


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening SoundCloud with one track, blocked in Germany."""
    with soundcloud() as standin:
        yield standin


@pytest.fixture
def proxy(standin: SoundCloudStandin) -> Iterator[HttpProxy]:
    """Give a proxy in Sweden that leads to SoundCloud."""
    with HttpProxy(standin.routes("SE"), country="SE") as proxy:
        yield proxy


def raw(proxy: HttpProxy, payload: bytes) -> bytes:
    """Send bytes to a proxy and give everything that came back until it hung up."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as connection:
        connection.sendall(payload)
        answered = b""
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                answered += chunk
        return answered


def tunnel(proxy: HttpProxy, host: str = "soundcloud.com:443") -> bytes:
    """Ask for a tunnel and end it at once."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as connection:
        connection.sendall(f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_two_countries_one_blocks_and_one_serves(standin: SoundCloudStandin, proxy: HttpProxy, tmp_path: Path) -> None:
    """M21: by a proxy in Germany the track is geo-blocked, by one in Sweden it is a file."""
    with HttpProxy(standin.routes("DE"), country="DE") as german:
        with pytest.raises(DownloadError) as caught:
            extracted(german.url, tmp_path)
        assert isinstance(caught.value, DownloadError)
        assert isinstance(caught.value.exc_info[1], GeoRestrictedError)
    info = extracted(proxy.url, tmp_path, download=True)
    assert Path(info["requested_downloads"][0]["filepath"]).read_bytes() == MP3
    media = [line for line in proxy.history if line.host == "cf-media.sndcdn.com"]
    assert {(line.country, line.port, line.outcome) for line in proxy.history} == {("SE", 443, Outcome.OPENED)}
    assert sum(line.received_bytes for line in media) > len(MP3)
    assert all(line.sent_bytes for line in media)


def test_what_is_not_routed_is_refused_and_logged(proxy: HttpProxy, tmp_path: Path) -> None:
    """A proxy here never dials out, not to another host, not to another port, not by address."""
    with pytest.raises(DownloadError) as caught:
        extracted(proxy.url, tmp_path, address="https://example.org/t1")
    assert isinstance(caught.value, DownloadError)
    assert isinstance(caught.value.exc_info[1], ProxyError)
    assert tunnel(proxy, "soundcloud.com:80").startswith(b"HTTP/1.1 403 ")
    assert tunnel(proxy, "[::1]:443").startswith(b"HTTP/1.1 403 ")
    assert raw(proxy, b"GET http://soundcloud.com/x HTTP/1.1\r\nHost: soundcloud.com\r\n\r\n").startswith(
        b"HTTP/1.1 403 "
    )
    seen = [(line.host, line.port) for line in proxy.history]
    assert seen == [("example.org", 443), ("soundcloud.com", 80), ("::1", 443), ("soundcloud.com", 80)]
    assert {line.outcome for line in proxy.history} == {Outcome.UNROUTED}


def test_credentials_are_asked_for_and_seen(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """407 without and with wrong ones; what was shown is in the history, also when it opened nothing."""
    with HttpProxy(standin.routes("SE"), credentials=("ann", "s3:c/ret")) as proxy:
        for url in (proxy.bare_url, f"http://ann:wrong@127.0.0.1:{proxy.port}"):
            with httpx.Client(proxy=url) as client, pytest.raises(httpx.ProxyError, match="407"):
                client.get("https://soundcloud.com/")
        assert extracted(proxy.url, tmp_path)["id"] == "1"
        for header in (b"Bearer x", b"Basic ???", b"Basic YW5u"):
            ask = b"CONNECT soundcloud.com:443 HTTP/1.1\r\nProxy-Authorization: " + header + b"\r\n\r\n"
            assert b"\r\nProxy-Authenticate: Basic " in raw(proxy, ask)
    shown = [(line.user, line.password, line.outcome) for line in proxy.history]
    assert shown[:2] == [(None, None, Outcome.CHALLENGED), ("ann", "wrong", Outcome.CHALLENGED)]
    assert set(shown[2:-3]) == {("ann", "s3:c/ret", Outcome.OPENED)}
    assert set(shown[-3:]) == {(None, None, Outcome.CHALLENGED)}


def test_a_tunnel_shows_the_proxy_no_other_credentials(proxy: HttpProxy, standin: SoundCloudStandin) -> None:
    """F56: cookies and tokens go inside the tunnel; the request for it names the host and no more."""
    with httpx.Client(proxy=proxy.url, verify=False) as client:
        client.get("https://soundcloud.com/", headers={"Cookie": "a=1", "Authorization": "OAuth x"})
    (line,) = proxy.history
    assert not {"cookie", "authorization"} & set(line.headers)
    assert standin.history[-1].carries("cookie")


def test_plain_requests_are_forwarded_without_what_is_the_proxys(standin: SoundCloudStandin) -> None:
    """The whole address becomes a path; hop-by-hop headers stay behind; bodies arrive, chunked ones too."""
    with Echo() as echo, HttpProxy({"*.example.org:80": echo.port}, credentials=("a", "b")) as proxy:
        with httpx.Client(proxy=proxy.url) as client:
            answer = client.post("http://api.example.org/p?q=1", content=b"body")
            one = answer.json()
            two = client.post("http://api.example.org/", content=iter([b"in ", b"parts"])).json()
        assert (one["path"], one["q"], one["body"], two["body"]) == ("/p", [["q", "1"]], "body", "in parts")
        assert not {"proxy-authorization", "proxy-connection"} & set(one["headers"])
        assert answer.headers["Connection"] == "close"
        assert [line.sent_bytes > 0 < line.received_bytes for line in proxy.history] == [True, True]


@pytest.mark.parametrize(
    "payload",
    [
        b"CONNECT soundcloud.com HTTP/1.1\r\n\r\n",
        b"CONNECT soundcloud.com:x HTTP/1.1\r\n\r\n",
        b"GET /not-an-address HTTP/1.1\r\n\r\n",
        b"GET https://soundcloud.com/ HTTP/1.1\r\n\r\n",
        b"POST http://soundcloud.com/ HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_what_is_no_proxy_request_is_a_400(proxy: HttpProxy, payload: bytes) -> None:
    """Bad input is answered and remembered, and leads nowhere."""
    assert raw(proxy, payload).startswith(b"HTTP/1.1 400 ")
    assert [line.outcome for line in proxy.history] == [Outcome.MALFORMED]


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"),
    [
        (MishapKind.REFUSE, b"HTTP/1.1 403 ", Outcome.REFUSED),
        (MishapKind.UNREACHABLE, b"HTTP/1.1 502 ", Outcome.UNREACHABLE),
        (MishapKind.CHALLENGE, b"HTTP/1.1 407 ", Outcome.CHALLENGED),
        (MishapKind.HANG_UP, b"", Outcome.HUNG_UP),
        (MishapKind.CUT, b"HTTP/1.1 200 ", Outcome.OPENED),
    ],
)
def test_misfortunes_strike_as_scripted(proxy: HttpProxy, kind: MishapKind, answer: bytes, outcome: Outcome) -> None:
    """The second tunnel to the media hosts and no other."""
    proxy.script(Mishap(kind=kind, host="*.sndcdn.com", skip=1))
    answers = [tunnel(proxy, f"{name}:443") for name in ("i1.sndcdn.com", "soundcloud.com", "i1.sndcdn.com")]
    assert [one.startswith(b"HTTP/1.1 200 ") for one in answers[:2]] == [True, True]
    assert answers[2].startswith(answer)
    assert bool(answers[2]) is bool(answer)
    assert proxy.history[2].outcome is outcome
    proxy.calm()
    assert tunnel(proxy, "i1.sndcdn.com:443").startswith(b"HTTP/1.1 200 ")


def test_a_tunnel_may_be_cut_in_the_middle(proxy: HttpProxy) -> None:
    """So many bytes come back, then the connection is gone."""
    proxy.script(Mishap(kind=MishapKind.CUT, after_bytes=100))
    with httpx.Client(proxy=proxy.url, verify=False) as client, pytest.raises(httpx.TransportError):
        client.get("https://soundcloud.com/")
    assert proxy.history[0].outcome is Outcome.OPENED


def test_a_silent_proxy_is_released_by_its_end(standin: SoundCloudStandin) -> None:
    """The client's own limit ends its wait; stopping ends the proxy's."""
    with HttpProxy(standin.routes("SE")) as proxy:
        proxy.script(Mishap(kind=MishapKind.SILENCE))
        with httpx.Client(proxy=proxy.url, timeout=0.2) as client, pytest.raises(httpx.TimeoutException):
            client.get("https://soundcloud.com/")
    assert [line.outcome for line in proxy.history] == [Outcome.SILENT]


def test_a_proxy_dies_and_comes_back_on_its_port(proxy: HttpProxy) -> None:
    """One more connection, then one that is hung up on, then nobody listens."""
    proxy.die_after(1)
    assert tunnel(proxy).startswith(b"HTTP/1.1 200 ")
    assert raw(proxy, b"CONNECT soundcloud.com:443 HTTP/1.1\r\n\r\n") == b""
    with pytest.raises(httpx.ConnectError), httpx.Client(proxy=proxy.url) as client:
        client.get("https://soundcloud.com/")
    port = proxy.port
    proxy.revive()
    assert proxy.port == port
    assert tunnel(proxy).startswith(b"HTTP/1.1 200 ")


def test_a_host_that_is_down_is_a_bad_gateway(standin: SoundCloudStandin) -> None:
    """A route that leads to nobody; and stopping a proxy hangs up on who is still inside."""
    with Echo() as echo:
        routes = {"down.example.org": echo.port, **standin.routes("SE")}
    with HttpProxy(routes) as proxy:
        assert tunnel(proxy, "down.example.org:443").startswith(b"HTTP/1.1 502 ")
        inside = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
        inside.sendall(b"CONNECT soundcloud.com:443 HTTP/1.1\r\n\r\n")
        assert inside.recv(100).startswith(b"HTTP/1.1 200 ")
    with inside:
        assert inside.recv(100) == b""


def test_a_misfortune_of_the_service_passes_through(standin: SoundCloudStandin, proxy: HttpProxy) -> None:
    """What the stand-in loses, its client loses: the proxy adds no answer of its own."""
    standin.script(faults.lost_response(path="/"))
    with httpx.Client(proxy=proxy.url, verify=False) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get("https://soundcloud.com/")
    standin.calm()


def test_the_first_route_that_matches_counts() -> None:
    """Patterns are shell patterns of the whole host; one may name the port that is asked for."""
    routes = {"api.example.org:443": 1, "*.example.org": 2, "*": 3}
    assert route_of(routes, "API.example.org.", 443) == 1
    assert route_of(routes, "api.example.org", 80) == 2
    assert route_of(routes, "example.org", 443) == 3
    assert route_of({"*.example.org:443": 1}, "example.org", 443) is None
