"""Looking for audio in a run: what is asked, what is recorded of it, and what is left alone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import InterruptedRunError
from engine.domain.events import (
    Found,
    MatchAsked,
    RecordingLinked,
    ScanCompleted,
    TrackAvailabilityChanged,
)
from engine.domain.failure import Availability, FailureClass
from engine.domain.matching_events import Answer
from engine.domain.references import recording_id
from engine.workflows.review import answer, open_questions
from tests.fakes.finder import FakeFinder, candidate
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.searching import decided, policy, seek
from tests.fakes.source import ref, track

WANTED = recording_id(ref(1))
DECISION = "resolution.decided"
GOOD = candidate("11", "First Light")
DOUBTFUL = candidate("12", "First Light", duration_ms=205_000)
WRONG = candidate("13", "First Light (Live)")


def files(place: Place) -> int:
    """Count the files that were fetched."""
    return len(place.targets["library"].live("audio"))


def test_what_no_source_gives_is_found_elsewhere_and_fetched(place: Place) -> None:
    """F41: metadata names it, another source gives the audio; the decision holds every offer and its evidence."""
    finder = FakeFinder("soundcloud", WRONG, GOOD)
    seek(place, finder)
    result = place.reconcile()
    assert finder.asked == ["Ada First Light"]
    (decision,) = decided(place)
    assert (decision.found, decision.chosen) == (Found.ACCEPTED, GOOD.ref)
    assert [(each.ref, each.decision) for each in decision.candidates] == [(GOOD.ref, "accept"), (WRONG.ref, "reject")]
    link = place.events("recording.linked")[-1]
    assert isinstance(link, RecordingLinked)
    assert (link.recording_id, link.ref, link.rule) == (WANTED, GOOD.ref, "names_and_duration")
    assert link.beaten[0].startswith(f"{WRONG.ref} reject")
    assert files(place) == 1
    assert not result.problems
    before = place.journal.head().seq
    place.reconcile()
    assert DECISION not in place.types_after(before)
    assert len(finder.asked) == 1


def test_what_follows_from_a_search_is_one_transaction(place: Place) -> None:
    """I36: the candidate, the link and the decision are there together or not at all."""
    seek(place, FakeFinder("soundcloud", GOOD))
    place.reconcile()
    kinds = ("track.seen", "recording.linked", DECISION)
    recorded = [each for each in place.recorded(*kinds) if GOOD.ref in str(each.event)]
    assert [each.event.TYPE for each in recorded] == list(kinds)
    seqs = [each.seq for each in recorded]
    assert seqs == list(range(seqs[0], seqs[0] + 3))


def test_without_finders_nothing_is_asked_and_nothing_recorded(place: Place) -> None:
    """Optional: whom the order does not name is not asked either."""
    seek(place)
    place.reconcile()
    place.finders = (FakeFinder("elsewhere", GOOD),)
    place.reconcile()
    assert decided(place) == []


def test_the_first_source_that_has_it_wins(place: Place) -> None:
    """Part 5: in the order that a person set, whatever others would offer."""
    first, second = FakeFinder("youtube", GOOD), FakeFinder("soundcloud", WRONG)
    seek(place, first, second)
    place.reconcile()
    assert (len(second.asked), len(first.asked)) == (1, 1)
    (decision,) = decided(place)
    assert [each.source for each in decision.searched] == ["soundcloud", "youtube"]
    assert decision.chosen == GOOD.ref


def test_whoever_comes_later_is_not_asked_for_what_was_found(place: Place) -> None:
    """Part 5: one search that finds it is all the requests it costs."""
    later = FakeFinder("youtube", GOOD)
    seek(place, FakeFinder("soundcloud", GOOD), later)
    place.reconcile()
    assert later.asked == []


def test_a_looser_question_is_asked_only_where_the_first_found_nothing(place: Place) -> None:
    """Part 5: one question is a request; a second one is asked for a reason."""
    finder = FakeFinder("soundcloud")
    finder.answers["ada first light"] = (candidate("11", "First Light (Whatever)"),)
    seek(place, finder)
    place.source.tracks[ref(1)] = replace(place.source.tracks[ref(1)], title="First Light (Whatever)")
    place.reconcile()
    assert finder.asked == ["Ada First Light Whatever", "ada first light"]
    assert decided(place)[0].found is Found.ACCEPTED


def test_whatever_a_question_finds_is_the_answer_to_it(place: Place) -> None:
    """P9: what is found and turned down is no reason for a looser question."""
    finder = FakeFinder("soundcloud", WRONG)
    seek(place, finder)
    place.source.tracks[ref(1)] = replace(place.source.tracks[ref(1)], title="First Light (Whatever)")
    place.reconcile()
    assert finder.asked == ["Ada First Light Whatever"]


def test_what_is_doubtful_is_asked_and_a_yes_fetches_it(place: Place) -> None:
    """P2, P17: a recording of its own that nobody wished for, a question, and a person's word."""
    seek(place, FakeFinder("soundcloud", DOUBTFUL, WRONG))
    result = place.reconcile()
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    assert (asked.newer, asked.older) == (recording_id(DOUBTFUL.ref), WANTED)
    (shown,) = open_questions(place.journal)
    assert (shown.newer.url, shown.newer.duration_ms) == (DOUBTFUL.url, DOUBTFUL.duration_ms)
    assert any("uploaded by Ada" in piece.detail for piece in shown.evidence)
    assert "its audio is fetched" in shown.options[0].effect
    assert decided(place)[0].found is Found.ASKED
    assert (result.questions, files(place)) == (1, 0)
    assert len(place.targets["notion"].live("track")) == 1
    before = place.journal.head().seq
    place.reconcile()
    assert DECISION not in place.types_after(before), "what waits for a person is not looked for again"
    answer(place.journal, asked.question_id, Answer.SAME)
    place.reconcile()
    assert files(place) == 1
    assert len(place.targets["notion"].live("track")) == 1


def test_an_offer_that_a_playlist_lists_is_fetched_whatever_is_asked_about_it(place: Place) -> None:
    """P11, I20: somebody wishes for it by now, and a question about something else keeps nobody's wish waiting."""
    seek(place, FakeFinder("soundcloud", DOUBTFUL))
    place.reconcile()
    place.source.tracks[DOUBTFUL.ref] = DOUBTFUL
    place.follow("Other", (12,), number=10)
    result = place.reconcile()
    assert (result.questions, files(place)) == (1, 1)
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    answer(place.journal, asked.question_id, Answer.SAME)
    place.reconcile()
    assert files(place) == 1
    assert len(place.targets["notion"].live("track")) == 1
    before = place.journal.head().seq
    place.reconcile()
    assert place.types_after(before) <= {"run.started", "scan.completed", "run.finished"}


def test_a_no_leaves_that_candidate_out_for_ever(place: Place) -> None:
    """Design §5: a person's decision beats every rule and is never re-decided; the search goes on without it."""
    finder = FakeFinder("soundcloud", DOUBTFUL)
    seek(place, finder)
    place.reconcile()
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    answer(place.journal, asked.question_id, Answer.DIFFERENT)
    place.reconcile()
    finder.answer = (replace(DOUBTFUL, duration_ms=200_000), GOOD)
    place.clock.pass_s(8 * DAY_S)
    place.reconcile()
    assert [each.found for each in decided(place)] == [Found.ASKED, Found.NONE, Found.ACCEPTED]
    assert decided(place)[-1].chosen == GOOD.ref


def test_what_is_never_wanted_is_no_candidate(place: Place) -> None:
    """F18: thrown away is thrown away, for whatever it may be offered."""
    seek(place, FakeFinder("soundcloud", DOUBTFUL))
    place.reconcile()
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    answer(place.journal, asked.question_id, Answer.NEVER)
    place.source.tracks[ref(2)] = replace(track(2, "First Light"), artist="Ada", duration_ms=206_500)
    place.source.tracks[ref(2)] = replace(place.source.tracks[ref(2)], availability=Availability.METADATA_ONLY)
    place.follow("Crate", (1, 2))
    place.reconcile()
    assert {each.found for each in decided(place)[1:]} == {Found.NONE}
    assert decided(place)[-1].candidates == ()


def test_nothing_found_is_tried_again_after_a_week_then_two(place: Place) -> None:
    """Part 5: negative results are kept seven days, doubling, and shown."""
    finder = FakeFinder("soundcloud", WRONG)
    seek(place, finder)
    place.reconcile()
    (row,) = place.targets["notion"].live("track")
    assert "Spotify - No Audio Source Found" in str(row.fields["status"])
    asked = []
    for days in (6, 1, 13, 1):
        place.clock.pass_s(days * DAY_S)
        place.reconcile()
        asked.append(len(finder.asked))
    assert asked == [1, 2, 2, 3]


def test_other_rules_look_again_at_once(place: Place) -> None:
    """Part 5: a changed order, blocklist or matching policy makes what was in vain due."""
    finder = FakeFinder("soundcloud", GOOD)
    seek(place, finder)
    place.policy = policy(blocked=("ada",))
    place.reconcile()
    assert decided(place)[0].found is Found.NONE
    place.policy = policy()
    place.reconcile()
    assert decided(place)[-1].found is Found.ACCEPTED


def test_a_run_searches_for_so_many_and_first_for_what_never_was(place: Place) -> None:
    """Part 5: a new list of five thousand does not keep a run for hours."""
    finder = FakeFinder("soundcloud")
    seek(place, finder)
    for number in (2, 3):
        place.source.tracks[ref(number)] = replace(
            place.source.tracks[ref(1)], ref=ref(number), title=f"Song {number} Is"
        )
    place.follow("Crate", (1, 2, 3))
    place.policy = policy(per_run=2)
    place.reconcile()
    assert len(decided(place)) == 2
    assert next(iter(place.state().runs.values())).counts["resolution_left"] == 1, "the report says how many are left"
    place.reconcile()
    assert [each.sought_ref for each in decided(place)] == [ref(1), ref(2), ref(3)]


def test_what_was_taken_and_cannot_be_had_is_looked_for_again_without_it(place: Place) -> None:
    """P12: DRM shows when it is fetched; another candidate is taken, and that one is not offered again."""
    finder = FakeFinder("soundcloud", GOOD, replace(candidate("14", "Ada - First Light"), uploader="Liquicity"))
    seek(place, finder)
    place.policy = policy(per_run=0)
    place.reconcile()
    place.policy = policy()
    place.targets = {"notion": place.targets["notion"]}
    place.reconcile()
    row = place.state().sightings[GOOD.ref]
    gone = TrackAvailabilityChanged(
        ref=GOOD.ref, availability=Availability.DRM_PROTECTED, failure=FailureClass.DRM_PROTECTED, detail="DRM"
    )
    place.journal.append([Draft(event=gone, expected_version=row.version)], Origin(actor="test"))
    place.reconcile()
    assert [each.chosen for each in decided(place)] == [GOOD.ref, "soundcloud:track:14"]
    assert GOOD.ref not in {each.ref for each in decided(place)[-1].candidates}


@pytest.mark.parametrize("availability", [Availability.GONE, Availability.DRM_PROTECTED, Availability.PREVIEW_ONLY])
def test_what_a_source_stopped_giving_is_only_proposed(place: Place, availability: Availability) -> None:
    """Part 8, F18: an alternative is a question, never taken; a person who wants none is not asked."""
    finder = FakeFinder("soundcloud", GOOD)
    seek(place, finder, availability=availability)
    place.policy = policy(propose=False)
    place.reconcile()
    assert finder.asked == []
    place.policy = policy()
    place.reconcile()
    (decision,) = decided(place)
    assert (decision.found, decision.chosen, decision.candidates[0].decision) == (Found.ASKED, None, "accept")
    assert files(place) == 0
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    assert "sync upgrades" in open_questions(place.journal)[0].options[0].effect
    place.source.describes_everything = True
    place.source.tracks[ref(1)] = replace(place.source.tracks[ref(1)], artwork_url="https://example.org/1.jpg")
    place.reconcile()
    assert place.state().questions[asked.question_id].open, "new facts decide no proposal"
    answer(place.journal, asked.question_id, Answer.INSTEAD)
    place.reconcile()
    assert files(place) == 1


def test_a_mix_is_not_searched_for(place: Place) -> None:
    """F75: a live set of an hour is a person's to find."""
    finder = FakeFinder("soundcloud", GOOD)
    seek(place, finder)
    place.source.tracks[ref(1)] = replace(place.source.tracks[ref(1)], title="Guest Mix 014", duration_ms=3_600_000)
    place.reconcile()
    assert finder.asked == []
    (row,) = place.targets["notion"].live("track")
    assert "Mix/Set Detected" in str(row.fields["status"])


def test_two_that_are_offered_the_same_are_not_both_given_it(place: Place) -> None:
    """F1: what was linked a moment ago is somebody's: whether both are one is a question."""
    seek(place, FakeFinder("soundcloud", GOOD))
    other = replace(place.source.tracks[ref(1)], ref=ref(2), duration_ms=None, url="https://soundcloud.com/a/2")
    place.source.tracks[ref(2)] = replace(other, title="First Light (feat. Bob)", duration_ms=201_900)
    place.source.tracks[ref(1)] = replace(place.source.tracks[ref(1)], duration_ms=198_100)
    place.follow("Crate", (1, 2))
    place.reconcile()
    links = [event for event in place.events("recording.linked") if isinstance(event, RecordingLinked)]
    assert [link.ref for link in links].count(GOOD.ref) == 1
    asked = {(event.newer, event.older) for event in place.events("match.asked") if isinstance(event, MatchAsked)}
    assert (recording_id(ref(2)), WANTED) in asked


def test_a_stop_ends_it_between_two_recordings(place: Place) -> None:
    """Design §10: what was begun is finished and recorded; the rest is left to the next run."""
    finder = FakeFinder("soundcloud", GOOD)
    seek(place, finder)
    place.source.tracks[ref(2)] = replace(place.source.tracks[ref(1)], ref=ref(2), title="Second Light Of")
    place.follow("Crate", (1, 2))
    place.progress.on_advance = lambda label: setattr(place.stop, "asked", label.startswith("Ada –"))
    with pytest.raises(InterruptedRunError):
        place.reconcile()
    assert len(decided(place)) == 1


def test_where_a_person_wrote_that_it_is_is_looked_first(place: Place) -> None:
    """F57: the address in a row of theirs is used before any search, whatever its length says."""
    finder = FakeFinder("soundcloud")
    seek(place, finder)
    place.policy = policy(per_run=0)
    place.reconcile()
    (row,) = place.targets["notion"].live("track")
    url = written(place, replace(track(7, "First Light"), artist=None, duration_ms=None))
    place.targets["notion"].edit(row.remote_id, soundcloud_url=url)
    place.reconcile()
    place.policy = policy()
    place.reconcile()
    (decision,) = decided(place)
    assert (decision.found, decision.chosen) == (Found.ACCEPTED, ref(7))
    assert [each.source for each in decision.searched] == ["written"]
    assert finder.asked == []


def written(place: Place, seen: object) -> str:
    """Publish a single track and give its address."""
    url = place.source.publish("single", (7,), number=77)
    place.source.tracks[ref(7)] = seen  # type: ignore[assignment]  # a test's own
    return url


def test_an_address_that_contradicts_is_asked_and_a_dead_one_is_searched_past(place: Place) -> None:
    """F57, F2: one address may stand beside every song of an album; a dead one says nothing."""
    finder = FakeFinder("soundcloud", GOOD)
    seek(place, finder)
    place.policy = policy(per_run=0)
    place.reconcile()
    (row,) = place.targets["notion"].live("track")
    url = written(place, replace(track(7, "Another Song"), artist="Bob"))
    place.targets["notion"].edit(row.remote_id, soundcloud_url=url, youtube_url="https://youtube.com/watch?v=1")
    place.reconcile()
    place.policy = policy()
    place.reconcile()
    (asked,) = place.events("match.asked")
    assert isinstance(asked, MatchAsked)
    assert finder.asked == []
    answer(place.journal, asked.question_id, Answer.DIFFERENT)
    place.reconcile()
    assert decided(place)[-1].chosen == GOOD.ref
    assert [(each.source, each.failure) for each in decided(place)[-1].searched][-2:] == [
        ("written", FailureClass.UNSUPPORTED),
        ("soundcloud", None),
    ]


def test_searches_are_counted_and_said(place: Place) -> None:
    """The report tells how many recordings audio was looked for, and what came of it."""
    seek(place, FakeFinder("soundcloud", GOOD))
    place.reconcile()
    (run,) = place.state().runs.values()
    assert run.counts["resolved_accepted"] == 1
    assert "resolve" in run.stages
    (scan,) = [
        event
        for event in place.events("scan.completed")
        if isinstance(event, ScanCompleted) and event.scope == "search:soundcloud"
    ]
    assert (scan.complete, scan.count) == (True, 1)
