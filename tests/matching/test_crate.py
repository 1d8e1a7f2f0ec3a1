"""F1 once more, small enough for every day: what the matcher would remove from a crate, judged by the truth."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.matching.decision import judge
from engine.matching.fingerprint import encode
from engine.matching.things import Thing
from tests.scorecard.crate_run import CrateReport, run_crate, said_of_crate
from tests.scorecard.crates import crate, true_pairs
from tests.scorecard.prints import reencoded, synthetic

FOUND_MIN = 0.95


@pytest.fixture(scope="module")
def report() -> CrateReport:
    """Give what a run over 2,000 items came to, with the short fingerprints that older journals hold."""
    return run_crate(5, 2_000, heard_s_max=120.0)


def test_no_removal_is_false(report: CrateReport) -> None:
    """F1, F2: nothing goes that is another recording than what stays for it."""
    assert report.duplicates == 160
    assert report.false == (), said_of_crate(report)


def test_nearly_all_true_duplicates_are_found(report: CrateReport) -> None:
    """F4: with sound to go by, what is there twice is found."""
    assert report.found >= FOUND_MIN, said_of_crate(report)


def test_the_best_file_is_kept(report: CrateReport) -> None:
    """F21: what once was lossy is never kept over what never was, nor the lower bitrate over the higher."""
    assert report.worse_kept == ()


def test_what_a_run_came_to_is_said_in_words(report: CrateReport) -> None:
    """The scorecard's page says how many were removed, and none of them falsely."""
    said = said_of_crate(report)
    assert f"{len(report.removals)} removals: 0 false, 0 of a better file" in said
    assert "FALSE" not in said


def test_a_crate_is_the_same_for_one_seed() -> None:
    """A run can be taken again, and there is something to find in it."""
    items = crate(9, 400)
    assert items == crate(9, 400)
    assert len({item.key for item in items}) == 400
    assert len(true_pairs(items)) >= 32


def test_sound_left_unheard_would_have_changed_no_decision() -> None:
    """Over whole crates the sound is heard only where it matters; each decision is the one over all the evidence."""
    items = sorted(crate(2, 120), key=lambda item: (item.title[-4:], item.recording))
    things = [
        Thing(
            key=item.key,
            title=item.title,
            artist=item.artist,
            audio_ms=round(item.duration_s * 1000),
            fingerprint=encode(reencoded(synthetic(item.print_seed, 200), item.encode_seed)),
        )
        for item in items
    ]
    for one, other in pairwise(things):
        heard = judge(one, other)
        assert judge(one, other, all_evidence=False).decision is heard.decision
