"""What takes back what, for every kind of action, field by field."""

from __future__ import annotations

import pytest
from hypothesis import given
from msgspec.structs import replace

from engine.domain.plan import KINDS, ActionKind, Operation
from engine.domain.references import remote_key
from engine.projections.rows import Remote
from engine.reconciler.deeds import OPERATIONS
from engine.reconciler.diff import REMOVAL
from engine.reconciler.undoing import Why
from tests.reconciler.undoing_world import (
    KEY,
    PLACES,
    REMOTE,
    SETS,
    STAY,
    UNDONE_BY,
    Found,
    change,
    deed,
    row_of,
    whys,
    withheld,
)


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
