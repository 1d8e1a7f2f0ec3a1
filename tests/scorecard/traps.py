"""Generated pairs of names that have fooled matchers, each with its true verdict: `traps(seed, n)`.

A trap is one small function from chance to a pair, in `traps_same`, `traps_apart` and `traps_unclear`; each can be
checked by reading it. Verdicts are those of the judged data: what a person could say from the names alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from random import Random

from tests.scorecard import traps_apart, traps_same, traps_unclear
from tests.scorecard.traps_pair import LabelledPair, Trap, Verdict

TRAPS: dict[str, tuple[Verdict, Trap]] = {**traps_same.TRAPS, **traps_apart.TRAPS, **traps_unclear.TRAPS}


def traps(seed: int, n: int) -> list[LabelledPair]:
    """Give n pairs, the traps taking turns; the same seed gives the same pairs."""
    return list(islice(_drawn(Random(seed)), n))


def _drawn(chance: Random) -> Iterator[LabelledPair]:
    for name, (verdict, trap) in cycle(TRAPS.items()):
        yield trap(chance).labelled(chance, name, verdict)
