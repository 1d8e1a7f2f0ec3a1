"""Looking for audio where sources fail: what is concluded of it, who is asked again, and when."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.events import Found
from engine.domain.failure import FailureClass, Problem
from tests.fakes.finder import FakeFinder, candidate
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.searching import BROKEN, decided, policy, seek
from tests.fakes.source import ref

WRONG = candidate("13", "First Light (Live)")


def test_a_source_that_fails_is_left_alone_and_nothing_is_concluded(place: Place) -> None:
    """P2: "nothing found" is said only when everybody answered; the failure is told by its own scope."""
    broken, other = FakeFinder("soundcloud"), FakeFinder("youtube", WRONG)
    broken.answer = BROKEN
    seek(place, broken, other)
    place.source.tracks[ref(2)] = replace(place.source.tracks[ref(1)], ref=ref(2), title="Second Light")
    place.follow("Crate", (1, 2))
    result = place.reconcile()
    assert [each.found for each in decided(place)] == [Found.UNANSWERED, Found.UNANSWERED]
    assert (len(broken.asked), len(other.asked)) == (1, 2)
    assert result.problems["search:soundcloud"] == BROKEN
    scopes = place.state().scopes
    assert (scopes["search:soundcloud"].complete, scopes["search:youtube"].complete) == (False, True)
    broken.answer = ()
    place.reconcile()
    assert (len(broken.asked), len(other.asked)) == (1, 2), "not in every run"
    place.clock.pass_s(DAY_S)
    place.reconcile()
    assert place.state().scopes["search:soundcloud"].complete
    assert [each.found for each in decided(place)[2:]] == [Found.NONE, Found.NONE]


def test_a_source_that_is_broken_for_good_starves_nothing(place: Place) -> None:
    """P2, P11: the others are looked for all the same; what was looked for waits a day, then two, at most a week."""
    broken, other = FakeFinder("soundcloud"), FakeFinder("youtube")
    broken.answer = BROKEN
    seek(place, broken, other)
    for number in (2, 3):
        place.source.tracks[ref(number)] = replace(
            place.source.tracks[ref(1)], ref=ref(number), title=f"Song {number} Is"
        )
    place.follow("Crate", (1, 2, 3))
    place.policy = policy(per_run=1)
    for _ in range(5):
        place.reconcile()
    assert [each.sought_ref for each in decided(place)] == [ref(1), ref(2), ref(3)]
    place.policy = policy()
    for days, searches in ((1, 6), (1, 6), (1, 9), (4, 12), (6, 12), (1, 15), (7, 18)):
        place.clock.pass_s(days * DAY_S)
        place.reconcile()
        assert len(decided(place)) == searches
    assert {row.misses for row in place.state().resolutions.values()} == {0}


def test_when_everybody_fails_nobody_is_asked_further(place: Place) -> None:
    """A remote in trouble is not asked five hundred times."""
    broken = FakeFinder("soundcloud")
    broken.answer = BROKEN
    seek(place, broken)
    place.source.tracks[ref(2)] = replace(place.source.tracks[ref(1)], ref=ref(2), title="Second Light")
    place.follow("Crate", (1, 2))
    place.reconcile()
    assert len(broken.asked) == 1


def test_a_rate_limit_holds_for_everybody_and_for_the_next_run(place: Place) -> None:
    """I40: a remote's "not before" is a row that all processes share; a search asks nobody past it."""
    finder = FakeFinder("soundcloud")
    limited = Problem(failure=FailureClass.RATE_LIMITED, detail="slowly", retry_after_s=3_600.0)
    finder.answer = limited
    seek(place, finder)
    place.source.describes_everything = False
    place.reconcile()
    assert place.coordination.blocked_until_us("soundcloud") > place.clock.now_us()
    result = place.reconcile()
    assert len(finder.asked) == 1
    assert result.problems["search:soundcloud"].failure is FailureClass.RATE_LIMITED
