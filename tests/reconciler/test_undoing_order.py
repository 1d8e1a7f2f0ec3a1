"""What an undo holds back, in which order it goes, and how files come back."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from engine.domain.events import Audio
from engine.domain.plan import KINDS, ActionKind, Operation
from engine.domain.references import object_key, remote_key
from engine.projections.rows import Playlist, Recording, Remote, Rendition, Scope, TargetObject
from engine.projections.state import State
from engine.reconciler.catalogue import catalogue
from engine.reconciler.deeds import Replaced
from engine.reconciler.diff import REMOVAL
from engine.reconciler.undoing import Why, compensation
from tests.reconciler.pure_world import POLICY
from tests.reconciler.undoing_world import (
    KEY,
    PLACES,
    REMOTE,
    Found,
    change,
    deed,
    row_of,
    whys,
    withheld,
)


@pytest.mark.parametrize(
    ("known", "says"),
    [(None, True), ((), False), (("title",), False), (("isrc", "title"), False), (("isrc",), True)],
)
def test_what_is_held_back_already_is_not_said_again(known: tuple[str, ...] | None, *, says: bool) -> None:
    """I07: an undo repeated appends nothing."""
    done = deed(ActionKind.UPDATE_PAGE, change("old", "new"))
    undoing = Found(fields={"title": "new"}, withheld=known).undo(done)
    assert withheld(undoing) == ([("title",)] if says else [])
    whole = Found(withheld=known).undo(deed(ActionKind.CREATE_PAGE))
    assert withheld(whole) == ([] if known == () else [()])


def test_what_was_asked_for_again_is_held_back_anew() -> None:
    """A request lifts what is held back; a later undo holds it back again."""
    done = replace(deed(ActionKind.CREATE_PAGE), key=KEY)
    lifted = Playlist(ref=KEY, requested_seq=99)
    found = Found(withheld=(), more={"playlists": {KEY: lifted}})
    assert withheld(found.undo(done)) == [()]


def test_a_place_that_cannot_be_seen_is_left_for_later() -> None:
    """I42: nothing is decided where the last scan was not whole, or where the settings name nothing."""
    done = deed(ActionKind.CREATE_PAGE)
    scope = {"notion:track": Scope(scope="", complete=False)}
    assert whys(Found(more={"scopes": scope}).undo(done)) == [Why.UNKNOWN]
    assert whys(Found().undo(done, targets=("eagle",))) == [Why.UNKNOWN]
    stray = replace(done, target="library", object_kind="nowhere")
    assert whys(compensation(catalogue(State()), [stray], POLICY.targets)) == [Why.UNKNOWN]


def test_actions_come_in_an_order_that_can_be_carried_out() -> None:
    """Design §7: parents come back before children, values in between, removals last and children first."""
    kinds = (
        ActionKind.CREATE_PAGE, ActionKind.WRITE_PLAYLIST_FILE, ActionKind.UPDATE_PAGE, ActionKind.TRASH_PAGE,
        ActionKind.TRASH_ITEM, ActionKind.TRASH_AUDIO, ActionKind.ADD_ITEM,
    )  # fmt: skip
    deeds = [deed(kind, *([change("a", "b")] * (kind == "UpdatePage")), remote_id=kind) for kind in kinds]
    scopes = {f"{target}:{kind}": Scope(scope="", complete=True) for target, kind in KINDS}
    remotes = {
        remote_key(each.target, each.remote_id): Remote(
            target=each.target, kind=each.object_kind, remote_id=each.remote_id, key=f"{each.kind}",
            fields={"title": "b"}, live=each.operation is not Operation.TRASH, revision=None,
        )
        for each in deeds
    }  # fmt: skip
    written = {
        object_key(each.target, each.object_kind, each.kind): TargetObject(
            target=each.target, kind=each.object_kind, key=each.kind, remote_id=each.remote_id, base={"title": "b"}
        )
        for each in deeds
    }
    found = Found(more={"scopes": scopes, "remotes": remotes, "objects": written})
    undoing = found.undo(*(replace(each, key=each.kind) for each in deeds))
    assert [action.kind for action in undoing.actions] == [
        "RestoreAudio", "RestorePage", "RestoreItem", "UpdatePage", "TrashItem", "TrashPage", "TrashPlaylistFile",
    ]  # fmt: skip


# --- files ----------------------------------------------------------------------------------------------------------


def file(*, present: bool, last_seq: int) -> dict[str, dict[str, Rendition]]:
    """Give a rendition at the place the actions are about."""
    row = Rendition(
        rendition_id="f", recording_id=KEY, profile="original", source_ref="s", path=REMOTE, size_bytes=1, mtime_ns=1,
        file_sha256="0", audio=Audio(format="m4a", codec="aac", duration_ms=1), present=present, last_seq=last_seq,
    )  # fmt: skip
    return {"renditions": {"f": row}}


@pytest.mark.parametrize(
    ("more", "there"),
    [
        ({}, False),
        (file(present=True, last_seq=5), False),  # known before it was trashed, not looked at since
        (file(present=True, last_seq=20), True),
        (file(present=False, last_seq=20), False),
    ],
)
def test_a_file_is_there_as_the_last_word_on_it_says(more: dict[str, Any], *, there: bool) -> None:
    """Files are remembered as renditions, whose news may be older or newer than our last action."""
    trashed = deed(ActionKind.TRASH_AUDIO)
    undoing = Found(more=more).undo(trashed)
    assert [action.kind for action in undoing.actions] == ([] if there else [ActionKind.RESTORE_AUDIO])


def test_a_file_comes_back_from_where_the_action_put_it() -> None:
    """The trash holds what several actions put there; each is found by the action that did."""
    trashed = deed(ActionKind.TRASH_AUDIO, change(None, "kept.m4a", "kept_path"), change(None, "0", "kept_sha256"))
    (action,) = Found().undo(trashed).actions
    assert action.written == {"trashed_by": trashed.action_id}
    playlist = deed(ActionKind.TRASH_PLAYLIST_FILE)
    assert Found(standing=False).undo(playlist).actions[0].written == {"trashed_by": playlist.action_id}


def test_a_file_that_goes_again_goes_beside_the_copy_that_stayed() -> None:
    """I45: undoing the undo of a removal names the copy that the removal rested on."""
    trashed = deed(ActionKind.TRASH_AUDIO, change(None, "kept.m4a", "kept_path"), change(None, "0", "kept_sha256"))
    guided = change(None, trashed.action_id, "trashed_by")
    restored = deed(ActionKind.RESTORE_AUDIO, guided, seq=20, by_undo=True)
    (action,) = Found(more={"actions": {trashed.action_id: row_of(trashed)}}).undo(restored).actions
    assert (action.kind, action.changes) == (ActionKind.TRASH_AUDIO, trashed.changes)
    (bare,) = Found().undo(restored).actions
    assert bare.changes == ()


REPLACED = Replaced(path="a.m4a", source_ref="old", by_path="a.flac", by_sha256="1")


@pytest.mark.parametrize("kind", [ActionKind.FETCH_RECORDING, ActionKind.RESTORE_AUDIO])
def test_a_file_that_was_replaced_takes_its_place_again(kind: ActionKind) -> None:
    """I56, issue 3: an upgrade undone puts the old file back and the new one into the trash, in one step, and back."""
    row = file(present=True, last_seq=9)["renditions"]["f"]
    now = {"renditions": {"f": replace(row, path="a.flac", file_sha256="1")}}
    done = deed(kind, replaced=(REPLACED,))
    undoing = Found(more=now).undo(done)
    (action,) = undoing.actions
    assert (action.kind, action.remote_id) == (ActionKind.RESTORE_AUDIO, "a.m4a")
    assert action.written == {
        "trashed_by": done.action_id, "replaces": ("a.flac",), "replaced_sha256": ("1",), "origin_ref": "old",
    }  # fmt: skip
    assert withheld(undoing) == [()]
    gone = Found(more={"renditions": {"f": replace(row, path="a.flac", file_sha256="2")}}).undo(done)
    assert (gone.actions, gone.decisions, whys(gone)) == ((), (), [Why.ALREADY])


def test_choosing_an_audio_again_lets_it_be_fetched() -> None:
    """A choice made after an undo is a person's newer word."""
    recording = Recording(recording_id=KEY, chosen_ref="s", chosen_seq=99)
    found = Found(withheld=(), more={"recordings": {KEY: recording}})
    assert withheld(found.undo(deed(ActionKind.TRASH_AUDIO))) == [(REMOVAL,)]
    earlier = Found(withheld=(), more={"recordings": {KEY: replace(recording, chosen_seq=1)}})
    assert withheld(earlier.undo(deed(ActionKind.TRASH_AUDIO))) == []


# --- identity of actions --------------------------------------------------------------------------------------------


def test_a_repeated_undo_is_the_same_action_and_a_later_one_is_another() -> None:
    """I36: a crash and a retry meet in one action; undone, redone and undone again are three."""
    made = deed(ActionKind.CREATE_PAGE)
    (first,), (again,) = Found().undo(made).actions, Found().undo(made).actions
    assert first == again
    place = PLACES[ActionKind.CREATE_PAGE]
    later = TargetObject(target=place[0], kind=place[1], key=KEY, remote_id=REMOTE, generation=3)
    (another,) = Found(more={"objects": {object_key(*place, KEY): later}}).undo(made).actions
    assert another.action_id != first.action_id
