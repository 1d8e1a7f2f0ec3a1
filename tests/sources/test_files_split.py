"""Tables that hold several lists, as TuneMyMusic exports them: each is a playlist, whatever becomes of the others."""

import os
from pathlib import Path

import pytest

from engine.source_ports import Listing
from engine.sources.files import table
from engine.sources.files.config import FilesConfig
from engine.sources.files.rows import Row
from engine.sources.files.source import FilesSource
from tests.fakes.place import Place
from tests.sources.test_files_lists import Remembered, StandingClock
from tests.sources.test_files_steady import place, put, run

__all__ = ["place"]
HEADER = "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n"
FRIDAY = "Voyeur Girl,Stephen,Sincerely,Friday,Playlist,USUG11600681,4uLU6hMCjMI75M1A2tKUQC\n"
SATURDAY = 'Song,"Bo, Cy",,Saturday / late,Playlist,,\n'
EXPORT = HEADER + FRIDAY + SATURDAY + FRIDAY + "Loose,Ann,,,Favorite,,\n"


@pytest.fixture
def memory() -> Remembered:
    """Give a memory of nothing yet."""
    return Remembered()


@pytest.fixture
def source(memory: Remembered) -> FilesSource:
    """Give a source that remembers."""
    return FilesSource(FilesConfig(), clock=StandingClock(), memory=memory)


def all_listed(source: FilesSource, path: Path) -> list[Listing]:
    """Give the listings of every list behind a file."""
    urls = source.expand(str(path))
    assert isinstance(urls, tuple)
    found = [source.list_playlist(url) for url in urls]
    return [one for one in found if isinstance(one, Listing)]


def test_each_list_in_a_table_is_a_playlist(source: FilesSource, tmp_path: Path) -> None:
    """Named by their column, in the order of the file, repeats kept; rows in no list are the file's own."""
    path = put(tmp_path / "My Library.csv", EXPORT)
    listings = all_listed(source, path)
    assert [(one.name, len(one.entries), one.complete) for one in listings] == [
        ("Friday", 2, True),
        ("Saturday / late", 1, True),
        ("My Library", 1, True),
    ]
    assert listings[0].entries[0] == listings[0].entries[1]
    assert [one.url.partition("#")[2] for one in listings] == ["Friday", "Saturday%20/%20late", "Untitled"]
    assert len({one.ref for one in listings}) == 3
    single = source.list_playlist(f"{path}#Saturday / late")
    assert single == listings[1]


def test_a_list_that_left_the_table_names_what_is_there(source: FilesSource, tmp_path: Path) -> None:
    """P1: an export of fewer lists proves nothing of the others; the words say which there are."""
    path = put(tmp_path / "My Library.csv", HEADER + FRIDAY)
    gone = source.list_playlist(f"{path}#Saturday")
    assert not isinstance(gone, Listing)
    assert "Friday" in getattr(gone, "hint", "")


def test_a_renamed_export_holds_the_playlists_it_held(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """P16: by what they hold, each; the table of a list that was split since is the list it was."""
    path = put(tmp_path / "one.csv", HEADER + FRIDAY)
    (friday,) = all_listed(source, path)
    memory.keep(friday)
    put(path, EXPORT)
    os.utime(path, (1_100_000_000, 1_100_000_000))
    (first, *_) = all_listed(source, path)
    assert first.ref == friday.ref
    path.rename(tmp_path / "two.csv")
    assert all_listed(source, put(tmp_path / "two.csv", HEADER + FRIDAY))[0].ref == friday.ref


def test_what_was_one_list_before_tables_were_split_goes_on(
    source: FilesSource, memory: Remembered, tmp_path: Path
) -> None:
    """P16: an older version knew a table by its file; with one list in it, it is that playlist still."""
    path = put(tmp_path / "one.csv", HEADER + FRIDAY)
    whole = source.list_playlist(str(path))
    assert isinstance(whole, Listing)
    memory.keep(whole)
    assert [one.ref for one in all_listed(source, path)] == [whole.ref]


def test_a_table_is_split_only_where_a_row_names_a_list(source: FilesSource, tmp_path: Path) -> None:
    """A column of nothing splits nothing; a bad row belongs where the row before it does."""
    path = put(tmp_path / "list.csv", HEADER + "Song,Ann,,,Favorite,,\n")
    assert source.expand(str(path)) == (str(path),)
    assert table.split(b"no,table\n") is None
    torn = table.split((HEADER + FRIDAY + '"torn,Ann\n' + SATURDAY).encode())
    assert torn is not None
    assert [(name, len(one.rows), len(one.bad)) for name, one in torn.lists.items()] == [
        ("Friday", 1, 1),
        ("Saturday / late", 1, 0),
    ]


def test_youtubes_names_and_ids_are_read() -> None:
    """TuneMyMusic gives a video's title without an artist, and its id in a column of its own."""
    listed = table.parse(
        b"Track name,Artist name,Playlist name,Type,ISRC,YouTube - id\n"
        b"Kate Bush - Running Up That Hill,,Liked videos,Favorite,,dQw4w9WgXcQ\n"
        b",,Liked videos,Favorite,,\n"
    )
    assert listed is not None
    address = "https://youtube.com/watch?v=dQw4w9WgXcQ"
    assert listed.rows == (Row(title="Running Up That Hill", artist="Kate Bush", address=address),)
    assert listed.bad == ()


def test_two_runs_over_a_split_table_say_nothing_twice(place: Place, tmp_path: Path) -> None:
    """I50: the lists are followed one by one, and a second run finds them as they were."""
    put(tmp_path / "My Library.csv", EXPORT)
    place.urls = (str(tmp_path / "My Library.csv"),)
    assert run(place).problems == {}
    assert sorted(row.name for row in place.state().playlists.values() if row.seen) == [
        "Friday",
        "My Library",
        "Saturday / late",
    ]
    head = place.journal.head().seq
    assert run(place).problems == {}
    assert place.types_after(head) <= {"run.started", "scan.completed", "run.finished", "run.ended"}
