"""Every kind of client yt-dlp may choose, at the SoundCloud stand-in's walls: client ids, robots, sessions."""

import ssl
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from curl_cffi import requests as curl
from yt_dlp import YoutubeDL
from yt_dlp.networking.exceptions import HTTPError
from yt_dlp.utils import DownloadError

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.faults import ROBOT_PAGE, bot_page
from engine.standins.soundcloud.records import Mention, Playlist, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

API = "https://api-v2.soundcloud.com"
SITE = "https://soundcloud.com/ada"
MP3 = bytes(range(256)) * 64


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening stand-in with one track, one set and one like."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada"))
    catalog.add_track(Track(id=1, user_id=7, permalink="t1", title="T", downloadable=True), {"mp3_1_0": MP3})
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1,)))
    catalog.set_likes(7, (Mention(kind="track", id=1),))
    with SoundCloudStandin(catalog, sessions=["a-token"]) as standin:
        yield standin


def listed(standin: SoundCloudStandin, address: str, **options: Any) -> list[str]:
    """Give the ids the installed, unpatched yt-dlp lists at an address."""
    settings = {"proxy": standin.url, "nocheckcertificate": True, "cachedir": False, "quiet": True}
    settings |= {"no_warnings": True, "extract_flat": "in_playlist", "extractor_retries": 0}
    with YoutubeDL({**settings, **options}) as downloader:
        info = downloader.extract_info(address, download=False)
        return [entry["id"] for entry in info["entries"]]


def status_of(standin: SoundCloudStandin, address: str) -> int:
    """Give the HTTP status yt-dlp fails with."""
    with pytest.raises(DownloadError) as caught:
        listed(standin, address)
    assert isinstance(caught.value, DownloadError)
    cause = caught.value.exc_info[1]
    assert isinstance(cause, HTTPError)
    cause.close()
    return int(cause.status)


def media_url(standin: SoundCloudStandin) -> str:
    """Give the signed address of the one file."""
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    with httpx.Client(proxy=standin.url, verify=trust, params={"client_id": standin.client_id}) as client:
        offered = client.get(f"{API}/tracks/1").json()["media"]["transcodings"]
        return str(client.get(offered[1]["url"]).json()["url"])


def test_requests_keeps_its_connection_and_checks_the_certificate(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """One tunnel for many requests; HEAD has a length and no body; ranges and plain bodies are exact."""
    url = media_url(standin)
    before = len(standin.history)
    with requests.Session() as session:
        session.trust_env = False  # it would prefer the environment's certificates to those named
        session.proxies = {"https": standin.url}
        session.verify = str(standin.authority.export(tmp_path / "authority.pem"))
        head = session.head(url)
        assert (head.content, head.headers["Content-Length"]) == (b"", str(len(MP3)))
        assert session.get(url).content == MP3
        part = session.get(url, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, MP3[10:20])
    methods = [line.method for line in standin.history[before:]]
    assert methods == ["CONNECT", "HEAD", "GET", "GET"]


def test_curl_keeps_its_connection_and_speaks_http_1(standin: SoundCloudStandin) -> None:
    """curl_cffi offers HTTP/2 first and gets HTTP/1.1 by ALPN; it looks like a browser."""
    url = media_url(standin)
    before = len(standin.history)
    with curl.Session(impersonate="chrome", verify=False, proxy=standin.url) as session:
        answers = [session.get(url) for _ in range(2)]
        assert session.head(url).headers["Content-Length"] == str(len(MP3))
    assert [answer.content for answer in answers] == [MP3, MP3]
    assert {answer.http_version for answer in answers} == {2}  # CURL_HTTP_VERSION_1_1
    assert [line.method for line in standin.history[before:]] == ["CONNECT", "GET", "GET", "HEAD"]


@pytest.mark.parametrize("which", ["likes", "sets", ""])
def test_lists_for_browsers_only_are_for_yt_dlp_too(standin: SoundCloudStandin, which: str) -> None:
    """D.1: with curl_cffi there, yt-dlp asks for lists as a browser would, and for all else as itself."""
    standin.browsers_only = True
    assert listed(standin, f"{SITE}/{which}") == (["50"] if which == "sets" else ["1"])
    assert listed(standin, f"{SITE}/sets/crate") == ["1"]


def test_lists_for_browsers_only_refuse_the_others(standin: SoundCloudStandin) -> None:
    """D.1: a client that sends no more than a name is taken for a robot, and only at lists."""
    standin.browsers_only = True
    old = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0 Safari/537.36"
    fox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    added = {"Sec-Fetch-Mode": "cors", "Accept-Language": "en", "Sec-CH-UA": '"Chromium";v="130"'}
    cases: tuple[tuple[dict[str, str], int], ...] = (
        ({}, 403),
        ({"User-Agent": old, **added}, 403),
        ({"User-Agent": old.replace("84", "130")}, 403),
        ({"User-Agent": old.replace("84", "130"), **added}, 200),
        ({"User-Agent": fox, "Sec-Fetch-Mode": "cors", "Accept-Language": "en"}, 200),
        ({"User-Agent": fox}, 403),
    )
    with httpx.Client(proxy=standin.url, verify=False, params={"client_id": standin.client_id}) as client:
        for headers, status in cases:
            client.headers = httpx.Headers(headers)
            answer = client.get(f"{API}/users/7/likes")
            assert answer.status_code == status, headers
            assert answer.headers["X-DataDome"] == "protected"  # says who looked, not what came of it
        client.headers = httpx.Headers()
        assert client.get(f"{API}/users/7/likes").headers["X-DataDome"] == "protected"
        assert client.get(f"{API}/users/7").status_code == 200


def test_a_wall_with_a_page_is_a_403(standin: SoundCloudStandin) -> None:
    """A page for people, in HTML, wherever it is put up; yt-dlp looks for another client id once, then gives up."""
    standin.script(bot_page(path="/resolve", times=2))
    assert status_of(standin, f"{SITE}/sets/crate") == 403
    with httpx.Client(proxy=standin.url, verify=False) as client:
        standin.script(bot_page(path="/tracks/1"))
        answer = client.get(f"{API}/tracks/1")
    assert (answer.content, answer.headers["Content-Type"]) == (ROBOT_PAGE, "text/html;charset=utf-8")


@pytest.mark.parametrize("refusal", [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN])
def test_an_old_client_id_is_replaced_after_either_refusal(
    standin: SoundCloudStandin, tmp_path: Path, refusal: HTTPStatus
) -> None:
    """D.1: the script of the site shows the new one; both refusals send yt-dlp there, once."""
    kept = {"cachedir": str(tmp_path)}
    assert listed(standin, f"{SITE}/sets/crate", **kept) == ["1"]
    before = standin.client_id
    after = standin.rotate_client_id(refusal=refusal)
    assert listed(standin, f"{SITE}/sets/crate", **kept) == ["1"]
    asked = [(line.parameter("client_id"), line.sent) for line in standin.history if line.path == "/resolve"]
    assert asked == [(before, 200), (before, refusal), (after, 200)]


def test_a_token_that_was_signed_out_is_refused(standin: SoundCloudStandin) -> None:
    """A stale session is a 401, not a guest: who wants to be a guest sends no token."""
    with httpx.Client(proxy=standin.url, verify=False, params={"client_id": standin.client_id}) as client:
        for token, status in (("a-token", 200), ("wrong", 401)):
            assert client.get(f"{API}/tracks/1", headers={"Authorization": f"OAuth {token}"}).status_code == status
        standin.end_session("a-token")
        assert client.get(f"{API}/tracks/1", headers={"Authorization": "OAuth a-token"}).status_code == 401
        assert client.get(f"{API}/tracks/1").status_code == 200


def test_the_history_tells_which_host_was_shown_what(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """F56: yt-dlp gives cookies to their hosts only, but its token to the host of the artwork too."""
    cookies = tmp_path / "cookies.txt"
    lines = (("oauth_token", "a-token"), ("sc_anonymous_id", "x"))
    rows = [f".soundcloud.com\tTRUE\t/\tTRUE\t4000000000\t{name}\t{value}" for name, value in lines]
    cookies.write_text("\n".join(["# Netscape HTTP Cookie File", *rows, ""]))
    settings = {"proxy": standin.url, "nocheckcertificate": True, "cachedir": False, "quiet": True}
    settings |= {"no_warnings": True, "noprogress": True, "paths": {"home": str(tmp_path)}, "fixup": "never"}
    with YoutubeDL({**settings, "cookiefile": str(cookies), "format": "http_mp3_1_0"}) as downloader:
        downloader.extract_info(f"{SITE}/t1", download=True)
    tunnelled = [line for line in standin.history if line.method != "CONNECT"]
    with_token = {line.host for line in tunnelled if line.carries("authorization")}
    with_cookies = {line.host for line in tunnelled if line.carries("cookie")}
    assert with_token == {"api-v2.soundcloud.com", "i1.sndcdn.com"}
    assert with_cookies == {"soundcloud.com", "api-v2.soundcloud.com", "api-auth.soundcloud.com"}
    assert not any(line.carries("cookie") for line in standin.history if line.method == "CONNECT")
