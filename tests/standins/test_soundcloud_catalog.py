"""The SoundCloud stand-in's world by itself: changing it, keeping it, cutting its files, counting its budget."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.standins.soundcloud.budget import Budget, Meter
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Delivery, Mention, Playlist, Policy, Track, User
from engine.standins.soundcloud.renditions import SEGMENT_MAX, cut, playlist
from engine.standins.soundcloud.shapes import Shaper

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def catalog() -> Catalog:
    """Give a small catalogue whose clock stands still."""
    catalog = Catalog(clock=lambda: NOON)
    catalog.add_user(User(id=7, permalink="ada", username="Ada"))
    catalog.add_track(Track(id=1, user_id=7, permalink="a", title="A"), {"mp3_1_0": b"sound", "artwork": b"picture"})
    catalog.add_playlist(Playlist(id=50, user_id=7, permalink="crate", title="Crate", track_ids=(1,)))
    return catalog


def test_a_change_is_dated(catalog: Catalog) -> None:
    """`last_modified` follows every change of a track or set, as a client would see it."""
    changed: list[Track | Playlist] = [
        catalog.rename(1, "B"),
        catalog.change_policy(1, Policy.SNIP, blocked_countries=("SE",)),
        catalog.change_delivery(1, Delivery.LOST),
        catalog.set_entries(50, (1, 1, 2)),
        catalog.rename_playlist(50, "Other"),
        catalog.remove_playlist(50),
        catalog.remove_track(1),
    ]
    assert {one.last_modified for one in changed} == {"2026-05-01T12:00:00Z"}
    assert catalog.track(1) == changed[-1]
    assert (catalog.tracks(), catalog.playlists()) == ((), ())
    kept = catalog.playlist(50)
    assert kept is not None
    assert kept.track_ids == (1, 1, 2)


def test_nothing_is_uploaded_by_nobody(catalog: Catalog) -> None:
    """A track or set needs an account, a change needs something to change."""
    with pytest.raises(KeyError):
        catalog.add_track(Track(id=2, user_id=8, permalink="x", title="X"))
    with pytest.raises(KeyError):
        catalog.add_playlist(Playlist(id=2, user_id=8, permalink="x", title="X"))
    with pytest.raises(KeyError):
        catalog.rename(99, "X")


@pytest.mark.parametrize("name", ["../escape", "", "UPPER", "a/b", "mp3.other"])
def test_a_media_name_is_a_plain_file_name(catalog: Catalog, name: str) -> None:
    """Names become files on saving, so none may leave the folder."""
    with pytest.raises(ValueError, match="no name for a media file"):
        catalog.put_media(1, {name: b""})


def test_a_saved_catalogue_loads_as_it_was(catalog: Catalog, tmp_path: Path) -> None:
    """Records, lists, links and media come back; saving what was loaded, even in place, changes nothing."""
    catalog.set_likes(7, (Mention(kind="track", id=1),))
    catalog.set_reposts(7, (Mention(kind="playlist", id=50),))
    catalog.add_short_link("AbC", "https://soundcloud.com/ada/a")
    catalog.remove_track(1)
    catalog.save(tmp_path / "kept")
    loaded = Catalog.load(tmp_path / "kept")
    assert loaded.track(1) == catalog.track(1)
    assert loaded.playlists() == catalog.playlists()
    assert loaded.users() == catalog.users()
    assert (loaded.likes(7), loaded.reposts(7)) == (catalog.likes(7), catalog.reposts(7))
    assert loaded.short_link("AbC") == "https://soundcloud.com/ada/a"
    assert loaded.media_names(1) == ("mp3_1_0", "artwork")
    before = (tmp_path / "kept" / "catalog.json").read_bytes()
    loaded.save(tmp_path / "kept")
    assert (tmp_path / "kept" / "catalog.json").read_bytes() == before
    assert loaded.media(1, "mp3_1_0") == b"sound"


def test_media_may_be_a_file(catalog: Catalog, tmp_path: Path) -> None:
    """A path is read when asked for."""
    kept = tmp_path / "kept.mp3"
    kept.write_bytes(b"first")
    catalog.put_media(1, {"mp3_1_0": kept})
    kept.write_bytes(b"second")
    assert catalog.media(1, "mp3_1_0") == b"second"
    assert catalog.media(1, "opus_0_0") is None


def test_a_track_of_an_unknown_account_is_still_shown(catalog: Catalog) -> None:
    """A catalogue written by hand may forget an account."""
    shown = Shaper(catalog, country="DE").track(Track(id=9, user_id=99, permalink="x", title="X", isrc="DE1"))
    assert shown["permalink_url"] == "https://soundcloud.com/user-99/x"
    assert shown["publisher_metadata"]["isrc"] == "DE1"


def test_many_threads_may_change_one_catalogue(catalog: Catalog) -> None:
    """No change is lost and no read fails meanwhile."""
    for number in range(100, 140):
        catalog.add_track(Track(id=number, user_id=7, permalink=f"t{number}", title="T"))

    def rename_all(suffix: int) -> None:
        for number in range(100, 140):
            catalog.change_track(number, **{("genre", "label_name")[suffix]: f"{number}"})
            catalog.tracks()

    threads = [threading.Thread(target=rename_all, args=(suffix,)) for suffix in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    changed = [track for track in catalog.tracks() if track.id >= 100]
    assert all(track.genre == track.label_name == str(track.id) for track in changed)


@given(st.binary(max_size=100_000))
def test_the_parts_of_any_file_join_to_the_file(content: bytes) -> None:
    """HLS never loses a byte, and never makes more parts than it may."""
    segments = cut(content)
    assert segments.head + b"".join(segments.parts) == content
    assert len(segments.parts) <= SEGMENT_MAX


@example([b"moof"], bytes(12))
@given(st.lists(st.sampled_from([b"free", b"moof", b"mdat", b"moov"]), max_size=12), st.binary(max_size=12))
def test_a_fragmented_file_is_cut_before_each_fragment(kinds: list[bytes], tail: bytes) -> None:
    """Every part but the head begins with a `moof` box, even when the file ends torn."""
    boxes = [(12).to_bytes(4) + kind + b"body" for kind in (b"ftyp", *kinds)]
    content = b"".join(boxes) + tail
    segments = cut(content)
    assert segments.head + b"".join(segments.parts) == content
    if b"moof" in kinds:
        assert all(part[4:8] == b"moof" for part in segments.parts)
        assert "#EXT-X-MAP" in playlist(segments, duration_s=3, suffix="160.m4a", query="q=1")


@given(st.lists(st.integers(min_value=0, max_value=90), max_size=60), st.integers(min_value=0, max_value=5))
def test_no_window_ever_holds_more_than_the_budget(steps_s: list[int], requests: int) -> None:
    """Whatever the pace, and whoever waits as told may pass."""
    now_s = [0.0]
    meter = Meter(Budget(requests=requests, window_s=60), clock=lambda: now_s[0])
    passed_s: list[float] = []
    for step_s in steps_s:
        now_s[0] += step_s
        wait_s = meter.wait_s()
        if wait_s is None:
            passed_s.append(now_s[0])
        else:
            assert 1 <= wait_s <= 60
    assert all(sum(at - 60 < other <= at for other in passed_s) <= requests for at in passed_s)


def test_without_a_budget_everything_passes() -> None:
    """The default."""
    assert Meter(None).wait_s() is None
