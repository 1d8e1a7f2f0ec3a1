"""Facts about playlist files: in order, in one step, over nobody's file, found by our line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass
from engine.domain.outcomes import Absent, Done, Duplicated, Present, Refused
from engine.domain.plan import Operation
from engine.domain.value import Fields
from engine.ports import ScanEnd
from engine.projections.state import State
from engine.targets.library.playlist_file import PlaylistText, parse, render
from engine.targets.library.target import LibraryTarget
from tests.library.library_world import JsonMedia, action, new_library

REF = "soundcloud:set:1"
FIELDS: Fields = {
    "name": "My Mix",
    "path": "Playlists/My Mix.m3u8",
    "entries": ("A/one.mp3", "A/two.mp3", "A/one.mp3"),
}

_PART = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="/\\"), min_size=1)
_ENTRY = st.lists(_PART.filter(lambda part: part not in (".", "..")), min_size=1, max_size=3).map("/".join)


def _seen(target: LibraryTarget) -> list[RemoteSeen]:
    *pages, end = target.scan("playlist", State())
    assert isinstance(end, ScanEnd)
    assert end.complete
    return [each for page in pages if not isinstance(page, ScanEnd) for each in page.seen]


def _done(outcome: object) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome


@given(st.lists(_ENTRY, max_size=6), st.sampled_from(["Mix.m3u8", "Playlists/Mix.m3u8", "a/b/c.m3u8"]))
def test_a_playlist_reads_back_as_it_was_written(entries: list[str], path: str) -> None:
    """Order and repeats are kept, whatever the names hold; a name that looks like a comment is none."""
    text = PlaylistText(ref=REF, name="Mix", entries=tuple(unicodedata.normalize("NFC", entry) for entry in entries))
    assert parse(render(text, path), path) == text


def test_a_playlist_made_elsewhere_is_read_or_not_ours() -> None:
    """A person's editor may add a byte order mark, CRLF, blank lines and comments."""
    text = "\ufeff#EXTM3U\r\n#CRATELOG:soundcloud:set:1\r\n\r\n#EXTINF:3,x\r\n../A/one.mp3\r\n"
    assert parse(text, "Playlists/x.m3u8") == PlaylistText(ref=REF, name="", entries=("A/one.mp3",))
    assert parse("#EXTM3U\nA/one.mp3\n", "x.m3u8") is None
    assert parse("#EXTM3U\n#CRATELOG:\n", "x.m3u8") is None


def test_a_written_playlist_is_relative_ordered_and_shown_as_written(tmp_path: Path) -> None:
    """I32: done says what the file says, read back."""
    target = new_library(tmp_path, JsonMedia())
    order = action(Operation.CREATE, "playlist", REF, FIELDS)
    assert target.probe(order) == Absent()
    done = _done(target.send(order))
    assert (done.remote_id, done.held) == ("Playlists/My Mix.m3u8", FIELDS)
    text = (tmp_path / "Music/Playlists/My Mix.m3u8").read_text()
    assert text.splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:My Mix",
        "#CRATELOG:soundcloud:set:1",
        "../A/one.mp3",
        "../A/two.mp3",
        "../A/one.mp3",
    ]
    assert _seen(target) == [done.seen]
    assert target.probe(order) == Present(seen=_seen(target)[0])


def test_writing_the_same_playlist_twice_makes_one_file(tmp_path: Path) -> None:
    """I30, I35: a repeated create meets its own file by its line."""
    target = new_library(tmp_path, JsonMedia())
    order = action(Operation.CREATE, "playlist", REF, FIELDS)
    first, second = _done(target.send(order)), _done(target.send(order))
    assert first.held == second.held
    assert len(_seen(target)) == 1


def test_a_rewrite_changes_only_what_it_names(tmp_path: Path) -> None:
    """I22: fields that are not written stay as the file shows them."""
    target = new_library(tmp_path, JsonMedia())
    target.send(action(Operation.CREATE, "playlist", REF, FIELDS))
    change = action(Operation.UPDATE, "playlist", REF, {"entries": ("A/two.mp3",)}, remote_id="Playlists/My Mix.m3u8")
    done = _done(target.send(change))
    assert done.held == {"entries": ("A/two.mp3",)}
    assert done.seen is not None
    assert done.seen.fields == {**FIELDS, "entries": ("A/two.mp3",)}


def test_a_playlist_that_is_to_move_takes_its_text_along(tmp_path: Path) -> None:
    """P20: one file, under its new path, with entries relative to it."""
    target = new_library(tmp_path, JsonMedia())
    target.send(action(Operation.CREATE, "playlist", REF, FIELDS))
    change = action(Operation.UPDATE, "playlist", REF, {"path": "Mix.m3u8"}, remote_id="Playlists/My Mix.m3u8")
    assert _done(target.send(change)).remote_id == "Mix.m3u8"
    assert [each.fields for each in _seen(target)] == [{**FIELDS, "path": "Mix.m3u8"}]


def test_a_playlist_a_person_moved_is_rewritten_where_it_lies(tmp_path: Path) -> None:
    """Our line says which file it is; the path is the person's."""
    target = new_library(tmp_path, JsonMedia())
    target.send(action(Operation.CREATE, "playlist", REF, FIELDS))
    (tmp_path / "Music/Playlists/My Mix.m3u8").rename(tmp_path / "Music/mine.m3u8")
    change = action(Operation.UPDATE, "playlist", REF, {"name": "New"}, remote_id="Playlists/My Mix.m3u8")
    assert _done(target.send(change)).remote_id == "mine.m3u8"


@pytest.mark.parametrize("content", ["#EXTM3U\nA/one.mp3\n", "#EXTM3U\n#CRATELOG:soundcloud:set:2\n", "\0garbage"])
def test_somebody_elses_file_is_never_written_over(tmp_path: Path, content: str) -> None:
    """F13: a foreign playlist, or another playlist of ours, keeps its name; ours is marked."""
    target = new_library(tmp_path, JsonMedia())
    foreign = tmp_path / "Music/Playlists/my mix.m3u8"
    foreign.parent.mkdir()
    foreign.write_text(content)
    done = _done(target.send(action(Operation.CREATE, "playlist", REF, FIELDS)))
    assert foreign.read_text() == content
    assert done.remote_id != FIELDS["path"]
    assert done.held["path"] == done.remote_id
    assert done.remote_id.startswith("Playlists/My Mix [")


def test_a_playlist_that_is_gone_is_not_found(tmp_path: Path) -> None:
    """An update is no create: what a person threw away is not made again."""
    target = new_library(tmp_path, JsonMedia())
    change = action(Operation.UPDATE, "playlist", REF, {"name": "New"}, remote_id="Playlists/My Mix.m3u8")
    outcome = target.send(change)
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.NOT_FOUND


@pytest.mark.parametrize(
    "fields", [{"path": "../x.m3u8"}, {"path": "x.mp3"}, {"name": None}, {"entries": None}, {"path": None}]
)
def test_a_playlist_that_makes_no_sense_is_refused(tmp_path: Path, fields: Fields) -> None:
    """F16, F30: nothing outside the root, and nothing called None."""
    outcome = new_library(tmp_path, JsonMedia()).send(action(Operation.CREATE, "playlist", REF, FIELDS | fields))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.INVALID_REQUEST


def test_two_files_with_one_line_are_duplicates(tmp_path: Path) -> None:
    """I30: a copied playlist file is reported, not chosen from."""
    target = new_library(tmp_path, JsonMedia())
    order = action(Operation.CREATE, "playlist", REF, FIELDS)
    target.send(order)
    original = tmp_path / "Music/Playlists/My Mix.m3u8"
    (tmp_path / "Music/copy.m3u8").write_bytes(original.read_bytes())
    assert target.probe(order) == Duplicated(remote_ids=("Playlists/My Mix.m3u8", "copy.m3u8"))


def test_a_trashed_playlist_lies_in_the_trash_and_is_shown_as_not_live(tmp_path: Path) -> None:
    """I45: removal is a move; the observation says so."""
    target = new_library(tmp_path, JsonMedia())
    target.send(action(Operation.CREATE, "playlist", REF, FIELDS))
    removal = action(Operation.TRASH, "playlist", REF, remote_id="Playlists/My Mix.m3u8", action_id="removal-1")
    assert target.probe(removal) == Absent()
    done = _done(target.send(removal))
    assert done.seen is not None
    assert not done.seen.live
    assert _seen(target) == []
    assert [path.name for path in (tmp_path / "trash").rglob("*.m3u8")] == ["My Mix.m3u8"]
    assert target.probe(removal) == Present(seen=done.seen)


def test_somebody_elses_playlist_is_not_trashed(tmp_path: Path) -> None:
    """A removal names one file of ours, or does nothing."""
    target = new_library(tmp_path, JsonMedia())
    (tmp_path / "Music/x.m3u8").write_text("#EXTM3U\n")
    outcome = target.send(action(Operation.TRASH, "playlist", REF, remote_id="x.m3u8"))
    assert isinstance(outcome, Refused)
    assert (tmp_path / "Music/x.m3u8").exists()


def test_every_playlist_is_scanned_page_by_page(tmp_path: Path) -> None:
    """A library of many playlists is shown whole, and a giant file that is none is passed over."""
    target = new_library(tmp_path, JsonMedia())
    for number in range(501):
        text = PlaylistText(ref=f"soundcloud:set:{number}", name=str(number), entries=())
        (tmp_path / f"Music/{number}.m3u8").write_text(render(text, f"{number}.m3u8"))
    with (tmp_path / "Music/giant.m3u8").open("wb") as file:
        file.truncate(17_000_000)
    assert len(_seen(target)) == 501
