"""A name taken apart: total and deterministic, and every rule that gives a word its role by example."""

# ruff: noqa: RUF001 - letters that look like others are the point

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.parsing import TEXT_MAX, ParsedName, Role, parse
from engine.matching.tokens import tokens, units

ANY_TEXT = st.one_of(
    st.text(max_size=2_000),
    st.text(alphabet="()[]{}<>「」【】-–_|/.,#&$!+ 0129abIV\u0000\u200b\t", max_size=2_000),
    st.sampled_from(("", " ", "-", "()", "((((", "]]", "feat.", "x", "- -", "(feat.)", "_", "#", "$", "(1)", ".mp3")),
)
NAME = st.from_regex(r"[A-Z][a-z]{2,7}", fullmatch=True)


def texts(name: ParsedName) -> list[str]:
    """Give the words of a name that are no noise."""
    return [word.text for word in name.words if word.role is not Role.NOISE]


@given(text=ANY_TEXT, artist=st.none() | st.text(max_size=300))
def test_every_text_is_a_name(text: str, artist: str | None) -> None:
    """Total and deterministic: no text fails, none has an empty word, and twice is the same."""
    name = parse(text, artist)
    parse.cache_clear()
    tokens.cache_clear()
    assert parse(text, artist) == name
    assert all(word.text for word in name.words)
    assert name.content >= 0
    assert (name.text, name.artist) == (text, artist)


@given(text=ANY_TEXT)
def test_words_are_their_own_words(text: str) -> None:
    """The words joined by blanks are the same words: nothing is folded, split or numbered twice."""
    words = tokens(text)
    assert tokens(" ".join(words)) == words


@given(artist=NAME, title=NAME, kind=st.sampled_from(("", " (Live)", " [Foo Remix]", " (feat. Bar)", ", Pt. 2")))
def test_case_width_and_composition_say_nothing(artist: str, title: str, kind: str) -> None:
    """F9 turned round: what is spelled otherwise is the same words in the same roles."""
    text = f"{artist} - Ünder {title}{kind}"
    words = parse(text).words
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
    for written in (text.upper(), text.lower(), wide, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))):
        assert parse(written).words == words


@given(artists=st.lists(NAME, min_size=1, max_size=4, unique_by=str.lower))
def test_the_order_of_artists_says_nothing(artists: list[str]) -> None:
    """`A & B` and `B x A` are one pair of artists."""
    one = parse(f"{' & '.join(artists)} - Numb").artists
    assert set(parse(f"{', '.join(reversed(artists))} - Numb").artists) == set(one)
    assert set(units(" x ".join(sorted(artists)))) == set(one)


def roles(text: str, artist: str | None = None) -> dict[str, str]:
    """Give the words of each role that a name has, joined."""
    name = parse(text, artist)
    return {role.value: " ".join(name.of(role)) for role in Role if name.of(role)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # artist, album, title
        ("Linkin Park - Numb", {"artist": "linkin park", "title": "numb"}),
        ("Linkin Park – Numb", {"artist": "linkin park", "title": "numb"}),
        ("Linkin Park | Numb", {"artist": "linkin park", "title": "numb"}),
        ("Linkin Park // Numb", {"artist": "linkin park", "title": "numb"}),
        ("R Cali- AAP Rocky", {"artist": "r cali", "title": "aap rocky"}),
        ("R Cali -AAP Rocky", {"artist": "r cali", "title": "aap rocky"}),
        ("Numb", {"title": "numb"}),
        ("Foo - Bar - 08 Numb", {"artist": "foo", "album": "bar", "title": "numb", "noise": "8"}),
        ("Foo - Bar (Deluxe Edition) - Numb", {"artist": "foo", "album": "bar deluxe edition", "title": "numb"}),
        ("Foo - Bar (2012) - Numb", {"artist": "foo", "album": "bar 2012", "title": "numb"}),
        ("Foo - Bar (Live) - Numb", {"artist": "foo", "album": "bar", "version": "live", "title": "numb"}),
        ("UKF_Foo - Numb", {"artist": "ukf", "album": "foo", "title": "numb"}),
        ("YOASOBI「夜に駆ける」", {"artist": "yoasobi", "title": "夜に駆ける"}),
        ("「夜に駆ける」", {"title": "夜に駆ける"}),
        ("Foo - 1979", {"artist": "foo", "title": "1979"}),
        ("Foo - Numb - 300525", {"artist": "foo", "title": "numb", "extra": "300525"}),
        ("Foo - 🔥", {"artist": "foo", "title": "🔥"}),
        ("Foo - Numb - 🔥", {"artist": "foo", "title": "numb"}),
        ("311 - Down", {"artist": "311", "title": "down"}),
        # numbers of listings, keys and tempos, prefixes and copies
        ("03 Numb", {"title": "numb", "noise": "3"}),
        ("03. Foo - Numb", {"artist": "foo", "title": "numb", "noise": "3"}),
        ("8A - 128 - Foo - Numb", {"artist": "foo", "title": "numb", "noise": "8a 128"}),
        ("0362CC15_foo - numb", {"artist": "foo", "title": "numb"}),
        ("Foo_-_Numb_Enhanced", {"artist": "foo", "title": "numb"}),
        ("in-the-end-2", {"title": "in the end 2"}),
        ("Foo - Numb (1)", {"artist": "foo", "title": "numb"}),
        # words
        ("N i g h t Drive", {"title": "night drive"}),
        ("Ｎｕｍｂ", {"title": "numb"}),
        ("A$AP Rocky - F.L.Y.", {"artist": "a$ap rocky", "title": "fly"}),
        ("P!nk - So What!", {"artist": "p!nk", "title": "so what"}),
        ("10,000 Hours", {"title": "10000 hours"}),
        ("Episode ٣", {"title": "episode 3"}),
        ("You & Me", {"title": "you me"}),
        ("You and Me", {"title": "you me"}),
        ("With You", {"title": "with you"}),
        ("Malcolm X", {"title": "malcolm x"}),
        ("X", {"title": "x"}),
        # guests
        ("Foo feat. Bar - Numb", {"artist": "foo", "featured": "bar", "title": "numb"}),
        ("Foo - Numb (feat. Bar & Baz)", {"artist": "foo", "featured": "bar baz", "title": "numb"}),
        ("Foo - Numb ft Bar", {"artist": "foo", "featured": "bar", "title": "numb"}),
        ("Foo - Numb w/ Bar", {"artist": "foo", "featured": "bar", "title": "numb"}),
        ("Foo - Numb (with Bar)", {"artist": "foo", "featured": "bar", "title": "numb"}),
        ("Foo - Numb (prod. by Bar)", {"artist": "foo", "featured": "by bar", "title": "numb"}),
        ("Numb feat Bar Foo Remix", {"title": "numb", "featured": "bar", "version": "remix", "before_version": "foo"}),
        # versions
        ("Foo - Numb (Bar Remix)", {"artist": "foo", "title": "numb", "version": "bar remix"}),
        ("Foo - Numb [Bar RMX]", {"artist": "foo", "title": "numb", "version": "bar remix"}),
        ("Numb - Bar Remix", {"title": "numb", "version": "bar remix"}),
        ("Numb Bar Remix", {"title": "numb", "before_version": "bar", "version": "remix"}),
        ("Foo - Numb - Live at Red Rocks", {"artist": "foo", "title": "numb", "version": "live at red rocks"}),
        ("Foo - Numb - V2", {"artist": "foo", "title": "numb", "version": "v2"}),
        ("Foo - Numb (2.0)", {"artist": "foo", "title": "numb", "version": "20"}),
        ("Foo - Numb - 2.0", {"artist": "foo", "title": "numb", "version": "20"}),
        ("Numb VIP", {"title": "numb", "version": "vip"}),
        ("Foo - Numb (2012)", {"artist": "foo", "title": "numb", "version": "2012"}),
        ("Nightcore - Numb", {"version": "nightcore", "title": "numb"}),
        ("Foo - Numb (Original Mix)", {"artist": "foo", "title": "numb", "noise": "original mix"}),
        ("Foo - Numb - Original Mix", {"artist": "foo", "title": "numb", "noise": "original mix"}),
        ("Foo - Numb Original Mix", {"artist": "foo", "title": "numb", "noise": "original mix"}),
        ("Foo - Numb Bar Remix", {"title": "foo", "version": "numb bar remix"}),  # or `Title - Remixer Remix`
        # parts
        ("Foo - Numb, Pt. 2", {"artist": "foo", "title": "numb", "part": "part 2"}),
        ("Foo - Numb (Part Two)", {"artist": "foo", "title": "numb", "part": "part 2"}),
        ("Foo - Numb (II)", {"artist": "foo", "title": "numb", "part": "2"}),
        ("Foo - Numb III", {"artist": "foo", "title": "numb 3"}),
        ("Foo - Numb vol.3", {"artist": "foo", "title": "numb", "part": "volume 3"}),
        ("Foo - Numb #4", {"artist": "foo", "title": "numb", "part": "no 4"}),
        ("Foo - Numb - Part 2", {"artist": "foo", "title": "numb", "part": "part 2"}),
        ("Foo - Numb (2/3)", {"artist": "foo", "title": "numb", "part": "2 3"}),
        # brackets
        ("Foo - Numb (Bar (Live) Remix)", {"artist": "foo", "title": "numb", "version": "live bar remix"}),
        ("Foo - Numb (Bar", {"artist": "foo", "title": "numb bar"}),
        ("Foo) - Numb]", {"artist": "foo", "title": "numb"}),
        ("Foo - Numb (Phonk Wave)", {"artist": "foo", "title": "numb", "extra": "phonk wave"}),
        ("Foo - Numb [Free DL]", {"artist": "foo", "title": "numb", "noise": "free dl"}),
        ("Foo - Numb - Free Download", {"artist": "foo", "title": "numb", "noise": "free download"}),
        ("PREMIERE: Foo - Numb", {"artist": "foo", "title": "numb", "noise": "premiere"}),
        # underscores
        ("Foo - Catchin_ Numb", {"artist": "foo", "title": "catchin numb"}),
        ("In Bloom _ Never Numb", {"title": "in bloom never numb"}),
        ("PREMIERE_ Foo", {"noise": "premiere", "title": "foo"}),
    ],
)
def test_words_get_the_role_of_their_place(text: str, expected: dict[str, str]) -> None:
    """M12: one row for each rule."""
    assert roles(text) == expected


def test_a_name_of_nothing_but_noise_is_its_title() -> None:
    """What seemed to be all version or promotion is what there is of a title."""
    assert roles("(Remix)") == {"title": "remix"}
    assert roles("[Free Download]") == {"title": "free download"}


def test_the_sources_own_artist_counts_unless_it_is_a_channel() -> None:
    """F73: an uploader's name is no artist; what the name says already is not said twice."""
    assert roles("Numb", "Linkin Park") == {"title": "numb", "credited": "linkin park"}
    assert parse("Numb", "Linkin Park").credited
    assert roles("Numb", "Warner Records") == {"title": "numb"}
    assert parse("Numb", "UKF Music").artists == ()
    assert roles("Foo - Numb", "Foo & Bar") == {"artist": "foo", "title": "numb", "credited": "bar"}
    assert not parse("Foo - Numb", "Foo").credited
    assert parse("Foo - Numb", "foo").artists == ("foo",)


def test_content_counts_what_tells_a_title_from_others() -> None:
    """Stop words, versions, single letters and words of many titles are no content."""
    assert parse("Foo - The Way to Numb Rivers (Live)").content == 3
    assert parse("Intro").content == 0
    assert parse("o").content == 0


def test_longer_names_are_cut() -> None:
    """Nobody writes them; one character may become many, and is cut again."""
    assert len("".join(texts(parse("Numb" * TEXT_MAX)))) == TEXT_MAX
    assert len("".join(texts(parse("\ufdfa " * TEXT_MAX)))) <= TEXT_MAX


def test_what_was_taken_off_is_kept_as_noise() -> None:
    """Nothing of a name is lost: what is no word is noise, as it was written."""
    name = parse("07 Foo - Numb [Free DL].mp3")
    assert name.noise == (".mp3", "7", "free", "dl")
    assert name.number == "7"
    assert parse("Foo_Bar_-_Numb").damaged
    assert parse("Foo - Numb (2)").copy == "(2)"
