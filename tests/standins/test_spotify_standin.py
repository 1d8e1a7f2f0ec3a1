"""The Spotify stand-in's Web API, asked by the real spotipy, unpatched."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler

from engine.standins import faults
from engine.standins.server import Exchange
from engine.standins.spotify import faults as spotify_faults
from engine.standins.spotify.records import Episode, LocalFile, Playing, Track, base62
from engine.standins.spotify.standin import SpotifyStandin

ONE, TWO, THREE = (base62(f"track {number}") for number in (1, 2, 3))
EPISODE = base62("episode")


class Clock:
    """A time that tests move."""

    now_s = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the time in seconds since the epoch."""
        return self.now_s


def furnish(standin: SpotifyStandin) -> SpotifyStandin:
    """Put three tracks, an episode and another account on a stand-in."""
    with standin.edit() as catalog:
        catalog.add_user("bob")
        catalog.add_track(Track(id=ONE, name="One", artists=("Ada", "Bo"), album="First", isrc="DEA120000001"))
        catalog.add_track(Track(id=TWO, name="Two", artists=("Ada",), relinked={"DE": THREE}))
        catalog.add_track(Track(id=THREE, name="Two", artists=("Ada",), restricted={"DE": "market"}))
        catalog.add_episode(Episode(id=EPISODE, name="Talk", show="Talks"))
    return standin


@pytest.fixture
def clock() -> Clock:
    """Give a time that stands still until it is moved."""
    return Clock()


@pytest.fixture
def standin(clock: Clock) -> Iterator[SpotifyStandin]:
    """Give a listening stand-in for a development app."""
    with SpotifyStandin(clock=clock) as standin:
        yield furnish(standin)


@pytest.fixture
def extended() -> Iterator[SpotifyStandin]:
    """Give a listening stand-in for an app with extended quota."""
    with SpotifyStandin(mode="extended") as standin:
        yield furnish(standin)


def client(standin: SpotifyStandin, *scopes: str, user: str | None = None) -> spotipy.Spotify:
    """Give spotipy with a token of its own and a session that does not retry."""
    token, _ = standin.grant(user, scopes=frozenset(scopes)) if scopes else standin.grant(user)
    made = spotipy.Spotify(auth=token, requests_session=requests.Session())
    made.prefix = standin.api_url
    return made


def refusal(ask: object, *arguments: object, **named: object) -> spotipy.SpotifyException:
    """Give what spotipy raises."""
    with pytest.raises(spotipy.SpotifyException) as raised:
        ask(*arguments, **named)  # type: ignore[operator]  # any of spotipy's methods
    return raised.value


def test_a_development_app_reads_items_of_its_own_playlists(standin: SpotifyStandin) -> None:
    """`/items` says `items[].item`, with ISRC, an absolute `next` and a total; removed fields are not there."""
    playlist = standin.catalog.create_playlist("ada", "Crate", [f"spotify:track:{ONE}"] * 51)
    spotify = client(standin)
    page = spotify.playlist_items(playlist)
    assert (page["total"], len(page["items"]), page["limit"]) == (51, 50, 50)
    item = page["items"][0]["item"]
    assert item["external_ids"] == {"isrc": "DEA120000001"}
    assert not {"popularity", "available_markets", "linked_from"} & item.keys()
    assert "track" not in page["items"][0]
    rest = spotify.next(page)
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert rest["previous"].startswith(standin.api_url)


def test_a_development_app_is_refused_the_old_endpoint_and_batches(standin: SpotifyStandin) -> None:
    """What left in February 2026 answers 403, whoever owns the playlist (F44)."""
    playlist = standin.catalog.create_playlist("ada", "Crate", [f"spotify:track:{ONE}"])
    spotify = client(standin)
    for path in (f"playlists/{playlist}/tracks", f"tracks?ids={ONE}", "users/bob", "users/bob/playlists", "markets"):
        assert refusal(spotify._get, path).http_status == 403
    assert refusal(spotify._get, "me/nothing").http_status == 404
    assert refusal(spotify._put, "me/tracks").http_status == 405


def test_what_others_own_is_metadata_only(standin: SpotifyStandin) -> None:
    """A followed playlist of somebody else has no `items`, and `/items` answers 403; a collaborator sees all."""
    with standin.edit() as catalog:
        theirs = catalog.create_playlist("bob", "Theirs", [f"spotify:track:{ONE}"], public=True)
        catalog.follow("ada", theirs)
        ours = catalog.create_playlist("bob", "Ours", [f"spotify:track:{ONE}"])
        catalog.invite(ours, "ada")
    spotify = client(standin)
    listed = {row["id"]: row for row in spotify.current_user_playlists()["items"]}
    assert "items" not in listed[theirs]
    assert listed[ours]["items"]["total"] == 1
    assert "items" not in spotify.playlist(theirs)
    assert refusal(spotify.playlist_items, theirs).http_status == 403
    assert spotify.playlist_items(ours)["total"] == 1


def test_an_extended_app_has_the_older_shape(extended: SpotifyStandin) -> None:
    """`tracks[].track`, popularity and markets, batches, and everybody's playlists are still there."""
    theirs = extended.catalog.create_playlist("bob", "Theirs", [f"spotify:track:{ONE}"], public=True)
    spotify = client(extended)
    whole = spotify.playlist(theirs)
    assert whole["tracks"]["items"][0]["track"]["popularity"] == 50
    assert whole["followers"]["total"] == 0
    assert spotify._get(f"playlists/{theirs}/tracks")["items"][0]["track"]["id"] == ONE
    assert [one and one["id"] for one in spotify.tracks([ONE, base62("gone")])["tracks"]] == [ONE, None]
    assert refusal(spotify.tracks, [ONE] * 51).http_status == 400
    assert client(extended, "user-read-private").me()["product"] == "premium"
    assert spotify.search("ada", limit=50)["tracks"]["total"] == 3


def test_items_that_are_no_tracks_keep_their_places(standin: SpotifyStandin) -> None:
    """Null items, local files and episodes stand where they stand."""
    local = LocalFile(artist="Söng & Co", album="", title="Take: 1", seconds=215)
    with standin.edit() as catalog:
        playlist = catalog.create_playlist(
            "ada", "Mixed", [f"spotify:track:{TWO}", local, f"spotify:episode:{EPISODE}"]
        )
        catalog.add(playlist, None, added_at=None)
        catalog.withdraw(f"spotify:track:{TWO}")
    page = client(standin).playlist_items(playlist)
    gone, file, episode, removed = page["items"]
    assert (gone["item"], removed["item"], removed["added_at"]) == (None, None, None)
    assert (file["is_local"], file["item"]["id"]) == (True, None)
    assert file["item"]["uri"] == "spotify:local:S%C3%B6ng+%26+Co::Take%3A+1:215"
    assert (episode["item"]["type"], episode["item"]["show"]["name"]) == ("episode", "Talks")


def test_every_change_makes_another_snapshot(standin: SpotifyStandin) -> None:
    """Adding, moving, renaming, removing and emptying change `snapshot_id`; looking does not."""
    playlist = standin.catalog.create_playlist("ada", "Crate", [f"spotify:track:{ONE}", f"spotify:track:{TWO}"])
    spotify = client(standin)

    def token() -> str:
        return str(spotify.playlist(playlist, fields="snapshot_id,name")["snapshot_id"])

    tokens = [token()]
    assert token() == tokens[0]
    changes: tuple[Callable[[], None], ...] = (
        lambda: standin.catalog.add(playlist, f"spotify:track:{THREE}", position=0),
        lambda: standin.catalog.move(playlist, 0, 2),
        lambda: standin.catalog.rename(playlist, "Box"),
        lambda: standin.catalog.remove(playlist, 1),
        lambda: standin.catalog.clear(playlist),
    )
    for change in changes:
        change()
        tokens.append(token())
    assert len(set(tokens)) == len(tokens)
    assert spotify.current_user_playlists()["items"][0]["snapshot_id"] == tokens[-1]


def test_spotifys_own_playlists_have_another_snapshot_with_every_look(extended: SpotifyStandin) -> None:
    """C.2: the token of an editorial playlist says nothing."""
    extended.catalog.add_user("spotify")
    made = extended.catalog.create_playlist("spotify", "Today", [f"spotify:track:{ONE}"], public=True)
    spotify = client(extended)
    assert len({spotify.playlist(made, fields="snapshot_id")["snapshot_id"] for _ in range(3)}) == 3


def test_reads_may_be_stale_by_script(standin: SpotifyStandin) -> None:
    """A reader that lags sees the state before the change, the next one the change itself."""
    with standin.edit() as catalog:
        playlist = catalog.create_playlist("ada", "Crate", [f"spotify:track:{ONE}"])
        catalog.add(playlist, f"spotify:track:{TWO}")
        catalog.lag(playlist, reading="items", reads=1)
    spotify = client(standin)
    assert [spotify.playlist_items(playlist)["total"] for _ in range(2)] == [1, 2]


def test_fields_choose_parts_of_an_answer(standin: SpotifyStandin) -> None:
    """`fields` takes nesting, dots and exclusion; what does not close is refused."""
    playlist = standin.catalog.create_playlist("ada", "Crate", [f"spotify:track:{ONE}"])
    spotify = client(standin)
    assert spotify.playlist(playlist, fields="name.all,owner.id,nothing") == {"name": "Crate", "owner": {"id": "ada"}}
    page = spotify.playlist_items(playlist, fields="items(added_at,item(id,album(!artists,!href))),total")
    assert page["items"][0]["item"].keys() == {"id", "album"}
    assert not {"artists", "href"} & page["items"][0]["item"]["album"].keys()
    assert spotify.playlist(playlist, fields="owner.id,owner.type")["owner"] == {"id": "ada", "type": "user"}
    for wrong in ("items(", "items)", "name)", ",", "items..id"):
        assert refusal(spotify.playlist, playlist, fields=wrong).http_status == 400


def test_wrong_parameters_are_refused(standin: SpotifyStandin) -> None:
    """Limits, offsets, ids, markets and types out of bounds answer 400; what is not there answers 404."""
    playlist = standin.catalog.create_playlist("ada", "Crate")
    spotify = client(standin)
    assert refusal(spotify.current_user_playlists, limit=51).http_status == 400
    assert refusal(spotify.current_user_playlists, limit=0).http_status == 400
    assert refusal(spotify.current_user_playlists, limit="x").http_status == 400
    assert refusal(spotify.current_user_saved_tracks, offset=-1).http_status == 400
    assert refusal(spotify._get, "tracks/short").http_status == 400
    assert refusal(spotify.track, ONE, market="Germany").http_status == 400
    assert refusal(spotify.playlist_items, playlist, additional_types=("film",)).http_status == 400
    assert refusal(spotify.track, base62("no")).http_status == 404
    assert refusal(spotify.episode, base62("no")).http_status == 404
    assert refusal(spotify.playlist, base62("no")).http_status == 404


def test_a_market_relinks_and_restricts(standin: SpotifyStandin, extended: SpotifyStandin) -> None:
    """With a market another id may come back, and what cannot be played says why; `linked_from` only if extended."""
    spotify = client(standin)
    assert spotify.track(TWO)["id"] == TWO
    assert spotify.track(TWO, market="DE")["id"] == THREE
    assert spotify.track(THREE, market="from_token")["restrictions"] == {"reason": "market"}
    assert spotify.track(ONE, market="DE")["is_playable"] is True
    assert client(extended).track(TWO, market="DE")["linked_from"]["id"] == TWO
    assert spotify.episode(EPISODE)["name"] == "Talk"


def test_liked_songs_are_newest_first(standin: SpotifyStandin) -> None:
    """Saved tracks say `track` in every mode, in the order of saving, newest first."""
    standin.catalog.like("ada", f"spotify:track:{ONE}", f"spotify:track:{TWO}")
    spotify = client(standin)
    assert [row["track"]["id"] for row in spotify.current_user_saved_tracks()["items"]] == [TWO, ONE]
    standin.catalog.unlike("ada", f"spotify:track:{TWO}")
    assert spotify.current_user_saved_tracks()["total"] == 1


def test_the_player_says_what_plays_and_from_where(standin: SpotifyStandin) -> None:
    """Nothing playing is 204; a context may be a playlist, the liked songs or nothing; an ad has no item."""
    spotify = client(standin)
    assert spotify.current_playback() is None
    assert spotify.current_user_playing_track() is None
    standin.catalog.play("ada", Playing(item=f"spotify:track:{ONE}", context=f"spotify:playlist:{TWO}"))
    playing = spotify.current_playback()
    assert (playing["item"]["id"], playing["context"]["uri"]) == (ONE, f"spotify:playlist:{TWO}")
    assert playing["device"]["is_active"] is True
    standin.catalog.play("ada", Playing(item=f"spotify:track:{ONE}", context="spotify:user:ada:collection"))
    assert spotify.currently_playing()["context"]["type"] == "collection"
    standin.catalog.play("ada", Playing(item=None, kind="ad"))
    assert spotify.currently_playing()["item"] is None
    standin.catalog.play("ada", Playing(item=f"spotify:episode:{EPISODE}", kind="episode"))
    assert spotify.currently_playing()["item"] is None
    assert spotify.currently_playing(additional_types="track,episode")["item"]["id"] == EPISODE
    standin.catalog.play("ada", None)
    assert spotify.current_playback() is None


def test_search_finds_by_isrc_and_by_words(standin: SpotifyStandin) -> None:
    """`isrc:` is exact, field filters narrow, and a development app gets ten at most."""
    spotify = client(standin)
    assert [row["id"] for row in spotify.search("isrc:DEA120000001")["tracks"]["items"]] == [ONE]
    assert spotify.search("isrc:DEA120000009")["tracks"]["total"] == 0
    assert spotify.search('track:"two" artist:ada')["tracks"]["total"] == 2
    assert spotify.search("artist:nobody")["tracks"]["total"] == 0
    assert spotify.search("one", type="album") == {}
    assert refusal(spotify.search, "one", limit=11).http_status == 400
    assert refusal(spotify.search, " ").http_status == 400
    assert refusal(spotify.search, "x" * 251).http_status == 400
    assert refusal(spotify.search, "one", type="").http_status == 400


def test_scopes_are_asked_for_by_each_endpoint(standin: SpotifyStandin) -> None:
    """A token without the scope answers 403, and lists of playlists leave out what it may not see."""
    with standin.edit() as catalog:
        private = catalog.create_playlist("ada", "Private")
        catalog.unfollow("ada", catalog.create_playlist("ada", "Left", public=True))
        public = catalog.create_playlist("ada", "Public", public=True)
        together = catalog.create_playlist("ada", "Together")
        catalog.invite(together, "bob")
    spotify = client(standin, "user-read-email")
    for ask in (spotify.current_user_saved_tracks, spotify.current_playback, spotify.currently_playing):
        refused = refusal(ask)
        assert (refused.http_status, "Insufficient client scope" in refused.msg) == (403, True)
    assert refusal(spotify.playlist, private).http_status == 403
    assert [row["id"] for row in spotify.current_user_playlists()["items"]] == [public]


def test_too_many_requests_in_thirty_seconds_wait_as_told(clock: Clock) -> None:
    """The window rolls: 429 carries whole seconds, and passes once they are over."""
    with SpotifyStandin(requests_per_window=2, clock=clock) as standin:
        spotify = client(standin)
        spotify.me()
        clock.now_s += 10
        spotify.me()
        refused = refusal(spotify.me)
        assert (refused.http_status, refused.headers["Retry-After"]) == (429, "20")
        clock.now_s += 20
        assert spotify.me()["id"] == "ada"


def test_misfortunes_come_by_script(standin: SpotifyStandin) -> None:
    """Waits of hours, plain-text 429, dead tokens, refusals, and what any service can have."""
    spotify = client(standin)
    day_s = 24 * spotify_faults.HOURS_S
    standin.script(
        spotify_faults.throttled(retry_after_s=day_s),
        spotify_faults.throttled_in_plain_text(retry_after_s=7),
        spotify_faults.expired_token(),
        spotify_faults.refused(),
        spotify_faults.broken(),
    )
    refusals = [refusal(spotify.me) for _ in range(5)]
    assert [refused.http_status for refused in refusals] == [429, 429, 401, 403, 503]
    assert [refused.headers.get("Retry-After") for refused in refusals[:2]] == ["86400", "7"]
    standin.script(faults.truncated(path="/v1/me/"))
    with pytest.raises(requests.exceptions.RequestException):
        spotify.me()
    assert spotify.me()["id"] == "ada"


def test_an_unregistered_user_and_an_app_without_user_are_refused(standin: SpotifyStandin) -> None:
    """A development app's owner lets five users in; a token of the app alone belongs to nobody."""
    app = standin.accounts.app
    manager = spotipy.SpotifyClientCredentials(
        client_id=app.client_id, client_secret=app.secret, cache_handler=MemoryCacheHandler()
    )
    manager.OAUTH_TOKEN_URL = standin.token_url
    token = manager.get_access_token(as_dict=False, check_cache=False)
    alone = spotipy.Spotify(auth=token, requests_session=requests.Session())
    alone.prefix = standin.api_url
    private = standin.catalog.create_playlist("ada", "Private")
    public = standin.catalog.create_playlist("ada", "Public", public=True)
    assert refusal(alone.me).http_status == 401
    assert refusal(alone.playlist, private).http_status == 404
    assert refusal(alone.playlist_items, public).http_status == 403
    standin.unregistered.add("bob")
    refused = refusal(client(standin, user="bob").me)
    assert (refused.http_status, "may not be registered" in refused.msg) == (403, True)


def test_editorial_playlists_are_not_there_for_development_apps(
    standin: SpotifyStandin, extended: SpotifyStandin
) -> None:
    """What Spotify itself curates answers 404 to a development app."""
    for one, status in ((standin, 404), (extended, 200)):
        playlist = one.catalog.create_playlist("spotify", "Mint", playlist_id=base62("mint"), public=True)
        with closing(requests.Session()) as session:
            headers = {"Authorization": f"Bearer {one.grant()[0]}"}
            assert session.get(f"{one.api_url}playlists/{playlist}", headers=headers).status_code == status


def test_it_keeps_a_history_of_its_own(standin: SpotifyStandin) -> None:
    """Every exchange is one line, and Web API requests are counted by path."""
    client(standin).me()
    exchange: Exchange = standin.history[-1]
    assert json.loads(exchange.to_json())["path"] == "/v1/me/"
    assert (standin.web_requests(), standin.web_requests("/v1/playlists")) == (1, 0)
    assert requests.get(f"{standin.url}/nothing", timeout=5).status_code == 404
