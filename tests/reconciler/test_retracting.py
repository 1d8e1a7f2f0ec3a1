"""What stands once decisions are taken back, for every event a decision can be, and what stands once that is undone."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from typing_extensions import override

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.matching_events import Answer
from engine.domain.references import object_key, question_id, recording_id
from engine.reconciler.catalogue import catalogue
from engine.reconciler.retracting import is_decision, joined, retracted
from tests.projections.every_event import instances
from tests.reconciler.pure_world import Story, track

A, B, C = (recording_id(f"soundcloud:track:{number}") for number in (1, 2, 3))
SET = "soundcloud:set:1"
EVIDENCE = (e.Evidence(feature="same_isrc", weight=4.0, detail="GBAAA0000001"),)


@dataclass(slots=True, repr=False)
class Told(Story):
    """A story that can be undone in part."""

    told: list[Recorded] = field(default_factory=list)

    @override
    def tell(self, *events: e.Event) -> None:
        for event in events:
            Story.tell(self, event)
            version = self.versions[event.stream]
            self.told.append(Recorded(self.seq, event.stream, version, self.now_us + self.seq, "run", event))

    def undo(self, *seqs: int, by_undo: bool = False) -> list[e.Event]:
        """Take decisions back, and tell what follows."""
        history = tuple(self.told)
        events = list(retracted(catalogue(self.state()), history, frozenset(seqs), by_undo=by_undo))
        self.tell(*events)
        return events

    def after(self, first: int) -> tuple[int, ...]:
        """Give the seqs of the decisions told after one."""
        return tuple(each.seq for each in self.told if each.seq > first and is_decision(each.event, deliberate=True))


def story(*events: e.Event) -> Told:
    """Give two recordings in a playlist, and what happened to them."""
    told = Told()
    told.tell(track(1), track(2), track(3))
    told.listed(SET, [f"soundcloud:track:{number}" for number in (1, 2, 3)])
    told.link()
    told.tell(*events)
    return told


def known(told: Told) -> dict[str, object]:
    """Give what decisions come to, without the seqs."""
    state = told.state()
    return {
        "recordings": {
            key: (row.refs, row.merged_into, row.dismissed, row.chosen_ref or "")
            for key, row in state.recordings.items()
        },
        "sightings": {key: row.recording_id for key, row in state.sightings.items()},
        "answers": {
            key: row.answer for key, row in state.questions.items() if row.answer not in (None, Answer.REOPENED)
        },
        "conflicts": {key: row.choice for key, row in state.conflicts.items()},
        "playlists": {key: row.active for key, row in state.playlists.items()},
        "objects": {key: row.withheld for key, row in state.objects.items()},
    }


def merged(absorbed: str = B, into: str = A, rule: str = "same_isrc") -> e.RecordingMerged:
    """Give a merge by rule."""
    return e.RecordingMerged(
        recording_id=absorbed, into=into, rule=rule, evidence=EVIDENCE, beaten=(), policy_version="1"
    )


def asked(newer: str = B, older: str = A) -> e.MatchAsked:
    """Give a question."""
    return e.MatchAsked(
        question_id=question_id(newer, older), newer=newer, older=older, names="unclear", score=1.0,
        evidence=EVIDENCE, policy_version="1",
    )  # fmt: skip


def answered(answer: Answer, newer: str = B, older: str = A) -> e.MatchAnswered:
    """Give an answer."""
    return e.MatchAnswered(
        question_id=question_id(newer, older), newer=newer, older=older, answer=answer, reason="heard it"
    )


def by_answer(absorbed: str = B, into: str = A) -> e.RecordingMerged:
    """Give the merge that follows from an answer."""
    piece = e.Evidence(feature="question", weight=0.0, detail=question_id(B, A))
    return e.RecordingMerged(
        recording_id=absorbed, into=into, rule="person", evidence=(*EVIDENCE, piece), beaten=(), policy_version="1"
    )


def held(*fields: str, key: str = A) -> e.ObjectWithheld:
    """Give an object held back."""
    return e.ObjectWithheld(
        object_id=object_key("notion", "track", key), target="notion", object_kind="track", key=key, fields=fields,
        reason="undone",
    )  # fmt: skip


RELEASED = e.ObjectReleased(
    object_id=object_key("notion", "track", A), target="notion", object_kind="track", key=A, reason="undone"
)
DISMISSED = e.RecordingDismissed(recording_id=A, reason="wrong take")
REQUESTED = e.RecordingRequested(recording_id=A, reason="again")
LINKED = e.RecordingLinked(
    recording_id=A, ref="soundcloud:track:4", rule="same_isrc", evidence=EVIDENCE, beaten=(), policy_version="1"
)
UNLINKED = e.RecordingUnlinked(recording_id=A, ref="soundcloud:track:4", reason="no")
CHOSEN = e.UpgradeTaken(recording_id=A, ref="soundcloud:track:1", reason="better")
OPENED = e.ConflictOpened(
    conflict_id="c1", target="notion", object_kind="track", key=A, field="isrc", base="B", wanted="W", found="F",
    reason="both changed it",
)  # fmt: skip
NEVER = e.RecordingDismissed(recording_id=B, reason="never to be fetched, as answered: heard it")
CHOSEN_BY_ANSWER = e.UpgradeTaken(
    recording_id=B, ref="soundcloud:track:2", reason=f"question {question_id(A, B)} was answered"
)
RESOLVED = e.ConflictResolved(conflict_id="c1", choice="ours")
FOLLOWED = e.PlaylistConfigured(ref="url:x", url="https://soundcloud.com/x", active=True)
UNFOLLOWED = e.PlaylistConfigured(ref=SET, url="https://soundcloud.com/crew", active=False)

STORIES: dict[str, tuple[tuple[e.Event, ...], e.Event | tuple[e.Event, ...]]] = {
    "linked": ((track(4),), LINKED),
    "unlinked": ((track(4), LINKED), UNLINKED),
    "merged": ((), merged()),
    "merged elsewhere": ((merged(), e.RecordingSeparated(recording_id=B, reason="no")), merged(B, C)),
    "moved": ((merged(),), merged(B, C)),
    "separated": ((merged(),), e.RecordingSeparated(recording_id=B, reason="no")),
    "dismissed": ((), DISMISSED),
    "dismissed again": ((DISMISSED,), e.RecordingDismissed(recording_id=A, reason="really")),
    "requested": ((DISMISSED,), REQUESTED),
    "chosen": ((), CHOSEN),
    "chosen again": ((CHOSEN,), e.UpgradeTaken(recording_id=A, ref="soundcloud:track:2", reason="better")),
    "different": ((asked(),), answered(Answer.DIFFERENT)),
    "later": ((asked(),), answered(Answer.LATER)),
    "never": ((asked(),), (answered(Answer.NEVER), NEVER)),
    "same": ((asked(),), (answered(Answer.SAME), by_answer())),
    "same after later": ((asked(), answered(Answer.LATER)), (answered(Answer.SAME), by_answer())),
    "same after different": ((asked(), answered(Answer.DIFFERENT)), (answered(Answer.SAME), by_answer())),
    "same, unasked": ((), (answered(Answer.SAME), by_answer())),
    "instead": ((asked(),), (answered(Answer.INSTEAD), by_answer(A, B), CHOSEN_BY_ANSWER)),
    "resolved": ((OPENED,), RESOLVED),
    "resolved again": ((OPENED, RESOLVED), e.ConflictResolved(conflict_id="c1", choice="theirs")),
    "followed": ((), FOLLOWED),
    "unfollowed": ((), UNFOLLOWED),
    "unfollowed again": ((FOLLOWED,), e.PlaylistConfigured(ref="url:x", url="https://soundcloud.com/x", active=False)),
    "held": ((), held()),
    "held in part": ((held("title"),), held("isrc")),
    "held whole after a part": ((held("title"),), held()),
    "released": ((held("title"),), RELEASED),
    "released whole": ((held(),), RELEASED),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_decision_taken_back_leaves_what_stood_before_and_taken_back_again_what_stood_after(name: str) -> None:
    """Issue 3: undo and undo of an undo, for every decision there is; a second undo of the same says nothing."""
    before_it, decided = STORIES[name]
    decision, *follows = decided if isinstance(decided, tuple) else (decided,)
    told = story(*before_it)
    before = known(told)
    told.tell(decision)
    seq = told.seq
    told.tell(*follows)
    last, after = told.seq, known(told)
    assert is_decision(decision, deliberate=True)
    events = told.undo(seq)
    assert events
    assert without_apart(known(told), before) == before
    assert told.undo(seq) == []
    told.undo(*told.after(last), by_undo=True)
    assert known(told) == after


def without_apart(found: dict[str, object], before: dict[str, object]) -> dict[str, object]:
    """Give what is known less the answers that keep rules from deciding again, and what did not exist before."""
    kept = dict(found)
    answers, said_before = found["answers"], before["answers"]
    assert isinstance(answers, dict)
    assert isinstance(said_before, dict)
    kept["answers"] = {key: said for key, said in answers.items() if said is not Answer.DIFFERENT or key in said_before}
    for name in ("objects", "playlists"):
        rows, known_before = found[name], before[name]
        assert isinstance(rows, dict)
        assert isinstance(known_before, dict)
        kept[name] = {key: row for key, row in rows.items() if key in known_before or row not in (None, False)}
    return kept


@settings(max_examples=5)
@given(data=st.data())
@pytest.mark.parametrize("event", e.EVENT_CLASSES)
def test_every_event_is_a_decision_or_a_fact(event: type[e.Event], data: st.DataObject) -> None:
    """Observations are never taken back; what a run notes beside its work only when an undo noted it."""
    facts = {
        "journal.created", "run.started", "run.checkpointed", "run.finished", "scan.completed", "track.seen",
        "track.availability_changed", "playlist.seen", "playlist.held", "remote.seen", "remote.missed", "match.asked",
        "rendition.verified", "rendition.missed", "rendition.returned", "breaker.tripped", "resolution.decided",
        "recording.enriched", "access.changed", "capability.learned", "credential.changed", "chain.link_ended",
    }  # fmt: skip
    beside = {"match.settled", "playlist.configured", "conflict.opened"}
    drawn = data.draw(instances(event))
    if isinstance(drawn, e.RecordingLinked | e.ConflictResolved):
        return  # judged by what they say, below
    assert is_decision(drawn) is (event.TYPE not in facts | beside and not event.TYPE.startswith("action."))
    assert is_decision(drawn, deliberate=True) is (event.TYPE in beside or is_decision(drawn))


@pytest.mark.parametrize(("rule", "alone"), [("founding", False), ("person", False), ("same_isrc", True)])
def test_a_link_by_rule_is_a_decision_of_the_run_that_made_it(rule: str, *, alone: bool) -> None:
    """A recording's first sighting is a name, and what a person said is taken back where it was said."""
    event = e.RecordingLinked(
        recording_id=A, ref="x", rule=rule, evidence=(), beaten=(), policy_version="1"
    )  # fmt: skip
    assert is_decision(event) is alone
    assert is_decision(event, deliberate=True)


def test_a_conflict_that_the_facts_ended_was_nobodys_decision() -> None:
    """Design §8: vanished is an observation."""
    assert not is_decision(e.ConflictResolved(conflict_id="c", choice="vanished"), deliberate=True)


def test_a_merge_taken_back_keeps_rules_from_merging_again() -> None:
    """Issue 3: what was undone is not proposed again; where that was said before, it is not said twice."""
    told = story(merged())
    events = told.undo(told.seq)
    assert [type(event) for event in events] == [e.RecordingSeparated, e.MatchAnswered]
    assert known(told)["answers"] == {question_id(A, B): Answer.DIFFERENT}
    again = story(answered(Answer.DIFFERENT), merged())
    assert [type(event) for event in again.undo(again.seq)] == [e.RecordingSeparated]


def test_a_merge_redone_lets_the_question_be_what_it_was() -> None:
    """Undo of an undo: a question that was open is open again; one that a person answered since keeps that answer."""
    told = story(asked(), merged())
    first = told.seq
    told.undo(first)
    told.undo(*told.after(first), by_undo=True)
    assert told.state().questions[question_id(A, B)].open
    later = story(merged())
    first = later.seq
    later.undo(first)
    undo = later.after(first)
    later.tell(answered(Answer.LATER))
    assert [type(event) for event in later.undo(*undo, by_undo=True)] == [e.RecordingMerged]


def test_a_link_taken_back_keeps_rules_from_linking_again() -> None:
    """The answer is about the recording that the sighting would have founded."""
    told = story(track(4), LINKED)
    told.undo(told.seq)
    state = told.state()
    assert state.sightings["soundcloud:track:4"].recording_id is None
    pair = question_id(recording_id("soundcloud:track:4"), A)
    assert (state.questions[pair].newer, state.questions[pair].answer) == (
        recording_id("soundcloud:track:4"),
        Answer.DIFFERENT,
    )
    own = story(replace(LINKED, ref="soundcloud:track:1"))
    assert own.undo(own.seq) == []  # it is the recording's own sighting, and was linked before


def test_a_sighting_that_found_another_home_comes_back() -> None:
    """Undo of an undo: the recording founded in between lets it go."""
    told = story(track(4), LINKED)
    told.listed(SET, [f"soundcloud:track:{number}" for number in (1, 2, 3, 4)])
    told.undo(told.seq - 2)
    first = told.seq
    told.undo(*(each.seq for each in told.told if each.event == LINKED))
    undone = told.after(first - 2)
    told.link()
    assert told.state().sightings["soundcloud:track:4"].recording_id == recording_id("soundcloud:track:4")
    events = told.undo(*undone, by_undo=True)
    assert [type(event) for event in events if isinstance(event, e.RecordingUnlinked)] == [e.RecordingUnlinked]
    assert told.state().sightings["soundcloud:track:4"].recording_id == A
    assert told.state().recordings[recording_id("soundcloud:track:4")].refs == ()


def test_a_later_decision_about_the_same_stays() -> None:
    """Only what is named is taken back: dismissed, asked for, dismissed again; the first taken back changes nothing."""
    told = story(DISMISSED)
    first = told.seq
    told.tell(REQUESTED, DISMISSED)
    assert told.undo(first) == []
    told = story(asked(), answered(Answer.SAME), by_answer())
    first = told.seq - 1
    told.tell(answered(Answer.DIFFERENT), e.RecordingSeparated(recording_id=B, reason="question x was answered"))
    assert told.undo(first) == []


def test_a_conflict_that_is_open_again_stays_open() -> None:
    """What found its way back by itself needs no event."""
    told = story(OPENED, RESOLVED, OPENED)
    assert told.undo(told.seq - 1) == []
    twice = story(OPENED, RESOLVED, RESOLVED)
    assert twice.undo(twice.seq) == []


def test_holding_back_survives_asking_again() -> None:
    """I20: taking back a dismissal asks for the recording again, which would let go of what else was undone of it."""
    told = story(held("title"), held(key=B), DISMISSED)
    events = told.undo(told.seq)
    assert [event for event in events if isinstance(event, e.ObjectWithheld)] == [held("title")]
    playlist = story(held(key=SET), UNFOLLOWED)
    assert held(key=SET) in playlist.undo(playlist.seq)
    both = story(held("title"), DISMISSED)
    events = both.undo(both.seq, both.seq - 1)
    assert [type(event) for event in events] == [e.RecordingRequested, e.ObjectReleased]


@pytest.mark.parametrize("settled", [False, True])
def test_an_answer_that_nobody_asked_for_leaves_no_open_question(*, settled: bool) -> None:
    """P2: what is taken back waits for nobody; a question that was asked does."""
    told = story(answered(Answer.DIFFERENT))
    if settled:
        told.tell(e.MatchSettled(question_id=question_id(A, B), decision="reject", evidence=(), policy_version="1"))
    told.undo(told.seq - settled)
    assert not told.state().questions[question_id(A, B)].open
    waits = story(asked(), answered(Answer.DIFFERENT))
    waits.undo(waits.seq)
    assert waits.state().questions[question_id(A, B)].open


def test_what_was_joined_is_told_with_its_time() -> None:
    """What was trashed between a merge and its end was trashed for it, be it by rule, by answer or of a row."""
    told = story(merged())
    rule = told.seq
    assert [(each.thing, each.stays, each.until_seq) for each in joined(told.told, frozenset({rule}))] == [(B, A, None)]
    told.undo(rule)
    assert [each.until_seq for each in joined(told.told, frozenset({rule}))] == [rule + 1]
    assert joined(told.told, frozenset()) == ()
    said = story(asked(), answered(Answer.SAME), by_answer())
    assert [each.thing for each in joined(said.told, frozenset({said.seq - 1}))] == [B]
    row = story(answered(Answer.SAME, newer="notion/track/page"))
    assert [each.thing for each in joined(row.told, frozenset({row.seq}))] == ["notion/track/page"]
    assert joined(row.told, frozenset()) == ()
    apart = story(answered(Answer.DIFFERENT))
    assert joined(apart.told, frozenset({apart.seq})) == ()
