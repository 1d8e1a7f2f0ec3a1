"""What scanning a target leaves in the journal, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace as changed
from typing_extensions import override

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass, Problem
from engine.ports import ScanEnd, ScanPage
from engine.projections.state import State
from engine.workflows.observe import known_to_targets, observe_target
from engine.workflows.run import running
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.target import FakeTarget

SIX = (1, 2, 3, 4, 5, 6)


@pytest.fixture
def settled(place: Place) -> Place:
    """Give a place in step: six tracks in a library and a Notion."""
    del place.targets["eagle"]
    place.policy = changed(place.policy, targets=("library", "notion"))
    place.follow("Crate", SIX)
    assert place.reconcile().exit_code is ExitCode.FINE
    return place


def misses(place: Place) -> int:
    """Count the absences concluded so far."""
    return len(place.events("remote.missed", "rendition.missed"))


def test_an_incomplete_scan_concludes_no_absence(settled: Place) -> None:
    """I42: rows that a cut-off scan did not show are still there as far as we know."""
    notion = settled.targets["notion"]
    notion.things = {key: thing for key, thing in notion.things.items() if thing.kind == "playlist"}
    notion.scan_trouble["track"] = Problem(failure=FailureClass.TIMEOUT, detail="cut off")
    sends = settled.sends()
    result = settled.reconcile()
    assert result.problems["notion:track"].failure is FailureClass.TIMEOUT
    assert (misses(settled), settled.sends()) == (0, sends)
    assert result.exit_code is ExitCode.TRY_LATER


def test_a_scan_without_an_end_is_incomplete(settled: Place) -> None:
    """I42: an adapter that stops in the middle is not believed."""
    settled.targets["notion"].cut_short.add("track")
    result = settled.reconcile()
    assert result.problems["notion:track"].failure is FailureClass.UNEXPECTED
    assert misses(settled) == 0


def test_another_root_is_not_a_disappearance(settled: Place) -> None:
    """I42: an empty database in place of ours removes nothing and is named."""
    notion = settled.targets["notion"]
    notion.root, notion.things = "root-2", {}
    sends = settled.sends()
    result = settled.reconcile()
    assert result.problems["notion:track"].failure is FailureClass.WRONG_LIBRARY
    assert (misses(settled), settled.sends()) == (0, sends)
    notion.root = "root-1"


def test_a_scan_that_lost_too_much_is_not_believed_unless_vouched_for(settled: Place) -> None:
    """I42: half the rows gone is a collapse; `--accept-shrink notion:track` concludes the absences."""
    notion = settled.targets["notion"]
    for thing in notion.live("track")[:4]:
        del notion.things[thing.remote_id]
    result = settled.reconcile()
    assert result.problems["notion:track"].failure is FailureClass.COLLAPSED
    assert misses(settled) == 0
    assert settled.reconcile("notion:track").problems == {}
    assert misses(settled) == 4
    assert len(notion.live("track")) == 2  # what a person took away is not made again


def test_files_that_vanish_at_once_are_not_believed_either(settled: Place) -> None:
    """I42: the library's files count by rendition."""
    library = settled.targets["library"]
    for thing in library.live("audio")[:5]:
        del library.things[thing.remote_id]
    assert settled.reconcile().problems["library:audio"].failure is FailureClass.COLLAPSED
    assert misses(settled) == 0


def test_a_miss_is_said_once_and_once_more_a_day_later(settled: Place) -> None:
    """I50: an object that stays away does not fill the journal."""
    notion, library = settled.targets["notion"], settled.targets["library"]
    del notion.things[notion.live("track")[0].remote_id]
    library.trash(library.live("audio")[0].remote_id)
    counts = []
    for pause_s in (0.0, 60.0, DAY_S, DAY_S):
        settled.clock.pass_s(pause_s)
        settled.reconcile()
        counts.append(misses(settled))
    assert counts == [3, 3, 6, 6]  # one row and two files of one recording


def test_a_row_seen_again_is_there_again(settled: Place) -> None:
    """I44: a miss followed by a sighting is no absence any more, and nothing is made twice."""
    notion = settled.targets["notion"]
    thing = notion.live("track")[0]
    del notion.things[thing.remote_id]
    settled.reconcile()
    assert not settled.state().remotes[f"notion/{thing.remote_id}"].standing
    notion.things[thing.remote_id] = thing
    settled.reconcile()
    assert settled.state().remotes[f"notion/{thing.remote_id}"].standing
    assert len(notion.live("track")) == len(SIX)


def test_a_file_that_a_person_moved_is_found_where_it_is(settled: Place) -> None:
    """P-moved: a rendition that returns elsewhere is the same rendition; rows show the new path."""
    library = settled.targets["library"]
    thing = library.live("audio")[0]
    library.edit(thing.remote_id, path="Elsewhere/Song")
    assert settled.reconcile().exit_code is ExitCode.FINE
    paths = {row.path for row in settled.state().renditions.values()}
    assert "Elsewhere/Song.aiff" in paths
    shown = {row.fields["aiff_path"] for row in settled.targets["notion"].live("track")}
    assert "/music/Elsewhere/Song.aiff" in shown


def test_a_file_that_is_no_rendition_of_ours_is_left_alone(settled: Place) -> None:
    """I50: the library may hold what we never made."""
    library = settled.targets["library"]
    library.put("audio", path="Theirs", source_ref="x")
    library.edit("person-1", profiles=("original",))
    seq = settled.journal.head().seq
    settled.reconcile()
    assert settled.types_after(seq) == {"run.started", "scan.completed", "run.finished"}


def test_a_target_that_told_us_to_wait_is_not_scanned(settled: Place) -> None:
    """P8: a block longer than a run's patience leaves the target alone."""
    notion = settled.targets["notion"]
    notion.scan_trouble["track"] = Problem(failure=FailureClass.RATE_LIMITED, detail="slow", retry_after_s=300.0)
    settled.reconcile()
    scans = notion.counts["scan"]
    result = settled.reconcile()
    assert notion.counts["scan"] == scans
    assert {scope for scope in result.problems if scope.startswith("notion")} == {"notion:playlist", "notion:track"}
    assert result.exit_code is ExitCode.TRY_LATER


class Restless(FakeTarget):
    """Shows its first page twice, as a remote does whose rows move while it is read."""

    @override
    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        pages = list(FakeTarget.scan(self, kind, known))
        yield from pages[:1]
        yield from pages


def test_an_object_shown_twice_in_one_scan_is_one_observation(place: Place) -> None:
    """I50: rows move between pages while a scan goes on; the same content again is the same event."""
    restless = Restless(place="notion")
    restless.put("track", title="A")
    with running(place.world(), "test") as run:
        assert observe_target(place.world(), run, restless, "track", known_to_targets(place.world())) is None
    assert len(place.events("remote.seen")) == 1
