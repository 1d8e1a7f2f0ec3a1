"""One thing against one recording: everybody is heard, and a contradiction is a question."""

from __future__ import annotations

from engine.domain.matching_events import Answer
from engine.matching.policy import DEFAULT
from engine.matching.things import Decision
from engine.projections.rows import Question, Sighting
from engine.reconciler.things import sighting_thing
from engine.reconciler.weighing import Known, answers_of, said_of, weigh, weigh_recordings


def sighting(number: int, title: str = "First Light", **known: str | int | None) -> Sighting:
    """Give a sighting."""
    fields: dict[str, str | int | None] = {"artist": "Ada", "duration_ms": 180_000, **known}
    return Sighting(ref=f"soundcloud:track:{number}", title=title, url="", first_seq=number, **fields)  # type: ignore[arg-type] # by name


def recording(*sightings: Sighting) -> Known:
    """Give a recording of these sightings."""
    return Known(recording_id="r", sightings=list(sightings))


def test_a_name_and_a_length_that_agree_are_accepted_and_a_name_alone_is_asked() -> None:
    """F1, P2: names alone, however equal, never link anything."""
    known = recording(sighting(1))
    assert weigh(sighting_thing(sighting(2)), known, DEFAULT).accepted
    alone = weigh(sighting_thing(sighting(2, duration_ms=None)), known, DEFAULT)
    assert alone.judgement.decision is Decision.ASK


def test_one_sighting_that_speaks_against_makes_a_question() -> None:
    """F1: groups agree pairwise; the contradiction stands in the evidence."""
    known = recording(sighting(1), sighting(2, "First Light (Bob Remix)"))
    verdict = weigh(sighting_thing(sighting(3)), known, DEFAULT)
    assert verdict.judgement.decision is Decision.ASK
    assert verdict.judgement.evidence[-1].feature == "contradiction"
    assert "speaks against" in verdict.judgement.evidence[-1].detail


def test_a_line_that_is_only_an_address_speaks_against_nothing() -> None:
    """F18: beside a track's own sighting, `song-3` of a list of addresses neither names nor doubts it."""
    address = "https://soundcloud.com/ada/song-3"
    line = Sighting(ref="file:entry:1", title="song-3", url=address, first_seq=1)
    known = recording(line, sighting(2))
    assert weigh(sighting_thing(sighting(3)), known, DEFAULT).accepted
    assert weigh_recordings(known, recording(sighting(3)), DEFAULT).decision is Decision.ACCEPT


def test_the_very_same_file_is_the_same_whatever_names_say() -> None:
    """P4: renamed metadata is no other recording."""
    known = recording(sighting(1, content_sha256="c0ffee"), sighting(2, "Something Else"))
    verdict = weigh(sighting_thing(sighting(3, "Renamed", content_sha256="c0ffee")), known, DEFAULT)
    assert verdict.certain


def test_two_recordings_are_one_only_if_all_their_sightings_agree() -> None:
    """F1: never a chain of likenesses."""
    one, other = recording(sighting(1)), recording(sighting(2), sighting(3, "First Light (Live)"))
    assert weigh_recordings(one, recording(sighting(2)), DEFAULT).decision is Decision.ACCEPT
    assert weigh_recordings(one, other, DEFAULT).decision is Decision.ASK


def test_a_parting_word_outweighs_a_joining_one() -> None:
    """Design §5: of two answers that contradict, nothing is joined by either."""
    questions = {
        f"q{number}": Question(question_id=f"q{number}", newer=newer, older=older, answer=answer)
        for number, (newer, older, answer) in enumerate(
            [
                ("a", "b", Answer.SAME),
                ("a", "c", Answer.NEVER),
                ("d", "b", Answer.INSTEAD),
                ("a", "e", Answer.LATER),
                ("a", "f", None),
            ]
        )
    }
    answers = answers_of(questions)
    assert len(answers) == 3
    assert said_of(answers, ["a"], ["b"]) is Answer.SAME
    assert said_of(answers, ["a"], ["b", "c"]) is Answer.NEVER
    assert said_of(answers, ["b"], ["d"]) is Answer.INSTEAD
    assert said_of(answers, ["a"], ["e", "f"]) is None
