"""One SoundCloud heard from several countries, through the installed, unpatched yt-dlp and by plain requests."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from yt_dlp import YoutubeDL
from yt_dlp.utils import DownloadError, GeoRestrictedError

from engine.standins.soundcloud.budget import Budget
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.faults import bot_wall
from engine.standins.soundcloud.records import Blocked, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

Ask: TypeAlias = Callable[..., httpx.Response]
API = "https://api-v2.soundcloud.com"
TRACK = "https://soundcloud.com/ada/t1"
MP3 = bytes(range(256)) * 64


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening stand-in in Germany with three tracks, a set of them, and a like for each."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada"))
    for number in (1, 2, 3):
        catalog.add_track(Track(id=number, user_id=7, permalink=f"t{number}", title=f"T {number}"), {"mp3_1_0": MP3})
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1, 2, 3, 1)))
    catalog.set_likes(7, tuple(Mention(kind="track", id=number) for number in (1, 2, 3)))
    with SoundCloudStandin(catalog, country="DE") as standin:
        yield standin


@pytest.fixture
def ask(standin: SoundCloudStandin) -> Iterator[Ask]:
    """Give a way to GET any address by way of a country, with the client id where api-v2 asks for one."""
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    clients: dict[str, httpx.Client] = {}

    def get(country: str, address: str, **query: Any) -> httpx.Response:
        if country not in clients:
            clients[country] = httpx.Client(proxy=standin.way(country), verify=trust)
        if address.startswith("/"):
            address, query = f"{API}{address}", {"client_id": standin.client_id, **query}
        return clients[country].get(address, params=query or None)

    yield get
    for client in clients.values():
        client.close()


def extracted(way: str, folder: Path, *, download: bool = False) -> Any:
    """Give what yt-dlp makes of the first track by one way."""
    options = {
        "proxy": way,
        "nocheckcertificate": True,
        "cachedir": False,
        "paths": {"home": str(folder)},
        "outtmpl": "%(id)s.%(ext)s",
        "quiet": True,
        "fixup": "never",
        "retries": 0,
        "format": "http_mp3_1_0",
    }
    with YoutubeDL(options) as downloader:
        return downloader.extract_info(TRACK, download=download)


def test_what_one_country_blocks_another_serves(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """F36, M21: the same track is a GeoRestrictedError from Germany and a file from Sweden."""
    standin.catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",))
    with pytest.raises(DownloadError) as caught:
        extracted(standin.url, tmp_path)
    assert isinstance(caught.value, DownloadError)
    assert isinstance(caught.value.exc_info[1], GeoRestrictedError)
    info = extracted(standin.way("SE"), tmp_path, download=True)
    assert Path(info["requested_downloads"][0]["filepath"]).read_bytes() == MP3
    assert {line.country for line in standin.history} == {"DE", "SE"}
    assert {line.country for line in standin.history if line.path.endswith(".mp3")} == {"SE"}


def test_a_way_is_the_same_whenever_it_is_asked_for(standin: SoundCloudStandin) -> None:
    """A country has one proxy and one port of its own."""
    assert standin.way("SE") == standin.way("SE") != standin.way("FR")
    assert standin.origin("SE") == standin.origin("SE") != standin.origin("FR")


def test_a_way_may_be_made_before_the_standin_listens() -> None:
    """Addresses are needed for settings before anything starts."""
    standin = SoundCloudStandin()
    way = standin.way("SE")
    with standin, httpx.Client(proxy=way) as client:
        assert client.get("http://soundcloud.com/").status_code == 301
    assert [line.country for line in standin.history] == ["SE"]


def test_a_hidden_track_is_missing_everywhere(standin: SoundCloudStandin, ask: Ask) -> None:
    """D.5: a local block may surface as a missing track in a set; the set's own count still has it."""
    standin.catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",), blocked=Blocked.HIDDEN)
    for country, ids in (("DE", [2, 3]), ("SE", [1, 2, 3, 1])):
        shown = ask(country, "/playlists/50").json()
        assert ([one["id"] for one in shown["tracks"]], shown["track_count"]) == (ids, 4)
    assert [one["id"] for one in ask("DE", "/tracks", ids="1,2").json()] == [2]
    assert ask("DE", "/tracks/1").status_code == 404
    assert ask("DE", "/resolve", url=TRACK).status_code == 404
    assert [one["track"]["id"] for one in ask("DE", "/users/7/likes").json()["collection"]] == [2, 3]
    assert [one["id"] for one in ask("DE", "/users/7/tracks").json()["collection"]] == [3, 2]
    assert [one["id"] for one in ask("DE", "/search/tracks", q="t").json()["collection"]] == [3, 2]
    assert ask("SE", "/tracks/1").status_code == 200


def test_a_silent_block_names_no_transcodings(standin: SoundCloudStandin, ask: Ask) -> None:
    """D.3: the policy says nothing of it; only the transcodings are missing."""
    standin.catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",), blocked=Blocked.SILENT)
    german, swedish = (ask(country, "/tracks/1").json() for country in ("DE", "SE"))
    assert (german["policy"], german["media"]["transcodings"]) == ("ALLOW", [])
    assert len(swedish["media"]["transcodings"]) == 2


def test_the_media_hosts_refuse_who_is_blocked(standin: SoundCloudStandin, ask: Ask) -> None:
    """An address signed for one country opens nothing in another where the track is blocked."""
    standin.catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",), blocked=Blocked.MEDIA)
    german, swedish = (ask(country, "/tracks/1").json()["media"]["transcodings"][0] for country in ("DE", "SE"))
    assert german == swedish
    url = ask("DE", german["url"].removeprefix(API)).json()["url"]
    assert (ask("DE", url).status_code, ask("SE", url).status_code) == (403, 200)


def test_a_fault_may_be_one_countrys_only(standin: SoundCloudStandin, ask: Ask) -> None:
    """A bot wall, as any misfortune, can stand before one way, or one host, and not the others."""
    standin.script(replace(bot_wall(times=9), country="DE", host="api-v2.soundcloud.com"))
    assert ask("SE", "/tracks/1").status_code == 200
    assert ask("DE", "/tracks/1").status_code == 403
    assert ask("DE", "https://soundcloud.com/").status_code == 200


def test_each_country_has_a_budget_of_its_own(standin: SoundCloudStandin) -> None:
    """A limit is a visitor's, not the service's: another way has its own."""
    with SoundCloudStandin(standin.catalog, budget=Budget(requests=1, window_s=600)) as strict:
        for country in ("DE", "SE"):
            with httpx.Client(proxy=strict.way(country), verify=False) as client:
                asked = [client.get(f"{API}/tracks/1", params={"client_id": strict.client_id}) for _ in range(2)]
            assert [answer.status_code for answer in asked] == [200, 429]


def test_hosts_are_served_without_a_proxy_too(standin: SoundCloudStandin) -> None:
    """What a forwarding proxy leads to: TLS from the first byte, HTTP/1.1 by ALPN, kept alive, one country."""
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    trust.set_alpn_protocols(["h2", "http/1.1"])
    port = standin.origin("FR")
    with httpx.Client(verify=trust, base_url=f"https://127.0.0.1:{port}") as client:
        for _ in range(2):
            answer = client.get(
                "/tracks/1",
                params={"client_id": standin.client_id},
                headers={"Host": "api-v2.soundcloud.com", "Cookie": "a=1"},
                extensions={"sni_hostname": "api-v2.soundcloud.com"},
            )
            assert (answer.status_code, answer.http_version) == (200, "HTTP/1.1")
    line = standin.history[-1]
    assert (line.country, line.parameter("client_id")) == ("FR", standin.client_id)
    assert (line.carries("Cookie"), line.carries("authorization")) == (True, False)
