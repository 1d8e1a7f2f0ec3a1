"""Lists and folders in trouble: unreadable, emptied, torn, still being written, no files at all; nothing is lost."""

import os
from pathlib import Path

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Known, Listing
from engine.sources.files.config import FilesConfig
from engine.sources.files.source import FilesSource
from tests.sources.test_files_lists import LISTS, NOW_S, Remembered, StandingClock, put, table


@pytest.fixture
def memory() -> Remembered:
    """Give a memory of nothing yet."""
    return Remembered()


@pytest.fixture
def source(memory: Remembered) -> FilesSource:
    """Give a source that remembers."""
    return FilesSource(FilesConfig(), clock=StandingClock(), memory=memory)


def listed(source: FilesSource, url: str | Path, known: Known | None = None) -> Listing:
    """Give the listing of an address that has one."""
    answer = source.list_playlist(str(url), known)
    assert isinstance(answer, Listing), answer
    return answer


def refused(source: FilesSource, url: str | Path, known: Known | None = None) -> Problem:
    """Give the problem with an address that has no listing; every one says what helps."""
    answer = source.list_playlist(str(url), known)
    assert isinstance(answer, Problem), answer
    assert answer.hint
    return answer


def test_one_file_that_cannot_be_opened_hides_no_other(source: FilesSource, tmp_path: Path) -> None:
    """P11: a dangling link, a loop, a torn crate among lists are themselves in trouble; the lists go on."""
    good = put(tmp_path / "good.csv", table("Song"))
    torn = put(tmp_path / "torn.xml", "<DJ_PLAYLISTS><COLLECTION>")
    (tmp_path / "lost.xml").symlink_to("/nowhere/lost.xml")
    (tmp_path / "self.m3u").symlink_to(tmp_path / "self.m3u")
    urls = source.expand(str(tmp_path))
    assert isinstance(urls, tuple)
    assert {Path(url).name for url in urls} == {"good.csv", "torn.xml", "lost.xml", "self.m3u"}
    assert listed(source, good).name == "good"
    assert refused(source, torn).failure is FailureClass.GARBAGE
    assert refused(source, tmp_path / "self.m3u").failure is FailureClass.UNSUPPORTED
    assert refused(source, tmp_path / "lost.xml").failure is FailureClass.ROOT_MISSING


def test_a_folder_that_would_not_be_read_is_named(source: FilesSource, tmp_path: Path) -> None:
    """P1: what the system will not show is not gone, and no empty playlist comes of it; the others go on."""
    put(tmp_path / "a.csv", table("Song"))
    deep = os.open(tmp_path, os.O_RDONLY)
    for _ in range(17):  # beyond the longest path that may be named
        os.mkdir("x" * 250, dir_fd=deep)
        deeper = os.open("x" * 250, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = deeper
    os.close(deep)
    urls = source.expand(str(tmp_path))
    assert isinstance(urls, tuple)
    assert urls[0] == (tmp_path / "a.csv").as_uri()
    assert (len(urls), refused(source, urls[1]).failure) == (2, FailureClass.UNSUPPORTED)


def test_an_emptied_folder_of_lists_is_no_playlist(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """P1: the mount point of a disk that is away is an empty folder; its lists are not given up for it."""
    one = put(tmp_path / "disk" / "one.csv", table("Song"))
    assert source.expand(str(one.parent)) == (one.as_uri(),)
    memory.keep(listed(source, one))
    one.unlink()
    emptied = source.expand(str(one.parent))
    assert isinstance(emptied, Problem)
    assert (emptied.failure, "volume" in emptied.hint) == (FailureClass.ROOT_MISSING, True)
    (tmp_path / "inbox").mkdir()
    assert source.expand(str(tmp_path / "inbox")) == (str(tmp_path / "inbox"),), "where nothing was, nothing is missed"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "\0\0\0\0"])
@pytest.mark.parametrize("suffix", ["m3u", "csv", "txt", "urls"])
def test_a_list_of_nothing_is_no_empty_playlist(source: FilesSource, tmp_path: Path, suffix: str, content: str) -> None:
    """P1: a program that begins to write leaves a file of no bytes; that proves nothing gone."""
    nothing = refused(source, put(tmp_path / f"list.{suffix}", content))
    assert (nothing.failure, nothing.detail.endswith("is empty")) == (FailureClass.UNSUPPORTED, True)
    assert listed(source, put(tmp_path / "begun.m3u", "#EXTM3U\n")).complete


def test_a_list_that_is_being_written_takes_nothing_away(source: FilesSource, tmp_path: Path) -> None:
    """I42: what a young list lacks may be about to come; what it adds is there."""
    path = put(tmp_path / "list.csv", table("A", "B", "C"))
    whole = listed(source, path)
    known = Known(ref=whole.ref, entries=whole.entries)
    put(path, table("A", "D"))
    os.utime(path, (NOW_S - 1, NOW_S - 1))
    young = listed(source, path, known)
    assert (len(young.entries), young.complete) == (2, False)
    assert young.problem
    assert young.problem.failure is FailureClass.WRITE_CONFLICT
    assert listed(source, path).complete, "where nothing was known, nothing is lacking"
    put(path, table("A", "B", "C", "D"))
    os.utime(path, (NOW_S - 1, NOW_S - 1))
    assert listed(source, path, known).complete, "what only grew lacks nothing"
    os.utime(put(path, table("A")), (NOW_S - 60, NOW_S - 60))
    assert listed(source, path, known).complete, "left alone, it says what it says"


@pytest.mark.parametrize("name", ["pipe.m3u", "pipe.xml", "pipe.mp3"])
def test_a_pipe_is_no_file(source: FilesSource, tmp_path: Path, name: str) -> None:
    """What has no end is never opened."""
    os.mkfifo(tmp_path / name)
    assert source.expand(str(tmp_path / name)) == (str(tmp_path / name),)
    assert refused(source, tmp_path / name).failure is FailureClass.UNSUPPORTED


@pytest.mark.parametrize(
    ("address", "failure", "word"),
    [
        ("//server/share/x.m3u", FailureClass.ROOT_MISSING, "Mount the share"),
        (r"\\server\share\x.m3u", FailureClass.ROOT_MISSING, "Mount the share"),
        ("file://server/share/x.m3u", FailureClass.ROOT_MISSING, "Mount the share"),
        ("file://localhost/nowhere/x.m3u", FailureClass.ROOT_MISSING, "Mount its volume"),
        ("file:///nowhere/x.m3u", FailureClass.ROOT_MISSING, "Mount its volume"),
        (f"{'x' * 300}.csv", FailureClass.UNSUPPORTED, "Give the path"),
        ("a\0b.csv", FailureClass.UNSUPPORTED, "Give the path"),
    ],
)
def test_an_address_that_leads_nowhere_says_why(
    source: FilesSource, address: str, failure: FailureClass, word: str
) -> None:
    """M21: what is on another machine, what is away, and what can be no path each have their own words."""
    problem = refused(source, address)
    assert problem.failure is failure
    assert problem.hint.startswith(word)
    assert len(problem.detail) < 300


def test_a_crates_bad_entry_is_named_by_its_list(source: FilesSource, tmp_path: Path) -> None:
    """An entry of a crate's list stands on no line that anybody could look up."""
    crate = put(tmp_path / "crate.xml", (LISTS / "rekordbox.xml").read_text("utf-8"))
    problem = listed(source, f"{crate}#Gigs/Friday (2)").problem
    assert problem
    assert problem.detail.startswith("crate.xml, “Gigs/Friday (2)”, entry 2: ")
