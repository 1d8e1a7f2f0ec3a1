"""One misfortune inside the test's own process, then fair weather until rest; and what was wrong at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.domain.errors import EngineError
from tests.crash.inside import HOUR_S, InsideApp, SkippingClock, inside, reconciled
from tests.crash.rig import ALIVE, RUNS_MAX, Rig
from tests.crash.stages import Stage
from tests.crash.world import Outside


def aftermath(
    stage: Stage,
    place: Path,
    *,
    struck: Callable[[Outside], bool],
    prepare: Callable[[Outside], None] = lambda _: None,
    unlucky: Callable[[Path, Outside, SkippingClock], InsideApp] | None = None,
    codes: frozenset[int] = ALIVE,
) -> list[str] | None:
    """Run once under a misfortune and then without until rest; give what is wrong then, or None if it never struck.

    Args:
        stage: where to begin.
        place: an empty folder.
        struck: says whether the misfortune happened in the first run.
        prepare: scripts the outside's faults.
        unlucky: wires the first run.
        codes: how the first run may end.
    """
    place.mkdir()
    clock = SkippingClock()
    with Outside(stage.media, place) as outside:
        rig = Rig(stage.copied(place), outside)
        prepare(outside)
        wire = unlucky or (lambda home, outside, clock: inside(home, outside, shared_clock=clock))
        ended = _ended(lambda: wire(rig.home, outside, clock))
        if not struck(outside):
            return None
        for standin in outside.standins.values():
            standin.calm()
        wrong = [] if ended in codes else [f"the run ended with {ended}"]
        return wrong + _rest(rig, stage, clock)


def _ended(wire: Callable[[], InsideApp]) -> int | str:
    try:
        return int(reconciled(wire()).exit_code)
    except EngineError as error:
        return int(error.exit_code) if error.hint else f"{type(error).__name__} without a hint: {error}"


def _rest(rig: Rig, stage: Stage, clock: SkippingClock) -> list[str]:
    ended: list[int | str] = []
    while len(ended) < RUNS_MAX and 0 not in ended:
        clock.sleep(HOUR_S)  # whatever asked for patience has had it
        ended.append(_ended(lambda: inside(rig.home, rig.outside, shared_clock=clock)))
    wrong = [] if 0 in ended else [f"no rest: the runs after it ended with {ended}"]
    wrong += [
        f"{name}: {ours} is not {theirs}" for name, (ours, theirs) in rig.end_state().differences(stage.end).items()
    ]
    wrong += [f"twice: {key}" for key in rig.outside.doubled()]
    return wrong if rig.sound() else [*wrong, "the journal is not sound"]
