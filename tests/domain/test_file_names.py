"""Facts about file names (I57): they never collide and every filesystem takes them."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import SettingsError
from engine.domain.names import STEM_BYTES_MAX, distinct, folded, marked, render, safe_part

ANY_TEXT = st.text(st.characters(), max_size=400)
NASTY = st.sampled_from(
    [
        "CON",
        "nul.txt",
        "a/b",
        "..",
        ". .",
        "",
        "\0",
        "é",
        "é",
        "STRASSE",
        "straße",
        "👩‍👩‍👧" * 40,
        "שלום",
        "x\u202eexe.pm3",
    ]
)
STEMS = st.sampled_from(["Intro", "intro", "INTRO", "Café", "Cafe\u0301", "Outro", "Intro [aaaaaa]", "Intro [bbbbbb]"])
KEYS = st.sampled_from(["r" + letter * 16 for letter in "abcdefgh"] + ["soundcloud:set:1", "soundcloud:set:2"])


@given(ANY_TEXT | NASTY)
def test_a_part_is_one_every_filesystem_takes(text: str) -> None:
    """I57, F13: no separator, control character, reserved name, outer blank or dot; never empty or too long."""
    part = safe_part(text)
    assert part
    assert len(part.encode()) <= STEM_BYTES_MAX
    assert not set(part) & set('/\\:*?"<>|\0')
    assert all(unicodedata.category(char) not in ("Cc", "Cs") for char in part)
    assert part == unicodedata.normalize("NFC", part)
    assert part[0] not in ". "
    assert part[-1] not in ". "
    assert part.split(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM0"}


@given(ANY_TEXT | NASTY)
def test_a_safe_part_stays_as_it_is(text: str) -> None:
    """Making a part safe twice changes nothing more."""
    assert safe_part(safe_part(text)) == safe_part(text)


@given(ANY_TEXT | NASTY)
def test_folding_twice_is_folding_once_and_ignores_form(text: str) -> None:
    """P18: NFC and NFD of one name meet, and so do upper and lower case."""
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


@given(st.dictionaries(KEYS, STEMS), st.dictionaries(KEYS, STEMS, max_size=1), st.sets(STEMS, max_size=2), st.randoms())
def test_allocated_names_never_collide_and_do_not_depend_on_order(
    stems: dict[str, str], placed: dict[str, str], taken: set[str], shuffle: random.Random
) -> None:
    """I57, F13: every key has a name of its own, the same for every order of asking."""
    names = distinct(stems, placed=placed, taken=taken)
    assert set(names) == set(stems)
    keys = [folded(name) for name in names.values()]
    assert len(keys) == len(set(keys))
    others = {folded(stem) for stem in taken} | {folded(stem) for key, stem in placed.items() if key not in stems}
    assert all(folded(name) not in others for key, name in names.items() if key not in placed)
    shuffled = list(stems.items())
    shuffle.shuffle(shuffled)
    assert distinct(dict(shuffled), placed=placed, taken=taken) == names


@given(st.dictionaries(KEYS, STEMS, min_size=1))
def test_what_is_placed_stays_where_it_is(stems: dict[str, str]) -> None:
    """P20: the path of a placed file is stable, whoever else wants its name."""
    key = min(stems)
    assert distinct(stems, placed={key: "Intro"})[key] == "Intro"


def test_tracks_of_one_title_all_carry_their_mark() -> None:
    """F13: equal titles never overwrite each other, and none is the lucky one without a mark."""
    first, second = "r" + "a" * 16, "r" + "b" * 16
    names = distinct({first: "Intro", second: "INTRO", "r" + "c" * 16: "Outro"})
    assert names == {first: "Intro [aaaaaa]", second: "INTRO [bbbbbb]", "r" + "c" * 16: "Outro"}


def test_a_mark_that_is_somebodys_title_grows_until_all_differ() -> None:
    """I57: a stem that mimics a marked name cannot take it."""
    keys = ["r" + letter * 16 for letter in "abcd"]
    mimics = [f"Intro [{'a' * length}]" for length in (6, 11, 16)]
    names = distinct({keys[0]: "Intro"}, taken=["Intro", *mimics])
    assert names == {keys[0]: f"Intro [{'a' * 16}] 2"}


def test_a_key_that_is_no_recording_id_is_marked_by_its_digest() -> None:
    """A playlist's ref holds characters no file name may have."""
    assert marked("Mix", "soundcloud:set:1") != marked("Mix", "soundcloud:set:2")
    assert ":" not in marked("Mix", "soundcloud:set:1")


def test_a_template_becomes_a_path_of_safe_parts() -> None:
    """I57: what a title holds cannot add a folder; what is unknown is called so."""
    assert render("{artist}/{title}", {"artist": "AC/DC", "title": "Who? ... "}) == "AC-DC/Who_"
    assert render("{artist}/{title}", {"artist": None, "title": "\0"}) == "Unknown/Unknown"
    assert render("{genre} - {title}", {"genre": "", "title": "CON"}) == "Unknown - CON"
    assert render("{title}", {"title": "con"}) == "_con"


def test_emoji_and_right_to_left_names_are_kept_and_cut_whole() -> None:
    """Titles with emoji, RTL and 300 characters survive; a joined emoji is not cut in two."""
    assert safe_part("🔥 שיר") == "🔥 שיר"
    family = "👩\u200d👩\u200d👧"
    assert safe_part(family * 40).replace(family, "") == ""
    assert len(safe_part("é" * 300).encode()) <= STEM_BYTES_MAX


@pytest.mark.parametrize(
    "template", ["", "/{title}", "{artist}//{title}", "{titel}", "{title.__class__}", "{title!r}", "{title", "x"]
)
def test_a_template_that_cannot_be_rendered_is_named(template: str) -> None:
    """A typo in a template is told with a hint before anything is written."""
    with pytest.raises(SettingsError) as raised:
        render(template, {})
    assert "{artist}/{title}" in raised.value.hint
