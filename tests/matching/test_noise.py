"""What stands around a name and is not the name: found, recorded, and never all there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.noise import is_credit, is_listing_number, is_noise, is_promotion, listed, promoted, trim
from engine.matching.parsing import parse
from engine.matching.tokens import tokens, units

LONG = 100_000
HOSTILE = (
    "(",
    ")",
    "()",
    "[(",
    "-",
    " -",
    "_",
    "_ ",
    " ",
    "0",
    "0.",
    "1.1",
    "!",
    "$ ",
    "free ",
    "free dl ",
    "|",
    "//",
    "a-",
)
HOSTILE_BEHIND = ("ä", "feat ", "out now on ", "1 - ", "copy", "#", "「", "\ue000", "x ")


@pytest.mark.parametrize(
    ("name", "text", "noise"),
    [
        ("Numb.mp3", "Numb", (".mp3",)),
        ("0362CC15_linkin park - numb", "linkin park - numb", ("0362CC15",)),
        ("Numb (1)", "Numb", ("(1)",)),
        ("Numb 1.1.2", "Numb", ("1.1.2",)),
        ("Numb.1.2", "Numb", (".1.2",)),
        ("Numb.1", "Numb", (".1",)),
        ("Numb - Copy", "Numb", ("Copy",)),
        ("Numb Kopie 2", "Numb", ("Kopie 2",)),
        ("Numb (Enhanced)", "Numb", ("(Enhanced)",)),
        ("Numb 320kbps", "Numb", ("320kbps",)),
        ("Wraz - Pieces - 300525 MEDi 137", "Wraz - Pieces - 300525", ("MEDi 137",)),
        ("Numb Pt.2", "Numb Pt.2", ()),
        ("Enhanced", "Enhanced", ()),
        (".mp3", ".mp3", ()),
        ("Copy", "Copy", ()),
        ("Deadbeef Song", "Deadbeef Song", ()),
    ],
)
def test_what_tools_add_is_taken_off_and_recorded(name: str, text: str, noise: tuple[str, ...]) -> None:
    """Endings, export prefixes, copies, formats and tempos; a name never consists of noise alone."""
    trimmed = trim(name)
    assert (trimmed.text, trimmed.noise) == (text, noise)


def test_a_name_that_a_tool_wrote_is_known_as_such() -> None:
    """Underscores for blanks and addresses have lost their brackets; an address may end in a counter."""
    assert trim("Linkin_Park_-_Numb").text == "Linkin Park - Numb"
    assert trim("Linkin_Park_-_Numb").damaged
    assert trim("in-the-end-2").damaged
    assert trim("in-the-end-2").counter
    assert trim("untitled-3").counter
    assert not trim("in-the-end").counter
    assert not trim("In Bloom _ Never Remember").damaged


def test_what_a_copy_is_called_is_kept_apart() -> None:
    """`(1)` and `(2)` may be copies or parts: `names` has to know."""
    assert trim("Numb (1)").copy == "(1)"
    assert trim("Numb.mp3").copy == ""


@pytest.mark.parametrize(
    "bracket",
    [
        *(
            "FREE DL",
            "Free Download",
            "Official Video",
            "Official Music Video",
            "Lyrics",
            "MV",
            "OUT NOW ON METALHEADZ",
        ),
        *(
            "PREMIERE",
            "HQ",
            "320",
            "320 kbps",
            "24-bit",
            "44.1 kHz",
            "M4A",
            "LP",
            "Forthcoming on Foo",
            "Buy = Free",
            "",
        ),
        *("Full Stream", "Symmetry Recordings", "Pre-Order now", "  "),
    ],
)
def test_brackets_without_identity_are_noise(bracket: str) -> None:
    """Promotion, formats, labels and kinds of album."""
    assert is_noise(bracket, tokens(bracket), square=False)


@pytest.mark.parametrize("bracket", ["VIP", "Skrillex Remix", "Free Radicals Remix", "8 bit", "128", "Part 2", "Live"])
def test_brackets_that_tell_are_no_noise(bracket: str) -> None:
    """F9, F18: version, part and remixer are identity."""
    assert not is_noise(bracket, tokens(bracket), square=True)


def test_labels_stand_in_square_brackets() -> None:
    """`[OWSLA]` is a label; in round brackets it may be anybody."""
    assert is_noise("OWSLA", ("owsla",), square=True)
    assert is_noise("Hi Hat Music", ("hi", "hat", "music"), square=True)
    assert not is_noise("OWSLA", ("owsla",), square=False)


@pytest.mark.parametrize(
    ("segment", "first", "rest", "number"),
    [
        ("03 Home", True, "Home", "03"),
        ("3. Home", True, "Home", "3"),
        ("A2 - Home", True, "Home", "A2"),
        ("17 Home", True, "17 Home", ""),
        ("17 Home", False, "Home", "17"),
        ("1979", False, "1979", ""),
        ("99 Problems", True, "99 Problems", ""),
    ],
)
def test_a_place_in_a_listing_is_taken_off(segment: str, rest: str, number: str, *, first: bool) -> None:
    """A number that may belong to a title stays in it: `17 Again`."""
    assert listed(segment, first=first) == (rest, number)


def test_whole_segments_can_be_numbers_keys_or_promotion() -> None:
    """`8A - 128 - Artist - Title`; but `311 - Down` is an artist's."""
    assert is_listing_number("8A", alone=False)
    assert is_listing_number("128", alone=False)
    assert is_listing_number("07", alone=True)
    assert not is_listing_number("311", alone=True)
    assert is_promotion("Free Download")
    assert not is_promotion("Freedom")


def test_promotion_is_taken_off_the_ends() -> None:
    """Outside brackets only at the ends, and only what is said whole."""
    assert promoted("PREMIERE: Mikal - Rush FREE DL") == ("Mikal - Rush", ("PREMIERE:", "FREE DL"))
    assert promoted("Freedom Premiere") == ("Freedom Premiere", ())
    assert promoted("Numb") == ("Numb", ())


def test_who_produced_is_a_credit() -> None:
    """`(prod. Someone)` names no other version."""
    assert is_credit("prod. by Someone")
    assert not is_credit("Production Mix")


@pytest.mark.parametrize("part", [*HOSTILE, *HOSTILE_BEHIND])
def test_hostile_names_cost_no_more_than_their_length(part: str) -> None:
    """Every pattern is linear: 100,000 signs of one kind, where a quadratic one would take minutes."""
    hostile = part * (LONG // len(part)) + "x"
    trim(hostile)
    promoted(hostile)
    listed(hostile, first=True)
    listed(hostile, first=False)
    is_promotion(hostile)
    is_noise(hostile, ("numb",), square=True)
    is_credit(hostile)
    is_listing_number(hostile, alone=False)
    units(hostile[: LONG // 10])
    parse(hostile, hostile)


@given(text=st.text(max_size=300))
def test_trimming_leaves_something_of_every_name(text: str) -> None:
    """Whatever is noise, a name that has letters keeps some of them."""
    assert tokens(trim(text).text) or not tokens(text)
