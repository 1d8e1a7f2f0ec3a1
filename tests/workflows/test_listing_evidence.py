"""What a listing rests on: change tokens, policies, capabilities, ways, and the shelves behind an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed
from typing_extensions import override

from engine.domain.errors import ExitCode
from engine.domain.events import ScanCompleted
from engine.domain.failure import Availability, FailureClass, Problem
from engine.projections.rows import Scope
from engine.reconciler.access import WayTraits
from engine.source_ports import DIRECT, Known, Listing, Unchanged
from engine.workflows.access import DirectOnly
from engine.workflows.decide import follow, unfollow
from engine.workflows.listing import observe_track
from engine.workflows.playlists import playlists
from engine.workflows.reconcile import ReconcileRequest, reconcile
from engine.workflows.run import running
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import FakeSource, ref

URL = "https://soundcloud.com/crew/sets/9"
REF = "soundcloud:set:9"
REFUSED = Problem(failure=FailureClass.NOT_ALLOWED, detail="not yours", hint="export it as CSV")
DOWN = Problem(failure=FailureClass.NETWORK, detail="no route")
QUIET = ["run.started", "scan.completed", "run.finished"]


@pytest.fixture(autouse=True)
def _sources_only(place: Place) -> None:
    place.targets = {}
    place.policy = changed(place.policy, targets=())


def mark(place: Place, token: str | None, url: str = URL, **more: object) -> None:
    """Let a listing carry a change token, and whatever else."""
    listing = place.source.listings[url]
    assert isinstance(listing, Listing)
    place.source.listings[url] = replace(listing, watermark=token, **more)  # type: ignore[arg-type]  # by name


def scope(place: Place, name: str = REF) -> Scope:
    """Give what the scans of a playlist came to."""
    return place.state().scopes[name]


def types_after(place: Place, seq: int) -> list[str]:
    """Give the types of what was appended after a seq, in order."""
    return [event.TYPE for event in place.events(after=seq)]


class Asked(FakeSource):
    """Remembers what it was told to be known."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Known | None] = []

    @override
    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        self.known.append(known)
        return super().list_playlist(url, known)


# --- change tokens --------------------------------------------------------------------------------------------------


def test_an_unchanged_playlist_appends_one_event(place: Place) -> None:
    """I50, P9: by its source's word alone; the count, the declared total and the token are those that were known."""
    place.follow("Crate", (1, 2, 1))
    mark(place, "t1", declared_count=3)
    place.reconcile()
    before, seq = scope(place), place.journal.head().seq
    place.source.log.clear()
    assert place.reconcile().exit_code is ExitCode.FINE
    assert types_after(place, seq) == QUIET
    assert place.source.log == [f"list {URL}"]
    now = scope(place)
    assert (now.unchanged, now.count, now.declared, now.watermark) == (True, 3, 3, "t1")
    assert (now.set_hash, now.root_identity) == (before.set_hash, before.root_identity)


def test_another_token_is_listed_again(place: Place) -> None:
    """P9: what the token spares is the listing of what did not change, never of what did."""
    place.follow("Crate", (1,))
    mark(place, "t1")
    place.reconcile()
    place.follow("Crate", (1, 2))
    mark(place, "t2")
    place.reconcile()
    assert place.state().playlists[REF].entries == (ref(1), ref(2))
    assert not scope(place).unchanged


def test_what_was_not_described_is_described_though_nothing_changed(place: Place) -> None:
    """P11: a token spares no description that is still owed; the one that failed is tried again, alone."""
    place.follow("Crate", (1, 2))
    mark(place, "t1")
    place.source.fail_describing(2, FailureClass.TIMEOUT, Availability.UNKNOWN)
    place.reconcile()
    assert place.reconcile().problems[REF].failure is FailureClass.TIMEOUT
    place.source.trouble.clear()
    place.source.log.clear()
    assert place.reconcile().problems == {}
    assert place.source.log == [f"list {URL}", f"describe {ref(2)}"]


def test_an_unchanged_playlist_has_its_weekly_look(place: Place) -> None:
    """Decision 0009: each track has its day, also in a playlist that never changes; no day has two."""
    place.follow("Crate", tuple(range(1, 11)))
    mark(place, "t1")
    place.reconcile()
    place.source.log.clear()
    place.reconcile()
    assert [line for line in place.source.log if line.startswith("describe")] == []
    for _ in range(7):
        place.clock.pass_s(DAY_S)
        place.reconcile()
    described = [line for line in place.source.log if line.startswith("describe")]
    assert sorted(described) == sorted(f"describe {ref(number)}" for number in range(1, 11))


@pytest.mark.parametrize(("tracks", "looks_max"), [(50, 1), (51, 2), (120, 3)])
def test_a_weekly_look_is_a_request_for_fifty(place: Place, tracks: int, looks_max: int) -> None:
    """Decision 0009, P9: tracks that share a request share a day; each has one in seven, whatever days were missed."""
    place.follow("Crate", tuple(range(1, tracks + 1)))
    mark(place, "t1")
    place.reconcile()
    asked: list[list[str]] = []
    for days in (1, 1, 2, 3):
        place.source.log.clear()
        place.clock.pass_s(days * DAY_S)
        place.reconcile()
        asked.append([line for line in place.source.log if line.startswith("describe")])
    assert sorted(line for look in asked for line in look) == sorted(f"describe {ref(n)}" for n in range(1, tracks + 1))
    assert sum(bool(look) for look in asked) <= looks_max


def test_a_token_without_anything_known_is_garbage(place: Place) -> None:
    """F33: a source that calls unchanged what nobody ever saw has not answered."""

    class Absurd(FakeSource):
        @override
        def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
            return Unchanged(ref=REF)

    place.source = Absurd()
    place.follow("Crate", (1,))
    assert place.reconcile().problems[URL].failure is FailureClass.GARBAGE
    with running(place.world(), "reconcile") as run:
        found = observe_track(place.world(), run, URL, "row:x")
    assert isinstance(found, Problem)
    assert found.failure is FailureClass.GARBAGE


@pytest.mark.parametrize("spoiled", ["partial", "held", "asked again"])
def test_only_a_complete_listing_gives_a_token(place: Place, spoiled: str) -> None:
    """I42: entries that came otherwise, or were not believed, are no ground for "unchanged"."""
    source = place.source = Asked()
    place.follow("Crate", tuple(range(1, 11)))
    mark(place, "t1")
    place.reconcile()
    if spoiled == "partial":
        place.follow("Crate", (11,), complete=False)
    elif spoiled == "held":
        place.follow("Crate", (1,))
    else:
        unfollow(place.journal, REF)
        follow(place.journal, (source,), URL)
    mark(place, "t1" if spoiled == "asked again" else "t2")
    place.reconcile()
    place.follow("Crate", tuple(range(1, 11)))
    mark(place, "t2")
    source.known.clear()
    place.reconcile()
    if spoiled == "asked again":  # it was listed whole since
        assert source.known[0] is not None
        return
    assert source.known == [None]
    assert scope(place).unchanged is False


def test_a_failed_attempt_costs_no_token(place: Place) -> None:
    """P9: a network that was away for a run changes nothing of what the last complete listing proved."""
    place.follow("Crate", (1,))
    mark(place, "t1")
    place.reconcile()
    listing = place.source.listings[URL]
    place.source.listings[URL] = DOWN
    place.reconcile()
    place.source.listings[URL] = listing
    place.reconcile()
    assert scope(place).unchanged
    assert scope(place).failures == 0


def test_an_unchanged_second_run_is_one_scan_a_playlist(place: Place) -> None:
    """I23, I50: thirty playlists, thirty scans, and the run's own two events; nothing is described."""
    for number in range(30):
        place.follow("Crate", (number,), number=number)
        mark(place, "t", f"https://soundcloud.com/crew/sets/{number}")
    place.reconcile()
    place.source.log.clear()
    seq = place.journal.head().seq
    place.reconcile()
    assert types_after(place, seq) == ["run.started", *["scan.completed"] * 30, "run.finished"]
    assert len(place.source.log) == 30


# --- policies and ways ----------------------------------------------------------------------------------------------


def test_another_policy_in_a_listing_is_described_again(place: Place) -> None:
    """P12: a listing that shows in passing that a track is sold otherwise now has it looked at, and no other."""
    place.follow("Crate", (1, 2))
    place.source.tracks[ref(1)] = changed(place.source.tracks[ref(1)], policy="ALLOW")
    place.source.tracks[ref(2)] = changed(place.source.tracks[ref(2)], policy="ALLOW")
    mark(place, None, policies={ref(1): "ALLOW", ref(2): "ALLOW"})
    place.reconcile()
    place.source.tracks[ref(1)] = changed(
        place.source.tracks[ref(1)], policy="SNIP", availability=Availability.PREVIEW_ONLY
    )
    mark(place, None, policies={ref(1): "SNIP", ref(2): "ALLOW"})
    place.source.log.clear()
    place.reconcile()
    assert place.source.log == [f"list {URL}", f"describe {ref(1)}"]
    assert place.state().sightings[ref(1)].availability is Availability.PREVIEW_ONLY


def test_a_new_way_has_what_was_refused_looked_at_again(place: Place) -> None:
    """F36: what every way there was could not get is asked about once more when there is another."""

    class Ways(DirectOnly):
        @override
        def tried(self, ref: str) -> tuple[str, ...]:
            return tuple(sorted(way.name for way in place.policy.ways["soundcloud"]))

    place.follow("Crate", (1, 2))
    place.source.fail_describing(1, FailureClass.GEO_BLOCKED, Availability.GEO_BLOCKED)
    direct, proxy = WayTraits(name=DIRECT), WayTraits(name="de", proxied=True)
    for ways, described in (((direct,), 2), ((direct,), 0), ((direct, proxy), 1), ((direct, proxy), 0)):
        place.policy = changed(place.policy, ways={"soundcloud": ways})
        place.source.log.clear()
        reconcile(replace(place.world(), access=Ways()), ReconcileRequest())
        assert len([line for line in place.source.log if line.startswith("describe")]) == described
    assert place.state().sightings[ref(1)].ways == ("de", DIRECT)
    assert len(place.events("track.availability_changed")) == 2


def test_a_source_that_brings_metadata_along_is_asked_of_everything_it_listed(place: Place) -> None:
    """P9: what a listing brings costs nothing; where nothing was listed, nothing is there to be told."""
    other = FakeSource("spotify", listed=True)
    place.others = (other,)
    url = other.publish("Crate", (1, 2), number=7)
    place.urls = (url,)
    listing = other.listings[url]
    assert isinstance(listing, Listing)
    other.listings[url] = replace(listing, watermark="s1")
    place.reconcile()
    place.reconcile()
    assert [line.partition(" ")[0] for line in other.log] == ["list", "describe", "describe", "list"]


# --- what is believed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "kept"), [(6, 6), (5, 10)])
def test_the_share_that_is_believed_is_exactly_60_percent(place: Place, left: int, kept: int) -> None:
    """P1: of ten, six are believed and five are not."""
    place.follow("Crate", tuple(range(1, 11)))
    place.reconcile()
    place.follow("Crate", tuple(range(1, left + 1)))
    assert bool(place.reconcile().problems) is (kept != left)
    assert len(place.state().playlists[REF].entries) == kept


@pytest.mark.parametrize(("before", "kept"), [(4, 1), (5, 5)])
def test_from_five_entries_on_a_listing_is_doubted(place: Place, before: int, kept: int) -> None:
    """P1, I42: of four, one is believed to be left; of five it is not."""
    place.follow("Crate", tuple(range(1, before + 1)))
    place.reconcile()
    place.follow("Crate", (1,))
    place.reconcile()
    assert len(place.state().playlists[REF].entries) == kept


def test_a_followed_address_is_one_row_in_a_list(place: Place) -> None:
    """P16: asked for by the very address its source gives, a playlist is there once."""
    place.source.publish("Crate", (1,))
    follow(place.journal, (place.source,), URL)
    place.reconcile()
    assert [row.ref for row in playlists(place.state())] == [REF]


def test_the_scan_of_a_listing_says_what_the_source_declared(place: Place) -> None:
    """F33: how many it says there are, beside how many it gave."""
    place.follow("Crate", (1, 2), complete=False)
    mark(place, None, declared_count=50, problem=DOWN)
    place.reconcile()
    event = place.events("scan.completed")[-1]
    assert isinstance(event, ScanCompleted)
    assert (event.complete, event.count, event.declared, event.unchanged) == (False, 2, 50, False)


def test_a_new_name_is_followed_by_ref_everywhere(make_place: Callable[[], Place]) -> None:
    """P16: the page is the same page and the M3U file takes the new name; nothing is there twice."""
    place = make_place()
    place.follow("Crate", (1, 2))
    place.reconcile()
    page = place.targets["notion"].of_key("playlist", REF).remote_id
    folder = place.targets["eagle"].of_key("folder", REF).remote_id
    place.follow("Box", (1, 2))
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.targets["notion"].of_key("playlist", REF).remote_id == page
    assert place.targets["eagle"].of_key("folder", REF).remote_id == folder
    assert place.targets["library"].of_key("playlist", REF).fields["name"] == "Box"
    place.close()
