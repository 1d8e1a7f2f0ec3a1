"""Looking for audio in a run: what is asked, what is recorded of it, and what is left alone."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.events import Found, RecordingLinked, ResolutionDecided
from engine.domain.failure import Availability
from engine.domain.references import recording_id
from engine.reconciler.policy import Policy, ResolutionPolicy
from tests.fakes.finder import FakeFinder, candidate
from tests.fakes.place import Place
from tests.fakes.source import ref, track

WANTED = recording_id(ref(1))
ORDER = ("soundcloud", "youtube")
DECISIONS = ("track.seen", "recording.linked", "match.asked", "resolution.decided")


def policy(**said: object) -> Policy:
    """Give a policy that looks for audio."""
    resolution = ResolutionPolicy(**{"order": ORDER, **said})  # type: ignore[arg-type]  # the tests pass what it has
    return Policy(library_root="/music", config_hash=f"c{sorted(said)}", resolution=resolution)


def seek(place: Place, *finders: FakeFinder, availability: Availability = Availability.METADATA_ONLY) -> None:
    """Let a playlist list one song that its source gives no audio of."""
    place.source.tracks[ref(1)] = replace(track(1, "First Light"), artist="Ada", availability=availability)
    place.policy = policy()
    place.finders = finders
    place.follow("Crate", (1,))


def decided(place: Place) -> list[ResolutionDecided]:
    """Give every decision."""
    return [event for event in place.events("resolution.decided") if isinstance(event, ResolutionDecided)]


def test_what_no_source_gives_is_found_elsewhere_and_fetched(place: Place) -> None:
    """F41: metadata names it, another source gives the audio; the decision holds every offer and its evidence."""
    finder = FakeFinder("soundcloud", candidate("12", "First Light (Live)"), candidate("11", "First Light"))
    seek(place, finder)
    result = place.reconcile()
    assert finder.asked == ["Ada First Light"]
    (decision,) = decided(place)
    assert (decision.found, decision.chosen) == (Found.ACCEPTED, "soundcloud:track:11")
    assert [each.ref for each in decision.candidates] == ["soundcloud:track:11", "soundcloud:track:12"]
    assert [each.decision for each in decision.candidates] == ["accept", "reject"]
    link = place.events("recording.linked")[-1]
    assert isinstance(link, RecordingLinked)
    assert (link.recording_id, link.ref, link.rule) == (WANTED, "soundcloud:track:11", "names_and_duration")
    assert len(place.targets["library"].live("audio")) == 1
    assert not result.problems
    before = place.journal.head().seq
    place.reconcile()
    assert "resolution.decided" not in place.types_after(before)
    assert len(finder.asked) == 1
