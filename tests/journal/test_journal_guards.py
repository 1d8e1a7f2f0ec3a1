"""Append-only is enforced: on every connection, before and after every migration."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from engine.domain.errors import IntegrityError, MigrationNeededError, NewerJournalError, UsageError
from engine.journal import tables
from engine.journal.connection import open_reader, open_writer
from engine.journal.migrate import alembic_config, migrate, migration_engine
from engine.journal.schema import HEAD_REVISION, REVISIONS, refuse_downgrade
from engine.journal.sqlite_journal import SqliteJournal, create_journal
from engine.journal.verify import verify
from engine.projections.registry import ALL
from tests.journal.made import ENGINE, HeldClock, tracks

_COPY = (
    "SELECT {seq}, randomblob(16), stream, {version}, type, 1, 1, {us}, actor, '', '', NULL, 0, data, '', {prev}, hash"
)
_TAKEN = (
    "INSERT INTO event SELECT 2, event_id, stream, 2, type, 1, 1, recorded_us + 1, actor, '', '', NULL, 0, '', '', "
    "hash, hash"
)
_UNCAUSED = _TAKEN.replace("event_id", "randomblob(16)").replace("NULL", "2")
_REWRITES = (
    "UPDATE event SET data = '{}' WHERE seq = 1",
    "UPDATE OR REPLACE event SET seq = 2 WHERE seq = 1",
    "DELETE FROM event WHERE seq = 1",
    "DELETE FROM event",
    "REPLACE INTO event SELECT * FROM event WHERE seq = 1",
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1",
    "INSERT INTO event SELECT * FROM event WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET data = '{}'",
    "INSERT INTO event SELECT * FROM event WHERE seq = 1 ON CONFLICT (event_id) DO UPDATE SET data = '{}'",
    "INSERT OR IGNORE INTO event " + _COPY.format(seq=9, version=2, us="recorded_us + 1", prev="hash") + " FROM event",
    "INSERT INTO event " + _COPY.format(seq=2, version=2, us="recorded_us + 1", prev="zeroblob(32)") + " FROM event",
    "INSERT INTO event " + _COPY.format(seq=2, version=1, us="recorded_us + 1", prev="hash") + " FROM event",
    "INSERT INTO event " + _COPY.format(seq=2, version=2, us="recorded_us", prev="hash") + " FROM event",
    _TAKEN + " FROM event",
    _UNCAUSED + " FROM event",
)
_DOORS = (
    "DROP TABLE event",
    "DROP TRIGGER event_never_updated",
    "DROP INDEX sqlite_autoindex_event_1",
    "DROP VIEW v_event",
    "ALTER TABLE event ADD COLUMN more TEXT",
    "ALTER TABLE event RENAME TO past",
    "CREATE TRIGGER late BEFORE INSERT ON event BEGIN SELECT raise(IGNORE); END",
    "CREATE TEMP TRIGGER late BEFORE INSERT ON main.event BEGIN SELECT raise(IGNORE); END",
    "PRAGMA writable_schema = ON",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA journal_mode = DELETE",
    "ATTACH 'other.sqlite3' AS other",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM sqlite_master",
)


@pytest.mark.parametrize("statement", _REWRITES)
def test_no_statement_rewrites_history_on_any_connection(journal_path: Path, statement: str) -> None:
    """I06: UPDATE, DELETE, REPLACE, UPSERT and rows out of place raise, on a bare connection and on ours."""
    bare = sqlite3.connect(journal_path, isolation_level=None)
    with closing(bare), closing(open_writer(journal_path)) as ours, closing(open_reader(journal_path)) as reader:
        before = bare.execute("SELECT * FROM event").fetchall()
        for connection in (bare, ours, reader):
            with pytest.raises(sqlite3.DatabaseError):
                connection.execute(statement)
        assert bare.execute("SELECT * FROM event").fetchall() == before


@pytest.mark.parametrize("statement", _DOORS)
def test_our_connections_have_their_doors_locked(journal_path: Path, statement: str) -> None:
    """I06: schema changes and switched-off safety are denied outside migrations."""
    with closing(open_writer(journal_path)) as ours, pytest.raises(sqlite3.DatabaseError):
        ours.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER event_never_deleted",
        "CREATE TRIGGER late BEFORE INSERT ON event BEGIN SELECT raise(IGNORE); END",
    ],
)
def test_a_journal_whose_guards_were_changed_is_not_opened(journal_path: Path, statement: str) -> None:
    """I06: opening compares the guards with the shipped ones, word for word; verify says the same."""
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as bare:
        bare.execute(statement)
    with pytest.raises(IntegrityError, match="guards") as caught:
        SqliteJournal(journal_path, clock=HeldClock())
    assert caught.value.hint
    assert [finding.check for finding in verify(journal_path).findings][:1] == ["guards"]


def test_history_is_guarded_between_the_migration_steps_too(tmp_path: Path) -> None:
    """I06 I53: after the first step alone, events can already only be appended."""
    path = tmp_path / "journal.sqlite3"
    _upgrade(path, "0001")
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        names = "seq, event_id, stream, version, type, schema_version, recorded_us, actor, data, prev_hash, hash"
        bare.execute(
            f"INSERT INTO event ({names}) "
            "VALUES (1, zeroblob(16), 's', 1, 't', 1, 1, 'a', '{}', zeroblob(32), randomblob(32))"
        )
        for statement in _REWRITES:
            with pytest.raises(sqlite3.DatabaseError):
                bare.execute(statement)
    with pytest.raises(MigrationNeededError, match="0001") as caught:
        SqliteJournal(path, clock=HeldClock())
    assert "sync migrate" in caught.value.hint


def test_a_migrated_journal_keeps_its_events_and_gets_a_backup_first(tmp_path: Path, template: Path) -> None:
    """I53: from the first revision to the newest, the events stay byte-equal and the rows are computed."""
    path = tmp_path / "journal.sqlite3"
    _upgrade(path, "0001")
    with closing(sqlite3.connect(path, isolation_level=None)) as bare, closing(sqlite3.connect(template)) as full:
        rows = full.execute("SELECT * FROM event").fetchall()
        bare.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(rows[0]))})", rows)
    with pytest.raises(MigrationNeededError):
        create_journal(path, clock=HeldClock(), program_version="test")
    migrated = migrate(path)
    assert migrated.applied == ("0002", "0003", "0004")
    assert migrated.rebuilt
    assert migrated.backup is not None
    assert migrated.backup.is_file()
    with SqliteJournal(path, clock=HeldClock()) as journal:
        assert journal.append(tracks(1, 1), ENGINE) == (2,)
    with closing(sqlite3.connect(path)) as bare:
        assert bare.execute("SELECT * FROM event WHERE seq = 1").fetchall() == rows
    assert verify(path).sound
    assert migrate(path).applied == ()


def test_a_journal_of_a_newer_version_is_refused(journal_path: Path) -> None:
    """A schema revision nobody here knows stops opening and migrating with a clear word."""
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as bare:
        bare.execute("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (lambda: SqliteJournal(journal_path, clock=HeldClock()), lambda: migrate(journal_path)):
        with pytest.raises(NewerJournalError, match="9999"):
            attempt()


def test_the_migrations_make_what_the_tables_declare(journal_path: Path) -> None:
    """`alembic check`: the migrated schema and SQLModel's declarations agree."""
    config = alembic_config()
    engine = migration_engine(journal_path)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
    engine.dispose()


def test_the_revisions_the_program_names_are_alembics() -> None:
    """The constants read on every opening are the migration scripts' own."""
    script = ScriptDirectory.from_config(alembic_config())
    assert tuple(reversed([each.revision for each in script.walk_revisions()])) == REVISIONS
    assert script.get_current_head() == HEAD_REVISION


def test_every_projection_has_its_table() -> None:
    """The registry and the declared tables name the same row sets."""
    declared = {name for name in tables.JournalTable.metadata.tables if name.startswith("p_")}
    assert declared == {f"p_{projection.name}" for projection in ALL}


def test_no_step_goes_backwards(fresh: Callable[[], Path]) -> None:
    """A downgrade is refused with the way out."""
    with pytest.raises(UsageError, match="not migrated backwards") as caught:
        refuse_downgrade()
    assert "Restore" in caught.value.hint
    config = alembic_config()
    engine = migration_engine(fresh())
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        for revision in ("0001", "base"):
            with pytest.raises(UsageError):
                command.downgrade(config, revision)
    engine.dispose()


def _upgrade(path: Path, revision: str) -> None:
    config = alembic_config()
    engine = migration_engine(path)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
