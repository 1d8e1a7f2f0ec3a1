"""Golden plans, reviewed like code: a change of the planner shows as a difference that people can read."""

from __future__ import annotations

import msgspec
import pytest

from engine.domain.plan import PlanFile
from tests.golden.renew import PLANS, WORLDS, pretty


@pytest.mark.parametrize("name", WORLDS)
def test_the_plan_is_the_one_that_was_reviewed(name: str) -> None:
    """I19: byte for byte, digest included; `python -m tests.golden.renew` writes it anew, for review."""
    reviewed = (PLANS / f"{name}.json").read_bytes()
    computed = pretty(WORLDS[name]())
    assert computed == reviewed, "the plan changed; run `python -m tests.golden.renew` and review what it writes"


def test_every_golden_plan_has_its_world_and_vouches_for_itself() -> None:
    """I51: no file is left behind by a world that went, and each digest is that of its plan."""
    assert {path.stem for path in PLANS.glob("*.json")} == set(WORLDS)
    for path in PLANS.glob("*.json"):
        held = msgspec.json.decode(path.read_bytes(), type=PlanFile)
        assert held.plan.digest == held.digest
