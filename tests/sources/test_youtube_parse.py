"""yt-dlp's results for YouTube as domain values: order, placeholders, artists by evidence, and what is complete."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass
from engine.source_ports import Listing, Undescribed
from engine.sources.youtube import parse

RESULTS = Path(__file__).parent.parent / "fixtures" / "youtube"


def result(name: str) -> dict[str, Any]:
    """Give one of the written results."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return found


def listed(head: dict[str, Any], **said: object) -> Listing:
    """Give the listing of a result that is one."""
    listing = parse.listing({**head, **said}, head["entries"], None)
    assert isinstance(listing, Listing)
    return listing


def seen(entry: object) -> TrackSeen:
    """Give the description of an entry that has one."""
    found = parse.track(entry)
    assert isinstance(found, TrackSeen)
    return found


def entry(title: str, channel: str | None = "Ann", **more: object) -> dict[str, object]:
    """Give a flat entry."""
    return {"ie_key": "Youtube", "id": "dQw4w9WgXcQ", "title": title, "channel": channel, **more}


def test_a_playlist_keeps_order_and_repeats() -> None:
    """P14: by the ids of its videos, with the owner and the count that YouTube says."""
    listing = listed(result("playlist"))
    assert listing.ref == "youtube:playlist:PLabcdefghijklmnop"
    assert [ref[-1] for ref in listing.entries] == list("010234567")
    assert (listing.name, listing.owner, listing.declared_count) == ("Friday Crate", "Ada", 9)
    assert (listing.complete, listing.problem) == (True, None)
    assert listing.url == "https://www.youtube.com/playlist?list=PLabcdefghijklmnop"


def test_fewer_than_declared_is_incomplete() -> None:
    """I42: what YouTube counts and does not list proves no absence; unreadable entries prove none either."""
    short = listed(result("playlist"), playlist_count=12)
    assert (short.complete, short.declared_count) == (False, 12)
    assert short.problem
    assert "has 12 videos and lists 9" in short.problem.detail
    head = result("playlist")
    head["entries"].append(None)
    assert listed(head).complete is False
    assert listed(result("playlist"), playlist_count=None).complete
    assert listed(result("playlist"), playlist_count=True).complete


def test_a_channels_uploads_are_one_playlist_by_any_name() -> None:
    """P16: a channel may change its handle; its list of uploads keeps its id. Other lists on it are no tracks."""
    listing = listed(result("uploads"))
    assert listing.ref == f"youtube:playlist:UU{'b' * 22}"
    assert (listing.entries, listing.complete) == (("youtube:track:uuuuuuuuuu1",), True)
    assert listed(result("uploads"), id="@ada").ref == listing.ref
    assert not isinstance(parse.listing({"id": "@ada"}, (), None), Listing)
    assert not isinstance(parse.listing({}, (), None), Listing)


def test_placeholders_are_no_titles() -> None:
    """P12: private and deleted videos keep their place and say so; what is known of them is not written over."""
    answers = parse.described(result("playlist")["entries"])
    private, deleted = answers["youtube:track:dQw4w9WgXc2"], answers["youtube:track:dQw4w9WgXc3"]
    assert isinstance(private, Undescribed)
    assert isinstance(deleted, Undescribed)
    assert (private.availability, private.problem.failure) == (Availability.PRIVATE, FailureClass.PRIVATE)
    assert (deleted.availability, deleted.problem.failure) == (Availability.GONE, FailureClass.GONE)


@pytest.mark.parametrize(
    ("said", "availability"),
    [
        (None, Availability.AVAILABLE),
        ("public", Availability.AVAILABLE),
        ("unlisted", Availability.AVAILABLE),
        ("private", Availability.PRIVATE),
        ("premium_only", Availability.MEMBERS_ONLY),
        ("subscriber_only", Availability.MEMBERS_ONLY),
        ("needs_auth", Availability.AGE_GATED),
        ("something new", Availability.AVAILABLE),
    ],
)
def test_each_reason_is_its_own(said: str | None, availability: Availability) -> None:
    """P12: private, members only and age-gated told apart."""
    assert seen(entry("A", availability=said)).availability is availability


@pytest.mark.parametrize("live_status", ["is_upcoming", "is_live", "post_live"])
def test_what_is_not_over_yet_is_seen_and_left_alone(live_status: str) -> None:
    """A premiere or a stream has no audio yet: nothing is proven about it, and its length is not known."""
    found = seen(entry("A", live_status=live_status, duration=60))
    assert (found.availability, found.duration_ms) == (Availability.UNKNOWN, None)
    assert seen(entry("A", live_status="was_live", duration=60)).duration_ms == 60_000


@pytest.mark.parametrize(
    ("title", "channel", "artist", "shown"),
    [
        ("Voyeur Girl", "Stephen - Topic", "Stephen", "Voyeur Girl"),
        ("Bo - Song (Official Video)", "BoVEVO", "Bo", "Song (Official Video)"),
        ("Song", "BoVEVO", None, "Song"),
        ("Bo x Cy - Song [VIP]", "Ninja Records", "Bo x Cy", "Song [VIP]"),
        ("Song", "Ninja Records", None, "Song"),
        ("Song", "Universal Music Group", None, "Song"),
        ("Song", "user92837465", None, "Song"),
        ("Song", "user-ab12cd345", None, "Song"),
        ("Song", "Ann", "Ann", "Song"),
        ("Song - Ann", "Ann", "Ann", "Song"),
        ("Ann - Song", "Ann", "Ann", "Song"),
        ("Song", None, None, "Song"),
        ("", "Ann", "Ann", "YouTube dQw4w9WgXcQ"),
    ],
)
def test_the_artist_is_named_by_the_best_evidence(
    title: str, channel: str | None, artist: str | None, shown: str
) -> None:
    """A topic channel, else the title, else who uploaded it; labels, VEVO and the nameless are nobody's artist."""
    found = seen(entry(title, channel))
    assert (found.artist, found.title) == (artist, shown)


def test_music_metadata_is_the_best_evidence() -> None:
    """What YouTube itself says of the piece wins over every reading of its title."""
    found = seen(result("video"))
    assert found == TrackSeen(
        ref="youtube:track:dQw4w9WgXc1",
        title="Voyeur Girl",
        url="https://www.youtube.com/watch?v=dQw4w9WgXc1",
        artist="Stephen, Cy",
        album="it's too much love to know my dear",
        release_date="2019-03-13",
        duration_ms=207_000,
        artwork_url="https://i.ytimg.com/vi/dQw4w9WgXc1/hqdefault.jpg",
        uploader="Stephen",
        credits=("Stephen", "Cy"),
    )
    older = seen(entry("Bo - Song (Lyrics)", "Lyrics Channel", artist="Bo"))
    assert (older.artist, older.title, older.credits) == ("Bo", "Song (Lyrics)", ("Bo",))
    assert seen(entry("Song", "Lyrics Channel", artist="Bo", track="The Song")).title == "The Song"
    assert seen(entry("Song", "X", artist="Bo", release_date="2019")).release_date is None


def test_what_is_no_video_is_no_track() -> None:
    """Lists, channels and things without an id are left out; odd fields are unknown ones."""
    assert parse.track(None) is None
    assert parse.track({"ie_key": "YoutubeTab", "id": "dQw4w9WgXcQ"}) is None
    assert parse.track({"id": "short"}) is None
    odd = seen({"id": "dQw4w9WgXcQ", "title": 7, "duration": "long", "artists": [None], "channel": []})
    assert (odd.title, odd.duration_ms, odd.credits, odd.uploader) == ("YouTube dQw4w9WgXcQ", None, (), None)
    assert seen(entry("A", duration=True)).duration_ms is None
    assert seen(entry("A", duration=10**9)).duration_ms is None


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_any_field_may_be_anything(value: object) -> None:
    """Bad input: no value of any field stops the reader."""
    for name in ("title", "channel", "uploader", "duration", "artists", "artist", "availability", "live_status"):
        assert parse.track({**entry("A"), name: value}) is not None
    parse.listing({"id": value, "title": value, "playlist_count": value, "channel_id": value}, (value,), None)
