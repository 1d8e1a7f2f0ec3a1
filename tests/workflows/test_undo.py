"""Undo through the whole engine: what a run did is taken back at the targets themselves, and stays taken back."""

from __future__ import annotations

import pytest

from engine.domain.errors import ExitCode, InterruptedRunError
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import recording_id
from engine.reconciler.policy import EVERYTHING
from engine.reconciler.undoing import Why
from engine.workflows.decide import refetch
from engine.workflows.plan_file import make_plan
from engine.workflows.undo import preview
from tests.fakes.place import Place
from tests.fakes.target import Mishap
from tests.workflows.undo_world import (
    THREE,
    books,
    files,
    first_run,
    renamed,
    row_of,
    undone,
    waits,
)


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
