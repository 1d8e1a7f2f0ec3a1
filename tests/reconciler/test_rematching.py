"""Every decision made again under another policy: what would be otherwise is listed, what a person decided is not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.decisions import Merge, Separate, Unlink
from engine.domain.events import (
    MatchAnswered,
    MatchAsked,
    PlaylistSeen,
    RecordingLinked,
    RecordingMerged,
    RemoteSeen,
    TrackSeen,
)
from engine.domain.matching_events import Answer
from engine.domain.references import question_id, recording_id
from engine.domain.value import Fields
from engine.matching.policy import MatchingPolicy
from engine.reconciler.merging import assume
from engine.reconciler.rematching import Replay, replay
from tests.reconciler.pure_world import Story

REMASTERS_ARE_ONE = MatchingPolicy(remaster="same")
STRICT = MatchingPolicy(accept_from=100.0)


def ref(number: int) -> str:
    """Give a track's ref."""
    return f"soundcloud:track:{number}"


def own(number: int) -> str:
    """Give the recording that a track founds."""
    return recording_id(ref(number))


def seen(number: int, title: str = "First Light", length: int | None = 180_000) -> TrackSeen:
    """Give what a source shows of a track."""
    return TrackSeen(ref=ref(number), title=title, artist="Ada", url="", duration_ms=length)


def told(*tracks: TrackSeen) -> Story:
    """Give a story of tracks in one playlist, decided under the usual policy."""
    story = Story()
    story.tell(*tracks, PlaylistSeen(ref="s", name="M", url="", entries=tuple(track.ref for track in tracks)))
    story.link()
    return story


def merged(newer: int, older: int, rule: str = "names_and_duration") -> RecordingMerged:
    """Give a merge."""
    return RecordingMerged(
        recording_id=own(newer), into=own(older), rule=rule, evidence=(), beaten=(), policy_version="0"
    )


def kinds(found: Replay) -> list[tuple[str, str, str]]:
    """Give the differences in short."""
    return [(each.kind, each.was, each.now) for each in found.differences]


def test_the_same_policy_changes_nothing() -> None:
    """Design §5: replayed over the same evidence, decisions are what they were."""
    story = told(seen(1), seen(2), seen(3, "First Light (Remastered)"), seen(4, "Dawn"), seen(5, length=None))
    found = replay(story.state(), (), MatchingPolicy())
    assert (found.differences, found.decisions) == ((), ())
    assert found.replayed >= 3


def test_a_link_that_would_not_be_made_is_taken_back_by_a_plan() -> None:
    """A stricter policy turns a link into a question."""
    story = told(seen(1), seen(2))
    found = replay(story.state(), (), STRICT)
    assert kinds(found) == [("link", "accept", "ask")]
    (decision,) = found.decisions
    assert isinstance(decision, Unlink)
    assert (decision.recording_id, decision.ref) == (own(1), ref(2))
    assert assume(story.state(), found.decisions).sightings[ref(2)].recording_id is None


def test_an_open_question_that_a_policy_answers_is_told_of() -> None:
    """It settles by itself once the policy is in force; the plan makes the merge."""
    story = told(seen(1), seen(2, "First Light (Remastered)"))
    assert len(story.state().questions) == 1
    found = replay(story.state(), (), REMASTERS_ARE_ONE)
    assert kinds(found) == [("question", "ask", "accept")]
    (decision,) = found.decisions
    assert isinstance(decision, Merge)
    other = MatchingPolicy(remaster="different")
    assert kinds(replay(story.state(), (), other)) == [("question", "ask", "reject")]


def test_recordings_never_said_to_be_one_may_be_by_another_policy() -> None:
    """Founding decisions are replayed too, as pairs of recordings."""
    story = Story()
    story.tell(seen(1), seen(2, "First Light (Remastered)"))
    for number in (1, 2):
        story.tell(
            RecordingLinked(
                recording_id=own(number), ref=ref(number), rule="founding", evidence=(), beaten=(), policy_version="0"
            )
        )
    assert kinds(replay(story.state(), (), REMASTERS_ARE_ONE)) == [("recording", "apart", "accept")]
    assert kinds(replay(story.state(), (), MatchingPolicy())) == [("recording", "apart", "ask")]


def test_a_merge_that_would_not_be_made_is_taken_back_by_a_plan() -> None:
    """Merges by a rule are replayed; both sides bring along what was theirs."""
    story = Story()
    story.tell(seen(1), seen(2))
    for number in (1, 2):
        story.tell(
            RecordingLinked(
                recording_id=own(number), ref=ref(number), rule="founding", evidence=(), beaten=(), policy_version="0"
            )
        )
    merge = merged(2, 1)
    story.tell(merge)
    assert kinds(replay(story.state(), [merge], MatchingPolicy())) == []
    found = replay(story.state(), [merge], STRICT)
    assert kinds(found) == [("merge", "accept", "ask")]
    assert found.decisions == (Separate(recording_id=own(2), reason=found.decisions[0].reason),)  # type: ignore[union-attr] # a separation
    nothing = merged(9, 1)
    assert kinds(replay(story.state(), [nothing], STRICT)) == []
    empty = merged(8, 1)
    story.tell(empty)
    assert kinds(replay(story.state(), [empty], STRICT)) == []


def test_what_a_person_decided_is_counted_and_left_alone() -> None:
    """Design §5: a person's links, merges and answers are never re-decided."""
    story = told(seen(1), seen(2, "Quite Another"), seen(3, length=None))
    by_hand = RecordingLinked(recording_id=own(1), ref=ref(9), rule="person", evidence=(), beaten=(), policy_version="")
    story.tell(seen(9, "Something Else"), by_hand, merged(2, 1, "person"))
    (question,) = story.state().questions.values()
    story.tell(
        MatchAnswered(
            question_id=question.question_id, newer=question.newer, older=question.older, answer=Answer.DIFFERENT,
            reason="",
        )
    )  # fmt: skip
    found = replay(story.state(), [merged(2, 1, "person")], STRICT)
    assert kinds(found) == []
    assert found.by_person == 3


def test_questions_about_nothing_are_passed_by() -> None:
    """What vanished is not replayed."""
    story = told(seen(1))
    story.tell(
        MatchAsked(
            question_id=question_id("notion/track/p", own(1)), newer="notion/track/p", older=own(1), names="same",
            score=1.0, evidence=(), policy_version="",
        ),
        MatchAsked(
            question_id="q1", newer=own(1), older=own(1), names="same", score=1.0, evidence=(), policy_version=""
        ),
    )  # fmt: skip
    assert kinds(replay(story.state(), (), STRICT)) == []


def test_rows_that_nobody_keyed_are_no_recorded_decisions() -> None:
    """What stands beside recordings is the business of duplicates and of adoption."""
    story = told(seen(1))
    for remote_id, length in (("p1", 180_000), ("p2", None)):
        known: Fields = {"title": "First Light", "artist": "Ada", "duration_ms": length}
        story.tell(RemoteSeen(target="notion", kind="track", remote_id=remote_id, key=None, fields=known))
    found = replay(story.state(), (), MatchingPolicy())
    assert (found.differences, found.decisions) == ((), ())


def test_what_a_person_joined_makes_no_link_doubtful() -> None:
    """Design §5: links that a rule made are weighed by what they were made of, not by what a person added since."""
    story = told(seen(1), seen(2), seen(3, "Quite Another", 300_000))
    story.tell(merged(3, 1, "person"))
    found = replay(story.state(), [merged(3, 1, "person")], MatchingPolicy())
    assert (found.differences, found.decisions) == ((), ())
    assert kinds(replay(story.state(), (), STRICT)) == [("link", "accept", "ask")]


def test_what_a_person_joined_makes_no_merge_by_a_rule_doubtful() -> None:
    """Design §5: the merge is weighed by the two it joined; what a person added to either speaks for itself."""
    story = Story()
    story.tell(seen(1), seen(2), seen(3, "Quite Another", 300_000))
    for number in (1, 2, 3):
        story.tell(
            RecordingLinked(
                recording_id=own(number), ref=ref(number), rule="founding", evidence=(), beaten=(), policy_version="0"
            )
        )
    by_rule = merged(2, 1)
    story.tell(by_rule, merged(3, 1, "person"))
    found = replay(story.state(), [by_rule, merged(3, 1, "person")], MatchingPolicy())
    assert (found.differences, found.decisions) == ((), ())
    assert kinds(replay(story.state(), [by_rule], STRICT)) == [("merge", "accept", "ask")]


TITLES = st.sampled_from(["First Light", "First Light (Remastered)", "First Light (Live)", "Dawn Chorus"])


@settings(max_examples=30, deadline=None)
@given(tracks=st.lists(st.tuples(TITLES, st.sampled_from([None, 180_000, 180_500])), max_size=5))
def test_no_answer_of_a_person_is_ever_among_the_differences(tracks: list[tuple[str, int | None]]) -> None:
    """Design §5: whatever the policy, a pair that a person decided is not listed and not in a plan."""
    story = told(*(seen(number, title, length) for number, (title, length) in enumerate(tracks, start=1)))
    answered = set()
    for row in story.state().questions.values():
        answered.add(frozenset((row.newer, row.older)))
        story.tell(
            MatchAnswered(
                question_id=row.question_id, newer=row.newer, older=row.older, answer=Answer.DIFFERENT, reason=""
            )
        )
    for policy in (MatchingPolicy(), STRICT, REMASTERS_ARE_ONE):
        found = replay(story.state(), (), policy)
        assert not answered & {frozenset((each.newer, each.older)) for each in found.differences}
        merges = [each for each in found.decisions if isinstance(each, Merge)]
        assert not answered & {frozenset((each.recording_id, each.into)) for each in merges}
