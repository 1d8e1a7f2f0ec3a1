"""Names and credits as sources give them: kept whole, never guessed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sources import wording


@given(st.text())
def test_clean_text_can_always_be_kept(text: str) -> None:
    """Bad input: whatever a source sends, what is left is one line of NFC that UTF-8 can carry."""
    kept = wording.clean(text)
    assert kept is None or kept.encode().decode() == kept == unicodedata.normalize("NFC", kept) == wording.clean(kept)
    assert not set(kept or "") & set("\0\n\r\t")


@pytest.mark.parametrize("title", ["🎛️ Set 🔥", "موسيقى – جديدة", "x" * 300, "a/b\\c", "CON"])
def test_odd_titles_survive(title: str) -> None:
    """Emoji with joiners, right-to-left text, length and slashes are the title's own."""
    assert wording.clean(title) == title


def test_nothing_is_no_text() -> None:
    """Blanks, control characters and values that are no text are unknown."""
    assert [wording.clean(one) for one in (None, 3, "", " \0\n", "\ud800")] == [None] * 5
    assert wording.clean("a\0b\nc") == "ab c"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ann - Song", ("Ann", "Song")),
        ("Ann – Song - Live", ("Ann", "Song - Live")),
        ("01. Ann - Song", ("Ann", "Song")),
        ("01 - Ann - Song", ("Ann", "Song")),
        ("PREMIERE: Ann - Song", ("Ann", "Song")),
        ("A-ha", None),
        ("01 - Song", None),
        ("Song", None),
        (" - Song", None),
        ("99 Problems", None),
    ],
)
def test_a_title_may_name_its_artist(title: str, expected: tuple[str, str] | None) -> None:
    """F73: a dash with blanks around it parts artist and title; a number before it is no artist."""
    assert wording.credit(title) == expected


def test_isrcs_and_dates_are_themselves_or_unknown() -> None:
    """Only what has the form of an ISRC or of a date is one."""
    assert wording.isrc("gb-ayE-21-00123") == "GBAYE2100123"
    assert [wording.isrc(one) for one in (None, 5, "", "GBAYE210012", "1BAYE2100123")] == [None] * 5
    assert wording.date_only("2020-02-03T00:00:00Z") == wording.date_only("2020-02-03") == "2020-02-03"
    assert [wording.date_only(one) for one in (None, "2020", "2020-13-01", "soon")] == [None] * 4
