"""Export and import are byte-faithful; what was torn or edited is refused by line, and a backup is a whole journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.envelope import Draft
from engine.domain.errors import EngineError, IntegrityError, NewerJournalError, StorageError, UsageError
from engine.journal.backup import backup
from engine.journal.exchange import export_lines, import_lines
from engine.journal.sqlite_journal import SqliteJournal
from engine.journal.verify import verify
from tests.journal.made import ENGINE, HeldClock, batches, tracks


@given(made=st.lists(batches, max_size=3))
@settings(max_examples=15, deadline=None)
def test_an_imported_journal_has_the_same_hashes(fresh: Callable[[], Path], made: list[list[Draft]]) -> None:
    """I03 I04: every column of every event comes through, and the rows follow."""
    path = fresh()
    with SqliteJournal(path, clock=HeldClock()) as journal:
        for batch in made:
            journal.append([Draft(event=draft.event, occurred_us=draft.occurred_us) for draft in batch], ENGINE)
        head, state = journal.head(), journal.state()
    lines = list(export_lines(path))
    copy = path.with_name("copy.sqlite3")
    assert import_lines(copy, lines) == head
    assert list(export_lines(copy)) == lines
    with SqliteJournal(copy, clock=HeldClock()) as journal:
        assert journal.state() == state
    assert verify(copy).sound


@pytest.fixture
def lines(journal: SqliteJournal, journal_path: Path) -> list[bytes]:
    """Give an export of six events."""
    journal.append(tracks(1, 5), ENGINE)
    return list(export_lines(journal_path))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_cut_of_an_export_is_refused_and_leaves_no_event(
    fresh: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """An import is whole or not at all."""
    path = fresh()
    with SqliteJournal(path, clock=HeldClock()) as journal:
        journal.append(tracks(1, 2), ENGINE)
    whole = b"".join(export_lines(path))
    torn = whole[: data.draw(st.integers(0, len(whole) - 1))]
    copy = path.with_name("copy.sqlite3")
    with pytest.raises(IntegrityError, match="line"):
        import_lines(copy, torn.splitlines(keepends=True))
    with SqliteJournal(copy, clock=HeldClock()) as journal:
        assert journal.head().seq == 0


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [
        (3, b"Title", b"Titel"),
        (3, b'"seq":2', b'"seq":3'),
        (3, b'"actor"', b'"agent"'),
        (3, b'"run_id":"', b'"run_id":"\xff'),
        (3, b'"seq":2', b'"seq":'),
        (3, b'"event_id":"', b'"event_id":"zz'),
        (1, b"cratelog", b"crate"),
        (1, b"{", b"["),
        (8, b'"events":6', b'"events":5'),
        (8, b'"hash":"', b'"hash":['),
    ],
)
def test_an_edited_line_is_named(tmp_path: Path, lines: list[bytes], number: int, before: bytes, after: bytes) -> None:
    """Whatever is edited, the line is in the message and nothing is kept."""
    assert before in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(before, after, 1)
    with pytest.raises(IntegrityError, match=f"line {number}:") as caught:
        import_lines(tmp_path / "copy.sqlite3", lines)
    assert "nothing was imported" in caught.value.hint


def test_missing_swapped_and_trailing_lines_are_named(tmp_path: Path, lines: list[bytes]) -> None:
    """Order and number of lines are part of the export."""
    copy = tmp_path / "copy.sqlite3"
    for wrong, number in (
        ([*lines[:3], *lines[4:]], 4),
        ([*lines[:2], lines[3], lines[2], *lines[4:]], 3),
        (lines[:-1], 8),
        ([*lines, lines[-1]], 9),
        ([], 1),
        ([*lines[:2], b"[]\n"], 3),
    ):
        with pytest.raises(IntegrityError, match=f"line {number}:"):
            import_lines(copy, wrong)


def test_a_newer_export_and_a_full_journal_are_refused(tmp_path: Path, lines: list[bytes], journal_path: Path) -> None:
    """Formats have numbers, and journals are never mixed."""
    with pytest.raises(NewerJournalError, match="format 9"):
        import_lines(tmp_path / "copy.sqlite3", [lines[0].replace(b'"format_version":1', b'"format_version":9')])
    with pytest.raises(UsageError, match="has events already"):
        import_lines(journal_path, lines)


def test_a_backup_is_whole_while_others_write(journal: SqliteJournal, journal_path: Path, tmp_path: Path) -> None:
    """The copy has everything committed before it, verifies, and takes events itself."""
    journal.append(tracks(1, 500), ENGINE)
    copy = backup(journal_path, tmp_path / "backups" / "copy.sqlite3")
    journal.append(tracks(501, 502), ENGINE)
    assert verify(copy, anchors=tmp_path / "none").events == 501
    with SqliteJournal(copy, clock=HeldClock()) as opened:
        assert opened.append(tracks(600, 600), ENGINE) == (502,)
    with pytest.raises(UsageError, match="is there already"):
        backup(journal_path, copy)


def test_a_backup_of_damaged_files_is_no_backup(journal: SqliteJournal, journal_path: Path, tmp_path: Path) -> None:
    """A copy that is not sound never gets its name."""
    journal.append(tracks(1, 500), ENGINE)
    journal.close()
    with closing(sqlite3.connect(journal_path)) as bare:
        bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(journal_path.read_bytes())
    whole[-40_000:-20_000] = bytes(20_000)
    journal_path.write_bytes(whole)
    with pytest.raises(EngineError) as caught:
        backup(journal_path, tmp_path / "copy.sqlite3")
    assert caught.value.exit_code in (IntegrityError.exit_code, StorageError.exit_code)
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []
