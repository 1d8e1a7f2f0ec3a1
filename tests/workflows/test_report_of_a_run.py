"""The report: from the journal alone, with a gate for every claim."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace as changed

from cli.render.report import report_text
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, InterruptedRunError, UsageError
from engine.domain.events import ActionDone, ActionPlanned
from engine.domain.failure import Availability, FailureClass, Problem
from engine.reconciler.policy import EVERYTHING, PlanScope
from engine.source_ports import Listing
from engine.workflows.chain import ChainRequest
from engine.workflows.plan_file import apply_plan, make_plan
from engine.workflows.reconcile import ReconcileRequest, observe, reconcile
from engine.workflows.report import RunReport, report
from engine.workflows.run import running
from engine.workflows.status import status
from tests.fakes.place import Place
from tests.fakes.source import ref
from tests.fakes.target import Mishap

WHOLE, ENDED, EVIDENCE, LOOKED = range(4)


def verdicts(made: RunReport) -> list[str]:
    """Give the gates' verdicts in order."""
    return [gate.verdict for gate in made.gates]


def test_a_clean_run_passes_every_gate(place: Place) -> None:
    """F-report: what was done by kind, what was read, what was asked of whom."""
    place.follow("Crate", (1, 2))
    place.source.fail_describing(2, FailureClass.GONE, Availability.GONE)
    result = place.reconcile()
    made = report(place.journal)
    assert made.run_id == result.run_id
    assert verdicts(made) == ["passed"] * 4
    assert made.done["CreatePage"] == 3
    assert made.observed["track.seen"] == 1
    assert made.unavailable == {"gone": (f"{ref(2)} (entry 2 of Crate)",)}
    assert made.requests["eagle"] == place.targets["eagle"].counts.total()
    assert ("notion:track", True, 2) in made.scans
    assert made.troubles == ()
    assert report(place.journal, result.run_id[:14]).run_id == result.run_id


def test_every_trouble_is_one_line_with_its_class_and_hint(place: Place) -> None:
    """P11: refused, deferred, unknown and unread, each named as a person knows it."""
    place.follow("Crate", (1, 2, 3))
    place.wait_s_max = 0.0
    place.targets["library"].script.extend(
        [
            Problem(failure=FailureClass.VERIFY_FAILED, detail="not audio", hint="look at the file"),
            Problem(failure=FailureClass.WRITE_CONFLICT, detail="in use", hint="wait", retry_after_s=60.0),
            Mishap.LOST_BEFORE,
        ]
    )
    place.targets["eagle"].scan_trouble["item"] = Problem(
        failure=FailureClass.NOT_RUNNING, detail="refused", hint="start Eagle"
    )
    place.reconcile()
    made = report(place.journal)
    lines = {(trouble.failure, trouble.subject.split(" ")[0], trouble.hint) for trouble in made.troubles}
    assert ("verify_failed", "FetchRecording", "look at the file") in lines
    assert ("write_conflict", "FetchRecording", "wait") in lines
    assert ("remote_error", "FetchRecording", "nothing to do: the next run tries it again") in lines
    assert ("not_running", "eagle:item", "start Eagle") in lines
    assert any(trouble.next_try_us for trouble in made.troubles)
    assert made.gates[WHOLE].verdict == "failed"
    assert any("Title" in trouble.subject for trouble in made.troubles)


def test_a_listing_that_failed_is_told_once_and_by_name(place: Place) -> None:
    """F-report: one missing entry of one playlist is one line, under the name a person knows, on every run."""
    missing = Problem(failure=FailureClass.NOT_FOUND, detail="/in/x.mp3 is not there", hint="mend the line")
    url = place.source.publish("Crate", (1, 2), complete=False)
    listing = place.source.listings[url]
    assert isinstance(listing, Listing)
    place.source.listings[url] = dataclasses.replace(listing, problem=missing)
    place.urls = (url,)
    for _ in range(2):
        result = place.reconcile()
        made = report(place.journal, result.run_id, result.problems)
        assert [(trouble.subject, trouble.hint) for trouble in made.troubles] == [("Crate", "mend the line")]


def test_what_left_no_trace_is_told_too(place: Place) -> None:
    """F-report: an address that never answered is named as it was typed."""
    place.reconcile()
    late = Problem(failure=FailureClass.TIMEOUT, detail="30 s")
    made = report(place.journal, problems={"https://soundcloud.com/you/sets/x": late})
    assert [trouble.subject for trouble in made.troubles] == ["https://soundcloud.com/you/sets/x"]


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (FailureClass.TIMEOUT, "next run"),
        (FailureClass.GEO_BLOCKED, "every week"),
        (FailureClass.VERIFY_FAILED, "sync why"),
        (FailureClass.DISK_FULL, "sync doctor"),
    ],
)
def test_no_trouble_is_without_a_way_out(place: Place, failure: FailureClass, word: str) -> None:
    """P11: where nobody said what to do, the report says what happens next."""
    place.follow("Crate", (1,))
    place.targets["library"].script.append(Problem(failure=failure, detail="said nothing more"))
    place.wait_s_max = 0.0
    place.reconcile()
    assert word in report(place.journal).troubles[0].hint


def test_an_interrupted_run_did_not_look_again(place: Place) -> None:
    """Design §10: the gate that was not reached says so, and an action that was taken up has its ending."""
    place.follow("Crate", (1, 2))
    place.progress.on_advance = lambda label: setattr(place.stop, "asked", label.startswith("FetchRecording"))
    with pytest.raises(InterruptedRunError):
        place.reconcile()
    made = report(place.journal)
    assert made.exit_code == 130
    assert made.gates[ENDED].verdict == "passed"
    assert (made.gates[LOOKED].verdict, made.gates[LOOKED].evidence) == ("not reached", "it was stopped before that")
    assert "next: run it again" in report_text(made)


def test_a_run_that_died_fails_its_gates(place: Place) -> None:
    """I28, I32: an action without an ending, a done without evidence, a run without an end: each is shown."""
    with running(place.world(), "test") as run:
        run_id = run.run_id
        made = report(place.journal, run_id)
        assert verdicts(made) == ["not reached", "passed", "passed", "not reached"]
        common = {"action_id": "a" * 32, "kind": "CreatePage", "target": "notion", "object_kind": "track", "key": "k"}
        planned = ActionPlanned(**common, remote_id=None, changes=(), reason="", causes=())
        place.journal.append([Draft(event=planned)], Origin(actor="test", run_id=run_id))
        assert report(place.journal, run_id).gates[ENDED].verdict == "failed"
        done = ActionDone(**common, attempt=1, remote_id="x", held={}, evidence="")
        place.journal.append([Draft(event=done)], Origin(actor="test", run_id=run_id))
        assert report(place.journal, run_id).gates[EVIDENCE].verdict == "failed"
    assert report(place.journal, run_id).gates[LOOKED].verdict == "not reached"


def test_what_was_not_looked_at_again_is_no_passed_check(place: Place) -> None:
    """F-report: a plan that is applied looks before it acts, not after; a limit leaves something."""
    place.follow("Crate", (1, 2))
    with running(place.world(), "observe") as run:
        observe(place.world(), run)
    applied = apply_plan(place.world(), make_plan(place.world(), EVERYTHING), strict=False, arguments=("a.json",))
    made = report(place.journal, applied.run_id)
    assert (made.gates[LOOKED].verdict, made.arguments) == ("not reached", ("a.json",))
    assert "apply a.json" in report_text(made)
    reconcile(place.world(), ReconcileRequest(scope=PlanScope(limit=1)))
    assert "--limit" in report(place.journal).gates[LOOKED].evidence
    place.reconcile()
    assert report(place.journal).gates[LOOKED].verdict == "passed"


def test_what_was_refused_before_says_why_a_run_is_partial(place: Place) -> None:
    """P11: a run that ends with 20 for what an earlier one was refused names it, until it is put right."""
    place.follow("Crate", (1,))
    place.targets["library"].script.append(Problem(failure=FailureClass.VERIFY_FAILED, detail="no audio"))
    first = place.reconcile()
    second = place.reconcile()
    assert (first.exit_code, second.exit_code) == (ExitCode.PARTIAL, ExitCode.PARTIAL)
    (told,) = report(place.journal).troubles
    assert told.subject.startswith("FetchRecording")
    assert told.detail == "refused before, and not tried again: no audio"
    assert "next: mend" in report_text(report(place.journal))
    (once,) = report(place.journal, first.run_id).troubles
    assert once.detail == "no audio"


def test_what_waits_since_before_says_why_a_run_ends_with_try_later(place: Place) -> None:
    """P8: also what an earlier run put off is named, with its time; what waits a week for the world is not."""
    place.follow("Crate", (1, 2))
    place.wait_s_max = 0.0
    slow = Problem(failure=FailureClass.WRITE_CONFLICT, detail="in use", retry_after_s=600.0)
    place.targets["library"].script.extend([slow, Problem(failure=FailureClass.GEO_BLOCKED, detail="not here")])
    place.reconcile()
    place.clock.pass_s(1)
    assert place.reconcile().exit_code is ExitCode.TRY_LATER
    (told,) = report(place.journal).troubles
    assert told.detail == "put off before: in use"
    assert told.next_try_us is not None
    assert "again later" in report_text(report(place.journal))


def test_a_listing_that_has_to_wait_says_until_when(place: Place) -> None:
    """P8: Retry-After of hours is a time a person can read, in `sync reconcile` and in `sync report`."""
    place.urls = (place.source.publish("Crate", (1,)),)
    slow = Problem(failure=FailureClass.RATE_LIMITED, detail="429", retry_after_s=36_000.0)
    place.source.listings[place.urls[0]] = slow
    result = place.reconcile()
    (told,) = report(place.journal, result.run_id, result.problems).troubles
    assert report(place.journal).troubles == (told,)
    assert told.next_try_us == pytest.approx(place.clock.now_us() + 36_000 * 10**6, abs=10**8)


def test_a_row_is_called_by_its_title(place: Place) -> None:
    """M10: an address that stands in a row of Notion is told once, with the row it stands in."""
    place.targets["notion"].put("track", title="Anthem", soundcloud_url="ftp://nowhere")
    place.targets["notion"].put("track", title=None, soundcloud_url="ftp://nowhere/else")
    place.targets["notion"].put("track", title="By its id", spotify_id="4uLU6hMCjMI75M1A2tKUQC")
    batch = ReconcileRequest(chain=ChainRequest(links=("batch",)))
    result = reconcile(place.world(), batch)
    made = report(place.journal, result.run_id, result.problems)
    assert [each.subject for each in made.troubles] == [
        "“By its id” in Notion",
        "a row of Notion with ftp://nowhere/else",
        "“Anthem” in Notion",
    ]


def test_what_is_left_over_fails_the_last_gate(place: Place) -> None:
    """F-report: planned again at the end, something was still to be done."""
    place.follow("Crate", (1,))
    place.reconcile()
    place.policy = changed(place.policy, config_hash="d")
    place.coordination.trip("notion", place.clock.now_us() + 10**9)
    place.follow("Second", (), number=10)
    place.reconcile()
    assert report(place.journal).gates[LOOKED].verdict == "failed"


def test_a_run_that_is_not_there_is_a_question_of_usage(place: Place) -> None:
    """Exit 2: before the first run, and for an id that no or several runs begin with."""
    with pytest.raises(UsageError, match="no run yet"):
        report(place.journal)
    place.reconcile()
    place.clock.pass_s(1)
    place.reconcile()
    with pytest.raises(UsageError, match="0 runs"):
        report(place.journal, "zzz")
    with pytest.raises(UsageError, match="2 runs"):
        report(place.journal, "0")


def test_what_another_source_gives_is_not_told_as_missing(place: Place) -> None:
    """F19, F33: a recording that is had, from wherever, is not among what cannot be had."""
    place.follow("Crate", (1, 2))
    for number, availability in ((1, Availability.METADATA_ONLY), (2, Availability.AVAILABLE)):
        shown = place.source.tracks[ref(number)]
        same = {"title": "First Light", "artist": "Ada", "isrc": "GBAYE0000001"}
        place.source.tracks[ref(number)] = changed(shown, availability=availability, **same)
    place.reconcile()
    assert len({row.recording_id for row in place.journal.state().sightings.values()}) == 1
    assert report(place.journal).unavailable == {}


def test_what_one_source_withholds_and_another_only_names_is_told_once(place: Place) -> None:
    """F19, P12: a recording that is blocked, and that a list names as well, is blocked and nothing else."""
    place.follow("Crate", (1, 2))
    for number, availability in ((1, Availability.METADATA_ONLY), (2, Availability.DRM_PROTECTED)):
        shown = place.source.tracks[ref(number)]
        same = {"title": "First Light", "artist": "Ada", "isrc": "GBAYE0000001"}
        place.source.tracks[ref(number)] = changed(shown, availability=availability, **same)
    place.reconcile()
    assert report(place.journal).unavailable == {"drm_protected": ("First Light",)}
    assert status(place.state(), 0).availability == {"drm_protected": 1}


def test_what_waits_for_an_answer_is_not_told_as_missing(place: Place) -> None:
    """F19: a track that Spotify only names, and that may be one that is here, is a question and no loss."""
    place.follow("Crate", (1, 2, 3))
    for number in (1, 3):
        shown = place.source.tracks[ref(number)]
        lengths = {"duration_ms": None, "availability": Availability.METADATA_ONLY} if number == 1 else {}
        place.source.tracks[ref(number)] = changed(shown, title="First Light", artist="Ada", **lengths)
    only_named = changed(place.source.tracks[ref(2)], title="Nobody Has It", availability=Availability.METADATA_ONLY)
    place.source.tracks[ref(2)] = only_named
    place.reconcile()
    assert report(place.journal).open_questions == 1
    assert report(place.journal).unavailable == {"metadata_only": ("Nobody Has It",)}
