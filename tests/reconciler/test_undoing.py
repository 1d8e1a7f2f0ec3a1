"""What takes back what, for every kind of action, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.action_events import Change
from engine.domain.events import Audio, ObjectWithheld
from engine.domain.plan import KINDS, ActionKind, Operation
from engine.domain.references import object_key, remote_key
from engine.domain.value import Fields, FieldValue
from engine.projections.rows import ActionRow, ActionState, Playlist, Recording, Remote, Rendition, Scope, TargetObject
from engine.projections.state import State
from engine.reconciler.catalogue import catalogue
from engine.reconciler.deeds import OPERATIONS, Deed, Replaced
from engine.reconciler.diff import REMOVAL
from engine.reconciler.undoing import Undoing, Why, compensation
from tests.reconciler.pure_world import POLICY

PLACES = {kind: place for place, kinds in KINDS.items() for kind in kinds.values()}
KEY, REMOTE = "rkey", "remote"
UNDONE_BY = {
    Operation.CREATE: Operation.TRASH,
    Operation.RESTORE: Operation.TRASH,
    Operation.TRASH: Operation.RESTORE,
    Operation.ADOPT: Operation.UPDATE,
    Operation.UPDATE: Operation.UPDATE,
}
STAY = {ActionKind.FETCH_RECORDING, ActionKind.CREATE_FOLDER}


def change(before: FieldValue, after: FieldValue, name: str = "title", owner: str = "engine") -> Change:
    """Give one field's change."""
    return Change(field=name, before=before, after=after, owner=owner)


def deed(kind: ActionKind, *changes: Change, seq: int = 10, remote_id: str = REMOTE, **more: Any) -> Deed:
    """Give a confirmed action; what it wrote is what the answer showed."""
    target, object_kind = PLACES[kind]
    told: dict[str, Any] = {
        "action_id": f"{kind}-{seq}",
        "kind": kind,
        "target": target,
        "object_kind": object_kind,
        "key": KEY,
        "remote_id": remote_id,
        "changes": changes,
        "held": {each.field: each.after for each in changes},
        "seq": seq,
    }
    return Deed(**{**told, **more})


@dataclass(slots=True, kw_only=True)
class Found:
    """What is there when something is undone."""

    fields: Fields = field(default_factory=dict)
    standing: bool = True
    base: Fields | None = None
    withheld: tuple[str, ...] | None = None
    withheld_seq: int = 11
    more: dict[str, Any] = field(default_factory=dict)

    def undo(self, *deeds: Deed, targets: tuple[str, ...] = POLICY.targets) -> Undoing:
        """Take actions back."""
        last = max(deeds, key=lambda each: each.seq)
        place = (last.target, last.object_kind)
        written = TargetObject(
            target=last.target, kind=last.object_kind, key=KEY, remote_id=last.remote_id, generation=1,
            base=self.fields if self.base is None else self.base, trashed=not self.standing,
            withheld=self.withheld, withheld_seq=self.withheld_seq if self.withheld is not None else 0,
        )  # fmt: skip
        state = State(
            scopes={f"{place[0]}:{place[1]}": Scope(scope="", complete=True)},
            objects={object_key(*place, KEY): written},
            actions={each.action_id: row_of(each) for each in deeds},
        )
        if place != ("library", "audio"):
            state.remotes[remote_key(place[0], last.remote_id)] = Remote(
                target=place[0], kind=place[1], remote_id=last.remote_id, key=KEY, fields=self.fields,
                live=self.standing, revision=None,
            )  # fmt: skip
        for name, rows in self.more.items():
            getattr(state, name).update(rows)
        return compensation(catalogue(state), deeds, targets)


def row_of(each: Deed) -> ActionRow:
    """Give an action's row."""
    return ActionRow(
        action_id=each.action_id, kind=each.kind, target=each.target, object_kind=each.object_kind, key=each.key,
        remote_id=each.remote_id, changes=each.changes, state=ActionState.DONE, last_seq=each.seq,
    )  # fmt: skip


def withheld(undoing: Undoing) -> list[tuple[str, ...]]:
    """Give the fields that are held back from now on."""
    assert all(isinstance(event, ObjectWithheld) for event in undoing.decisions)
    return [event.fields for event in undoing.decisions if isinstance(event, ObjectWithheld)]


def whys(undoing: Undoing) -> list[Why]:
    """Give why things are left."""
    return [left.why for left in undoing.left]


@pytest.mark.parametrize("kind", ActionKind)
def test_every_kind_of_action_is_taken_back_or_said_to_stay(kind: ActionKind) -> None:
    """Issue 3: nothing that can be done is unknown to undo; each is taken back by one action of the same target."""
    operation = OPERATIONS[kind]
    done = deed(kind, change("old", "new")) if operation in (Operation.UPDATE, Operation.ADOPT) else deed(kind)
    found = Found(fields={"title": "new"} if done.changes else {}, standing=operation is not Operation.TRASH)
    undoing = found.undo(done)
    if kind in STAY:
        assert (undoing.actions, undoing.decisions, whys(undoing)) == ((), (), [Why.KEPT])
        return
    (action,) = undoing.actions
    assert (action.operation, action.remote_id, action.causes) == (UNDONE_BY[operation], REMOTE, (10,))
    assert action.kind == KINDS[PLACES[kind]][UNDONE_BY[operation]]
    assert action.reason == f"undoes {kind} {done.action_id[:8]}"
    assert len(undoing.decisions) == 1
    assert undoing.left == ()
    assert undoing.removals == (action.operation is Operation.TRASH)


@pytest.mark.parametrize("kind", ActionKind)
def test_undone_once_it_is_so_already(kind: ActionKind) -> None:
    """Repeating an undo, after a crash or by mistake, does nothing more."""
    operation = OPERATIONS[kind]
    done = deed(kind, change("old", "new")) if operation in (Operation.UPDATE, Operation.ADOPT) else deed(kind)
    there = operation in (Operation.TRASH, Operation.UPDATE, Operation.ADOPT)
    fields = ("title",) if operation is Operation.UPDATE else (REMOVAL,) if operation is Operation.TRASH else ()
    back = deed(KINDS[PLACES[kind]].get(UNDONE_BY[operation], kind), seq=11, by_undo=True)
    found = Found(fields={"title": "old"}, standing=there, withheld=fields, more={"actions": {"back": row_of(back)}})
    undoing = found.undo(done)
    assert (undoing.actions, undoing.decisions) == ((), ())
    assert whys(undoing) == [Why.KEPT if kind in STAY else Why.ALREADY]


def test_an_old_value_is_written_where_ours_still_stands_and_held_there() -> None:
    """I46: `before` comes back, under the owner it had, and the field alone is held back."""
    done = deed(ActionKind.UPDATE_PAGE, change("old", "new"), change(None, "X", "isrc", "shared"))
    undoing = Found(fields={"title": "new", "isrc": "X", "genre": "Dub"}).undo(done)
    (action,) = undoing.actions
    assert action.changes == (change("X", None, "isrc", "shared"), change("new", "old"))
    assert withheld(undoing) == [("isrc", "title")]


def test_what_somebody_changed_since_is_left_and_said() -> None:
    """I46, I48: their value stays, the others go back, and the changed field is not held back."""
    done = deed(ActionKind.UPDATE_PAGE, change("old", "new"), change("A", "B", "isrc"))
    undoing = Found(fields={"title": "theirs", "isrc": "B"}).undo(done)
    (action,) = undoing.actions
    assert action.changes == (change("B", "A", "isrc"),)
    assert (whys(undoing), withheld(undoing)) == ([Why.CHANGED], [("isrc",)])
    assert undoing.left[0].detail == "title changed since; what is there stays"


def test_where_everything_was_changed_since_nothing_is_held_back() -> None:
    """I46: their values rule, now and later."""
    undoing = Found(fields={"title": "theirs"}).undo(deed(ActionKind.UPDATE_PAGE, change("old", "new")))
    assert (undoing.actions, undoing.decisions, whys(undoing)) == ((), (), [Why.CHANGED])


def test_a_value_counts_as_ours_as_the_answer_showed_it() -> None:
    """A remote may round what it is sent, and a reference is filled in when it is sent."""
    rounded = replace(deed(ActionKind.UPDATE_PAGE, change(1.0, 2.0004, "size_mb")), held={"size_mb": 2.0})
    assert Found(fields={"size_mb": 2.0}).undo(rounded).actions[0].changes == (change(2.0, 1.0, "size_mb"),)
    moved = deed(ActionKind.UPDATE_FOLDER, change("here", "@eagle/folder/root", "parent"))
    known = replace(moved, held={"parent": "there"})
    assert Found(fields={"parent": "there"}).undo(known).actions[0].changes == (change("there", "here", "parent"),)
    assert whys(Found(fields={"parent": "there"}).undo(replace(moved, held={}))) == [Why.CHANGED]


SETS = st.frozensets(st.sampled_from("abcdef"))


@given(before=SETS, after=SETS, added=SETS, taken=SETS)
def test_of_a_set_only_our_part_is_taken_back(
    before: frozenset[str], after: frozenset[str], added: frozenset[str], taken: frozenset[str]
) -> None:
    """I46, I47: what a person added stays, what they took out stays out, what we changed is changed back."""
    found = (after | added) - taken
    done = deed(ActionKind.UPDATE_ITEM, change(tuple(sorted(before)), tuple(sorted(after)), "tags", "shared"))
    undoing = Found(fields={"tags": tuple(sorted(found))}).undo(done)
    wanted = (found - (after - before)) | (before - after)
    result = dict(undoing.actions[0].written)["tags"] if undoing.actions else tuple(sorted(found))
    assert frozenset(result if isinstance(result, tuple) else ()) == wanted
    assert withheld(undoing) == [("tags",)]


def test_an_empty_set_that_we_filled_is_empty_again() -> None:
    """None and () are one set."""
    done = deed(ActionKind.UPDATE_PAGE, change(None, ("p",), "playlists", "shared"))
    assert Found(fields={"playlists": ("p",)}).undo(done).actions[0].written == {"playlists": ()}
    emptied = deed(ActionKind.UPDATE_PAGE, change(("p",), None, "playlists", "shared"))
    assert Found(fields={"playlists": None}).undo(emptied).actions[0].written == {"playlists": ("p",)}


def test_an_update_of_what_is_gone_is_left() -> None:
    """Nothing is written to what is not there."""
    undoing = Found(standing=False).undo(deed(ActionKind.UPDATE_PAGE, change("old", "new")))
    assert (undoing.actions, undoing.decisions, whys(undoing)) == ((), (), [Why.GONE])
    never = Remote(target="notion", kind="track", remote_id="other", key=None, fields={}, live=True, revision=None)
    away = deed(ActionKind.UPDATE_FOLDER, change("old", "new"))
    seen = Found(more={"remotes": {remote_key("eagle", REMOTE): replace(never, target="eagle", misses=1)}}).undo(away)
    assert whys(seen) == [Why.GONE]


def test_what_somebody_worked_on_since_is_not_trashed() -> None:
    """I48: a removal against an edit; sets count as edited only by what was put in."""
    made = deed(ActionKind.CREATE_PAGE)
    edited = Found(fields={"title": "theirs", "playlists": ()}, base={"title": "ours", "playlists": ("p",)})
    undoing = edited.undo(made)
    assert (undoing.actions, undoing.decisions, whys(undoing)) == ((), (), [Why.CHANGED])
    assert "edited title since" in undoing.left[0].detail
    added = Found(fields={"playlists": ("p", "q")}, base={"playlists": ("p",)})
    assert whys(added.undo(made)) == [Why.CHANGED]
    filled = Found(fields={"title": "ours", "isrc": "theirs", "genre": ""}, base={"title": "ours"})
    assert "edited isrc since" in filled.undo(made).left[0].detail
    assert filled.undo(deed(ActionKind.RESTORE_PAGE)).removals == 1  # it may have held that before we removed it
    taken = Found(fields={"title": "ours", "playlists": ()}, base={"title": "ours", "playlists": ("p",)})
    assert taken.undo(made).removals == 1


def test_several_actions_on_one_object_are_taken_back_as_one() -> None:
    """I22: at most one write per object; the oldest value comes back, the newest must still stand."""
    first = deed(ActionKind.UPDATE_PAGE, change("a", "b"), seq=10)
    second = deed(ActionKind.UPDATE_PAGE, change("b", "c"), change("x", "y", "isrc"), seq=12)
    (action,) = Found(fields={"title": "c", "isrc": "y"}).undo(second, first).actions
    assert action.changes == (change("y", "x", "isrc"), change("c", "a"))
    assert action.causes == (10, 12)
    made = deed(ActionKind.CREATE_PAGE, seq=9)
    (gone,) = Found(fields={"title": "c"}).undo(first, made, second).actions
    assert gone.operation is Operation.TRASH
    thrown = deed(ActionKind.TRASH_PAGE, seq=14)
    (back,) = Found(standing=False).undo(first, thrown).actions
    assert (back.operation, back.changes) == (Operation.RESTORE, (change("b", "a"),))
    assert whys(Found(standing=False).undo(made, thrown)) == [Why.ALREADY]


def test_a_restored_object_is_not_removed_again_by_itself() -> None:
    """Issue 3: what an undo brings back stays; its fields go on being kept in step."""
    assert withheld(Found(standing=False).undo(deed(ActionKind.TRASH_ITEM))) == [(REMOVAL,)]
    back = Found(standing=True).undo(deed(ActionKind.TRASH_ITEM))
    assert (whys(back), withheld(back)) == ([Why.ALREADY], [(REMOVAL,)])


def test_nothing_is_restored_beside_what_took_its_place() -> None:
    """I30: at most one live object per key."""
    other = Remote(target="notion", kind="track", remote_id="newer", key=KEY, fields={}, live=True, revision=None)
    undoing = Found(standing=False, more={"remotes": {"notion/newer": other}}).undo(deed(ActionKind.TRASH_PAGE))
    assert (undoing.actions, undoing.decisions, whys(undoing)) == ((), (), [Why.CHANGED])


def test_an_adoption_gives_back_the_key_line_in_a_persons_notes() -> None:
    """F10: in Eagle our key is a line in the annotation; undone, only the person's lines are left."""
    done = deed(ActionKind.ADOPT_ITEM, change(("a",), ("a", "b"), "tags", "shared"))
    noted = f"my notes\ncratelog:{KEY}\nmore"
    undoing = Found(fields={"tags": ("a", "b"), "annotation": noted}).undo(done)
    (action,) = undoing.actions
    assert action.written == {"annotation": "my notes\nmore", "tags": ("a",)}
    assert withheld(undoing) == [()]
    alone = Found(fields={"annotation": f"cratelog:{KEY}"}).undo(deed(ActionKind.ADOPT_ITEM))
    assert alone.actions[0].written == {"annotation": None}
    without = Found(fields={"annotation": "mine"}).undo(deed(ActionKind.ADOPT_ITEM))
    assert (without.actions, whys(without), withheld(without)) == ((), [Why.ALREADY], [()])
    told = deed(ActionKind.ADOPT_ITEM, change("mine", f"mine\ncratelog:{KEY}", "annotation"))
    named = Found(fields={"annotation": f"mine\ncratelog:{KEY}"}).undo(told)
    assert named.actions[0].written == {"annotation": "mine"}


def test_an_adopted_row_loses_its_key_and_is_held_back_whole() -> None:
    """F10: what was a person's is a person's again."""
    done = deed(ActionKind.ADOPT_PAGE, change(None, KEY, "sync_key"))
    undoing = Found(fields={"sync_key": KEY}).undo(done)
    assert undoing.actions[0].written == {"sync_key": None}
    assert withheld(undoing) == [()]


def test_what_an_undo_did_is_taken_back_without_holding_anything_back() -> None:
    """Undo of an undo: the events by which it held back are taken back themselves."""
    undoing = Found(standing=True).undo(deed(ActionKind.RESTORE_PAGE, by_undo=True))
    assert (undoing.removals, undoing.decisions) == (1, ())


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
