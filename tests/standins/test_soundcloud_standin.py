"""The installed, unpatched yt-dlp against the SoundCloud stand-in: everything it can meet at the real one."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from yt_dlp import YoutubeDL
from yt_dlp.networking.exceptions import HTTPError, ProxyError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError

from engine.standins import faults
from engine.standins.soundcloud.budget import Budget
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.faults import bot_wall, throttled
from engine.standins.soundcloud.records import Delivery, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

Info: TypeAlias = dict[str, Any]
Client: TypeAlias = Callable[..., Any]

TRACK = "https://soundcloud.com/ada/opener"
SET = "https://soundcloud.com/ada/sets/crate"
JPEG = b"\xff\xd8\xff\xe0 a small picture"


@pytest.fixture
def catalog(soundcloud_audio: dict[str, bytes]) -> Catalog:
    """Give a catalogue with one user, one playable track and a set of eight ids, the last three gone or repeated."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada", full_name="Ada Example"))
    catalog.add_track(
        Track(
            id=1,
            user_id=7,
            permalink="opener",
            title="Opener (Original Mix)",
            artist="Ada",
            isrc="DEA622400001",
            genre="House",
            tag_list='deep "late night"',
            duration_ms=2_000,
        ),
        {**soundcloud_audio, "artwork": JPEG, "original": b"RIFF and so on"},
    )
    for number in range(2, 7):
        catalog.add_track(Track(id=number, user_id=7, permalink=f"track-{number}", title=f"Track {number}"))
    catalog.remove_track(6)
    catalog.add_playlist(
        Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1, 2, 3, 4, 5, 6, 1, 99))
    )
    return catalog


@pytest.fixture
def standin(catalog: Catalog) -> Iterator[SoundCloudStandin]:
    """Give a listening stand-in that serves the catalogue."""
    with SoundCloudStandin(catalog, sessions=["a-token"]) as standin:
        yield standin


@pytest.fixture
def client(standin: SoundCloudStandin, tmp_path: Path) -> Client:
    """Give a way to run yt-dlp through the stand-in: an address, whether to download, and any of its options."""

    def run(address: str, *, download: bool = False, process: bool = True, **options: Any) -> Any:
        settings = {
            "proxy": standin.url,
            "nocheckcertificate": True,
            "cachedir": str(tmp_path / "cache"),
            "paths": {"home": str(tmp_path / "out")},
            "outtmpl": "%(id)s.%(ext)s",
            "logger": logging.getLogger("yt-dlp"),
            "noprogress": True,
            "fixup": "never",
            "retries": 0,
            "fragment_retries": 0,
            "extractor_retries": 0,
            "socket_timeout": 20,
        }
        with YoutubeDL({**settings, **options}) as downloader:
            return downloader.extract_info(address, download=download, process=process)

    return run


def failure(client: Client, address: str, *, download: bool = False, **options: Any) -> DownloadError:
    """Give the error yt-dlp ends with."""
    with pytest.raises(DownloadError) as caught:
        client(address, download=download, **options)
    error = caught.value
    assert isinstance(error, DownloadError)
    if isinstance(error.exc_info[1], HTTPError):
        error.exc_info[1].close()
    return error


def downloaded(info: Info) -> bytes:
    """Give the bytes of the one file that was downloaded."""
    return Path(info["requested_downloads"][0]["filepath"]).read_bytes()


def test_a_set_is_listed_whole_and_in_order_with_one_resolve(standin: SoundCloudStandin, client: Client) -> None:
    """D.2: a flat listing has every id in order, repeats and deleted ones too, and no titles."""
    info = client(SET, extract_flat="in_playlist")
    assert [entry["id"] for entry in info["entries"]] == ["1", "2", "3", "4", "5", "6", "1", "99"]
    assert info["entries"][0]["url"] == TRACK
    assert info["entries"][5]["url"] == "https://api-v2.soundcloud.com/tracks/6"
    assert all(not entry.get("title") and entry["album"] == "Crate" for entry in info["entries"])
    assert (info["id"], info["title"], info["uploader"]) == ("50", "Crate", "Ada")
    assert [line.path for line in standin.history if line.host == "api-v2.soundcloud.com"] == ["/resolve"]


def test_a_set_of_five_thousand_entries_comes_in_one_answer(catalog: Catalog, client: Client) -> None:
    """A set is never paged: its stubs all come with the resolve."""
    catalog.set_entries(50, tuple(range(1_000, 6_000)))
    info = client(SET, process=False)
    assert [int(entry["id"]) for entry in info["entries"]] == list(range(1_000, 6_000))


def test_a_track_is_extracted_with_its_metadata(client: Client) -> None:
    """D.1: title, uploader, artist, genre, tags, duration and artwork come through."""
    info = client(TRACK)
    assert (info["id"], info["title"], info["uploader"]) == ("1", "Opener (Original Mix)", "Ada")
    assert (info["artists"], info["genres"], info["duration"]) == (["Ada"], ["House"], 2.0)
    assert sorted(info["tags"]) == ["deep", "late night"]
    assert info["thumbnail"] == "https://i1.sndcdn.com/artworks-000000000001-original.jpg"
    assert [one["format_id"] for one in info["formats"]] == ["hls_mp3_1_0", "http_mp3_1_0", "hls_aac_160k"]


def test_the_best_audio_is_the_aac_and_arrives_byte_for_byte(
    client: Client, soundcloud_audio: dict[str, bytes]
) -> None:
    """D.1: `bestaudio` picks hls_aac_160k; the fragments joined are the file."""
    info = client(TRACK, download=True, format="bestaudio")
    assert info["format_id"] == "hls_aac_160k"
    assert downloaded(info) == soundcloud_audio["aac_160k"]


@pytest.mark.parametrize("form", ["http_mp3_1_0", "hls_mp3_1_0"])
def test_an_mp3_arrives_byte_for_byte(client: Client, soundcloud_audio: dict[str, bytes], form: str) -> None:
    """The progressive file and the HLS parts are the same bytes."""
    assert downloaded(client(TRACK, download=True, format=form)) == soundcloud_audio["mp3_1_0"]


def test_a_half_finished_download_is_continued_where_it_stopped(
    standin: SoundCloudStandin, client: Client, soundcloud_audio: dict[str, bytes]
) -> None:
    """A torn body raises; the next run asks for the rest by range and the file is whole."""
    standin.script(faults.truncated(path=r".*\.128\.mp3"))
    failure(client, TRACK, download=True, format="http_mp3_1_0")
    info = client(TRACK, download=True, format="http_mp3_1_0")
    assert downloaded(info) == soundcloud_audio["mp3_1_0"]
    assert [line.sent for line in standin.history if line.path.endswith(".128.mp3")] == [200, 206]


def test_a_geo_block_says_so(catalog: Catalog, standin: SoundCloudStandin, client: Client) -> None:
    """D.3 (F36): a track blocked in the proxy's country is a GeoRestrictedError, and plays from elsewhere."""
    catalog.change_policy(1, Policy.ALLOW, blocked_countries=("DE",))
    error = failure(client, TRACK)
    assert isinstance(error.exc_info[1], GeoRestrictedError)
    assert "not available from your location due to geo restriction" in str(error)
    standin.country = "SE"
    assert client(TRACK)["formats"]
    catalog.change_policy(1, Policy.BLOCK)  # nowhere at all: yt-dlp cannot tell the difference
    assert isinstance(failure(client, TRACK).exc_info[1], GeoRestrictedError)


@pytest.mark.parametrize("address", [TRACK, "https://api-v2.soundcloud.com/tracks/1"])
def test_a_removed_track_is_a_404(catalog: Catalog, client: Client, address: str) -> None:
    """D.3: gone by address and by id; the message names the extractor."""
    catalog.remove_track(1)
    error = failure(client, address)
    cause = error.exc_info[1]
    assert isinstance(cause, HTTPError)
    assert cause.status == 404
    assert "[soundcloud]" in str(error)
    assert "Unable to download JSON metadata: HTTP Error 404: Not Found" in str(error)
    assert isinstance(error.__context__, ExtractorError)


def test_drm_only_says_so(catalog: Catalog, client: Client) -> None:
    """D.3: only encrypted protocols are offered."""
    catalog.change_delivery(1, Delivery.ENCRYPTED)
    error = failure(client, TRACK)
    cause = error.exc_info[1]
    assert "[soundcloud] 1: This video is DRM protected" in str(error)
    assert isinstance(cause, ExtractorError)
    assert (cause.expected, cause.video_id) == (True, "1")


@pytest.mark.parametrize("delivery", [Delivery.UNLISTED, Delivery.UNRESOLVED])
def test_a_track_without_a_usable_transcoding_has_no_formats(
    catalog: Catalog, client: Client, delivery: Delivery
) -> None:
    """D.3: none listed and none resolvable look the same."""
    catalog.change_delivery(1, delivery)
    error = failure(client, TRACK)
    cause = error.exc_info[1]
    assert "[soundcloud] 1: No video formats found!" in str(error)
    assert isinstance(cause, ExtractorError)
    assert cause.expected is False


def test_lost_media_is_a_404_without_the_extractors_name(catalog: Catalog, client: Client) -> None:
    """D.3: this 404 must not be read as a deleted track."""
    catalog.change_delivery(1, Delivery.LOST)
    error = failure(client, TRACK, download=True, format="http_mp3_1_0")
    cause = error.exc_info[1]
    assert isinstance(cause, HTTPError)
    assert cause.status == 404
    assert "[soundcloud]" not in str(error)
    assert "unable to download video data: HTTP Error 404: Not Found" in str(error)


def test_a_preview_downloads_without_complaint(
    catalog: Catalog, client: Client, soundcloud_audio: dict[str, bytes]
) -> None:
    """D.3: policy SNIP raises nothing; only the format's name and preference tell."""
    catalog.change_track(1, policy=Policy.SNIP, duration_ms=240_000)
    info = client(TRACK, download=True, format="http_mp3_1_0_preview")
    assert downloaded(info) == soundcloud_audio["mp3_1_0.preview"]
    assert all(one["format_id"].endswith("_preview") and one["preference"] == -10 for one in info["formats"])
    assert info["duration"] == 30.0


def test_being_throttled_while_resolving_is_a_download_error(standin: SoundCloudStandin, client: Client) -> None:
    """D.3: 429 on resolve."""
    standin.script(throttled(path="/resolve"))
    cause = failure(client, TRACK).exc_info[1]
    assert isinstance(cause, HTTPError)
    assert (cause.status, cause.response.headers["Retry-After"]) == (429, "1")


def test_being_throttled_at_the_transcodings_is_a_bare_http_error(standin: SoundCloudStandin, client: Client) -> None:
    """D.3: 429 on a transcoding escapes yt-dlp's own wrapping."""
    standin.script(throttled(path="/media/.*"))
    with pytest.raises(HTTPError) as caught:
        client(TRACK)
    caught.value.close()
    assert caught.value.status == 429


def test_a_spent_budget_throttles(catalog: Catalog, client: Client, tmp_path: Path) -> None:
    """One resolve and three transcodings are four requests; the fifth waits for the window to roll."""
    now_s = [1_000.0]
    with SoundCloudStandin(catalog, budget=Budget(requests=4, window_s=600), clock=lambda: now_s[0]) as standin:
        assert client(TRACK, proxy=standin.url)["formats"]
        cause = failure(client, TRACK, proxy=standin.url).exc_info[1]
        assert (cause.status, cause.response.headers["Retry-After"]) == (429, "600")
        now_s[0] += 600
        assert client(TRACK, proxy=standin.url)["formats"]


def test_a_new_client_id_is_found_when_the_old_one_is_refused(standin: SoundCloudStandin, client: Client) -> None:
    """D.1: the remembered id gets 401, the site's scripts are read again, the call is repeated once."""
    client(TRACK)
    standin.rotate_client_id()
    assert client(TRACK)["id"] == "1"
    statuses = [line.sent for line in standin.history if line.path == "/resolve"]
    assert statuses == [200, 401, 200]


def test_a_bot_wall_that_stays_is_a_403(standin: SoundCloudStandin, client: Client) -> None:
    """yt-dlp tries once more with a fresh client id, then gives up."""
    standin.script(bot_wall(path="/resolve", times=2))
    cause = failure(client, TRACK).exc_info[1]
    assert isinstance(cause, HTTPError)
    assert cause.status == 403


def test_a_host_outside_soundcloud_is_refused_and_recorded(standin: SoundCloudStandin, client: Client) -> None:
    """D.3: the proxy never dials out, and the client sees a proxy error."""
    error = failure(client, "https://example.org/watch")
    assert isinstance(error.exc_info[1], ProxyError)
    failure(client, "http://example.org/watch")
    seen = [(line.method, line.host, line.sent) for line in standin.history]
    assert seen == [("CONNECT", "example.org:443", 403), ("GET", "example.org", 403)]


def test_a_proxy_with_credentials_lets_only_their_holder_in(catalog: Catalog, client: Client) -> None:
    """407 without, 200 with Basic credentials in the proxy's address."""
    with SoundCloudStandin(catalog, credentials=("ada", "s3cret")) as standin:
        assert isinstance(failure(client, TRACK, proxy=standin.url).exc_info[1], ProxyError)
        assert standin.history[-1].sent == 407
        with_credentials = standin.url.replace("//", "//ada:s3cret@")
        assert client(TRACK, proxy=with_credentials)["id"] == "1"


def test_a_lost_answer_is_a_transport_error(standin: SoundCloudStandin, client: Client) -> None:
    """The connection ends without an answer; the history shows what was decided."""
    standin.script(faults.lost_response(path="/resolve"))
    assert isinstance(failure(client, TRACK).exc_info[1], TransportError)
    assert [(line.status, line.sent) for line in standin.history if line.path == "/resolve"] == [(200, None)]


def test_a_page_in_place_of_json_is_an_extractor_error(standin: SoundCloudStandin, client: Client) -> None:
    """A captive portal answers 200 with HTML."""
    standin.script(faults.garbage(path="/resolve"))
    assert "Failed to parse JSON" in str(failure(client, TRACK))


def test_a_service_that_stays_silent_is_a_transport_error(standin: SoundCloudStandin, client: Client) -> None:
    """The client's own time limit ends the wait; stopping the stand-in ends the request."""
    standin.script(faults.hang(path="/resolve"))
    assert isinstance(failure(client, TRACK, socket_timeout=0.5).exc_info[1], TransportError)


def test_a_proxy_that_is_down_is_a_proxy_error(standin: SoundCloudStandin, client: Client) -> None:
    """A fault meets tunnels only where it names CONNECT."""
    standin.script(faults.bad_gateway(method="CONNECT"))
    assert isinstance(failure(client, TRACK).exc_info[1], ProxyError)


def test_likes_are_listed_over_pages_with_titles(catalog: Catalog, client: Client) -> None:
    """D.1 and D.2: `next_href` is followed; flat likes have titles; playlists may be among them; the gone are not."""
    for number in range(100, 350):
        catalog.add_track(Track(id=number, user_id=7, permalink=f"liked-{number}", title=f"Liked {number}"))
    liked = tuple(Mention(kind="track", id=number) for number in range(100, 350))
    catalog.set_likes(7, (Mention(kind="playlist", id=50), Mention(kind="track", id=6), *liked))
    info = client("https://soundcloud.com/ada/likes", extract_flat="in_playlist")
    titles = [entry["title"] for entry in info["entries"]]
    assert titles == ["Crate", *(f"Liked {number}" for number in range(100, 350))]


@pytest.mark.parametrize(
    ("list_name", "expected"),
    [
        ("tracks", ["5", "4", "3", "2", "1"]),
        ("reposts", ["3", "50"]),
        ("", ["5", "4", "3", "2", "1", "3", "50"]),
        ("sets", ["50"]),
        ("albums", []),
    ],
)
def test_a_users_other_lists_are_listed(catalog: Catalog, client: Client, list_name: str, expected: list[str]) -> None:
    """Uploads newest first, reposts, both, sets and albums."""
    catalog.set_reposts(7, (Mention(kind="track", id=3), Mention(kind="playlist", id=50)))
    info = client(f"https://soundcloud.com/ada/{list_name}", extract_flat="in_playlist")
    assert [entry["id"] for entry in info["entries"]] == expected


def test_a_short_link_and_a_search_lead_to_tracks(catalog: Catalog, client: Client) -> None:
    """on.soundcloud.com redirects to the track's page; `scsearch` finds by title and uploader."""
    assert client(catalog.add_short_link("AbC12", TRACK))["id"] == "1"
    found = client("scsearch2:ada track", extract_flat="in_playlist")["entries"]
    assert [entry["title"] for entry in found] == ["Track 5", "Track 4"]


def test_a_private_set_opens_with_its_token_only(catalog: Catalog, client: Client) -> None:
    """A private set's tracks come by the batch call, in the set's order, private ones with their token."""
    catalog.change_track(2, secret_token="s-track")
    catalog.add_playlist(
        Playlist(
            id=51, user_id=7, permalink="secret", title="Secret", track_ids=(4, 2, 6, 3, 5, 1), secret_token="s-Set"
        )
    )
    hidden = "https://soundcloud.com/ada/sets/secret"
    assert failure(client, hidden, extract_flat="in_playlist").exc_info[1].status == 404
    info = client(f"{hidden}/s-Set", extract_flat="in_playlist")
    assert [entry["id"] for entry in info["entries"]] == ["4", "2", "3", "5", "1"]
    assert info["entries"][1]["url"] == "https://soundcloud.com/ada/track-2/s-track"


def test_a_private_track_opens_with_its_token_only(catalog: Catalog, client: Client) -> None:
    """Also its transcodings ask for the token."""
    catalog.change_track(1, secret_token="s-One")
    assert failure(client, TRACK).exc_info[1].status == 404
    assert len(client(f"{TRACK}/s-One")["formats"]) == 3


def test_archived_entries_of_a_set_cost_no_request(standin: SoundCloudStandin, client: Client) -> None:
    """D.3: ids in the archive are skipped unasked."""
    client(SET, ignoreerrors=True, download_archive={f"soundcloud {number}" for number in (1, 2, 3, 4, 5, 6, 99)})
    assert [line.path for line in standin.history if line.host == "api-v2.soundcloud.com"] == ["/resolve"]


def test_the_uploaded_file_is_for_signed_in_listeners(
    catalog: Catalog, standin: SoundCloudStandin, client: Client
) -> None:
    """D.1: an OAuth token is checked once and then opens the original of a downloadable track."""
    catalog.change_track(1, downloadable=True)
    rejected = client(TRACK, username="oauth", password="another-token")
    assert "download" not in [one["format_id"] for one in rejected["formats"]]
    assert "download" not in [one["format_id"] for one in client(TRACK)["formats"]]
    info = client(TRACK, download=True, format="download", username="oauth", password="a-token")
    assert downloaded(info) == b"RIFF and so on"
    assert info["ext"] == "wav"


def test_a_client_may_verify_the_certificates(
    standin: SoundCloudStandin, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D.4: with the authority trusted, verification passes; with the system's own it fails."""
    assert isinstance(failure(client, TRACK, nocheckcertificate=False).exc_info[1], TransportError)
    monkeypatch.setenv("SSL_CERT_FILE", str(standin.authority.export(tmp_path / "authority.pem")))
    info = client(TRACK, nocheckcertificate=False, compat_opts={"no-certifi"})
    assert info["id"] == "1"
