"""SoundCloud's JSON: evidence ranked, availability told apart, odd shapes survived."""

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor.soundcloud import SoundcloudBaseIE

from engine.domain.failure import Availability, Problem
from engine.source_ports import Listing
from engine.sources.soundcloud import listings, parse
from engine.standins.soundcloud.renditions import RENDITIONS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    *("id", "kind", "title", "permalink", "permalink_url", "user", "publisher_metadata", "media", "policy", "access"),
    *("full_duration", "duration", "artwork_url", "genre", "label_name", "release_date", "tracks", "track_count"),
)


def song(**fields: Any) -> dict[str, Any]:
    """Give a track as the api shows it."""
    return {"id": 1, "kind": "track", "title": "Song", "user": {"username": "Ann", "permalink": "ann"}, **fields}


HLS = {"protocol": "hls"}


def offered(*protocols: str, snipped: bool = False, preset: str = "aac_160k") -> dict[str, Any]:
    """Give the media of a track."""
    forms = [{"snipped": snipped, "preset": preset, "format": {"protocol": protocol}} for protocol in protocols]
    return {"transcodings": forms}


PROTECTED = offered("ctr-encrypted-hls", "cbc-encrypted-hls")["transcodings"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"policy": "ALLOW", "media": offered("hls", "progressive")}, Availability.AVAILABLE),
        ({"policy": "MONETIZE"}, Availability.AVAILABLE),
        ({"policy": "SNIP", "media": offered("hls")}, Availability.PREVIEW_ONLY),
        ({"policy": "ALLOW", "media": offered("hls", snipped=True)}, Availability.PREVIEW_ONLY),
        ({"access": "preview"}, Availability.PREVIEW_ONLY),
        ({"policy": "BLOCK", "media": offered()}, Availability.GEO_BLOCKED),
        ({"access": "blocked"}, Availability.GEO_BLOCKED),
        ({"media": offered("ctr-encrypted-hls", "cbc-encrypted-hls")}, Availability.DRM_PROTECTED),
        ({"media": offered("ctr-encrypted-hls", "hls")}, Availability.AVAILABLE),
        ({"media": offered("encrypted-hls")}, Availability.DRM_PROTECTED),
        ({"media": {"transcodings": [*PROTECTED, {"preset": "abr_sq", "format": HLS}]}}, Availability.DRM_PROTECTED),
        ({"media": {"transcodings": [None, {"format": 3}]}}, Availability.AVAILABLE),
    ],
)
def test_availability_is_told_apart(fields: dict[str, Any], expected: Availability) -> None:
    """F36, P12: geo, DRM and preview are different facts; P10: a preview is no track."""
    assert parse.availability(song(**fields)) is expected


def test_what_counts_as_offered_is_what_yt_dlp_takes() -> None:
    """D.1, F36: the installed extractor's own words; a newer one's others are seen here, not at somebody's set."""
    source = inspect.getsource(SoundcloudBaseIE)
    assert "protocol.startswith(('ctr-', 'cbc-'))" in source
    assert "if preset_base == 'abr':" in source
    assert "protocol == 'encrypted-hls'" in source
    taken = set(SoundcloudBaseIE._DEFAULT_FORMATS)
    assert not any(form.startswith("hls-aes") for form in taken)
    for form in RENDITIONS.values():
        for protocol in form.protocols:
            named = f"{protocol.replace('progressive', 'http')}_{form.preset.partition('_')[0]}"
            assert (named in taken) is (form.preset != "abr_sq")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"publisher_metadata": {"artist": "Pub"}, "title": "Ann - Song"}, ("Pub", "Ann - Song")),
        ({"publisher_metadata": {"artist": "ANN"}, "title": "Ann - Song"}, ("ANN", "Song")),
        ({"publisher_metadata": {"artist": "Big Label"}, "label_name": "big label"}, ("Ann", "Song")),
        ({"title": "Bob - Song"}, ("Bob", "Song")),
        ({"title": "Song - Ann"}, ("Ann", "Song - Ann")),
        ({"title": "Song"}, ("Ann", "Song")),
        ({"user": {"username": "user-123456789"}}, (None, "Song")),
        ({"user": {"username": "User 123456789"}}, (None, "Song")),
        ({"user": {"username": "ann-music-42", "permalink": "ann-music-42"}}, (None, "Song")),
        ({"user": {"username": "ann-93214", "permalink": "ann-93214"}}, (None, "Song")),
        ({"user": {"username": "blink-182", "permalink": "blink-182"}}, ("blink-182", "Song")),
        ({"user": {"username": "a-ha", "permalink": "a-ha"}}, ("a-ha", "Song")),
        ({"user": {"username": "Deep Records"}}, (None, "Song")),
        ({"user": {"username": "Deep"}, "label_name": "Deep"}, (None, "Song")),
        ({"user": {"username": "Deep Records"}, "title": "Bob - Song"}, ("Bob", "Song")),
        ({"user": None}, (None, "Song")),
    ],
)
def test_the_artist_is_the_best_evidence(fields: dict[str, Any], expected: tuple[str | None, str]) -> None:
    """F73: publisher, then title, then uploader; slugs, nameless accounts and labels never."""
    seen = parse.track(song(**fields))
    assert seen
    assert (seen.artist, seen.title) == expected


def test_a_track_says_all_it_knows() -> None:
    """M13: the whole length, the ISRC, the date and the original artwork, which yt-dlp drops."""
    seen = parse.track(
        song(
            permalink_url="https://soundcloud.com/ann/song",
            publisher_metadata={"isrc": "gbaye2100123", "album_title": "Album"},
            policy="SNIP",
            duration=30_000,
            full_duration=240_500,
            genre="House",
            label_name="Deep",
            release_date="2020-02-03T00:00:00Z",
            artwork_url="https://i1.sndcdn.com/artworks-1-2-large.jpg",
        )
    )
    assert seen
    assert (seen.isrc, seen.album, seen.duration_ms, seen.genre) == ("GBAYE2100123", "Album", 240_500, "House")
    assert (seen.label, seen.release_date, seen.uploader) == ("Deep", "2020-02-03", "Ann")
    assert seen.artwork_url == "https://i1.sndcdn.com/artworks-1-2-original.jpg"


def test_the_length_of_a_preview_is_never_that_of_the_track() -> None:
    """P10: without `full_duration` the length of a preview is unknown, and any other is its own."""
    preview, whole = parse.track(song(policy="SNIP", duration=30_000)), parse.track(song(duration=30_000))
    assert preview
    assert whole
    assert (preview.duration_ms, whole.duration_ms) == (None, 30_000)


@pytest.mark.parametrize("duration", [0, -1, float("inf"), 10**30, "240000", None])
def test_an_impossible_length_is_unknown(duration: object) -> None:
    """Bad input: a length that no track has is none."""
    seen = parse.track(song(full_duration=duration))
    assert seen
    assert seen.duration_ms is None


def test_only_web_addresses_are_links() -> None:
    """Bad input: what cannot be followed is not kept; the track is still to be found by its number."""
    seen = parse.track(song(permalink_url="javascript:alert(1)", artwork_url="file:///etc/passwd"))
    assert seen
    assert (seen.url, seen.artwork_url) == ("https://api-v2.soundcloud.com/tracks/1", None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "🔥 مرحبا\0 " + "x" * 300}, "🔥 مرحبا " + "x" * 300),
        ({"title": "", "permalink": "some-song"}, "some-song"),
        ({"title": "\0"}, "Track 1"),
    ],
)
def test_odd_titles_survive(fields: dict[str, Any], expected: str) -> None:
    """Bad input: emoji, right-to-left text, NUL, length; a track without a title still has a name."""
    seen = parse.track(song(**fields))
    assert seen
    assert seen.title == expected


@given(st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON)
def test_no_answer_stops_the_reader(answer: object) -> None:
    """Bad input: whatever JSON comes back is a track, a listing, a problem or nothing."""
    seen = parse.track(answer)
    assert seen is None or (seen.ref.startswith("soundcloud:track:") and seen.title)
    listing = listings.listing(answer, url="u")
    assert isinstance(listing, Problem) or listing.ref
    assert parse.tracks(answer) is None or isinstance(answer, list)


def shown_set(**fields: Any) -> Listing:
    """Give the listing of a set the api shows."""
    listing = listings.listing({"id": 9, "kind": "playlist", "title": "Set", **fields}, url="https://u")
    assert isinstance(listing, Listing)
    return listing


def test_a_set_is_complete_only_when_it_shows_what_it_declares() -> None:
    """P14: order and repeats are kept; a set that shows fewer tracks than it has proves presence only."""
    whole = shown_set(tracks=[{"id": 2}, {"id": 1}, {"id": 2}], track_count=3, last_modified="2024-01-01T00:00:00Z")
    assert whole.entries == ("soundcloud:track:2", "soundcloud:track:1", "soundcloud:track:2")
    assert (whole.ref, whole.complete, whole.watermark) == ("soundcloud:set:9", True, "2024-01-01T00:00:00Z")
    short = shown_set(tracks=[{"id": 2}], track_count=3)
    assert (short.complete, short.declared_count) == (False, 3)
    assert short.problem
    assert short.problem.detail == "SoundCloud says the set has 3 tracks and lists 1"
    assert not shown_set(tracks=[{"id": 2}, {"id": None}, 5], track_count=1).complete
    assert shown_set(tracks=[{"id": 2}]).complete


def test_what_is_neither_a_set_nor_a_track_is_no_listing() -> None:
    """An address can turn out to be something else than it looked like."""
    assert isinstance(listings.listing({"id": 1, "kind": "user"}, url="u"), Problem)
    assert isinstance(listings.listing({"id": 1, "kind": "playlist"}, url="u"), Problem)


def test_a_urn_is_an_id() -> None:
    """SoundCloud is moving from numbers to URNs; a playlist stays the same by either."""
    assert shown_set(id="soundcloud:playlists:9", tracks=[{"id": "soundcloud:tracks:4"}]).entries == (
        "soundcloud:track:4",
    )
    assert shown_set(id="soundcloud:playlists:9", tracks=[]).ref == "soundcloud:set:9"


def test_entries_that_cannot_be_read_make_a_users_list_incomplete() -> None:
    """Sets among the likes are left out and prove nothing; an entry nobody can read might have been a track."""
    shown = listings.members([{"track": song(id=3)}, {"playlist": {"id": 4, "kind": "playlist"}}, song(id=5)])
    whose = listings.Owner(native="1", name="Ann")

    def likes(*members: listings.Member | None) -> Listing:
        return listings.user_list(whose, ("soundcloud:track:3",), which="likes", url="u", shown=members)

    whole = likes(*shown)
    assert [one.mark for one in shown if one] == ["track:3", "playlist:4", "track:5"]
    assert (whole.ref, whole.name, whole.owner) == ("soundcloud:likes:1", "Ann (Likes)", "Ann")
    assert whole.complete
    odd = likes(*shown, *listings.members([None]))
    assert odd.problem
    assert not odd.complete


def test_the_official_api_is_read_the_same() -> None:
    """M8: URNs for ids, the artist beside the title, the date in three fields: the same track either way."""
    seen = parse.track(
        {
            "urn": "soundcloud:tracks:7",
            "kind": "track",
            "title": "Song",
            "user": {"username": "Ann"},
            "metadata_artist": "Bob, Cat",
            "release_year": 2020,
            "release_month": 2,
            "release_day": 3,
            "access": "preview",
            "duration": 30_000,
            "downloadable": True,
        }
    )
    assert seen
    assert (seen.ref, seen.artist, seen.credits) == ("soundcloud:track:7", "Bob, Cat", ("Bob", "Cat"))
    assert (seen.release_date, seen.duration_ms, seen.original_offered) == ("2020-02-03", None, True)
    assert (seen.availability, seen.access, seen.policy) == (Availability.PREVIEW_ONLY, "preview", None)


@pytest.mark.parametrize(
    ("artist", "expected"),
    [
        ("Ann, Bob", ("Ann", "Bob")),
        ("Ann; Bob; Cat", ("Ann", "Bob", "Cat")),
        ("Ann & Bob", ()),
        ("Earth, Wind & Fire", ()),
        ("Tyler, The Creator", ()),
        ("Ann, Deep Records", ()),
        ("Ann", ()),
        ("Ann,", ()),
    ],
)
def test_artists_are_told_one_by_one_only_where_they_are_listed(artist: str, expected: tuple[str, ...]) -> None:
    """F73: a list with commas is one; a band's own name with a comma in it stays whole."""
    seen = parse.track(song(publisher_metadata={"artist": artist, "explicit": True}))
    assert seen
    assert (seen.credits, seen.explicit) == (expected, True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"downloadable": True}, True), ({"downloadable": True, "has_downloads_left": False}, False), ({}, False)],
)
def test_an_original_is_offered_while_downloads_are_left(fields: dict[str, Any], *, expected: bool) -> None:
    """M9: whether the file as it was uploaded can be had is a fact of the listing."""
    seen = parse.track(song(**fields))
    assert seen
    assert seen.original_offered is expected
