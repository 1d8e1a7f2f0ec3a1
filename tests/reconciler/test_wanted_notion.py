"""What a Notion row should hold: facts there are now, and nothing made up (F14, F28, F30, F46, F72)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.failure import Availability
from engine.domain.plan import Owner
from engine.domain.value import Fields
from engine.projections.rows import Playlist, Sighting
from engine.reconciler.policy import Policy
from engine.reconciler.status_tags import VOCABULARY
from engine.reconciler.wanted_notion import ready_for_a_page, wanted_playlist_page, wanted_track_page
from tests.projections.every_event import instances
from tests.reconciler.pieces import KEY, indexed, piece, remote, rendition, sighting

POLICY = Policy(library_root="/music/")
MEASURED = ("loudness_lufs", "sample_rate_hz", "bitrate_bps", "size_mb", "download_source")
PATHS = ("wav_path", "aiff_path", "m4a_path", "wav_fingerprint", "aiff_fingerprint", "m4a_fingerprint")


def page(*, policy: Policy = POLICY, **parts: object) -> Fields:
    """Give the fields wanted of our recording's row."""
    return wanted_track_page(indexed(), piece(**parts), policy).fields  # type: ignore[arg-type] # by name


def test_unknown_stays_unknown() -> None:
    """F28, F30: nothing measured is nothing written: no zero, no constant, no word."""
    fields = wanted_track_page(indexed(), piece(sighting(artist="", genre=",")), POLICY).fields
    known = {name for name, value in fields.items() if value is not None}
    assert known == {"sync_key", "title", "soundcloud_url", "soundcloud_id", "downloaded", "status", "playlists"}
    assert fields["downloaded"] is False
    assert fields["status"] == fields["playlists"] == ()


def test_only_present_verified_files_are_shown() -> None:
    """F14, F23: a path stands on the row as long as its file does."""
    shown = page(renditions=(rendition("aiff", fingerprint="AQ"),), lost=(rendition("wav", present=False),))
    assert {name: shown[name] for name in PATHS} == {
        "wav_path": None, "aiff_path": "/music/Artist/Title.aiff", "m4a_path": None,
        "wav_fingerprint": None, "aiff_fingerprint": "AQ", "m4a_fingerprint": None,
    }  # fmt: skip
    assert shown["downloaded"] is True
    gone = page(lost=(rendition("aiff", present=False, loudness_lufs=-9.5, fingerprint="AQ"),))
    assert {gone[name] for name in (*PATHS, *MEASURED)} == {None}
    assert gone["downloaded"] is False


def test_measurements_come_from_the_original() -> None:
    """F7, F21: what was measured of a conversion is not passed off as the original's."""
    original = rendition("original", loudness_lufs=-9.5, sample_rate_hz=44_100, bitrate_bps=256_000)
    fields = page(renditions=(rendition("aiff", loudness_lufs=-1.0), original))
    assert [fields[name] for name in MEASURED] == [-9.5, 44_100, 256_000, 12.346, "soundcloud"]
    assert page(renditions=(rendition("aiff", loudness_lufs=-1.0),))["loudness_lufs"] == -1.0
    assert page(renditions=(rendition("original", loudness_lufs=0.0),))["loudness_lufs"] == 0.0


def test_a_length_is_measured_or_told_by_the_source() -> None:
    """F28: milliseconds and seconds are one fact, and both are unknown together."""
    told = wanted_track_page(indexed(), piece(sighting(duration_ms=61_234)), POLICY).fields
    assert (told["duration_ms"], told["duration_s"]) == (61_234, 61.234)
    measured = page(renditions=(rendition(),))
    assert (measured["duration_ms"], measured["duration_s"]) == (200_000, 200.0)
    assert (page()["duration_ms"], page()["duration_s"]) == (None, None)
    assert wanted_track_page(indexed(), piece(sighting(duration_ms=0)), POLICY).fields["duration_s"] == 0.0


def test_every_source_is_a_fact_of_its_own() -> None:
    """F19: one source's address never stands in another's field."""
    subject = piece(
        sighting("spotify:track:4uLU6hMCjMI75M1A2tKUQC", isrc="USA1"),
        sighting("soundcloud:track:12", isrc="USA2"),
        sighting("soundcloud:track:13"),
        sighting("youtube:video:abc"),
    )
    fields = wanted_track_page(indexed(), subject, POLICY).fields
    assert (fields["spotify_id"], fields["soundcloud_id"], fields["isrc"]) == ("4uLU6hMCjMI75M1A2tKUQC", 12, "USA1")
    assert fields["soundcloud_url"] == "https://example.test/soundcloud:track:12"
    assert fields["spotify_url"] == "https://example.test/spotify:track:4uLU6hMCjMI75M1A2tKUQC"
    assert fields["youtube_url"] == "https://example.test/youtube:video:abc"


def test_an_address_that_a_list_told_is_a_fact_as_well() -> None:
    """F19, F57: an export names where a track is on the web; an episode and a local file have no track's id there."""
    told = {
        "file:entry:a": "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=1",
        "file:entry:b": "https://youtu.be/abc",
        "file:entry:c": "https://soundcloud.com/ann/song",
        "file:entry:d": "https://open.spotify.com/episode/1",
        "file:entry:e": "http://[",
        "spotify:local:f": "",
    }
    fields = _identity(*(sighting(ref, url=url) for ref, url in told.items()))
    assert (fields["spotify_id"], fields["youtube_url"]) == ("4uLU6hMCjMI75M1A2tKUQC", "https://youtu.be/abc")
    assert (fields["soundcloud_url"], fields.get("soundcloud_id")) == ("https://soundcloud.com/ann/song", None)
    own = sighting("soundcloud:track:7", url="https://soundcloud.com/ann/real")
    listed = sighting("file:entry:c", url="https://soundcloud.com/ann/song")
    for pair in ((own, listed), (listed, own)):
        fields = _identity(*pair)
        assert (fields["soundcloud_url"], fields["soundcloud_id"]) == ("https://soundcloud.com/ann/real", 7)


def _identity(*seen: Sighting) -> Fields:
    return wanted_track_page(indexed(), piece(*seen), POLICY).fields


def test_an_address_no_source_told_is_not_ours_to_clear() -> None:
    """F10, F11, F19: a row that a person filled keeps the ids and addresses that we know nothing of."""
    fields = wanted_track_page(indexed(), piece(sighting("file:track:x")), POLICY).fields
    assert not fields.keys() & {"isrc", "spotify_id", "spotify_url", "youtube_url", "soundcloud_id", "soundcloud_url"}
    slug = wanted_track_page(indexed(), piece(sighting("soundcloud:track:artist-title")), POLICY).fields
    assert "soundcloud_id" not in slug
    assert "eagle_id" not in page(policy=Policy(targets=("notion",)))


def test_rows_meet_by_address_then_id_then_code_and_only_by_what_is_known() -> None:
    """Design §8, F12: exact keys, strongest first; an unknown value meets nothing."""
    wanted = wanted_track_page(indexed(), piece(sighting(isrc="USA1"), sighting("spotify:track:s")), POLICY)
    assert [name for name, _ in wanted.meet] == ["soundcloud_url", "soundcloud_id", "spotify_id", "isrc"]
    assert all(wanted.fields[name] == value for name, value in wanted.meet)
    assert wanted_track_page(indexed(), piece(sighting("file:track:x")), POLICY).meet == ()


def test_relations_are_projected_from_the_playlists_there_are() -> None:
    """F46, F72: every standing page of its playlists, sorted, none that is gone, and the rest when they are made."""
    index = indexed(
        remotes=(
            remote("p2", kind="playlist", key="a:set:1"),
            remote("p1", kind="playlist", key="a:set:2"),
            remote("p3", kind="playlist", key="a:set:3", misses=1),
        )
    )
    wanted = wanted_track_page(index, piece(playlists=("a:set:1", "a:set:2", "a:set:3", "a:set:4")), POLICY)
    assert wanted.fields["playlists"] == ("p1", "p2")
    assert {"notion/playlist/a:set:3", "notion/playlist/a:set:4"} <= set(wanted.follows)
    assert {f"library/audio/{KEY}", f"eagle/item/{KEY}"} <= set(wanted.follows)
    assert wanted.owners["playlists"] is Owner.SHARED


def test_the_eagle_id_is_the_one_that_stands() -> None:
    """F24: the row names an item as long as Eagle shows it."""
    item = remote("ITEM", target="eagle", kind="item", key=KEY)
    assert wanted_track_page(indexed(remotes=(item,)), piece(), POLICY).fields["eagle_id"] == "ITEM"
    gone = remote("ITEM", target="eagle", kind="item", key=KEY, live=False)
    assert wanted_track_page(indexed(remotes=(gone,)), piece(), POLICY).fields["eagle_id"] is None


def test_owners_are_ours_unless_said_otherwise() -> None:
    """Design §8: settings come over the defaults, and only for fields there are."""
    policy = Policy(owners={"notion/track": {"title": Owner.ENGINE, "rating": Owner.PERSON, "isrc": Owner.SHARED}})
    wanted = wanted_track_page(indexed(), piece(sighting(isrc="X")), policy)
    assert wanted.owners.keys() == wanted.fields.keys()
    assert wanted.owners["title"] is Owner.ENGINE
    assert wanted.owners["isrc"] is Owner.SHARED
    assert wanted.owners["artist"] is Owner.SEED
    assert wanted.owners["status"] is Owner.STATUS
    assert wanted.owners["downloaded"] is Owner.ENGINE
    assert set(wanted.vocabulary) == VOCABULARY


def test_a_row_needs_something_to_show() -> None:
    """F28: a ref alone, of which nothing is known, makes no row; a proven state does."""
    assert ready_for_a_page(piece(sighting(availability=Availability.UNKNOWN)))
    assert not ready_for_a_page(piece(sighting(availability=Availability.UNKNOWN, title="")))
    assert ready_for_a_page(piece(sighting(availability=Availability.GONE, title="")))


def test_a_track_without_a_title_is_called_by_its_address() -> None:
    """F30: never an empty name and never "None"."""
    assert wanted_track_page(indexed(), piece(sighting(title="", url="u")), POLICY).fields["title"] == "u"
    nameless = wanted_track_page(indexed(), piece(sighting(title="", url="")), POLICY)
    assert nameless.fields["title"] == "soundcloud:track:1"
    assert nameless.label == "Unknown – soundcloud:track:1"


def test_a_genre_is_one_tag() -> None:
    """F54: a comma would make two options of it."""
    assert (
        wanted_track_page(indexed(), piece(sighting(genre="House, Techno")), POLICY).fields["genre"] == "House Techno"
    )


@settings(max_examples=60, deadline=None)
@given(row=instances(Playlist))
def test_a_playlist_row_says_what_the_source_shows(row: Playlist) -> None:
    """P14: repeats are counted; the key is the ref, and so is the name of one without a name."""
    wanted = wanted_playlist_page(row, POLICY)
    assert wanted.key == wanted.fields["sync_key"] == row.ref
    assert wanted.fields["track_count"] == len(row.entries)
    assert wanted.fields["title"]
    assert wanted.meet == ((("source_url", wanted.fields["source_url"]),) if wanted.fields["source_url"] else ())
    assert wanted.owners["title"] is Owner.SEED


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=30), duration_ms=st.none() | st.integers(0, 10**8))
def test_no_text_breaks_a_row(text: str, duration_ms: int | None) -> None:
    """F30: whatever a source says, each field holds text of one normal form or nothing."""
    subject = piece(sighting(title=text, artist=text, genre=text, label=text, album=text, duration_ms=duration_ms))
    fields = wanted_track_page(indexed(), subject, POLICY).fields
    for name in ("title", "artist", "genre", "label", "album"):
        assert fields[name] != ""
        assert fields[name] != "None" or text.strip() == "None"
    assert fields["duration_ms"] == duration_ms
