"""What stands once some decisions are taken back, and the events that get there from what stands now. Pure.

A decision is taken back by leaving it out: the rest of its story is folded without it, and what differs from today
becomes new events. So a later decision about the same thing stays, and taking back what was taken back is the same.
Observations are facts and are never taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.references import object_key, question_id, recording_id
from engine.projections.registry import Rows, empty_rows, fold
from engine.projections.rows import Conflict, Playlist, Question, Recording, TargetObject
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.diff import held_back

REASON = "undone"
FOUNDING = "founding"
VANISHED = "vanished"


def is_decision(event: e.Event, *, deliberate: bool = False) -> bool:
    """Say whether an event decided something that can be taken back.

    Args:
        event: what was appended.
        deliberate: whether a person or an undo appended it: what a run links, settles, opens or configures beside
            its work is no decision of theirs.
    """
    match event:
        case e.RecordingLinked(rule=rule):
            return rule != FOUNDING or deliberate
        case e.MatchSettled() | e.PlaylistConfigured() | e.ConflictOpened():
            return deliberate
        case e.ConflictResolved(choice=choice):
            return choice != VANISHED
        case (
            e.RecordingUnlinked()
            | e.RecordingMerged()
            | e.RecordingSeparated()
            | e.RecordingDismissed()
            | e.RecordingRequested()
            | e.UpgradeTaken()
            | e.MatchAnswered()
            | e.ObjectWithheld()
            | e.ObjectReleased()
        ):
            return True
        case (
            e.JournalCreated()
            | e.RunStarted()
            | e.RunCheckpointed()
            | e.RunFinished()
            | e.ScanCompleted()
            | e.TrackSeen()
            | e.TrackAvailabilityChanged()
            | e.PlaylistSeen()
            | e.PlaylistHeld()
            | e.RemoteSeen()
            | e.RemoteMissed()
            | e.MatchAsked()
            | e.RenditionVerified()
            | e.RenditionMissed()
            | e.RenditionReturned()
            | e.ActionPlanned()
            | e.ActionClaimed()
            | e.ActionProbed()
            | e.ActionIntended()
            | e.ActionDone()
            | e.ActionDeferred()
            | e.ActionRefused()
            | e.ActionUnknown()
            | e.ActionSuperseded()
            | e.BreakerTripped()
        ):
            return False
        case _:
            assert_never(event)


def retracted(index: Catalogue, history: Sequence[Recorded], taken: frozenset[int]) -> tuple[e.Event, ...]:
    """Give the events after which everything is as if some decisions had not been made.

    Args:
        index: the state, indexed.
        history: the whole stories of the things concerned, in the order of their seqs.
        taken: the seqs of the decisions to take back.
    """
    now = fold(empty_rows(), history)
    without = fold(empty_rows(), [recorded for recorded in history if recorded.seq not in taken])
    decided: list[e.Event] = []
    for row, was in _changed(now, without, "questions"):
        decided += _question(row, was)
    for row, was in _changed(now, without, "recordings"):
        decided += _recording(row, was, index.state, history)
    for row, was in _changed(now, without, "conflicts"):
        decided += _conflict(row, was)
    for row, was in _changed(now, without, "playlists"):
        decided += _playlist(row, was)
    for row, was in _changed(now, without, "objects"):
        decided += _object(row, was)
    return (*decided, *_held_again(index, decided))


def _changed(now: Rows, without: Rows, name: str) -> Iterator[tuple[Any, Any]]:
    for key, row in sorted(now[name].items()):
        was = without[name].get(key)
        if row != was:
            yield row, was


def merges(history: Sequence[Recorded], taken: frozenset[int]) -> dict[str, int]:
    """Give the recordings whose being merged is taken back, and since when: what was trashed of them comes back."""
    found: dict[str, int] = {}
    for recorded in history:
        if recorded.seq in taken and isinstance(recorded.event, e.RecordingMerged):
            found.setdefault(recorded.event.recording_id, recorded.seq)
    return found


def _recording(
    row: Recording, before: Recording | None, state: State, history: Sequence[Recorded]
) -> Iterator[e.Event]:
    was = before or Recording(recording_id=row.recording_id)
    for ref in row.refs:
        if ref not in was.refs:
            yield e.RecordingUnlinked(recording_id=row.recording_id, ref=ref, reason=REASON)
            yield from _different(state, history, recording_id(ref), row.recording_id)
    for ref in was.refs:
        if ref not in row.refs:
            yield from _linked_again(state, history, row.recording_id, ref)
    yield from _merging(row, was, state, history)
    if row.dismissed is not None and was.dismissed is None:
        yield e.RecordingRequested(recording_id=row.recording_id, reason=REASON)
    elif row.dismissed != was.dismissed and was.dismissed is not None:
        yield e.RecordingDismissed(recording_id=row.recording_id, reason=was.dismissed)
    if row.chosen_ref != was.chosen_ref:
        chosen = was.chosen_ref or _fetched_from(state, row.recording_id)
        if chosen is not None and chosen != row.chosen_ref:
            yield e.UpgradeTaken(recording_id=row.recording_id, ref=chosen, reason=REASON)


def _merging(row: Recording, was: Recording, state: State, history: Sequence[Recorded]) -> Iterator[e.Event]:
    if row.merged_into == was.merged_into:
        return
    if row.merged_into is not None:
        yield e.RecordingSeparated(recording_id=row.recording_id, reason=REASON)
        if was.merged_into is None:
            yield from _different(state, history, row.recording_id, row.merged_into)
    if was.merged_into is not None:
        merged = [recorded.event for recorded in history if isinstance(recorded.event, e.RecordingMerged)]
        yield next(
            event
            for event in reversed(merged)
            if (event.recording_id, event.into) == (row.recording_id, was.merged_into)
        )


def _linked_again(state: State, history: Sequence[Recorded], recording: str, ref: str) -> Iterator[e.Event]:
    sighting = state.sightings.get(ref)
    elsewhere = sighting.recording_id if sighting else None
    if elsewhere is not None and elsewhere != recording:
        yield e.RecordingUnlinked(recording_id=elsewhere, ref=ref, reason=REASON)
    linked = [recorded.event for recorded in history if isinstance(recorded.event, e.RecordingLinked)]
    yield next(event for event in reversed(linked) if (event.recording_id, event.ref) == (recording, ref))


def _different(state: State, history: Sequence[Recorded], newer: str, older: str) -> Iterator[e.Event]:
    """Keep rules from deciding a pair again, unless its answer is what is taken back."""
    question = question_id(newer, older)
    known = state.questions.get(question)
    told = any(recorded.stream == f"match:{question}" for recorded in history)
    if newer == older or told or (known is not None and known.answer is e.Answer.DIFFERENT):
        return
    answer = e.Answer.DIFFERENT
    yield e.MatchAnswered(question_id=question, newer=newer, older=older, answer=answer, reason=REASON)


def _fetched_from(state: State, recording: str) -> str | None:
    files = (row for _, row in sorted(state.renditions.items()) if row.recording_id == recording and row.present)
    return next((row.source_ref for row in files), None)


def _question(row: Question, before: Question | None) -> Iterator[e.Event]:
    answer = before.answer if before else None
    if row.answer is not None and row.answer != answer:
        yield e.MatchAnswered(
            question_id=row.question_id,
            newer=row.newer,
            older=row.older,
            answer=answer or e.Answer.REOPENED,
            reason=REASON,
        )
    if before is None and row.settled is None:  # nobody ever asked it
        version = row.policy_version
        yield e.MatchSettled(question_id=row.question_id, decision=VANISHED, evidence=(), policy_version=version)


def _conflict(row: Conflict, before: Conflict | None) -> Iterator[e.Event]:
    was = before or row
    choice = before.choice if before else None
    if choice is not None and choice != row.choice:
        yield e.ConflictResolved(conflict_id=row.conflict_id, choice=choice)
    elif choice is None and row.choice is not None:
        yield e.ConflictOpened(
            conflict_id=row.conflict_id,
            target=was.target,
            object_kind=was.object_kind,
            key=was.key,
            field=was.field,
            base=was.base,
            wanted=was.wanted,
            found=was.found,
            reason=was.reason,
        )


def _playlist(row: Playlist, before: Playlist | None) -> Iterator[e.Event]:
    active = before.active if before else False
    if row.active != active:
        address = row.addresses[-1] if row.addresses else row.url
        yield e.PlaylistConfigured(ref=row.ref, url=address, active=active)


def _object(row: TargetObject, before: TargetObject | None) -> Iterator[e.Event]:
    was = before.withheld if before else None
    if row.withheld == was:
        return
    widened = was is not None and (row.withheld is None or was == () or set(row.withheld) <= set(was))
    if row.withheld is not None and not (widened and row.withheld != ()):
        yield _released(row)
    if was is not None:
        yield _withheld(row, was)


def _held_again(index: Catalogue, decided: Sequence[e.Event]) -> Iterator[e.Event]:
    """Hold back anew what stays undone, where asking for a recording or a playlist again would let it go."""
    asked = {event.recording_id for event in decided if isinstance(event, e.RecordingRequested)}
    asked |= {event.ref for event in decided if isinstance(event, e.PlaylistConfigured) and event.active}
    told = {event.object_id for event in decided if isinstance(event, e.ObjectWithheld | e.ObjectReleased)}
    for object_id, row in sorted(index.state.objects.items()):
        held = held_back(index, row.target, row.kind, row.key)
        if row.key in asked and object_id not in told and held is not None:
            yield _withheld(row, held)


def _released(row: TargetObject) -> e.ObjectReleased:
    return e.ObjectReleased(
        object_id=_object_id(row), target=row.target, object_kind=row.kind, key=row.key, reason=REASON
    )


def _withheld(row: TargetObject, fields: tuple[str, ...]) -> e.ObjectWithheld:
    return e.ObjectWithheld(
        object_id=_object_id(row),
        target=row.target,
        object_kind=row.kind,
        key=row.key,
        fields=fields,
        reason=REASON,
    )


def _object_id(row: TargetObject) -> str:
    return object_key(row.target, row.kind, row.key)
