"""The checks of a run's report, and what each rests on: nothing passes that was not looked at.

Made from the journal alone, as the rest of the report is.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.envelope import Recorded
from engine.domain.errors import ExitCode
from engine.domain.events import (
    ActionDeferred,
    ActionDone,
    ActionPlanned,
    ActionRefused,
    ActionSuperseded,
    ActionUnknown,
    ScanCompleted,
)
from engine.domain.value import Value
from engine.projections.rows import Run

PASSED = "passed"
FAILED = "failed"
SKIPPED = "not reached"
_ENDINGS = (ActionDone, ActionRefused, ActionDeferred, ActionUnknown, ActionSuperseded)


class Gate(Value, frozen=True):
    """One check of a run, and what it rests on."""

    name: str
    verdict: str
    evidence: str


def gates_of(run: Run, events: Sequence[Recorded]) -> tuple[Gate, ...]:
    """Give the checks of a run, first first."""
    verdict, evidence = _looked_again(run, events)
    return (
        _read_whole(events),
        _endings(events),
        _evidence(events),
        Gate(name="looked again, nothing left to do", verdict=verdict, evidence=evidence),
    )


def _read_whole(events: Sequence[Recorded]) -> Gate:
    scans = [recorded.event for recorded in events if isinstance(recorded.event, ScanCompleted)]
    complete = sum(1 for scan in scans if scan.complete)
    return Gate(
        name="everything was read whole",
        verdict=SKIPPED if not scans else PASSED if complete == len(scans) else FAILED,
        evidence=f"{complete} of {len(scans)} scans complete",
    )


def _endings(events: Sequence[Recorded]) -> Gate:
    planned = {recorded.event.action_id for recorded in events if isinstance(recorded.event, ActionPlanned)}
    ended = {recorded.event.action_id for recorded in events if isinstance(recorded.event, _ENDINGS)}
    return Gate(
        name="every action taken up has an ending",
        verdict=PASSED if planned <= ended else FAILED,
        evidence=f"{len(planned & ended)} of {len(planned)} actions",
    )


def _evidence(events: Sequence[Recorded]) -> Gate:
    done = [recorded.event for recorded in events if isinstance(recorded.event, ActionDone)]
    return Gate(
        name="done rests on evidence",
        verdict=PASSED if all(event.evidence for event in done) else FAILED,
        evidence=f"{len(done)} confirmed by an answer or a probe",
    )


def _looked_again(run: Run, events: Sequence[Recorded]) -> tuple[str, str]:
    if run.finished_us is None:
        return SKIPPED, "no end is recorded: it is under way, or was killed"
    if run.exit_code == ExitCode.INTERRUPTED:
        return SKIPPED, "it was stopped before that"
    if left := run.counts.get("left", 0):
        return FAILED, f"{left} actions left"
    acted = max((recorded.seq for recorded in events if isinstance(recorded.event, _ENDINGS)), default=0)
    looked = max((recorded.seq for recorded in events if isinstance(recorded.event, ScanCompleted)), default=0)
    if acted > looked:
        return SKIPPED, "nothing was looked at after the last action"
    if limited := run.counts.get("left_by_limit", 0):
        return SKIPPED, f"at least {limited} actions left to the next run by --limit"
    return PASSED, "0 actions left"
