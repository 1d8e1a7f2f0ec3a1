"""Tells the story of one thing: every event about it and what led to them, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.moves import Difference
from engine.domain.references import remote_key
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import Question
from engine.projections.state import State
from engine.workflows.lookup import Candidate, find_one
from engine.workflows.narrate import details, sentence
from engine.workflows.report_seen import retold

KINDS = ("recording", "playlist", "run", "action", "conflict", "question")
CAUSES_FOLLOWED_MAX = 500
"""A story that needs more causes than this is a plan's, not a thing's."""


class Step(Value, frozen=True):
    """One event of the story."""

    seq: int
    recorded_us: int
    stream: str
    type: str
    text: str
    details: tuple[str, ...]
    run_id: str | None
    causes: tuple[int, ...]


class Story(Value, frozen=True):
    """What happened to one thing, oldest first."""

    thing: Candidate
    steps: tuple[Step, ...]


def why(journal: Journal, state: State, thing: str) -> Story:
    """Give the causal chain of whatever a THING means.

    Raises:
        UsageError: nothing is meant, or several things are.
    """
    meant = find_one(state, thing, KINDS)
    until = state.head_seq or None
    events: dict[int, Recorded] = {}
    for stream in dict.fromkeys(_streams(state, meant)):
        events.update({recorded.seq: recorded for recorded in journal.read(stream=stream, until=until)})
    if meant.kind == "run":
        events.update({recorded.seq: recorded for recorded in journal.read(run_id=meant.key, until=until)})
    else:
        _follow_causes(journal, events)
    told = [events[seq] for seq in sorted(events)]
    changes = dict(retold(told)) if meant.kind == "playlist" else {}
    return Story(thing=meant, steps=tuple(_step(recorded, changes.get(recorded.seq)) for recorded in told))


def _streams(state: State, meant: Candidate) -> Iterator[str]:
    match meant.kind:
        case "recording":
            yield f"recording:{meant.key}"
            yield f"resolution:{meant.key}"
            yield f"enrichment:{meant.key}"
            row = state.recordings.get(meant.key)
            yield from (f"sighting:{ref}" for ref in (row.refs if row else ()))
            yield from (f"match:{q.question_id}" for q in _asked_about(state, meant.key))
            yield from (f"rendition:{r.rendition_id}" for r in state.renditions.values() if r.recording_id == meant.key)
            yield from _shown(state, meant.key)
        case "playlist":
            yield f"playlist:{meant.key}"
            yield f"scope:{meant.key}"
            yield from _shown(state, meant.key)
        case "question":
            yield f"match:{meant.key}"
        case _:
            yield f"{meant.kind}:{meant.key}"


def _asked_about(state: State, recording_id: str) -> Iterator[Question]:
    return (row for row in state.questions.values() if recording_id in (row.newer, row.older))


def _shown(state: State, key: str) -> Iterator[str]:
    held = {(row.target, row.remote_id) for row in state.remotes.values() if row.key == key}
    held |= {(row.target, row.remote_id) for row in state.objects.values() if row.key == key and row.remote_id}
    yield from (f"remote:{remote_key(target, remote_id or '')}" for target, remote_id in sorted(held, key=str))
    yield from (f"action:{row.action_id}" for row in state.actions.values() if row.key == key)
    yield from (f"conflict:{row.conflict_id}" for row in state.conflicts.values() if row.key == key)


def _follow_causes(journal: Journal, events: dict[int, Recorded]) -> None:
    waiting = [cause for recorded in events.values() for cause in causes_of(recorded)]
    followed = 0
    while waiting and followed < CAUSES_FOLLOWED_MAX:
        seq = waiting.pop()
        if seq in events:
            continue
        followed += 1
        for recorded in journal.read(after=seq - 1, until=seq):
            events[seq] = recorded
            waiting.extend(causes_of(recorded))


def causes_of(recorded: Recorded) -> tuple[int, ...]:
    """Give the seqs that led to an event, as far as it says."""
    return recorded.event.causes if isinstance(recorded.event, e.ActionPlanned) else ()


def _step(recorded: Recorded, change: Difference | None) -> Step:
    said = f": {str(change) or 'the same entries'}" if change is not None else ""
    return Step(
        seq=recorded.seq,
        recorded_us=recorded.recorded_us,
        stream=recorded.stream,
        type=recorded.event.TYPE,
        text=sentence(recorded.event) + said,
        details=details(recorded.event),
        run_id=recorded.run_id,
        causes=causes_of(recorded),
    )
