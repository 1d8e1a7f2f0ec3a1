"""A remote that asks for hours while something is under way there: told as what it is, slept through by nobody."""

from __future__ import annotations

from typing import NoReturn

import pytest
from msgspec.structs import replace
from typing_extensions import override

from engine.domain.crash import CrashPoint, pass_by
from engine.domain.errors import ExitCode
from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Action, ActionKind
from engine.projections.rows import ActionState
from engine.reconciler.policy import EnrichmentPolicy, ResolutionPolicy
from engine.source_ports import Described, Enriched, Undescribed
from engine.workflows.limits import RemoteBlockedError, blocked
from tests.fakes.enricher import FakeEnricher
from tests.fakes.finder import FakeFinder
from tests.fakes.place import Place
from tests.fakes.source import ref, track

HOURS_S = 79_892.0
SLOWLY = Problem(failure=FailureClass.RATE_LIMITED, detail="slowly", hint="later", retry_after_s=HOURS_S)


def asked_to_wait(place: Place, remote: str) -> NoReturn:
    """Let another process be told to wait, and whoever is under way there hear of it."""
    world = place.world()
    world.coordination.block(remote, place.clock.now_us() + int(HOURS_S) * 1_000_000)
    problem = blocked(world, remote)
    assert problem is not None
    raise RemoteBlockedError(problem)


def waited(place: Place) -> float:
    """Give how long anybody slept."""
    return sum(place.clock.slept_s)


class _Finder(FakeFinder):
    """Is told to wait in the middle of a search."""

    def __init__(self, place: Place) -> None:
        super().__init__("youtube")
        self._place = place

    @override
    def find(self, query: str, limit: int) -> tuple[TrackSeen, ...] | Problem:
        return asked_to_wait(self._place, "youtube")


class _Enricher(FakeEnricher):
    """Is told to wait in the middle of a question."""

    def __init__(self, place: Place) -> None:
        super().__init__("musicbrainz")
        self._place = place

    @override
    def enrich(self, about: Described) -> Enriched | Problem:
        return asked_to_wait(self._place, "musicbrainz")


def test_a_list_that_is_under_way_ends_and_the_others_are_read(place: Place) -> None:
    """P8, P11: hours are nobody's to sleep through, and one source's are not another's."""
    place.follow("Crate", (1,))
    place.source.on_call = lambda line: asked_to_wait(place, "soundcloud") if line.startswith("list") else None
    result = place.reconcile()
    (problem,) = result.problems.values()
    assert problem.failure is FailureClass.RATE_LIMITED
    assert result.exit_code is ExitCode.TRY_LATER
    assert waited(place) < HOURS_S
    assert place.targets["notion"].counts["scan"]


def test_a_download_that_is_under_way_is_put_off_until_then(place: Place) -> None:
    """P8, I27: nothing was fetched, so it is deferred, for as long as the source asked."""

    def told(action: Action) -> Problem | None:
        return asked_to_wait(place, "soundcloud") if "source_ref" in action.written else None

    place.targets["library"].verdict = told
    place.follow("Crate", (1, 2))
    place.reconcile()
    rows = [row for row in place.state().actions.values() if row.kind == ActionKind.FETCH_RECORDING]
    assert ActionState.DEFERRED in {row.state for row in rows}
    assert {row.attempts for row in rows if row.state is ActionState.DEFERRED} == {1}
    assert waited(place) < HOURS_S


def test_searches_and_questions_that_are_under_way_end(place: Place) -> None:
    """P8, P21: a finder and a provider are left alone, each with its reason."""
    place.finders, place.enrichers = (_Finder(place),), (_Enricher(place),)
    place.policy = replace(
        place.policy,
        resolution=ResolutionPolicy(order=("youtube",)),
        enrichment=EnrichmentPolicy(providers=("musicbrainz",)),
    )
    place.source.tracks[ref(1)] = track(1, "Song Is", availability=Availability.METADATA_ONLY)
    place.follow("Crate", (1, 2))
    result = place.reconcile()
    assert result.problems["search:youtube"].failure is FailureClass.RATE_LIMITED
    enriching = place.state().scopes["enrichment:musicbrainz"].problem
    assert enriching is not None
    assert enriching.failure is FailureClass.RATE_LIMITED


def test_what_describing_is_told_holds_for_the_next_playlist(place: Place) -> None:
    """P8: a batch of metadata that meets a limit is the last request for as long as the service said."""
    place.follow("Crate", (1,))
    place.follow("Other", (2,), number=10)
    place.source.trouble[ref(1)] = Undescribed(ref=ref(1), availability=Availability.UNKNOWN, problem=SLOWLY)
    place.reconcile()
    listed = [line for line in place.source.log if line.startswith("list")]
    assert listed == ["list https://soundcloud.com/crew/sets/9"]


def test_a_wait_asked_for_between_a_claim_and_its_turn_is_left_to_a_later_run(place: Place) -> None:
    """P8, I27: nothing was sent, so nothing is recorded of it but the claim; the first run after the wait fetches."""

    def told(point: CrashPoint) -> None:
        if point is CrashPoint.AFTER_CLAIM:
            place.coordination.block("soundcloud", place.clock.now_us() + int(HOURS_S) * 1_000_000)

    place.follow("Crate", (1,))
    place.reached = told
    place.reconcile()
    (row,) = (row for row in place.state().actions.values() if row.kind == ActionKind.FETCH_RECORDING)
    assert row.state is ActionState.CLAIMED
    assert waited(place) < HOURS_S
    place.reached = pass_by
    place.clock.pass_s(HOURS_S)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(place.targets["library"].live("audio")) == 1


@pytest.mark.parametrize(("wait_s", "told"), [(90, "90 s"), (1_800, "30 min"), (79_200, "22 h")])
def test_a_wait_is_told_as_people_say_it(place: Place, wait_s: int, told: str) -> None:
    """M21: nobody reckons what 79,200 seconds are."""
    world = place.world()
    world.coordination.block("spotify", place.clock.now_us() + wait_s * 1_000_000)
    problem = blocked(world, "spotify")
    assert problem is not None
    assert problem.detail == f"spotify asked us to wait another {told}"
