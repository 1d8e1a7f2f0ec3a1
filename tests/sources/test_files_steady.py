"""Lists in runs: the same files again say nothing new, whatever several of them say of one piece (I50)."""

import dataclasses
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.journal.sqlite_journal import create_journal
from engine.source_ports import Listing, Source
from engine.sources.files.config import FilesConfig
from engine.sources.files.memory import JournalMemory
from engine.sources.files.source import FilesSource
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.fakes.machine import FakeClock, FakeStop
from tests.fakes.place import Place
from tests.fakes.source import FakeSource

LISTS = Path(__file__).parent.parent / "fixtures" / "lists"
SPOTIFY = "https://open.spotify.com/track/"
OPENED = "spotify:track:0GQW2gDyxgT5IsNEM4osbJ"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Give a place with a journal, without targets."""
    path = tmp_path / "home" / "journal.sqlite3"
    path.parent.mkdir()
    create_journal(path, clock=FakeClock(FakeStop()), program_version="test").close()
    made = Place(path=path, targets={})
    made.policy = changed(made.policy, targets=())
    yield made
    made.close()


def run(place: Place, *beside: Source, tags: Mapping[str, Mapping[str, str]] | None = None) -> Reconciled:
    """Run once, as a process that starts does: nothing is remembered but what the journal holds."""
    named = tags or {}
    files = FilesSource(
        FilesConfig(),
        clock=place.clock,
        read_tags=lambda path: named.get(path.name, {}),
        memory=JournalMemory(lambda: place.journal),
    )
    return reconcile(dataclasses.replace(place.world(), sources=(*beside, files)), ReconcileRequest())


def put(path: Path, text: str) -> Path:
    """Write a file that was last changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return path


def shown(place: Place) -> list[TrackSeen]:
    """Give every description that was recorded."""
    return [event for event in place.events("track.seen") if isinstance(event, TrackSeen)]


def test_two_exports_of_one_playlist_do_not_contradict_each_other(place: Place, tmp_path: Path) -> None:
    """I50: one knows the ISRC, one the label; both stand, are one recording, and a second run says nothing."""
    put(
        tmp_path / "lists/old.csv",
        f"Track URI,Track Name,Artist Name(s),Album Name,ISRC\n{OPENED},Loading,James Blake,Robots,GBUM72304000\n",
    )
    put(
        tmp_path / "lists/new.csv",
        f"Track URI,Track Name,Artist Name(s),Record Label\n{OPENED},Loading,James Blake,Republic\n",
    )
    place.urls = (str(tmp_path / "lists"),)
    assert run(place).problems == {}
    first, second = shown(place)
    assert first.url == second.url == f"{SPOTIFY}0GQW2gDyxgT5IsNEM4osbJ"
    assert {first.availability, second.availability} == {Availability.METADATA_ONLY}
    state = place.state()
    assert len({row.recording_id for row in state.sightings.values()}) == 1
    head = place.journal.head().seq
    assert run(place).problems == {}
    assert place.types_after(head) <= {"run.started", "scan.completed", "run.finished", "run.ended"}


def test_a_table_does_not_erase_what_spotify_said(place: Place, tmp_path: Path) -> None:
    """F19: Spotify's sighting and the row's are two facts of one recording; neither is written over, run after run."""
    put(tmp_path / "list.csv", f"Track URI,Track Name,Artist Name(s)\n{OPENED},Loading,James Blake\n")
    spotify = FakeSource(name="spotify", listed=True)
    theirs = TrackSeen(
        ref=OPENED,
        title="Loading",
        url=f"{SPOTIFY}0GQW2gDyxgT5IsNEM4osbJ",
        artist="James Blake",
        album="Playing Robots Into Heaven",
        isrc="GBUM72304000",
        availability=Availability.METADATA_ONLY,
    )
    url = f"{spotify.host}liked"
    spotify.listings[url] = Listing(ref="spotify:liked:ada", name="Liked", url=url, entries=(OPENED,), complete=True)
    spotify.tracks[OPENED] = theirs
    place.urls = (str(tmp_path / "list.csv"), url)
    assert run(place, spotify).problems == {}
    row, other = sorted(shown(place), key=lambda seen: seen.ref)
    assert (row.ref.partition(":")[0], row.album, other) == ("file", None, theirs)
    assert len({one.recording_id for one in place.state().sightings.values()}) == 1
    head = place.journal.head().seq
    assert run(place, spotify).problems == {}
    assert "track.seen" not in place.types_after(head)


def test_an_untagged_file_keeps_what_a_list_said_of_it(place: Place, tmp_path: Path) -> None:
    """A folder knows its name only, an M3U its artist: what was said is kept, and the two do not take turns (I50)."""
    put(tmp_path / "music/01.wav", "sound")
    put(tmp_path / "a.m3u8", "#EXTINF:3,Ann - Song\nmusic/01.wav\n")
    put(tmp_path / "b.m3u8", "#EXTINF:3,Bo - Other\nmusic/01.wav\n")
    place.urls = tuple(str(tmp_path / name) for name in ("music", "a.m3u8", "b.m3u8"))
    run(place)
    assert [(seen.artist, seen.title) for seen in shown(place)] == [(None, "01"), ("Ann", "Song")]
    head = place.journal.head().seq
    run(place)
    assert "track.seen" not in place.types_after(head)
    (tmp_path / "music/01.wav").rename(tmp_path / "music/02.wav")
    put(tmp_path / "a.m3u8", "#EXTINF:3,Ann - Song\nmusic/02.wav\n")
    run(place, tags={"02.wav": {"title": "Tagged", "artist": "Cy"}})
    row = place.state().sightings[shown(place)[0].ref]
    assert (row.artist, row.title) == ("Cy", "Tagged")


def test_a_renamed_untagged_file_takes_its_new_name(place: Place, tmp_path: Path) -> None:
    """What only the name said is not kept against the name."""
    old = put(tmp_path / "music/Ann - Old.wav", "sound")
    place.urls = (str(tmp_path / "music"),)
    run(place)
    old.rename(tmp_path / "music/Ann - New.wav")
    run(place)
    assert [seen.title for seen in shown(place)] == ["Old", "New"]


def test_a_renamed_list_is_one_playlist_throughout(place: Place, tmp_path: Path) -> None:
    """P16: a folder of lists, one of them renamed between two runs: no playlist more, no problem, one new name."""
    folder = tmp_path / "lists"
    put(folder / "old.csv", "Title,Artist\nA,Ann\nB,Bo\nA,Ann\n")
    put(folder / "other.csv", "Title,Artist\nC,Cy\n")
    place.urls = (str(folder),)
    assert run(place).problems == {}
    before = {ref: row.name for ref, row in place.state().playlists.items() if row.seen}
    (folder / "old.csv").rename(folder / "new.csv")
    assert run(place).problems == {}
    after = {ref: row.name for ref, row in place.state().playlists.items() if row.seen}
    assert set(after) == set(before)
    assert sorted(after.values()) == ["new", "other"]
    head = place.journal.head().seq
    assert run(place).problems == {}
    assert "playlist.seen" not in place.types_after(head)


def test_a_file_that_went_missing_and_came_back(place: Place, tmp_path: Path) -> None:
    """M21: its place in the list stays, and what is told of it is gone, then back; nothing is told twice."""
    track = put(tmp_path / "music/a.wav", "sound")
    put(tmp_path / "list.m3u", "music/a.wav\n")
    place.urls = (str(tmp_path / "list.m3u"),)
    run(place)
    (ref,) = place.state().sightings
    away = Path(shutil.move(track, tmp_path / "elsewhere.wav"))
    run(place)
    assert place.state().sightings[ref].availability is Availability.GONE
    assert [row.entries for row in place.state().playlists.values() if row.seen] == [(ref,)]
    head = place.journal.head().seq
    run(place)
    assert "track.availability_changed" not in place.types_after(head)
    shutil.move(away, track)
    run(place)
    assert place.state().sightings[ref].availability is Availability.AVAILABLE


def test_a_bad_line_concludes_nothing(place: Place, tmp_path: Path) -> None:
    """I42, P11: a row that became unreadable takes nothing away; the line is named in the report."""
    path = put(tmp_path / "list.csv", "Title,Artist\nA,Ann\nB,Bo\n")
    place.urls = (str(path),)
    run(place)
    put(path, "Title,Artist\nA,Ann\n,Bo\n")
    (problem,) = run(place).problems.values()
    assert problem.detail == "list.csv, line 3: names no track"
    assert [len(row.entries) for row in place.state().playlists.values() if row.seen] == [2]
