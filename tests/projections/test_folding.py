"""Promises of every fold: incremental, stored and read back unchanged, complete in the events it reads."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.canonical import canonical
from engine.domain.envelope import Recorded
from engine.domain.events import EVENT_CLASSES, ChainLinkEnded, Event, JournalCreated, RecordingLinked
from engine.domain.value import Value
from engine.projections.projection import Projection
from engine.projections.recorded_music import RECORDINGS
from engine.projections.registry import ALL, DISPATCH, PLANNED_FROM, as_state, empty_rows, fold, rows_digest
from engine.projections.rows import Recording
from engine.projections.state import State
from tests.projections.every_event import HISTORIES, instances, recorded, through_json


def digests(history: Sequence[Recorded]) -> dict[str, str]:
    """Give the digest of each row set after a history."""
    return {name: rows_digest(table) for name, table in fold(empty_rows(), history).items()}


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES, cut=st.integers(0, 10))
def test_a_snapshot_and_the_tail_are_the_replay(history: list[Recorded], cut: int) -> None:
    """I13, I14: fold(a + b) = fold(stored fold(a), b), for every cut, byte for byte."""
    whole = fold(empty_rows(), history)
    resumed = fold(through_json(fold(empty_rows(), history[:cut])), history[cut:])
    assert resumed == whole
    assert canonical(resumed) == canonical(whole)


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES)
def test_folding_changes_no_row_that_somebody_holds(history: list[Recorded]) -> None:
    """I17: rows are values; an answer of earlier is not rewritten by what happens later."""
    rows = empty_rows()
    for each in history:
        before = {name: dict(table) for name, table in rows.items()}
        kept = canonical(before)
        fold(rows, [each])
        assert canonical(before) == kept


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES)
def test_a_row_remembers_the_last_event_that_touched_it(history: list[Recorded]) -> None:
    """I15: each event moves exactly the rows it is about, and leaves its seq on them."""
    rows = empty_rows()
    for each in history:
        before = {name: dict(table) for name, table in rows.items()}
        fold(rows, [each])
        touched = {(name, key_of(each.event)) for name, key_of, _ in DISPATCH.get(type(each.event), ())}
        for name, table in rows.items():
            for key, row in table.items():
                assert (row.last_seq == each.seq) is ((name, key) in touched)
                if (name, key) not in touched:
                    assert row is before[name][key]


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES)
def test_a_row_knows_its_streams_version(history: list[Recorded]) -> None:
    """I02: the version a workflow expects next is the one the row carries."""
    rows = fold(empty_rows(), history)
    versions = {each.stream: each.version for each in history if not isinstance(each.event, RecordingLinked)}
    linked = {each.stream: each.version for each in history}
    prefixes = {
        "sightings": "sighting:", "playlists": "playlist:", "renditions": "rendition:", "remotes": "remote:",
        "actions": "action:", "conflicts": "conflict:", "questions": "match:", "runs": "run:", "scopes": "scope:",
    }  # fmt: skip
    for name, prefix in prefixes.items():
        for key, row in rows[name].items():
            assert row.version == versions.get(prefix + key, 0)
    for key, row in rows["recordings"].items():
        assert row.version == linked[f"recording:{key}"]


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES)
def test_rows_stand_under_the_key_they_name(history: list[Recorded]) -> None:
    """I13: a row says who it is; its key is not a second opinion."""
    state = as_state(fold(empty_rows(), history), journal_id="j", head_seq=len(history), head_hash="h")
    named = {
        **{key: row.ref for key, row in state.sightings.items()},
        **{key: row.recording_id for key, row in state.recordings.items()},
        **{key: row.rendition_id for key, row in state.renditions.items()},
        **{key: row.action_id for key, row in state.actions.items()},
        **{key: row.conflict_id for key, row in state.conflicts.items()},
        **{key: row.question_id for key, row in state.questions.items()},
        **{key: row.run_id for key, row in state.runs.items()},
        **{key: row.scope for key, row in state.scopes.items()},
        **{key: row.remote for key, row in state.health.items()},
        **{key: f"{row.target}/{row.remote_id}" for key, row in state.remotes.items()},
        **{key: f"{row.target}/{row.kind}/{row.key}" for key, row in state.objects.items()},
    }
    assert all(key == name for key, name in named.items())
    assert all(key == row.ref for key, row in state.playlists.items())
    assert state.head_seq == len(history)


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_rows_come_back_from_json_as_they_were(projection: Projection) -> None:
    """I13: whatever a row holds, its canonical JSON is the row, so that digests of live and replayed rows meet."""

    @settings(max_examples=15, deadline=None)
    @given(row=instances(projection.row))
    def check(row: Value) -> None:
        held = {projection.name: {"key": row}}
        back = through_json(held)
        assert back == held
        assert canonical(back) == canonical(held)

    check()


@settings(max_examples=20, deadline=None)
@given(rows=st.dictionaries(st.text(max_size=3), instances(Recording), max_size=6), chance=st.randoms())
def test_a_digest_does_not_depend_on_the_order_of_rows(rows: dict[str, Recording], chance: random.Random) -> None:
    """I13: digests are kept by adding and subtracting row hashes, so order must not matter."""
    shuffled = list(rows.items())
    chance.shuffle(shuffled)
    assert rows_digest(dict(shuffled)) == rows_digest(rows)


@settings(max_examples=20, deadline=None)
@given(rows=st.dictionaries(st.text(max_size=3), instances(Recording), min_size=2, max_size=5))
def test_a_digest_tells_any_difference_in_rows_and_keys(rows: dict[str, Recording]) -> None:
    """I13: a missing row, another row or two rows that changed places give another digest."""
    first, second = list(rows)[:2]
    digest = rows_digest(rows)
    assert rows_digest({key: row for key, row in rows.items() if key != first}) != digest
    assert rows_digest({**rows, first: Recording(recording_id="another", first_seq=-1)}) != digest
    if rows[first] != rows[second]:
        assert rows_digest({**rows, first: rows[second], second: rows[first]}) != digest
    assert len(digest) == 64


def test_an_empty_row_set_has_the_digest_zero() -> None:
    """I13: nothing is where every digest starts."""
    assert rows_digest({}) == "0" * 64


def test_every_event_is_read_or_deliberately_not() -> None:
    """I14: a new event class has to be folded, or named here as one that changes no row."""
    unread = {JournalCreated, ChainLinkEnded}
    assert set(DISPATCH) | unread == set(EVENT_CLASSES)
    assert not set(DISPATCH) & unread


def test_dispatch_is_what_the_projections_say() -> None:
    """I14: no handler is left out of the dispatch, none is called for another event."""
    wanted = {(cls, each.name, *each.handlers[cls]) for each in ALL for cls in each.handlers}
    assert {(cls, *step) for cls, steps in DISPATCH.items() for step in steps} == wanted


def test_the_state_has_one_table_for_each_projection() -> None:
    """I13: every row set has its place in the state, and a plan is computed from ones that exist."""
    names = [projection.name for projection in ALL]
    assert len(names) == len(set(names))
    assert set(names) == {field for field in State.__dataclass_fields__ if isinstance(getattr(State(), field), dict)}
    assert set(PLANNED_FROM) < set(names)


def test_an_unread_event_changes_nothing() -> None:
    """I14: the journal's beginning is no fact about music."""
    history = recorded([JournalCreated(journal_id="j", program_version="1")])
    assert fold(empty_rows(), history) == empty_rows()


class WiderRecording(Recording, frozen=True):
    """A recording with one field more."""

    more: int = 0


def changed(**parts: object) -> Projection:
    """Give the recordings' projection with other parts."""
    return Projection(
        **{"name": "recordings", "row": Recording, "handlers": RECORDINGS.handlers, **parts}  # type: ignore[arg-type] # one of its own parts each
    )


def test_a_code_hash_tells_shape_meaning_and_events() -> None:
    """Design §4: rows of another shape, revision, name or reading are folded anew."""
    fewer = {cls: handler for cls, handler in RECORDINGS.handlers.items() if cls is not RecordingLinked}
    others = [changed(row=WiderRecording), changed(revision=2), changed(name="other"), changed(handlers=fewer)]
    assert changed().code_hash == RECORDINGS.code_hash
    assert len({RECORDINGS.code_hash, *(other.code_hash for other in others)}) == 5
    assert len({projection.code_hash for projection in ALL}) == len(ALL)


def test_a_code_hash_does_not_depend_on_the_order_of_handlers() -> None:
    """Design §4: moving code about is no reason to fold anew."""
    assert changed(handlers=dict(reversed(list(RECORDINGS.handlers.items())))).code_hash == RECORDINGS.code_hash


def test_rows_cannot_be_changed_in_place() -> None:
    """Style 4: a row is a value; only a fold gives a new one."""
    row = Recording(recording_id="r")
    with pytest.raises(AttributeError):
        row.refs = ("x",)  # type: ignore[misc] # the point of the test
    assert row.refs == ()


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES, tail=HISTORIES)
def test_what_happens_later_does_not_change_what_was_true_then(history: list[Recorded], tail: list[Recorded]) -> None:
    """I17: the state at n is the fold of the first n events, whatever follows."""
    events: list[Event] = [each.event for each in (*history, *tail)]
    again = recorded(events)[: len(history)]
    assert digests(again) == digests(history)
