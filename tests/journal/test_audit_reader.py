"""Questions are answered from the journal, and no question changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.envelope import Draft
from engine.domain.errors import IntegrityError, UsageError
from engine.journal.audit.reader import ask, question, questions
from engine.journal.sqlite_journal import SqliteJournal
from tests.journal.made import ENGINE, golden_events, tracks

ROOT = Path(__file__).parents[2]
VIEWS = (
    "v_event", "v_track", "v_playlist", "v_rendition", "v_remote", "v_action", "v_run", "v_conflict", "v_scan",
    "v_question",
)  # fmt: skip
PARAMETERS = {"thing": "soundcloud:track:1234", "since": "2000-01-01", "until": "2100-01-01T00:00:00Z"}


@pytest.fixture
def lived_in(journal: SqliteJournal, journal_path: Path) -> Path:
    """Give a journal that holds one event of every class."""
    journal.append([Draft(event=event) for event in golden_events()[1:]], ENGINE)
    return journal_path


@pytest.mark.parametrize("name", [each.name for each in questions()])
def test_every_shipped_question_is_answered(lived_in: Path, name: str) -> None:
    """The first line says what it answers, and its parameters are those it names."""
    asked = question(name)
    assert asked.answers.endswith((".", "(UTC)."))
    answer = ask(lived_in, asked.sql, {parameter: PARAMETERS[parameter] for parameter in asked.parameters})
    assert answer.columns
    assert not answer.cut


def test_the_questions_answer_what_they_say(lived_in: Path) -> None:
    """One of each class of event gives known answers."""
    history = ask(lived_in, question("track_history").sql, {"thing": "soundcloud:track:1234"})
    types = {row[history.columns.index("type")] for row in history.rows}
    assert {"track.seen", "track.availability_changed", "recording.linked", "rendition.verified"} <= types
    requests = ask(lived_in, question("requests_per_remote").sql)
    assert requests.rows == (("notion", 12, 1, 12),)
    stages = ask(lived_in, question("slowest_stages").sql)
    assert stages.rows == (("observe", 1, 1500, 1500, 1500),)
    changes = ask(lived_in, question("changes_between").sql, PARAMETERS | {"thing": ""})
    assert sum(int(str(row[1])) for row in changes.rows) == len(golden_events())


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_its_rows_and_its_columns_in_the_documentation(lived_in: Path, view: str) -> None:
    """docs/audit.md names every column of every view."""
    answer = ask(lived_in, f"SELECT * FROM {view}")
    assert answer.rows
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    section = page.partition(f"### `{view}`")[2].partition("###")[0]
    assert [column for column in answer.columns if f"`{column}`" not in section] == []


def test_the_documentation_names_every_question() -> None:
    """docs/audit.md lists the shipped questions."""
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert [each.name for each in questions() if f"`{each.name}`" not in page] == []


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM event",
        "UPDATE p_runs SET data = ''",
        "INSERT INTO lease VALUES ('a', 'b', 1, 1)",
        "DROP TABLE event",
        "CREATE TABLE more (a)",
        "CREATE TEMP TABLE more (a)",
        "PRAGMA user_version = 3",
        "PRAGMA query_only = OFF",
        "ATTACH 'other.sqlite3' AS other",
        "BEGIN IMMEDIATE",
        "VACUUM",
        "SELECT load_extension('x')",
    ],
)
def test_whatever_is_not_a_question_is_refused(lived_in: Path, sql: str) -> None:
    """I06: writes, schema changes and switches get a clear error and leave the journal alone."""
    with pytest.raises(UsageError) as caught:
        ask(lived_in, sql)
    assert "SELECT" in caught.value.hint


@pytest.mark.parametrize("sql", ["SELEC", "SELECT 1; SELECT 2", "SELECT * FROM v_nope", "SELECT :thing", "", "-- none"])
def test_bad_sql_is_a_usage_fault(lived_in: Path, sql: str) -> None:
    """SQLite's own words are in the message."""
    with pytest.raises(UsageError):
        ask(lived_in, sql)


def test_a_question_that_takes_too_long_is_stopped(lived_in: Path) -> None:
    """The deadline is looked at while SQLite works; here the clock jumps instead of anybody waiting."""
    times = iter([0.0])
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(UsageError, match="longer than 5 s"):
        ask(lived_in, endless, deadline_s=5, monotonic_s=lambda: next(times, 6.0))


def test_more_rows_than_the_limit_are_cut_and_said_so(journal: SqliteJournal, journal_path: Path) -> None:
    """An answer fits into memory."""
    journal.append(tracks(1, 20), ENGINE)
    answer = ask(journal_path, "SELECT seq FROM v_event ORDER BY seq", rows_max=5)
    assert answer.rows == ((1,), (2,), (3,), (4,), (5,))
    assert answer.cut


def test_an_unknown_question_names_the_known_ones() -> None:
    """The hint lists them."""
    with pytest.raises(UsageError) as caught:
        question("nothing")
    assert "runs" in caught.value.hint


def test_files_that_are_no_journal_cannot_be_asked(tmp_path: Path) -> None:
    """A missing file is a wrong place, a foreign one a fault; neither is an SQL error."""
    with pytest.raises(UsageError):
        ask(tmp_path / "none", "SELECT 1")
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"no database, but long enough to be looked at " * 30)
    with pytest.raises(IntegrityError):
        ask(foreign, "SELECT * FROM v_event")
