"""Rematch in a journal: it reads, names and plans, and appends nothing; an applied plan makes it so."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.errors import ExitCode
from engine.domain.events import RecordingUnlinked
from engine.domain.references import recording_id
from engine.matching.policy import MatchingPolicy
from engine.workflows.plan_file import apply_plan
from engine.workflows.rematch import rematch, rematch_plan
from tests.fakes.place import Place
from tests.fakes.source import ref, track

STRICT = MatchingPolicy(accept_from=100.0)


def test_a_stricter_policy_takes_a_link_back_once_it_is_applied(place: Place) -> None:
    """Design §5: listed first, planned next, and only then done; the next run asks instead."""
    place.source.tracks[ref(1)] = track(1, "First Light")
    place.source.tracks[ref(4)] = track(4, "First Light")
    place.follow("Crate", (1, 4))
    place.reconcile()
    head = place.journal.head()
    found = rematch(place.world(), STRICT)
    assert [each.now for each in found.replay.differences] == ["ask"]
    assert found.labels[ref(4)] == "Artist 1 – First Light"
    assert not found.in_force
    assert place.journal.head() == head
    place.policy = replace(place.policy, matching=STRICT)
    again = rematch(place.world(), STRICT)
    assert again.in_force
    plan = rematch_plan(place.world(), again)
    assert apply_plan(place.world(), plan, strict=False).exit_code in (ExitCode.FINE, ExitCode.NEEDS_PERSON)
    assert [type(event) for event in place.events("recording.unlinked")] == [RecordingUnlinked]
    place.reconcile()
    (question,) = place.state().questions.values()
    assert (question.newer, question.older) == (recording_id(ref(4)), recording_id(ref(1)))
    assert rematch(place.world(), STRICT).replay.differences == ()
