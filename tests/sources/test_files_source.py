"""This machine's files as a source: identity by content, order and repeats kept, nothing concluded from gaps."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.ports import Clock
from engine.source_ports import Listing, Undescribed
from engine.sources.files.config import FilesConfig
from engine.sources.files.contents import Contents
from engine.sources.files.lists import LIST_BYTES_MAX
from engine.sources.files.source import FilesSource

NOW_S = 1_800_000_000


class StillClock(Clock):
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now_s = float(NOW_S)

    @override
    def now_us(self) -> int:
        return int(self.now_s * 1_000_000)

    @override
    def monotonic_s(self) -> float:
        return self.now_s

    @override
    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock() -> StillClock:
    """Give a clock an hour after every file that `put` writes."""
    return StillClock()


@pytest.fixture
def source(clock: StillClock) -> FilesSource:
    """Give a source that reads no tags."""
    return FilesSource(FilesConfig(), clock=clock)


def put(path: Path, content: bytes | str = b"", *, age_s: float = 3600) -> Path:
    """Write a file that was last changed some time ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (NOW_S - age_s, NOW_S - age_s))
    return path


def listed(source: FilesSource, place: Path | str) -> Listing:
    """Give the listing of a place that has one."""
    listing = source.list_playlist(str(place))
    assert isinstance(listing, Listing), listing
    return listing


def refused(source: FilesSource, place: Path | str) -> Problem:
    """Give the problem with a place that has no listing."""
    problem = source.list_playlist(str(place))
    assert isinstance(problem, Problem), problem
    return problem


def seen(source: FilesSource, ref: str) -> TrackSeen:
    """Give what the source shows of a track."""
    (answer,) = source.describe([ref])
    assert isinstance(answer, TrackSeen), answer
    return answer


def paths(source: FilesSource, listing: Listing) -> list[str]:
    """Give the names of the files in a listing, in order."""
    by_ref = {one.ref: one for one in source.describe(listing.entries)}
    shown = [by_ref[ref] for ref in listing.entries]
    return [Path(one.local_path or "").name for one in shown if isinstance(one, TrackSeen)]


def test_a_folder_is_listed_in_the_order_of_its_paths(source: FilesSource, tmp_path: Path) -> None:
    """Audio by suffix in any case; everything else is ignored; the name is the folder's."""
    for name in ("b/2.MP3", "b/1.flac", "a.wav", "cover.jpg", "notes.txt"):
        put(tmp_path / "Crate" / name, name)
    listing = listed(source, tmp_path / "Crate")
    assert paths(source, listing) == ["a.wav", "1.flac", "2.MP3"]
    assert (listing.name, listing.complete, listing.declared_count) == ("Crate", True, 3)


def test_the_order_does_not_depend_on_the_unicode_form_of_names(source: FilesSource, tmp_path: Path) -> None:
    """P18: a decomposed name sorts where its composed form does."""
    for name in ("e\u0301.mp3", "z.mp3", "\u00e9a.mp3"):
        put(tmp_path / name, name)
    assert paths(source, listed(source, tmp_path)) == ["z.mp3", "e\u0301.mp3", "\u00e9a.mp3"]


def test_a_renamed_file_is_the_same_track(source: FilesSource, tmp_path: Path) -> None:
    """Identity is content, not name: the ref survives a rename, and so does the folder's."""
    put(tmp_path / "old.mp3", "sound")
    before = listed(source, tmp_path)
    (tmp_path / "old.mp3").rename(tmp_path / "new.mp3")
    after = listed(source, tmp_path)
    assert (after.entries, after.ref) == (before.entries, before.ref)
    assert paths(source, after) == ["new.mp3"]


def test_copies_are_one_track_listed_twice(source: FilesSource, tmp_path: Path) -> None:
    """P14: repeats are facts."""
    put(tmp_path / "a.mp3", "sound")
    put(tmp_path / "b.mp3", "sound")
    first, second = listed(source, tmp_path).entries
    assert first == second
    assert first.startswith("file:track:")
    assert len(first) == len("file:track:") + 32


def test_other_programs_stores_and_hidden_folders_are_never_scanned(clock: StillClock, tmp_path: Path) -> None:
    """F16: `*.library`, hidden folders and our own library are not a person's music folder."""
    for name in ("Eagle.library/images/x.mp3", ".hidden/x.mp3", "ours/x.mp3", "._x.mp3", "in/x.mp3"):
        put(tmp_path / name, name)
    source = FilesSource(FilesConfig(excluded=(tmp_path / "ours",)), clock=clock)
    assert len(listed(source, tmp_path).entries) == 1
    for closed in ("Eagle.library", "Eagle.library/images", "ours", "ours/x.mp3"):
        assert refused(source, tmp_path / closed).failure is FailureClass.UNSUPPORTED


def test_a_growing_file_waits_and_the_listing_says_so(source: FilesSource, clock: StillClock, tmp_path: Path) -> None:
    """A file changed within two seconds is skipped, which proves nothing about it; later it is taken."""
    put(tmp_path / "done.mp3", "done")
    put(tmp_path / "growing.mp3", "grow", age_s=1)
    early = listed(source, tmp_path)
    assert (len(early.entries), early.complete) == (1, False)
    assert early.problem
    assert early.problem.failure is FailureClass.WRITE_CONFLICT
    clock.sleep(2)
    assert (len(listed(source, tmp_path).entries), listed(source, tmp_path).complete) == (2, True)


def test_a_file_written_to_while_it_is_read_waits(tmp_path: Path) -> None:
    """An old file that grows under our hands has no identity yet; one that will not open has none at all."""
    track = put(tmp_path / "a.mp3", "one")

    class WritersClock(StillClock):
        @override
        def now_us(self) -> int:
            track.write_bytes(b"one and more")
            return super().now_us()

    growing = Contents(WritersClock()).sha256(track)
    assert isinstance(growing, Problem)
    assert growing.failure is FailureClass.WRITE_CONFLICT
    closed = Contents(StillClock()).sha256(put(tmp_path / "x" / "y.mp3").parent)
    assert isinstance(closed, Problem)
    assert closed.failure is FailureClass.PERMISSION


def test_a_file_that_changed_has_another_identity(source: FilesSource, tmp_path: Path) -> None:
    """The remembered hash is of one size and time of change; the old ref describes nothing any more."""
    track = put(tmp_path / "a.mp3", "one")
    before = listed(source, tmp_path).entries[0]
    put(track, "other", age_s=60)
    assert listed(source, tmp_path).entries[0] != before
    (answer,) = source.describe([before])
    assert isinstance(answer, Undescribed)
    assert answer.availability is Availability.UNKNOWN


def test_zero_bytes_and_html_are_listed(source: FilesSource, tmp_path: Path) -> None:
    """Whether a file is what its suffix says is found out when it is taken, not here."""
    put(tmp_path / "empty.mp3")
    put(tmp_path / "page.mp3", "<html>")
    assert listed(source, tmp_path).complete
    assert paths(source, listed(source, tmp_path)) == ["empty.mp3", "page.mp3"]


def test_a_missing_root_is_no_empty_folder(source: FilesSource, tmp_path: Path) -> None:
    """A volume that is not mounted proves nothing about what is on it."""
    problem = refused(source, tmp_path / "gone")
    assert problem.failure is FailureClass.ROOT_MISSING
    assert problem.hint


def test_a_name_that_is_no_text_is_reported(source: FilesSource, tmp_path: Path) -> None:
    """A file name that is no Unicode cannot be kept; the others go on."""
    put(tmp_path / "good.mp3", "good")
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.mp3")), "bad")
    listing = listed(source, tmp_path)
    assert (len(listing.entries), listing.complete) == (1, False)


def test_a_link_that_leads_nowhere_is_a_missing_file(source: FilesSource, tmp_path: Path) -> None:
    """A list keeps its place; a folder shows nothing where there is nothing."""
    put(tmp_path / "good.mp3", "good")
    (tmp_path / "loop.mp3").symlink_to(tmp_path / "loop.mp3")
    (tmp_path / "list.m3u").write_text("good.mp3\nloop.mp3\n")
    good, loop = listed(source, tmp_path / "list.m3u").entries
    assert seen(source, loop).availability is Availability.METADATA_ONLY
    assert listed(source, tmp_path).entries == (good,)


def test_an_m3u_keeps_order_and_repeats(source: FilesSource, tmp_path: Path) -> None:
    """P14: relative, absolute and file:// entries, in the order and as often as they are written."""
    one, two = put(tmp_path / "in/one.mp3", "1"), put(tmp_path / "two three#.mp3", "2")
    text = f"#EXTM3U\n#PLAYLIST:My Set\n{two}\nin/one.mp3\n{two.as_uri()}\nin\\one.mp3\nfile://localhost{one}\n"
    listing = listed(source, put(tmp_path / "list.m3u8", text))
    assert paths(source, listing) == ["two three#.mp3", "one.mp3", "two three#.mp3", "one.mp3", "one.mp3"]
    assert (listing.name, listing.complete, listing.declared_count) == ("My Set", True, 5)


def test_an_m3u_entry_that_is_not_there_is_listed_in_its_place(source: FilesSource, tmp_path: Path) -> None:
    """P11: what is missing keeps its place, by what the list says of it; its audio is to be found elsewhere."""
    put(tmp_path / "here.mp3", "1")
    text = "#EXTINF:61,Ann - Gone\ngone.mp3\nhere.mp3\n" + "x" * 5000 + ".mp3\nC:\\Music\\Bo - Away.mp3\n"
    listing = listed(source, put(tmp_path / "list.m3u", text))
    assert (len(listing.entries), listing.complete, listing.problem) == (4, True, None)
    gone, here, long, away = (seen(source, ref) for ref in listing.entries)
    assert (gone.artist, gone.title, gone.duration_ms) == ("Ann", "Gone", 61_000)
    assert (away.artist, away.title) == ("Bo", "Away")
    assert here.availability is Availability.AVAILABLE
    assert {one.availability for one in (gone, long, away)} == {Availability.METADATA_ONLY}


def test_an_m3u_finds_the_other_unicode_form(source: FilesSource, tmp_path: Path) -> None:
    """P18: what is there wins over how it was written, composed, decomposed or with percent signs."""
    put(tmp_path / "Beyonce\u0301.mp3", "1")
    put(tmp_path / "a b.mp3", "2")
    listing = listed(source, put(tmp_path / "list.m3u8", "Beyonc\u00e9.mp3\na%20b.mp3\n"))
    assert (len(listing.entries), listing.complete) == (2, True)


def test_an_m3u_names_the_web(source: FilesSource, tmp_path: Path) -> None:
    """A web address in an M3U is seen, with what the line before says; its audio is found elsewhere."""
    text = "#EXTINF:61,Ann - Song\nhttps://h/s.mp3?a=1\nhttp://h/b%20c.mp3\n"
    listing = listed(source, put(tmp_path / "list.m3u", text))
    first, second = (seen(source, ref) for ref in listing.entries)
    assert (first.artist, first.title, first.url, first.duration_ms) == ("Ann", "Song", "https://h/s.mp3?a=1", 61_000)
    assert first.availability is Availability.METADATA_ONLY
    assert first.ref.startswith("file:entry:")
    assert (second.artist, second.title) == (None, "b c.mp3")


def test_an_m3u_that_is_no_text_is_refused_or_empty(source: FilesSource, tmp_path: Path) -> None:
    """What is far too large is no playlist; what names a file that is no audio says so."""
    huge = put(tmp_path / "huge.m3u")
    os.truncate(huge, LIST_BYTES_MAX + 1)
    assert refused(source, huge).failure is FailureClass.UNSUPPORTED
    put(tmp_path / "film.mp4")
    film = listed(source, put(tmp_path / "film.m3u", "film.mp4\nftp://h/list\n"))
    assert film.problem
    assert film.problem.failure is FailureClass.UNSUPPORTED


def test_one_file_is_a_listing_of_one(source: FilesSource, tmp_path: Path) -> None:
    """A single audio file, by path or by file URL, is the same playlist."""
    track = put(tmp_path / "A - B.mp3", "1")
    assert listed(source, track) == listed(source, track.as_uri())
    assert listed(source, track).name == "A - B"
    assert refused(source, put(tmp_path / "young.mp3", age_s=0)).failure is FailureClass.WRITE_CONFLICT
    assert refused(source, put(tmp_path / "notes.txt")).failure is FailureClass.UNSUPPORTED


def test_tags_win_over_the_file_name(clock: StillClock, tmp_path: Path) -> None:
    """M13: existing tags first, then what the name says; unknown stays unknown."""
    tagged: dict[str, Mapping[str, str]] = {
        "x.mp3": {"title": "T\0", "artist": "A", "album": "L", "genre": "G", "isrc": "us-abc-12-34567"},
        "01 - Ann - Song.mp3": {"duration_ms": "61000"},
        "odd.mp3": {"duration_ms": "-"},
    }
    source = FilesSource(FilesConfig(), clock=clock, read_tags=lambda path: tagged[path.name])
    for name in tagged:
        put(tmp_path / name, name)
    named, odd, full = source.describe(listed(source, tmp_path).entries)
    assert isinstance(named, TrackSeen)
    assert isinstance(odd, TrackSeen)
    assert isinstance(full, TrackSeen)
    assert (named.artist, named.title, named.duration_ms) == ("Ann", "Song", 61_000)
    assert (odd.artist, odd.title, odd.duration_ms) == (None, "odd", None)
    assert (full.artist, full.title, full.album, full.genre, full.isrc) == ("A", "T", "L", "G", "USABC1234567")
    assert full.content_sha256
    assert full.ref == f"file:track:{full.content_sha256[:32]}"


def test_a_file_that_went_away_is_not_described(source: FilesSource, tmp_path: Path) -> None:
    """Between listing and describing, files go; nothing but that is said."""
    track = put(tmp_path / "a.mp3", "1")
    listing = listed(source, tmp_path)
    track.unlink()
    (gone,) = source.describe(listing.entries)
    (foreign,) = source.describe(["file:track:0"])
    assert isinstance(gone, Undescribed)
    assert isinstance(foreign, Undescribed)
    assert source.requests() == {}


@pytest.mark.parametrize("address", ["/music", "~/music", "./x", "a.m3u", "b.M3U8", "c.flac", "file:///x", "C:\\Music"])
def test_local_addresses_are_recognised(source: FilesSource, address: str) -> None:
    """A path need not exist to be a path."""
    assert source.recognises(address)


@pytest.mark.parametrize(
    "address", ["https://h/a.m3u", "spotify:playlist:1", "soundcloud.com/a/sets/b", "x\0", "y" * 999]
)
def test_other_addresses_are_not(source: FilesSource, address: str) -> None:
    """An address on the web is somebody else's, whatever it ends in."""
    assert not source.recognises(address)


@pytest.mark.parametrize("address", ["/a\0b", "~nobody-here-by-that-name/x", "/" + "y" * 999 + ".mp3"])
def test_an_impossible_path_is_a_problem(source: FilesSource, address: str) -> None:
    """No address stops the program."""
    assert isinstance(source.list_playlist(address), Problem)


def test_the_source_is_named_after_its_refs(source: FilesSource, tmp_path: Path) -> None:
    """A ref's first part is the source's name."""
    assert listed(source, tmp_path).ref.startswith(f"{source.name}:folder:")
