"""The SoundCloud stand-in asked directly: api-v2's shapes, the media hosts, the site and the proxy's edges."""

import contextlib
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import httpx
import pytest

from engine.standins import faults
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.proxy import allowed
from engine.standins.soundcloud.records import Delivery, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

Ask: TypeAlias = Callable[..., httpx.Response]
API = "https://api-v2.soundcloud.com"
MP3 = bytes(range(256)) * 64


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening stand-in with a track of every policy and one set."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada", full_name="Ada Example"))
    for number, policy in enumerate(Policy, start=1):
        track = Track(id=number, user_id=7, permalink=f"t{number}", title=f"Track {number}", policy=policy)
        catalog.add_track(track, {"mp3_1_0": MP3})
    for number in range(5, 60):
        catalog.add_track(Track(id=number, user_id=7, permalink=f"t{number}", title=f"Track {number}"))
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1, 2, 3, 4, 5, 6)))
    with SoundCloudStandin(catalog, sessions=["a-token"]) as standin:
        yield standin


@pytest.fixture
def ask(standin: SoundCloudStandin) -> Iterator[Ask]:
    """Give a way to GET any address through the proxy, with the client id where api-v2 asks for one."""
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    with httpx.Client(proxy=standin.url, verify=trust) as client:

        def get(address: str, *, method: str = "GET", headers: dict[str, str] | None = None, **query: Any) -> Any:
            if address.startswith("/"):
                address, query = f"{API}{address}", {"client_id": standin.client_id, **query}
            return client.request(method, address, params=query or None, headers=headers)

        yield get


def media_url(ask: Ask, track_id: int, protocol: str = "progressive") -> str:
    """Give the signed media address of a track."""
    for transcoding in ask(f"/tracks/{track_id}").json()["media"]["transcodings"]:
        if transcoding["format"]["protocol"] == protocol:
            return str(ask(transcoding["url"].removeprefix(API)).json()["url"])
    raise AssertionError(f"track {track_id} has no {protocol} transcoding")


def test_policies_show_in_every_field_they_touch(ask: Ask) -> None:
    """D.5: policy, access, model, both durations and the transcodings agree."""
    shown = {one["policy"]: one for one in ask("/tracks", ids="1,2,3,4").json()}
    assert {policy: one["access"] for policy, one in shown.items()} == {
        "ALLOW": "playable",
        "MONETIZE": "playable",
        "SNIP": "preview",
        "BLOCK": "blocked",
    }
    assert (shown["SNIP"]["duration"], shown["SNIP"]["full_duration"]) == (30_000, 180_000)
    assert {one["snipped"] for one in shown["SNIP"]["media"]["transcodings"]} == {True}
    assert (shown["BLOCK"]["media"]["transcodings"], shown["BLOCK"]["streamable"]) == ([], False)
    assert shown["MONETIZE"]["monetization_model"] == "AD_SUPPORTED"


def test_a_set_shows_five_tracks_whole_and_stubs_of_the_rest(standin: SoundCloudStandin, ask: Ask) -> None:
    """D.1: a stub has four fields; a removed track is a stub wherever it stands."""
    standin.catalog.remove_track(2)
    tracks = ask("/playlists/50").json()["tracks"]
    stub = {"id", "kind", "policy", "monetization_model"}
    assert [set(track) == stub for track in tracks] == [False, True, False, False, False, True]
    assert [track["id"] for track in tracks] == [1, 2, 3, 4, 5, 6]


def test_a_batch_leaves_out_what_is_missing(standin: SoundCloudStandin, ask: Ask) -> None:
    """Removed, private and unknown tracks are simply absent; the order is not that of the request."""
    standin.catalog.remove_track(5)
    standin.catalog.change_track(6, secret_token="s-x")
    assert [one["id"] for one in ask("/tracks", ids="9,5,6,7,7,1000").json()] == [7, 9]


@pytest.mark.parametrize("ids", [",".join(map(str, range(1, 52))), "", "1,x"])
def test_a_batch_of_more_than_fifty_or_of_no_numbers_is_refused(ask: Ask, ids: str) -> None:
    """The batch call takes up to fifty ids."""
    assert ask("/tracks", ids=ids).status_code == 400
    assert len(ask("/tracks", ids=",".join(map(str, range(1, 51)))).json()) == 50


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://soundcloud.com/ada", "user"),
        ("https://www.soundcloud.com/ada/t1?in=x&si=y", "track"),
        ("m.soundcloud.com/ada/sets/crate/", "playlist"),
        ("https://api.soundcloud.com/users/7", "user"),
        ("https://api.soundcloud.com/tracks/soundcloud%3Atracks%3A1", "track"),
        ("https://api-v2.soundcloud.com/playlists/50", "playlist"),
    ],
)
def test_resolve_knows_every_kind_of_address(ask: Ask, address: str, kind: str) -> None:
    """Site, mobile and api addresses, with and without decoration."""
    assert ask("/resolve", url=address).json()["kind"] == kind


@pytest.mark.parametrize(
    "address",
    [
        "https://soundcloud.com/nobody",
        "https://soundcloud.com/nobody/t1",
        "https://soundcloud.com/ada/t1/s-wrong/more/steps",
        "https://soundcloud.com/ada/sets/none",
        "https://example.org/ada/t1",
        "https://api.soundcloud.com/charts",
        "https://api.soundcloud.com/tracks/999",
        "https://api.soundcloud.com/playlists/999",
    ],
)
def test_resolve_answers_404_to_what_is_not_there(ask: Ask, address: str) -> None:
    """Nothing is guessed."""
    assert ask("/resolve", url=address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/tracks/999",
        "/tracks/1/download",
        "/playlists/999",
        "/users/999",
        "/users/999/likes",
        "/charts",
        "/media/soundcloud:tracks:999/00-00/stream/hls",
        "/media/soundcloud:tracks:1/00-00/stream/hls",
    ],
)
def test_the_api_answers_404_to_what_is_not_there(ask: Ask, path: str) -> None:
    """Unknown things and unknown routes look the same."""
    assert ask(path).status_code == 404


def test_another_method_finds_nothing(ask: Ask) -> None:
    """The stand-in's api is read-only."""
    assert ask("/tracks/1", method="DELETE").status_code == 404


def test_a_request_without_the_client_id_is_refused(standin: SoundCloudStandin, ask: Ask) -> None:
    """401 without, with a wrong one, and with the one before."""
    before = standin.client_id
    assert re.fullmatch(r"[0-9a-zA-Z]{32}", before)
    assert ask(f"{API}/tracks/1").status_code == 401
    assert standin.rotate_client_id() != before
    assert ask("/tracks/1", client_id=before).status_code == 401
    assert ask("/tracks/1").status_code == 200


def test_lists_come_in_pages_that_name_the_next(standin: SoundCloudStandin, ask: Ask) -> None:
    """`next_href` carries no client id; following it to the end gives everything once."""
    page = ask("/users/7/tracks", limit="25").json()
    seen = [one["id"] for one in page["collection"]]
    for _ in range(2):
        assert "client_id" not in page["next_href"]
        page = ask(f"{page['next_href']}&client_id={standin.client_id}").json()
        seen += [one["id"] for one in page["collection"]]
    assert page["next_href"] is None
    assert sorted(seen) == list(range(1, 60))


def test_likes_name_their_time_and_leave_out_the_hidden(standin: SoundCloudStandin, ask: Ask) -> None:
    """Private sets, removed tracks and the never seen are not shown."""
    standin.catalog.add_playlist(Playlist(id=51, user_id=7, permalink="x", title="X", secret_token="s-x"))
    liked = (("playlist", 51), ("playlist", 999), ("track", 999), ("track", 3))
    standin.catalog.set_likes(
        7, tuple(Mention(kind="track" if kind == "track" else "playlist", id=one) for kind, one in liked)
    )
    (only,) = ask("/users/7/likes").json()["collection"]
    assert (only["kind"], only["track"]["id"], only["created_at"]) == ("like", 3, "2024-01-01T00:00:00Z")
    profile = ask("/users/7").json()
    assert (profile["likes_count"], profile["first_name"], profile["track_count"]) == (2, "Ada", 59)


def test_search_counts_its_results(ask: Ask) -> None:
    """The next page asks the same question."""
    page = ask("/search/tracks", q="track ada", limit="5").json()
    assert page["total_results"] == 59
    assert "q=track+ada" in page["next_href"]


def test_a_download_needs_a_session_and_leave(standin: SoundCloudStandin, ask: Ask) -> None:
    """401 for guests, 403 where the uploader does not allow it, else an address that serves the file."""
    standin.catalog.put_media(1, {"original": b"ID3 and so on"})
    session = {"Authorization": "OAuth a-token"}
    assert ask("/tracks/1/download").status_code == 401
    assert ask("/tracks/1/download", headers=session).status_code == 403
    standin.catalog.change_track(1, downloadable=True)
    answer = ask(ask("/tracks/1/download", headers=session).json()["redirectUri"])
    assert (answer.content, answer.headers["Content-Type"]) == (b"ID3 and so on", "audio/mpeg")


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=0-9", 206, MP3[:10]),
        ("bytes=100-", 206, MP3[100:]),
        ("bytes=-7", 206, MP3[-7:]),
        ("bytes=10-99999999", 206, MP3[10:]),
        ("bytes=99999999-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=-", 200, MP3),
        ("lines=1-2", 200, MP3),
    ],
)
def test_ranges_are_honoured(ask: Ask, wanted: str, status: int, content: bytes) -> None:
    """RFC 9110, section 14: what cannot be understood is ignored, what cannot be satisfied is 416."""
    answer = ask(media_url(ask, 1), headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (status, content)


def test_media_is_served_to_signed_addresses_only(standin: SoundCloudStandin, ask: Ask) -> None:
    """403 without the signature, 404 for what never was, HEAD without a body."""
    url = media_url(ask, 1)
    assert ask(url.partition("?")[0]).status_code == 403
    assert ask(url.replace("t1-", "t999-")).status_code == 404
    assert ask("https://cf-media.sndcdn.com/nonsense").status_code == 404
    head = ask(url, method="HEAD")
    assert (head.content, head.headers["Content-Length"]) == (b"", str(len(MP3)))
    standin.catalog.change_delivery(1, Delivery.LOST)
    assert ask(url).status_code == 404


def test_an_hls_playlist_names_parts_that_join_to_the_file(ask: Ask) -> None:
    """Relative addresses, each signed; there is no part after the last."""
    url = media_url(ask, 1, "hls")
    lines = ask(url).text.splitlines()
    parts = [line for line in lines if line and not line.startswith("#")]
    folder = url.partition("playlist.m3u8")[0]
    assert b"".join(ask(folder + part).content for part in parts) == MP3
    assert ask(folder + parts[0].replace("0.", f"{len(parts)}.", 1)).status_code == 404


def test_encrypted_transcodings_resolve_to_audio_no_client_can_read(standin: SoundCloudStandin, ask: Ask) -> None:
    """A client that does not know the protocol still gets an address; one is offered even without media."""
    standin.catalog.change_delivery(5, Delivery.ENCRYPTED)
    (ctr, cbc) = ask("/tracks/5").json()["media"]["transcodings"]
    assert [one["format"]["protocol"] for one in (ctr, cbc)] == ["ctr-encrypted-hls", "cbc-encrypted-hls"]
    assert ask(ask(ctr["url"].removeprefix(API)).json()["url"]).status_code == 404


@pytest.mark.parametrize(("content", "ending", "other"), [(b"\x89PNG..", "png", "jpg"), (b"\xff\xd8..", "jpg", "png")])
def test_original_artwork_has_one_ending_and_sizes_are_jpeg(
    standin: SoundCloudStandin, ask: Ask, content: bytes, ending: str, other: str
) -> None:
    """The extractor probes the original's ending with HEAD."""
    standin.catalog.put_media(1, {"artwork": content})
    stem = ask("/tracks/1").json()["artwork_url"].removesuffix("-large.jpg")
    assert ask(f"{stem}-original.{ending}").content == content
    assert ask(f"{stem}-original.{other}", method="HEAD").status_code == 404
    assert ask(f"{stem}-t500x500.jpg").status_code == 200
    assert ask("https://i1.sndcdn.com/avatars-000000000007-original.jpg").status_code == 404


def test_the_site_has_pages_for_what_exists(standin: SoundCloudStandin, ask: Ask) -> None:
    """Titles are escaped; the client id is also in the page's own data."""
    standin.catalog.rename(1, "<b>Bold</b>", permalink="bold")
    assert "&lt;b&gt;Bold" in ask("https://soundcloud.com/ada/bold").text
    assert "<title>Ada</title>" in ask("https://m.soundcloud.com/ada").text
    assert standin.client_id in ask("https://soundcloud.com/").text
    assert ask("https://soundcloud.com/ada/t1").status_code == 404
    assert ask("https://on.soundcloud.com/none").status_code == 404
    assert ask("https://wave.sndcdn.com/x_m.json").status_code == 404


def test_a_plain_address_is_sent_to_its_secure_one(standin: SoundCloudStandin) -> None:
    """SoundCloud itself answers plain HTTP with a redirect."""
    with httpx.Client(proxy=standin.url) as client:
        answer = client.get("http://soundcloud.com/ada/t1")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://soundcloud.com/ada/t1")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("soundcloud.com:443", True),
        ("API-v2.SoundCloud.com", True),
        ("cf-media.sndcdn.com:443", True),
        ("sndcdn.com", False),
        ("evilsoundcloud.com", False),
        ("soundcloud.com.example.org", False),
        ("127.0.0.1:80", False),
    ],
)
def test_only_soundclouds_hosts_are_let_through(host: str, *, expected: bool) -> None:
    """D.4: the allow-list is by whole names."""
    assert allowed(host) is expected


@pytest.mark.parametrize("after_tls", [False, True])
def test_a_client_that_breaks_tls_is_hung_up_on(standin: SoundCloudStandin, *, after_tls: bool) -> None:
    """Garbage where TLS was due ends the connection and nothing else."""
    with socket.create_connection(("127.0.0.1", standin.port), timeout=10) as connection:
        connection.sendall(b"CONNECT soundcloud.com:443 HTTP/1.1\r\nHost: soundcloud.com:443\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        if after_tls:
            trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
            tunnel = trust.wrap_socket(connection.dup(), server_hostname="soundcloud.com")
            socket.close(tunnel.detach())
        connection.sendall(b"no such record\r\n" * 10)
        with contextlib.suppress(ConnectionResetError):
            while connection.recv(4096):
                pass
    assert [line.method for line in standin.history] == ["CONNECT"]


def test_a_tunnel_that_is_lost_is_just_closed(standin: SoundCloudStandin) -> None:
    """A fault on CONNECT may also be late, or a connection that ends."""
    standin.script(faults.lost_request(method="CONNECT"), faults.late(seconds=0.01, method="CONNECT"))
    with pytest.raises(httpx.RemoteProtocolError), httpx.Client(proxy=standin.url) as client:
        client.get("https://soundcloud.com/")
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    with httpx.Client(proxy=standin.url, verify=trust) as client:
        assert client.get("https://soundcloud.com/").status_code == 200
