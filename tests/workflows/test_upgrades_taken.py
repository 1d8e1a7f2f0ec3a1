"""Upgrades in a journal: offered by name, taken or kept by a person, carried out by the next run."""

from __future__ import annotations

import pytest

from engine.domain.envelope import Draft
from engine.domain.errors import UsageError
from engine.domain.events import Event, MatchAsked, RecordingLinked, TrackSeen, UpgradeTaken
from engine.domain.failure import Availability
from engine.domain.references import recording_id
from engine.workflows.decide import PERSON
from engine.workflows.upgrades import KEPT, TAKEN, keep, offers, take
from tests.fakes.place import Place
from tests.fakes.source import ref, track

KEY = recording_id(ref(1))
FILE, SECOND = "file:audio:abc", "file:audio:def"


def tell(place: Place, *events: Event) -> None:
    """Let something have happened."""
    place.journal.append([Draft(event=event) for event in events], PERSON)


def linked(file: str) -> tuple[Event, Event]:
    """Give a lossless file that was found to be the recording."""
    seen = TrackSeen(ref=file, title="First Light", url="", artist="Artist 1", duration_ms=200_000,
                     availability=Availability.AVAILABLE, local_path="/music/First Light.flac")  # fmt: skip
    link = RecordingLinked(recording_id=KEY, ref=file, rule="same_isrc", evidence=(), beaten=(), policy_version="0")
    return seen, link


@pytest.fixture
def fetched(place: Place) -> Place:
    """Give a place in which a recording was fetched, and a lossless file of it showed up."""
    place.source.tracks[ref(1)] = track(1, "First Light", availability=Availability.AVAILABLE)
    place.follow("Crate", (1,))
    place.reconcile()
    tell(place, *linked(FILE))
    return place


def test_an_offer_says_what_takes_it_and_taking_it_is_recorded_once(fetched: Place) -> None:
    """Issue: proposed, never silently taken; a person's word is an event."""
    (offer,) = offers(fetched.state())
    assert offer.label == "Artist 1 – First Light"
    assert offer.way == f"sync upgrades {KEY} --take --from {FILE}"
    done = take(fetched.journal, "First Light", None)
    assert (done.what, done.key, done.obstacle) == (TAKEN, KEY, "")
    assert take(fetched.journal, "First Light", FILE).seq is None
    assert offers(fetched.state())[0].way == "taken; the next run fetches it"
    assert [type(event) for event in fetched.events("upgrade.taken")] == [UpgradeTaken]


def test_the_next_run_replaces_the_files(fetched: Place) -> None:
    """I56: fetched from there, under the same stem; the run after it has nothing to do."""
    take(fetched.journal, KEY, None)
    fetched.reconcile()
    assert {row.source_ref for row in fetched.state().renditions.values()} == {FILE}
    sends = fetched.sends()
    fetched.reconcile()
    assert fetched.sends() == sends


def test_what_was_taken_can_be_kept_as_it_was(fetched: Place) -> None:
    """A choice is taken back by another event."""
    assert keep(fetched.journal, KEY).seq is None
    take(fetched.journal, KEY, None)
    assert keep(fetched.journal, KEY).what == KEPT
    fetched.reconcile()
    assert {row.source_ref for row in fetched.state().renditions.values()} == {ref(1)}


def test_what_is_meant_has_to_be_said(fetched: Place, place: Place) -> None:
    """Usage errors name what there is."""
    with pytest.raises(UsageError, match="was not seen as"):
        take(fetched.journal, KEY, "soundcloud:track:9")
    tell(fetched, *linked(SECOND))
    with pytest.raises(UsageError, match="2 things are proposed") as caught:
        take(fetched.journal, KEY, None)
    assert f"--from {SECOND}" in caught.value.hint
    seen, _ = linked(SECOND)
    assert isinstance(seen, TrackSeen)
    tell(place, TrackSeen(ref=SECOND, title="First Light", url="", availability=Availability.GONE))
    with pytest.raises(UsageError, match="gives no audio"):
        take(fetched.journal, KEY, SECOND)


def test_nothing_proposed_is_said_to_be_so(place: Place) -> None:
    """And what no playlist lists is fetched by nobody."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.follow("Crate", (1,))
    place.reconcile()
    with pytest.raises(UsageError, match="nothing is proposed"):
        take(place.journal, KEY, None)
    bare = TrackSeen(ref=ref(7), title="Lone", url="", availability=Availability.AVAILABLE)
    lone = RecordingLinked(
        recording_id=recording_id(ref(7)), ref=ref(7), rule="founding", evidence=(), beaten=(), policy_version="0"
    )
    tell(place, bare, lone)
    assert "no playlist" in take(place.journal, "Lone", ref(7)).obstacle
    unseen = RecordingLinked(
        recording_id="runseen", ref="x:y:z", rule="founding", evidence=(), beaten=(), policy_version="0"
    )
    tell(place, unseen)


def test_a_question_in_the_way_leads_to_the_review(place: Place) -> None:
    """Another recording that may be it is offered by its question."""
    place.source.tracks[ref(1)] = track(1, "First Light", availability=Availability.GONE)
    place.source.tracks[ref(4)] = track(4, "Morgenrot", availability=Availability.AVAILABLE)
    place.follow("Crate", (1, 4))
    place.reconcile()
    tell(
        place,
        MatchAsked(
            question_id="q1", newer=recording_id(ref(4)), older=KEY, names="same", score=1.0, evidence=(),
            policy_version="",
        ),
    )  # fmt: skip
    assert [offer.way for offer in offers(place.state())] == ["sync review q1"]
    with pytest.raises(UsageError, match="nothing is proposed"):
        take(place.journal, KEY, None)
