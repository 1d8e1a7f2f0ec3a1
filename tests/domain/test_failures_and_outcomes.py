"""Failures, outcomes, faults and crash points: closed sets with an answer for every member."""

from __future__ import annotations

import pytest

from engine.domain import errors
from engine.domain.crash import CrashPoint, pass_by
from engine.domain.errors import EngineError, ExitCode, IntegrityError, NewerJournalError
from engine.domain.events import BY_TYPE, EVENT_CLASSES, TrackSeen
from engine.domain.failure import Availability, FailureClass, Patience, Problem, availability_after, patience
from engine.domain.outcomes import Deferred, Done, Outcome, Refused, Unknown, headline
from engine.domain.upcasts import revive
from engine.reconciler.catalogue import FETCHABLE

PROBLEM = Problem(failure=FailureClass.TIMEOUT, detail="no answer in 30 s")


@pytest.mark.parametrize("failure", FailureClass)
def test_every_failure_says_when_another_try_makes_sense(failure: FailureClass) -> None:
    """P12: no class is left without an answer."""
    assert patience(failure) in Patience


@pytest.mark.parametrize(
    ("expected", "failures"),
    [
        (Patience.WEEKLY, {FailureClass.GEO_BLOCKED}),
        (
            Patience.STOP,
            {
                FailureClass.DISK_FULL, FailureClass.PERMISSION, FailureClass.TOOL_MISSING, FailureClass.AUTH_EXPIRED,
                FailureClass.NOT_SHARED, FailureClass.WRONG_LIBRARY, FailureClass.ROOT_MISSING,
            },
        ),
    ],
)  # fmt: skip
def test_which_failures_are_no_fault_of_the_object(expected: Patience, failures: set[FailureClass]) -> None:
    """F36, F51: a geo block is looked at weekly; trouble of this machine stops a stage, and condemns no track."""
    assert {failure for failure in FailureClass if patience(failure) is expected} == failures


@pytest.mark.parametrize("failure", FailureClass)
def test_only_definite_answers_of_a_source_prove_unavailability(failure: FailureClass) -> None:
    """P12: a media 404, a time-out or a refusal of ours says nothing about the track."""
    proven = availability_after(failure)
    if proven is None:
        assert failure not in set(map(str, Availability)) - {"available", "unknown", "metadata_only"}
    else:
        assert patience(failure) in (Patience.FACTS, Patience.WEEKLY)
        assert proven not in (Availability.AVAILABLE, Availability.UNKNOWN)
        assert (proven in FETCHABLE) is (patience(failure) is Patience.WEEKLY)
    assert availability_after(FailureClass.MEDIA_MISSING) is None


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Done(remote_id="p", held={}), "done (p)"),
        (Deferred(problem=PROBLEM), "deferred: no answer in 30 s"),
        (Refused(problem=PROBLEM), "refused: no answer in 30 s"),
        (Unknown(problem=PROBLEM), "unknown: no answer in 30 s"),
    ],
)
def test_every_outcome_has_its_headline(outcome: Outcome, line: str) -> None:
    """F8: four endings, four words."""
    assert headline(outcome) == line


def test_a_fault_carries_its_hint_and_exit_code() -> None:
    """Style 8: what a person can do travels with what happened."""
    fault = IntegrityError("row 3", hint="restore a backup")
    assert (str(fault), fault.detail, fault.hint, fault.exit_code) == ("row 3", "row 3", "restore a backup", 30)
    assert EngineError("x").hint == ""


def test_exit_codes_are_the_documented_ones() -> None:
    """Design §12: scripts rely on these numbers."""
    assert {code.name: int(code) for code in ExitCode} == {
        "FINE": 0, "UNEXPECTED": 1, "USAGE": 2, "CHANGES_PENDING": 10, "DRIFT": 11, "PARTIAL": 20, "NEEDS_PERSON": 21,
        "GUARDED": 22, "PLAN_STALE": 23, "LOCK_HELD": 24, "INTEGRITY": 30, "MIGRATION_NEEDED": 31, "TRY_LATER": 75,
        "INTERRUPTED": 130,
    }  # fmt: skip
    faults = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, EngineError)]
    assert all(fault.__doc__ and fault.exit_code in ExitCode for fault in faults)


def test_crash_points_are_numbered_and_passed_by() -> None:
    """I36: CP01 to CP18, each rehearsable, none with an effect of its own."""
    assert [point.value for point in CrashPoint] == [f"CP{number:02}" for number in range(1, 19)]
    for point in CrashPoint:
        pass_by(point)


def test_every_event_class_has_its_own_type_and_stream() -> None:
    """I02: past-tense types, one class each, and a stream that its own fields name."""
    assert len(BY_TYPE) == len(EVENT_CLASSES)
    for event_type, event_class in BY_TYPE.items():
        subject, _, verb = event_type.partition(".")
        assert subject
        assert verb
        assert event_class.SCHEMA_VERSION >= 1
        assert event_class.__doc__


def test_stored_events_are_revived_or_refused() -> None:
    """I12: an unknown type or version is a newer program's, anything else unreadable is damage."""
    assert revive("track.seen", 1, b'{"ref":"r","title":"t","url":"u"}') == TrackSeen(ref="r", title="t", url="u")
    for event_type, version in (("track.dreamt", 1), ("track.seen", 3), ("track.seen", 0)):
        with pytest.raises(NewerJournalError):
            revive(event_type, version, b"{}")
    for data in (b"{}", b"[", b'{"ref":"r","title":"t","url":"u","more":1}', b"\xff"):
        with pytest.raises(IntegrityError, match=r"track\.seen"):
            revive("track.seen", 1, data)
