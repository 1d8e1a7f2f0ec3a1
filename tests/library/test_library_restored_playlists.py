"""Playlist files that come back from the trash, and files that cannot be measured just now."""

from __future__ import annotations

from pathlib import Path

from typing_extensions import override

from engine.domain.events import RenditionReturned
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Present
from engine.domain.plan import Action, Operation
from engine.domain.recording_events import Audio
from engine.domain.value import Fields, FieldValue
from engine.targets.library.target import LibraryTarget
from tests.library.library_world import RECORDING, JsonMedia, action, clip, new_library
from tests.library.restoring_world import (
    PATH,
    REF,
    TRASHED_BY,
    in_trash,
    refused_for,
    restore_action,
    trashed_file,
)

PLAYLIST = "Playlists/Mix.m3u8"


def _playlist(target: LibraryTarget, **fields: FieldValue) -> Action:
    said: Fields = {"name": "Mix", "path": PLAYLIST, "entries": ("A/one.mp3", "A/two.mp3"), **fields}
    assert isinstance(target.send(action(Operation.CREATE, "playlist", REF, said)), Done)
    trash = action(Operation.TRASH, "playlist", REF, remote_id=PLAYLIST, action_id=TRASHED_BY)
    assert isinstance(target.send(trash), Done)
    return trash


def test_a_trashed_playlist_comes_back_and_says_what_it_said(tmp_path: Path) -> None:
    """I45: a playlist file is read back, live again, under its key."""
    target = new_library(tmp_path, JsonMedia())
    _playlist(target)
    order = action(Operation.RESTORE, "playlist", REF, {"trashed_by": TRASHED_BY}, remote_id=PLAYLIST)
    assert target.probe(order) == Absent()
    outcome = target.send(order)
    assert isinstance(outcome, Done)
    assert outcome.seen is not None
    assert (outcome.seen.live, outcome.seen.key, outcome.seen.fields["entries"]) == (
        True, REF, ("A/one.mp3", "A/two.mp3"),
    )  # fmt: skip
    assert target.probe(order) == Present(seen=outcome.seen)
    assert target.send(order) == outcome


def test_a_playlist_is_put_right_while_it_comes_back(tmp_path: Path) -> None:
    """I36: its text may be changed on the way; a repeat knows it by its key and not by its old hash."""
    target = new_library(tmp_path, JsonMedia())
    _playlist(target)
    fields: Fields = {"trashed_by": TRASHED_BY, "entries": ("A/three.mp3",), "name": "Mix"}
    order = action(Operation.RESTORE, "playlist", REF, fields, remote_id=PLAYLIST)
    for _ in range(2):
        outcome = target.send(order)
        assert isinstance(outcome, Done), outcome
        assert outcome.held == {"entries": ("A/three.mp3",), "name": "Mix"}
        probe = target.probe(order)
        assert isinstance(probe, Present)
        assert probe.seen.fields["entries"] == ("A/three.mp3",)


def test_a_playlist_that_was_written_anew_is_not_written_over(tmp_path: Path) -> None:
    """I46: what was made in its place since stays; the old text stays in the trash."""
    target = new_library(tmp_path, JsonMedia())
    _playlist(target)
    target.send(action(Operation.CREATE, "playlist", REF, {"name": "Mix", "path": PLAYLIST, "entries": ("B/b.mp3",)}))
    order = action(Operation.RESTORE, "playlist", REF, remote_id=PLAYLIST)
    assert refused_for(target.send(order)) is FailureClass.INVALID_REQUEST
    assert target.probe(order) == Absent()
    assert len(in_trash(tmp_path / "trash")) == 1


class _Deaf(JsonMedia):
    """Media tools that can measure nothing just now."""

    @override
    def inspect(self, path: Path) -> Audio | Problem:
        return Problem(failure=FailureClass.TOOL_MISSING, detail="ffmpeg is not there", hint="install it")


def test_a_file_that_cannot_be_measured_just_now_is_back_all_the_same(tmp_path: Path) -> None:
    """I54: nothing is called verified that was not decoded; that the file is there is told."""
    trashed_file(tmp_path, new_library(tmp_path, JsonMedia()))
    outcome = new_library(tmp_path, _Deaf()).send(restore_action(origin_ref="soundcloud:track:1"))
    assert isinstance(outcome, Done)
    assert isinstance(outcome.facts[0], RenditionReturned)


def test_a_file_without_a_profile_comes_back_without_a_fact(tmp_path: Path) -> None:
    """Older files may lack the tag; they are restored all the same, and the next scan looks at them."""
    target = new_library(tmp_path, JsonMedia())
    artist = tmp_path / "Music/Artist"
    artist.mkdir()
    (artist / "Title.mp3").write_bytes(clip(RECORDING, None))
    (artist / "Copy.mp3").write_bytes(clip(RECORDING, "original"))
    target.send(action(Operation.TRASH, "audio", RECORDING, remote_id=PATH))
    outcome = target.send(restore_action())
    assert isinstance(outcome, Done)
    assert outcome.facts == ()
