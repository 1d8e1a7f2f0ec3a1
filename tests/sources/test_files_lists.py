"""List files as playlists: which addresses stand for which, and which playlist a list is when it was renamed."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.ports import Clock
from engine.projections.rows import Sighting
from engine.source_ports import Known, Listing, Unchanged, Undescribed
from engine.sources.files.config import FilesConfig
from engine.sources.files.memory import Memory, SeenList
from engine.sources.files.source import FilesSource

LISTS = Path(__file__).parent.parent / "fixtures" / "lists"
NOW_S = 1_800_000_000


class StandingClock(Clock):
    """A clock long after every file."""

    @override
    def now_us(self) -> int:
        return NOW_S * 1_000_000

    @override
    def monotonic_s(self) -> float:
        return 0.0

    @override
    def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


class Remembered(Memory):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.seen: dict[str, SeenList] = {}
        self.places: dict[str, str] = {}

    def keep(self, listing: Listing) -> Listing:
        """Remember a listing as the journal does."""
        self.seen[listing.ref] = SeenList(url=listing.url, entries=listing.entries)
        return listing

    @override
    def lists(self) -> Mapping[str, SeenList]:
        return self.seen

    @override
    def track_at(self, path: str) -> str | None:
        return self.places.get(path)

    @override
    def track(self, ref: str) -> Sighting | None:
        return None


@pytest.fixture
def memory() -> Remembered:
    """Give a memory of nothing yet."""
    return Remembered()


@pytest.fixture
def source(memory: Remembered) -> FilesSource:
    """Give a source that remembers."""
    return FilesSource(FilesConfig(), clock=StandingClock(), memory=memory)


def put(path: Path, text: str) -> Path:
    """Write a file an hour ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (NOW_S - 3600, NOW_S - 3600))
    return path


def table(*titles: str) -> str:
    """Give a table of songs."""
    return "\n".join(["Title,Artist", *(f"{title},Ann" for title in titles), ""])


def listed(source: FilesSource, url: str | Path) -> Listing:
    """Give the listing of an address that has one."""
    answer = source.list_playlist(str(url))
    assert isinstance(answer, Listing), answer
    return answer


def test_a_folder_of_130_lists_is_130_playlists(source: FilesSource, tmp_path: Path) -> None:
    """M11: each list by its own name, in one order; hidden ones, texts and other XML are nobody's."""
    for number in range(130):
        put(tmp_path / f"list {number:03}.csv", table(f"Song {number}"))
    for other in (".hidden.csv", ".h/x.csv", "README.txt", "other.xml", "cover.jpg", "Eagle.library/x.csv"):
        put(tmp_path / other, "<x/>")
    urls = source.expand(str(tmp_path))
    assert isinstance(urls, tuple)
    assert len(urls) == 130
    assert urls == tuple(sorted(urls))
    listings = [listed(source, url) for url in urls]
    assert len({listing.ref for listing in listings}) == 130
    assert [listing.url for listing in listings] == list(urls)
    assert (listings[7].name, listings[7].complete, listings[7].declared_count) == ("list 007", True, 1)


def test_a_folder_with_audio_stays_one_playlist(source: FilesSource, tmp_path: Path) -> None:
    """A list among audio files names what is there anyway; it can still be followed by itself."""
    put(tmp_path / "deep/a.mp3", "sound")
    put(tmp_path / "list.csv", table("Song"))
    assert source.expand(str(tmp_path)) == (str(tmp_path),)
    assert len(listed(source, tmp_path).entries) == 1
    assert listed(source, tmp_path / "list.csv").name == "list"


def test_a_pattern_stands_for_the_lists_it_matches(source: FilesSource, tmp_path: Path) -> None:
    """Only lists; what matches none is a problem, and a file of that very name is that file."""
    one, two = put(tmp_path / "a/one.csv", table("x")), put(tmp_path / "b/two.m3u8", "#EXTM3U\n")
    put(tmp_path / "b/x.mp3", "sound")
    assert source.expand(f"{tmp_path}/*/*") == (one.as_uri(), two.as_uri())
    assert source.recognises(f"{tmp_path}/*/*.csv")
    nothing = source.expand(f"{tmp_path}/*.csv")
    assert isinstance(nothing, Problem)
    assert nothing.failure is FailureClass.ROOT_MISSING
    odd = put(tmp_path / "what [1].csv", table("x"))
    assert source.expand(str(odd)) == (str(odd),)


def test_a_crate_is_its_playlists(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """Each has an address of its own; by name where one has it; without any, the whole collection."""
    crate = put(tmp_path / "crate.xml", (LISTS / "rekordbox.xml").read_text("utf-8"))
    urls = source.expand(str(crate))
    assert isinstance(urls, tuple)
    assert [url.partition("#")[2] for url in urls] == [
        "Gigs/Friday",
        "Gigs/2024/25/Friday",
        "Gigs/Friday%20%282%29",
        "Empty",
    ]
    assert source.expand(str(tmp_path)) == urls
    assert source.expand(urls[0]) == (urls[0],)
    refs = [memory.keep(listed(source, url)).ref for url in urls]
    assert len(set(refs)) == 4
    friday = listed(source, f"{crate}#Gigs/Friday")
    assert (friday.ref, friday.url, friday.name) == (refs[0], urls[0], "Friday")
    assert [friday.entries.count(ref) for ref in friday.entries] == [2, 1, 2, 1]
    assert listed(source, f"{crate}#Empty").entries == ()
    assert listed(source, crate).declared_count == 4
    torn = listed(source, urls[2])
    assert (torn.complete, len(torn.entries), torn.declared_count) == (False, 1, 2)
    assert torn.problem
    assert (
        torn.problem.detail == "crate.xml, “Gigs/Friday (2)”, entry 2: names a track that the collection does not name"
    )
    gone = source.list_playlist(f"{crate}#Gigs/Saturday")
    assert isinstance(gone, Problem)
    assert (gone.failure, "Gigs/Friday" in gone.hint) == (FailureClass.NOT_FOUND, True)


def test_a_playlist_of_itunes_is_known_by_its_id(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """P16: its name and the library's place may change; the playlist stays."""
    text = (LISTS / "itunes.xml").read_text("utf-8")
    urls = source.expand(str(put(tmp_path / "Library.xml", text)))
    assert isinstance(urls, tuple)
    before = memory.keep(listed(source, urls[0]))
    (tmp_path / "Library.xml").unlink()
    moved = put(tmp_path / "new/Music.xml", text.replace("Friday / “late”", "Saturday"))
    after = listed(source, f"{moved}#FFFFFFFFFFFFFFF3")
    assert (after.ref, after.name, before.name) == (before.ref, "Saturday", "Friday / “late”")
    assert listed(source, f"{moved}#Saturday").ref == before.ref


def test_a_renamed_list_is_the_playlist_it_was(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """P16: the same rows, and the old one gone: one playlist, two names. A list that is new is a new playlist."""
    old = put(tmp_path / "old.csv", table("A", "B"))
    before = memory.keep(listed(source, old))
    new = old.rename(tmp_path / "new.csv")
    put(tmp_path / "other.csv", table("C"))
    assert source.expand(str(tmp_path)) == (new.as_uri(), (tmp_path / "other.csv").as_uri())
    known = Known(ref=before.ref, entries=before.entries)
    assert source.list_playlist(old.as_uri(), known) == Unchanged(ref=before.ref)
    after = memory.keep(listed(source, new))
    assert (after.ref, after.name, after.url) == (before.ref, "new", new.as_uri())
    assert listed(source, tmp_path / "other.csv").ref != before.ref
    again = memory.keep(listed(source, put(old, table("Z"))))
    assert again.ref != before.ref
    assert listed(source, new).ref == before.ref
    assert listed(source, old).ref == again.ref


def test_a_copy_of_a_list_is_a_playlist_of_its_own(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """P15: while the first is there, nothing was renamed; of two that are gone, nobody can say which it was."""
    rows = table("A", "B")
    first = memory.keep(listed(source, put(tmp_path / "one.csv", rows)))
    second = memory.keep(listed(source, put(tmp_path / "two.csv", rows)))
    assert first.ref != second.ref
    assert first.entries == second.entries
    (tmp_path / "one.csv").unlink()
    (tmp_path / "two.csv").unlink()
    assert listed(source, put(tmp_path / "three.csv", rows)).ref not in (first.ref, second.ref)


def test_a_list_that_is_followed_by_itself_says_where_it_went(
    source: FilesSource, memory: Remembered, tmp_path: Path
) -> None:
    """Nobody follows the new name yet, so nothing is concluded; the way on is in the hint."""
    old = put(tmp_path / "old.csv", table("A"))
    before = memory.keep(listed(source, old))
    old.rename(tmp_path / "new.csv")
    put(tmp_path / "odd.csv", "x\n")
    answer = source.list_playlist(str(old), Known(ref=before.ref))
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.ROOT_MISSING
    assert f"sync follow {tmp_path / 'new.csv'}" in answer.hint
    (tmp_path / "new.csv").unlink()
    gone = source.list_playlist(str(old), Known(ref=before.ref))
    assert isinstance(gone, Problem)
    assert gone.detail == f"{old} is not there"
    lost = source.list_playlist(str(tmp_path / "no/such.csv"))
    assert isinstance(lost, Problem)


def test_our_own_id_in_a_list_names_the_playlist(source: FilesSource, memory: Remembered, tmp_path: Path) -> None:
    """P16: a list we wrote keeps its id under any name; while its first copy is there, a second one is its own."""
    text = "#EXTM3U\n#CRATELOG:soundcloud:set:1\n"
    first = memory.keep(listed(source, put(tmp_path / "a.m3u8", text)))
    copy = listed(source, put(tmp_path / "b.m3u8", text))
    assert copy.ref != first.ref
    (tmp_path / "a.m3u8").unlink()
    assert listed(source, tmp_path / "b.m3u8").ref == first.ref


def test_a_missing_file_that_was_seen_before_is_that_track(
    source: FilesSource, memory: Remembered, tmp_path: Path
) -> None:
    """P11, P12: it keeps its place; gone while its folder is there, and nothing is proven while that is not."""
    (tmp_path / "in").mkdir()
    memory.places = {str(tmp_path / "in/gone.mp3"): "file:track:1", str(tmp_path / "usb/away.mp3"): "file:track:2"}
    listing = listed(source, put(tmp_path / "list.m3u", "in/gone.mp3\nusb/away.mp3\n"))
    assert (listing.entries, listing.complete) == (("file:track:1", "file:track:2"), True)
    gone, away = source.describe(listing.entries)
    assert isinstance(gone, Undescribed)
    assert isinstance(away, Undescribed)
    assert (gone.availability, gone.problem.failure) == (Availability.GONE, FailureClass.NOT_FOUND)
    assert (away.availability, away.problem.failure) == (Availability.UNKNOWN, FailureClass.ROOT_MISSING)


def test_texts_are_tables_or_addresses(source: FilesSource, tmp_path: Path) -> None:
    """Rekordbox and iTunes export lists as tables in UTF-16 called .txt; a text of neither kind is no list."""
    exported = tmp_path / "export.txt"
    exported.write_bytes("#\tTrack Title\tArtist\tTime\r\n1\tJóga\tBjörk\t05:05\r\n".encode("utf-16"))
    (joga,) = source.describe(listed(source, exported).entries)
    assert isinstance(joga, TrackSeen)
    assert (joga.title, joga.artist, joga.duration_ms, joga.url) == ("Jóga", "Björk", 305_000, "")
    assert joga.availability is Availability.METADATA_ONLY
    sets = listed(source, put(tmp_path / "x.urls", "https://youtu.be/dQw4w9WgXcQ\nhttps://www.youtube.com/watch\n"))
    (video,) = source.describe(sets.entries)
    assert isinstance(video, TrackSeen)
    assert (video.title, video.availability) == ("YouTube dQw4w9WgXcQ", Availability.AVAILABLE)
    assert sets.problem
    assert sets.problem.detail.startswith("x.urls, line 2: https://www.youtube.com/watch names no track")
    for refused in (put(tmp_path / "prose.txt", "a\tb\nc\n"), put(tmp_path / "x.csv", "Energy\n1\n")):
        answer = source.list_playlist(str(refused))
        assert isinstance(answer, Problem)
        assert answer.failure is FailureClass.UNSUPPORTED


def test_xml_that_is_no_crate_is_refused(source: FilesSource, tmp_path: Path) -> None:
    """Neither a feed nor a crate that was cut off is a list; a pattern of the feed alone stands for nothing."""
    feed = source.list_playlist(str(put(tmp_path / "feed.xml", "<!-- <plist> --><rss/>")))
    assert isinstance(feed, Problem)
    assert feed.failure is FailureClass.UNSUPPORTED
    torn = put(tmp_path / "torn.xml", "<DJ_PLAYLISTS><COLLECTION>")
    answer = source.list_playlist(str(torn))
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.GARBAGE
    assert source.expand(str(torn)) == (str(torn),)
    assert source.expand(f"{tmp_path}/*.xml") == (torn.as_uri(),), "it is named, and the feed is nobody's"
    assert isinstance(source.expand(f"{tmp_path}/f*.xml"), Problem)
    assert source.expand("\0") == ("\0",)
