"""rekordbox and iTunes files as sources: each playlist by itself, in order, and nothing dangerous in the XML."""

import io
from pathlib import Path
from xml.parsers import expat

import pytest

from engine.sources.files import itunes, rekordbox, safe_xml
from engine.sources.files.rows import Row

LISTS = Path(__file__).parent.parent / "fixtures" / "lists"


def test_rekordbox_playlists_keep_order_and_repeats() -> None:
    """P14: by number and by place, folders in folders, two of one name told apart; a lost track is named."""
    with (LISTS / "rekordbox.xml").open("rb") as content:
        crate = rekordbox.read(content)
    assert list(crate.lists) == ["Gigs/Friday", "Gigs/2024/25/Friday", "Gigs/Friday (2)", "Empty"]
    friday = crate.lists["Gigs/Friday"]
    assert [row.title for row in friday.rows] == ["Away", "Jóga & Co (Howie Mix)", "Away", "Streamed"]
    assert friday.name == "Friday"
    assert [row.title for row in crate.lists["Gigs/2024/25/Friday"].rows] == ["Away", None]
    assert [bad.line for bad in crate.lists["Gigs/Friday (2)"].bad] == [2]
    assert len(crate.whole.rows) == 4


def test_rekordbox_says_where_files_are_and_what_they_are() -> None:
    """Locations are file addresses; a streaming service's is none, and its track is known by its name."""
    with (LISTS / "rekordbox.xml").open("rb") as content:
        joga, away, streamed, plain = rekordbox.read(content).whole.rows
    assert joga == Row(
        path="file:///MUSIC/J%C3%B3ga%20%26%20Co%231.wav",
        title="Jóga & Co (Howie Mix)",
        artist="Björk",
        album="Homogenic",
        genre="Art",
        label="One Little",
        duration_ms=305_000,
    )
    assert away.path == "file:///C:/Music/away.mp3"
    assert (streamed.path, streamed.title) == (None, "Streamed")
    assert plain == Row(path="file:///MUSIC/plain.mp3")


def test_rekordbox_says_which_streamed_track_it_is() -> None:
    """F57: what is streamed has the service's id and often no name; without either it is no track at all."""
    located = [
        "file://localhostspotify:track:4uLU6hMCjMI75M1A2tKUQC",
        "file://localhostspotify:track:7xKXtg2CW87d97TXJSDpbD",
        "file://localhostsoundcloud:tracks:36057077",
        "file://localhosttidal:tracks:5",
        "",
    ]
    tracks = "".join(f'<TRACK TrackID="{at}" Location="{one}"/>' for at, one in enumerate(located))
    keys = "".join(f'<TRACK Key="{at}"/>' for at in range(len(located)))
    crate = rekordbox.read(
        io.BytesIO(
            f"<DJ_PLAYLISTS><COLLECTION>{tracks}</COLLECTION><PLAYLISTS><NODE Type='0' Name='ROOT'>"
            f"<NODE Type='1' KeyType='0' Name='Mix'>{keys}</NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>".encode()
        )
    )
    assert [row.address for row in crate.lists["Mix"].rows] == [
        "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
        "https://open.spotify.com/track/7xKXtg2CW87d97TXJSDpbD",
        "https://api.soundcloud.com/tracks/36057077",
    ]
    assert [bad.line for bad in crate.lists["Mix"].bad] == [4, 5]
    assert len(crate.whole.rows) == 3


def test_itunes_playlists_are_known_by_their_ids() -> None:
    """P16: persistent ids name them; folders and lists of everything are left out; smart ones are lists like others."""
    with (LISTS / "itunes.xml").open("rb") as content:
        crate = itunes.read(content)
    assert list(crate.lists) == ["FFFFFFFFFFFFFFF3", "FFFFFFFFFFFFFFF4", "Nameless of id"]
    friday, smart, nameless = crate.lists.values()
    assert (friday.name, friday.native_id) == ("Friday / “late”", "FFFFFFFFFFFFFFF3")
    assert [row.title for row in friday.rows] == ["In the cloud", "Jóga & Co", "In the cloud"]
    assert [row.address for row in smart.rows] == ["http://radio.example/stream.mp3?a=1"]
    assert [bad.line for bad in smart.bad] == [2]
    assert (nameless.rows, nameless.native_id) == ((), None)
    assert friday.rows[1] == Row(
        path="file:///MUSIC/J%C3%B3ga.m4a",
        title="Jóga & Co",
        artist="Björk",
        album="Homogenic",
        genre="Art",
        release_date="1997-09-15",
        duration_ms=305_000,
        explicit=True,
    )


BOMB = """<?xml version="1.0"?>
<!DOCTYPE DJ_PLAYLISTS [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<DJ_PLAYLISTS><COLLECTION><TRACK Name="&b;"/></COLLECTION></DJ_PLAYLISTS>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE plist [<!ENTITY x SYSTEM "file:///etc/passwd">]><plist><dict><key>&x;</key></dict></plist>"""
PARAMETER = """<?xml version="1.0"?>
<!DOCTYPE plist [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><plist/>"""


@pytest.mark.parametrize("document", [BOMB, OUTSIDE, PARAMETER, "<NODE>" * 1000])
def test_xml_that_could_do_harm_is_refused(document: str) -> None:
    """No entity is expanded, nothing outside is loaded, and nothing nests without end."""
    for read in (rekordbox.read, itunes.read):
        with pytest.raises(safe_xml.UnsafeXMLError):
            read(io.BytesIO(document.encode()))


def test_a_file_that_ends_in_the_middle_is_no_list() -> None:
    """An export that was cut off proves nothing: it is refused as a whole."""
    with (LISTS / "rekordbox.xml").open("rb") as content:
        torn = content.read(900)
    with pytest.raises(expat.ExpatError):
        rekordbox.read(io.BytesIO(torn))


def test_odd_trees_are_read_as_far_as_they_go() -> None:
    """Strange but valid documents are no faults: values outside any dictionary, items that are none, no name."""
    empty = itunes.read(io.BytesIO(b"<plist><string>x</string></plist>"))
    assert (empty.whole.rows, empty.lists) == ((), {})
    odd = b"<plist><dict><key>Playlists</key><array><dict><key>Playlist Items</key><array><string>x</string></array>"
    lists = itunes.read(io.BytesIO(odd + b"</dict></array></dict></plist>")).lists
    assert [one.name for one in lists.values()] == ["Untitled"]
    node = rekordbox.read(io.BytesIO(b'<DJ_PLAYLISTS><NODE Type="1"/><TRACK Key="1"/></DJ_PLAYLISTS>'))
    assert list(node.lists) == ["Untitled"]
