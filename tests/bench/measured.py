"""One line of the table of benchmarks, and how sides are measured against each other.

Sides take turns, and each keeps its best of several rounds: these machines are shared, and only ratios that were
taken in one run mean anything.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

Side = Callable[[], float]
"""One round of one side; gives the seconds it took."""


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """How much work each benchmark does, and how often."""

    rounds: int = 5
    events_batched: int = 20_000
    events_single: int = 2_000
    steps: int = 500
    recordings_replayed: int = 58_000  # a million events
    events_replayed_peer: int = 100_000
    recordings_planned: int = 100_000
    recordings_reconciled: int = 10_000
    recordings_status: int = 10_000
    tracks_beets: int = 500
    titles_matched: int = 10_000


FULL = Scale()
SMOKE = Scale(
    rounds=1,
    events_batched=40,
    events_single=10,
    steps=5,
    recordings_replayed=12,
    events_replayed_peer=40,
    recordings_planned=12,
    recordings_reconciled=12,
    recordings_status=12,
    tracks_beets=3,
    titles_matched=40,
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measured thing.

    Attributes:
        goal: the ratio to reach; None for a figure that stands beside a goal and is not one.
        at_most: whether the ratio may be at most `goal` instead of at least.
        ratio: ours over theirs as the goal means it; None when the other side was not measured.
        why: the reason when something was not measured, or what a reader must know of the figure.
    """

    id: str
    what: str
    unit: str
    ours: float
    against: str
    theirs: float | None
    ratio: float | None
    goal: float | None
    at_most: bool = False
    limit: float | None = None  # the raw figure that nothing can pass, where the goal is set against a peer
    why: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None when there is none or nothing to compare with."""
        if self.goal is None or self.ratio is None:
            return None
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """What a benchmark is handed: how much to do, a folder of its own, and the peers' interpreter."""

    scale: Scale
    folder: Path
    peers: Path | None  # None: not measured, see `peers_missing`
    peers_missing: str = ""


def environment(**more: str) -> dict[str, str]:
    """Give a child's environment, in which compiled modules are kept, as they are for a person."""
    return {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, **more}


def best_of(rounds: int, sides: Mapping[str, Side]) -> dict[str, float]:
    """Let the sides take turns, and give each one's fewest seconds."""
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(rounds):
        for name, side in sides.items():
            gc.collect()
            best[name] = min(best[name], side())
    return best


def seconds(work: Callable[[], object]) -> float:
    """Give how long some work took."""
    begun_s = time.perf_counter()
    work()
    return time.perf_counter() - begun_s


def cpu_seconds(work: Callable[[], object]) -> float:
    """Give how much processor time of this process some work took, which other processes do not lengthen."""
    begun_s = time.process_time()
    work()
    return time.process_time() - begun_s


def rate_row(
    name: str,
    what: str,
    *,
    ours: float,
    against: str,
    theirs: float | None,
    goal: float | None,
    unit: str = "events/s",
    limit: float | None = None,
    why: str = "",
) -> Row:
    """Give the row of a rate: more is better, ours divided by theirs."""
    return Row(
        id=name,
        what=what,
        unit=unit,
        ours=ours,
        against=against,
        theirs=theirs,
        ratio=None if theirs is None else ours / theirs,
        goal=goal,
        limit=limit,
        why=why,
    )
