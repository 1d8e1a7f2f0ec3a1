"""What the matcher is told of recordings, sightings, rows and items, and where each hash came from."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.recording_events import Audio
from engine.projections.rows import Recording, Remote, Rendition, Sighting, TargetObject
from engine.projections.state import State
from engine.reconciler.things import recording_things, remote_of, remote_thing, things

SOUND = Sighting(
    ref="soundcloud:track:1", title="First Light", url="https://soundcloud.com/ada/first-light?utm=1", artist="Ada",
    isrc="USA110000001", duration_ms=180_000, release_date="2019-05-01", recording_id="r1", first_seq=5,
)  # fmt: skip
FILE = Sighting(
    ref="file:audio:abc", title="first light (1)", url="file:///music/x.mp3", album="Dawn", recording_id="r1",
    content_sha256="c0ffee", duration_ms=181_000, first_seq=2,
)  # fmt: skip


def file(name: str, *, present: bool = True, fingerprint: str | None = "AQAA", bitrate: int = 128_000) -> Rendition:
    """Give one file of the recording."""
    audio = Audio(
        format="mp3", codec="mp3", duration_ms=180_500, channels=2, bitrate_bps=bitrate, fingerprint=fingerprint,
        pcm_sha256=f"pcm-{name}",
    )  # fmt: skip
    return Rendition(
        rendition_id=name, recording_id="r1", profile="original", source_ref=SOUND.ref, path=f"{name}.mp3",
        size_bytes=3_000_000, mtime_ns=1, file_sha256=f"sha-{name}", audio=audio, present=present,
    )  # fmt: skip


def row(remote_id: str, *, kind: str = "track", target: str = "notion", **fields: float | str | bool | None) -> Remote:
    """Give a row or an item that nobody keyed."""
    return Remote(
        target=target, kind=kind, remote_id=remote_id, key=None, fields=dict(fields), live=True, revision=None
    )  # fmt: skip


def state(*sightings: Sighting, renditions: tuple[Rendition, ...] = (), remotes: tuple[Remote, ...] = ()) -> State:
    """Give a state of these rows."""
    recordings = {each.recording_id or "": Recording(recording_id=each.recording_id or "") for each in sightings}
    return State(
        sightings={each.ref: each for each in sightings},
        recordings=recordings,
        renditions={each.rendition_id: each for each in renditions},
        remotes={f"{each.target}/{each.remote_id}": each for each in remotes},
    )


def test_a_recording_is_named_by_a_source_and_known_by_all_its_sightings() -> None:
    """P3, P4: names come from what was published, ids and hashes from everything that was linked."""
    thing = recording_things(state(FILE, SOUND))["r1"]
    assert (thing.title, thing.artist, thing.album, thing.year) == ("First Light", "Ada", "Dawn", 2019)
    assert thing.duration_ms == 180_000
    assert thing.ids == ("file:audio:abc", "https://soundcloud.com/ada/first-light", "soundcloud:track:1")
    assert (thing.isrcs, thing.content_hashes) == (("USA110000001",), ("c0ffee",))


def test_hashes_are_those_of_the_files_and_the_print_is_that_of_the_best_one_there() -> None:
    """F5, F7: every hash is bound to its file; file, audio and fingerprint are three facts."""
    files = (
        file("old"),
        file("best", bitrate=320_000, fingerprint="AQBB"),
        file("lost", present=False, bitrate=999_999),
    )
    thing = recording_things(state(SOUND, renditions=(*files, file("mute", fingerprint=None))))["r1"]
    assert {"sha-best", "pcm:pcm-best", "sha-lost", "pcm:pcm-lost"} <= set(thing.content_hashes)
    assert (thing.fingerprint, thing.audio_ms) == ("AQBB", 180_500)


def test_what_was_merged_counts_for_the_one_that_stays() -> None:
    """A merge moves evidence, not events."""
    other = replace(SOUND, ref="soundcloud:track:2", recording_id="r2", isrc=None)
    merged = state(SOUND, other)
    merged.recordings["r2"] = Recording(recording_id="r2", merged_into="r1")
    assert list(recording_things(merged)) == ["r1"]


def test_a_row_without_a_key_is_a_thing_of_its_own_with_what_it_says() -> None:
    """Design §8: rows are compared by ids, addresses, ISRC, print and name, as far as they hold them."""
    full = row(
        "p1", title="First Light", artist="Ada", album="Dawn", isrc="USA110000001", release_date="2019",
        soundcloud_url="http://www.soundcloud.com/ada/first-light/", soundcloud_id=1.0, spotify_id="xyz",
        duration_s=180.5, aiff_fingerprint="AQAA",
    )  # fmt: skip
    thing = remote_thing(full)
    assert thing.key == "notion/track/p1"
    assert thing.ids == ("https://soundcloud.com/ada/first-light", "soundcloud:track:1", "spotify:track:xyz")
    assert (thing.duration_ms, thing.audio_ms, thing.fingerprint) == (180_500, 180_500, "AQAA")
    assert (thing.year, thing.isrcs) == (2019, ("USA110000001",))
    item = remote_thing(row("E1", target="eagle", kind="item", name="Ada - First Light", website="not an address"))
    assert (item.title, item.ids, item.duration_ms, item.audio_ms) == ("Ada - First Light", (), None, None)
    several = replace(row("p3", title="x"), fields={"title": "x", "spotify_id": ("a", "b")})
    assert remote_thing(several).ids == ()
    odd = remote_thing(row("p2", title="x", soundcloud_id=True, duration_ms=0, release_date="soon", isrc=""))
    assert (odd.ids, odd.duration_ms, odd.year, odd.isrcs) == ((), None, None, ())


def test_only_what_stands_free_is_a_thing_of_its_own() -> None:
    """What carries our key, was bound by us, is gone, is no track or says nothing is no thing to be matched."""
    free = row("p1", title="First Light")
    found = state(
        SOUND,
        remotes=(
            free,
            replace(free, remote_id="keyed", key="r1"),
            replace(free, remote_id="gone", live=False),
            replace(free, remote_id="bound"),
            replace(free, remote_id="list", kind="playlist"),
            row("empty", title=""),
        ),
    )
    found.objects["o"] = TargetObject(target="notion", kind="track", key="r1", remote_id="bound")
    found.objects["t"] = TargetObject(target="notion", kind="track", key="r2", remote_id="p1", trashed=True)
    assert set(things(found)) == {"r1", "notion/track/p1"}
    assert remote_of(found, "notion/track/p1") == free
    assert remote_of(found, "notion/track/keyed") is None
    assert remote_of(found, "notion/item/p1") is None
    assert remote_of(found, "r1") is None


def test_a_private_link_means_what_its_public_address_means_and_its_token_goes_nowhere() -> None:
    """I53: what a person pasted into a row is compared, and written into evidence, without what opens doors."""
    for pasted in ("https://soundcloud.com/ada/first-light/s-AbC123xyz", "https://SoundCloud.com/ada/first-light/?x=1"):
        assert remote_thing(row("p1", title="First Light", soundcloud_url=pasted)).ids == (
            "https://soundcloud.com/ada/first-light",
        )
    elsewhere = row("p2", title="First Light", website="https://ada:word@music.example/first-light?token=abc")
    assert remote_thing(elsewhere).ids == ("https://music.example/first-light",)


def test_a_line_of_addresses_names_nothing_and_is_known_by_its_address() -> None:
    """F18, F57: `song-4` of a plain list of addresses is no title that could speak against the track's own."""
    address = "https://soundcloud.com/ada/first-light"
    line = replace(SOUND, ref="file:entry:1", title="first-light", url=address, artist=None, isrc=None)
    thing = recording_things(state(replace(line, recording_id="r2")))["r2"]
    assert (thing.title, thing.ids) == ("", ("file:entry:1", address))
    said = replace(line, artist="Ada", recording_id="r2")
    assert recording_things(state(said))["r2"].title == "first-light"
