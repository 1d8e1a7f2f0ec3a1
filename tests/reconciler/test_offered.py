"""What a search found and nobody wished for is shown nowhere, whatever became of the question about it."""

from __future__ import annotations

from engine.domain.events import Answer, MatchAnswered, MatchAsked, PlaylistSeen, RecordingLinked, TrackSeen
from engine.domain.failure import Availability
from engine.domain.references import question_id, recording_id
from engine.reconciler.catalogue import catalogue
from tests.reconciler.pure_world import Story

SOUGHT, CANDIDATE = "spotify:track:1", "soundcloud:track:9"
WANTED, OFFERED = recording_id(SOUGHT), recording_id(CANDIDATE)
QUESTION = question_id(WANTED, OFFERED)


def founded(ref: str) -> RecordingLinked:
    """Give the link that founds a recording."""
    return RecordingLinked(
        recording_id=recording_id(ref), ref=ref, rule="founding", evidence=(), beaten=(), policy_version="0"
    )


def asked() -> Story:
    """Give a story in which a track of a Spotify playlist has one candidate that a person has to judge."""
    story = Story()
    story.tell(
        TrackSeen(ref=SOUGHT, title="First Light", artist="Ada", url="", availability=Availability.METADATA_ONLY),
        PlaylistSeen(ref="spotify:playlist:1", name="Mix", url="", entries=(SOUGHT,)),
        founded(SOUGHT),
        TrackSeen(ref=CANDIDATE, title="First Light (Edit)", artist="Ada", url="", duration_ms=200_000),
        founded(CANDIDATE),
        MatchAsked(
            question_id=QUESTION, newer=OFFERED, older=WANTED, names="unclear", score=1.0, evidence=(),
            policy_version="0",
        ),
    )  # fmt: skip
    story.scanned()
    return story


def answer(story: Story, said: Answer) -> None:
    """Let a person judge the candidate."""
    story.tell(MatchAnswered(question_id=QUESTION, newer=OFFERED, older=WANTED, answer=said, reason=""))


def test_a_candidate_that_was_turned_down_gets_no_row_and_no_file() -> None:
    """F18, P2: only what a playlist holds, or held, is anybody's wish."""
    story = asked()
    answer(story, Answer.DIFFERENT)
    pieces = catalogue(story.state()).pieces
    assert (pieces[WANTED].offered, pieces[OFFERED].offered) == (False, True)
    planned = story.plan()
    assert planned.actions
    assert OFFERED not in {action.key for action in planned.actions}
    assert OFFERED not in {wait.key for wait in planned.waiting}


def test_what_once_stood_in_a_playlist_is_not_a_mere_offer() -> None:
    """P1: a departure takes a wish back by its own rules, not by forgetting that there was one."""
    story = asked()
    story.tell(PlaylistSeen(ref="spotify:playlist:1", name="Mix", url="", entries=()))
    assert not catalogue(story.state()).pieces[WANTED].offered
