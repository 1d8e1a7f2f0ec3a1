"""Appending: numbering, chaining, idempotency, concurrency, time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import events as e
from engine.domain.envelope import Draft, Origin, observed
from engine.domain.errors import (
    ConcurrencyConflictError,
    EngineError,
    IdempotencyConflictError,
    LockHeldError,
)
from engine.journal.chain import COLUMNS, GENESIS, SELECT_ROWS, event_hash
from engine.journal.coordination import SqliteCoordination
from engine.journal.sqlite_journal import SqliteJournal
from tests.journal.made import ENGINE, HeldClock, batches, track, tracks


def rows_of(path: Path) -> list[tuple[object, ...]]:
    """Give every row of the event table."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"{SELECT_ROWS} ORDER BY seq").fetchall()


@given(made=st.lists(batches, max_size=4), jumps=st.lists(st.integers(-(10**12), 10**9), min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_rows_are_numbered_chained_and_timed_whatever_the_batches_and_the_clock(
    fresh: Callable[[], Path], made: list[list[Draft]], jumps: list[int]
) -> None:
    """I01 I02 I03 I04 I09: gapless seqs and versions, a byte-equal prefix, the chain, a growing time."""
    path, clock = fresh(), HeldClock()
    before = rows_of(path)
    with SqliteJournal(path, clock=clock) as journal:
        for batch, jump in zip(made, jumps, strict=False):
            clock.time_us += jump
            journal.append([without_id(draft) for draft in batch], ENGINE)
            after = rows_of(path)
            assert after[: len(before)] == before
            before = after
    versions: dict[object, int] = {}
    prev_hash, last_us = GENESIS, -1
    for number, row in enumerate(before, 1):
        named = dict(zip(COLUMNS, row, strict=True))
        versions[named["stream"]] = versions.get(named["stream"], 0) + 1
        assert (named["seq"], named["version"], named["prev_hash"]) == (number, versions[named["stream"]], prev_hash)
        assert named["hash"] == event_hash(row[:-1])
        assert isinstance(named["recorded_us"], int)
        assert named["recorded_us"] > last_us
        prev_hash, last_us = named["hash"], named["recorded_us"]


def without_id(draft: Draft) -> Draft:
    """Give the draft without its drawn id, which another batch may carry with other content."""
    return Draft(event=draft.event, occurred_us=draft.occurred_us)


@given(batch=batches.filter(bool), times=st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_the_same_ids_with_the_same_content_are_one_event_however_often(
    fresh: Callable[[], Path], batch: list[Draft], times: int
) -> None:
    """I07: k times gives one row each, and the old seqs."""
    named = [
        Draft(event=draft.event, event_id=number.to_bytes(16, "big"), occurred_us=draft.occurred_us)
        for number, draft in enumerate(batch)
    ]
    path = fresh()
    with SqliteJournal(path, clock=HeldClock()) as journal:
        first = journal.append(named, ENGINE)
        head = journal.head()
        for _ in range(times):
            assert journal.append(named, ENGINE) == first
        assert journal.head() == head
        assert len(rows_of(path)) == 1 + len(named)


def test_a_batch_may_mix_repeats_and_new_events(journal: SqliteJournal) -> None:
    """I07: repeats give their old seqs, without regard to the expected version; new ones are appended."""
    assert journal.append(tracks(1, 2), ENGINE) == (2, 3)
    assert journal.append(tracks(1, 3), ENGINE) == (2, 3, 4)
    again = observed(track(1, "Other"), 1)
    assert journal.append([again, again, *tracks(2, 2)], ENGINE) == (5, 5, 3)


def test_an_id_taken_by_other_content_is_a_conflict_and_leaves_no_row(journal: SqliteJournal) -> None:
    """I07: other content under a taken id is refused, in the journal and within one batch."""
    journal.append([Draft(event=track(1), event_id=bytes(16))], ENGINE)
    head = journal.head()
    with pytest.raises(IdempotencyConflictError, match="taken by event 2"):
        journal.append([Draft(event=track(2)), Draft(event=track(1, "Other"), event_id=bytes(16))], ENGINE)
    twice = [Draft(event=track(5), event_id=b"x" * 16), Draft(event=track(6), event_id=b"x" * 16)]
    with pytest.raises(IdempotencyConflictError):
        journal.append(twice, ENGINE)
    assert journal.head() == head


def test_of_two_writers_with_one_expected_version_one_wins(journal: SqliteJournal, journal_path: Path) -> None:
    """I02: the second writer learns of the first, through its own connection."""
    with SqliteJournal(journal_path, clock=HeldClock()) as other:
        journal.append([observed(track(1), 0)], ENGINE)
        with pytest.raises(ConcurrencyConflictError, match="version 1, not at 0") as caught:
            other.append([observed(track(1, "Other"), 0)], ENGINE)
        assert caught.value.hint
        assert other.append([observed(track(1, "Other"), 1)], ENGINE) == (3,)


def test_appending_nothing_does_nothing(journal: SqliteJournal) -> None:
    """I08: an empty batch opens no transaction, so that a locked journal takes it too."""
    head = journal.head()
    assert journal.append([], ENGINE) == ()
    assert journal.head() == head


def test_an_event_belongs_to_the_correlation_of_its_cause(journal: SqliteJournal, journal_path: Path) -> None:
    """I11: a cause is an earlier event, and the correlation is handed down."""
    journal.append(tracks(1, 1), ENGINE)
    other = Origin(actor="engine", run_id="run-2", correlation_id="run-2")
    caused = Draft(event=track(2), causation_seq=2)
    chained = Draft(event=track(3), causation_seq=3)
    free = Draft(event=track(4))
    journal.append([caused, chained, free], other)
    at = COLUMNS.index("correlation_id")
    assert [row[at] for row in rows_of(journal_path)[1:]] == ["run-1", "run-1", "run-1", "run-2"]
    assert [recorded.seq for recorded in journal.read(correlation_id="run-1")] == [2, 3, 4]
    with pytest.raises(EngineError, match="caused by 6"):
        journal.append([Draft(event=track(9), causation_seq=6)], ENGINE)


def test_an_event_that_could_not_be_read_back_is_never_appended(journal: SqliteJournal) -> None:
    """Lone surrogates and wrong types are refused before anything is written."""
    for event in (track(1, "\ud800"), msgspec.structs.replace(track(1), title=7)):
        with pytest.raises(EngineError, match="cannot be stored"):
            journal.append([Draft(event=event)], ENGINE)
    assert journal.head().seq == 1


def test_a_stale_fence_is_rejected(journal: SqliteJournal, journal_path: Path, clock: HeldClock) -> None:
    """I38: whoever lost the lease cannot append under it any more; the holder can."""
    with closing(SqliteCoordination(journal_path, clock=clock, rates={})) as shared:
        first = shared.acquire("run", owner="one", ttl_s=1)
        clock.sleep(2)
        second = shared.acquire("run", owner="two", ttl_s=60)
    assert first is not None
    assert second is not None
    stale = Origin(actor="engine", fence=first.fence, lease_resource="run")
    held = Origin(actor="engine", fence=second.fence, lease_resource="run")
    with pytest.raises(LockHeldError, match="granted to somebody else"):
        journal.append(tracks(1, 1), stale)
    assert journal.append(tracks(1, 1), held) == (2,)


def test_drawn_ids_are_version_7_uuids_in_time_order(journal: SqliteJournal, journal_path: Path) -> None:
    """Ids that the journal draws carry the time they were drawn at."""
    journal.append([Draft(event=track(1)), Draft(event=track(2))], ENGINE)
    first, second = (row[1] for row in rows_of(journal_path)[1:])
    assert isinstance(first, bytes)
    assert isinstance(second, bytes)
    assert first != second
    assert [first[6] >> 4, first[8] >> 6, int.from_bytes(first[:6], "big")] == [7, 2, HeldClock().time_us // 1000]


def test_the_first_event_names_the_journal(journal: SqliteJournal) -> None:
    """Seq 1 is `journal.created`, and its id is the journal's."""
    first = next(journal.read())
    assert isinstance(first.event, e.JournalCreated)
    assert journal.journal_id() == first.event.journal_id
