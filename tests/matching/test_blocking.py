"""Blocking: what is worth comparing meets, each pair once, and nothing popular makes everything meet."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.blocking import (
    SAME_NAME_LIMIT,
    SAME_WORDS_LIMIT,
    SHARED_WORDS_CLEAR,
    Keys,
    pairs_between,
    pairs_within,
)

WORDS = st.frozensets(st.sampled_from(["the", "run", "luna", "ocean", "remix", "skeler"]), max_size=4)
KEYS = st.lists(
    st.builds(
        Keys,
        words=WORDS,
        squashed=st.sampled_from(["", "run", "luna"]),
        exact=st.frozensets(st.sampled_from(["isrc:1", "pcm:2"]), max_size=2),
    ),
    max_size=8,
)


def keys(name: str) -> Keys:
    """Give what a plain name is found by: 'Artist - Title', words between spaces and signs."""
    _, _, title = name.rpartition(" - ")
    words = re.findall(r"\w+", name.casefold().replace("'", ""))
    return Keys(words=frozenset(words), squashed="".join(re.findall(r"[^\W_]", title.casefold())))


def should_meet(one: Keys, other: Keys) -> bool:
    """Say whether two things should meet, by the definition, where nothing is too popular."""
    if one.exact & other.exact or one.squashed == other.squashed != "":
        return True
    words, rests = one.words & other.words, (one.words - other.words, other.words - one.words)
    lone = any(len(side.words) == 1 for side in (one, other))
    return len(words) >= SHARED_WORDS_CLEAR or (len(words) >= (1 if lone else 2) and not all(rests))


@given(KEYS)
def test_pairs_of_one_crate_are_given_once_in_order(crate: list[Keys]) -> None:
    """Each pair is (i, j) with i < j, ascending, without repeats."""
    pairs = list(pairs_within(crate))
    assert pairs == sorted(set(pairs))
    assert all(0 <= one < other < len(crate) for one, other in pairs)


@given(KEYS, KEYS)
def test_pairs_of_two_crates_are_given_once_in_order(left: list[Keys], right: list[Keys]) -> None:
    """Each pair is one of the left and one of the right, ascending, without repeats."""
    pairs = list(pairs_between(left, right))
    assert pairs == sorted(set(pairs))
    assert all(one < len(left) and other < len(right) for one, other in pairs)


@given(KEYS)
def test_whatever_shares_enough_meets(crate: list[Keys]) -> None:
    """An id, a squashed title, three words, or all words of one side: in small crates nothing is too popular."""
    met = set(pairs_within(crate))
    for other in range(len(crate)):
        assert all((one, other) in met for one in range(other) if should_meet(crate[one], crate[other]))


@given(KEYS, KEYS)
def test_two_crates_meet_as_one_would(left: list[Keys], right: list[Keys]) -> None:
    """What two crates share meets, whichever of them holds it."""
    met = set(pairs_between(left, right))
    assert {(other, one) for one, other in met} == set(pairs_between(right, left))
    for one, ours in enumerate(left):
        assert all((one, other) in met for other, theirs in enumerate(right) if should_meet(ours, theirs))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("K+Lab - Level 35", "KLab - Level 35"),
        ("Mau P - BEATS FOR THE UNDERGROUND (REXY=DEXY Flip)", "Mau P - BEATS FOR THE UNDERGROUND REXYDEXY Flip"),
        ("Barbatuques – Baiana (CloZee Remix 2.0)", "Barbatuques  Baiana CloZee Remix 20"),
        ("A$AP Mob - Yamborghini High", "AAP Mob - Yamborghini High"),
        ("0362CC15_clozee - visions (zingara remix)", "clozee (zingara Remix) - visions"),
        ("FATAL ATTRACTION", "ero808 - FATAL ATTRACTION"),
        ("Label_Break - Sesame Seeds", "Break - Sesame Seeds"),
        ("N i g h t D r i v e", "Night Drive"),
        ("Wraz & Nautical Divine - Re:Mind", "Wraz  Nautical Divine - ReMind"),
        ("Low", "Low Test"),
    ],
)
def test_names_meet_through_the_damage_real_names_have(one: str, other: str) -> None:
    """F9, F20: signs deleted, words swapped, artist missing, label before, letters spaced, a suffix added."""
    among = [keys(name) for name in ("Luna", one, "Artist - Ocean Eyes", other, "The Run and Go")]
    assert (1, 3) in set(pairs_within(among))
    assert (1, 3) in set(pairs_between(among, among))


def test_things_of_one_bare_title_all_meet() -> None:
    """F1: 12 items named NUMB are 66 pairs to look at, up to the limit that is stated."""
    assert len(list(pairs_within([keys("NUMB")] * 12))) == 66
    assert len(list(pairs_within([keys("NUMB")] * SAME_NAME_LIMIT))) == SAME_NAME_LIMIT * (SAME_NAME_LIMIT - 1) // 2


def test_songs_of_one_artist_do_not_all_meet() -> None:
    """F2: a popular artist makes no quadratic block; the one song that is there twice meets itself."""
    songs = [keys(f"Twenty One Pilots - Song{number}") for number in range(SAME_WORDS_LIMIT + 26)]
    again = Keys(words=songs[7].words | {"ride"})
    assert list(pairs_within([*songs, again])) == [(7, len(songs))]


def test_two_songs_of_one_artist_do_not_meet_by_the_artist() -> None:
    """F2: each has words of its own beside the two of a name."""
    assert list(pairs_within([keys("Alison Wonderland - Run"), keys("Alison Wonderland - Helena")])) == []


def test_words_in_pieces_are_no_words_of_their_own() -> None:
    """Where signs are deleted one side joins what the other writes apart."""
    one, other = (Keys(words=frozenset(words.split())) for words in ("foo bar re mind", "foo bar remind"))
    assert list(pairs_within([one, other])) == [(0, 1)]


def test_a_word_or_title_or_id_of_everything_leads_nowhere() -> None:
    """'The' and 'remix' in every name, or one placeholder as id, make no pairs but of each thing with itself."""
    many: Sequence[Keys] = [
        Keys(words=frozenset({"the", "remix", f"w{number}"}), squashed="intro", exact=frozenset({"isrc:0"}))
        for number in range(SAME_NAME_LIMIT + 1)
    ]
    assert list(pairs_within(many)) == []
    assert list(pairs_between(many, many)) == [(number, number) for number in range(len(many))]


def test_equal_ids_meet_whatever_the_names_say() -> None:
    """The same ISRC or hash is looked at even under two names."""
    one = Keys(words=frozenset({"luna"}), squashed="luna", exact=frozenset({"isrc:US1"}))
    other = Keys(words=frozenset({"ocean"}), squashed="ocean", exact=frozenset({"isrc:US1"}))
    assert list(pairs_within([one, other])) == [(0, 1)]
    assert list(pairs_between([one], [other])) == [(0, 0)]
