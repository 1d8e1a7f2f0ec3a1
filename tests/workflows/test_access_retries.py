"""What a source withholds is asked for again when a way is added that may open it, or in its time: never every run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from msgspec.structs import replace as changed

from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Action
from engine.domain.references import source_of
from engine.source_ports import DIRECT, Way
from engine.workflows.access import AccessBook, through, traits
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.fakes.place import Place
from tests.fakes.source import FakeSource

PLAIN = Way(name=DIRECT)
GERMANY = Way(name="germany", proxy="http://127.0.0.1:1", country="DE")
FRANCE = Way(name="france", proxy="http://127.0.0.1:2", country="FR")
ACCOUNT = Way(name="account", cookie_browser="firefox")
HOST = "soundcloud.com"
WEEK_S = 7 * 86_400.0


@dataclass(slots=True, kw_only=True)
class Outside:
    """A source of audio that answers by the way it is asked; the library asks it through the book.

    Attributes:
        verdicts: way → what it comes to; a way that is not named gets the audio.
        asked: the ways that were taken, in order.
    """

    place: Place
    verdicts: dict[str, FailureClass]
    asked: list[str] = field(default_factory=list)

    def run(self, *ways: Way) -> Reconciled:
        """Reconcile in a new process that has these ways beside the direct one."""
        known = {"soundcloud": (PLAIN, *ways)}
        access = AccessBook(
            known,
            remembered=lambda: self.place.journal.state(only=("access",)).access,
            now_us=self.place.clock.now_us,
        )
        policy = changed(
            self.place.policy,
            ways={source: tuple(map(traits, each)) for source, each in known.items()},
            config_hash="".join(way.name for way in ways),
        )
        self.asked.clear()
        self.place.targets["library"].verdict = lambda action: self._fetched(access, action)
        return reconcile(replace(self.place.world(), access=access, policy=policy), ReconcileRequest())

    def _fetched(self, access: AccessBook, action: Action) -> Problem | None:
        ref = action.written.get("source_ref")
        if not isinstance(ref, str):
            return None
        answer = through(access, source_of(ref), self._ask, host=HOST, ref=ref)
        return answer if isinstance(answer, Problem) else None

    def _ask(self, way: Way) -> str | Problem:
        self.asked.append(way.name)
        failure = self.verdicts.get(way.name)
        return Problem(failure=failure, detail=f"{failure} it was") if failure else "audio"


def following(place: Place, **verdicts: FailureClass) -> Outside:
    """Follow a playlist of one track."""
    place.follow("Crate", (1,))
    return Outside(place=place, verdicts=dict(verdicts))


def test_a_geo_blocked_track_waits_a_week_or_for_another_way(place: Place) -> None:
    """Issue 4.6, F38: not every run; a new profile is tried at once, and once."""
    outside = following(place, direct=FailureClass.GEO_BLOCKED, germany=FailureClass.GEO_BLOCKED)
    outside.run()
    assert outside.asked == ["direct"]
    outside.run()
    assert outside.asked == []
    outside.run(ACCOUNT)
    assert outside.asked == []
    outside.run(ACCOUNT, GERMANY)
    assert outside.asked == ["direct", "germany"]
    outside.run(ACCOUNT, GERMANY)
    assert outside.asked == []
    (row,) = place.state().sightings.values()
    assert (row.availability, row.ways) == (Availability.GEO_BLOCKED, ("direct", "germany"))
    place.clock.pass_s(WEEK_S)
    outside.run(ACCOUNT, GERMANY)
    assert outside.asked == ["direct", "germany"]
    outside.run(ACCOUNT, GERMANY, FRANCE)
    assert outside.asked == ["direct", "germany", "france"]
    (row,) = place.state().sightings.values()
    assert (row.availability, row.ways) == (Availability.AVAILABLE, ())


def test_what_needs_an_account_waits_for_one(place: Place) -> None:
    """M11: a refusal stands until somebody who may hear it asks; another country is no reason to ask again."""
    outside = following(place, direct=FailureClass.MEMBERS_ONLY, account=FailureClass.MEMBERS_ONLY)
    outside.run()
    outside.run(GERMANY)
    assert outside.asked == []
    outside.run(GERMANY, ACCOUNT)
    assert outside.asked == ["direct", "account"]
    place.clock.pass_s(WEEK_S)
    outside.run(GERMANY, ACCOUNT)
    assert outside.asked == []
    outside.run(GERMANY, ACCOUNT, Way(name="member", cookie_browser="chrome"))
    assert outside.asked == ["direct", "account", "member"]
    assert place.state().renditions


def test_how_ways_stand_is_recorded_when_it_changes(place: Place) -> None:
    """Issue 4.6: at the end of a round of downloads; a run that meets the same dead proxy again records nothing."""
    outside = following(place, direct=FailureClass.GEO_BLOCKED, germany=FailureClass.NETWORK)
    outside.run(GERMANY)
    assert [event.stream for event in place.events("access.changed")] == ["access:soundcloud/germany"]
    place.clock.pass_s(WEEK_S)
    outside.run(GERMANY)
    assert outside.asked == ["direct", "germany"]
    assert len(place.events("access.changed")) == 1
    outside.verdicts.pop("germany")
    place.clock.pass_s(WEEK_S)
    outside.run(GERMANY)
    rows = place.state().access
    assert {key: row.works for key, row in rows.items()} == {"soundcloud/germany": True}


def test_what_one_source_needs_stops_no_other_sources_audio(place: Place) -> None:
    """P11, P13: YouTube's player wants a program that is not there; SoundCloud's tracks come all the same."""
    videos = FakeSource("youtube")
    place.others = (videos,)
    place.urls = (videos.publish("Videos", (5, 6), number=8),)
    place.follow("Crate", (1, 2))
    lacking = Problem(failure=FailureClass.TOOL_MISSING, detail="no JavaScript runtime", hint="install one")
    place.targets["library"].verdict = lambda action: (
        lacking if str(action.written.get("source_ref")).startswith("youtube") else None
    )
    place.reconcile()
    held = {row.source_ref for row in place.state().renditions.values()}
    assert held == {"soundcloud:track:1", "soundcloud:track:2"}
