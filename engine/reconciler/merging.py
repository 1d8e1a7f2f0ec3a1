"""What follows for recordings from merges: which one each counts for, and what is known of several that are one.

Total: a circle of merges, or a merge into nothing, loses no recording. `assume` gives the state in which decisions
have been made, for plans that propose them; nothing here appends or removes anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace as with_rows
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from engine.domain.decisions import Decision, Merge, Recognise, Separate, Unlink
from engine.domain.envelope import Recorded
from engine.domain.events import MatchAnswered, RecordingMerged, RecordingSeparated, RecordingUnlinked
from engine.domain.matching_events import Answer
from engine.projections.registry import Rows, fold
from engine.projections.rows import Recording
from engine.projections.state import State

DecisionEvent: TypeAlias = RecordingMerged | RecordingSeparated | RecordingUnlinked | MatchAnswered


def canonical_ids(recordings: Mapping[str, Recording]) -> dict[str, str]:
    """Give every absorbed recording the one it counts for; a circle counts for its smallest id.

    Recordings that count for themselves are not named, so that a world without merges gives nothing.
    """
    return ends(merges(recordings))


def merges(recordings: Mapping[str, Recording]) -> dict[str, str]:
    """Give every recording that was merged the one it was merged into; into nothing is not merged."""
    return {
        key: row.merged_into
        for key, row in recordings.items()
        if row.merged_into is not None and row.merged_into in recordings
    }


def ends(merged: Mapping[str, str]) -> dict[str, str]:
    """Follow merges to where they end."""
    found: dict[str, str] = {}
    for key in merged:
        path: dict[str, None] = {}
        here = key
        while here not in path and here not in found and (further := merged.get(here)) is not None:
            path[here] = None
            here = further
        steps = list(path)
        end = min(steps[steps.index(here) :]) if here in path else found.get(here, here)
        found.update(dict.fromkeys(path, end))
    return {key: end for key, end in found.items() if key != end}


def groups(into: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Give every recording that absorbed others those others, sorted."""
    members: dict[str, list[str]] = defaultdict(list)
    for key, end in sorted(into.items()):
        members[end].append(key)
    return {end: tuple(keys) for end, keys in members.items()}


def combined(recording: Recording, absorbed: Iterable[Recording]) -> Recording:
    """Give what is known of recordings that are one, as the row of the one that stays.

    A person's dismissal of any of them holds for all, until a later request for any of them.
    """
    rows = (recording, *absorbed)
    rules = {ref: rule for row in reversed(rows) for ref, rule in zip(row.refs, row.rules, strict=False)}
    refs = tuple(dict.fromkeys(ref for row in rows for ref in row.refs))
    requested_seq = max(row.requested_seq for row in rows)
    dismissals = [row for row in rows if row.dismissed is not None and row.dismissed_seq >= requested_seq]
    dismissed = max(dismissals, key=lambda row: row.dismissed_seq, default=None)
    chosen = max((row for row in rows if row.chosen_ref in refs), key=lambda row: row.chosen_seq, default=None)
    return replace(
        recording,
        refs=refs,
        rules=tuple(rules.get(ref, "") for ref in refs),
        dismissed=dismissed.dismissed if dismissed else None,
        dismissed_seq=dismissed.dismissed_seq if dismissed else 0,
        requested_seq=requested_seq,
        chosen_ref=chosen.chosen_ref if chosen else None,
        chosen_seq=chosen.chosen_seq if chosen else 0,
        chosen_as_uploaded=chosen is not None and chosen.chosen_as_uploaded,
    )


def event_of(decision: Decision) -> DecisionEvent:
    """Give the event a decision is recorded as."""
    match decision:
        case Merge():
            return RecordingMerged(
                recording_id=decision.recording_id,
                into=decision.into,
                rule=decision.rule,
                evidence=decision.evidence,
                beaten=decision.beaten,
                policy_version=decision.policy_version,
            )
        case Separate(recording_id=recording_id, reason=reason):
            return RecordingSeparated(recording_id=recording_id, reason=reason)
        case Unlink(recording_id=recording_id, ref=ref, reason=reason):
            return RecordingUnlinked(recording_id=recording_id, ref=ref, reason=reason)
        case Recognise(question_id=question_id, thing=thing, recording_id=recording_id, reason=reason):
            return MatchAnswered(
                question_id=question_id, newer=thing, older=recording_id, answer=Answer.SAME, reason=reason
            )
        case _:
            assert_never(decision)


def assume(state: State, decisions: Iterable[Decision]) -> State:
    """Give the state in which decisions have been made; the given one stays as it is.

    The head stays that of the journal: what is assumed has no place in it yet.
    """
    assumed = with_rows(
        state, recordings=dict(state.recordings), sightings=dict(state.sightings), questions=dict(state.questions)
    )
    # No other projection reads these events.
    rows: Rows = {
        "recordings": assumed.recordings,
        "sightings": assumed.sightings,
        "questions": assumed.questions,
    }
    versions: Counter[str] = Counter()
    for offset, decision in enumerate(decisions, start=1):
        event = event_of(decision)
        versions[event.stream] += 1
        version = _version(state, event) + versions[event.stream]
        fold(rows, [Recorded(state.head_seq + offset, event.stream, version, 0, None, event)])
    return assumed


def _version(state: State, event: DecisionEvent) -> int:
    if isinstance(event, MatchAnswered):
        question = state.questions.get(event.question_id)
        return question.version if question else 0
    recording = state.recordings.get(event.recording_id)
    return recording.version if recording else 0
