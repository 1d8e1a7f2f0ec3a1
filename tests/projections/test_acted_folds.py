"""What our own deeds make of their rows: objects, conflicts, runs, breakers, recordings and renditions."""

from __future__ import annotations

import pytest

from engine.domain.events import (
    ActionClaimed,
    ActionDone,
    ActionProbed,
    ActionSuperseded,
    Audio,
    BreakerTripped,
    ConflictOpened,
    ConflictResolved,
    Event,
    RecordingDismissed,
    RecordingLinked,
    RecordingRequested,
    RenditionMissed,
    RenditionReturned,
    RenditionVerified,
    RunCheckpointed,
    RunFinished,
    RunStarted,
)
from engine.domain.plan import ActionKind
from engine.domain.value import Fields
from engine.projections.registry import as_state, empty_rows, fold
from engine.projections.rows import ActionState, TargetObject
from engine.projections.state import State
from tests.projections.every_event import recorded


def after(*events: Event) -> State:
    """Give the state after events, one every millisecond."""
    return as_state(fold(empty_rows(), recorded(events)), journal_id="j", head_seq=len(events), head_hash="h")


def done(held: Fields, *, kind: str = "UpdatePage", remote_id: str = "page") -> ActionDone:
    """Give a confirmed write."""
    return ActionDone(
        action_id="a", attempt=1, kind=kind, target="notion", object_kind="track", key="r", remote_id=remote_id,
        held=held, evidence="read back",
    )  # fmt: skip


def written(*events: Event) -> TargetObject:
    """Give the object the writes were about."""
    return after(*events).objects["notion/track/r"]


def test_the_base_grows_by_what_each_write_left() -> None:
    """I33: fields of earlier writes stay, those of the last one win, and each write is counted."""
    row = written(done({"title": "A", "isrc": "X"}), done({"title": "B"}))
    assert (row.base, row.generation, row.trashed) == ({"title": "B", "isrc": "X"}, 2, False)


def test_another_remote_has_no_base_yet() -> None:
    """I33: what we wrote on one page says nothing of another."""
    row = written(done({"title": "A", "isrc": "X"}), done({"title": "B"}, remote_id="other"))
    assert (row.base, row.remote_id) == ({"title": "B"}, "other")


@pytest.mark.parametrize("kind", ActionKind)
def test_only_what_we_removed_is_trashed(kind: ActionKind) -> None:
    """I45: what lies in the trash keeps its base, for when it is taken out again."""
    removed = kind.startswith("Trash")
    row = written(done({"title": "A", "isrc": "X"}), done({"title": "B"}, kind=kind))
    assert row.trashed is removed
    assert row.base == {"title": "B", "isrc": "X"}


@pytest.mark.parametrize("kind", ActionKind)
def test_what_is_made_again_after_a_removal_starts_from_nothing(kind: ActionKind) -> None:
    """I33: an item has the same id each time it is made, and only what was restored holds what we left there."""
    known = kind.startswith(("Trash", "Restore"))
    trashed = done({}, kind=ActionKind.TRASH_ITEM)
    row = written(done({"title": "A", "isrc": "X"}), trashed, done({"title": "B"}, kind=kind))
    assert row.base == ({"title": "B", "isrc": "X"} if known else {"title": "B"})


def test_an_action_known_by_a_later_event_alone_still_has_a_row() -> None:
    """F40: no order of events breaks a fold."""
    claimed = ActionClaimed(action_id="a", attempt=1, owner="w")
    assert after(claimed).actions["a"].state is ActionState.CLAIMED
    assert after(claimed).actions["a"].first_us == 1_000
    probed = ActionProbed(action_id="a", attempt=1, verdict="absent", remote_ids=())
    assert after(probed).actions["a"].state is ActionState.CLAIMED
    assert after(ActionSuperseded(action_id="a", attempt=1, reason="")).actions["a"].state is ActionState.SUPERSEDED
    assert after(done({})).actions["a"].remote_id == "page"


OPENED = ConflictOpened(
    conflict_id="c", target="notion", object_kind="track", key="r", field="isrc", base="B", wanted="W", found="F",
    reason="both changed it",
)  # fmt: skip


def test_a_conflict_keeps_both_values_and_the_choice() -> None:
    """I46: nothing of what was at stake is lost by deciding it."""
    row = after(OPENED, ConflictResolved(conflict_id="c", choice="ours")).conflicts["c"]
    assert (row.base, row.wanted, row.found, row.choice, row.opened_seq, row.version) == ("B", "W", "F", "ours", 1, 2)


def test_a_conflict_that_opens_again_is_undecided() -> None:
    """Design §8: a choice is good for the conflict it was made for."""
    row = after(OPENED, ConflictResolved(conflict_id="c", choice="vanished"), OPENED).conflicts["c"]
    assert (row.choice, row.opened_seq, row.last_seq) == (None, 1, 3)
    assert after(ConflictResolved(conflict_id="c", choice="theirs")).conflicts["c"].choice == "theirs"


STARTED = RunStarted(run_id="u", command="reconcile", arguments=("--yes",), config_hash="h", program_version="1")
CHECKPOINT = RunCheckpointed(run_id="u", scope="notion:track", window="1..9", count=9)
FINISHED = RunFinished(run_id="u", exit_code=0, counts={"done": 2}, requests={"notion": 3}, stages={"act": 5})


def test_a_run_is_open_until_it_says_it_ended() -> None:
    """I28: a run without an end was cut off, and shows as such."""
    row = after(STARTED, CHECKPOINT, CHECKPOINT).runs["u"]
    assert (row.finished_us, row.exit_code, row.checkpoints) == (None, None, ("notion:track 1..9: 9",) * 2)
    row = after(STARTED, CHECKPOINT, FINISHED).runs["u"]
    assert (row.started_us, row.finished_us, row.exit_code, row.counts, row.requests, row.stages) == (
        1_000, 3_000, 0, {"done": 2}, {"notion": 3}, {"act": 5},
    )  # fmt: skip
    assert row.command == "reconcile"


def test_a_run_whose_start_is_not_known_still_has_a_row() -> None:
    """F40: a checkpoint or an end alone breaks nothing."""
    assert after(CHECKPOINT).runs["u"].started_us == 1_000
    assert after(FINISHED).runs["u"].exit_code == 0


def test_a_breaker_counts_its_trips() -> None:
    """P8: how often a remote was left alone, and until when."""
    row = after(*(BreakerTripped(remote="notion", unknowns=5, until_us=until) for until in (7, 9))).health["notion"]
    assert (row.trips, row.until_us, row.last_seq) == (2, 9, 2)


def linked(ref: str, rule: str) -> RecordingLinked:
    """Give a decision about one sighting."""
    return RecordingLinked(recording_id="r", ref=ref, rule=rule, evidence=(), beaten=(), policy_version="1")


def test_a_recording_holds_each_sighting_once_with_the_rule_that_linked_it() -> None:
    """Design §5: refs and rules stay side by side."""
    row = after(linked("a", "founding"), linked("b", "same_isrc"), linked("a", "person")).recordings["r"]
    assert dict(zip(row.refs, row.rules, strict=True)) == {"a": "founding", "b": "same_isrc"}


def test_a_tombstone_lasts_until_a_person_asks_again() -> None:
    """P6: dismissed stays dismissed through links; a request lifts it and says when."""
    dismissed = RecordingDismissed(recording_id="r", reason="no")
    assert after(dismissed, linked("a", "founding")).recordings["r"].dismissed == "no"
    row = after(dismissed, RecordingRequested(recording_id="r", reason="yes")).recordings["r"]
    assert (row.dismissed, row.requested_seq) == (None, 2)


VERIFIED = RenditionVerified(
    rendition_id="f", recording_id="r", profile="aiff", source_ref="soundcloud:track:1", path="a.aiff", size_bytes=9,
    mtime_ns=1, file_sha256="s", audio=Audio(format="aiff", codec="pcm", duration_ms=5),
)  # fmt: skip
GONE = RenditionMissed(rendition_id="f", path="a.aiff")
BACK = RenditionReturned(rendition_id="f", path="b.aiff", size_bytes=9, mtime_ns=2, file_sha256="s")


def test_a_file_that_is_gone_is_missing_not_forgotten() -> None:
    """P5: missing is a state, dated by the first scan that lacked the file."""
    row = after(VERIFIED, GONE, GONE).renditions["f"]
    assert (row.present, row.misses, row.missed_us, row.path, row.verified_seq) == (False, 2, 2_000, "a.aiff", 1)


def test_a_file_that_came_back_elsewhere_keeps_its_measurements() -> None:
    """P20: moved by a person, it is the same rendition at another path."""
    row = after(VERIFIED, GONE, BACK).renditions["f"]
    assert (row.present, row.misses, row.missed_us, row.path, row.audio.duration_ms) == (True, 0, None, "b.aiff", 5)


def test_a_file_verified_again_starts_with_a_clean_record() -> None:
    """P5: fetched again, it is present and its verification is the new one."""
    row = after(VERIFIED, GONE, VERIFIED).renditions["f"]
    assert (row.present, row.misses, row.verified_seq) == (True, 0, 3)


def test_files_we_never_verified_have_no_row() -> None:
    """F23: only a verification makes a rendition."""
    assert not after(GONE, BACK).renditions
