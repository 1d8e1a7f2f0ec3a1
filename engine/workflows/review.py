"""The review of questions, for terminal and dashboard: what waits for a person, what each answer would do, answering.

An answer and all that follows from it are appended in one transaction; taking it back appends what undoes that.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import Event, MatchAnswered, RecordingMerged, RecordingSeparated
from engine.domain.matching_events import Answer
from engine.domain.recording_events import Evidence
from engine.domain.value import Value
from engine.matching.resolution import SEARCH
from engine.ports import Journal
from engine.projections.rows import Question
from engine.projections.state import State
from engine.reconciler.answering import consequences
from engine.reconciler.answers import READS as STORIES
from engine.reconciler.answers import Said, Standing, contradiction, is_thing, standing, unions
from engine.reconciler.asking import DECIDING, waiting_questions
from engine.reconciler.proposals import WITHHELD
from engine.workflows.decide import PERSON, Decided
from engine.workflows.sides import READS as SHOWN_FROM
from engine.workflows.sides import Shown, Side

READS: tuple[str, ...] = ("questions", *SHOWN_FROM)
"""The projections that questions are shown from."""

ANSWERS: tuple[Answer, ...] = (Answer.SAME, Answer.DIFFERENT, Answer.INSTEAD, Answer.NEVER, Answer.LATER)
"""What a person can say."""

LISTED = "`sync review --list` shows the questions"
_ANSWERED_FROM = ("questions", "recordings", "sightings")
_OF_RECORDINGS_ONLY = frozenset({Answer.INSTEAD, Answer.NEVER})


class Option(Value, frozen=True):
    """One answer, and what it would do; or why it cannot be given."""

    answer: Answer
    effect: str
    possible: bool = True


class OpenQuestion(Value, frozen=True):
    """A question that waits for a person, with all there is to decide it by.

    Attributes:
        names: what the names say: "same", "version", "part", "different", "unclear".
        later: whether it was put off before.
    """

    question_id: str
    newer: Side
    older: Side
    names: str
    score: float
    evidence: tuple[Evidence, ...]
    policy_version: str
    asked_us: int
    later: bool
    options: tuple[Option, ...]


class Answered(Decided, frozen=True):
    """What was answered, and what followed at once."""

    follows: tuple[str, ...] = ()


def open_questions(journal: Journal) -> tuple[OpenQuestion, ...]:
    """Give the questions that wait, in the order in which to ask them."""
    state = journal.state(only=READS)
    waiting = waiting_questions(state)
    if not waiting:
        return ()
    shown, stands = Shown(state, waiting), _standing(journal)
    known, nothing = unions(stands), Standing()  # only what follows from answers can contradict any
    return tuple(_open(state, row, shown, stands if known.follows(row) else nothing) for row in waiting)


def question_named(found: tuple[OpenQuestion, ...], thing: str) -> OpenQuestion:
    """Give the one of several questions that is meant.

    Raises:
        UsageError: none is, or several are.
    """
    meant = [row for row in found if row.question_id.startswith(thing)]
    if len(meant) != 1:
        raise UsageError(f"{len(meant)} questions that wait begin with `{thing}`", hint=LISTED)
    return meant[0]


def still_waits(journal: Journal, question_id: str) -> bool:
    """Say whether a question has not been decided since it was shown; reads one row."""
    row = journal.row("questions", question_id)
    return row is not None and row.open


def answer(journal: Journal, thing: str, said: str, reason: str = "", *, actor: str = PERSON.actor) -> Answered:
    """Record a person's answer to a question, and all that follows from it.

    Args:
        journal: where it is recorded.
        thing: the question's id, or the start of it.
        said: one of `ANSWERS`.
        reason: their own words.
        actor: who said it.

    Raises:
        UsageError: no question is meant, such an answer cannot be given, or earlier answers contradict it.
    """
    if said not in ANSWERS:
        raise UsageError(f"`{said}` is no answer", hint=f"one of {', '.join(ANSWERS)}")
    state, wanted = journal.state(only=_ANSWERED_FROM), Answer(said)
    row = _meant(state, thing)
    _add_things(journal, state, row)
    if row.answer is wanted and (wanted is not Answer.LATER):
        return Answered(what="answered", key=row.question_id, label=_told(state, row, wanted), seq=None)
    before = _standing(journal)
    _refuse(state, row, wanted, before)
    return _record(journal, state, row, wanted, before, reason, actor)


def take_back(journal: Journal, thing: str | None = None, reason: str = "", *, actor: str = PERSON.actor) -> Answered:
    """Record that an answer is taken back, the last one when none is named: the question waits again.

    Raises:
        UsageError: no question is meant, or nothing has been answered.
    """
    state, before = journal.state(only=_ANSWERED_FROM), _standing(journal)
    row = _meant(state, thing) if thing is not None else _last(state, before)
    _add_things(journal, state, row)
    if row.answer in (None, Answer.REOPENED):
        label = _told(state, row, Answer.REOPENED)
        return Answered(what="taken back", key=row.question_id, label=label, seq=None)
    return _record(journal, state, row, Answer.REOPENED, before, reason, actor)


def _record(
    journal: Journal, state: State, row: Question, said: Answer, before: Standing, reason: str, actor: str
) -> Answered:
    question_id = row.question_id
    event = MatchAnswered(question_id=question_id, newer=row.newer, older=row.older, answer=said, reason=reason)
    follows = consequences(state, row, before, _after(before, _as_said(row, said)), reason)
    first = Draft(event=event, expected_version=row.version)
    origin = Origin(actor=actor, correlation_id=question_id)
    seq = journal.append([first, *(Draft(event=each) for each in follows)], origin)[0]
    what = "taken back" if said is Answer.REOPENED else "answered"
    told = tuple(sentence for each in follows if (sentence := _sentence(state, each)))
    return Answered(what=what, key=question_id, label=_told(state, row, said), seq=seq, follows=told)


def _add_things(journal: Journal, state: State, row: Question) -> None:
    """Read the rows and items of targets where the question is about one, to name it."""
    if is_thing(row.newer):
        state.remotes.update(journal.state(only=("remotes",)).remotes)


def _standing(journal: Journal) -> Standing:
    return standing(journal.read(types=STORIES))


def _as_said(row: Question, said: Answer) -> Said:
    last = 1 << 62  # after everything that was said before
    return Said(seq=last, question_id=row.question_id, newer=row.newer, older=row.older, answer=said)


def _after(before: Standing, said: Said) -> Standing:
    return before.with_answer(said) if said.answer in DECIDING else before.without(said.question_id)


def _meant(state: State, thing: str) -> Question:
    wanted = thing.strip()
    found = [row for key, row in sorted(state.questions.items()) if wanted and key.startswith(wanted)]
    if len(found) != 1:
        several = f"{len(found)} questions begin with `{thing}`" if found else f"there is no question `{thing}`"
        raise UsageError(several, hint=LISTED)
    return found[0]


def _last(state: State, stands: Standing) -> Question:
    if not stands.said:
        raise UsageError("nothing has been answered yet", hint="`sync review` asks what there is to answer")
    return state.questions[max(stands.said, key=lambda said: said.seq).question_id]


def _refuse(state: State, row: Question, wanted: Answer, stands: Standing) -> None:
    """Raise what makes an answer impossible, if anything does."""
    why, hint = _impossible(state, row, wanted, stands)
    if why:
        raise UsageError(why, hint=hint)


def _impossible(state: State, row: Question, wanted: Answer, stands: Standing) -> tuple[str, str]:
    if wanted in _OF_RECORDINGS_ONLY and is_thing(row.newer):
        return f"`{wanted}` is said of a recording, and {row.newer} is not one", "say same or different"
    rest = unions(stands.without(row.question_id)).groups
    if wanted is Answer.NEVER and rest.are_one(row.newer, row.older):
        return "they are one recording by now", "`sync dismiss` throws it away, all of it"
    against = contradiction(stands, _as_said(row, wanted))
    if not against:
        return "", ""
    earlier = "; ".join(f"{_told(state, state.questions[each.question_id], each.answer)}" for each in against)
    ids = [each.question_id for each in against]
    told = f"that contradicts what you answered: {earlier} ({', '.join(ids)})"
    return told, f"take one of these back first: sync review {ids[-1]} --undo"


def _open(state: State, row: Question, shown: Shown, stands: Standing) -> OpenQuestion:
    newer, older = shown.side(row.newer), shown.side(row.older)
    return OpenQuestion(
        question_id=row.question_id,
        newer=newer,
        older=older,
        names=row.names,
        score=row.score,
        evidence=row.evidence,
        policy_version=row.policy_version,
        asked_us=row.asked_us,
        later=row.answer is Answer.LATER,
        options=tuple(_option(state, row, each, newer, older, stands) for each in ANSWERS),
    )


def _option(state: State, row: Question, wanted: Answer, newer: Side, older: Side, stands: Standing) -> Option:
    why, _ = _impossible(state, row, wanted, stands)
    if why:
        return Option(answer=wanted, effect=why, possible=False)
    return Option(answer=wanted, effect=_effects(row, older)[wanted].format(newer=newer.source, older=older.label))


def _effects(row: Question, older: Side) -> Mapping[Answer, str]:
    """Give what each answer would do; what a search offered is nobody's wish, and there is no file to keep."""
    if is_thing(row.newer):
        return _EFFECTS_OF_THINGS
    offered = any(piece.feature == SEARCH for piece in row.evidence) and not older.path
    if not offered:
        return _EFFECTS
    return _EFFECTS_OF_OFFERS | (_OF_WITHHELD if older.availability in WITHHELD else {})


_EFFECTS = {
    Answer.SAME: "one recording: nothing is fetched, the file, row and item there are count for both",
    Answer.DIFFERENT: "two recordings: the new one is fetched and shown by itself",
    Answer.INSTEAD: "one recording, with the audio of the new one: it is fetched in place of the file there is",
    Answer.NEVER: "the new one is not wanted: it is never fetched",
    Answer.LATER: "asked again after the others",
}
_EFFECTS_OF_OFFERS = {
    Answer.SAME: "one recording: its audio is fetched for {older}",
    Answer.DIFFERENT: "another recording: nothing is fetched, and it is not offered for this one again",
    Answer.INSTEAD: "one recording, and its audio is taken whatever else there is",
    Answer.NEVER: "it is not wanted for anything: it is never offered again",
    Answer.LATER: "asked again after the others",
}
"""Of what a search found for something that has no audio."""
_OF_WITHHELD = {
    Answer.SAME: "one recording; nothing is fetched, but `sync upgrades` offers its audio",
}
"""What had audio once has it from elsewhere only where a person takes that (F18)."""
_EFFECTS_OF_THINGS = {
    Answer.SAME: "the {newer} is taken over for {older}, and none is made beside it",
    Answer.DIFFERENT: "the {newer} stays as it is, and {older} gets one of its own",
    Answer.LATER: "asked again after the others",
}
_WORDS = {
    Answer.SAME: "is",
    Answer.DIFFERENT: "is not",
    Answer.INSTEAD: "is, and gives the audio of",
    Answer.NEVER: "is never to be fetched, whether or not it is",
    Answer.LATER: "is asked later about",
    Answer.REOPENED: "is asked again about",
}


def _told(state: State, row: Question, said: Answer) -> str:
    shown = Shown(state, (row,))
    return f"“{shown.side(row.newer).label}” {_WORDS[said]} “{shown.side(row.older).label}”"


def _sentence(state: State, event: Event) -> str:
    """Say what followed for others than the two that were asked about; the rest is what the answer means."""
    shown = Shown(state, ())
    if isinstance(event, RecordingMerged):
        return f"“{shown.side(event.recording_id).label}” counts for “{shown.side(event.into).label}”"
    if isinstance(event, RecordingSeparated):
        return f"“{shown.side(event.recording_id).label}” stands on its own again"
    return ""
