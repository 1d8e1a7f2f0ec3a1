"""Plans that carry decisions: proposed without a trace, decided when applied, followed to the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.domain.crash import CrashPoint, pass_by
from engine.domain.decisions import Decision, Merge, Recognise, Separate
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode
from engine.domain.events import Event, MatchAnswered, RecordingMerged
from engine.domain.matching_events import Answer
from engine.domain.plan import ActionKind, Plan
from engine.domain.references import eagle_item_id, question_id, recording_id
from engine.reconciler.policy import EVERYTHING
from engine.reconciler.proposing import plan_with
from engine.workflows.plan_file import apply_plan, make_plan, read_plan, write_plan
from tests.fakes.place import Place
from tests.fakes.source import ref
from tests.fakes.target import Mishap

ONE, TWO, THREE, FOUR = (recording_id(ref(number)) for number in (1, 2, 3, 4))
MERGE = Merge(recording_id=TWO, into=ONE, rule="same_audio", policy_version="p")
PERSON = Origin(actor="person:cli")


@pytest.fixture
def crate(place: Place) -> Place:
    """Give a crate in step everywhere, of whose four tracks the first two are one piece."""
    place.follow("Crate", (1, 2, 3, 1, 4))
    place.follow("Other", (2,), number=8)
    assert place.reconcile().exit_code is ExitCode.FINE
    return place


def proposal(place: Place, *decisions: Decision) -> Plan:
    """Give the plan for decisions, as `sync duplicates` makes it."""
    return plan_with(place.state(), decisions or (MERGE,), place.policy, place.clock.now_us())


def happen(place: Place, event: Event) -> None:
    """Let something be recorded outside of a run."""
    place.journal.append([Draft(event=event)], PERSON)


def answered(place: Place, newer: str, older: str, said: Answer) -> None:
    """Let a person answer a question."""
    asked = question_id(newer, older)
    happen(place, MatchAnswered(question_id=asked, newer=newer, older=older, answer=said, reason=""))


def one_of_each(place: Place) -> None:
    """Assert that every piece is there once, and that nothing is left to do."""
    assert place.reconcile().exit_code is ExitCode.FINE
    assert not make_plan(place.world(), EVERYTHING).actions
    for name, kind in (("notion", "track"), ("eagle", "item")):
        assert sorted(thing.key or "" for thing in place.targets[name].live(kind)) == sorted((ONE, THREE, FOUR))
    there = [row for row in place.state().renditions.values() if row.present]
    assert sorted({row.recording_id for row in there}) == sorted((ONE, THREE, FOUR))
    assert len(there) == 6
    lists = {thing.key: thing.fields["entries"] for thing in place.targets["library"].live("playlist")}
    alpha = "Artist 1/Title 1.aiff"
    assert lists["soundcloud:set:8"] == (alpha,)
    assert lists["soundcloud:set:9"] == (
        alpha, alpha, "Artist 0/Title 3.aiff", alpha, "Artist 1/Title 4.aiff",
    )  # fmt: skip
    sends = place.sends()
    place.reconcile()
    assert place.sends() == sends


def test_a_merge_that_is_applied_leaves_one_of_each(crate: Place, tmp_path: Path) -> None:
    """Issue 3.6, P15: through a file, all or nothing; the decision is that of whoever applied it."""
    path = tmp_path / "duplicates.json"
    write_plan(proposal(crate), path, pass_by)
    assert apply_plan(crate.world(), read_plan(path), strict=True).exit_code is ExitCode.FINE
    (merge,) = crate.recorded("recording.merged")
    assert isinstance(merge.event, RecordingMerged)
    assert (merge.event.recording_id, merge.event.into, merge.event.rule) == (TWO, ONE, "same_audio")
    run = crate.state().runs[merge.run_id or ""]
    assert (run.counts["decided"], run.counts["superseded"]) == (1, 0)
    one_of_each(crate)


def test_proposing_leaves_no_trace(crate: Place) -> None:
    """I26: until it is applied nothing is recorded and nothing sent."""
    head, sends = crate.journal.head(), crate.sends()
    assert proposal(crate).digest == proposal(crate).digest
    assert (crate.journal.head(), crate.sends()) == (head, sends)
    assert not make_plan(crate.world(), EVERYTHING).actions


def test_the_same_plan_applied_again_decides_and_sends_nothing(crate: Place) -> None:
    """I07: what was done is stale, what was decided is decided."""
    plan = proposal(crate)
    apply_plan(crate.world(), plan, strict=False)
    sends = crate.sends()
    assert apply_plan(crate.world(), plan, strict=False).exit_code is ExitCode.PLAN_STALE
    assert crate.sends() == sends
    assert len(crate.events("recording.merged")) == 1
    one_of_each(crate)


@pytest.mark.parametrize("point", [CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_INTENT, CrashPoint.AFTER_RESPONSE])
def test_a_death_between_decision_and_effect_is_gone_on_from(crate: Place, point: CrashPoint) -> None:
    """I36: applied again, or simply reconciled, it ends as if nobody had died."""
    plan = proposal(crate)
    crate.reached = dying_at(point)
    with pytest.raises(SystemExit):
        apply_plan(crate.world(), plan, strict=False)
    assert len(crate.events("recording.merged")) == 1
    crate.reached = pass_by
    apply_plan(crate.world(), plan, strict=False)
    assert len(crate.events("recording.merged")) == 1
    one_of_each(crate)


def dying_at(point: CrashPoint) -> Callable[[CrashPoint], None]:
    """Give what ends the process at a point."""

    def reached(at: CrashPoint) -> None:
        if at is point:
            raise SystemExit(str(at))

    return reached


def test_a_persons_answer_since_makes_a_decision_stale(crate: Place) -> None:
    """Design §5: their word beats the plan's; with `--strict` nothing is done at all, and it is said either way."""
    plan = proposal(crate, MERGE, Merge(recording_id=FOUR, into=THREE, rule="same_audio"))
    answered(crate, FOUR, THREE, Answer.DIFFERENT)
    sends = crate.sends()
    assert apply_plan(crate.world(), plan, strict=True).exit_code is ExitCode.PLAN_STALE
    assert (crate.sends(), crate.events("recording.merged")) == (sends, [])
    assert apply_plan(crate.world(), plan, strict=False).exit_code is ExitCode.PLAN_STALE
    assert [event.recording_id for event in crate.events("recording.merged")] == [TWO]  # type: ignore[union-attr] # merges
    assert f"{FOUR}: not decided, a person said that they are two" in crate.progress.lines
    one_of_each(crate)


def test_a_row_that_was_edited_since_stays_and_is_a_conflict(crate: Place) -> None:
    """I34, I48: what a person did between plan and apply counts."""
    plan = proposal(crate)
    page = crate.targets["notion"].of_key("track", TWO)
    crate.targets["notion"].edit(page.remote_id, title="Her own title")
    assert apply_plan(crate.world(), plan, strict=False).exit_code is ExitCode.PLAN_STALE
    assert crate.targets["notion"].things[page.remote_id].live
    assert crate.reconcile().exit_code is ExitCode.NEEDS_PERSON


@pytest.mark.parametrize("mishap", [Mishap.LOST_BEFORE, Mishap.LOST_AFTER])
def test_removals_whose_answer_was_lost_are_asked_about(crate: Place, mishap: Mishap) -> None:
    """I28, I45: a removal that may have happened is probed, and what did not happen is planned again."""
    for name in ("library", "notion", "eagle"):
        crate.targets[name].verdict = lambda action: mishap if action.risk == "removal" else None
    apply_plan(crate.world(), proposal(crate), strict=False)
    for target in crate.targets.values():
        target.verdict = lambda _action: None
    one_of_each(crate)


def test_a_merge_that_was_recorded_otherwise_is_followed_by_any_run(crate: Place) -> None:
    """I20: an answer, a rule or an import decides; the next reconcile does the rest, in at most three rounds."""
    happen(
        crate,
        RecordingMerged(recording_id=TWO, into=ONE, rule="person", evidence=(), beaten=(), policy_version=""),
    )
    result = crate.reconcile()
    assert (result.exit_code, result.rounds <= 3) == (ExitCode.FINE, True)
    one_of_each(crate)


def test_what_is_taken_over_stays_ours_to_keep_in_step(crate: Place) -> None:
    """I30, I33, I47: no row is made, the item's line names the one that stays, and an old tag of ours can go."""
    notion, eagle = crate.targets["notion"], crate.targets["eagle"]
    page, item = notion.of_key("track", TWO), eagle.of_key("item", TWO)
    notion.trash(notion.of_key("track", ONE).remote_id)
    eagle.trash(eagle_item_id(ONE))
    crate.reconcile()
    plan = proposal(crate)
    assert not [action for action in plan.actions if action.kind in (ActionKind.CREATE_PAGE, ActionKind.ADD_ITEM)]
    apply_plan(crate.world(), plan, strict=True)
    one_of_each(crate)
    assert notion.of_key("track", ONE).remote_id == page.remote_id
    assert eagle.things[item.remote_id].fields["annotation"] == f"cratelog:{ONE}"
    crate.reconcile(crate.follow("Other", (), number=8))
    assert "Other" not in _tags(crate, item.remote_id)
    assert "Crate" in _tags(crate, item.remote_id)


def _tags(place: Place, remote_id: str) -> tuple[str, ...]:
    tags = place.targets["eagle"].things[remote_id].fields["tags"]
    assert isinstance(tags, tuple)
    return tags


def test_a_row_that_a_plan_recognises_goes_by_the_plan_that_says_what_it_is(crate: Place) -> None:
    """Issue 3.6: a person's row without our key, beside one of ours, is trashed as shown."""
    notion = crate.targets["notion"]
    theirs = notion.put("track", title="title one")
    crate.reconcile()
    thing = f"notion/track/{theirs}"
    said = Recognise(question_id=question_id(thing, ONE), thing=thing, recording_id=ONE, reason="it sounds the same")
    assert apply_plan(crate.world(), proposal(crate, said), strict=True).exit_code is ExitCode.FINE
    assert not notion.things[theirs].live
    assert notion.of_key("track", ONE).live
    (answer,) = crate.events("match.answered")
    assert isinstance(answer, MatchAnswered)
    assert (answer.newer, answer.older, answer.answer) == (thing, ONE, Answer.SAME)
    assert crate.reconcile().exit_code is ExitCode.FINE


def test_a_separation_that_is_applied_fetches_what_was_merged_away_again(crate: Place) -> None:
    """Issue 3.6: what a plan merged, a plan can separate; each is whole again."""
    apply_plan(crate.world(), proposal(crate), strict=True)
    one_of_each(crate)
    back = proposal(crate, Separate(recording_id=TWO, reason="not it"))
    assert {action.key for action in back.actions if action.kind is ActionKind.FETCH_RECORDING} == {TWO}
    assert apply_plan(crate.world(), back, strict=True).exit_code is ExitCode.FINE
    assert crate.reconcile().exit_code is ExitCode.FINE
    assert sorted(thing.key or "" for thing in crate.targets["notion"].live("track")) == sorted((ONE, TWO, THREE, FOUR))
