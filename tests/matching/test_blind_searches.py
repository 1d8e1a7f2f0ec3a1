"""Searches by somebody who had not seen the matcher: what they promise of themselves, not what it makes of them."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scorecard.blind import LENGTHS, blind_searches, drawn_by_weight
from tests.scorecard.forms_blind import RIGHT as RIGHT_FORMS
from tests.scorecard.forms_blind import WRONG as WRONG_FORMS
from tests.scorecard.halves import WHOSE
from tests.scorecard.resolution import measure_searches, text_of_blind
from tests.scorecard.searches import RIGHT, Case

SEED = 23


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Give enough searches for every kind to be shown."""
    return blind_searches(SEED, 400)


def test_every_form_says_how_common_it_is_and_how_long() -> None:
    """F18: a form that nobody could draw, or whose length nobody knows, would judge nothing."""
    assert {weight for _, _, weight, _ in RIGHT_FORMS} == {1, 2, 3, 4, 5}
    assert {weight for _, _, weight, _, _ in WRONG_FORMS} == {1, 2, 3, 4, 5}
    assert {length for *_, length, _ in WRONG_FORMS} == set(LENGTHS)
    assert {by[:3] for _, by, *_ in (*RIGHT_FORMS, *WRONG_FORMS)} == {"sc ", "yt "}


def test_no_form_is_right_and_wrong() -> None:
    """F18: what one list calls the recording, the other calls something else only where its length says so."""
    right = {(by, pattern) for _, by, _, pattern in RIGHT_FORMS}
    told_by_length = {"unmarked length", "preview", "original"}
    wrong = {(by, pattern) for kind, by, _, _, pattern in WRONG_FORMS if kind not in told_by_length}
    assert right.isdisjoint(wrong)
    assert len(set(RIGHT_FORMS)) == len(RIGHT_FORMS)
    assert len(set(WRONG_FORMS)) == len(WRONG_FORMS)


@given(st.lists(st.integers(min_value=1, max_value=5), min_size=1), st.integers())
def test_what_is_drawn_is_drawn_once(weights: list[int], seed: int) -> None:
    """No search shows one form twice, and it shows as many as there are."""
    drawn = drawn_by_weight(Random(seed), list(enumerate(weights)), 9)
    assert len(set(drawn)) == len(drawn) == min(9, len(weights))


def test_what_is_common_is_drawn_the_more() -> None:
    """A form of weight five comes first about five times as often as one of weight one."""
    chance = Random(SEED)
    drawn = Counter(drawn_by_weight(chance, [("common", 5), ("rare", 1)], 1)[0] for _ in range(6_000))
    assert 4 <= drawn["common"] / drawn["rare"] <= 6


def test_blind_searches_repeat_and_show_every_kind(cases: list[Case]) -> None:
    """The same seed gives the same searches; each kind of both lists is in them."""
    assert blind_searches(SEED, 5) == cases[:5]
    kinds = {offer.kind for case in cases for offer in case.offers}
    assert kinds == {f"{RIGHT}: {form[0]}" for form in RIGHT_FORMS} | {form[0] for form in WRONG_FORMS} | {WHOSE}


def test_the_right_one_is_as_long_as_what_is_sought(cases: list[Case]) -> None:
    """F18: silence at the ends makes seconds, never a version."""
    for case in cases:
        for offer in case.offers:
            sought_ms, offered_ms = case.sought.duration_ms, offer.track.duration_ms
            assert sought_ms is not None
            assert offered_ms is not None
            assert not offer.right or abs(offered_ms - sought_ms) <= 5_500, offer.track.title


def test_what_could_be_sought_is_not_offered_as_wrong(cases: list[Case]) -> None:
    """F18: an extended mix is wrong unless one is sought, the original only where a version is."""
    for case in cases:
        kinds = {offer.kind for offer in case.offers}
        versioned = case.sought.title.endswith(("Remix", "Remix)", "Extended Mix", "Extended Mix)"))
        assert not kinds & {"length", "unmarked length"} or "Extended Mix" not in case.sought.title
        assert "original" not in kinds or versioned or "VIP" in case.sought.title or "Radio Edit" in case.sought.title


def test_the_section_says_how_it_came_about(cases: list[Case]) -> None:
    """The page names the list as blind, and sums what it shows."""
    page = "\n".join(text_of_blind(blind=measure_searches(cases[:20])))
    assert "## Resolution: blind, written without sight of the rules" in page
    assert "| searches | 20 |" in page
