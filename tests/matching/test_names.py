"""What two names say: symmetric, reflexive, deaf to noise, and never deaf to a version."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.names import NamesVerdict, compare_names
from engine.matching.parsing import parse
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Names

ARTISTS = (
    "Skrillex",
    "Chase & Status",
    "A$AP Rocky",
    "Кино",
    "Björk",
    "The Glitch Mob",
    "P!nk",
    "Live",
    "G Jones",
    "311",
)
TITLES = (
    *("Numb", "Rivers Run Deep", "Group of Blood", "Группа крови", "Home", "1979", "Al'tarba Rising", "Live", "Remix"),
    *("You and Me", "With You", "Song II", "夜に駆ける", "Intro", "x", "Motörhead Ballad", "Al tarba Rising", "7"),
)
VERSIONS = (
    "Skrillex Remix",
    "Live",
    "VIP",
    "Radio Edit",
    "Remaster",
    "2012",
    "feat. Flowdan",
    "Part 2",
    "Explicit",
    "Dub",
)
SHAPES = (
    *("{artist} - {title}", "{title}", "{title} - {artist}", "{artist} - {title} ({version})", "{title} {version}"),
    *("{artist} - Album - 03 {title}", "{artist} - {title} - {version}", "{artist}_-_{title}", "{title} [{version}]"),
    *("{version} - {title}", "{artist} feat. {version} - {title}", "{artist} - {title} (1)", "{title}-2"),
)
NOISE = (
    " [FREE DL]",
    " (Official Video)",
    ".mp3",
    " (Original Mix)",
    " [HQ]",
    " 320kbps",
    " - Free Download",
    " (Enhanced)",
)
VERSION_WORDS = ("Live", "VIP", "Instrumental", "Acoustic", "Extended Mix", "Nightcore", "Sped Up", "Demo", "Foo Remix")


@st.composite
def names(draw: st.DrawFn) -> str:
    """Give a name as libraries hold them."""
    shape = draw(st.sampled_from(SHAPES))
    name = shape.format(
        artist=draw(st.sampled_from(ARTISTS)),
        title=draw(st.sampled_from(TITLES)),
        version=draw(st.sampled_from(VERSIONS)),
    )
    return draw(st.sampled_from((name, name, name.upper(), name.replace("'", ""), name.replace("-", ""))))


FIELDS = st.none() | st.sampled_from((*ARTISTS, "Warner Music"))


def compare(a: str, b: str, policy: MatchingPolicy = DEFAULT) -> NamesVerdict:
    """Give what two names say."""
    return compare_names(parse(a), parse(b), policy)


@given(a=names() | st.text(max_size=60), artist_a=FIELDS, b=names() | st.text(max_size=60), artist_b=FIELDS)
def test_which_name_comes_first_makes_no_difference(a: str, artist_a: str | None, b: str, artist_b: str | None) -> None:
    """The verdict, the artists' and the bareness; only the reasons name the first one first."""
    one, other = parse(a, artist_a), parse(b, artist_b)
    there, back = compare_names(one, other, DEFAULT), compare_names(other, one, DEFAULT)
    assert (there.names, there.artists, there.bare) == (back.names, back.artists, back.bare)
    assert there == compare_names(one, other, DEFAULT)
    assert there.reasons


@given(name=names() | st.text(max_size=60), artist=FIELDS)
def test_a_name_is_itself_or_says_too_little(name: str, artist: str | None) -> None:
    """Reflexive: of one name twice nothing is said but `same`, or `unclear` where many have it."""
    verdict = compare_names(parse(name, artist), parse(name, artist), DEFAULT)
    assert verdict.names in (Names.SAME, Names.UNCLEAR)


@given(artist=st.sampled_from(ARTISTS), title=st.sampled_from(TITLES), version=st.sampled_from(("", *VERSIONS)))
def test_a_name_with_an_artist_is_itself(artist: str, title: str, version: str) -> None:
    """Reflexive: what says who and what is the same as itself."""
    name = f"{artist} - {title}{version and f' ({version})'}"
    verdict = compare(name, name)
    if verdict.artists == "agree" and title != "Intro":
        assert verdict.names is Names.SAME


@given(a=names(), b=names(), noise=st.sampled_from(NOISE))
def test_noise_changes_no_verdict_but_to_a_doubt(a: str, b: str, noise: str) -> None:
    """F9 turned round: what is no identity makes no other recording. A copy's number is one at the end only."""
    if not a.endswith("(1)") and compare(a, b).names is Names.SAME:
        assert compare(a + noise, b).names in (Names.SAME, Names.UNCLEAR)


@given(
    a=names(), b=names(), version=st.sampled_from(VERSION_WORDS), bracket=st.sampled_from((" ({})", " [{}]", " - {}"))
)
def test_a_version_word_on_one_side_is_never_the_same(a: str, b: str, version: str, bracket: str) -> None:
    """F9, F18: whatever agreed before, the name that says `live` is not the one that does not."""
    added = bracket.format(version)
    said = {*parse(a).of(), *(word.text for word in parse(a).words), *(word.text for word in parse(b).words)}
    if compare(a, b).names is Names.SAME and not said & set(parse(version).text.casefold().split()):
        assert compare(a + added, b).names is not Names.SAME


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Foo - Numb Rivers (Explicit)", "Foo - Numb Rivers"),
        ("Foo - Numb Rivers (Clean)", "Foo - Numb Rivers (Dirty)"),
    ],
)
@pytest.mark.parametrize(
    ("choice", "expected"), [("same", Names.SAME), ("ask", Names.UNCLEAR), ("different", Names.VERSION)]
)
def test_explicit_against_clean_is_as_the_policy_says(a: str, b: str, choice: str, expected: Names) -> None:
    """The issue: explicit and clean policies are the person's."""
    assert compare(a, b, msgspec.structs.replace(DEFAULT, explicit=choice)).names is expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Foo - Numb Rivers (2011 Remaster)", "Foo - Numb Rivers"),
        ("Foo - Numb Rivers (Remastered)", "Foo - Numb Rivers (Remastered 2011)"),
        ("Foo - Numb Rivers (2009 Remaster)", "Foo - Numb Rivers (2015 Remaster)"),
    ],
)
@pytest.mark.parametrize(
    ("choice", "expected"), [("same", Names.SAME), ("ask", Names.UNCLEAR), ("different", Names.VERSION)]
)
def test_a_remaster_is_as_the_policy_says(a: str, b: str, choice: str, expected: Names) -> None:
    """The issue: whether a remaster is the recording is the person's to say."""
    assert compare(a, b, msgspec.structs.replace(DEFAULT, remaster=choice)).names is expected


@pytest.mark.parametrize("version", ["(Radio Edit)", "(Single Edit)", "(Short Version)"])
@pytest.mark.parametrize(
    ("choice", "expected"), [("same", Names.SAME), ("ask", Names.UNCLEAR), ("different", Names.VERSION)]
)
def test_a_radio_edit_is_as_the_policy_says(version: str, choice: str, expected: Names) -> None:
    """The issue: a radio edit is another version unless the person says otherwise."""
    policy = msgspec.structs.replace(DEFAULT, radio_edit=choice)
    assert compare(f"Foo - Numb Rivers {version}", "Foo - Numb Rivers", policy).names is expected


def test_no_policy_makes_a_remix_the_same() -> None:
    """F18: policies are about remasters, radio edits and clean versions, and nothing else."""
    lax = MatchingPolicy(explicit="same", radio_edit="same", remaster="same")
    for version in ("Live", "Foo Remix", "VIP", "Live Remaster", "Foo Radio Edit", "Clean Foo Remix", "Club Edit"):
        assert compare(f"Foo - Numb Rivers ({version})", "Foo - Numb Rivers", lax).names is not Names.SAME


@pytest.mark.parametrize(
    ("a", "b", "names", "reason"),
    [
        ("", "Numb", Names.UNCLEAR, "no title"),
        ("Foo - Numb", "Bar - Numb", Names.DIFFERENT, "other artists: “foo” against “bar”"),
        ("Bar - Numb", "Foo - Numb", Names.DIFFERENT, "other artists: “bar” against “foo”"),
        ("Numb", "Help", Names.DIFFERENT, "other titles: “numb” against “help”"),
        ("17 Again", "Again", Names.UNCLEAR, "place in a listing"),
        ("Foo - Numb - 01 Home Run", "Foo - Bleach - 05 Home Run", Names.SAME, "artist, title and version agree"),
        ("01 Home", "05 Home", Names.UNCLEAR, "listed as “1” against “5”"),
        ("Numb (1)", "Numb (2)", Names.UNCLEAR, "numbered “(1)” against “(2)”"),
        ("Foo - X!", "Foo - X", Names.UNCLEAR, "a title of one letter"),
        ("Numb (Foo Remix)", "Numb_Foo_Bar_Remix", Names.VERSION, ""),
        ("Skeler - Night (Foo Remix)", "Skeler_-_Night Enhanced", Names.UNCLEAR, "lost its brackets"),
        ("Foo - Numb (Live) [Bar]", "Foo - Numb (Live)", Names.UNCLEAR, "only one says “bar”"),
        ("Numb feat Foo", "Numb feat Bar", Names.DIFFERENT, "other guests"),
        ("Baz - Numb feat Foo", "Baz - Numb feat Bar", Names.UNCLEAR, "other guests"),
    ],
)
def test_every_verdict_says_why(a: str, b: str, names: Names, reason: str) -> None:
    """A person can check it: the reason names the words, those of the first name first."""
    verdict = compare(a, b)
    assert (verdict.names, reason in verdict.reasons[0]) == (names, True), verdict.reasons


@pytest.mark.parametrize(
    ("a", "artist_a", "b", "artist_b", "artists", "names"),
    [
        ("Numb", None, "Numb", None, "none", Names.UNCLEAR),
        ("Numb", "Foo", "Foo - Numb", None, "agree", Names.SAME),
        ("Numb", "Foo", "Numb", "Bar", "disagree", Names.DIFFERENT),
        ("Numb", "Foo", "Bar - Numb", None, "similar", Names.UNCLEAR),
        ("Numb", "Foo", "Numb", None, "one", Names.UNCLEAR),
        ("Numb Rivers", "Foo", "Numb Rivers", None, "one", Names.SAME),
        ("Numb", "Foo, Bar", "Numb", "Bar & Baz", "similar", Names.UNCLEAR),
        ("Numb", "Foo, Bar", "Numb", "Bar", "agree", Names.SAME),
        ("Numb", "Break Science", "Numb", "Break", "similar", Names.UNCLEAR),
        ("Numb", "DJ Snake", "Numb", "DJ", "disagree", Names.DIFFERENT),
        ("Numb", "Foo", "Numb", "Warner Music", "one", Names.UNCLEAR),
        ("Foo Bar - Numb", None, "Foo, Bar - Numb", None, "agree", Names.SAME),
        ("Numb - Foo", None, "Foo - Numb", None, "agree", Names.SAME),
    ],
)
def test_artists_agree_however_they_are_given(
    a: str, artist_a: str | None, b: str, artist_b: str | None, artists: str, names: Names
) -> None:
    """F9: by the name or by the source's field, in any order; the same title of another artist is another song."""
    verdict = compare_names(parse(a, artist_a), parse(b, artist_b), DEFAULT)
    assert (verdict.artists, verdict.names) == (artists, names)


def test_a_bare_name_is_known_as_one() -> None:
    """P2: equal lengths of two bare common titles are no evidence; `decision` is told."""
    assert compare("Home", "Home").bare
    assert not compare("Rivers Run Deep", "Rivers Run Deep").bare
    assert not compare("Foo - Home", "Home").bare
