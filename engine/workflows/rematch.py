"""Rematch: every decision made again under another policy, offline, and the plan of what would be decided otherwise."""

from __future__ import annotations

from engine.domain.plan import Plan
from engine.domain.value import Value
from engine.matching.policy import MatchingPolicy
from engine.projections.state import State
from engine.reconciler.answers import READS as MERGES
from engine.reconciler.answers import standing
from engine.reconciler.catalogue import catalogue
from engine.reconciler.policy import PlanScope
from engine.reconciler.proposing import plan_with
from engine.reconciler.rematching import Replay, replay
from engine.workflows.duplicates import label_of
from engine.workflows.lookup import track_label
from engine.workflows.world import World


class Rematched(Value, frozen=True):
    """What another policy would change, with the names of what it concerns.

    Attributes:
        in_force: whether that policy is the one the settings say.
    """

    replay: Replay
    labels: dict[str, str]
    in_force: bool


def rematch(world: World, policy: MatchingPolicy) -> Rematched:
    """Make every recorded decision again; reads the journal and nothing else, and appends nothing."""
    state = world.journal.state()
    merged = [event for _, event in standing(world.journal.read(types=MERGES)).merged]
    with world.progress.stage("compare", None):
        found = replay(state, merged, policy, lambda _: world.progress.advance("pairs"))
    return Rematched(replay=found, labels=_labels(state, found), in_force=policy == world.policy.matching)


def rematch_plan(world: World, found: Rematched, allow_removals: int = 0) -> Plan:
    """Give the plan that makes it so, with the guards in force; appends, writes and sends nothing."""
    scope = PlanScope(allow_removals=allow_removals)
    return plan_with(world.journal.state(), found.replay.decisions, world.policy, world.clock.now_us(), scope)


def _labels(state: State, found: Replay) -> dict[str, str]:
    index = catalogue(state)
    keys = {key for each in found.differences for key in (each.newer, each.older)}
    return {key: _label(state, key) or label_of(state, index, key) for key in sorted(keys)}


def _label(state: State, key: str) -> str | None:
    """Say a sighting, or a recording that counts for another one, by its own name."""
    recording = state.recordings.get(key)
    refs = (key, *(recording.refs if recording else ()))
    sighting = next((state.sightings[ref] for ref in refs if ref in state.sightings), None)
    return track_label(sighting) if sighting else None
