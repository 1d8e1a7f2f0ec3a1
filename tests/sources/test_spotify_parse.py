"""Spotify's answers, read: both shapes, and whatever else may stand in a list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.failure import Availability
from engine.sources.spotify import parse
from engine.sources.spotify.addresses import Thing

ID = "37ZtNwjYgZ0Jc5yTRDzJqW"
OTHER = "4cOdK2wGLETKBW3PvgPWqT"
TRACK: dict[str, Any] = {
    "id": ID,
    "uri": f"spotify:track:{ID}",
    "type": "track",
    "name": "Ti\u0301tle, “Part”\n2",
    "artists": [{"name": "Tyler, The Creator"}, {"name": "Ann"}, {"name": ""}],
    "album": {
        "name": "Album",
        "release_date": "2021-03-04",
        "images": [{"url": "small", "width": 64}, {"url": "wide", "width": 640}, {"url": "unknown", "width": None}],
    },
    "duration_ms": 215_000,
    "explicit": True,
    "external_ids": {"isrc": "us-aaa-20-00001"},
}
LOCAL = "spotify:local:Ann+%26+Bob:An+Album:It%3A+Title:215"


def _page(*items: object) -> parse.Page:
    page = parse.page({"items": list(items), "total": len(items)})
    assert page is not None
    return page


def test_a_track_gives_all_it_says() -> None:
    """Every artist is credited by itself, so that a comma in a name splits nothing (F9)."""
    seen = parse.piece(TRACK).seen
    assert seen is not None
    assert (seen.ref, seen.url) == (f"spotify:track:{ID}", f"https://open.spotify.com/track/{ID}")
    assert (seen.title, seen.artist) == ("Títle, “Part” 2", "Tyler, The Creator, Ann")
    assert seen.credits == ("Tyler, The Creator", "Ann")
    assert (seen.album, seen.release_date, seen.isrc) == ("Album", "2021-03-04", "USAAA2000001")
    assert (seen.duration_ms, seen.explicit, seen.artwork_url) == (215_000, True, "wide")
    assert seen.availability is Availability.METADATA_ONLY


@pytest.mark.parametrize("date", ["2021", "2021-03", "0000", None])
def test_a_date_that_is_not_whole_stays_unknown(date: str | None) -> None:
    """Unknown stays unknown: a year alone is no date."""
    seen = parse.piece({**TRACK, "album": {"release_date": date}}).seen
    assert seen is not None
    assert seen.release_date is None


@pytest.mark.parametrize("key", ["item", "track"])
def test_both_shapes_of_an_entry_are_read(key: str) -> None:
    """Since February 2026 the track stands under another name."""
    assert [entry.ref for entry in _page({"added_at": "x", key: TRACK}).entries] == [f"spotify:track:{ID}"]


def test_an_older_entry_is_found_beside_an_empty_newer_one() -> None:
    """An answer in between the two shapes loses nothing."""
    assert _page({"item": None, "track": TRACK}).entries[0].ref == f"spotify:track:{ID}"


@pytest.mark.parametrize("item", [{"item": None}, {"track": None}, {}, None, 7, {"item": {"id": None, "uri": None}}])
def test_a_place_whose_track_was_taken_away_is_a_place_without_a_track(item: object) -> None:
    """What Spotify calls null is no entry, and no reason to doubt the rest."""
    assert [entry.ref for entry in _page(item, {"item": TRACK}).entries] == [None, f"spotify:track:{ID}"]


def test_a_track_without_a_name_keeps_its_place_and_says_nothing() -> None:
    """Spotify blanks what left its catalogue."""
    assert parse.piece({**TRACK, "name": ""}) == parse.Entry(ref=f"spotify:track:{ID}")
    assert parse.piece({"id": ID, "type": "episode"}) == parse.Entry(ref=f"spotify:episode:{ID}")


def test_a_relinked_track_keeps_the_id_the_playlist_has() -> None:
    """An id that changed with the listener's country would be a removal and an addition."""
    relinked = {**TRACK, "id": OTHER, "linked_from": {"id": ID, "uri": f"spotify:track:{ID}"}}
    assert parse.piece(relinked).ref == f"spotify:track:{ID}"


def test_a_local_file_is_known_by_its_tags() -> None:
    """A file of somebody's machine has no id; the same tags are the same ref, other seconds another."""
    entry = parse.piece({"id": None, "uri": LOCAL, "name": "It: Title", "artists": [], "is_local": True})
    assert entry.seen is not None
    assert entry.seen.title == "It: Title"
    assert (entry.seen.artist, entry.seen.album, entry.seen.duration_ms) == ("Ann & Bob", "An Album", 215_000)
    assert entry.ref == parse.local_ref("Ann & Bob", "An Album", "It: Title", "215")
    assert entry.ref != parse.local_ref("Ann & Bob", "An Album", "It: Title", "216")
    assert parse.local_uri("Ann & Bob", "An Album", "It: Title", "215") == LOCAL


def test_a_local_file_without_tags_is_kept_without_a_description() -> None:
    """`spotify:local::::` stands for a file nobody tagged."""
    entry = parse.piece({"uri": "spotify:local::::"})
    assert (entry.ref is not None, entry.seen) == (True, None)


def test_an_episode_is_its_shows() -> None:
    """Episodes stand in playlists like tracks do."""
    seen = parse.piece(
        {"id": ID, "type": "episode", "name": "One", "show": {"name": "Show", "publisher": "Pub"}, "duration_ms": 9}
    ).seen
    assert seen is not None
    assert (seen.ref, seen.artist, seen.uploader) == (f"spotify:episode:{ID}", "Show", "Pub")
    assert seen.url == f"https://open.spotify.com/episode/{ID}"


def test_the_player_says_what_plays_and_from_where() -> None:
    """The context is the playlist the track plays from."""
    answer = {
        "currently_playing_type": "track",
        "item": TRACK,
        "context": {"type": "playlist", "uri": f"spotify:user:ada:playlist:{OTHER}"},
    }
    playback = parse.playback(answer)
    assert playback.entry is not None
    assert playback.entry.ref == f"spotify:track:{ID}"
    assert playback.context == Thing("playlist", OTHER)
    for uri, context in (
        ("spotify:user:ada:collection", "spotify:liked"),
        (f"spotify:album:{OTHER}", None),
        (f"spotify:artist:{OTHER}", None),
        (None, None),
    ):
        assert parse.playback({**answer, "context": {"uri": uri}}).context == context


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"currently_playing_type": "ad", "item": None},
        {"currently_playing_type": "unknown", "item": TRACK},
        {"currently_playing_type": "track", "item": None},
        {"currently_playing_type": "track", "item": TRACK, "device": {"is_private_session": True}},
    ],
)
def test_what_is_no_track_is_nothing_playing(answer: object) -> None:
    """F43: an advertisement, a private session and silence are answers."""
    assert parse.playback(answer) == parse.NOTHING


@pytest.mark.parametrize("answer", [None, [], {}, {"items": {}}, {"items": [], "total": "1"}, {"total": 1}])
def test_a_page_of_another_shape_is_unreadable(answer: object) -> None:
    """F33: what cannot be read is no empty list."""
    assert parse.page(answer) is None
    assert parse.heads(answer) is None
    assert parse.album_page(answer, {}) is None


def test_a_search_of_another_shape_is_unreadable() -> None:
    """F33: no answer is not the answer that there is nothing."""
    assert parse.tracks_found({"tracks": {"items": []}}) == ()
    assert parse.tracks_found({"albums": {}}) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["items", "total", "item", "track", "id", "uri", "name", "artists", "album", "images"])
            | st.sampled_from(["show", "linked_from", "external_ids", "release_date", "device", "context", "type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(ANYTHING)
def test_nothing_that_is_json_breaks_the_reading(answer: object) -> None:
    """Whatever the shape, the result is a value or nothing."""
    parse.page(answer)
    parse.heads(answer)
    parse.head(answer)
    parse.piece(answer)
    parse.playback(answer)
    parse.tracks_found(answer)
