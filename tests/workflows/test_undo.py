"""Undo through the whole engine: what a run did is taken back at the targets themselves, and stays taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cli.render.status import status_text
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, InterruptedRunError, LockHeldError, UsageError
from engine.domain.events import (
    MatchAsked,
    RecordingLinked,
    RenditionReturned,
    RenditionVerified,
    TrackSeen,
    UpgradeTaken,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Plan
from engine.domain.references import question_id, recording_id
from engine.projections.rows import ActionState
from engine.reconciler.policy import EVERYTHING
from engine.reconciler.undoing import Why
from engine.workflows.decide import dismiss, refetch, unfollow
from engine.workflows.plan_file import make_plan
from engine.workflows.review import answer
from engine.workflows.run import running
from engine.workflows.status import status, status_now
from engine.workflows.undo import Preview, Undone, preview, undo
from engine.workflows.undo_story import find_meant
from engine.workflows.upgrades import take
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import track
from tests.fakes.target import Mishap, Thing
from tests.workflows.test_acting import only_notion

REMOVALS = 100
THREE = (1, 2, 3)


def undone(place: Place, thing: str, allow_removals: int = REMOVALS) -> Undone:
    """Undo a thing."""
    return undo(place.world(), find_meant(place.journal, thing), allow_removals)


def books(place: Place) -> dict[str, dict[str, object]]:
    """Give what every target holds, by its own books: what is live, with its fields, and the files that are there."""
    found: dict[str, dict[str, object]] = {
        name: {
            each.remote_id: (each.key, each.fields)
            for each in target.things.values()
            if each.live and each.kind != "audio"
        }
        for name, target in place.targets.items()
    }
    return {**found, "files": dict.fromkeys(files(place))}


def files(place: Place) -> set[str]:
    """Give the paths of the audio files that are there."""
    library = place.targets["library"]
    things = [each for each in library.live("audio") if "profiles" in each.fields]
    ends = (("original", "m4a"), ("aiff", "aiff"))
    paths = {f"{each.fields['path']}.{end}" for each in things for name, end in ends if name in _profiles(each)}
    return paths - library.away


def _profiles(each: Thing) -> tuple[str, ...]:
    profiles = each.fields["profiles"]
    assert isinstance(profiles, tuple)
    return profiles


def waits(plan: Plan) -> set[str]:
    """Give why things wait."""
    return {wait.why for wait in plan.waiting}


def test_undoing_the_first_run_trashes_what_it_made_and_it_stays_undone(place: Place) -> None:
    """Issue 3: pages, items and playlist files go to the trash; files and folders stay; the next plan is empty."""
    place.follow("Crate", THREE)
    assert place.reconcile().exit_code is ExitCode.FINE
    before = books(place)
    result = undone(place, "last")
    assert result.exit_code is ExitCode.FINE
    assert len(files(place)) == 6
    assert place.targets["library"].live("playlist") == []
    assert place.targets["notion"].live("track") == place.targets["notion"].live("playlist") == []
    assert place.targets["eagle"].live("item") == []
    assert len(place.targets["eagle"].live("folder")) == 2
    sent = place.sends()
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.sends() == sent
    assert "withheld" in waits(make_plan(place.world(), EVERYTHING))
    assert undone(place, result.run_id).exit_code is ExitCode.FINE
    assert books(place) == before
    sent = place.sends()
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.sends() == sent
    assert "withheld" not in waits(make_plan(place.world(), EVERYTHING))


def first_run(place: Place, numbers: tuple[int, ...] = THREE) -> str:
    """Follow a crate and reconcile; gives the run's id."""
    place.follow("Crate", numbers)
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    return result.run_id


def renamed(place: Place) -> str:
    """Let the source say more of a track, and reconcile; gives the run's id."""
    place.source.tracks["soundcloud:track:1"] = track(1, isrc="GBAAA0000001")
    place.source.describes_everything = True
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    return result.run_id


def row_of(place: Place, number: int = 1) -> Thing:
    """Give a track's row in Notion."""
    return place.targets["notion"].of_key("track", recording_id(f"soundcloud:track:{number}"))


def test_an_update_is_undone_and_not_done_again(place: Place) -> None:
    """I20, I46: the old value is back, the field is left alone, everything else goes on being kept in step."""
    first_run(place)
    run_id = renamed(place)
    assert row_of(place).fields["isrc"] == "GBAAA0000001"
    result = undone(place, run_id)
    assert [action.kind for action in result.undoing.actions] == ["UpdatePage"]
    assert row_of(place).fields["isrc"] is None
    place.reconcile()
    assert row_of(place).fields["isrc"] is None
    (wait,) = (wait for wait in make_plan(place.world(), EVERYTHING).waiting if wait.why == "withheld")
    assert wait.detail.startswith("you undid isrc; `sync refetch`")
    place.follow("Other", (1,), number=10)
    place.reconcile()
    assert len(row_of(place).fields["playlists"] or ()) == 2  # type: ignore[arg-type]  # a set of pages
    undone(place, result.run_id)
    assert row_of(place).fields["isrc"] == "GBAAA0000001"
    assert "withheld" not in waits(make_plan(place.world(), EVERYTHING))


def test_what_a_person_changed_between_is_theirs(place: Place) -> None:
    """I46, I48: an edited field is left and said, an edited row is not trashed; exit code 21."""
    run_id = first_run(place)
    notion = place.targets["notion"]
    notion.edit(row_of(place, 2).remote_id, isrc="MINE")
    edited = row_of(place, 2)
    later = renamed(place)
    notion.edit(row_of(place).remote_id, isrc="MINE TOO")
    result = undone(place, later)
    assert (result.exit_code, result.undoing.actions) == (ExitCode.NEEDS_PERSON, ())
    assert [left.why for left in result.undoing.left] == [Why.CHANGED]
    result = undone(place, run_id)
    assert result.exit_code is ExitCode.NEEDS_PERSON
    assert row_of(place, 2) == edited
    assert row_of(place).fields["isrc"] == "MINE TOO"
    assert len(notion.live("track")) == 2


def test_asking_again_brings_it_back(place: Place) -> None:
    """Issue 3: `sync refetch` lifts what an undo holds back."""
    first_run(place)
    undone(place, "last")
    refetch(place.journal, recording_id("soundcloud:track:1"))
    place.reconcile()
    assert len(place.targets["notion"].live("track")) == len(place.targets["eagle"].live("item")) == 1
    refetch(place.journal, "soundcloud:set:9")
    place.reconcile()
    assert len(place.targets["library"].live("playlist")) == len(place.targets["notion"].live("playlist")) == 1


def test_one_action_is_undone_alone_and_redone_alone(place: Place) -> None:
    """Issue 3: `sync undo ACTION`; of an action of an undo, what it held back is let go as well."""
    first_run(place)
    before = books(place)
    key = recording_id("soundcloud:track:2")
    made = next(row for row in place.state().actions.values() if (row.kind, row.key) == ("CreatePage", key))
    result = undone(place, made.action_id[:12])
    assert [(action.kind, action.key) for action in result.undoing.actions] == [("TrashPage", key)]
    assert len(place.targets["notion"].live("track")) == 2
    (trashed,) = result.undoing.actions
    undone(place, trashed.action_id)
    assert books(place) == before
    sent = place.sends()
    place.reconcile()
    assert place.sends() == sent
    assert undone(place, made.action_id).undoing.actions[0].action_id != trashed.action_id


def test_a_guard_stops_the_whole_undo(place: Place) -> None:
    """I43: removals of an undo count like any; nothing is decided nor sent until a person allows that many."""
    first_run(place)
    sent, seq = place.sends(), place.journal.head().seq
    result = undone(place, "last", allow_removals=1)
    assert (result.exit_code, place.sends()) == (ExitCode.GUARDED, sent)
    assert "object.withheld" not in place.types_after(seq)
    assert not result.undoing.allowed
    assert preview(place.world(), "last").exit_code is ExitCode.GUARDED
    assert not preview(place.world(), "last").idle


@pytest.mark.parametrize("mishap", [Mishap.LOST_BEFORE, Mishap.LOST_AFTER])
def test_a_lost_answer_is_asked_about_and_the_rest_is_done(place: Place, mishap: Mishap) -> None:
    """I28, I36: what nobody knows is probed, and tried again when it was not applied, in the same undo."""
    first_run(place)
    for target in place.targets.values():
        target.script.append(mishap)
    assert undone(place, "last").exit_code is ExitCode.FINE
    assert place.targets["notion"].live("track") == place.targets["eagle"].live("item") == []
    assert not any(row.state.unsettled for row in place.state().actions.values())


def test_what_is_refused_does_not_stop_the_rest_and_is_tried_when_asked_again(place: Place) -> None:
    """P11, exit code 20: one row that cannot be trashed; the same undo again tries it once more."""
    first_run(place)
    stuck = row_of(place).remote_id
    problem = Problem(failure=FailureClass.INVALID_REQUEST, detail="no")
    place.targets["notion"].verdict = lambda action: problem if action.remote_id == stuck else None
    result = undone(place, "last")
    assert result.exit_code is ExitCode.PARTIAL
    assert [action.remote_id for action in result.remaining] == [stuck]
    assert [row.remote_id for row in place.targets["notion"].live("track")] == [stuck]
    assert place.targets["eagle"].live("item") == []
    place.targets["notion"].verdict = lambda _action: None
    again = undone(place, "last")
    assert (again.exit_code, again.remaining) == (ExitCode.FINE, ())
    assert place.targets["notion"].live("track") == []
    assert preview(place.world(), "last").idle


@pytest.mark.parametrize(("retry_after_s", "code"), [(3.0, ExitCode.FINE), (3600.0, ExitCode.PARTIAL)])
def test_what_is_put_off_is_waited_for_a_while(place: Place, retry_after_s: float, code: ExitCode) -> None:
    """Design §10: a remote's word about time is heeded; short waits are waited out, long ones left to the next undo."""
    first_run(place)
    limited = Problem(failure=FailureClass.RATE_LIMITED, detail="slow down", retry_after_s=retry_after_s)
    place.targets["notion"].script.append(limited)
    assert undone(place, "last").exit_code is code
    place.clock.pass_s(retry_after_s)
    assert undone(place, "last").exit_code is ExitCode.FINE
    assert place.targets["notion"].live("track") == []


def test_what_is_put_off_again_and_again_is_left_to_the_next_undo(place: Place) -> None:
    """Design §10: a remote that is busy is not asked for ever."""
    first_run(place)
    busy = Problem(failure=FailureClass.WRITE_CONFLICT, detail="busy", retry_after_s=0.01)
    place.targets["notion"].verdict = lambda _action: busy
    place.wait_s_max = 10_000.0
    result = undone(place, "last")
    assert (result.exit_code, bool(result.remaining)) == (ExitCode.PARTIAL, True)


def test_a_target_that_cannot_be_read_is_left_for_later(place: Place) -> None:
    """I42: what was not seen whole is not decided; the rest is undone."""
    first_run(place)
    place.targets["notion"].scan_trouble["track"] = Problem(failure=FailureClass.TIMEOUT, detail="cut off")
    result = undone(place, "last")
    assert result.exit_code is ExitCode.PARTIAL
    assert {left.object_kind for left in result.undoing.left if left.why is Why.UNKNOWN} == {"track"}
    assert len(place.targets["notion"].live("track")) == 3
    place.targets["notion"].scan_trouble.clear()
    assert undone(place, "last").exit_code is ExitCode.FINE
    assert place.targets["notion"].live("track") == []


def test_an_undo_can_be_stopped_and_gone_on_with(place: Place) -> None:
    """Design §10: exit 130 after the action in flight; the same undo goes on."""
    first_run(place)
    place.progress.on_advance = lambda label: setattr(place.stop, "asked", label.startswith("TrashItem"))
    with pytest.raises(InterruptedRunError):
        undone(place, "last")
    place.stop.asked = False
    place.progress.on_advance = lambda _label: None
    assert undone(place, "last").exit_code is ExitCode.FINE
    assert place.targets["notion"].live("track") == place.targets["eagle"].live("item") == []


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
