"""`sync duplicates` over a real journal: what is there twice, what would go where, and the plan of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cli.render.duplicates import GROUPS_SHOWN_MAX, PAIRS_SHOWN_MAX, duplicates_text
from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.recording_events import Evidence
from engine.domain.references import recording_id
from engine.reconciler.grouping import Cut, Proof
from engine.settings.load import load
from engine.wiring.app import App
from engine.workflows.duplicates import DuplicateGroup, DuplicateReport, Member
from tests.fakes.crate import FIRST_ID, linked, seen, verified

Sync = Callable[..., Result]
TWIN, NAMESAKE = "soundcloud:track:7", "soundcloud:track:8"


def tell(home: Path, *events: e.Event) -> None:
    """Let something more have happened."""
    app = App(settings=load(home=home, environ={}))
    app.journal.append([Draft(event=event) for event in events], Origin(actor="engine", run_id=None))
    app.close()


@pytest.fixture
def pair(home: Path) -> Path:
    """Give a home in which one track was taken for two."""
    tell(
        home,
        seen(TWIN, "First Light (FREE DL)"),
        linked(TWIN),
        verified(recording_id(TWIN), "Ada/Twin.aiff"),
        e.ScanCompleted(scope="library:audio", complete=True, count=1, set_hash="x"),
        e.ScanCompleted(scope="library:playlist", complete=True, count=1, set_hash="x"),
    )
    return home


@pytest.fixture
def twins(pair: Path) -> Path:
    """Give the same with a third that has the name alone."""
    bare = e.TrackSeen(ref=NAMESAKE, title="First Light", artist="Ada", url="https://soundcloud.com/crew/namesake")
    tell(pair, bare, linked(NAMESAKE))
    return pair


def test_nothing_twice_is_said_to_be_so(sync: Sync) -> None:
    """Exit code 0, and no plan to make."""
    result = sync("duplicates")
    assert result.exit_code == 0
    assert "nothing is there more than once" in result.output


def test_what_is_there_twice_is_shown_with_what_stays(sync: Sync, twins: Path) -> None:
    """F1: the evidence, the keeper, the reason; exit code 21 because of the pair with a name alone."""
    result = sync("duplicates")
    assert result.exit_code == 21
    group = ("1 group", "Ada – First Light", f"{FIRST_ID} stays", "the trash folder")
    for said in (*group, "only you can decide", "names only"):
        assert said in result.output
    assert "same_bytes, score" in sync("-v", "duplicates").output
    assert (twins / "journal.sqlite3").exists()


def test_a_plan_of_it_is_a_file_that_apply_takes(sync: Sync, twins: Path) -> None:
    """I26: nothing changes until the plan is applied; --json gives its digest."""
    path = twins / "plans" / "once.plan.json"
    assert f"next: sync apply {path}" in sync("duplicates", "--plan", str(path), "--allow-removals", "3").output
    plan = json.loads(path.read_text())["plan"]
    assert [decision["decision"] for decision in plan["decisions"]] == ["merge"]
    found = json.loads(sync("duplicates", "--plan", str(path), "--json").output)
    assert set(found) == {"duplicates", "asked", "plan"}
    assert found["duplicates"]["goes"] == {"library": 1}
    assert len(found["plan"]) == 64


def test_pairs_become_questions_when_told_to(sync: Sync, twins: Path) -> None:
    """P17: `--ask` opens them once."""
    assert "2 questions opened: sync review" in sync("duplicates", "--ask").output
    assert "0 questions opened" in sync("duplicates", "--ask").output
    assert json.loads(sync("duplicates", "--ask", "--json").output)["asked"] == 0


def test_pending_changes_have_their_exit_code(sync: Sync, pair: Path) -> None:
    """As `sync plan --detailed-exitcode`."""
    assert sync("duplicates", "--detailed-exitcode").exit_code == 10
    assert sync("duplicates").exit_code == 0
    assert "sync duplicates --plan FILE" in sync("duplicates").output
    assert pair.exists()


def report(groups: int, pairs: int) -> DuplicateReport:
    """Give a report of many groups, cuts and pairs."""
    evidence = (Evidence(feature="names", weight=4.0, detail="same"),)
    proof = Proof(a="ra", b="rb", rule="names_only", names="same", score=4.0, evidence=evidence)
    member = Member(thing="ra", place="notion", where="p1", what="3 fields filled in", fate="goes", why="x")
    group = DuplicateGroup(label="L", keeper="ra", why="w", rules=("same_isrc",), members=(member,), proofs=(proof,))
    cuts = (
        Cut(a="ra", b="rb", via=("ra", "rb"), rejected=True, proof=proof, against=proof),
        Cut(a="ra", b="rb", via=("ra", "rc"), rejected=False, proof=proof, against=None),
    )
    return DuplicateReport(
        groups=(group,) * groups, goes={"notion": groups}, cuts=cuts, asked=(proof,) * pairs, compared=9, labels={}
    )


def test_long_reports_are_cut_and_say_so() -> None:
    """What is left out is counted, and `-v` shows it."""
    long = report(GROUPS_SHOWN_MAX + 1, PAIRS_SHOWN_MAX + 2)
    text = duplicates_text(long, whole=False, asked=None, out=None)
    assert "and 1 group more" in text
    assert "and 2 more" in text
    assert "never compared" in text
    whole = duplicates_text(long, whole=True, asked=None, out=None)
    assert "more; `sync -v duplicates`" not in whole
    assert "names +4 same" in whole
    assert "next: nothing" in duplicates_text(report(0, 0), whole=False, asked=None, out=None)
