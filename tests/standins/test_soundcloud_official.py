"""The official API of the SoundCloud stand-in: tokens, resolving, lists and access, asked by plain requests."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

import httpx
import pytest

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.faults import throttled
from engine.standins.soundcloud.records import Blocked, Delivery, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.standins.soundcloud.tokens import TOKENS_PER_APP, TOKENS_PER_VISITOR

Ask: TypeAlias = Callable[..., httpx.Response]
OFFICIAL = "https://api.soundcloud.com"
DESK = "https://secure.soundcloud.com/oauth/token"
APPS = {"an-id": "a-secret", "another": "s3:cret"}
NOW = [1_000_000.0]


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a stand-in with a track of every access, a hidden one, a private one, and a set and likes of them all."""
    catalog = Catalog()
    catalog.add_user(User(id=7, permalink="ada", username="Ada", full_name="Ada Example"))
    for number in range(1, 7):
        track = Track(
            id=number, user_id=7, permalink=f"t{number}", title=f"Track {number}", release_date="2024-03-05T00:00:00Z"
        )
        catalog.add_track(track, {"mp3_1_0": b"sound"})
    catalog.change_track(1, isrc="DEA622400001", artist="Ada & Co")
    catalog.change_policy(2, Policy.SNIP)
    catalog.change_policy(3, Policy.ALLOW, blocked_countries=("DE",))
    catalog.change_policy(4, Policy.ALLOW, blocked_countries=("DE",), blocked=Blocked.SILENT)
    catalog.change_policy(5, Policy.ALLOW, blocked_countries=("DE",), blocked=Blocked.HIDDEN)
    catalog.change_track(6, secret_token="s-six", delivery=Delivery.LOST, release_date=None)
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1, 2, 3, 4, 5, 6, 1)))
    secret = Playlist(id=51, user_id=7, permalink="own", title="Own", track_ids=(6, 1), secret_token="s-own")
    catalog.add_playlist(secret)
    liked = (Mention(kind="playlist", id=50), *(Mention(kind="track", id=number) for number in (6, 3, 2, 1)))
    catalog.set_likes(7, liked)
    with SoundCloudStandin(catalog, country="DE", apps=APPS, clock=lambda: NOW[0]) as standin:
        yield standin


@pytest.fixture
def client(standin: SoundCloudStandin) -> Iterator[httpx.Client]:
    """Give a client that goes through the stand-in and trusts it."""
    trust = ssl.create_default_context(cadata=standin.authority.pem.decode())
    with httpx.Client(proxy=standin.url, verify=trust) as client:
        yield client


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    """Give a way to GET a path of the official API, or a `next_href`, with a good token."""
    token = client.post(DESK, auth=("an-id", "a-secret"), data={"grant_type": "client_credentials"}).json()
    header = {"Authorization": f"OAuth {token['access_token']}"}

    def get(path: str, **query: Any) -> httpx.Response:
        url = path if path.startswith("https:") else f"{OFFICIAL}{path}"
        return client.get(url, params=query or None, headers=header)

    return get


def ids(answer: httpx.Response) -> list[int]:
    """Give the ids in a list, bare or in a page."""
    body = answer.json()
    return [one["id"] for one in (body["collection"] if isinstance(body, dict) else body)]


def test_a_token_lasts_an_hour(client: httpx.Client) -> None:
    """D.5: given for Basic credentials; after its time, or before by script, it is refused."""
    form = {"grant_type": "client_credentials"}
    given = client.post(DESK, auth=("another", "s3:cret"), data=form).json()
    assert (given["token_type"], given["expires_in"]) == ("bearer", 3_599)
    header = {"Authorization": f"OAuth {given['access_token']}"}
    url = f"{OFFICIAL}/users/soundcloud:users:7"
    assert client.get(url, headers=header).json()["username"] == "Ada"
    NOW[0] += 3_599
    expired = client.get(url, headers=header)
    assert (expired.status_code, expired.json()["code"]) == (401, 401)


def test_a_refresh_token_is_good_once(standin: SoundCloudStandin, client: httpx.Client) -> None:
    """D.5: single use, and only by the app it was given to."""
    given = client.post(DESK, auth=("an-id", "a-secret"), data={"grant_type": "client_credentials"}).json()
    standin.expire_tokens()
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    renewed = client.post(DESK, auth=("an-id", "a-secret"), data=form)
    assert renewed.status_code == 200
    header = {"Authorization": f"OAuth {given['access_token']}"}
    assert client.get(f"{OFFICIAL}/tracks/1", headers=header).status_code == 401
    assert client.post(DESK, auth=("an-id", "a-secret"), data=form).json() == {"error": "invalid_grant"}
    form["refresh_token"] = renewed.json()["refresh_token"]
    assert client.post(DESK, auth=("another", "s3:cret"), data=form).status_code == 400


@pytest.mark.parametrize(
    ("authorization", "form", "status", "error"),
    [
        (None, {"grant_type": "client_credentials"}, 401, "invalid_client"),
        ("Basic YW4taWQ6d3Jvbmc=", {"grant_type": "client_credentials"}, 401, "invalid_client"),
        ("Basic ???", {"grant_type": "client_credentials"}, 401, "invalid_client"),
        ("Basic YW4taWQ6YS1zZWNyZXQ=", {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ("Basic YW4taWQ6YS1zZWNyZXQ=", None, 400, "invalid_request"),
    ],
)
def test_the_desk_gives_nothing_to_strangers(
    client: httpx.Client, authorization: str | None, form: dict[str, str] | None, status: int, error: str
) -> None:
    """RFC 6749, 5.2: each refusal has its word."""
    headers = {"Authorization": authorization} if authorization else {}
    answer = client.post(DESK, data=form, headers=headers)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_the_desk_is_one_address_for_one_method(client: httpx.Client) -> None:
    """404 beside it, 405 for another method."""
    assert client.get(DESK).status_code == 405
    assert client.get("https://secure.soundcloud.com/").status_code == 404


def test_an_app_and_a_visitor_get_so_many_tokens(standin: SoundCloudStandin) -> None:
    """D.5: 30 an hour for a visitor, 50 in twelve hours for an app; the 429 says when to come back."""
    form = {"grant_type": "client_credentials"}

    def given(country: str) -> int:
        with httpx.Client(proxy=standin.way(country), verify=False) as client:
            for number in range(TOKENS_PER_APP.requests + 1):
                answer = client.post(DESK, auth=("an-id", "a-secret"), data=form)
                if answer.status_code == 429:
                    assert int(answer.headers["Retry-After"]) > 0
                    assert answer.json()["errors"][0]["meta"]["rate_limit"]["max_nr_of_requests"]
                    return number
        raise AssertionError("there was no limit")

    assert given("FR") == TOKENS_PER_VISITOR.requests
    NOW[0] += TOKENS_PER_VISITOR.window_s
    assert given("SE") <= TOKENS_PER_APP.requests - TOKENS_PER_VISITOR.requests


@pytest.mark.parametrize("header", [None, "OAuth", "OAuth wrong", "Basic YW4taWQ6YS1zZWNyZXQ=", "wrong"])
def test_without_a_good_token_nothing_is_told(client: httpx.Client, header: str | None) -> None:
    """401 in the official API's own shape."""
    answer = client.get(f"{OFFICIAL}/tracks/1", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["status"]) == (401, "401 - Unauthorized")


def test_an_official_token_is_none_of_api_v2(standin: SoundCloudStandin, client: httpx.Client, ask: Ask) -> None:
    """Each api has its own: a token in the wrong place is a 401, not a guest."""
    header = {"Authorization": ask("/tracks/1").request.headers["Authorization"]}
    answer = client.get(
        "https://api-v2.soundcloud.com/tracks/1", params={"client_id": standin.client_id}, headers=header
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("https://soundcloud.com/ada", "/users/soundcloud%3Ausers%3A7"),
        ("https://soundcloud.com/ada/t1", "/tracks/soundcloud%3Atracks%3A1"),
        ("https://soundcloud.com/ada/sets/crate", "/playlists/soundcloud%3Aplaylists%3A50"),
        ("https://soundcloud.com/ada/sets/own/s-own", "/playlists/soundcloud%3Aplaylists%3A51?secret_token=s-own"),
    ],
)
def test_resolve_redirects_to_the_urn(ask: Ask, address: str, location: str) -> None:
    """D.5: 302, and what it leads to is there; a secret goes along."""
    answer = ask("/resolve", url=address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{OFFICIAL}{location}")
    assert ask(answer.headers["Location"]).json()["id"] in (1, 7, 50, 51)


def test_what_is_not_there_is_a_404(ask: Ask) -> None:
    """Unknown, hidden here, private, of another kind, or no address of this api at all."""
    assert ask("/resolve", url="https://soundcloud.com/nobody").status_code == 404
    assert ask("/resolve", url="https://soundcloud.com/ada/t5").status_code == 404
    for path in (
        "/tracks/soundcloud:tracks:5",
        "/tracks/soundcloud:tracks:6",
        "/tracks/soundcloud:playlists:50",
        "/playlists/51",
        "/playlists/51/tracks",
        "/users/9",
        "/users/9/tracks",
        "/users/9/playlists",
        "/users/9/likes/tracks",
        "/charts",
    ):
        assert ask(path).status_code == 404, path
    assert ask("/me/likes/tracks").status_code == 401


def test_a_track_has_its_access_and_its_facts(ask: Ask) -> None:
    """D.5: `access` in place of the policy, ISRC and artist, the official dates, URNs."""
    shown = ask("/tracks/soundcloud%3Atracks%3A1").json()
    assert (shown["urn"], shown["access"], shown["isrc"]) == ("soundcloud:tracks:1", "playable", "DEA622400001")
    assert (shown["metadata_artist"], shown["created_at"]) == ("Ada & Co", "2024/01/01 00:00:00 +0000")
    assert (shown["release_year"], shown["release_month"], shown["release_day"]) == (2024, 3, 5)
    levels = [ask(f"/tracks/{number}").json()["access"] for number in (2, 3, 4)]
    assert levels == ["preview", "blocked", "blocked"]
    assert ask("/tracks/2").json()["duration"] == 180_000
    private = ask("/tracks/6", secret_token="s-six").json()
    assert (private["sharing"], private["release_year"]) == ("private", None)


def test_a_set_shows_what_access_asks_for(ask: Ask) -> None:
    """D.5: what is blocked here is left out unless asked for; order and repeats stay; so does the set's own count."""
    urn = "/playlists/soundcloud:playlists:50"
    shown = ask(urn).json()
    assert ([one["id"] for one in shown["tracks"]], shown["track_count"]) == ([1, 2, 1], 7)
    assert ids(ask(f"{urn}/tracks")) == [1, 2, 1]
    everything = "playable,preview,blocked"
    assert ids(ask(f"{urn}/tracks", access=everything)) == [1, 2, 3, 4, 1]
    assert ids(ask(f"{urn}/tracks", access="blocked")) == [3, 4]
    assert ask(urn, show_tracks="false").json()["tracks"] == []
    assert ids(ask("/playlists/51/tracks", secret_token="s-own")) == [6, 1]
    for path in (urn, f"{urn}/tracks"):
        assert ask(path, access="all").status_code == 400


def test_lists_are_partitioned_where_asked(ask: Ask) -> None:
    """`next_href` keeps the question; its end is null; a place of another list is refused."""
    urn = "/playlists/soundcloud:playlists:50/tracks"
    page = ask(urn, linked_partitioning="true", limit="2", access="playable,preview,blocked")
    seen = ids(page)
    foreign = httpx.URL(page.json()["next_href"]).params["cursor"]
    while following := page.json()["next_href"]:
        page = ask(following)
        seen += ids(page)
    assert seen == [1, 2, 3, 4, 1]
    assert ask("/users/7/tracks", cursor=foreign).status_code == 400
    assert ask(urn, limit="none").status_code == 400


def test_likes_are_tracks_only(ask: Ask) -> None:
    """Newest first, without what is private or blocked here; sets are another list's."""
    assert ids(ask("/users/soundcloud:users:7/likes/tracks", linked_partitioning="true")) == [2, 1]
    assert ids(ask("/users/7/likes/tracks", access="blocked")) == [3]
    assert ids(ask("/users/7/tracks")) == [2, 1]
    assert ids(ask("/users/7/playlists")) == [50]


def test_tracks_are_found_by_urn_and_by_question(ask: Ask) -> None:
    """Those asked for, in the order asked, as far as they are to be seen; or a search."""
    urns = ",".join(f"soundcloud:tracks:{number}" for number in (2, 1, 6, 99, 3))
    assert ids(ask("/tracks", urns=urns)) == [2, 1]
    assert ids(ask("/tracks", q="ada track 1", linked_partitioning="1")) == [1]
    assert ask("/tracks").status_code == 400
    assert ask("/tracks", urns="1,2").status_code == 400


def test_a_limit_is_told_in_its_own_words(standin: SoundCloudStandin, ask: Ask) -> None:
    """D.5: errors[0].meta.rate_limit, remaining requests and when they come back."""
    standin.script(replace(throttled(retry_after_s=7), host=r"api\.soundcloud\.com"))
    answer = ask("/tracks/1")
    meta = answer.json()["errors"][0]["meta"]
    assert (answer.status_code, answer.headers["Retry-After"], meta["remaining_requests"]) == (429, "7", 0)
    assert set(meta["rate_limit"]) == {"group", "max_nr_of_requests", "time_window"}


def test_tokens_and_secrets_stay_out_of_the_written_history(standin: SoundCloudStandin, ask: Ask) -> None:
    """F56: the history knows which host was shown which header; a written line has the names only."""
    ask("/tracks/1")
    shown = {line.host: line.headers.get("authorization", "").split(" ")[0] for line in standin.history}
    assert shown == {
        "secure.soundcloud.com:443": "",
        "api.soundcloud.com:443": "",
        "secure.soundcloud.com": "Basic",
        "api.soundcloud.com": "OAuth",
    }
    written = standin.history[-1].to_json()
    assert '"credentials":["authorization"]' in written
    assert standin.history[-1].headers["authorization"] not in written
