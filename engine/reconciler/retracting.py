"""What stands once some decisions are taken back, and the events that get there from what stands now. Pure.

A decision is taken back by leaving it out: the rest of its story is folded without it, and what differs from today
becomes new events. So a later decision about the same thing stays, and taking back what was taken back is the same.
Observations are facts and are never taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_rows
from typing import Any, TypeGuard, assert_never

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.matching_events import JOINING, Answer, MatchAnswered
from engine.domain.references import object_key, question_id, recording_id
from engine.domain.value import Value
from engine.projections.registry import Rows, empty_rows, fold
from engine.projections.rows import Conflict, Playlist, Question, Recording, TargetObject
from engine.projections.state import State
from engine.reconciler.answering import NEVER_SAID, consequences
from engine.reconciler.answers import QUESTION, Said, Standing, by_answer, is_thing, of_answer, standing
from engine.reconciler.asking import DECIDING
from engine.reconciler.catalogue import Catalogue
from engine.reconciler.diff import held_back
from engine.reconciler.identity import FOUNDING, PERSON

REASON = "undone"
_TOUCHED = ("recordings", "sightings", "questions")
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
            return deliberate or rule not in (FOUNDING, PERSON)  # what a person said is taken back where it was said
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
            | e.ResolutionDecided()
            | e.RecordingEnriched()
            | e.AccessChanged()
            | e.CapabilityLearned()
            | e.CredentialChanged()
            | e.ChainLinkEnded()
        ):
            return False
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What taking back recordings' decisions rests on; `said` are the questions whose answer is taken back beside."""

    state: State
    history: Sequence[Recorded]
    said: frozenset[str]
    by_undo: bool


def retracted(
    index: Catalogue, history: Sequence[Recorded], taken: frozenset[int], *, by_undo: bool = False
) -> tuple[e.Event, ...]:
    """Give the events after which everything is as if some decisions had not been made.

    Args:
        index: the state, indexed.
        history: the whole stories of the things concerned, and what every answer and merge rests on, in the order of
            their seqs.
        taken: the seqs of the decisions to take back.
        by_undo: whether an undo made them, so that what stood before it says whether rules may decide again.
    """
    state = index.state
    now = fold(empty_rows(), history)
    left_out = {recorded.seq for recorded in history if recorded.seq in taken and not _follows(recorded.event)}
    without = fold(empty_rows(), [recorded for recorded in history if recorded.seq not in left_out])
    kept = [recorded.event for recorded in history if recorded.seq not in left_out]
    reasons = {event.question_id: event.reason for event in kept if isinstance(event, MatchAnswered)}
    ours = {recorded.event.question_id for recorded in history if recorded.seq in left_out and _is_ours(recorded.event)}
    changed = list(_changed(now, without, "questions"))
    decided = [event for row, was in changed if row.question_id in ours for event in _apart_no_more(row, was)]
    theirs = [(row, was) for row, was in changed if row.question_id not in ours]
    decided += _answers(state, standing(history), reasons, theirs) if theirs else ()
    said = frozenset(event.question_id for event in decided if isinstance(event, MatchAnswered))
    context = _Context(state=state, history=history, said=said, by_undo=by_undo)
    for row, was in _changed(now, without, "recordings"):
        decided += _recording(row, was, context)
    for row, was in _changed(now, without, "conflicts"):
        decided += _conflict(row, was)
    for row, was in _changed(now, without, "playlists"):
        decided += _playlist(row, was)
    for row, was in _changed(now, without, "objects"):
        decided += _object(row, was)
    return (*decided, *_held_again(index, decided))


def _is_ours(event: e.Event) -> TypeGuard[MatchAnswered]:
    """Say whether an answer only keeps rules from deciding again what an undo took back: nothing follows from it."""
    return isinstance(event, MatchAnswered) and event.answer is Answer.DIFFERENT and event.reason == REASON


def _apart_no_more(row: Question, was: Question | None) -> Iterator[e.Event]:
    answer = was.answer if was else None
    if row.answer is Answer.DIFFERENT and answer is not Answer.DIFFERENT:
        yield _said(row, answer, REASON)
        if was is None:
            yield _nobody_asked(row)


def _said(row: Question, answer: Answer | None, reason: str) -> MatchAnswered:
    return MatchAnswered(
        question_id=row.question_id,
        newer=row.newer,
        older=row.older,
        answer=answer or Answer.REOPENED,
        reason=reason,
    )


def _nobody_asked(row: Question) -> e.MatchSettled:
    version = row.policy_version
    return e.MatchSettled(question_id=row.question_id, decision=VANISHED, evidence=(), policy_version=version)


def _follows(event: e.Event) -> bool:
    """Say whether a decision only follows from an answer, so that taking the answer back says what becomes of it."""
    match event:
        case e.RecordingMerged():
            return by_answer(event)
        case e.RecordingSeparated() | e.RecordingRequested() | e.UpgradeTaken():
            return of_answer(event.reason)
        case e.RecordingDismissed(reason=reason):
            return reason.startswith(NEVER_SAID)
        case _:
            return False


def _answers(
    state: State, stands: Standing, reasons: Mapping[str, str], changed: Iterable[tuple[Question, Question | None]]
) -> Iterator[e.Event]:
    """Give each question the answer it had before, one after the other, with what follows from that."""
    for row, was in changed:
        answer = was.answer if was else None
        if row.answer is None or row.answer == answer:
            continue
        reason = reasons[row.question_id] if answer else REASON
        said = _said(row, answer, reason)
        before, stands = stands, _stands_after(stands, said)
        asked = state.questions[row.question_id]
        told = [said, *consequences(state, asked, before, stands, reason)]
        if was is None and asked.settled is None:
            told.append(_nobody_asked(row))
        state = _imagined(state, told)
        yield from told


def _stands_after(before: Standing, said: MatchAnswered) -> Standing:
    if said.answer not in DECIDING:
        return before.without(said.question_id)
    last = 1 << 62  # after everything that was said before
    return before.with_answer(
        Said(seq=last, question_id=said.question_id, newer=said.newer, older=said.older, answer=said.answer)
    )


def _imagined(state: State, told: Sequence[e.Event]) -> State:
    """Give the state in which some events have been appended, as far as answers rest on it."""
    rows: dict[str, Any] = {name: dict(getattr(state, name)) for name in _TOUCHED}
    fold(rows, [Recorded(state.head_seq + 1, event.stream, 1, 0, None, event) for event in told])
    return with_rows(state, **rows)


def _changed(now: Rows, without: Rows, name: str) -> Iterator[tuple[Any, Any]]:
    for key, row in sorted(now[name].items()):
        was = without[name].get(key)
        if row != was:
            yield row, was


class Joined(Value, frozen=True):
    """A time in which something counted for another: what was trashed of it then was trashed for that.

    Attributes:
        thing: a recording, or the object key of a row or an item that nobody keyed.
        stays: what it counted for.
        until_seq: when it stood on its own again; none while it does not.
    """

    thing: str
    stays: str
    since_seq: int
    until_seq: int | None


def joined(history: Sequence[Recorded], taken: frozenset[int]) -> tuple[Joined, ...]:
    """Give what was joined by the decisions that are taken back, whether that has been appended yet or not."""
    answers: set[str] = set()
    found: list[Joined] = []
    for place, recorded in enumerate(history):
        match recorded.event:
            case MatchAnswered(question_id=question, newer=newer, older=older, answer=answer) if answer in JOINING:
                if recorded.seq in taken:
                    answers.add(question)
                    thing = Joined(thing=newer, stays=older, since_seq=recorded.seq, until_seq=None)
                    found += [thing] if is_thing(newer) else []
            case e.RecordingMerged(recording_id=absorbed, into=into, evidence=evidence):
                follows = any(piece.feature == QUESTION and piece.detail in answers for piece in evidence)
                if follows or recorded.seq in taken:
                    until_seq = _separated(history[place:], absorbed)
                    found.append(Joined(thing=absorbed, stays=into, since_seq=recorded.seq, until_seq=until_seq))
            case _:
                pass
    return tuple(found)


def _separated(later: Sequence[Recorded], absorbed: str) -> int | None:
    for recorded in later:
        if isinstance(recorded.event, e.RecordingSeparated) and recorded.event.recording_id == absorbed:
            return recorded.seq
    return None


def _recording(row: Recording, before: Recording | None, context: _Context) -> Iterator[e.Event]:
    was = before or Recording(recording_id=row.recording_id)
    for ref in row.refs:
        if ref not in was.refs:
            yield e.RecordingUnlinked(recording_id=row.recording_id, ref=ref, reason=REASON)
            yield from _different(context, recording_id(ref), row.recording_id)
    for ref in was.refs:
        if ref not in row.refs:
            yield from _linked_again(context, row.recording_id, ref)
    yield from _merging(row, was, context)
    if row.dismissed is not None and was.dismissed is None:
        yield e.RecordingRequested(recording_id=row.recording_id, reason=REASON)
    elif row.dismissed != was.dismissed and was.dismissed is not None:
        yield e.RecordingDismissed(recording_id=row.recording_id, reason=was.dismissed)
    if (row.chosen_ref or "") != (was.chosen_ref or ""):
        yield e.UpgradeTaken(recording_id=row.recording_id, ref=was.chosen_ref or "", reason=REASON)


def _merging(row: Recording, was: Recording, context: _Context) -> Iterator[e.Event]:
    if row.merged_into == was.merged_into:
        return
    if row.merged_into is not None:
        yield e.RecordingSeparated(recording_id=row.recording_id, reason=REASON)
        if was.merged_into is None:
            yield from _different(context, row.recording_id, row.merged_into)
    if was.merged_into is not None:
        merged = [recorded.event for recorded in context.history if isinstance(recorded.event, e.RecordingMerged)]
        ends = (row.recording_id, was.merged_into)
        yield next(event for event in reversed(merged) if (event.recording_id, event.into) == ends)


def _linked_again(context: _Context, recording: str, ref: str) -> Iterator[e.Event]:
    sighting = context.state.sightings.get(ref)
    elsewhere = sighting.recording_id if sighting else None
    if elsewhere is not None and elsewhere != recording:
        yield e.RecordingUnlinked(recording_id=elsewhere, ref=ref, reason=REASON)
    linked = [recorded.event for recorded in context.history if isinstance(recorded.event, e.RecordingLinked)]
    yield next(event for event in reversed(linked) if (event.recording_id, event.ref) == (recording, ref))


def _different(context: _Context, newer: str, older: str) -> Iterator[e.Event]:
    """Keep rules from deciding a pair again, unless its answer is what is taken back."""
    question = question_id(newer, older)
    known = context.state.questions.get(question)
    settled = context.by_undo or question in context.said
    if newer == older or settled or (known is not None and known.answer is Answer.DIFFERENT):
        return
    answer = Answer.DIFFERENT
    yield MatchAnswered(question_id=question, newer=newer, older=older, answer=answer, reason=REASON)


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
    active = before.active if before else not row.active  # what nobody decided was the other way round
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
