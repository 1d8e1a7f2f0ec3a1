"""Addresses in lists: one spelling each, what is no track named, and lists of nothing but addresses."""

import pytest

from engine.sources import web
from engine.sources.files import m3u, places, urls
from engine.sources.files.rows import Row

VIDEO = "https://youtube.com/watch?v=dQw4w9WgXcQ"
SPOTIFY = "https://open.spotify.com/track/0GQW2gDyxgT5IsNEM4osbJ"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLx&t=3", VIDEO),
        ("http://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ", VIDEO),
        ("https://music.youtube.com/watch?v=dQw4w9WgXcQ", VIDEO),
        ("youtu.be/dQw4w9WgXcQ?si=1", VIDEO),
        ("https://youtube.com/shorts/dQw4w9WgXcQ", VIDEO),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ", VIDEO),
        ("https://www.youtube.com/watch", None),
        ("https://www.youtube.com/watch?v=", None),
        ("https://youtu.be/", None),
        ("https://www.youtube.com/shorts", None),
        ("https://www.youtube.com/playlist?list=PLabcdefghijkl", None),
        ("spotify:track:0GQW2gDyxgT5IsNEM4osbJ", SPOTIFY),
        ("open.spotify.com/track/0GQW2gDyxgT5IsNEM4osbJ?si=1", SPOTIFY),
        ("https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M", None),
        ("https://www.soundcloud.com/forss/flickermood/", "https://soundcloud.com/forss/flickermood"),
        ("https://soundcloud.com/forss/sets/soulhack", None),
        ("https://soundcloud.com/forss", None),
        ("https://soundcloud.com/forss/flickermood/s-AbCdEf", None),
        ("https://h/s.mp3?a=1", "https://h/s.mp3?a=1"),
        ("https://user:pass@h/s.mp3", "https://h/s.mp3"),
        ("ftp://h/s.mp3", None),
        ("https://[half", None),
        ("Ann - Song", None),
        ("", None),
    ],
)
def test_an_address_has_one_spelling_or_is_none(written: str, address: str | None) -> None:
    """F49: what can be no track has no address, however much of one it looks like."""
    assert web.track_address(written) == address


def test_audio_can_be_had_from_videos_and_open_tracks() -> None:
    """Spotify gives metadata only, and nobody knows what another site gives (F41)."""
    assert web.gives_audio(VIDEO)
    assert web.gives_audio("https://soundcloud.com/forss/flickermood")
    assert not web.gives_audio(SPOTIFY)
    assert not web.gives_audio("https://h/s.mp3")


def test_a_list_of_addresses_keeps_order_and_repeats() -> None:
    """P14: comments and blanks go, repeats stay, and what names no track is named by its line (F49)."""
    text = (
        f"# mine\r\n\r\n{VIDEO}\r\n{SPOTIFY}\n{VIDEO}\nhttps://www.youtube.com/watch\nhttps://soundcloud.com/a/sets/b\n"
        "https://soundcloud.com/forss/flickermood/s-AbCdEf\nnot an address\n"
    )
    listed = urls.parse(text.encode())
    assert [row.address for row in listed.rows] == [VIDEO, SPOTIFY, VIDEO]
    assert [bad.line for bad in listed.bad] == [6, 7, 8, 9]
    assert "s-AbCdEf" not in listed.bad[2].why
    assert listed.bad[3].why == "not an address is no web address"


@pytest.mark.parametrize(
    "line",
    [
        f"{VIDEO} # the good one",
        f"12. {VIDEO}",
        f"<{VIDEO}>",
        f"[First Light]({VIDEO})",
        f"listen to this: {VIDEO}, twice: {VIDEO}!",
    ],
)
def test_an_address_may_stand_among_words(line: str) -> None:
    """What people paste from elsewhere; the words beside it are nobody's name."""
    assert urls.parse(line.encode()).rows == (Row(address=VIDEO),)


def test_two_addresses_in_a_line_are_one_too_many() -> None:
    """Nobody says which of them is meant."""
    assert urls.parse(f"{VIDEO} or {SPOTIFY}".encode()).bad[0].line == 1


def test_an_m3u_names_what_it_cannot_reach() -> None:
    """F49: a bare `/watch` in an M3U is a bad line; Spotify's URIs are addresses; our own id is kept."""
    text = (
        "#CRATELOG:soundcloud:set:1\n#EXTINF:3,A\nhttps://www.youtube.com/watch\nspotify:track:0GQW2gDyxgT5IsNEM4osbJ\n"
    )
    listed = m3u.parse(text.encode())
    assert [(row.address, row.title) for row in listed.rows] == [(SPOTIFY, None)]
    assert [(bad.line, listed.native_id) for bad in listed.bad] == [(3, "soundcloud:set:1")]


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("C:\\Music\\Bo - Away.mp3", "Bo - Away"),
        ("\\\\nas\\share\\x.flac", "x"),
        ("../up/y.z.mp3", "y.z"),
        ("file:///C:/Music/a%20b.mp3", "a b"),
        ("ftp://h/x.mp3", "x"),
    ],
)
def test_a_name_is_read_from_any_systems_path(written: str, stem: str) -> None:
    """A list from another computer still says what its files are called."""
    assert places.stem(written) == stem
