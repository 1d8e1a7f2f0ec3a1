"""One spelling per address, so that a row a person pasted meets what a source shows (F49, F57)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.addresses import canonical_address, named_by_address, serving_source


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://soundcloud.com/a/b", "https://soundcloud.com/a/b"),
        ("http://www.soundcloud.com/a/b/?si=1&utm_source=clipboard#t=1", "https://soundcloud.com/a/b"),
        ("https://m.soundcloud.com/a/b", "https://soundcloud.com/a/b"),
        ("https://youtu.be/dQw4?t=3", "https://youtube.com/watch?v=dQw4"),
        ("https://music.youtube.com/watch?v=dQw4&feature=share", "https://youtube.com/watch?v=dQw4"),
        ("https://open.spotify.com/track/x?si=y", "https://open.spotify.com/track/x"),
    ],
)
def test_two_spellings_of_one_address_are_one(typed: str, meant: str) -> None:
    """F49: what says how somebody came there is dropped, what says which thing is meant is kept."""
    assert canonical_address(typed) == meant


@pytest.mark.parametrize("text", ["", "a note", "file:///music/a.mp3", "http://[broken", "https://"])
def test_what_is_no_web_address_comes_back_as_it_is(text: str) -> None:
    """Bad input: nothing is made of what nobody can read."""
    assert canonical_address(text) == text


@given(text=st.text(max_size=30).map(lambda path: f"https://soundcloud.com/{path}"))
def test_a_canonical_address_is_its_own(text: str) -> None:
    """Once canonical, always the same."""
    once = canonical_address(text)
    assert canonical_address(once) == once


@pytest.mark.parametrize(
    ("ref", "url", "source"),
    [
        ("file:entry:1", "https://m.soundcloud.com/ann/song", "soundcloud"),
        ("file:entry:1", "https://on.soundcloud.com/AbC", "soundcloud"),
        ("file:entry:1", "https://youtu.be/dQw4w9WgXcQ", "youtube"),
        ("file:entry:1", "https://example.org/a.mp3", "file"),
        ("file:entry:1", "http://[broken", "file"),
        ("file:track:1", "file:///music/a.mp3", "file"),
        ("soundcloud:track:1", "https://youtu.be/dQw4w9WgXcQ", "soundcloud"),
    ],
)
def test_the_site_behind_a_line_of_a_list_serves_it(ref: str, url: str, source: str) -> None:
    """F57, M11: whose ways, pace and limits a download goes by is a matter of the site, not of who named it."""
    assert serving_source(ref, url) == source


@pytest.mark.parametrize(
    ("title", "url", "said"),
    [
        ("first-light", "https://soundcloud.com/ada/first-light?in=x", True),
        ("YouTube dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ", True),
        ("First Light", "https://soundcloud.com/ada/first-light", False),
        ("a", "http://[broken", False),
    ],
)
def test_the_end_of_an_address_is_no_name(title: str, url: str, said: bool) -> None:  # noqa: FBT001 - a table's column
    """F18: what a row calls a track for want of a name says nothing about its name."""
    assert named_by_address(title, url) is said
