"""A pair of names as a trap makes it, and as it is handed to a matcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeAlias

EQUAL_BY_CHANCE = 0.15  # of two recordings, how often they are equally long: remixes of 72.14 MB both have been seen


class Verdict(StrEnum):
    """What a person says of two names."""

    SAME = "SAME"  # one recording
    FORMAT = "FORMAT"  # one recording, another file or label
    VERSION = "VERSION"  # another version
    PART = "PART"  # another part or volume
    DIFF = "DIFF"  # other songs
    ASK = "ASK"  # names cannot decide


ONE_RECORDING = frozenset({Verdict.SAME, Verdict.FORMAT})
TWO_RECORDINGS = frozenset({Verdict.VERSION, Verdict.PART, Verdict.DIFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPair:
    """Two names, all else that is known of them, and what is true of them."""

    a: str
    b: str
    verdict: Verdict
    trap: str
    artist_a: str | None = None
    artist_b: str | None = None
    duration_a_s: float | None = None
    duration_b_s: float | None = None
    isrc_a: str | None = None
    isrc_b: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What a trap gives: two names, and the artist fields beside them where there are any."""

    a: str
    b: str
    artist_a: str | None = None
    artist_b: str | None = None

    def labelled(self, chance: Random, trap: str, verdict: Verdict) -> LabelledPair:
        """Give the pair with durations that are true to the verdict; which name comes first is chance."""
        one, other = (self.a, self.artist_a), (self.b, self.artist_b)
        if chance.random() < 0.5:
            one, other = other, one
        duration_a_s, duration_b_s = durations(chance, verdict)
        return LabelledPair(
            a=one[0],
            b=other[0],
            verdict=verdict,
            trap=trap,
            artist_a=one[1],
            artist_b=other[1],
            duration_a_s=duration_a_s,
            duration_b_s=duration_b_s,
        )


Trap: TypeAlias = Callable[[Random], Names]


def durations(chance: Random, verdict: Verdict) -> tuple[float, float]:
    """Give two durations: within 0.3 s for one recording, any for two, and either where nobody knows."""
    first_s = round(chance.uniform(120, 420), 2)
    one = verdict in ONE_RECORDING or (verdict is Verdict.ASK and chance.random() < 0.5)
    if one or chance.random() < EQUAL_BY_CHANCE:
        return first_s, round(first_s + chance.uniform(-0.3, 0.3), 2)
    return first_s, round(first_s + chance.choice((-1, 1)) * chance.uniform(4, 90), 2)
