"""M3U text: encodings, line ends, comments, and bytes that are nothing at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sources.files.m3u import parse
from engine.sources.files.places import path_of
from engine.sources.files.rows import Row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    """A byte order mark decides, else UTF-8, else what Windows wrote."""
    playlist = parse("#EXTM3U\r\n#EXTINF:12,Björk – Jóga\r\nJóga.mp3\r\n".encode(encoding))
    assert playlist.rows == (Row(path="Jóga.mp3", artist="Björk", title="Jóga", duration_ms=12_000),)


@pytest.mark.parametrize(
    ("encoding", "told", "artist"),
    [
        ("cp1251", "WINDOWS-1251", "Кино"),
        ("shift_jis", "Shift_JIS", "椎名林檎"),
        ("utf-8", "UTF-8", "Кино"),
        ("utf-8", "no-such-encoding", "Кино"),
        ("cp1252", "UTF-8", "Björk"),
        ("cp1252", "hex", "Björk"),
        ("utf-8-sig", "WINDOWS-1251", "Кино"),
    ],
)
def test_a_list_may_tell_its_encoding(encoding: str, told: str, artist: str) -> None:
    """`#EXTENC` is believed where it is true; a byte order mark knows better."""
    playlist = parse(f"#EXTM3U\n#EXTENC: {told}\n#EXTINF:12,{artist} - x\nx.mp3\n".encode(encoding))
    assert playlist.rows == (Row(path="x.mp3", artist=artist, title="x", duration_ms=12_000),)


def test_lines_of_their_own_say_artist_album_and_genre() -> None:
    """An artist said apart is the artist; the title stays whole, its dash among it, and nothing leaks."""
    playlist = parse(
        b"#EXTINF:1,Song - Part 2\n#EXTART:Ann\n#EXTALB:Album\n#EXTGENRE:Techno\na.mp3\n"
        b"#EXTINF:1,Ann - Song\n#EXTART:Ann\nb.mp3\nc.mp3\n"
    )
    assert playlist.rows == (
        Row(path="a.mp3", artist="Ann", title="Song - Part 2", duration_ms=1_000, album="Album", genre="Techno"),
        Row(path="b.mp3", artist="Ann", title="Song", duration_ms=1_000),
        Row(path="c.mp3"),
    )


def test_what_a_line_says_is_about_the_next_entry_only() -> None:
    """Comments and blanks lie between; a title does not leak onto the entry after."""
    playlist = parse(b'#EXTINF:-1 tvg-id="x",One\n#EXTGRP:g\n\na.mp3\nb.mp3\n#EXTINF:\nc.mp3')
    assert [(row.path, row.title, row.duration_ms) for row in playlist.rows] == [
        ("a.mp3", "One", None),
        ("b.mp3", None, None),
        ("c.mp3", None, None),
    ]


def test_a_line_separator_inside_a_name_ends_no_line() -> None:
    """U+2028 is a letter of a file name, not the end of it."""
    assert [row.path for row in parse("a\u2028b.mp3\rc.mp3".encode()).rows] == ["a\u2028b.mp3", "c.mp3"]


@given(st.binary(max_size=200))
def test_any_bytes_are_some_playlist(content: bytes) -> None:
    """Bad input: no bytes stop the reader, and no entry is empty."""
    assert all(row.path or row.address for row in parse(content).rows)


@given(st.lists(st.text("abz", min_size=1, max_size=8).map(lambda name: f"{name}.mp3")))
def test_entries_come_out_as_they_went_in(names: list[str]) -> None:
    """P14: order and repeats kept, whatever they are."""
    assert [row.path for row in parse("\n".join(names).encode()).rows] == names


def test_a_file_url_may_name_a_share_or_a_drive() -> None:
    """What other systems write still reads as the path it means."""
    assert str(path_of("file:///C:/Music")).endswith("C:/Music")
    assert str(path_of("file://nas/share/x.mp3")).endswith("/nas/share/x.mp3")
    assert str(path_of("file:/a%20b")) == "/a b"
