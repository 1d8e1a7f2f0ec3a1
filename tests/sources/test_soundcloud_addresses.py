"""SoundCloud addresses: one canonical form for every way to write one."""

import pytest

from engine.sources.soundcloud.addresses import (
    Address,
    Numbered,
    OwnList,
    Page,
    ShortLink,
    UserList,
    UserSets,
    is_soundcloud,
    own,
    read,
)

SITE = "https://soundcloud.com"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{SITE}/ann/sets/mix", Page(url=f"{SITE}/ann/sets/mix")),
        ("soundcloud.com/ann/sets/mix/", Page(url=f"{SITE}/ann/sets/mix")),
        ("http://m.soundcloud.com/ann/sets/mix?si=1&utm=2#t=3", Page(url=f"{SITE}/ann/sets/mix")),
        (f"{SITE}/ann/sets/mix/s-Ab1", Page(url=f"{SITE}/ann/sets/mix/s-Ab1", token="s-Ab1")),
        (f"{SITE}/ann/sets/mix?secret_token=s-Ab1", Page(url=f"{SITE}/ann/sets/mix/s-Ab1", token="s-Ab1")),
        (f"{SITE}/ann/song?in=bob/sets/x", Page(url=f"{SITE}/ann/song")),
        (f"{SITE}/ann/song/s-Ab1", Page(url=f"{SITE}/ann/song/s-Ab1", token="s-Ab1")),
        (f"{SITE}/discover/sets/weekly", Page(url=f"{SITE}/discover/sets/weekly")),
        (f"{SITE}/ann", UserList(url=f"{SITE}/ann/tracks", which="tracks")),
        (f"{SITE}/ann/likes", UserList(url=f"{SITE}/ann/likes", which="likes")),
        (f"{SITE}/ann/sets", UserSets(url=f"{SITE}/ann/sets", which="sets")),
        ("m.soundcloud.com/ann/albums/?x=1", UserSets(url=f"{SITE}/ann/albums", which="albums")),
        (
            "https://api.soundcloud.com/users/soundcloud%3Ausers%3A5",
            UserList(url="https://api.soundcloud.com/users/5/tracks", which="tracks"),
        ),
        (
            "https://api-v2.soundcloud.com/users/5/likes?limit=24",
            UserList(url="https://api.soundcloud.com/users/5/likes", which="likes"),
        ),
        (f"{SITE}/you/likes", OwnList(which="likes")),
        (f"{SITE}/you/sets/", OwnList(which="sets")),
        ("soundcloud:likes", OwnList(which="likes")),
        ("soundcloud:sets", OwnList(which="sets")),
        ("https://on.soundcloud.com/AbC", ShortLink(url="https://on.soundcloud.com/AbC")),
        ("https://api.soundcloud.com/tracks/5", Numbered(kind="tracks", number="5")),
        (
            "https://api-v2.soundcloud.com/playlists/soundcloud%3Aplaylists%3A7?secret_token=s-x",
            Numbered(kind="playlists", number="7", token="s-x"),
        ),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/playlists/9&auto_play=true",
            Numbered(kind="playlists", number="9"),
        ),
    ],
)
def test_an_address_says_what_it_asks_for(written: str, expected: Address) -> None:
    """F49: queries, hosts and trailing slashes do not matter, secrets do."""
    assert is_soundcloud(written)
    assert read(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        SITE,
        f"{SITE}/discover",
        f"{SITE}/stations/track/ann/song",
        f"{SITE}/ann/song/recommended",
        "https://on.soundcloud.com/",
        "https://api.soundcloud.com/users/5/followers",
        f"{SITE}/feed",
        f"{SITE}/search?q=night%20drive",
        f"{SITE}/search/sounds?q=night",
        f"{SITE}/tags/house",
        f"{SITE}/you/history",
        "https://w.soundcloud.com/player/",
        "https://w.soundcloud.com/player/?url=https://w.soundcloud.com/player/?url=x",
    ],
)
def test_pages_that_are_no_list_of_tracks_ask_for_nothing(written: str) -> None:
    """They are SoundCloud's, and nothing here can list them."""
    assert is_soundcloud(written)
    assert read(written) is None


@pytest.mark.parametrize(
    "written", ["https://example.com/ann/sets/x", "", "https://[x", "/music/soundcloud.com", "soundcloud:set:9"]
)
def test_other_addresses_are_somebody_elses(written: str) -> None:
    """F41: an address goes to the source whose host it names."""
    assert not is_soundcloud(written)
    assert read(written) is None


def test_a_word_stands_for_a_list_of_the_persons_own_profile() -> None:
    """M8: whichever of its pages the profile's address is; without an address of a user there is no such list."""
    for profile in (f"{SITE}/ann", "soundcloud.com/ann/", f"{SITE}/ann/likes"):
        assert own(OwnList(which="reposts"), profile) == UserList(url=f"{SITE}/ann/reposts", which="reposts")
        assert own(OwnList(which="albums"), profile) == UserSets(url=f"{SITE}/ann/albums", which="albums")
    for other in (None, "", SITE, f"{SITE}/you", f"{SITE}/ann/song", "https://example.com/ann"):
        assert own(OwnList(which="likes"), other) is None
