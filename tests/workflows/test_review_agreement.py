"""What answers imply, contradict and show: what follows from others, both sides, any answers in any order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import (
    Answer,
    Audio,
    MatchAsked,
    RecordingMerged,
    RecordingRequested,
    RecordingSeparated,
    RemoteSeen,
    RenditionMissed,
    RenditionVerified,
)
from engine.domain.references import question_id, rendition_id
from engine.reconciler.answers import is_thing
from engine.reconciler.asking import DECIDING
from engine.workflows.questions import asked_news
from engine.workflows.review import ANSWERS, OpenQuestion, answer, open_questions, still_waits, take_back
from tests.fakes.memory_journal import MemoryJournal
from tests.workflows.review_world import (
    EVIDENCE,
    PAGE,
    QUESTIONS,
    REFS,
    A,
    B,
    C,
    D,
    E,
    asked,
    asking,
    one,
    said,
    summary,
    types_after,
    undone,
    waiting,
)


def test_answers_that_follow_from_others_are_not_asked_for() -> None:
    """Design §5: A is B and B is C, so A is C; taken back, the question waits again."""
    journal = asking()
    said(journal, B, A, "same")
    said(journal, C, B, "same")
    assert question_id(C, A) not in waiting(journal)
    assert not still_waits(journal, question_id(C, A))
    said(journal, D, A, "different")
    assert waiting(journal) == {question_id(PAGE, E)}
    undone(journal, C, B)
    assert waiting(journal) == {question_id(*pair) for pair in ((C, B), (C, A), (D, C), (PAGE, E))}
    assert one(journal) == {frozenset({A, B})}


def test_what_was_answered_of_an_absorbed_one_holds_for_itself_when_it_stands_alone_again() -> None:
    """Design §5: a word about A is about A, not about what A counted for when it was said."""
    journal = asking()
    said(journal, B, A, "same")
    said(journal, D, B, "same")
    undone(journal, B, A)
    assert one(journal) == {frozenset({B, D})}


def test_an_answer_that_follows_by_now_is_settled_when_it_is_taken_back() -> None:
    """Design §5: two others still say it."""
    journal = asking()
    for newer, older in ((B, A), (C, B), (C, A)):
        said(journal, newer, older, "same")
    undone(journal, C, A)
    assert one(journal) == {frozenset({A, B, C})}
    assert question_id(C, A) not in waiting(journal)
    undone(journal, C, B)
    assert {question_id(C, A), question_id(C, B)} <= waiting(journal)


def test_contradictions_are_refused_and_name_what_was_said_before() -> None:
    """P2: three answers that cannot all be true; the way out is said."""
    journal = asking()
    said(journal, B, A, "same")
    said(journal, C, B, "same")
    with pytest.raises(UsageError) as caught:
        said(journal, C, A, "different")
    assert "“Ada – Title 2” is “Ada – Title 1”" in caught.value.detail
    assert "“Ada – Title 3” is “Ada – Title 2”" in caught.value.detail
    assert f"sync review {question_id(B, A)} --undo" in caught.value.hint
    undone(journal, C, B)
    said(journal, C, A, "different")
    with pytest.raises(UsageError, match="is not"):
        said(journal, C, B, "instead")
    assert said(journal, D, A, "same").seq is not None


def test_a_person_beats_a_rule_and_taking_it_back_restores_the_rules_merge() -> None:
    """Design §5: a rule's merge does not stand against an answer."""
    merged = RecordingMerged(
        recording_id=B, into=A, rule="same_audio", evidence=EVIDENCE, beaten=(), policy_version="1"
    )
    journal = asking(merged)
    with pytest.raises(UsageError, match="one recording by now"):
        said(journal, B, A, "never")
    said(journal, B, A, "different")
    assert not one(journal)
    undone(journal, B, A)
    assert [r.event for r in journal.read(types=["recording.merged"])] == [merged, merged]


def test_what_an_answer_puts_together_a_rules_merge_cannot_part() -> None:
    """Design §5: X was merged into A by a rule; X is not B, A is B: then the rule was wrong."""
    merged = RecordingMerged(
        recording_id=C, into=A, rule="same_audio", evidence=EVIDENCE, beaten=(), policy_version="1"
    )
    journal = asking(merged)
    said(journal, C, B, "different")
    assert question_id(B, A) not in waiting(journal)
    said(journal, B, A, "same")
    assert one(journal) == {frozenset({A, B})}
    undone(journal, B, A)
    assert one(journal) == {frozenset({A, C})}


def test_what_somebody_took_apart_since_is_left_alone() -> None:
    """I48: an answer touches only what it changes itself."""
    journal = asking()
    said(journal, B, A, "same")
    apart = RecordingSeparated(recording_id=B, reason="undone")
    journal.append([Draft(event=apart)], Origin(actor="person:test"))
    said(journal, D, C, "same")
    assert one(journal) == {frozenset({C, D})}
    undone(journal, B, A)
    assert one(journal) == {frozenset({C, D})}
    rule = RecordingMerged(recording_id=B, into=A, rule="same_isrc", evidence=(), beaten=(), policy_version="1")
    gone = asking(rule, apart)
    said(gone, B, A, "different")
    undone(gone, B, A)
    assert not one(gone)


def test_a_row_is_decided_by_the_answer_alone() -> None:
    """Design §8: what has no key of ours is taken over by the next plan; one row is one recording."""
    journal = asking(asked(PAGE, A))
    with pytest.raises(UsageError, match="is not one"):
        said(journal, PAGE, E, "instead")
    assert types_after(journal, said(journal, PAGE, E, "same").seq) == ["match.answered", "match.settled"]
    assert question_id(PAGE, A) not in waiting(journal)
    with pytest.raises(UsageError, match="contradicts"):
        said(journal, PAGE, A, "same")
    undone(journal, PAGE, E)
    assert question_id(PAGE, A) in waiting(journal)


def test_one_row_may_be_two_recordings_that_are_one() -> None:
    """Design §5: then it says nothing new."""
    journal = asking(asked(PAGE, A), asked(E, A))
    said(journal, E, A, "same")
    said(journal, PAGE, E, "same")
    assert said(journal, PAGE, A, "same").seq is not None
    assert one(journal) == {frozenset({A, E})}


@pytest.mark.parametrize(("thing", "word"), [("nothing", "same"), ("", "same"), ("q", "same"), ("q", "reopened")])
def test_what_cannot_be_meant_is_refused(thing: str, word: str) -> None:
    """P17: with what would help."""
    with pytest.raises(UsageError) as caught:
        answer(asking(), thing, word)
    assert caught.value.hint


def test_a_question_of_recordings_nobody_saw_is_answered_all_the_same() -> None:
    """I57: total; ids stand where names are not known."""
    journal = MemoryJournal(asked("rb", "ra"))
    assert said(journal, "rb", "ra", "instead").label == "“rb” is, and gives the audio of “ra”"
    assert said(journal, "rb", "ra", "never").seq is not None
    journal = MemoryJournal(RecordingRequested(recording_id="rb", reason=""), asked("rb", "ra"), asked("n/t/p", "ra"))
    said(journal, "rb", "ra", "instead")
    assert journal.state().recordings["rb"].chosen_ref == ""
    assert said(journal, "n/t/p", "ra", "different").label == "“n/t/p” is not “ra”"


def the(journal: MemoryJournal, newer: str, older: str) -> OpenQuestion:
    """Give one question as it is shown."""
    return next(row for row in open_questions(journal) if row.question_id == question_id(newer, older))


def test_a_question_shows_both_sides_and_what_each_answer_does() -> None:
    """P17: all there is to decide it by: names, links, length, file, playlists, evidence."""
    files = [
        RenditionVerified(
            rendition_id=rendition_id(A, profile), recording_id=A, profile=profile, source_ref=REFS[0],
            path=f"Ada/Title 1.{profile}", size_bytes=9, mtime_ns=1, file_sha256=profile,
            audio=Audio(format=profile, codec=codec, duration_ms=200_000, bitrate_bps=bps, sample_rate_hz=44_100,
                        lossless=profile == "aiff", lossy_origin=profile != "aiff"),
        )
        for profile, codec, bps in (("mp3", "mp3", 128_000), ("aiff", "pcm_s16be", None))
    ]  # fmt: skip
    gone = replace(files[0], rendition_id="f", profile="wav"), RenditionMissed(rendition_id="f", path="gone.wav")
    shown = the(asking(*files, *gone), B, A)
    assert (shown.newer.label, shown.newer.source, shown.newer.availability) == (
        "Ada – Title 2", "soundcloud", "available",
    )  # fmt: skip
    assert (shown.older.quality, shown.older.path) == ("pcm_s16be lossless 44.1 kHz", "Ada/Title 1.aiff")
    assert (shown.older.playlists, shown.newer.quality) == (("Night",), "")
    assert (shown.names, shown.evidence, shown.score) == ("same", EVIDENCE, 2.0)
    assert [option.answer for option in shown.options] == list(ANSWERS)
    assert all(option.possible and option.effect for option in shown.options)


def test_a_row_is_shown_by_its_fields() -> None:
    """P17: what a person wrote there is what they see."""
    page = RemoteSeen(
        target="notion", kind="track", remote_id="page-1", key=None,
        fields={"title": "Kid", "duration_s": 201.5, "soundcloud_url": "https://soundcloud.com/a/kid", "wav_path": ""},
    )  # fmt: skip
    shown = the(asking(page), PAGE, E)
    assert (shown.newer.label, shown.newer.source, shown.newer.duration_ms, shown.newer.url) == (
        "Kid", "notion track", 201_500, "https://soundcloud.com/a/kid",
    )  # fmt: skip
    options = {option.answer: option for option in shown.options}
    assert options[Answer.SAME].effect == "the notion track is taken over for Ada – Title 5, and none is made beside it"
    assert [answer for answer, option in options.items() if not option.possible] == [Answer.INSTEAD, Answer.NEVER]


def test_what_is_not_there_any_more_is_shown_by_its_id() -> None:
    """I57: total."""
    shown = the(MemoryJournal(asked("rb", "ra")), "rb", "ra")
    assert (shown.newer.label, shown.older.source) == ("rb", "")
    gone = the(MemoryJournal(asked("eagle/item/I", "ra")), "eagle/item/I", "ra")
    assert (gone.newer.label, gone.newer.source, gone.newer.duration_ms) == ("eagle/item/I", "eagle item", None)
    nameless = RemoteSeen(target="eagle", kind="item", remote_id="I", key=None, fields={"duration_ms": 0})
    bare = the(MemoryJournal(nameless, asked("eagle/item/I", "ra")), "eagle/item/I", "ra")
    assert (bare.newer.label, bare.newer.duration_ms) == ("eagle/item/I", None)
    assert open_questions(MemoryJournal()) == ()


def test_a_contradiction_that_came_from_elsewhere_is_shown_with_the_question() -> None:
    """P17: what cannot be said is not offered."""
    journal = asking()
    said(journal, B, A, "same")
    said(journal, C, B, "same")
    journal.append([Draft(event=asked(C, A))], Origin(actor="engine"))  # a rule that did not look
    options = {option.answer: option for option in the(journal, C, A).options}
    assert not options[Answer.DIFFERENT].possible
    assert "contradicts" in options[Answer.DIFFERENT].effect
    assert options[Answer.SAME].possible


class Reviewing(RuleBasedStateMachine):
    """Random answers and take-backs, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = asking()
        self.stands: dict[str, Answer] = {}  # in the order in which they were last given

    @rule(question=st.sampled_from(QUESTIONS), word=st.sampled_from(ANSWERS))
    def answers(self, question: MatchAsked, word: Answer) -> None:
        """Answer a question, asked or answered before."""
        before = len(self.journal.events)
        after = {key: held for key, held in self.stands.items() if key != question.question_id}
        if word in DECIDING:
            after[question.question_id] = word
        try:
            decided = answer(self.journal, question.question_id, word)
        except UsageError:
            assert len(self.journal.events) == before
            assert not sound(after) or word in (Answer.NEVER, Answer.INSTEAD)
            return
        assert sound(after)
        if decided.seq is not None:
            self.stands = after

    @rule(question=st.sampled_from(QUESTIONS))
    def takes_back(self, question: MatchAsked) -> None:
        """Take an answer back."""
        take_back(self.journal, question.question_id)
        self.stands.pop(question.question_id, None)

    @rule()
    def is_asked_again(self) -> None:
        """Let another policy ask everything anew: nothing that was answered, or follows from answers, is news."""
        state = self.journal.state()
        news = {event.question_id for event in asked_news(state, [replace(q, policy_version="2") for q in QUESTIONS])}
        assert not news & self.stands.keys()

    @invariant()
    def comes_to_what_the_last_answers_say(self) -> None:
        """The same answers, given once and in order to a fresh journal, come to the same."""
        fresh = asking()
        for question, word in self.stands.items():
            answer(fresh, question, word)
        assert summary(self.journal.state()) == summary(fresh.state())
        assert waiting(self.journal) == waiting(fresh)
        assert one(self.journal) == set(groups(self.stands))


def groups(stands: dict[str, Answer]) -> Iterator[frozenset[str]]:
    """Give the groups of recordings that answers make one."""
    left = {A, B, C, D}
    pairs = [
        (q.newer, q.older)
        for q in QUESTIONS
        if stands.get(q.question_id) in (Answer.SAME, Answer.INSTEAD) and not is_thing(q.newer)
    ]
    while left:
        group = {left.pop()}
        while more := {end for pair in pairs if set(pair) & group for end in pair} - group:
            group |= more
        left -= group
        if len(group) > 1:
            yield frozenset(group)


def sound(stands: dict[str, Answer]) -> bool:
    """Whether answers do not contradict each other."""
    apart = [{q.newer, q.older} for q in QUESTIONS if stands.get(q.question_id) is Answer.DIFFERENT]
    return not any(pair <= group for pair in apart for group in groups(stands))


Reviewing.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestRandomAnswers = Reviewing.TestCase


def test_a_side_shows_the_original_and_never_the_rate_of_a_container() -> None:
    """I56: an AIFF made of an MP3 is no lossless file to choose, however many bits it has."""
    files = [
        RenditionVerified(
            rendition_id=rendition_id(A, profile), recording_id=A, profile=profile, source_ref=REFS[0],
            path=f"Ada/Title 1.{suffix}", size_bytes=9, mtime_ns=1, file_sha256=profile,
            audio=Audio(format=suffix, codec=codec, duration_ms=200_000, bitrate_bps=bps, lossless=suffix == "aiff",
                        lossy_origin=True),
        )
        for profile, suffix, codec, bps in (
            ("original", "mp3", "mp3", 96_000), ("aiff", "aiff", "pcm_s24be", 2_116_000),
        )
    ]  # fmt: skip
    both, alone = the(asking(*files), B, A).older, the(asking(files[1]), B, A).older
    assert (both.quality, both.path) == ("mp3 96 kbit/s", "Ada/Title 1.mp3")
    assert alone.quality == "aiff, made of a lossy file"
