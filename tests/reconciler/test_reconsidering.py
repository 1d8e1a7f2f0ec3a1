"""Open questions: facts may answer them, people's answers stay, and nothing that holds anything is merged by itself."""

from __future__ import annotations

from engine.domain.events import (
    Audio,
    Event,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    PlaylistSeen,
    RecordingMerged,
    RemoteSeen,
    RenditionVerified,
    TrackSeen,
)
from engine.domain.matching_events import Answer
from engine.domain.references import recording_id
from engine.domain.value import Fields
from engine.matching.policy import MatchingPolicy
from engine.reconciler.identity import unlinked
from engine.reconciler.reconsidering import reconsider
from tests.reconciler.pure_world import Story

ONE, TWO, THREE = (f"soundcloud:track:{number}" for number in (1, 2, 3))


def seen(ref: str, length: int | None = None, title: str = "First Light", **more: str | None) -> TrackSeen:
    """Give what a source shows of a track."""
    return TrackSeen(ref=ref, title=title, artist="Ada", url="", duration_ms=length, **more)  # type: ignore[arg-type] # by name


def asked(*tracks: TrackSeen) -> Story:
    """Give a story in which these tracks stand in a playlist and were decided."""
    story = Story()
    story.tell(*tracks, PlaylistSeen(ref="soundcloud:set:1", name="", url="", entries=tuple(t.ref for t in tracks)))
    story.link()
    return story


def steps(story: Story, policy: MatchingPolicy | None = None) -> list[Event]:
    """Give what becomes of the open questions."""
    found = reconsider(story.state(), policy) if policy else reconsider(story.state())
    return [event for step in found for event in step]


def test_nothing_is_weighed_again_while_the_evidence_is_what_it_was() -> None:
    """I23: a run in which nothing changed records nothing."""
    story = asked(seen(ONE, 180_000), seen(TWO))
    assert len(story.state().questions) == 1
    assert steps(story) == []
    assert steps(asked(seen(ONE))) == []


def test_a_length_that_arrives_decides_what_a_name_could_not() -> None:
    """P2: the question is settled by facts and the newer recording, which holds nothing yet, is merged."""
    story = asked(seen(ONE, 180_000), seen(TWO))
    story.tell(seen(TWO, 180_400))
    settled, merged = steps(story)
    assert isinstance(settled, MatchSettled)
    assert isinstance(merged, RecordingMerged)
    assert (settled.decision, merged.recording_id, merged.into) == ("accept", recording_id(TWO), recording_id(ONE))
    story.tell(settled, merged)
    assert steps(story) == []
    apart = asked(seen(ONE, 180_000), seen(TWO))
    apart.tell(seen(TWO, 320_000))
    (settled,) = steps(apart)
    assert isinstance(settled, MatchSettled)
    assert settled.decision == "reject"


def test_what_holds_a_file_or_a_row_is_not_merged_without_a_person() -> None:
    """I45, I56: evidence is noted, and the question stays open."""
    file = RenditionVerified(
        rendition_id="f", recording_id=recording_id(TWO), profile="original", source_ref=TWO, path="a.mp3",
        size_bytes=1, mtime_ns=1, file_sha256="s", audio=Audio(format="mp3", codec="mp3", duration_ms=180_300),
    )  # fmt: skip
    story = asked(seen(ONE, 180_000), seen(TWO))
    story.tell(file)
    (again,) = steps(story)
    assert isinstance(again, MatchAsked)
    story.tell(again)
    assert steps(story) == []


def test_a_question_of_one_recording_is_settled_and_one_of_nothing_vanishes() -> None:
    """A merge made elsewhere answers a question; what is nowhere to be seen is not asked about."""
    story = asked(seen(ONE, 180_000), seen(TWO))
    story.tell(
        RecordingMerged(
            recording_id=recording_id(TWO), into=recording_id(ONE), rule="person", evidence=(), beaten=(),
            policy_version="",
        )
    )  # fmt: skip
    (settled,) = steps(story)
    assert isinstance(settled, MatchSettled)
    assert settled.decision == "accept"
    lone = asked(seen(ONE, 180_000))
    for newer, older in (("notion/track/p1", recording_id(ONE)), (recording_id(ONE), "rnowhere")):
        question = MatchAsked(
            question_id=f"q{newer}", newer=newer, older=older, names="same", score=1.0, evidence=(), policy_version=""
        )
        lone.tell(question)
    assert [step.decision for step in steps(lone) if isinstance(step, MatchSettled)] == ["vanished", "vanished"]


def test_a_row_is_recognised_once_it_says_enough() -> None:
    """Design §8: a question about a row is answered by facts as well, and merges nothing."""
    story = asked(seen(ONE, 180_000))
    row = RemoteSeen(
        target="notion", kind="track", remote_id="p1", key=None, fields={"title": "First Light", "artist": "Ada"}
    )
    question = MatchAsked(
        question_id="q", newer="notion/track/p1", older=recording_id(ONE), names="same", score=1.0, evidence=(),
        policy_version="",
    )  # fmt: skip
    story.tell(row, question)
    (again,) = steps(story)
    assert isinstance(again, MatchAsked)
    story.tell(again)
    assert steps(story) == []
    told: Fields = {"title": "First Light", "artist": "Ada", "duration_ms": 180_200}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="p1", key=None, fields=told))
    (settled,) = steps(story)
    assert isinstance(settled, MatchSettled)
    assert settled.decision == "accept"


def test_one_recording_is_merged_once_in_one_pass() -> None:
    """F1: what a merge changed is weighed anew before the next one."""
    story = asked(seen(ONE, 180_000), seen(TWO, 180_000, "First Light (Live)"), seen(THREE))
    waiting = [row for row in story.state().questions.values() if row.open]
    assert waiting
    other = MatchAsked(
        question_id="q9", newer=recording_id(THREE), older=recording_id(TWO), names="same", score=1.0, evidence=(),
        policy_version="",
    )  # fmt: skip
    story.tell(other, seen(THREE, 180_100))
    merges = [step for step in steps(story) if isinstance(step, RecordingMerged)]
    assert len(merges) == 1


def test_what_a_person_answered_is_no_open_question() -> None:
    """Design §5: a person's decision is never re-decided, whatever facts arrive."""
    story = asked(seen(ONE, 180_000), seen(TWO))
    (question,) = story.state().questions.values()
    story.tell(
        MatchAnswered(
            question_id=question.question_id, newer=question.newer, older=question.older, answer=Answer.DIFFERENT,
            reason="",
        ),
        seen(TWO, 180_000),
    )  # fmt: skip
    assert steps(story) == []
    assert steps(story, MatchingPolicy(remaster="same")) == []


def test_another_policy_is_a_reason_to_weigh_again() -> None:
    """Design §5: policies change, and open questions are asked under the one in force."""
    story = asked(seen(ONE, 180_000), seen(TWO, 180_000, "First Light (Remastered)"))
    assert unlinked(story.state()).links == ()
    assert steps(story) == []
    settled = steps(story, MatchingPolicy(remaster="same"))
    assert [type(step) for step in settled] == [MatchSettled, RecordingMerged]
