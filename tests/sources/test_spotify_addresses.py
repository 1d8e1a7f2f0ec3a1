"""Spotify's links and URIs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sources.spotify.addresses import Special, Thing, is_spotify, read

ID = "37ZtNwjYgZ0Jc5yTRDzJqW"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        (f"https://open.spotify.com/playlist/{ID}", Thing("playlist", ID)),
        (f"https://open.spotify.com/playlist/{ID}?si=abc&pi=x", Thing("playlist", ID)),
        (f"https://open.spotify.com/intl-de/track/{ID}", Thing("track", ID)),
        (f"https://open.spotify.com/intl-pt-br/track/{ID}/", Thing("track", ID)),
        (f"https://open.spotify.com/embed/playlist/{ID}", Thing("playlist", ID)),
        (f"http://play.spotify.com/album/{ID}", Thing("album", ID)),
        (f"open.spotify.com/episode/{ID}", Thing("episode", ID)),
        (f"https://open.spotify.com/user/ada/playlist/{ID}", Thing("playlist", ID)),
        (f"spotify:playlist:{ID}", Thing("playlist", ID)),
        (f"spotify:user:ada:playlist:{ID}", Thing("playlist", ID)),
        (f" spotify:track:{ID} ", Thing("track", ID)),
        ("spotify:playlists", "spotify:playlists"),
        ("Spotify:Liked", "spotify:liked"),
        ("spotify:playing", "spotify:playing"),
        ("spotify:user:ada:collection", "spotify:liked"),
        ("spotify:collection:tracks", "spotify:liked"),
        ("https://open.spotify.com/collection/tracks", "spotify:liked"),
        ("https://open.spotify.com/collection/albums", None),
        (f"https://open.spotify.com/artist/{ID}", None),
        ("https://open.spotify.com/playlist/short", None),
        ("https://open.spotify.com", None),
        ("spotify:", None),
        ("https://soundcloud.com/ann/sets/mix", None),
        ("http://[", None),
    ],
)
def test_an_address_means_one_thing(url: str, meant: Thing | Special | None) -> None:
    """Links with whatever stands around the id, and URIs of every age, mean the same thing."""
    assert read(url) == meant


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("spotify:anything", True),
        ("https://open.spotify.com/artist/x", True),
        ("open.spotify.com/playlist/x", True),
        ("https://notspotify.com/playlist/x", False),
        ("https://open.spotify.com.evil.example/playlist/x", False),
        ("ftp://open.spotify.com/playlist/x", False),
        ("/music/spotify.m3u8", False),
        ("http://[", False),
    ],
)
def test_only_spotifys_own_addresses_are_its(url: str, ours: bool) -> None:  # noqa: FBT001 - a table of cases
    """F41: an address belongs to the source that can say what it is."""
    assert is_spotify(url) is ours


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever a person types is an address or nothing."""
    assert read(text) is None or is_spotify(text.strip())
