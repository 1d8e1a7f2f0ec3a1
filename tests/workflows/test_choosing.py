"""A person says where a recording's audio is: final, at once, and taken back as easily."""

from __future__ import annotations

from dataclasses import replace as with_changes

import pytest
from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import MatchAsked, RecordingLinked, TrackSeen, UpgradeTaken
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.matching_events import Answer
from engine.domain.references import question_id, recording_id
from engine.source_ports import Listing, Undescribed
from engine.workflows.choose import choose
from engine.workflows.decide import dismiss, unfollow
from engine.workflows.review import answer
from engine.workflows.undo import preview, undo
from tests.fakes.finder import FakeFinder, candidate
from tests.fakes.place import Place
from tests.fakes.searching import policy, seek
from tests.fakes.source import ref, track
from tests.workflows.test_resolving import WANTED, files

CHOSEN = ref(7)


def put(place: Place, seen: TrackSeen | None = None, *, entries: tuple[int, ...] = (7,)) -> str:
    """Put a track up under an address of its own."""
    url = place.source.publish("single", entries, number=77)
    place.source.tracks[CHOSEN] = seen or replace(track(7, "Something Entirely Else"), artist="Bob")
    return url


def wanting(place: Place, *finders: FakeFinder) -> str:
    """Let a playlist list a song without audio, and give an address that a person found."""
    seek(place, *finders)
    place.reconcile()
    return put(place)


def test_a_persons_word_is_taken_whatever_it_looks_like(place: Place) -> None:
    """P17, design §5: linked by a person, fetched by the next run, never searched for again."""
    finder = FakeFinder("soundcloud")
    url = wanting(place, finder)
    decided = choose(place.world(), "First Light", url)
    assert (decided.what, decided.key, decided.obstacle) == ("chosen", WANTED, "")
    link, taken = (place.events("recording.linked")[-1], place.events("upgrade.taken")[-1])
    assert isinstance(link, RecordingLinked)
    assert isinstance(taken, UpgradeTaken)
    assert (link.recording_id, link.ref, link.rule) == (WANTED, CHOSEN, "person")
    assert (taken.recording_id, taken.ref) == (WANTED, CHOSEN)
    place.policy = policy(blocked=("anything",))
    place.reconcile()
    assert files(place) == 1
    assert choose(place.world(), "First Light", url).seq is None
    assert len(finder.asked) == 1


def test_it_is_taken_back_like_any_decision_and_can_be_made_again(place: Place) -> None:
    """Undo: the link is gone, and no rule makes it again; a person may."""
    url = wanting(place, FakeFinder("soundcloud"))
    decided = choose(place.world(), "First Light", url)
    world = place.world()
    undo(world, preview(world, str(decided.seq)).meant)
    state = place.state()
    assert state.recordings[WANTED].refs == (ref(1),)
    assert state.questions[question_id(recording_id(CHOSEN), WANTED)].answer is Answer.DIFFERENT
    choose(place.world(), "First Light", url)
    state = place.state()
    assert state.sightings[CHOSEN].recording_id == WANTED
    assert state.questions[question_id(recording_id(CHOSEN), WANTED)].answer is Answer.SAME
    place.reconcile()
    assert files(place) == 1


def test_what_was_asked_about_it_is_asked_no_more(place: Place) -> None:
    """Questions of a search are about where its audio is: a person has said."""
    offers = (candidate("12", "First Light", duration_ms=205_000), candidate("13", "First Light", duration_ms=206_000))
    url = wanting(place, FakeFinder("soundcloud", *offers))
    assert sum(row.open for row in place.state().questions.values()) == 2
    choose(place.world(), "First Light", url)
    assert not any(row.open for row in place.state().questions.values())
    assert place.reconcile().questions == 0


def test_a_candidate_that_was_asked_about_is_chosen_by_answering(place: Place) -> None:
    """The candidate is a recording of its own by then: they are one, and its audio is taken."""
    asked = replace(track(7, "First Light"), artist="Ada", duration_ms=205_000)
    other = candidate("13", "First Light", duration_ms=206_000)
    url = wanting(place, FakeFinder("soundcloud", asked, other))
    put(place, asked)
    decided = choose(place.world(), WANTED, url)
    state = place.state()
    assert state.recordings[recording_id(CHOSEN)].merged_into == WANTED
    assert not any(row.open for row in state.questions.values())
    place.reconcile()
    assert files(place) == 1
    world = place.world()
    undo(world, preview(world, str(decided.seq)).meant)
    assert place.state().recordings[recording_id(CHOSEN)].merged_into is None


def test_what_another_playlist_lists_already_is_made_one_with_it(place: Place) -> None:
    """Nobody asked, and a person says so: one recording, fetched once."""
    url = wanting(place, FakeFinder("soundcloud"))
    place.follow("Other", (7,), number=8)
    place.reconcile()
    assert files(place) == 1
    choose(place.world(), WANTED, url)
    assert place.state().recordings[recording_id(CHOSEN)].merged_into == WANTED
    place.reconcile()
    assert files(place) == 1


def test_another_of_its_own_sources_may_be_chosen(place: Place) -> None:
    """It was linked before: what is new is whose audio to have."""
    seek(place, FakeFinder("soundcloud", replace(track(7, "First Light"), artist="Ada")))
    place.reconcile()
    assert place.state().sightings[CHOSEN].recording_id == WANTED
    url = put(place, replace(track(7, "First Light"), artist="Ada"))
    before = place.journal.head().seq
    choose(place.world(), WANTED, url)
    assert place.types_after(before) == {"upgrade.taken"}


def test_answers_that_contradict_are_taken_back_first(place: Place) -> None:
    """A person's word is never overruled in passing, also not by themselves."""
    url = wanting(place, FakeFinder("soundcloud"))
    place.source.tracks[ref(5)] = replace(track(5, "Something Entirely Else"), artist="Bob", duration_ms=None)
    place.follow("Other", (7, 5), number=8)
    place.reconcile()
    seven, five = recording_id(CHOSEN), recording_id(ref(5))
    answer(place.journal, question_id(five, seven), Answer.SAME)
    asked = MatchAsked(
        question_id=question_id(five, WANTED), newer=five, older=WANTED, names="", score=0.0, evidence=(),
        policy_version="",
    )  # fmt: skip
    place.journal.append([Draft(event=asked)], Origin(actor="test"))
    answer(place.journal, asked.question_id, Answer.DIFFERENT)
    with pytest.raises(UsageError, match="contradicts") as raised:
        choose(place.world(), WANTED, url)
    assert asked.question_id in raised.value.hint


def test_what_stands_in_the_way_of_the_file_is_told(place: Place) -> None:
    """A choice alone fetches nothing that was thrown away, or that no playlist lists."""
    url = wanting(place, FakeFinder("soundcloud"))
    unfollow(place.journal, "Crate")
    assert "no playlist" in choose(place.world(), WANTED, url).obstacle
    dismiss(place.journal, WANTED, "no")
    other = place.source.publish("other", (8,), number=78)
    assert "sync refetch" in choose(place.world(), WANTED, other).obstacle


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("nowhere", "no source knows"),
        ("several", "stands for 2 tracks"),
        ("withheld", "gives no audio: drm protected"),
        ("undescribed", "it is gone"),
        ("unlisted", "so it was"),
        ("half", "half of it"),
        ("secret", "holds a secret"),
    ],
)
def test_an_address_that_gives_nothing_is_refused_with_a_way_out(place: Place, case: str, said: str) -> None:
    """Every refusal says why and what to do; nothing is appended."""
    wanting(place, FakeFinder("soundcloud"))
    url = put(place, entries=(7, 8)) if case == "several" else put(place)
    problem = Problem(failure=FailureClass.GONE, detail="it is gone")
    if case == "nowhere":
        url = "https://elsewhere.example/track"
    elif case == "withheld":
        put(place, replace(track(7), availability=Availability.DRM_PROTECTED))
    elif case == "undescribed":
        place.source.trouble[CHOSEN] = Undescribed(ref=CHOSEN, availability=Availability.GONE, problem=problem)
    elif case == "unlisted":
        place.source.listings[url] = Problem(failure=FailureClass.NETWORK, detail="so it was")
    elif case == "half":
        listing = place.source.listings[url]
        assert isinstance(listing, Listing)
        partial = Problem(failure=FailureClass.TIMEOUT, detail="half of it")
        place.source.listings[url] = replace_listing(listing, partial)
    elif case == "secret":
        url += "/s-AbCdEf12345"
    before = place.journal.head().seq
    with pytest.raises(UsageError, match=said) as raised:
        choose(place.world(), WANTED, url)
    assert raised.value.hint
    assert place.journal.head().seq == before


def replace_listing(listing: Listing, problem: Problem) -> Listing:
    """Give a listing that ended early."""
    return with_changes(listing, entries=(), complete=False, problem=problem)
