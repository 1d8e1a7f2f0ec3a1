"""What the library and Eagle should hold: distinct paths, entries in order, items with their own id."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.domain.names import PLACEHOLDERS
from engine.domain.plan import Owner
from engine.projections.rows import Playlist
from engine.reconciler.catalogue import FETCHABLE
from engine.reconciler.policy import Policy
from engine.reconciler.wanted_eagle import wanted_item, wanted_playlist_folder, wanted_root_folder
from engine.reconciler.wanted_library import preferred_path, stems, wanted_audio
from tests.reconciler.pieces import KEY, indexed, piece, remote, rendition, sighting
from tests.reconciler.pure_world import POLICY, Story, track

MIX = Playlist(ref="a:set:1", name="Mix, one", seen=True, last_seq=4)


def test_a_fetch_knows_where_from_where_to_and_what_it_should_be() -> None:
    """F18, F41: the source, the address and the length to verify against travel with the action."""
    subject = piece(sighting(duration_ms=5, artist="Artist", isrc="X", local_path="/in/a.flac"))
    wanted = wanted_audio(subject, "Artist/Title", Policy(profiles=("original",)))
    assert wanted.fields == {
        "source_ref": "soundcloud:track:1", "url": "https://example.test/soundcloud:track:1",
        "local_path": "/in/a.flac", "path": "Artist/Title", "title": "Title", "artist": "Artist", "album": None,
        "genre": None, "isrc": "X", "duration_ms": 5, "artwork_url": None, "profiles": ("original",),
    }  # fmt: skip
    assert (wanted.target, wanted.kind, wanted.key, wanted.label) == ("library", "audio", KEY, "Artist – Title")


def test_only_what_can_be_had_is_fetched() -> None:
    """F36, P12: geo blocks are tried again; gone, private, DRM, previews and metadata alone are not."""
    assert {Availability.AVAILABLE, Availability.GEO_BLOCKED} == FETCHABLE


def test_a_player_takes_the_conversion_and_always_the_same_one() -> None:
    """P20: the original only where nothing else is there."""
    aiff, m4a, original = rendition("aiff"), rendition("m4a"), rendition("original")
    assert preferred_path(piece(renditions=(aiff, m4a, original))) == aiff.path
    assert preferred_path(piece(renditions=(original,))) == original.path


def lasting(number: int, title: str) -> TrackSeen:
    """Give a track that lasts as long as no other of its name, and so is another one."""
    return replace(track(number, title=title), duration_ms=100_000 * (number + 1))


def written_paths(*titles: str, profiles: tuple[str, ...] = ("original",)) -> list[str]:
    """Give the paths that tracks of these titles are fetched to, with one artist."""
    story = Story()
    story.tell(*(lasting(3 * number, title) for number, title in enumerate(titles)))
    story.listed("soundcloud:set:1", [f"soundcloud:track:{3 * number}" for number in range(len(titles))])
    story.link()
    story.scanned()
    actions = story.plan(Policy(library_root="/m", profiles=profiles, targets=("library",))).actions
    return [str(action.written["path"]) for action in actions if action.kind == "FetchRecording"]


def test_equal_titles_get_files_of_their_own() -> None:
    """F13, I57: all of them are marked, none overwrites another."""
    paths = written_paths("Intro", "intro", "Outro")
    assert len({path.casefold() for path in paths}) == 3
    assert "Artist 0/Outro" in paths
    assert "Artist 0/Intro" not in paths


def test_a_new_file_goes_around_those_that_are_there() -> None:
    """F13, P20: a verified file keeps its path, and a newcomer of its name is told apart."""
    story = Story()
    story.tell(lasting(3, "Intro"))
    story.listed("soundcloud:set:1", ["soundcloud:track:3"])
    story.link()
    story.scanned()
    (fetch,) = [action for action in story.plan().actions if action.kind == "FetchRecording"]
    story.perform(fetch)
    story.tell(lasting(6, "Intro"))
    story.listed("soundcloud:set:1", ["soundcloud:track:3", "soundcloud:track:6"])
    story.link()
    (second,) = [action for action in story.plan().actions if action.kind == "FetchRecording"]
    assert fetch.written["path"] == "Artist 0/Intro"
    assert str(second.written["path"]).startswith("Artist 0/Intro [")


def test_playlists_of_one_name_have_files_of_their_own() -> None:
    """P16, F13: two lists called alike do not overwrite each other's file, nor one without a name."""
    story = Story()
    for number, name in enumerate(["Mix", "mix", ""]):
        story.listed(f"soundcloud:set:{number}", [], name)
    story.scanned()
    plan = story.plan(Policy(library_root="/m", targets=("library",)))
    paths = [str(action.written["path"]) for action in plan.actions]
    assert len({path.casefold() for path in paths}) == 3
    assert all(path.startswith("Playlists/") and path.endswith(".m3u8") for path in paths)
    assert [action.written["name"] for action in plan.actions][2] == "soundcloud:set:2"


def test_entries_that_are_no_recording_yet_are_left_out_of_the_file() -> None:
    """P14: a playlist's file names files there are, in order, and waits for those under way."""
    story = Story()
    story.tell(track(1))
    story.listed("soundcloud:set:1", ["soundcloud:track:9", "soundcloud:track:1"])
    story.link()
    story.scanned()
    waiting = [wait for wait in story.plan().waiting if wait.object_kind == "playlist"]
    assert [wait.why for wait in waiting] == ["follows"]
    for _ in range(2):
        for action in story.plan().actions:
            story.perform(action)
    held = story.state().remotes["library/library-playlist-soundcloud:set:1"].fields
    assert held["entries"] == ("Artist 1/Title 1.aiff",)


def test_a_folder_stands_under_the_root_or_refers_to_it() -> None:
    """F71: folder ids are remembered; one that is not known yet is filled in when it is."""
    root = remote("ROOT", target="eagle", kind="folder", key="root")
    assert wanted_playlist_folder(indexed(remotes=(root,)), MIX).fields["parent"] == "ROOT"
    assert wanted_playlist_folder(indexed(), MIX).fields["parent"] == "@eagle/folder/root"
    assert wanted_root_folder().fields == {"name": "Playlists", "parent": None, "description": "cratelog:root"}
    nameless = wanted_playlist_folder(indexed(), Playlist(ref="a:set:2", seen=True))
    assert nameless.fields["name"] == "a:set:2"
    assert set(wanted_root_folder().owners.values()) == {Owner.SEED}


def test_an_item_carries_its_key_its_folders_and_its_file() -> None:
    """F46, P15: one item, in every playlist's folder, with the file it was imported from."""
    index = indexed(
        playlists=(MIX, Playlist(ref="a:set:2", seen=True)),
        remotes=(remote("F1", target="eagle", kind="folder", key="a:set:1"),),
    )
    files = (rendition("aiff"), rendition("original"))
    wanted = wanted_item(
        index,
        piece(sighting(artist="Artist", genre="House"), renditions=files, playlists=("a:set:1", "a:set:2")),
        POLICY,
    )
    assert wanted.fields == {
        "name": "Artist - Title", "tags": ("AIFF", "Artist", "House", "Mix one", "ORIGINAL", "soundcloud"),
        "annotation": f"cratelog:{KEY}", "website": "https://example.test/soundcloud:track:1", "folders": ("F1",),
        "path": "/music/Artist/Title.aiff",
    }  # fmt: skip
    assert wanted.only_at_birth == ("path",)
    assert wanted.follows == (f"library/audio/{KEY}", "eagle/folder/a:set:1", "eagle/folder/a:set:2")
    assert wanted.meet == (("website", "https://example.test/soundcloud:track:1"),)
    assert wanted.causes == (0, 9)


def test_an_item_without_an_artist_or_address_makes_none_up() -> None:
    """F30, F73: no "None - Title", and nothing to be recognised by."""
    wanted = wanted_item(indexed(), piece(sighting(url=""), renditions=(rendition(),)), POLICY)
    assert (wanted.fields["name"], wanted.fields["website"], wanted.meet) == ("Title", None, ())
    assert wanted.fields["tags"] == ("AIFF", "soundcloud")


@pytest.mark.parametrize(("field", "owner"), [("tags", Owner.PERSON), ("website", Owner.SEED)])
def test_owners_of_an_item_can_be_changed(field: str, owner: Owner) -> None:
    """Design §8: settings come over the defaults."""
    policy = Policy(owners={"eagle/item": {field: owner}})
    assert wanted_item(indexed(), piece(renditions=(rendition(),)), policy).owners[field] is owner


def test_a_template_may_name_everything_it_is_said_it_may() -> None:
    """M20: no placeholder that is accepted gives `Unknown` for what the source did say."""
    named = sighting(artist="Artist", album="Album", genre="Dub", isrc="GB1")
    template = "/".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
    index = indexed()
    index.pieces[KEY] = piece(named)
    assert stems(index, Policy(template=template)) == {KEY: f"Album/Artist/Dub/GB1/{KEY}/Title"}
