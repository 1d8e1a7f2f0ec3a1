"""A look: everything is read and noted, nothing is sent."""

from __future__ import annotations

import pytest

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass, Problem
from engine.workflows.look import look
from tests.fakes.place import EFFECTS, Place


def test_a_look_notes_what_is_there_and_sends_nothing(place: Place) -> None:
    """I26: a first plan rests on facts, and no target was written to for it."""
    place.follow("Crate", (1, 2))
    seen = look(place.world())
    assert (seen.exit_code, seen.problems) == (ExitCode.FINE, {})
    assert place.sends() == 0
    assert not place.events(*EFFECTS)
    assert place.state().runs[seen.run_id].command == "observe"
    assert all(scope.complete for scope in place.state().scopes.values())
    assert place.state().recordings


@pytest.mark.parametrize(
    ("failure", "ends_with"), [(FailureClass.TIMEOUT, ExitCode.TRY_LATER), (FailureClass.NOT_SHARED, ExitCode.PARTIAL)]
)
def test_what_could_not_be_looked_at_is_given_and_ends_the_run(
    place: Place, failure: FailureClass, ends_with: ExitCode
) -> None:
    """P11: a scope that failed is named, and the exit code tells passing trouble from standing trouble."""
    place.targets["eagle"].scan_trouble["item"] = Problem(failure=failure, detail="no")
    seen = look(place.world())
    assert seen.exit_code is ends_with
    assert list(seen.problems) == ["eagle:item"]
