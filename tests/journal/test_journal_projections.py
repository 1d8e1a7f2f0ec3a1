"""Rows kept inline are the fold of the events: at every end of transaction, at every earlier head, after a rebuild."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from engine.domain import events as e
from engine.domain.envelope import Draft, observed
from engine.domain.errors import ConcurrencyConflictError, EngineError, MigrationNeededError, UsageError
from engine.journal.migrate import migrate
from engine.journal.rebuild import last_read, rebuild
from engine.journal.replay import replay
from engine.journal.sqlite_journal import SqliteJournal
from engine.journal.verify import verify
from engine.projections.registry import ALL
from engine.projections.rows import Playlist
from engine.projections.state import State
from tests.journal.made import ENGINE, HeldClock, batches, events, golden_events, track, tracks


@given(made=st.lists(batches, max_size=4))
@settings(max_examples=25, deadline=None)
def test_live_rows_are_the_fold_at_every_head(fresh: Callable[[], Path], made: list[list[Draft]]) -> None:
    """I13 I14 I15 I17: what live answered when the head was n is what `at=n` answers later."""
    path = fresh()
    answers: dict[int, State] = {}
    with SqliteJournal(path, clock=HeldClock()) as journal:
        for batch in made:
            journal.append([Draft(event=draft.event) for draft in batch], ENGINE)
            answers[journal.head().seq] = journal.state()
            assert not replay(path).different
        for seq, answer in answers.items():
            assert journal.state(at=seq) == answer
    assert verify(path).sound


@given(made=st.lists(batches, max_size=4))
@settings(max_examples=15, deadline=None)
def test_a_rebuild_gives_the_very_rows_that_were_live(fresh: Callable[[], Path], made: list[list[Draft]]) -> None:
    """I13 I18: rows, their order, seqs, digests and positions are the same before and after."""
    path = fresh()
    with SqliteJournal(path, clock=HeldClock()) as journal:
        for batch in made:
            journal.append([Draft(event=draft.event) for draft in batch], ENGINE)
    before = projected(path)
    rebuild(path)
    assert projected(path) == before


def projected(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give every projection's rows and state."""
    with closing(sqlite3.connect(path)) as bare:
        tables = ["projection_state ORDER BY name", *(f"p_{each.name} ORDER BY rowid" for each in ALL)]
        return {table: bare.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_every_kind_of_event_is_folded_inline(journal: SqliteJournal, journal_path: Path) -> None:
    """I13: one of every class, one batch, one transaction."""
    journal.append([Draft(event=event) for event in golden_events()], ENGINE)
    assert verify(journal_path).sound


def test_rows_of_another_process_are_never_missed(journal: SqliteJournal, journal_path: Path) -> None:
    """I13: two connections take turns on one row; nothing stale is written back."""
    with SqliteJournal(journal_path, clock=HeldClock()) as other:
        for version, (writer, title) in enumerate([(journal, "a"), (other, "b"), (journal, "c"), (other, "d")]):
            writer.append([observed(track(1, title), version)], ENGINE)
        assert journal.row("sightings", "soundcloud:track:1") == other.state().sightings["soundcloud:track:1"]
    assert verify(journal_path).sound


def test_only_the_asked_for_rows_are_read(journal: SqliteJournal) -> None:
    """`only` names projections; the others come back empty, live and at an earlier head."""
    journal.append(tracks(1, 3), ENGINE)
    journal.append([Draft(event=e.PlaylistConfigured(ref="soundcloud:set:1", url="u", active=True))], ENGINE)
    assert len(journal.state(only=["sightings"]).sightings) == 3
    assert journal.state(only=["sightings"]).playlists == {}
    assert journal.state(at=4, only=["playlists"]).sightings == {}
    assert list(journal.state(at=2).sightings) == ["soundcloud:track:1"]
    assert journal.state(at=0).sightings == {}
    assert journal.row("sightings", "none") is None
    with pytest.raises(UsageError, match="nothing"):
        journal.state(only=["nothing"])
    with pytest.raises(UsageError, match="no event 99"):
        journal.state(at=99)


class Named(msgspec.Struct):
    """A part of a sighting."""

    title: str


def test_rows_are_read_as_far_as_a_shape_has_fields(journal: SqliteJournal) -> None:
    """G11: parts of every live row, as of one head; what cannot be read is a fault with a hint."""
    journal.append(tracks(1, 2), ENGINE)
    parts = journal.parts({"sightings": Named, "playlists": Playlist})
    assert parts.head == journal.head()
    titles = [row.title for row in journal.state().sightings.values()]
    assert [row.title for row in parts.rows["sightings"]] == titles
    assert parts.rows["playlists"] == list(journal.state().playlists.values())
    with pytest.raises(UsageError, match="nothing"):
        journal.parts({"nothing": Named})
    with closing(sqlite3.connect(journal.path)) as person:
        person.execute("ALTER TABLE p_sightings RENAME TO p_elsewhere")
        with pytest.raises(EngineError):
            journal.parts({"sightings": Named})
        person.execute("ALTER TABLE p_elsewhere RENAME TO p_sightings")


def test_the_inputs_digest_moves_with_what_plans_are_made_from(journal: SqliteJournal) -> None:
    """G9: runs and scans leave it alone, sightings do not."""
    before = journal.inputs_digest()
    run = e.RunStarted(run_id="r", command="c", arguments=(), config_hash="", program_version="")
    scan = e.ScanCompleted(scope="notion:track", complete=True, count=0, set_hash="")
    journal.append([Draft(event=run), Draft(event=scan)], ENGINE)
    assert journal.inputs_digest() == before
    journal.append(tracks(1, 1), ENGINE)
    assert journal.inputs_digest() != before


def test_rows_of_other_folds_are_computed_anew_by_migrating(journal_path: Path) -> None:
    """A program whose folds changed asks for `sync migrate`, also when it was already running."""
    with SqliteJournal(journal_path, clock=HeldClock()) as journal:
        journal.append(tracks(1, 1), ENGINE)
        with closing(sqlite3.connect(journal_path, isolation_level=None)) as bare:
            bare.execute("UPDATE projection_state SET code_hash = 'other'")
        with pytest.raises(MigrationNeededError, match="sightings"):
            journal.append(tracks(2, 2), ENGINE)
    with pytest.raises(MigrationNeededError, match="another version") as caught:
        SqliteJournal(journal_path, clock=HeldClock())
    assert "sync migrate" in caught.value.hint
    assert migrate(journal_path).rebuilt
    assert verify(journal_path).sound


def test_a_projection_that_reads_nothing_stands_at_the_beginning() -> None:
    """`last_read` of no events is 0."""
    assert last_read(ALL[0], {}) == 0


def test_reading_filters_by_everything_a_reader_asks_for(journal: SqliteJournal, clock: HeldClock) -> None:
    """Seq, stream, type, correlation, run, time and limit, alone and together."""
    journal.append(tracks(1, 3), ENGINE)
    clock.sleep(10)
    later_us = clock.now_us()
    journal.append([observed(track(1, "Other"), 1)], ENGINE)

    def seqs(**wanted: Any) -> list[int]:
        return [recorded.seq for recorded in journal.read(**wanted)]

    assert seqs() == [1, 2, 3, 4, 5]
    assert seqs(after=1, until=3) == [2, 3]
    assert seqs(stream="sighting:soundcloud:track:1") == [2, 5]
    assert seqs(types=["journal.created"]) == [1]
    assert seqs(types=[]) == []
    assert seqs(run_id="run-1", limit=2) == [2, 3]
    assert seqs(correlation_id="run-1", since_us=later_us) == [5]
    assert seqs(before_us=later_us) == [1, 2, 3, 4]
    assert seqs(limit=0) == []
    assert journal.seq_at(later_us) == 5
    assert journal.seq_at(later_us - 1) == 4
    assert journal.seq_at(0) == 0


def test_long_journals_are_read_page_by_page(journal: SqliteJournal) -> None:
    """More events than a page, with and without a limit between."""
    journal.append(tracks(1, 4500), ENGINE)
    assert [recorded.seq for recorded in journal.read()] == list(range(1, 4502))
    assert len(list(journal.read(limit=4100))) == 4100
    assert len(list(journal.read(types=["track.seen"], after=4000))) == 501


def test_the_engine_agrees_with_a_model_of_two_writers(fresh: Callable[[], Path]) -> None:
    """I01–I03 I07 I13 as a state machine: two connections, a model in memory, the clock anywhere."""

    class TwoWriters(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.path = fresh()
            self.clock = HeldClock()
            self.writers = [SqliteJournal(self.path, clock=self.clock) for _ in range(2)]
            self.streams = ["journal"]

        @rule(which=st.integers(0, 1), batch=st.lists(events, min_size=1, max_size=4))
        def append_any(self, which: int, batch: list[e.Event]) -> None:
            seqs = self.writers[which].append([Draft(event=event) for event in batch], ENGINE)
            assert seqs == tuple(range(len(self.streams) + 1, len(self.streams) + 1 + len(batch)))
            self.streams += [event.stream for event in batch]

        @rule(which=st.integers(0, 1), event=events, behind=st.integers(0, 2))
        def append_expecting(self, which: int, event: e.Event, behind: int) -> None:
            version = self.streams.count(event.stream)
            draft = Draft(event=event, expected_version=version - behind)
            if behind:
                with pytest.raises(ConcurrencyConflictError):
                    self.writers[which].append([draft], ENGINE)
            else:
                assert self.writers[which].append([draft], ENGINE) == (len(self.streams) + 1,)
                self.streams.append(event.stream)

        @rule(seconds=st.integers(-100, 100))
        def move_the_clock(self, seconds: int) -> None:
            self.clock.sleep(seconds)

        @invariant()
        def reads_what_was_appended(self) -> None:
            for writer in self.writers:
                assert [recorded.stream for recorded in writer.read()] == self.streams
                assert writer.head() == self.writers[0].head()

        @override
        def teardown(self) -> None:
            for writer in self.writers:
                writer.close()
            assert verify(self.path).sound

    run_state_machine_as_test(TwoWriters, settings=settings(max_examples=8, stateful_step_count=12, deadline=None))
