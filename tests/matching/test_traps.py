"""The generated traps: the same from one seed, all of them drawn, and true to what they say."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.scorecard.traps import TRAPS, traps
from tests.scorecard.traps_pair import ONE_RECORDING, TWO_RECORDINGS, Verdict


def test_one_seed_gives_one_list_of_pairs() -> None:
    """A scorecard can be taken again: pairs come from the seed and nothing else."""
    assert traps(7, 300) == traps(7, 300)
    assert traps(7, 300) != traps(8, 300)
    assert traps(7, 100) == list(islice(traps(7, 300), 100))


def test_every_trap_is_drawn_in_turn_under_its_own_name() -> None:
    """No trap hides behind another of the same name, and every verdict is among them."""
    drawn = traps(1, len(TRAPS))
    assert [pair.trap for pair in drawn] == list(TRAPS)
    assert {pair.verdict for pair in drawn} == set(Verdict)


@pytest.mark.parametrize("seed", range(3))
def test_pairs_are_true_to_their_verdicts(seed: int) -> None:
    """One recording has two ways to write it and one length; two recordings never have equal names and artists."""
    for pair in traps(seed, 10 * len(TRAPS)):
        assert pair.duration_a_s is not None
        assert pair.duration_b_s is not None
        if pair.verdict in ONE_RECORDING:
            assert (pair.a, pair.artist_a) != (pair.b, pair.artist_b), pair
            assert abs(pair.duration_a_s - pair.duration_b_s) <= 0.5
        if pair.verdict in TWO_RECORDINGS:
            assert (pair.a.casefold(), pair.artist_a) != (pair.b.casefold(), pair.artist_b), pair
