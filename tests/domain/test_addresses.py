"""One spelling per address, so that a row a person pasted meets what a source shows (F49, F57)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.addresses import canonical_address


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
