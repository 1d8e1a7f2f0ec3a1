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
