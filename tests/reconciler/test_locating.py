"""Finding what holds a wanted object, and what follows: adopt by address, then id, then code; never twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.action_events import Change
from engine.domain.events import ActionRefused, ConflictResolved, RecordingDismissed, RemoteSeen, ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Action, ConflictFound, Operation, Owner, Waiting
from engine.domain.references import object_key
from engine.domain.value import Fields, FieldValue
from engine.projections.rows import Playlist, Recording, Remote, TargetObject
from engine.reconciler.diff import (
    DOUBLED,
    Ambiguous,
    Bound,
    Removed,
    Standing,
    Unmade,
    build_action,
    compare,
    locate,
)
from engine.reconciler.policy import Policy
from engine.reconciler.wanted import WantedObject
from tests.reconciler.pieces import KEY, indexed, remote
from tests.reconciler.pure_world import Story, track

MEET: tuple[tuple[str, FieldValue], ...] = (("soundcloud_url", "u"), ("soundcloud_id", 1), ("isrc", "X"))


def wanted(**parts: Fields | tuple[str, ...]) -> WantedObject:
    """Give what a track's row should hold."""
    fields: Fields = {"title": "T", "isrc": "X", "status": ("Private",), "album": None, "playlists": ()}
    owners = {"title": Owner.SEED, "status": Owner.STATUS, "playlists": Owner.SHARED}
    whole = {"fields": fields, "vocabulary": ("Private",), **parts}
    return WantedObject(
        target="notion", kind="track", key=KEY, label="T", owners=owners, meet=MEET, causes=(3,), **whole  # type: ignore[arg-type] # by name
    )  # fmt: skip


def ours(remote_id: str = "page", *, last_seq: int = 5, trashed: bool = False) -> TargetObject:
    """Give what our last write left."""
    return TargetObject(
        target="notion", kind="track", key=KEY, remote_id=remote_id, base={"title": "T"}, trashed=trashed,
        last_seq=last_seq,
    )  # fmt: skip


def found(*remotes: Remote, objects: tuple[TargetObject, ...] = (), requested_seq: int = 0) -> Standing:
    """Locate our row among remotes."""
    recordings = (Recording(recording_id=KEY, requested_seq=requested_seq),) if requested_seq else ()
    index = indexed(remotes=remotes, objects=objects, recordings=recordings)
    meets: dict[tuple[str, FieldValue], list[Remote]] = {}
    for row in remotes:
        for name, value in row.fields.items():
            if not row.key and not isinstance(value, tuple):
                meets.setdefault((name, value), []).append(row)
    return locate(index, wanted(), meets)


def test_what_we_wrote_is_found_by_its_id() -> None:
    """P16: renamed, rekeyed or edited, it is the same row."""
    standing = found(remote("page", title="Renamed"), remote("other", soundcloud_url="u"), objects=(ours(),))
    assert isinstance(standing, Bound)
    assert (standing.remote.remote_id, standing.adopted, standing.written) == ("page", False, ours())


def test_what_carries_our_key_is_found_though_we_never_wrote_it() -> None:
    """Design §8: by sync key first; a lost journal meets its rows again without adopting them twice."""
    standing = found(remote("page", key=KEY), remote("other", soundcloud_url="u"))
    assert standing == Bound(remote=remote("page", key=KEY), written=None, adopted=False)


def test_our_key_on_another_row_takes_the_place_of_one_that_is_gone() -> None:
    """P19: a page that was moved or restored under another id is found by its key."""
    standing = found(remote("page", misses=1), remote("other", key=KEY), objects=(ours(),))
    assert isinstance(standing, Bound)
    assert standing.remote.remote_id == "other"


def test_two_carriers_of_one_key_are_for_a_person() -> None:
    """I30: duplicates are shown, and neither is chosen."""
    standing = found(remote("one", key=KEY), remote("two", key=KEY))
    assert standing == Ambiguous(remote_ids=("one", "two"), reason=DOUBLED)


def test_a_copy_of_our_object_does_not_stop_the_work_on_it() -> None:
    """I30: a row duplicated by a person is shown, and ours is still the one we wrote."""
    standing = found(remote("one", key=KEY), remote("two", key=KEY), objects=(ours("one"),))
    assert isinstance(standing, Bound)
    assert (standing.remote.remote_id, standing.doubles) == ("one", ("two",))


def test_what_is_missing_or_in_the_trash_was_removed() -> None:
    """P6: a tombstone says how it was seen to go."""
    assert found(remote("page", live=False), objects=(ours(),)) == Removed(why="it is in the trash")
    gone = Removed(why="a complete scan no longer showed it")
    assert found(remote("page", misses=1), objects=(ours(),)) == gone
    assert found(objects=(ours(),)) == gone


def test_a_tombstone_is_not_replaced_by_a_row_that_looks_alike() -> None:
    """P6: what a person threw away is not adopted elsewhere."""
    assert isinstance(found(remote("page", misses=1), remote("b", isrc="X"), objects=(ours(),)), Removed)


@pytest.mark.parametrize(("requested_seq", "lifted"), [(4, False), (5, False), (6, True)])
def test_only_a_later_request_lifts_a_tombstone(requested_seq: int, *, lifted: bool) -> None:
    """P6: asked for before we wrote it says nothing of its removal."""
    standing = found(remote("page", misses=1), objects=(ours(),), requested_seq=requested_seq)
    assert isinstance(standing, Unmade) is lifted


@pytest.mark.parametrize("key", ["soundcloud:set:1", "root"])
def test_a_playlist_that_is_asked_for_again_comes_back_with_the_folder_it_lies_in(key: str) -> None:
    """P6: `sync follow` and `sync refetch` lift the tombstone of a playlist's file, row and folder."""
    gone = remote("folder", target="eagle", kind="folder", key=key, misses=1)
    left = TargetObject(target="eagle", kind="folder", key=key, remote_id="folder", last_seq=5)
    folder = WantedObject(target="eagle", kind="folder", key=key, label="Mix", fields={}, owners={})

    def standing(requested_seq: int) -> Standing:
        mix = Playlist(ref="soundcloud:set:1", seen=True, requested_seq=requested_seq)
        return locate(indexed(remotes=(gone,), objects=(left,), playlists=(mix,)), folder, {})

    assert isinstance(standing(4), Removed)
    assert standing(6) == Unmade()


def test_what_we_trashed_ourselves_is_free_to_be_made_again() -> None:
    """I44: our own removal is no person's tombstone."""
    assert found(remote("page", live=False), objects=(ours(trashed=True),)) == Unmade()


def test_rows_are_adopted_by_address_then_id_then_code() -> None:
    """Design §8: the strongest evidence decides, though a weaker one points elsewhere."""
    by_url, by_id, by_isrc = remote("a", soundcloud_url="u"), remote("b", soundcloud_id=1), remote("c", isrc="X")
    assert found(by_url, by_id, by_isrc) == Bound(remote=by_url, written=None, adopted=True)
    assert found(by_id, by_isrc) == Bound(remote=by_id, written=None, adopted=True)
    assert found(by_isrc) == Bound(remote=by_isrc, written=None, adopted=True)
    assert found(remote("d", title="T")) == Unmade()


def test_a_number_that_came_back_as_a_decimal_is_the_same_number() -> None:
    """F6: Notion gives every number as it likes."""
    assert isinstance(found(remote("b", soundcloud_id=1.0)), Bound)


def test_two_rows_that_look_alike_are_for_a_person_whatever_weaker_evidence_says() -> None:
    """Design §8: else the review queue; a weaker match does not break the tie."""
    standing = found(remote("a", soundcloud_url="u"), remote("b", soundcloud_url="u"), remote("c", isrc="X"))
    assert standing == Ambiguous(remote_ids=("a", "b"), reason="several objects have the same soundcloud_url")


def steps(
    standing: Standing, supported: frozenset[str] | None = None, **parts: Fields | tuple[str, ...]
) -> list[object]:
    """Compare our wanted row with where it stands."""
    return list(compare(indexed(objects=(ours(),)), wanted(**parts), standing, supported))


def test_a_creation_sends_what_is_known_and_the_schema_holds() -> None:
    """F30, F53: no unknown value and no unknown property is sent."""
    (create,) = steps(Unmade(), frozenset({"title", "status", "album"}))
    assert isinstance(create, Action)
    assert create.written == {"title": "T", "status": ("Private",)}
    assert (create.operation, create.remote_id, create.risk, create.causes) == (Operation.CREATE, None, "low", (3,))


def test_an_adoption_keeps_a_persons_words_and_says_why() -> None:
    """I24: the title that was there stays; ours are filled in beside the person's."""
    row = remote("a", title="Theirs", isrc=None, status=("mine", "Private"), soundcloud_url="u")
    (adopt,) = steps(Bound(remote=row, written=None, adopted=True))
    assert isinstance(adopt, Action)
    assert (adopt.operation, adopt.remote_id, adopt.reason) == (Operation.ADOPT, "a", "it was there before us")
    assert adopt.changes == (Change(field="isrc", before=None, after="X", owner="engine"),)


def test_nothing_is_written_where_nothing_differs_or_may_be_written() -> None:
    """I22, F53: a field the schema lacks, or one sent at birth only, is no difference."""
    row = remote("page", key=KEY, isrc="X", status=("Private",))
    assert steps(Bound(remote=row, written=ours(), adopted=False)) == []
    row = remote("page", key=KEY, isrc="Y", status=("Private",))
    assert steps(Bound(remote=row, written=ours(), adopted=False), frozenset({"status"})) == []
    assert steps(Bound(remote=row, written=ours(), adopted=False), only_at_birth=("isrc",)) == []


def test_what_was_removed_or_is_ambiguous_is_not_written() -> None:
    """P6, I30: a wait says which, and a conflict names the candidates."""
    (wait,) = steps(Removed(why="it is in the trash"))
    assert isinstance(wait, Waiting)
    assert (wait.why, wait.detail, wait.key) == ("dismissed", "it is in the trash", KEY)
    conflict, wait = steps(Ambiguous(remote_ids=("b", "a"), reason="two"))
    assert isinstance(conflict, ConflictFound)
    assert isinstance(wait, Waiting)
    assert (conflict.field, conflict.found, conflict.wanted, wait.why) == ("(object)", ("a", "b"), KEY, "conflict")


def test_an_action_has_another_id_for_every_other_situation() -> None:
    """Design §7: target, object, delta, what was found and how often it was written; a retry is the same."""
    change = Change(field="isrc", before=None, after="X", owner="engine")
    bare, row = indexed(), remote("page")

    def identity(
        operation: Operation = Operation.UPDATE, changes: tuple[Change, ...] = (change,), index: object = bare
    ) -> str:
        assert isinstance(index, type(bare))
        return build_action(index, wanted(), operation, row, changes, "why").action_id

    written = TargetObject(target="notion", kind="track", key=KEY, remote_id="page", generation=1)
    asked_for = Recording(recording_id=KEY, requested_seq=7)
    ids = {
        identity(),
        identity(Operation.ADOPT),
        identity(changes=(Change(field="isrc", before=None, after="Y", owner="engine"),)),
        identity(changes=(Change(field="isrc", before="Z", after="X", owner="engine"),)),
        identity(index=indexed(objects=(written,))),
        identity(index=indexed(recordings=(asked_for,))),
        build_action(bare, wanted(), Operation.UPDATE, remote("other"), (change,), "why").action_id,
    }
    assert len(ids) == 7
    assert build_action(bare, wanted(), Operation.UPDATE, row, (change,), "another reason").action_id == identity()
    assert all(len(each) == 32 for each in ids)


def listed(*numbers: int) -> Story:
    """Give a world with tracks in one playlist, everything scanned."""
    story = Story()
    story.tell(*(track(number) for number in numbers))
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in numbers])
    story.link()
    return story


def test_one_row_is_not_adopted_by_two_recordings() -> None:
    """I22, I30: the second waits until the first has its key on the row, and then makes its own."""
    story = listed(1, 2)
    story.tell(track(1, isrc="USA1"), track(2, isrc="USA1"))
    story.tell(RemoteSeen(target="notion", kind="track", remote_id="old", key=None, fields={"isrc": "USA1"}))
    story.scanned()
    policy = Policy(targets=("notion",), library_root="/music")
    for action in story.plan(policy).actions:
        story.perform(action)
    plan = story.plan(policy)
    assert [(action.operation, action.remote_id) for action in plan.actions] == [(Operation.ADOPT, "old")]
    assert [wait.detail for wait in plan.waiting if wait.why == "follows"] == [f"after {plan.actions[0].key}"]
    story.perform(plan.actions[0])
    (create,) = story.plan(policy).actions
    assert (create.operation, create.key != plan.actions[0].key) == (Operation.CREATE, True)


def test_a_row_we_wrote_is_never_adopted_though_its_key_was_taken_off() -> None:
    """P19: claimed rows are bound to their recording, with or without the key a person may delete."""
    story = listed(1)
    story.scanned()
    for _ in range(3):
        for action in story.plan().actions:
            story.perform(action)
    state = story.state()
    (page,) = [row for row in state.remotes.values() if (row.target, row.kind) == ("notion", "track")]
    bare: Fields = {**page.fields, "sync_key": None}
    story.tell(RemoteSeen(target="notion", kind="track", remote_id=page.remote_id, key=None, fields=bare))
    (update,) = story.plan().actions
    assert (update.operation, update.remote_id, update.written) == (
        Operation.UPDATE, page.remote_id, {"sync_key": page.key},
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(choice=st.sampled_from(["ours", "theirs", "vanished", None]))
def test_a_conflict_waits_for_one_of_two_words(choice: str | None) -> None:
    """Design §8: only "ours" writes, only "theirs" keeps; anything else is still a question."""
    row = remote("page", key=KEY, isrc="THEIRS", status=("Private",))
    bound = Bound(remote=row, written=None, adopted=False)
    shared = WantedObject(
        target="notion", kind="track", key=KEY, label="T", fields={"isrc": "X"}, owners={"isrc": Owner.SHARED}
    )
    index = indexed()
    (conflict,) = compare(index, shared, bound, None)
    assert isinstance(conflict, ConflictFound)
    assert (conflict.base, conflict.wanted, conflict.found) == (None, "X", "THEIRS")
    story = Story()
    if choice:
        story.tell(ConflictResolved(conflict_id=conflict.conflict_id, choice=choice))
        index.state.conflicts.update(story.state().conflicts)
    result = compare(index, shared, bound, None)
    if choice == "ours":
        (update,) = result
        assert isinstance(update, Action)
        assert update.written == {"isrc": "X"}
    else:
        assert result == (() if choice == "theirs" else (conflict,))


def test_removals_wait_for_a_complete_scan_of_their_target() -> None:
    """I42: with another library open, or half a scan, nothing is removed there."""
    story = Story()
    story.tell(*(track(number) for number in range(12)))
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in range(12)])
    story.link()
    story.scanned()
    policy = Policy(library_root="/music", keep_departed=False)
    for _ in range(4):
        for action in story.plan(policy).actions:
            story.perform(action)
        story.scanned()
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in range(1, 12)])
    story.now_us += 2 * 86_400_000_000
    story.tell(ScanCompleted(scope="soundcloud:set:1", complete=True, count=11, set_hash=""))
    trashes = [action.target for action in story.plan(policy).actions if action.operation is Operation.TRASH]
    assert sorted(trashes) == ["eagle", "notion"]
    story.tell(ScanCompleted(scope="eagle:item", complete=False, count=0, set_hash=""))
    plan = story.plan(policy)
    assert [action.target for action in plan.actions if action.operation is Operation.TRASH] == ["notion"]
    assert [(wait.target, wait.object_kind) for wait in plan.waiting if wait.why == "unseen"] == [("eagle", "item")]


def test_a_persons_tags_outlive_what_we_put_beside_them() -> None:
    """F11, I46: adopted with tags of its own, an item keeps them through every later round."""
    story = listed(1)
    fields: Fields = {"website": "https://soundcloud.com/a/1", "tags": ("mine",), "name": "Theirs"}
    story.tell(RemoteSeen(target="eagle", kind="item", remote_id="OLD", key=None, fields=fields))
    story.scanned()
    for _ in range(4):
        for action in story.plan().actions:
            story.perform(action)
        story.scanned()
    assert not story.plan().actions
    item = story.state().remotes["eagle/OLD"]
    assert item.fields["tags"] == ("AIFF", "Artist 1", "M4A", "Mix", "mine", "soundcloud")
    assert story.state().objects[object_key("eagle", "item", next(iter(story.state().recordings)))].base["tags"] == (
        "AIFF", "Artist 1", "M4A", "Mix", "soundcloud",
    )  # fmt: skip


def test_what_belongs_to_a_refused_parent_waits_without_a_trace() -> None:
    """Design §7: parents before children; a folder is not sent while the one above it cannot be made."""
    story = listed(1)
    story.scanned()
    (root,) = [action for action in story.plan().actions if action.key == "root"]
    problem = Problem(failure=FailureClass.INVALID_REQUEST, detail="no")
    story.tell(ActionRefused(action_id=root.action_id, attempt=1, problem=problem))
    plan = story.plan()
    assert "eagle" not in {action.target for action in plan.actions}
    waits = {(wait.key, wait.why, wait.detail) for wait in plan.waiting if wait.object_kind == "folder"}
    assert waits == {("root", "refused", "no"), ("soundcloud:set:1", "follows", "after eagle/folder/root")}


def test_a_recording_that_was_thrown_away_is_not_fetched() -> None:
    """P6: dismissed before its first download, it says so and waits."""
    story = listed(1)
    story.scanned()
    (key,) = story.state().recordings
    story.tell(RecordingDismissed(recording_id=key, reason="not mine"))
    plan = story.plan()
    assert "FetchRecording" not in {str(action.kind) for action in plan.actions}
    assert ("dismissed", "not mine") in {(wait.why, wait.detail) for wait in plan.waiting}
