"""What else is undone: one run among several, removals, decisions, merges, upgrades; and any few actions, twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cli.render.status import status_text
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, LockHeldError, UsageError
from engine.domain.events import (
    MatchAsked,
    RecordingLinked,
    RenditionReturned,
    RenditionVerified,
    TrackSeen,
    UpgradeTaken,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.references import question_id, recording_id
from engine.projections.rows import ActionState
from engine.reconciler.undoing import Why
from engine.workflows.decide import dismiss, refetch, unfollow
from engine.workflows.review import answer
from engine.workflows.run import running
from engine.workflows.status import status, status_now
from engine.workflows.undo import Preview, preview
from engine.workflows.undo_story import find_meant
from engine.workflows.upgrades import take
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.target import Mishap
from tests.workflows.test_acting import only_notion
from tests.workflows.undo_world import (
    books,
    files,
    first_run,
    renamed,
    undone,
)


def test_an_action_belongs_to_the_run_that_sent_it(place: Place) -> None:
    """A later run's probe confirms what an earlier one did; the earlier one's undo takes it back."""
    only_notion(place)
    place.follow("Crate", (1,))
    place.targets["notion"].script += [Mishap.LOST_AFTER]
    place.targets["notion"].unclear = 99
    first = place.reconcile().run_id
    page = next(row for row in place.state().actions.values() if row.state.unsettled)
    assert preview(place.world(), first, 9).exit_code is ExitCode.PARTIAL
    left = preview(place.world(), first).undoing.left
    assert [each.why for each in left] == [Why.UNKNOWN]
    assert preview(place.world(), page.action_id).undoing.left == left
    place.targets["notion"].unclear = 0
    second = place.reconcile().run_id
    assert place.state().actions[page.action_id].state is ActionState.DONE
    undoes = {run_id: _reasons(preview(place.world(), run_id, 9)) for run_id in (first, second)}
    assert f"undoes CreatePage {page.action_id[:8]}" in undoes[first] - undoes[second]


def test_what_was_put_off_belongs_to_the_run_that_did_it(place: Place) -> None:
    """An attempt that was not applied is nothing to undo."""
    only_notion(place)
    place.follow("Crate", (1,))
    place.targets["notion"].script.append(
        Problem(failure=FailureClass.RATE_LIMITED, detail="slow down", retry_after_s=3600.0)
    )
    first = place.reconcile().run_id
    place.clock.pass_s(3601)
    second = place.reconcile().run_id
    undoes = {run_id: preview(place.world(), run_id, 9).undoing.actions for run_id in (first, second)}
    assert (len(undoes[first]), len(undoes[second])) == (0, 2)


def _reasons(found: Preview) -> set[str]:
    return {action.reason for action in found.undoing.actions}


def test_nothing_is_undone_of_what_was_not_done(place: Place) -> None:
    """What was refused or put off changed nothing."""
    place.follow("Crate", (1,))
    place.targets["library"].script.append(Problem(failure=FailureClass.VERIFY_FAILED, detail="no audio"))
    place.reconcile()
    fetch = next(row for row in place.state().actions.values() if row.kind == "FetchRecording")
    found = preview(place.world(), fetch.action_id)
    assert found.idle
    assert (found.undoing.actions, found.undoing.left, found.exit_code) == ((), (), ExitCode.FINE)


def test_the_last_run_is_the_last_that_changed_anything(place: Place) -> None:
    """To undo twice never does it again; a run that changed nothing is passed over."""
    with pytest.raises(UsageError, match="no run has changed anything"):
        find_meant(place.journal, "last")
    run_id = first_run(place)
    place.reconcile()
    assert find_meant(place.journal, "last").key == run_id
    undone(place, "last")
    assert find_meant(place.journal, "last").key == run_id
    assert preview(place.world(), "last").idle


def test_a_run_that_is_going_on_holds_the_lock(place: Place) -> None:
    """Exit code 24: one run at a time."""
    run_id = first_run(place)
    with running(place.world(), "reconcile"):
        other = Place(path=place.path, source=place.source, targets=place.targets)
        other.processes.owner = "them"
        with pytest.raises(LockHeldError):
            undone(other, run_id)
        other.close()


def test_a_removal_undone_stays_undone(place: Place) -> None:
    """Design §9: what left every playlist and was brought back by a person is not removed again."""
    place.policy = replace(place.policy, keep_departed=False)
    first_run(place, (1, 2, 3, 4, 5, 6, 7))
    place.follow("Crate", (1, 2, 3, 4, 5, 6))
    place.reconcile()
    place.clock.pass_s(DAY_S)
    removing = place.reconcile()
    assert len(place.targets["notion"].live("track")) == len(place.targets["eagle"].live("item")) == 6
    result = undone(place, removing.run_id)
    assert {action.kind for action in result.undoing.actions} == {"RestorePage", "RestoreItem"}
    sent = place.sends()
    place.reconcile()
    assert place.sends() == sent
    assert len(place.targets["notion"].live("track")) == 7
    undone(place, result.run_id)
    assert len(place.targets["notion"].live("track")) == 6


def test_the_status_counts_what_is_held_back(place: Place) -> None:
    """Issue 3: what is undone and stays so is seen at a glance, live and as of a journal position."""
    first_run(place, (1,))
    before = status_now(place.journal, 0)
    undone(place, "last")
    found = status_now(place.journal, 0)
    assert (before.held_back, found.held_back) == (0, 4)
    assert replace(status(place.state(), 0), next=()) == replace(found, next=())
    assert "4 objects left so: sync -v plan" in status_text(found)
    refetch(place.journal, recording_id("soundcloud:track:1"))
    assert status_now(place.journal, 0).held_back == 2


# --- decisions ------------------------------------------------------------------------------------------------------


def test_a_decision_is_undone_by_its_event_without_a_look(place: Place) -> None:
    """A dismissal taken back asks no target; taken back again it stands with its reason."""
    first_run(place)
    key = recording_id("soundcloud:track:1")
    seq = dismiss(place.journal, key, "wrong take").seq
    scans = place.targets["notion"].counts["scan"]
    result = undone(place, str(seq))
    assert place.state().recordings[key].dismissed is None
    assert place.targets["notion"].counts["scan"] == scans
    undone(place, result.run_id)
    assert place.state().recordings[key].dismissed == "wrong take"


def test_an_unfollowed_playlist_is_followed_again(place: Place) -> None:
    """What a person configured is theirs to take back."""
    first_run(place)
    place.urls = ()
    seq = unfollow(place.journal, "Crate").seq
    undone(place, str(seq))
    assert place.state().playlists["soundcloud:set:9"].active
    with pytest.raises(UsageError, match="nobody decided"):
        find_meant(place.journal, "1")


def merge(place: Place, absorbed: int, into: int) -> int:
    """Let a person say that two recordings are one; gives the answer's seq."""
    newer, older = (recording_id(f"soundcloud:track:{number}") for number in (absorbed, into))
    question = question_id(newer, older)
    asked = MatchAsked(
        question_id=question, newer=newer, older=older, names="same", score=3.0, evidence=(), policy_version="1"
    )
    place.journal.append([Draft(event=asked)], Origin(actor="engine"))
    return answer(place.journal, question, "same").seq or 0


def test_a_merge_taken_back_brings_back_what_was_trashed_for_it(place: Place) -> None:
    """Issue 3, I45: an answer undone restores row, item and file, whichever run removed them, and they stay."""
    first_run(place)
    before = books(place)
    seq = merge(place, 2, 1)
    place.reconcile()
    assert len(place.targets["notion"].live("track")) == len(place.targets["eagle"].live("item")) == 2
    assert len(files(place)) == 4
    merged = books(place)
    result = undone(place, str(seq))
    assert {action.kind for action in result.undoing.actions} >= {"RestorePage", "RestoreItem", "RestoreAudio"}
    key = recording_id("soundcloud:track:2")
    assert place.state().recordings[key].merged_into is None
    place.reconcile()
    assert kinds(books(place)) == kinds(before)
    question = question_id(key, recording_id("soundcloud:track:1"))
    assert place.state().questions[question].open
    assert preview(place.world(), question).idle
    undone(place, result.run_id)
    place.reconcile()
    assert kinds(books(place)) == kinds(merged)
    assert place.state().recordings[key].merged_into == recording_id("soundcloud:track:1")
    assert find_meant(place.journal, question[:8]).label == f"the answer to {question}"


def kinds(found: dict[str, dict[str, object]]) -> dict[str, list[str]]:
    """Give what there is, by id alone."""
    return {name: sorted(things) for name, things in found.items()}


def test_a_question_without_an_answer_has_nothing_to_take_back(place: Place) -> None:
    """Exit code 2, with the way to answer it; ids that begin alike are named."""
    for newer in ("ra", "rb"):
        asked = MatchAsked(
            question_id=f"qsame{newer}", newer=newer, older="rc", names="same", score=3.0, evidence=(),
            policy_version="1",
        )  # fmt: skip
        place.journal.append([Draft(event=asked)], Origin(actor="engine"))
    with pytest.raises(UsageError, match="no answer to take back"):
        find_meant(place.journal, "qsamera")
    with pytest.raises(UsageError, match="means 2 questions"):
        find_meant(place.journal, "qsame")
    with pytest.raises(UsageError, match="nothing known"):
        find_meant(place.journal, "q")


def test_an_upgrade_is_undone_by_putting_the_old_file_in_its_place(place: Place) -> None:
    """I56: which file was where, and what from, is told by the journal; moved since, it is where it was found."""
    key, better = recording_id("soundcloud:track:1"), "file:audio:abc"
    first_run(place, (1,))
    old = sorted(row.path for row in place.state().renditions.values())
    seen = TrackSeen(ref=better, title="Title 1", url="", artist="Artist 1", duration_ms=200_000,
                     availability=Availability.AVAILABLE, local_path="/music/1.flac")  # fmt: skip
    link = RecordingLinked(recording_id=key, ref=better, rule="same_isrc", evidence=(), beaten=(), policy_version="0")
    place.journal.append([Draft(event=event) for event in (seen, link)], Origin(actor="engine"))
    assert preview(place.world(), "last", 9).undoing.actions
    moved = next(row for row in place.state().renditions.values() if row.path == old[0])
    returned = RenditionReturned(
        rendition_id=moved.rendition_id, path=moved.path, size_bytes=1, mtime_ns=2, file_sha256=moved.file_sha256
    )
    place.journal.append([Draft(event=returned)], Origin(actor="engine"))
    seq = take(place.journal, key, better).seq
    run_id = place.reconcile().run_id
    verified = place.events("rendition.verified")[-1]
    assert isinstance(verified, RenditionVerified)
    later = replace(verified, rendition_id="fwav", profile="wav", path="Artist 1/Title 1.wav")
    place.journal.append([Draft(event=later)], Origin(actor="engine"))
    actions = [each for each in preview(place.world(), run_id, 9).undoing.actions if each.object_kind == "audio"]
    assert sorted(each.remote_id or "" for each in actions) == old
    assert {each.written["origin_ref"] for each in actions} == {"soundcloud:track:1"}
    assert preview(place.world(), str(seq)).undoing.decisions == (
        UpgradeTaken(recording_id=key, ref="", reason="undone"),
    )


# --- properties -----------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_undone_and_redone_is_as_before_for_any_actions(make_place: Callable[[], Place], data: st.DataObject) -> None:
    """Undo of undo is the identity: any actions undone one by one, then each of those undos undone, in any order."""
    place = make_place()
    first_run(place, (1, 2))
    renamed(place)
    before = books(place)
    done = sorted(row.action_id for row in place.state().actions.values() if row.state is ActionState.DONE)
    chosen = data.draw(st.lists(st.sampled_from(done), unique=True, max_size=5))
    runs = [undone(place, action_id).run_id for action_id in chosen]
    quiet = place.sends()
    place.reconcile()
    settled = place.sends()
    place.reconcile()
    assert place.sends() == settled >= quiet
    for run_id in reversed(runs):
        undone(place, run_id)
    place.reconcile()
    assert books(place) == before
    place.close()
