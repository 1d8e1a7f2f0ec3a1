"""Plans as files: computed without a trace, refused when they do not fit, applied action by action."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace as changed

from engine.domain.canonical import canonical
from engine.domain.crash import CrashPoint, pass_by
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, InterruptedRunError, PlanStaleError, UsageError
from engine.domain.events import ConflictOpened, Event, MatchAsked
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Plan, PlanFile
from engine.domain.references import recording_id
from engine.reconciler.policy import EVERYTHING, PlanScope
from engine.workflows.plan_file import apply_plan, make_plan, read_plan, write_plan
from engine.workflows.reconcile import observe
from engine.workflows.run import running
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import ref
from tests.fakes.target import Mishap

THREE = (1, 2, 3)


@pytest.fixture
def planned(place: Place) -> Plan:
    """Give the plan for a crate that was observed and not acted on."""
    place.follow("Crate", THREE)
    with running(place.world(), "observe") as run:
        observe(place.world(), run)
    return make_plan(place.world(), EVERYTHING)


def fingerprint(place: Place) -> dict[str, str]:
    """Give the digest of every file of the journal's folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(place.path.parent.iterdir())}


def test_planning_leaves_no_trace(place: Place, planned: Plan) -> None:
    """I19, I26: the journal's files are byte-identical, nothing is sent, and the same plan comes out again."""
    before, requests = fingerprint(place), [target.counts.total() for target in place.targets.values()]
    assert make_plan(place.world(), EVERYTHING).digest == planned.digest
    assert {name: digest for name, digest in fingerprint(place).items() if not name.endswith("-shm")} == {
        name: digest for name, digest in before.items() if not name.endswith("-shm")
    }
    assert [target.counts.total() for target in place.targets.values()] == requests


def test_a_plan_comes_back_from_its_file_as_it_was(tmp_path: Path, planned: Plan) -> None:
    """I51: written whole, read with its digest."""
    path = tmp_path / "plans" / "plan.json"
    write_plan(planned, path, pass_by)
    assert read_plan(path) == planned
    assert [child.name for child in path.parent.iterdir()] == ["plan.json"]


def test_a_plan_that_was_not_written_to_its_end_is_not_there(tmp_path: Path, planned: Plan) -> None:
    """CP15: dying in the middle leaves the old file, never half of the new."""
    path = tmp_path / "plan.json"
    path.write_text("the old one")

    def die(point: CrashPoint) -> None:
        raise SystemExit(str(point))

    with pytest.raises(SystemExit, match="CP15"):
        write_plan(planned, path, die)
    assert path.read_text() == "the old one"


def test_a_file_that_is_no_plan_is_named(tmp_path: Path) -> None:
    """Exit 2, with the way to a plan."""
    with pytest.raises(UsageError, match="cannot read"):
        read_plan(tmp_path / "nowhere.json")
    (tmp_path / "text.json").write_text('{"digest": 1}')
    with pytest.raises(UsageError, match="is no plan file"):
        read_plan(tmp_path / "text.json")


def test_an_edited_plan_or_one_of_another_format_is_refused(tmp_path: Path, planned: Plan) -> None:
    """I51: exit 23, before anything is looked at."""
    path = tmp_path / "plan.json"
    path.write_bytes(canonical(PlanFile(digest=planned.digest, plan=changed(planned, head_seq=1))))
    with pytest.raises(PlanStaleError, match="changed after") as caught:
        read_plan(path)
    assert caught.value.exit_code is ExitCode.PLAN_STALE
    path.write_bytes(canonical(PlanFile(digest=planned.digest, plan=changed(planned, plan_format=1))))
    with pytest.raises(PlanStaleError, match="format 1"):
        read_plan(path)
    assert msgspec.json.decode(path.read_bytes())["digest"] == planned.digest


@pytest.mark.parametrize("field", ["journal_id", "config_hash", "head_seq"])
def test_a_plan_for_something_else_sends_nothing(place: Place, planned: Plan, field: str) -> None:
    """I51: another journal, other settings, or a journal that went back: exit 23 and no event."""
    wrong = changed(planned, **{field: 10**9 if field == "head_seq" else "another"})
    seq = place.journal.head().seq
    with pytest.raises(PlanStaleError) as caught:
        apply_plan(place.world(), wrong, strict=False)
    assert caught.value.exit_code is ExitCode.PLAN_STALE
    assert caught.value.hint
    assert (place.sends(), place.journal.head().seq) == (0, seq)


def test_a_plan_is_applied_as_it_was_shown(place: Place, planned: Plan) -> None:
    """M-plan: exactly its actions are sent; the next reconcile does the rest."""
    result = apply_plan(place.world(), planned, strict=True)
    assert result.exit_code is ExitCode.FINE
    sent = {line.action_id for target in place.targets.values() for line in target.history}
    assert sent == {action.action_id for action in planned.actions}
    assert place.reconcile().exit_code is ExitCode.FINE


def test_what_does_not_fit_any_more_is_left_out_or_stops_everything(place: Place, planned: Plan) -> None:
    """I34, I51: without `--strict` the rest is done and exit 23 says so; with it nothing is sent."""
    place.targets["notion"].put("playlist", source_url="https://soundcloud.com/crew/sets/9", title="Theirs")
    assert apply_plan(place.world(), planned, strict=True).exit_code is ExitCode.PLAN_STALE
    assert place.sends() == 0
    result = apply_plan(place.world(), planned, strict=False)
    assert result.exit_code is ExitCode.PLAN_STALE
    assert place.sends() == len(planned.actions) - 1
    assert [page.remote_id for page in place.targets["notion"].live("playlist")] == ["person-1"]
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.targets["notion"].things["person-1"].key == "soundcloud:set:9"


def test_trouble_while_applying_is_partial(place: Place, planned: Plan) -> None:
    """P11: a refused action or an unread scope is exit 20; what is unknown is asked about before the end."""
    place.targets["library"].script.append(Problem(failure=FailureClass.VERIFY_FAILED, detail="no audio"))
    place.targets["notion"].script.append(Mishap.LOST_AFTER)
    assert apply_plan(place.world(), planned, strict=False).exit_code is ExitCode.PARTIAL
    assert not any(row.state.unsettled for row in place.state().actions.values())
    place.targets["notion"].scan_trouble["track"] = Problem(failure=FailureClass.TIMEOUT, detail="cut off")
    again = make_plan(place.world(), EVERYTHING)
    assert apply_plan(place.world(), again, strict=False).exit_code is ExitCode.PARTIAL


@pytest.mark.parametrize("waiting", ["question", "conflict"])
def test_applying_ends_as_reconcile_does_while_a_person_has_to_say_something(
    place: Place, planned: Plan, waiting: str
) -> None:
    """P17, I46, design §12: open questions and conflicts end it with 21, whatever else is not in order."""
    first, second = recording_id(ref(1)), recording_id(ref(2))
    asked: dict[str, Event] = {
        "question": MatchAsked(
            question_id="q", newer=second, older=first, names="same", score=2.0, evidence=(), policy_version="1"
        ),
        "conflict": ConflictOpened(
            conflict_id="c", target="notion", object_kind="track", key=first, field="genre", base="a", wanted="b",
            found="c", reason="both changed",
        ),
    }  # fmt: skip
    place.journal.append([Draft(event=asked[waiting])], Origin(actor="engine"))
    place.targets["library"].script.append(Problem(failure=FailureClass.VERIFY_FAILED, detail="no audio"))
    result = apply_plan(place.world(), planned, strict=False)
    assert result.exit_code is ExitCode.NEEDS_PERSON
    assert place.state().runs[result.run_id].exit_code == ExitCode.NEEDS_PERSON


def test_a_stop_while_applying_is_said_and_the_rest_can_be_applied_again(place: Place, planned: Plan) -> None:
    """Design §10: exit 130 after the action in flight; applied again, the plan's other actions are done."""
    place.progress.on_advance = lambda label: setattr(place.stop, "asked", label.startswith("FetchRecording"))
    with pytest.raises(InterruptedRunError):
        apply_plan(place.world(), planned, strict=False)
    assert place.sends() == 1
    place.stop.asked = False
    place.progress.on_advance = lambda _label: None
    apply_plan(place.world(), planned, strict=False)
    assert place.reconcile().exit_code is ExitCode.FINE


def test_a_remote_that_takes_no_writes_makes_applying_partial(place: Place, planned: Plan) -> None:
    """P8: what could not even be tried is no success."""
    place.coordination.trip("notion", place.clock.now_us() + 10**9)
    assert apply_plan(place.world(), planned, strict=False).exit_code is ExitCode.PARTIAL
    assert place.targets["notion"].counts["send"] == 0


def test_removals_that_were_allowed_in_the_plan_stay_allowed(place: Place) -> None:
    """I43: a plan made with `--allow-removals` is applied with exactly those."""
    place.targets = {"notion": place.targets["notion"]}
    place.policy = changed(place.policy, targets=("notion",), keep_departed=False, removal_floor=1)
    place.follow("Crate", (1, 2, 3, 4, 5, 6))
    place.reconcile()
    place.follow("Crate", (1, 2, 3, 4))
    place.reconcile()
    place.clock.pass_s(DAY_S)
    assert place.reconcile().exit_code is ExitCode.GUARDED
    allowed = make_plan(place.world(), PlanScope(allow_removals=2))
    assert len(allowed.actions) == 2
    assert apply_plan(place.world(), allowed, strict=True).exit_code is ExitCode.FINE
    assert len(place.targets["notion"].live("track")) == 4
