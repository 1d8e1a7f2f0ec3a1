"""Plans, reports, verification and tracks as people read them."""

from __future__ import annotations

from msgspec.structs import replace

from cli.render.keeping import replay_text, verify_text
from cli.render.music import playlists_text, track_text
from cli.render.plan import plan_text
from cli.render.report import report_text
from cli.render.words import moment
from engine.domain.action_events import Change
from engine.domain.events import Fact
from engine.domain.plan import Action, ActionKind, ConflictFound, GuardReport, Operation, Plan, Waiting
from engine.journal.verify import Finding, Verified
from engine.projections.rows import Enrichment
from engine.workflows.playlists import PlaylistRow
from engine.workflows.replay import replay_report
from engine.workflows.report import RunReport, Trouble
from engine.workflows.report_gates import Gate
from engine.workflows.tracks import track
from tests.fakes.crate import crate, linked, seen
from tests.fakes.memory_journal import MemoryJournal

ACTION = Action(
    action_id="a",
    kind=ActionKind.CREATE_PAGE,
    operation=Operation.CREATE,
    target="notion",
    object_kind="track",
    key="r1",
    remote_id=None,
    changes=tuple(Change(field=f"f{n}", before=None, after="x", owner="seed") for n in range(6)),
    precondition="",
    reason="nothing holds it yet",
    risk="none",
    causes=(),
)
PLAN = Plan(
    journal_id="j",
    head_seq=1200,
    head_hash="",
    config_hash="",
    as_of_us=0,
    scans={},
    summary={"create": 201, "trash": 0},
    guards=(GuardReport(scope="notion:track", removals=9, managed=10, limit=5, allowed=False, reason="too many"),),
    conflicts=(
        ConflictFound(
            conflict_id="c", target="t", object_kind="o", key="k", field="f", base=None, wanted=1, found=2, reason=""
        ),
    ),
    waiting=(Waiting(target="t", object_kind="o", key="k", why="guard", detail=""),),
    actions=(ACTION,) * 201,
)
REPORT = RunReport(
    run_id="r",
    command="reconcile",
    started_us=1_780_000_000_000_000,
    finished_us=None,
    exit_code=None,
    done={},
    observed={},
    counts={},
    requests={},
    stages_ms={},
    scans=(),
    gates=(Gate(name="everything was read whole", verdict="failed", evidence="0 of 1"),),
    troubles=(
        Trouble(subject="Ada", failure="rate_limited", detail="429", hint="wait", next_try_us=1_780_000_000_000_000),
    ),
    unavailable={"geo_blocked": tuple(f"t{n}" for n in range(7))},
    open_conflicts=0,
    events=3,
)


def test_a_plan_shows_actions_guards_conflicts_and_what_waits() -> None:
    """What is cut off is counted; a stopped removal says how to allow it; the next command is named."""
    shown = plan_text(PLAN, None)
    assert "at event 1,200: 201 create" in shown
    assert "and 1 action more" in shown
    assert "and 2 more" in shown
    assert "--allow-removals 9" in shown
    assert "1 conflict: sync conflicts" in shown
    assert "  guard: 1 – k (t o)" in shown
    assert "nothing has been looked at yet" in shown
    assert plan_text(replace(PLAN, scans={"t:o": 1}), None).endswith("next: sync reconcile")
    assert plan_text(PLAN, "p.json").endswith("next: sync apply p.json")


def test_what_waits_is_named_in_groups_and_in_full_when_asked() -> None:
    """F-plan: why, how many, the first few by name, until when; with `-v` each one with its detail."""
    waits = tuple(
        Waiting(target="t", object_kind="o", key=f"k{n}", why="backoff", detail=f"try {n}", until_us=10**15 + n)
        for n in range(5)
    )
    unseen = Waiting(target="eagle", object_kind="item", key="*", why="unseen", detail="its scan was cut short")
    plan = replace(PLAN, waiting=(*waits, unseen))
    short = plan_text(plan, None, str.upper)
    assert "  backoff: 5 – K0 (t o), K1 (t o), K2 (t o) and 2 more; next try 20" in short
    assert "  unseen: 1 – eagle item\n" in short
    assert "sync -v plan" in short
    whole = plan_text(plan, None, whole=True)
    assert "    k4 (t o): try 4; next try 20" in whole
    assert "    eagle item: its scan was cut short" in whole


def test_a_report_says_what_did_not_work_and_what_comes_next() -> None:
    """Troubles with their next try and their way out, titles that cannot be had."""
    assert "not in order, or not yet" in report_text(REPORT)
    assert "next: run it again" in report_text(REPORT)
    ended = replace(REPORT, exit_code=20, finished_us=REPORT.started_us, observed={"track.seen": 1, "remote.seen": 2})
    shown = report_text(ended)
    for text in (
        "seen anew  1 track, 2 rows, items and folders",
        "rate limited: 429; next try",
        "→ wait",
        "and 2 more",
    ):
        assert text in shown
    assert "again later" in shown
    login = Trouble(subject="spotify", failure="auth_expired", detail="over", hint="sync login", next_try_us=None)
    limit = replace(login, failure="rate_limited")
    both = replace(ended, troubles=(*REPORT.troubles, login))
    assert "next: mend what did not work" in report_text(both)
    assert "again later" in report_text(replace(ended, troubles=(limit,)))


def test_a_sound_and_an_unsound_journal_read_differently() -> None:
    """A finding names its event and what to do; so does a replay that differs."""
    found = Verified(events=3, findings=(Finding(check="chain", seq=2, detail="changed"),))
    assert "restore the last backup" in verify_text(found)
    assert "3 events: chain" in verify_text(Verified(events=3, findings=()))
    assert "DIFFERENT" in replay_text(replay_report(1, {"a": "1"}, {"a": "2"}))


def test_playlists_say_how_they_stand() -> None:
    """Not followed, not believed, in step, not seen yet."""
    row = PlaylistRow(
        ref="r", name="", url="u", entries=0, with_file=0, active=True, seen=False, held_count=None, last_us=0
    )
    rows = (row, replace(row, active=False), replace(row, held_count=3))
    shown = playlists_text(rows)
    for text in ("not seen yet", "not followed", "a listing of 3 was not believed"):
        assert text in shown


def test_a_bare_track_has_no_empty_tables() -> None:
    """Nothing is shown of files, places and actions that are not there."""
    state = MemoryJournal(*crate(), seen("s:track:8", "Bare"), linked("s:track:8")).state()
    assert "action" not in track_text(track(state, "bare"))


def test_a_track_shows_who_told_its_facts() -> None:
    """M13: value, field, provider, confidence and what it was found by."""
    state = MemoryJournal(*crate(), seen("s:track:8", "Bare"), linked("s:track:8")).state()
    found = track(state, "bare")
    told = Enrichment(
        recording_id=found.recording.recording_id,
        provider="musicbrainz",
        matched_by="isrc",
        facts=(Fact(field="album", value="First", confidence=0.97),),
    )
    shown = track_text(replace(found, enrichments=(told,)))
    for text in ("First", "album", "musicbrainz", "0.97", "isrc"):
        assert text in shown


NEXT_US = 1_780_000_000_000_000


def test_what_befell_many_alike_is_said_once() -> None:
    """P8: a service that wants to be left alone is one line, not one for each of three hundred playlists."""
    alone = Trouble(subject="List 0", failure="rate_limited", detail="another 22 h", hint="later", next_try_us=None)
    many = tuple(replace(alone, subject=f"List {number}", next_try_us=NEXT_US + number) for number in range(300))
    other = replace(alone, subject="Elsewhere", next_try_us=NEXT_US + 61_000_000)
    lines = report_text(replace(REPORT, troubles=(many[0], other, *many[1:]))).splitlines()
    start = lines.index("did not work:")
    some = "List 0, List 1, List 2, List 3, List 4 and 295 more"
    assert lines[start + 1 : start + 5] == [
        f"  {some}: rate limited: another 22 h; next try {moment(NEXT_US)}",
        "    → later",
        f"  Elsewhere: rate limited: another 22 h; next try {moment(NEXT_US + 61_000_000)}",
        "    → later",
    ]


def test_a_report_says_what_searches_came_to_and_how_many_are_left() -> None:
    """F18: what no source gives is not lost, it is not looked for yet, or was found nowhere."""
    counts = {"resolved_accepted": 31, "resolved_asked": 5, "resolved_none": 14, "resolution_left": 1_151}
    shown = report_text(replace(REPORT, counts=counts))
    assert "for audio: 31 found, 5 to be asked about, 14 found nowhere; 1,151 to be looked for in the next run" in shown
    assert "1 to be looked for in the next run" in report_text(replace(REPORT, counts={"resolution_left": 1}))
    assert "looked for" not in report_text(REPORT)
