"""The reading commands over a real journal, as text and as JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain.errors import EngineError, UsageError
from tests.fakes.crate import ACTION, FIRST_ID, RUN

Sync = Callable[..., Result]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("status",), "2: 1 with a file, 1 without"),
        (("status", "--at", "2"), "at event 2"),
        (("tracks",), "First Light"),
        (("tracks", "nothing", "like", "this"), "no recordings"),
        (("tracks", "--missing"), "1 recording;"),
        (("track", "first", "light"), "Ada/First Light.aiff"),
        (("track", "second wind"), "gone"),
        (("playlists",), "in step"),
        (("playlists", "--at", "1"), "no playlists"),
        (("playlist", "crate"), "again"),
        (("runs",), RUN),
        (("runs", "--at", "1"), "no runs yet"),
        (("run", "last"), "FetchRecording"),
        (("why", "first light"), "nothing in notion holds it yet"),
        (("why", ACTION[:8]), "attempt 1 claimed"),
        (("report",), "next: 1 to decide: sync conflicts"),
        (("plan",), "waiting"),
        (("reconcile", "--dry-run"), "plan "),
        (("config",), "library.root"),
        (("config",), "(no effect yet)"),
        (("config", "--set"), "flag --home"),
        (("verify",), "as written"),
        (("replay",), "every projection is what the events say"),
        (("rebuild",), "rebuilt 17 projections"),
        (("migrate",), "nothing to do"),
        (("sql", "--list"), "track_history"),
        (("sql", "track_history", "-p", "thing=First"), "track.seen"),
        (("sql", "SELECT 1 AS one, x'ff' AS blob", "--format", "csv"), "one,blob\n1,ff"),
        (("sql", "SELECT 'a|b' AS x", "--format", "markdown"), "a\\|b"),
        (("sql", "SELECT 1 AS one", "--format", "json"), '"one": 1'),
    ],
)
def test_a_command_says_what_there_is(sync: Sync, arguments: tuple[str, ...], says: str) -> None:
    """Each reading command ends well and shows what the journal holds."""
    result = sync(*arguments)
    assert result.exit_code == 0, result.output
    assert says in result.output


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (("status",), {"journal_id", "head_seq", "recordings", "availability", "actions", "scopes", "next"}),
        (("tracks",), {"tracks"}),
        (("track", FIRST_ID), {"track", "sightings", "renditions", "objects", "actions"}),
        (("playlists",), {"playlists"}),
        (("playlist", "crate"), {"playlist", "entries"}),
        (("runs",), {"runs"}),
        (("run", "last"), {"run", "events", "actions", "cut_off"}),
        (("why", "first light"), {"thing", "steps"}),
        (("report",), {"run_id", "done", "troubles", "gates"}),
        (("plan",), {"digest", "plan"}),
        (("reconcile", "--dry-run"), {"digest", "plan"}),
        (("config",), {"home", "config_hash", "settings"}),
        (("verify",), {"events", "sound", "findings"}),
        (("replay",), {"head_seq", "equal", "projections"}),
        (("rebuild",), {"head_seq", "digests"}),
        (("migrate",), {"applied", "backup", "rebuilt"}),
        (("sql", "--list"), {"questions"}),
        (("sql", "runs"), {"columns", "rows", "cut"}),
        (("refetch", FIRST_ID), {"what", "key", "label", "seq"}),
        (("doctor",), {"findings"}),
    ],
)
def test_json_has_its_documented_keys(sync: Sync, arguments: tuple[str, ...], keys: set[str]) -> None:
    """docs/json.md: `--json` prints one object whose keys stay."""
    found = json.loads(sync(*arguments, "--json").output)
    assert keys <= set(found)


def test_reading_and_planning_leave_the_journal_alone(sync: Sync, home: Path) -> None:
    """I26: plan, dry run and every reading command leave the journal byte-identical."""
    before = sync("export").output
    assert before.count("\n") == 24
    for arguments in (("status",), ("plan",), ("reconcile", "--dry-run"), ("why", "crate"), ("doctor",), ("replay",)):
        sync(*arguments)
    assert sync("export").output == before
    assert not list((home / "library").rglob("*.aiff"))


def test_conflicts_need_a_person_until_they_are_decided(sync: Sync) -> None:
    """Exit code 21 while a conflict is open, 0 after it was resolved."""
    assert sync("conflicts").exit_code == 21
    shown = json.loads(sync("conflicts", "--json").output)["conflicts"][0]
    assert (shown["field"], shown["label"]) == ("genre", "Ada – First Light")
    assert "→ sync resolve conflictone ours writes our value" in sync("conflicts").output
    assert "theirs" in sync("resolve", "conflictone", "theirs").output
    assert sync("conflicts").output == "no conflicts\n"


def test_decisions_are_said_and_repeats_are_said_to_be_so(sync: Sync) -> None:
    """follow, unfollow, dismiss: once recorded, then `already`."""
    assert (
        "followed: https://soundcloud.com/you/sets/y (event"
        in sync("follow", "https://soundcloud.com/you/sets/y").output
    )
    assert "followed already" in sync("follow", "https://soundcloud.com/you/sets/y").output
    assert (
        "unfollowed: https://soundcloud.com/you/sets/y" in sync("unfollow", "https://soundcloud.com/you/sets/y").output
    )
    assert "dismissed: Ada – First Light" in sync("dismiss", "first", "light").output
    assert "dismissed already" in sync("dismiss", FIRST_ID).output
    assert "in the way: its source says it is gone" in sync("refetch", "second wind").output


def test_a_path_is_followed_from_wherever_it_is_named(
    sync: Sync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path means the same to cron, which starts elsewhere; what no source knows is refused."""
    (tmp_path / "crate.m3u8").write_text("")
    monkeypatch.chdir(tmp_path)
    assert f"followed: {tmp_path / 'crate.m3u8'}" in sync("follow", "crate.m3u8").output
    with pytest.raises(UsageError, match="no source knows"):
        sync("follow", "https://example.org/crate")


def test_a_plan_is_written_and_its_exit_code_can_tell(sync: Sync, tmp_path: Path) -> None:
    """`--detailed-exitcode` is 10 when there is something to do; a plan file is written whole."""
    out = tmp_path / "monday.plan.json"
    result = sync("plan", "--out", str(out), "--playlist", "crate", "--only", "library")
    assert result.exit_code == 0
    assert f"next: sync apply {out}" in result.output
    assert json.loads(out.read_text())["plan"]["plan_format"] == 2
    code = sync("plan", "--detailed-exitcode").exit_code
    assert code == (10 if json.loads(sync("plan", "--json").output)["plan"]["actions"] else 0)


def test_an_export_is_imported_into_another_home(sync: Sync, tmp_path: Path) -> None:
    """`sync export` and `sync import` carry every byte of every event."""
    out = tmp_path / "crate.jsonl"
    assert "lines to" in sync("export", str(out)).output
    with pytest.raises(UsageError, match="there already"):
        sync("export", str(out))
    other = str(tmp_path / "other")
    assert "imported 22 events" in sync("--home", other, "import", str(out)).output
    assert sync("--home", other, "export").output == out.read_text()
    assert json.loads(sync("export", str(tmp_path / "b.jsonl"), "--json").output)["lines"] == 24


def test_a_backup_is_a_journal(sync: Sync, tmp_path: Path) -> None:
    """The copy lies where it was asked for."""
    assert "copied to" in sync("backup", str(tmp_path / "copy.sqlite3")).output
    assert json.loads(sync("backup", str(tmp_path / "c2.sqlite3"), "--json").output)["size_bytes"] > 0


def test_a_first_reconcile_works_and_is_reported(sync: Sync) -> None:
    """M4: an empty home reconciles, ends well and says so, in text and in JSON; a plan file applies."""
    for url in ("https://soundcloud.com/crew/sets/crate",):
        sync("unfollow", url)
    assert "run" in sync("reconcile", "--only", "library", "--limit", "1", "--workers", "1").output
    found = json.loads(sync("reconcile", "--json").output)
    assert {"exit_code", "settled", "problems", "report"} <= set(found)


def test_a_plan_file_is_applied(sync: Sync, tmp_path: Path) -> None:
    """`sync apply` takes a plan file, strictly or not."""
    out = tmp_path / "p.json"
    sync("plan", "--out", str(out))
    assert "apply" in sync("apply", str(out), "--strict").output


def test_a_home_is_made_once(sync: Sync, tmp_path: Path) -> None:
    """`sync init` makes what is missing and overwrites nothing."""
    new = str(tmp_path / "new")
    first = sync("--home", new, "init", "--library", str(tmp_path / "music"), "--playlist", "https://x/y")
    assert "made:" in first.output
    assert (tmp_path / "music" / ".cratelog-root").is_file()
    again = sync("--home", new, "init", "--library", str(tmp_path / "else"))
    assert "kept as it was" in again.output
    assert "was there, so --library" in again.output
    assert "https://x/y" in sync("--home", new, "config").output
    assert json.loads(sync("--home", new, "init", "--json").output)["made"] == []


def test_a_home_that_cannot_be_made_says_so(sync: Sync, tmp_path: Path) -> None:
    """A file where a folder should be is a storage error with a hint."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be made"):
        sync("--home", str(tmp_path / "file" / "home"), "init", "--library", str(tmp_path / "music"))


def test_the_doctor_looks_and_asks_when_told(sync: Sync, home: Path) -> None:
    """`--online` asks the switched-on targets read-only; a missing journal is a finding, not a crash."""
    sync("unfollow", "crate")
    shown = sync("doctor", "--online").output
    assert "library audio: answers" in shown
    (home / "journal.sqlite3").unlink()
    broken = sync("doctor")
    assert broken.exit_code == 20
    assert "there is no journal here" in broken.output


def test_a_migration_that_only_folds_again_says_so(sync: Sync, home: Path) -> None:
    """Rows that were folded by other rules are work done, not nothing."""
    with closing(sqlite3.connect(home / "journal.sqlite3")) as raw, raw:
        raw.execute("UPDATE projection_state SET code_hash = 'older'")
    assert "rebuilt" in sync("migrate").output
    assert "nothing to do" in sync("migrate").output


def test_the_status_of_now_is_what_folding_says(sync: Callable[..., Result]) -> None:
    """G11: counting reads parts of rows; what it says is what the whole state says."""
    now = json.loads(sync("status", "--json").output)
    assert json.loads(sync("status", "--json", "--at", str(now["head_seq"])).output) == now


def test_a_plan_may_look_first(sync: Sync, tmp_path: Path) -> None:
    """`sync plan --look` reads what is there, notes it as a run of its own, and shows what could not be looked at."""
    sync("unfollow", "crate")
    assert "plan " in sync("plan", "--look").output
    assert "observe" in sync("runs", "--limit", "1").output
    warmup = tmp_path / "warmup.m3u8"
    warmup.touch()
    sync("follow", str(warmup))
    warmup.unlink()
    failed = sync("plan", "--look", "--detailed-exitcode")
    assert failed.exit_code == 20
    assert f"could not be looked at:\n  {warmup}: root missing" in failed.output
    assert json.loads(sync("plan", "--look", "--json").output)["troubles"][0]["hint"]


def test_a_home_that_never_looked_says_so(sync: Sync, tmp_path: Path) -> None:
    """A first `sync plan` does not say that there is nothing to do."""
    new = str(tmp_path / "new")
    assert "sync follow URL`, `sync doctor`, then `sync plan --look`" in sync("--home", new, "init").output
    first = sync("--home", new, "plan").output
    assert "nothing has been looked at yet" in first
    assert "nothing to do" not in first
