"""The report of duplicates, and the plan that leaves one of each: decided with evidence, removed into trashes only."""

from __future__ import annotations

import pytest

from engine.domain.decisions import Merge, Recognise
from engine.domain.errors import ExitCode
from engine.domain.plan import Operation
from engine.domain.references import recording_id
from engine.reconciler.catalogue import catalogue
from engine.workflows.duplicates import Found, ask_about, find_duplicates, label_of, plan_of, summary
from engine.workflows.plan_file import apply_plan
from tests.fakes.place import Place
from tests.fakes.source import ref, track

ONE, TWO = recording_id(ref(1)), recording_id(ref(4))


@pytest.fixture
def doubled(place: Place) -> Place:
    """Give a place in which one song was taken for two, under another name, and shown everywhere twice."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.source.tracks[ref(4)] = track(4, "Morgenrot")
    place.follow("Crate", (1, 4))
    place.reconcile()
    place.source.tracks[ref(4)] = track(4, "First Light")
    place.source.describes_everything = True
    place.reconcile()
    assert len(place.targets["notion"].live("track")) == 2
    return place


def fates(found: Found) -> set[tuple[str, str]]:
    """Give what becomes of what, by place."""
    return {(member.place, member.fate) for group in found.report.groups for member in group.members}


def test_the_report_names_every_file_row_and_item_and_changes_nothing(doubled: Place) -> None:
    """F1, I26: evidence per pair, keeper and why, what would go where; the journal is as it was."""
    head = doubled.journal.head()
    found = find_duplicates(doubled.world())
    (group,) = found.report.groups
    assert (group.keeper, group.label, group.rules) == (ONE, "Artist 1 – First Light", ("same_bytes",))
    assert fates(found) == {(place, fate) for place in ("library", "notion", "eagle") for fate in ("stays", "goes")}
    assert found.report.goes == {"eagle": 1, "library": 2, "notion": 1}
    assert summary(found.report) == {"groups": 1, "things": 2, "goes": 4, "cuts": 0, "asked": 0}
    (decision,) = found.decisions
    assert isinstance(decision, Merge)
    assert (decision.recording_id, decision.into) == (TWO, ONE)
    assert decision.evidence
    assert doubled.journal.head() == head


def test_a_plan_of_it_leaves_one_of_each(doubled: Place) -> None:
    """I45, F21: what goes, goes to a trash; one row, one item, one file of every profile stay."""
    found = find_duplicates(doubled.world())
    plan = plan_of(doubled.world(), found, allow_removals=5)
    assert {action.operation for action in plan.actions} >= {Operation.TRASH}
    result = apply_plan(doubled.world(), plan, strict=False)
    assert result.exit_code is ExitCode.FINE
    for _ in range(3):
        doubled.reconcile()
    assert len(doubled.targets["notion"].live("track")) == 1
    assert len(doubled.targets["eagle"].live("item")) == 1
    assert find_duplicates(doubled.world()).report.groups == ()


def test_a_row_nobody_keyed_beside_ours_is_recognised_by_the_plan(place: Place) -> None:
    """Design §8: our row stays, the one beside it goes, once a person applies that."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.follow("Crate", (1,))
    place.reconcile()
    stray = place.targets["notion"].put("track", title="First Light", artist="Artist 1", isrc=None)
    place.targets["notion"].edit(stray, duration_ms=200_000)
    place.reconcile()
    found = find_duplicates(place.world())
    (decision,) = found.decisions
    assert isinstance(decision, Recognise)
    assert (decision.thing, decision.recording_id) == (f"notion/track/{stray}", recording_id(ref(1)))
    assert ("notion", "goes") in fates(found)
    apply_plan(place.world(), plan_of(place.world(), found, allow_removals=5), strict=False)
    assert [row.remote_id for row in place.targets["notion"].live("track")] != [stray]
    assert len(place.targets["notion"].live("track")) == 1


def test_rows_that_nobody_keyed_are_told_of_and_left_alone(place: Place) -> None:
    """What is nobody's is nobody's to trash: the fuller one is named, the rest is done by hand."""
    for title in ("Lone Song", "Lone Song"):
        row = place.targets["notion"].put("track", title=title, artist="Nobody", isrc="USA110000009")
        place.targets["notion"].edit(row, duration_ms=123_000)
    place.follow("Crate", (1,))
    place.reconcile()
    found = find_duplicates(place.world())
    assert found.decisions == ()
    assert fates(found) == {("notion", "stays"), ("notion", "by hand")}


def test_a_recording_shown_nowhere_is_told_of_by_its_sighting(place: Place) -> None:
    """Every member shows, also one that has no file, no row and no item."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.source.tracks[ref(4)] = track(4, "Morgenrot")
    place.follow("Crate", (1, 4))
    place.targets = {}
    place.reconcile()
    place.source.tracks[ref(4)] = track(4, "First Light")
    place.source.describes_everything = True
    place.reconcile()
    found = find_duplicates(place.world())
    assert fates(found) == {("sources", "stays")}


def test_what_only_a_person_can_decide_is_asked_when_told_to(place: Place) -> None:
    """F1, P17: pairs become questions once, not again; two things of which neither is ours are no question."""
    place.follow("Crate", (1, 4))
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.source.tracks[ref(4)] = track(4, "Morgenrot")
    place.reconcile()
    stray = place.targets["notion"].put("track", title="Title 9", artist="Nobody")
    other = place.targets["notion"].put("track", title="Title 9", artist="Nobody")
    beside = place.targets["notion"].put("track", title="First Light", artist="Artist 1")
    place.reconcile()
    found = find_duplicates(place.world())
    pairs = {frozenset((proof.a, proof.b)) for proof in found.report.asked}
    assert frozenset((f"notion/track/{stray}", f"notion/track/{other}")) in pairs
    assert [question.newer for question in found.questions] == [f"notion/track/{beside}"]
    assert found.questions[0].older == ONE
    assert found.report.labels[f"notion/track/{stray}"] == "Nobody – Title 9"
    assert ask_about(place.world(), found) == 1
    assert ask_about(place.world(), found) == 0


def test_an_answer_that_was_given_is_not_decided_anew(place: Place) -> None:
    """Design §5: what a person recognised needs no decision of a plan."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.follow("Crate", (1,))
    place.reconcile()
    stray = place.targets["notion"].put("track", title="First Light", artist="Artist 1")
    place.targets["notion"].edit(stray, duration_ms=200_000)
    place.reconcile()
    found = find_duplicates(place.world())
    apply_plan(place.world(), plan_of(place.world(), found), strict=False)
    again = find_duplicates(place.world())
    assert again.decisions == ()


def test_a_row_that_holds_what_somebody_typed_is_a_conflict_and_told_so(place: Place) -> None:
    """F10: what only the other one holds is never thrown away with it."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.follow("Crate", (1,))
    place.reconcile()
    stray = place.targets["notion"].put("track", title="First Light", artist="Artist 1", genre="Dub")
    place.targets["notion"].edit(stray, duration_ms=200_000)
    place.reconcile()
    found = find_duplicates(place.world())
    assert ("notion", "conflict") in fates(found)
    assert label_of(place.state(), catalogue(place.state()), "rnowhere") == "rnowhere"
