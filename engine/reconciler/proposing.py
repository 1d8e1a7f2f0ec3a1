"""Plans that carry decisions: what would follow if they were made, and which of them still hold when they are.

Nothing is decided here: whoever applies such a plan decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from msgspec.structs import replace

from engine.domain.decisions import Decision, Merge, Recognise, Separate, Unlink
from engine.domain.matching_events import JOINING, PARTING
from engine.domain.plan import Plan
from engine.domain.references import remote_key
from engine.projections.rows import Question
from engine.projections.state import State
from engine.reconciler.merging import assume, canonical_ids, ends, groups, merges
from engine.reconciler.planner import plan
from engine.reconciler.policy import EVERYTHING, PlanScope, Policy

_NOBODY = ""
"""Stands in a scope's recordings when there are none to name, where none at all would mean everything."""


def plan_with(
    state: State, decisions: Iterable[Decision], policy: Policy, now_us: int, scope: PlanScope = EVERYTHING
) -> Plan:
    """Compute what would be done if decisions were made: of what concerns their recordings, with the guards in force.

    Args:
        state: everything the journal knows.
        decisions: what the plan proposes; part of it, and of its digest.
        policy: how things are done.
        now_us: the time, for what waits; microseconds since the epoch.
        scope: which part to keep of that.
    """
    proposed = tuple(decisions)
    concerned = _concerned(state, proposed) or (_NOBODY,)
    computed = plan(assume(state, proposed), policy, now_us, replace(scope, recordings=concerned))
    return replace(computed, decisions=proposed)


def _concerned(state: State, decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    into = canonical_ids(state.recordings)
    named = {decision.recording_id for decision in decisions}
    named |= {decision.into for decision in decisions if isinstance(decision, Merge)}
    return tuple(sorted(named | {into.get(key, key) for key in named}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of a plan's decisions since it was made.

    Attributes:
        holding: to be recorded now; what is recorded already is in neither.
        stale: those that do not hold any more, each with the reason in words.
    """

    holding: tuple[Decision, ...]
    stale: tuple[tuple[Decision, str], ...]


def judge_decisions(state: State, decisions: Iterable[Decision]) -> Judged:
    """Say which decisions hold, each after those before it: a person's word in between beats a plan."""
    merged = merges(state.recordings)
    judging = _Judging(
        state=state,
        merged=merged,
        members=_members(merged),
        parted={frozenset((row.newer, row.older)) for row in state.questions.values() if row.answer in PARTING},
    )
    holding: list[Decision] = []
    stale: list[tuple[Decision, str]] = []
    for decision in decisions:
        reason = judging.stale(decision)
        if reason is not None:
            stale.append((decision, reason))
        elif judging.is_news(decision):
            holding.append(decision)
            judging.make(decision)
    return Judged(holding=tuple(holding), stale=tuple(stale))


@dataclass(slots=True, kw_only=True)
class _Judging:
    """Decisions being judged; lives inside one call of `judge_decisions`."""

    state: State
    merged: dict[str, str]  # recording → what it was merged into
    members: dict[str, tuple[str, ...]]  # recording → those that count for it
    parted: set[frozenset[str]]  # pairs that a person told apart

    def stale(self, decision: Decision) -> str | None:
        """Give why a decision does not hold any more, or nothing."""
        if decision.recording_id not in self.state.recordings:
            return f"{decision.recording_id} is not known"
        match decision:
            case Merge():
                return self._merge(decision)
            case Recognise():
                return self._recognise(decision)
            case Separate() | Unlink():
                return None
            case _:
                assert_never(decision)

    def is_news(self, decision: Decision) -> bool:
        """Say whether a decision that holds is not recorded yet."""
        match decision:
            case Merge(recording_id=recording_id, into=into):
                return self.merged.get(recording_id) != into
            case Separate(recording_id=recording_id):
                return recording_id in self.merged
            case Unlink(recording_id=recording_id, ref=ref):
                return ref in self.state.recordings[recording_id].refs
            case Recognise():
                return not _is_answered(self.state.questions.get(decision.question_id))
            case _:
                assert_never(decision)

    def make(self, decision: Decision) -> None:
        """Count a decision as made, for those that come after it."""
        if isinstance(decision, Merge):
            self.merged[decision.recording_id] = decision.into
            ours = self.members.pop(decision.recording_id, ())
            theirs = self.members.get(decision.into, ())
            self.members[decision.into] = (*theirs, decision.recording_id, *ours)
        elif isinstance(decision, Separate):
            del self.merged[decision.recording_id]
            self.members = _members(self.merged)

    def _merge(self, decision: Merge) -> str | None:
        one, other = decision.recording_id, decision.into
        if other not in self.state.recordings:
            return f"{other} is not known"
        if self.merged.get(one) == other:
            return None
        if one == other or one in self.merged or other in self.merged:
            return "one of them was merged into another by now"
        pairs = (frozenset((a, b)) for a in self._group(one) for b in self._group(other))
        return "a person said that they are two" if any(pair in self.parted for pair in pairs) else None

    def _group(self, recording_id: str) -> tuple[str, ...]:
        return (recording_id, *self.members.get(recording_id, ()))

    def _recognise(self, decision: Recognise) -> str | None:
        if _is_answered(self.state.questions.get(decision.question_id)):
            return None
        target, _, rest = decision.thing.partition("/")
        remote = self.state.remotes.get(remote_key(target, rest.partition("/")[2]))
        if remote is None or not remote.standing or remote.key:
            return f"{decision.thing} is not there any more, or carries a key by now"
        ids = self._group(decision.recording_id)
        parted = any(frozenset((decision.thing, key)) in self.parted for key in ids)
        return "a person said that they are two" if parted else None


def _members(merged: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return groups(ends(merged))


def _is_answered(row: Question | None) -> bool:
    return row is not None and row.answer in JOINING
