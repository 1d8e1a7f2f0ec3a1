"""What people's answers come to: which recordings they make one, and what contradicts what. Pure; appends nothing.

A person's word is followed before any rule: a merge by rule that puts together what a person told apart does not
stand while that answer does. Everything is computed from what stands, so that an answer taken back leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.domain.envelope import Recorded
from engine.domain.events import MatchAnswered, RecordingMerged, RecordingSeparated, UpgradeTaken
from engine.domain.matching_events import JOINING, Answer
from engine.domain.value import Value
from engine.projections.rows import Question
from engine.reconciler.asking import DECIDING

QUESTION = "question"
"""The feature that names the question in a merge's evidence, and the first word of the reason of what follows else."""

READS: tuple[str, ...] = tuple(
    event_class.TYPE for event_class in (MatchAnswered, RecordingMerged, RecordingSeparated, UpgradeTaken)
)
"""The types of events that tell what stands."""


class Said(Value, frozen=True):
    """An answer that stands."""

    seq: int
    question_id: str
    newer: str
    older: str
    answer: Answer

    @property
    def absorbed(self) -> str:
        """The one that counts for the other, where the two are one."""
        return self.older if self.answer is Answer.INSTEAD else self.newer

    @property
    def stays(self) -> str:
        """The other one."""
        return self.newer if self.answer is Answer.INSTEAD else self.older


class Choice(Value, frozen=True):
    """Whose audio a recording has by a person's word: by an answer, and otherwise."""

    ref: str = ""
    by_answer: bool = False
    otherwise: str = ""


class Standing(Value, frozen=True):
    """Every answer and every merge by rule that stands, in the order in which they were made."""

    said: tuple[Said, ...] = ()
    merged: tuple[tuple[int, RecordingMerged], ...] = ()  # with their seqs
    choices: dict[str, Choice] = {}  # noqa: RUF012 - msgspec copies mutable defaults

    def answer_to(self, question_id: str) -> Said | None:
        """Give the answer to a question that stands."""
        return next((said for said in self.said if said.question_id == question_id), None)

    def without(self, question_id: str) -> Standing:
        """Give what stands once an answer is taken back."""
        kept = tuple(said for said in self.said if said.question_id != question_id)
        return Standing(said=kept, merged=self.merged, choices=self.choices)

    def with_answer(self, said: Said) -> Standing:
        """Give what stands once a question is answered, whatever was answered before."""
        rest = self.without(said.question_id)
        return Standing(said=(*rest.said, said), merged=self.merged, choices=self.choices)


def by_answer(event: RecordingMerged) -> bool:
    """Say whether a merge followed from an answer; the rest were made by rules."""
    return any(piece.feature == QUESTION for piece in event.evidence)


def of_answer(reason: str) -> bool:
    """Say whether something was taken back or chosen because of an answer."""
    return reason.startswith(QUESTION + " ")


def standing(history: Iterable[Recorded]) -> Standing:
    """Give what stands after the events of the types in `READS`, given in the order of their seqs."""
    said: dict[str, Said] = {}
    merged: dict[str, tuple[int, RecordingMerged]] = {}
    choices: dict[str, Choice] = {}
    for recorded in history:
        event = recorded.event
        if isinstance(event, MatchAnswered):
            said.pop(event.question_id, None)
            if event.answer in DECIDING:
                said[event.question_id] = Said(
                    seq=recorded.seq,
                    question_id=event.question_id,
                    newer=event.newer,
                    older=event.older,
                    answer=event.answer,
                )
        elif isinstance(event, RecordingMerged) and not by_answer(event):
            merged[event.recording_id] = (recorded.seq, event)
        elif isinstance(event, RecordingSeparated) and not of_answer(event.reason):
            merged.pop(event.recording_id, None)
        elif isinstance(event, UpgradeTaken):
            choices[event.recording_id] = _chosen(choices.get(event.recording_id, Choice()), event)
    return Standing(said=tuple(said.values()), merged=tuple(merged.values()), choices=choices)


def _chosen(known: Choice, event: UpgradeTaken) -> Choice:
    if of_answer(event.reason):
        return Choice(ref=event.ref, by_answer=True, otherwise=known.otherwise)
    return Choice(ref=event.ref, by_answer=False, otherwise=event.ref)


@dataclass(slots=True)
class _Groups:
    """Things that are one, and things told apart; lives inside one call."""

    parent: dict[str, str] = field(default_factory=dict)
    apart: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def find(self, thing: str) -> str:
        while (further := self.parent.get(thing, thing)) != thing:
            thing = further
        return thing

    def join(self, absorbed: str, stays: str) -> None:
        """Make two groups one; the group of the second keeps its name."""
        a, b = self.find(absorbed), self.find(stays)
        if a != b:
            self.parent[a] = b
            self.apart[b] |= self.apart.pop(a, set())

    def part(self, a: str, b: str) -> None:
        self.apart[self.find(a)].add(b)
        self.apart[self.find(b)].add(a)

    def are_one(self, a: str, b: str) -> bool:
        return self.find(a) == self.find(b)

    def are_apart(self, a: str, b: str) -> bool:
        end = self.find(b)
        return any(self.find(other) == end for other in self.apart.get(self.find(a), ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unions:
    """Which recordings are one.

    Attributes:
        edges: absorbed recording → the one it counts for, and the answer or the rule's merge that says so.
    """

    edges: dict[str, tuple[str, Said | RecordingMerged]]
    groups: _Groups

    def follows(self, row: Question) -> bool:
        """Say whether what stands answers a question, be it yes or no."""
        groups = self.groups
        if groups.are_one(row.newer, row.older) or groups.are_apart(row.newer, row.older):
            return True
        return is_thing(row.newer) and row.newer in groups.parent  # one row or item is one recording


def is_thing(key: str) -> bool:
    """Say whether a key means a row or an item that nobody keyed, not a recording."""
    return "/" in key


def unions(stands: Standing) -> Unions:
    """Give which recordings are one: answers in their order, and the rules' merges that no answer speaks against."""
    allowed = _together(stands.said)
    made = _Groups()
    edges: dict[str, tuple[str, Said | RecordingMerged]] = {}
    for _, each in _in_order(stands):
        absorbed, stays = _ends(each)
        if isinstance(each, RecordingMerged):
            if allowed.are_apart(absorbed, stays):
                continue
            allowed.join(absorbed, stays)
        start, end = made.find(absorbed), made.find(stays)
        made.join(absorbed, stays)
        if start != end and not is_thing(start):
            edges[start] = (end, each)
    for said in stands.said:
        if said.answer is Answer.DIFFERENT:
            made.part(said.newer, said.older)
    return Unions(edges=edges, groups=made)


def _ends(each: Said | RecordingMerged) -> tuple[str, str]:
    return (each.recording_id, each.into) if isinstance(each, RecordingMerged) else (each.absorbed, each.stays)


def _in_order(stands: Standing) -> list[tuple[int, Said | RecordingMerged]]:
    steps: list[tuple[int, Said | RecordingMerged]] = list(stands.merged)
    steps += [(said.seq, said) for said in stands.said if said.answer in JOINING]
    return sorted(steps, key=lambda step: step[0])


def _together(said: Sequence[Said]) -> _Groups:
    groups = _Groups()
    for each in said:
        if each.answer in JOINING:
            groups.join(each.absorbed, each.stays)
    for each in said:
        if each.answer is Answer.DIFFERENT:
            groups.part(each.newer, each.older)
    return groups


def contradiction(stands: Standing, new: Said) -> tuple[Said, ...]:
    """Give the earlier answers that cannot be true together with a new one; none when it fits.

    An earlier answer to the same question does not count: the new one takes its place.
    """
    others = stands.without(new.question_id).said
    if new.answer is Answer.DIFFERENT:
        return _path(others, new.newer, new.older)
    if new.answer not in JOINING:
        return ()
    before, after = _together(others), _together((*others, new))
    for each in others:
        pair = (each.newer, each.older)
        if each.answer is Answer.DIFFERENT and after.are_one(*pair) and not before.are_one(*pair):
            return (*(said for said in _path((*others, new), *pair) if said is not new), each)
        if each.newer == new.newer and each.answer in JOINING and is_thing(new.newer):
            made = unions(stands.without(new.question_id)).groups
            if not made.are_one(each.older, new.older):
                return (each,)
    return ()


def _path(said: Sequence[Said], start: str, end: str) -> tuple[Said, ...]:
    """Give the answers that make two things one, the fewest; none when none do."""
    steps: defaultdict[str, list[tuple[str, Said]]] = defaultdict(list)
    for each in said:
        if each.answer in JOINING:
            steps[each.newer].append((each.older, each))
            steps[each.older].append((each.newer, each))
    paths: dict[str, tuple[Said, ...]] = {start: ()}
    waiting = deque([start])
    while waiting and end not in paths:
        here = waiting.popleft()
        for there, each in steps[here]:
            if there not in paths:
                paths[there] = (*paths[here], each)
                waiting.append(there)
    return paths.get(end, ())
