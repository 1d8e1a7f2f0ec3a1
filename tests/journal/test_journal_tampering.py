"""A changed, inserted, removed or swapped row shows, at the first seq it concerns; so does a cut tail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import IntegrityError
from engine.journal.chain import COLUMNS, INSERT_ROW, SELECT_ROWS, event_hash
from engine.journal.chain_check import check_chain, check_part
from engine.journal.schema import shipped_statements
from engine.journal.sqlite_journal import SqliteJournal
from engine.journal.verify import require_sound, verify
from tests.journal.made import ENGINE, HeldClock, tracks

EVENTS = 6


def forge(path: Path, *statements: str, rows: list[tuple[object, ...]] | None = None) -> None:
    """Do what somebody with the file can do: take the guards away, alter, put the guards back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        for guard in shipped_statements("guards.sql"):
            bare.execute(f"DROP TRIGGER {guard.split()[2]}")
        for statement in statements:
            bare.execute(statement)
        bare.executemany(INSERT_ROW, rows or [])
        for guard in shipped_statements("guards.sql"):
            bare.execute(guard)


def written(path: Path) -> Path:
    """Give a journal of `EVENTS` events with an anchor at its end."""
    with SqliteJournal(path, clock=HeldClock()) as journal:
        journal.append(tracks(1, EVENTS - 1), ENGINE)
        journal.anchor()
    return path


def first_finding(path: Path) -> tuple[str, int | None]:
    """Give the first thing that verification finds."""
    finding = verify(path).findings[0]
    return finding.check, finding.seq


@given(column=st.sampled_from(COLUMNS), seq=st.integers(1, EVENTS))
@settings(max_examples=40, deadline=None)
def test_a_change_of_any_column_shows_at_its_event(fresh: Callable[[], Path], column: str, seq: int) -> None:
    """I05: every column is under the hash."""
    path = written(fresh())
    if column == "seq":
        forge(path, f"UPDATE event SET seq = seq + 1000 WHERE seq = {seq}")
    elif column in ("event_id", "prev_hash", "hash"):
        forge(path, f"UPDATE event SET {column} = randomblob(length({column})) WHERE seq = {seq}")
    else:
        forge(path, f"UPDATE event SET {column} = coalesce({column}, 0) || '1' WHERE seq = {seq}")
    assert first_finding(path) == ("chain", seq)


@pytest.mark.parametrize("seq", [1, 3, EVENTS - 1])
def test_a_removed_row_shows_where_it_was(journal_path: Path, seq: int) -> None:
    """I05: a gap is found at the missing seq."""
    forge(written(journal_path), f"DELETE FROM event WHERE seq = {seq}")
    assert first_finding(journal_path) == ("chain", seq)


def test_swapped_rows_show_at_the_first_of_them(journal_path: Path) -> None:
    """I05: order is under the hash."""
    written(journal_path)
    forge(
        journal_path,
        "UPDATE event SET seq = 1000 WHERE seq = 3",
        "UPDATE event SET seq = 3 WHERE seq = 4",
        "UPDATE event SET seq = 4 WHERE seq = 1000",
    )
    assert first_finding(journal_path) == ("chain", 3)


def test_an_inserted_row_shows_where_it_was_put(journal_path: Path) -> None:
    """I05: later rows were moved up to make room."""
    written(journal_path)
    forge(
        journal_path,
        f"UPDATE event SET seq = -seq - 1 WHERE seq >= 4 AND seq <= {EVENTS}",
        "UPDATE event SET seq = -seq WHERE seq < 0",
        "INSERT INTO event SELECT 4, randomblob(16), 'x', 1, type, 1, 1, recorded_us, actor, '', '', NULL, 0, data, "
        "'', hash, hash FROM event WHERE seq = 3",
    )
    assert first_finding(journal_path) == ("chain", 4)


@pytest.mark.parametrize("left", [0, 1, EVENTS - 1])
def test_a_tail_cut_below_an_anchor_shows(journal_path: Path, left: int) -> None:
    """I05: the chain alone cannot tell; the anchor outside can."""
    forge(written(journal_path), f"DELETE FROM event WHERE seq > {left}")
    assert first_finding(journal_path) == ("anchors", left + 1)


def test_a_rewritten_history_with_good_hashes_shows_at_the_anchor(journal_path: Path) -> None:
    """I05: whoever recomputes the chain still cannot recompute what lies outside."""
    written(journal_path)
    with closing(sqlite3.connect(journal_path)) as bare:
        rows = bare.execute(f"{SELECT_ROWS} WHERE seq = {EVENTS}").fetchall()
    last = list(rows[0][:-1])
    last[COLUMNS.index("actor")] = "somebody"
    forge(journal_path, f"DELETE FROM event WHERE seq = {EVENTS}", rows=[(*last, event_hash(tuple(last)))])
    assert first_finding(journal_path) == ("anchors", EVENTS)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE p_sightings SET data = replace(data, 'Title', 'Titel')", "projections"),
        ("DELETE FROM p_sightings WHERE rowid = 1", "projections"),
        ("UPDATE projection_state SET last_seq = 2 WHERE name = 'sightings'", "projections"),
        ("UPDATE projection_state SET code_hash = '' WHERE name = 'runs'", "projections"),
        ("DELETE FROM projection_state WHERE name = 'runs'", "projections"),
    ],
)
def test_altered_projection_rows_show(journal_path: Path, statement: str, check: str) -> None:
    """I13 I15: rows, digests and positions are compared with one another."""
    written(journal_path)
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as bare:
        bare.execute(statement)
    assert first_finding(journal_path)[0] == check


def test_rows_altered_together_with_their_digest_show_by_replay(journal_path: Path) -> None:
    """I13: the events have the last word."""
    written(journal_path)
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as bare:
        bare.execute("DELETE FROM p_sightings")
        bare.execute("UPDATE projection_state SET digest = ? WHERE name = 'sightings'", ("0" * 64,))
    assert "not what the events say" in verify(journal_path).findings[0].detail


def test_versions_times_and_causes_are_checked_beside_the_chain(journal_path: Path) -> None:
    """I02 I09 I11: a forger with good hashes is still found out."""
    written(journal_path)
    with closing(sqlite3.connect(journal_path)) as bare:
        row = list(bare.execute(f"{SELECT_ROWS} WHERE seq = {EVENTS}").fetchone()[:-1])
    row[COLUMNS.index("version")] = 7
    row[COLUMNS.index("recorded_us")] = 1
    row[COLUMNS.index("causation_id")] = EVENTS
    forge(journal_path, f"DELETE FROM event WHERE seq = {EVENTS}", rows=[(*row, event_hash(tuple(row)))])
    found = {finding.check: finding.seq for finding in verify(journal_path).findings}
    assert {check: found.get(check) for check in ("versions", "time", "causation")} == dict.fromkeys(
        ("versions", "time", "causation"), EVENTS
    )


def test_text_that_is_no_longer_utf_8_shows_at_its_event(journal_path: Path) -> None:
    """I05: damaged text is a finding, not the end of the check."""
    forge(written(journal_path), "UPDATE event SET data = CAST(x'ff' AS TEXT) WHERE seq = 3")
    assert first_finding(journal_path) == ("chain", 3)


def test_an_event_of_an_unreadable_kind_shows_by_replay(journal_path: Path) -> None:
    """A row with a good hash whose data is not what its type says."""
    written(journal_path)
    with closing(sqlite3.connect(journal_path)) as bare:
        row = list(bare.execute(f"{SELECT_ROWS} WHERE seq = {EVENTS}").fetchone()[:-1])
    row[COLUMNS.index("data")] = "{}"
    forge(journal_path, f"DELETE FROM event WHERE seq = {EVENTS}", rows=[(*row, event_hash(tuple(row)))])
    journal_path.with_name("anchors.jsonl").unlink()
    assert verify(journal_path).findings[0].check == "replay"


def test_a_sound_journal_is_sound(journal_path: Path) -> None:
    """No finding, and `require_sound` lets it pass; with a finding it stops."""
    verified = verify(written(journal_path))
    assert verified.sound
    assert verified.events == EVENTS
    require_sound(verified)
    forge(journal_path, "DELETE FROM event WHERE seq = 3")
    with pytest.raises(IntegrityError, match="chain at event 3"):
        require_sound(verify(journal_path))


def test_edited_and_torn_anchors(journal_path: Path) -> None:
    """CP17: a line a crash cut short is left out; an edited one is a finding."""
    anchors = written(journal_path).with_name("anchors.jsonl")
    whole = anchors.read_bytes()
    anchors.write_bytes(whole + whole[:20])
    assert verify(journal_path).sound
    with SqliteJournal(journal_path, clock=HeldClock()) as journal:
        journal.anchor()
    assert verify(journal_path).sound
    assert anchors.read_bytes().endswith(whole[:20] + b"\n" + whole)
    anchors.write_bytes(b'{"seq":"six"}\n')
    assert first_finding(journal_path) == ("anchors", None)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("SELECT 1", None),
        ("UPDATE event SET data = '{}' WHERE seq = 2", 2),
        (f"UPDATE event SET data = '{{}}' WHERE seq = {EVENTS}", EVENTS),
        ("DELETE FROM event WHERE seq IN (3, 4)", 3),
        ("DELETE FROM event WHERE seq < 4", 1),
    ],
)
def test_several_processes_find_the_same_first_break(journal_path: Path, statement: str, seq: int | None) -> None:
    """I05 G8: a chain checked in parts breaks where the whole does."""
    forge(written(journal_path), statement)
    alone, together = check_chain(journal_path), check_chain(journal_path, parallel_from=0)
    assert (alone and alone.seq, together and together.seq) == (seq, seq)


def test_a_part_that_ends_too_soon_is_broken_where_it_ends(journal_path: Path) -> None:
    """I05: rows removed just before a part's end are missed by that part."""
    forge(written(journal_path), "DELETE FROM event WHERE seq = 3")
    broken = check_part(journal_path, (0, 3))
    assert broken is not None
    assert broken.seq == 3


def test_an_altered_hash_alone_shows_at_the_event_after_the_stored_one(journal_path: Path) -> None:
    """I05: an event put on another predecessor is found by its link."""
    forge(written(journal_path), "UPDATE event SET prev_hash = zeroblob(32) WHERE seq = 4")
    broken = check_chain(journal_path)
    assert broken is not None
    assert "does not follow" in broken.detail
