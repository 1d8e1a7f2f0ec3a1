"""What an undo is about: what a person means by it, and what the journal tells of that. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.errors import UsageError
from engine.domain.plan import ActionKind, Operation
from engine.domain.references import object_key
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import ActionRow, ActionState
from engine.projections.state import State
from engine.reconciler.answers import READS as STANDING
from engine.reconciler.deeds import OPERATIONS, Deed, Replaced
from engine.reconciler.retracting import Joined, is_decision, joined
from engine.workflows.lookup import PREFIX_LENGTH_MIN, find_one
from engine.workflows.shelves import together_with

LAST = "last"
_FILE_TYPES = (e.RenditionVerified.TYPE, e.RenditionReturned.TYPE)
_DEED_TYPES = (e.ActionIntended.TYPE, e.ActionDone.TYPE)
_DECISION_TYPES = tuple(
    sorted(
        kind.TYPE
        for kind in (
            e.RecordingLinked, e.RecordingUnlinked, e.RecordingMerged, e.RecordingSeparated, e.RecordingDismissed,
            e.RecordingRequested, e.UpgradeTaken, e.MatchAnswered, e.MatchSettled, e.ConflictResolved,
            e.ConflictOpened, e.PlaylistConfigured, e.ObjectWithheld, e.ObjectReleased,
        )
    )
)  # fmt: skip
_STORY_TYPES = (*_DECISION_TYPES, e.MatchAsked.TYPE)


class Meant(Value, frozen=True):
    """What is to be undone: a run, an action, or a decision by the seq of its event."""

    kind: str  # "run", "action", "decision"
    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is to be taken back, as the journal tells it."""

    deeds: tuple[Deed, ...] = ()
    unsettled: tuple[ActionRow, ...] = ()
    taken: frozenset[int] = frozenset()
    by_undo: bool = False
    history: tuple[Recorded, ...] = ()


def find_meant(journal: Journal, thing: str) -> Meant:
    """Find what a person wants undone.

    Raises:
        UsageError: nothing is meant, several things are, or an event that nobody decided.
    """
    state = journal.state(only=("runs", "actions", "questions"))
    if thing == LAST:
        return _last(journal, state)
    if thing.isdecimal() and not thing.startswith("0") and int(thing) <= journal.head().seq:
        return _decision(journal, state, int(thing))
    question = _question(state, thing)
    if question is not None:
        return _answer(journal, question)
    found = find_one(state, thing, ("run", "action"))
    return Meant(kind=found.kind, key=found.key, label=found.label)


def story(journal: Journal, state: State, meant: Meant) -> Story:
    """Give what is to be taken back, and the story of everything it is about."""
    match meant.kind:
        case "run":
            told = _of_run(journal, state, meant.key)
        case "action":
            told = _of_action(journal, state, state.actions[meant.key])
        case _:
            told = _of_decision(journal, state, int(meant.key))
    history = _history(journal, told.taken)
    return Story(
        deeds=(*told.deeds, *_trashed_for_it(journal, state, told, history)),
        unsettled=told.unsettled,
        taken=told.taken,
        by_undo=told.by_undo,
        history=history,
    )


def _of_run(journal: Journal, state: State, run_id: str) -> Story:
    by_undo = _by_undo(state, run_id)
    done: dict[str, Recorded] = {}
    sent: dict[str, None] = {}
    taken: set[int] = set()
    for recorded in journal.read(run_id=run_id, types=(*_DEED_TYPES, *_DECISION_TYPES)):
        match recorded.event:
            case e.ActionIntended(action_id=action_id):
                sent[action_id] = None
            case e.ActionDone(action_id=action_id):
                done[action_id] = recorded
            case decided if is_decision(decided, deliberate=by_undo):
                taken.add(recorded.seq)
            case _:
                pass
    rows = [state.actions[action_id] for action_id in sent]
    deeds = [_deed_in(journal, state, row, run_id, done.get(row.action_id)) for row in rows]
    return Story(
        deeds=tuple(deed for deed in deeds if deed is not None),
        unsettled=tuple(row for row in rows if row.state.unsettled),
        taken=frozenset(taken),
        by_undo=by_undo,
    )


def _of_action(journal: Journal, state: State, row: ActionRow) -> Story:
    """Give one action; of one that an undo did, also what that undo held back of its object."""
    confirmed, run_id = _confirmation(journal, row)
    deed = _deed(journal, state, row, confirmed, run_id) if confirmed else None
    taken: set[int] = set()
    if deed is not None and deed.by_undo:
        stream = f"object:{object_key(row.target, row.object_kind, row.key)}"
        taken = {recorded.seq for recorded in journal.read(run_id=run_id, stream=stream)}
    unsettled = (row,) if row.state.unsettled else ()
    by_undo = deed is not None and deed.by_undo
    return Story(deeds=(deed,) if deed else (), unsettled=unsettled, taken=frozenset(taken), by_undo=by_undo)


def _of_decision(journal: Journal, state: State, seq: int) -> Story:
    (recorded,) = journal.read(after=seq - 1, limit=1)
    taken = together_with(journal, seq) if isinstance(recorded.event, e.PlaylistConfigured) else frozenset({seq})
    return Story(taken=taken, by_undo=_by_undo(state, recorded.run_id))


def _history(journal: Journal, taken: frozenset[int]) -> tuple[Recorded, ...]:
    """Give every decision about what the taken ones are about; what answers rest on, where one of them is an answer."""
    about = [recorded for seq in sorted(taken) for recorded in journal.read(after=seq - 1, limit=1)]
    streams = sorted({recorded.stream for recorded in about})
    told = {each.seq: each for stream in streams for each in journal.read(stream=stream, types=_STORY_TYPES)}
    if any(isinstance(recorded.event, e.MatchAnswered) for recorded in about):
        told.update({each.seq: each for each in journal.read(types=STANDING)})
    return tuple(told[seq] for seq in sorted(told))


def _trashed_for_it(journal: Journal, state: State, told: Story, history: tuple[Recorded, ...]) -> tuple[Deed, ...]:
    """Give the removals that followed from joins which are taken back, whichever run carried them out."""
    known = {deed.action_id for deed in told.deeds}
    spans: defaultdict[str, list[Joined]] = defaultdict(list)
    for span in joined(history, told.taken):
        for name in (span.thing, span.stays):
            spans[name].append(span)
    found = []
    for action_id, row in sorted(state.actions.items()):
        removed = row.state is ActionState.DONE and OPERATIONS[ActionKind(row.kind)] is Operation.TRASH
        if removed and action_id not in known and any(_was_for(row, span, state) for span in _near(spans, row)):
            confirmed, run_id = _confirmation(journal, row)
            found += [_deed(journal, state, row, confirmed, run_id)] if confirmed else []
    return tuple(found)


def _near(spans: Mapping[str, list[Joined]], row: ActionRow) -> list[Joined]:
    thing = object_key(row.target, row.object_kind, row.remote_id or "")
    return [*spans.get(row.key, ()), *spans.get(thing, ())]


def _was_for(row: ActionRow, span: Joined, state: State) -> bool:
    """Whether something was removed because two were one: of the one that counted, or a file that its file beat."""
    within = span.since_seq < row.last_seq and (span.until_seq is None or row.last_seq < span.until_seq)
    about = span.thing in (row.key, object_key(row.target, row.object_kind, row.remote_id or ""))
    kept = next((change.after for change in row.changes if change.field == "kept_path"), None)
    beaten = row.key == span.stays and any(
        file.path == kept and file.recording_id == span.thing for file in state.renditions.values()
    )
    return within and (about or beaten)


def _deed_in(journal: Journal, state: State, row: ActionRow, run_id: str, confirmed: Recorded | None) -> Deed | None:
    """Give an action that a run sent last before it was confirmed, be it by a later run's probe."""
    if row.state is not ActionState.DONE:
        return None
    if confirmed is None:
        confirmed, sent_by = _confirmation(journal, row)
        if sent_by != run_id:
            return None
    return _deed(journal, state, row, confirmed, run_id) if confirmed else None


def _confirmation(journal: Journal, row: ActionRow) -> tuple[Recorded | None, str | None]:
    """Give the event that confirmed an action, and the run that sent it."""
    sent_by: str | None = None
    for recorded in journal.read(stream=f"action:{row.action_id}", types=_DEED_TYPES):
        if isinstance(recorded.event, e.ActionDone):
            return recorded, sent_by
        sent_by = recorded.run_id
    return None, sent_by


def _deed(journal: Journal, state: State, row: ActionRow, confirmed: Recorded, run_id: str | None) -> Deed:
    done = confirmed.event
    assert isinstance(done, e.ActionDone)
    return Deed(
        action_id=row.action_id,
        kind=ActionKind(done.kind),
        target=done.target,
        object_kind=done.object_kind,
        key=done.key,
        remote_id=done.remote_id,
        changes=row.changes,
        held=done.held,
        seq=confirmed.seq,
        by_undo=_by_undo(state, run_id),
        replaced=tuple(_replaced(journal, state, row, confirmed.seq)),
    )


def _replaced(journal: Journal, state: State, row: ActionRow, done_seq: int) -> Iterator[Replaced]:
    """Tell of each file that an action put into another's place what both are, from what was verified of them."""
    outgoing = next((change.after for change in row.changes if change.field == "replaces"), None)
    paths = outgoing if isinstance(outgoing, tuple) else ()
    ids = sorted(key for key, each in state.renditions.items() if paths and each.recording_id == row.key)
    for rendition_id in ids:
        told = journal.read(stream=f"rendition:{rendition_id}", types=_FILE_TYPES, until=done_seq)
        files = list(_files(told))
        if len(files) > 1 and files[-2].path in paths:
            before, now = files[-2:]
            yield Replaced(path=before.path, source_ref=before.source_ref, by_path=now.path, by_sha256=now.file_sha256)


def _files(told: Iterable[Recorded]) -> Iterator[e.RenditionVerified]:
    """Give what was verified, each as it was last found: a file that was moved is where it was found since."""
    known: e.RenditionVerified | None = None
    for event in (recorded.event for recorded in told):
        if isinstance(event, e.RenditionVerified):
            if known is not None:
                yield known
            known = event
        else:
            assert isinstance(event, e.RenditionReturned)
            known = known and replace(known, path=event.path, file_sha256=event.file_sha256)
    if known is not None:
        yield known


def _by_undo(state: State, run_id: str | None) -> bool:
    run = state.runs.get(run_id or "")
    return run is not None and run.undid


def _last(journal: Journal, state: State) -> Meant:
    """Give the last run that changed anything, undos aside: to undo twice is never to do it again by accident."""
    for run in sorted(state.runs.values(), key=lambda row: -row.first_seq):
        if run.undid:
            continue
        types = (e.ActionDone.TYPE, *_DECISION_TYPES)
        happened = (recorded.event for recorded in journal.read(run_id=run.run_id, types=types))
        if any(isinstance(event, e.ActionDone) or is_decision(event) for event in happened):
            return Meant(kind="run", key=run.run_id, label=run.command)
    raise UsageError("no run has changed anything yet", hint="`sync runs` lists what ran")


def _decision(journal: Journal, state: State, seq: int) -> Meant:
    (recorded,) = journal.read(after=seq - 1, limit=1)
    if not is_decision(recorded.event, deliberate=recorded.run_id is None or _by_undo(state, recorded.run_id)):
        detail = f"event {seq} is {recorded.event.TYPE}, which nobody decided"
        raise UsageError(detail, hint="name the event of a decision, a run or an action; `sync why THING` shows them")
    return Meant(kind="decision", key=str(seq), label=recorded.event.TYPE)


def _question(state: State, thing: str) -> str | None:
    if len(thing) < PREFIX_LENGTH_MIN:
        return None
    found = [question_id for question_id in sorted(state.questions) if question_id.startswith(thing)]
    if len(found) > 1 and thing not in found:
        raise UsageError(f"`{thing}` means {len(found)} questions", hint="name one of them: " + ", ".join(found))
    return found[0] if found else None


def _answer(journal: Journal, question: str) -> Meant:
    """Give the last answer a person gave; that it was taken back is none, or undoing twice would give it again."""
    told = journal.read(stream=f"match:{question}", types=(e.MatchAnswered.TYPE,))
    seqs = [each.seq for each in told if isinstance(each.event, e.MatchAnswered) and _says_something(each.event)]
    if not seqs:
        raise UsageError(f"{question} has no answer to take back", hint="`sync review` asks it")
    return Meant(kind="decision", key=str(seqs[-1]), label=f"the answer to {question}")


def _says_something(event: e.MatchAnswered) -> bool:
    return event.answer is not e.Answer.REOPENED
