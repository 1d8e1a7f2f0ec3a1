"""Search and users' lists on the SoundCloud stand-in, through the installed, unpatched yt-dlp and directly."""

import ssl
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import httpx
import pytest
from yt_dlp import YoutubeDL

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.pages import PAGE_ITEMS_MAX
from engine.standins.soundcloud.records import Mention, Playlist, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

Ask: TypeAlias = Callable[..., httpx.Response]
API = "https://api-v2.soundcloud.com"


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening stand-in: a song with its remix, reupload and slowed version, and a long list of others."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada", full_name="Ada Example"))
    catalog.add_user(User(id=8, permalink="leaks", username="Uploads & Leaks"))
    songs = (
        (1, 7, "Night Drive", 10),
        (2, 8, "Ada - Night Drive (Kestrel Remix)", 900),
        (3, 8, "ada night drive", 10),
        (4, 8, "Ada - Night Drive (slowed + reverb)", 5_000),
        (5, 8, "Night Bus", 9_000),
        (6, 7, "Night Drive (demo)", 99_000),
    )
    for number, owner, title, plays in songs:
        catalog.add_track(
            Track(id=number, user_id=owner, permalink=f"s{number}", title=title, playback_count=plays),
            {"mp3_1_0": b"sound"},
        )
    catalog.change_track(6, secret_token="s-demo")
    for number in range(100, 560):
        catalog.add_track(Track(id=number, user_id=8, permalink=f"t{number}", title=f"Filler {number}"))
    for number in range(1_000, 1_205):
        kind = "album" if number % 2 else ""
        catalog.add_playlist(
            Playlist(id=number, user_id=8, permalink=f"p{number}", title=f"Set {number}", set_type=kind)
        )
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Night Crate", track_ids=(1, 2)))
    catalog.add_playlist(Playlist(id=51, user_id=7, permalink="own", title="Night Own", secret_token="s-own"))
    with SoundCloudStandin(catalog) as standin:
        yield standin


@pytest.fixture(scope="module")
def ask(standin: SoundCloudStandin) -> Iterator[Ask]:
    """Give a way to GET a path of api-v2, or a `next_href` as it came."""
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    with httpx.Client(proxy=standin.url, verify=trust) as client:

        def get(path: str, **query: Any) -> httpx.Response:
            url = httpx.URL(path if path.startswith("https:") else f"{API}{path}")
            return client.get(url.copy_merge_params({"client_id": standin.client_id, **query}))

        yield get


def entries(standin: SoundCloudStandin, address: str) -> list[Any]:
    """Give the flat entries yt-dlp lists at an address."""
    options = {"proxy": standin.url, "nocheckcertificate": True, "cachedir": False, "quiet": True}
    with YoutubeDL({**options, "extract_flat": "in_playlist"}) as downloader:
        return list(downloader.extract_info(address, download=False)["entries"])


def test_a_search_puts_imitations_beside_the_original(standin: SoundCloudStandin) -> None:
    """Words count, where they stand and what else is said do not: the original is last of four, the private unseen."""
    found = entries(standin, "scsearch5:Ada Night Drive")
    assert [entry["id"] for entry in found] == ["4", "2", "3", "1"]


def test_a_short_question_needs_every_word_and_a_longer_one_most(ask: Ask) -> None:
    """Two words both; of four, three; accents, case and punctuation are nothing; no words find nothing."""

    def hits(question: str) -> list[int]:
        return [one["id"] for one in ask("/search/tracks", q=question).json()["collection"]]

    assert hits("NIGHT büs!") == [5]
    assert hits("night absent") == []
    assert hits("ada night drive absent") == [4, 2, 3, 1]
    assert hits("night drive kestrel remix") == [2]
    assert hits("  ") == []


def test_a_search_is_paged_by_number_to_its_end(ask: Ask) -> None:
    """`total_results` is the whole; `next_href` asks the same question; a page has at most two hundred."""
    page = ask("/search/tracks", q="filler", limit="500", linked_partitioning="1").json()
    seen = list(page["collection"])
    assert (page["total_results"], len(seen)) == (460, PAGE_ITEMS_MAX)
    while page["next_href"]:
        page = ask(page["next_href"]).json()
        seen += page["collection"]
    assert len({one["id"] for one in seen}) == 460
    assert ask("/search/tracks", q="filler", offset="9999").json()["collection"] == []
    assert ask("/search/tracks", q="filler", offset="x").status_code == 400


def test_a_search_of_everything_has_every_kind(ask: Ask) -> None:
    """Accounts, tracks and sets in one list, each saying what it is; each kind also alone."""
    kinds = [one["kind"] for one in ask("/search", q="ada night").json()["collection"]]
    assert set(kinds) == {"track", "playlist"}
    assert [one["kind"] for one in ask("/search", q="ada example").json()["collection"]] == ["user"]
    assert [one["id"] for one in ask("/search/users", q="leaks").json()["collection"]] == [8]
    assert [one["id"] for one in ask("/search/playlists", q="night crate").json()["collection"]] == [50]


def test_a_users_sets_are_listed_over_pages_without_private_ones(standin: SoundCloudStandin) -> None:
    """yt-dlp's /sets and /albums: newest first, two hundred to a page."""
    before = len(standin.history)
    found = entries(standin, "https://soundcloud.com/leaks/sets")
    assert [int(entry["id"]) for entry in found] == list(range(1_204, 999, -1))
    asked = [line.path for line in standin.history[before:] if line.host == "api-v2.soundcloud.com"]
    assert asked == ["/resolve", "/users/8/playlists", "/users/8/playlists"]
    albums = entries(standin, "https://soundcloud.com/leaks/albums")
    assert {entry["title"] for entry in albums} == {f"Set {number}" for number in range(1_001, 1_205, 2)}
    assert [entry["id"] for entry in entries(standin, "https://soundcloud.com/ada/sets")] == ["50"]


def test_sets_without_albums_are_a_list_of_their_own(ask: Ask) -> None:
    """The profile's own tabs ask for them apart."""
    shown = ask("/users/8/playlists_without_albums", limit="200").json()["collection"]
    assert {one["is_album"] for one in shown} == {False}
    assert ask("/users/999/playlists").status_code == 404


def test_likes_and_reposts_hold_sets_too(standin: SoundCloudStandin, ask: Ask) -> None:
    """D.2: yt-dlp lists sets among likes and reposts; in the api each line says which it is."""
    mentions = (Mention(kind="playlist", id=50), Mention(kind="track", id=1), Mention(kind="playlist", id=51))
    standin.catalog.set_likes(7, mentions)
    standin.catalog.set_reposts(7, mentions)
    for which in ("likes", "reposts"):
        found = entries(standin, f"https://soundcloud.com/ada/{which}")
        assert [entry["id"] for entry in found] == ["50", "1"]
    reposts = ask("/stream/users/7/reposts").json()["collection"]
    assert [set(one) - {"created_at"} for one in reposts] == [{"type", "playlist"}, {"type", "track"}]


def test_what_is_liked_meanwhile_moves_no_page(standin: SoundCloudStandin, ask: Ask) -> None:
    """A place in a list counts from its end: the next page goes on where the last one stopped."""
    liked = tuple(Mention(kind="track", id=number) for number in range(100, 450))
    standin.catalog.set_likes(8, liked)
    page = ask("/users/8/likes", limit="200", linked_partitioning="1", offset="0").json()
    standin.catalog.set_likes(8, (Mention(kind="track", id=1), *liked))
    rest = ask(page["next_href"]).json()
    seen = [one["track"]["id"] for one in (*page["collection"], *rest["collection"])]
    assert (seen, rest["next_href"]) == (list(range(100, 450)), None)


@pytest.mark.parametrize("offset", ["200", "x", "2024-01-01T00:00:00Z,users-7-tracks,0000000000000000000001"])
def test_a_place_that_is_none_is_refused(ask: Ask, offset: str) -> None:
    """Places are opaque: none is made up, counted by hand or borrowed from another list."""
    assert ask("/users/8/likes", offset=offset).status_code == 400


def test_a_profile_says_what_it_is_told_to(standin: SoundCloudStandin, ask: Ask) -> None:
    """Counts are of the lists, unless scripted: likes of hidden tracks count on a real profile and are never shown."""
    standin.catalog.set_likes(8, (Mention(kind="track", id=1), Mention(kind="playlist", id=50)))
    shown = ask("/resolve", url="https://soundcloud.com/leaks").json()
    names = ("likes_count", "playlist_likes_count", "track_count", "playlist_count", "reposts_count")
    assert [shown[name] for name in names] == [1, 1, 464, 205, 0]
    standin.catalog.change_user(8, likes_count=7, reposts_count=3)
    shown = ask("/users/8").json()
    assert [shown[name] for name in names] == [7, 1, 464, 205, 3]
    standin.catalog.change_user(8, likes_count=None, reposts_count=None)
