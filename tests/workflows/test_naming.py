"""Lists of bare addresses: the site names what stands there before a file is made, once; a failure stops no other."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.domain.events import RecordingLinked, TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Listing
from engine.sources.files.config import FilesConfig
from engine.sources.files.memory import JournalMemory
from engine.sources.files.source import FilesSource
from engine.workflows.link import link
from engine.workflows.naming import NAMED_MAX, name
from engine.workflows.observe_sources import observe_sources
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from engine.workflows.run import running
from tests.fakes.place import Place
from tests.fakes.source import FakeSource, track

DAY_S = 86_400


def site(number: int, address: str) -> FakeSource:
    """Give a SoundCloud where one track stands at an address."""
    source = FakeSource()
    put_up(source, number, address)
    return source


def put_up(source: FakeSource, number: int, address: str) -> None:
    """Put a track up at an address."""
    shown = track(number)
    source.tracks[shown.ref] = shown
    source.listings[address] = Listing(
        ref=f"soundcloud:single:{number}", name=shown.title, url=address, entries=(shown.ref,), complete=True
    )


def written(folder: Path, *lines: str) -> str:
    """Write a list of addresses long ago, and give its own."""
    path = folder / "mine.urls"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return str(path)


def run(place: Place, site: FakeSource) -> Reconciled:
    """Run once with a library only, files read anew."""
    place.policy = changed(place.policy, targets=("library",))
    place.targets = {"library": place.targets["library"]}
    files = FilesSource(FilesConfig(), clock=place.clock, memory=JournalMemory(lambda: place.journal))
    return reconcile(replace(place.world(), sources=(site, files)), ReconcileRequest())


def paths(place: Place) -> list[str]:
    """Give where files were put."""
    return sorted(row.path for row in place.state().renditions.values() if row.present)


@pytest.mark.parametrize("address", ["https://soundcloud.com/a/7", "https://soundcloud.com/s/AbCdE"])
def test_a_bare_address_is_named_before_its_file_is_made(place: Place, tmp_path: Path, address: str) -> None:
    """F18: file and title are the site's words from the first run on, a short link's too; nobody is asked twice."""
    place.urls = (written(tmp_path, address),)
    soundcloud = site(7, address)
    first = run(place, soundcloud)
    assert (first.exit_code, first.problems) == (ExitCode.FINE, {})
    files = paths(place)
    assert {(Path(path).parent.name, Path(path).stem) for path in files} == {("Artist 1", "Title 7")}
    state = place.state()
    assert {row.recording_id for row in state.sightings.values()} == set(state.recordings)
    (link,) = [
        one for one in place.events("recording.linked") if isinstance(one, RecordingLinked) if one.rule != "founding"
    ]
    assert (link.ref, link.rule) == ("soundcloud:track:7", "same_id")
    soundcloud.log.clear()
    head = place.journal.head().seq
    assert run(place, soundcloud).exit_code is ExitCode.FINE
    assert soundcloud.log == []
    assert place.types_after(head) <= {"run.started", "scan.completed", "run.finished", "run.ended"}
    assert paths(place) == files


def test_what_a_set_shows_already_is_not_asked_for(place: Place, tmp_path: Path) -> None:
    """P9: a line whose address a set shows is that track; no request is spent on it."""
    soundcloud = FakeSource()
    place.urls = (soundcloud.publish("Set", [7]), written(tmp_path, "https://soundcloud.com/a/7"))
    assert run(place, soundcloud).exit_code is ExitCode.FINE
    assert [line for line in soundcloud.log if line.startswith("list")] == [f"list {place.urls[0]}"]


def test_a_recording_of_its_own_keeps_its_line(place: Place, tmp_path: Path) -> None:
    """A short link to what a set shows: two recordings by now, and no link is written over (F19)."""
    soundcloud = FakeSource()
    place.urls = (soundcloud.publish("Set", [7]),)
    run(place, soundcloud)
    put_up(soundcloud, 7, "https://soundcloud.com/s/AbCdE")
    place.urls = (*place.urls, written(tmp_path, "https://soundcloud.com/s/AbCdE"))
    run(place, soundcloud)
    assert [one.rule for one in place.events("recording.linked") if isinstance(one, RecordingLinked)] == [
        "founding"
    ] * 2
    soundcloud.log.clear()
    run(place, soundcloud)
    assert "list https://soundcloud.com/s/AbCdE" not in soundcloud.log


def test_one_dead_line_keeps_no_other_from_its_name(place: Place, tmp_path: Path) -> None:
    """P11, F38: what is gone is told and waits a week; the next line is asked all the same."""
    gone = "https://soundcloud.com/a/gone"
    soundcloud = site(7, "https://soundcloud.com/a/7")
    soundcloud.listings[gone] = Problem(failure=FailureClass.GONE, detail="404", hint="look elsewhere")
    place.urls = (written(tmp_path, gone, "https://soundcloud.com/a/7", "https://ann.example/track/x"),)
    result = run(place, soundcloud)
    assert result.problems["row:https://soundcloud.com/a/gone"].failure is FailureClass.GONE
    assert "soundcloud:track:7" in place.state().sightings
    asked = f"list {gone}"
    for wait_s, count in ((0, 1), (DAY_S, 1), (7 * DAY_S, 2)):
        place.clock.sleep(wait_s)
        run(place, soundcloud)
        assert soundcloud.log.count(asked) == count


def test_a_site_that_does_not_answer_is_left_alone(place: Place, tmp_path: Path) -> None:
    """P8: after the first wall nobody knocks again in this run, and nothing is held against the other lines."""
    first, second = "https://soundcloud.com/a/7", "https://soundcloud.com/a/8"
    soundcloud = site(7, first)
    put_up(soundcloud, 8, second)
    answer = soundcloud.listings[first]
    soundcloud.listings[first] = Problem(failure=FailureClass.BOT_CHALLENGE, detail="a wall", hint="wait")
    place.urls = (written(tmp_path, first, second),)
    assert list(run(place, soundcloud).problems) == [f"row:{first}"]
    assert f"list {second}" not in soundcloud.log
    soundcloud.listings[first] = answer
    place.clock.sleep(2 * DAY_S)
    assert run(place, soundcloud).problems == {}
    named = [
        one for one in place.events("track.seen") if isinstance(one, TrackSeen) and one.ref.startswith("soundcloud")
    ]
    assert {one.title for one in named} == {"Title 7", "Title 8"}


def test_lines_that_nobody_can_name_take_nobodys_turn(place: Place, tmp_path: Path) -> None:
    """P11: a run asks about so many addresses; those on no source's site are older here, and none of them counts."""
    unknown = [f"https://ann.example/track/{number}" for number in range(NAMED_MAX)]
    place.urls = (written(tmp_path, *unknown, "https://soundcloud.com/a/7"),)
    soundcloud = site(7, "https://soundcloud.com/a/7")
    files = FilesSource(FilesConfig(), clock=place.clock, memory=JournalMemory(lambda: place.journal))
    world = replace(place.world(), sources=(soundcloud, files))
    with running(world, "reconcile") as under_way:
        observe_sources(world, under_way, ())
        link(world, under_way)
        assert name(world, under_way) == {}
    assert "soundcloud:track:7" in place.state().sightings
