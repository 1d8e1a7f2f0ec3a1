"""From a question to what is done about the answer: whole runs over a journal, a source and three targets."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain.errors import ExitCode
from engine.domain.references import question_id, recording_id
from engine.workflows.review import answer, take_back
from tests.fakes.place import Place
from tests.fakes.source import ref, track

FIRST, SECOND = recording_id(ref(1)), recording_id(ref(2))
QUESTION = question_id(SECOND, FIRST)


@pytest.fixture
def asked(place: Place) -> Place:
    """Give a place where one track has its file, and a second of the same name, seen since, may be it."""
    place.follow("Crate", (1,), number=1)
    place.source.tracks[ref(1)] = replace(track(1), title="Roygbiv", artist="Boards of Canada")
    place.reconcile()
    place.follow("Night", (2,), number=2)
    place.source.tracks[ref(2)] = replace(track(2), title="Roygbiv", artist="Boards of Canada", duration_ms=None)
    return place


def files(place: Place) -> dict[str, set[str]]:
    """Give which sightings' audio each recording has."""
    found: dict[str, set[str]] = {}
    for row in place.state().renditions.values():
        if row.present:
            found.setdefault(row.recording_id, set()).add(row.source_ref)
    return found


def test_nothing_is_fetched_until_it_is_answered(asked: Place) -> None:
    """P2: the newer one waits, run after run; the rest is done."""
    assert [asked.reconcile().exit_code for _ in range(2)] == [ExitCode.NEEDS_PERSON] * 2
    assert files(asked) == {FIRST: {ref(1)}}
    assert all(row.key != SECOND for row in asked.state().objects.values())


def test_different_is_fetched_and_shown_by_itself(asked: Place) -> None:
    """P17: the next run does it, and ends well."""
    asked.reconcile()
    answer(asked.journal, QUESTION, "different")
    assert asked.reconcile().exit_code is ExitCode.FINE
    assert files(asked) == {FIRST: {ref(1)}, SECOND: {ref(2)}}


def test_same_puts_the_file_there_is_into_both_playlists(asked: Place) -> None:
    """P17: one download, one row, one item, two playlists."""
    asked.reconcile()
    answer(asked.journal, QUESTION, "same")
    assert asked.reconcile().exit_code is ExitCode.FINE
    assert files(asked) == {FIRST: {ref(1)}}
    rows = [row for row in asked.state().objects.values() if (row.target, row.kind) == ("library", "playlist")]
    assert len({row.base["entries"] for row in rows}) == 1
    assert all(row.key != SECOND for row in asked.state().objects.values())


def test_an_answer_taken_back_is_carried_out_too(asked: Place) -> None:
    """P17: the question waits again, and the newer one with it."""
    asked.reconcile()
    answer(asked.journal, QUESTION, "same")
    asked.reconcile()
    take_back(asked.journal)
    assert asked.reconcile().exit_code is ExitCode.NEEDS_PERSON
    answer(asked.journal, QUESTION, "different")
    assert asked.reconcile().exit_code is ExitCode.FINE
    assert files(asked) == {FIRST: {ref(1)}, SECOND: {ref(2)}}


def test_never_is_never_fetched(asked: Place) -> None:
    """P6: run after run."""
    asked.reconcile()
    answer(asked.journal, QUESTION, "never")
    assert [asked.reconcile().exit_code for _ in range(2)] == [ExitCode.FINE] * 2
    assert files(asked) == {FIRST: {ref(1)}}


def test_instead_never_leaves_the_recording_without_a_file(asked: Place) -> None:
    """F21, I45: the newer one stays and the older counts for it; what file there is stays until another is there."""
    asked.reconcile()
    answer(asked.journal, QUESTION, "instead")
    for _ in range(2):
        asked.reconcile()
        assert asked.state().recordings[FIRST].merged_into == SECOND
        assert files(asked)


def shown(place: Place) -> dict[str, set[str]]:
    """Give which rows and items carry each recording's key."""
    found: dict[str, set[str]] = {}
    for name, kind in (("notion", "track"), ("eagle", "item")):
        for thing in place.targets[name].live(kind):
            found.setdefault(thing.key or "", set()).add(thing.remote_id)
    return found


@pytest.mark.parametrize("word", ["same", "instead"])
def test_a_row_and_an_item_that_changed_hands_go_back_to_whose_they_were(asked: Place, word: str) -> None:
    """I20, I23, I46: two that were one for a while do not write over each other for ever after."""
    asked.reconcile()
    before = shown(asked)
    asked.targets["notion"].edit(next(iter(asked.targets["notion"].live("track"))).remote_id, rating=5)
    answer(asked.journal, QUESTION, word)
    asked.reconcile()
    take_back(asked.journal)
    answer(asked.journal, QUESTION, "different")
    assert asked.reconcile().exit_code is ExitCode.FINE
    assert shown(asked)[FIRST] == before[FIRST]
    assert len(shown(asked)[SECOND]) == 2
    row = asked.targets["notion"].of_key("track", FIRST)
    assert (row.fields["rating"], row.fields["soundcloud_url"]) == (5, track(1).url)
    sends = asked.sends()
    assert asked.reconcile().exit_code is ExitCode.FINE
    assert asked.sends() == sends
