"""Disks that are full, read-only, torn or far away: a fault with a hint, and nothing half-written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import pytest

from engine.domain.crash import pass_by
from engine.domain.errors import (
    EngineError,
    IntegrityError,
    LockHeldError,
    MigrationNeededError,
    StorageError,
    UsageError,
)
from engine.journal.anchors import Anchor, write_anchor
from engine.journal.connection import refuse_network
from engine.journal.coordination import SqliteCoordination
from engine.journal.faults import fault, is_busy
from engine.journal.migrate import migrate
from engine.journal.rebuild import PAGE_ROWS, rebuild
from engine.journal.sqlite_journal import SqliteJournal, create_journal
from engine.journal.verify import verify
from tests.journal.made import ENGINE, HeldClock, track, tracks

ROOT = Path(__file__).parents[2]


def test_a_full_disk_stops_a_batch_whole(journal_path: Path) -> None:
    """I10: when the file cannot grow, the batch is absent, the journal sound, and the hint says what to do."""
    program = textwrap.dedent("""
        import resource, signal, sys
        from pathlib import Path
        from engine.domain.errors import StorageError
        from engine.journal.sqlite_journal import SqliteJournal
        from tests.journal.made import ENGINE, HeldClock, tracks
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with SqliteJournal(Path(sys.argv[1]), clock=HeldClock()) as journal:
            journal.append(tracks(1, 10), ENGINE)
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
            try:
                journal.append(tracks(11, 5000), ENGINE)
            except StorageError as error:
                print(journal.head().seq, error.exit_code, bool(error.hint))
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    """)
    done = subprocess.run(
        [sys.executable, "-c", program, str(journal_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["11", "75", "True"], done.stderr
    assert verify(journal_path).sound
    assert verify(journal_path).events == 11


def test_a_database_that_may_not_grow_takes_nothing_half(journal: SqliteJournal, journal_path: Path) -> None:
    """SQLITE_FULL in the middle of a batch rolls all of it back; smaller work goes on afterwards."""
    journal._writer.set_authorizer(None)
    pages = journal._writer.execute("PRAGMA page_count").fetchone()[0]
    journal._writer.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall()
    with pytest.raises(StorageError, match="disk is full") as caught:
        journal.append(tracks(1, 500), ENGINE)
    assert "Free some space" in caught.value.hint
    assert journal.head().seq == 1
    assert journal.append(tracks(1, 1), ENGINE) == (2,)
    assert verify(journal_path).sound


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write read-only files")
def test_a_read_only_file_is_a_storage_fault(journal_path: Path) -> None:
    """Permissions are named in the hint."""
    journal_path.chmod(0o400)
    journal_path.parent.chmod(0o500)
    try:
        with pytest.raises(StorageError) as caught:
            SqliteJournal(journal_path, clock=HeldClock()).append(tracks(1, 1), ENGINE)
    finally:
        journal_path.parent.chmod(0o700)
    assert caught.value.hint


def test_a_connection_that_may_not_write_is_a_storage_fault(journal: SqliteJournal) -> None:
    """SQLITE_READONLY becomes a fault that speaks of permissions."""
    journal._writer.set_authorizer(None)
    journal._writer.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="cannot be written") as caught:
        journal.append(tracks(1, 1), ENGINE)
    assert "permissions" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"ID3 this is an mp3", b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    """Empty, foreign and damaged files: a fault with a hint, and the file is left as it was."""
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(content)
    with pytest.raises(EngineError) as caught:
        SqliteJournal(path, clock=HeldClock())
    assert caught.value.hint
    assert path.read_bytes() == content or not content


def test_a_torn_database_is_an_integrity_fault(journal: SqliteJournal, journal_path: Path) -> None:
    """Pages overwritten in the middle are found by reading or by verifying, never believed."""
    journal.append(tracks(1, 500), ENGINE)
    journal.close()
    with closing(sqlite3.connect(journal_path)) as bare:
        bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = bare.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()[0]
    whole = bytearray(journal_path.read_bytes())
    whole[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    journal_path.write_bytes(whole)
    with SqliteJournal(journal_path, clock=HeldClock()) as torn:
        with pytest.raises(IntegrityError, match="damaged") as caught:
            torn.head()
        assert "backup" in caught.value.hint
        with pytest.raises(IntegrityError, match="damaged"):
            torn.append(tracks(1, 1), ENGINE)
    with pytest.raises(IntegrityError):
        verify(journal_path)


def test_a_missing_journal_says_how_to_make_one(tmp_path: Path) -> None:
    """No file, no journal, and no file made by looking."""
    with pytest.raises(UsageError, match="no journal here") as caught:
        SqliteJournal(tmp_path / "journal.sqlite3", clock=HeldClock())
    assert "sync init" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_journal_is_created_once(tmp_path: Path) -> None:
    """Creating again opens the same journal; two events of creation never exist."""
    path = tmp_path / "new" / "journal.sqlite3"
    with create_journal(path, clock=HeldClock(), program_version="test") as first:
        first_id = first.journal_id()
    with create_journal(path, clock=HeldClock(), program_version="test") as second:
        assert second.journal_id() == first_id
        assert second.head().seq == 1


def test_an_empty_journal_answers(tmp_path: Path) -> None:
    """Migrated and not begun: head 0, no id, nothing to read."""
    path = tmp_path / "journal.sqlite3"
    migrate(path)
    with SqliteJournal(path, clock=HeldClock()) as journal:
        assert (journal.head().seq, journal.journal_id(), list(journal.read())) == (0, "", [])
        journal.anchor()
    assert verify(path).sound


def test_a_journal_that_stays_locked_is_given_up_whole(journal_path: Path) -> None:
    """The unit is tried again a bounded number of times, then the lock is reported with a hint."""
    with (
        closing(sqlite3.connect(journal_path, isolation_level=None)) as bare,
        SqliteJournal(journal_path, clock=HeldClock(), busy_timeout_s=0.0) as journal,
    ):
        bare.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockHeldError, match="locked") as caught:
            journal.append(tracks(1, 1), ENGINE)
        assert caught.value.hint
        bare.execute("ROLLBACK")
        assert journal.append(tracks(1, 1), ENGINE) == (2,)


def test_threads_share_one_journal(journal: SqliteJournal, journal_path: Path) -> None:
    """I01: several threads append and read at once, and every batch is whole."""

    def work(number: int) -> None:
        for count in range(10):
            journal.append(tracks(1000 * number + 10 * count, 1000 * number + 10 * count + 2), ENGINE)
            list(journal.read(limit=50))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(journal_path).sound
    assert journal.head().seq == 1 + 4 * 10 * 3


def test_processes_share_one_journal(journal_path: Path) -> None:
    """I01 I02: several processes append to one stream without a version lost or doubled."""
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from engine.domain.envelope import Draft
        from engine.journal.sqlite_journal import SqliteJournal
        from tests.journal.made import ENGINE, HeldClock, track
        with SqliteJournal(Path(sys.argv[1]), clock=HeldClock()) as journal:
            for number in range(40):
                journal.append([Draft(event=track(1, sys.argv[2] + str(number)))], ENGINE)
    """)
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(journal_path), name], cwd=ROOT) for name in ("a", "b", "c")
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    verified = verify(journal_path)
    assert verified.sound
    assert verified.events == 1 + 3 * 40


def test_network_file_systems_are_refused(tmp_path: Path) -> None:
    """The deepest mount above the file decides, spaces in its name included."""
    mounts = tmp_path / "mounts"
    share = tmp_path / "my share"
    mounts.write_text(f"disk / ext4 rw 0 0\nnas:/x {str(share).replace(' ', chr(92) + '040')} nfs4 rw 0 0\n")
    refuse_network(tmp_path / "journal.sqlite3", mounts)
    refuse_network(share / "journal.sqlite3", tmp_path / "no such file")
    with pytest.raises(StorageError, match="nfs4") as caught:
        refuse_network(share / "deep" / "journal.sqlite3", mounts)
    assert "CRATELOG_HOME" in caught.value.hint


def test_anchors_that_cannot_be_written_are_a_fault(tmp_path: Path) -> None:
    """The disk's own word is in the message."""
    with pytest.raises(StorageError):
        write_anchor(tmp_path / "none" / "anchors.jsonl", Anchor(seq=1, hash="", recorded_us=1), pass_by)


def test_errors_of_the_driver_itself_are_faults_too() -> None:
    """An error without a code has a hint all the same, and is never taken for a busy database."""
    error = sqlite3.ProgrammingError("closed")
    assert fault(error, Path("journal.sqlite3")).hint
    assert not is_busy(error)


def test_opening_a_journal_loads_no_heavy_library() -> None:
    """G10: reading and appending pay for no SQLAlchemy, SQLModel or Alembic."""
    program = (
        "import engine.journal.sqlite_journal, engine.journal.audit.reader, engine.journal.verify, sys; "
        "print([name for name in ('sqlalchemy', 'sqlmodel', 'alembic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_time_is_never_used_twice(journal: SqliteJournal, clock: HeldClock) -> None:
    """I09: a clock that stands still or goes back does not stop recorded times from growing."""
    journal.append([*tracks(1, 2)], ENGINE)
    clock.time_us = 0
    journal.append([*tracks(3, 3)], ENGINE)
    times = [recorded.recorded_us for recorded in journal.read()]
    assert times == sorted(set(times))
    assert track(1).stream == "sighting:soundcloud:track:1"


def test_a_first_step_whose_disk_is_locked_or_foreign_is_a_fault(tmp_path: Path) -> None:
    """Migrating meets the same faults as appending, with the same hints."""
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"no database, but long enough to be looked at " * 30)
    with pytest.raises(IntegrityError, match="not a journal"):
        migrate(path)
    with pytest.raises(IntegrityError, match="not a journal"):
        create_journal(path, clock=HeldClock(), program_version="test")
    path.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        bare.execute("CREATE TABLE event (a)")
    with pytest.raises(StorageError, match="already exists") as caught:
        migrate(path)
    assert caught.value.hint


def test_coordination_needs_the_same_schema_as_the_journal(journal_path: Path) -> None:
    """A database of another revision is refused before anything is shared."""
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as bare:
        bare.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(MigrationNeededError):
        SqliteCoordination(journal_path, clock=HeldClock(), rates={})


def test_rows_come_back_whole_when_many_are_rebuilt(journal: SqliteJournal, journal_path: Path) -> None:
    """I18: more rows than are written at once."""
    journal.append(tracks(1, PAGE_ROWS + 1), ENGINE)
    before = journal.inputs_digest()
    rebuild(journal_path)
    assert journal.inputs_digest() == before
    assert len(journal.state(only=["sightings"]).sightings) == PAGE_ROWS + 1


def test_of_two_processes_that_create_one_journal_one_begins_it(tmp_path: Path) -> None:
    """I02: the slower one finds the first event there and goes on."""
    path = tmp_path / "journal.sqlite3"
    migrate(path)

    def slow(count: int) -> bytes:
        if not journals:
            journals.append(create_journal(path, clock=HeldClock(), program_version="test"))
        return bytes(count)

    journals: list[SqliteJournal] = []
    journals.append(create_journal(path, clock=HeldClock(), program_version="test", entropy=slow))
    for journal in journals:
        assert journal.head().seq == 1
        journal.close()
