"""What nobody confirmed is asked about first, and every answer ends it or keeps it open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.domain.events import ActionDone, ActionProbed, ConflictOpened
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Operation
from engine.domain.references import object_key
from engine.projections.rows import ActionRow, ActionState
from engine.workflows.run import running
from engine.workflows.settle import settle
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.target import FakeTarget, Mishap

REF = "soundcloud:set:9"


@pytest.fixture
def notion(place: Place) -> FakeTarget:
    """Give a Notion, the only target there is."""
    place.targets = {"notion": place.targets["notion"]}
    place.policy = changed(place.policy, targets=("notion",))
    place.follow("Crate", ())
    return place.targets["notion"]


def only_action(place: Place) -> ActionRow:
    """Give the one action there is."""
    (row,) = place.state().actions.values()
    return row


def verdicts(place: Place) -> list[str]:
    """Give what probes said, in order."""
    return [event.verdict for event in place.events("action.probed") if isinstance(event, ActionProbed)]


def base_of_page(place: Place) -> dict[str, object]:
    """Give what our confirmed writes left at the playlist's page."""
    return dict(place.state().objects[object_key("notion", "playlist", REF)].base)


def test_an_unknown_that_was_applied_is_done_by_a_probe(place: Place, notion: FakeTarget) -> None:
    """I28, I32: the answer was lost, the page is there: done, on the probe's evidence, with one send."""
    notion.script.append(Mishap.LOST_AFTER)
    assert place.reconcile().exit_code is ExitCode.FINE
    (done,) = place.events("action.done")
    assert isinstance(done, ActionDone)
    assert "probe" in done.evidence
    assert notion.counts["send"] == 1
    assert base_of_page(place) == notion.of_key("playlist", REF).fields
    assert place.reconcile().exit_code is ExitCode.FINE


def test_an_unknown_create_is_repeated_only_after_it_had_time_to_appear(place: Place, notion: FakeTarget) -> None:
    """I29: absent, then the settle time, then absent again, then a second send."""
    notion.script.append(Mishap.LOST_BEFORE)
    sent_us: list[int] = []
    notion.on_send = lambda _action: sent_us.append(place.clock.now_us())
    place.reconcile()
    assert len(sent_us) == 2
    assert sent_us[1] - sent_us[0] >= place.policy.settle_s * 1_000_000
    assert verdicts(place) == ["absent", "absent"]
    assert len(notion.live("playlist")) == 1


def test_a_create_that_appears_late_but_in_time_is_not_repeated(place: Place, notion: FakeTarget) -> None:
    """I29, I30: found by the probe before the repeat."""
    notion.script.append(Mishap.LATE)
    place.wait_s_max = 0.0
    place.reconcile()
    place.reconcile()
    notion.reveal()
    place.clock.pass_s(10)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert notion.counts["send"] == 1
    assert only_action(place).state is ActionState.DONE
    notion.trash(notion.of_key("playlist", REF).remote_id)
    place.reconcile()
    assert notion.live("playlist") == []  # confirmed as ours, so a person's removal of it is one


def test_a_probe_that_fails_leaves_the_action_unknown_until_one_works(place: Place, notion: FakeTarget) -> None:
    """I28: unclear decides nothing; a healthy remote ends it."""
    notion.script.append(Mishap.LOST_AFTER)
    notion.unclear = 2
    place.reconcile()
    assert only_action(place).state is ActionState.UNKNOWN
    assert notion.counts["send"] == 1
    assert place.reconcile().exit_code is not ExitCode.PARTIAL
    place.reconcile()
    assert only_action(place).state is ActionState.DONE
    assert verdicts(place)[:1] == ["unclear"]


def test_a_doubled_create_is_a_persons_to_decide(place: Place, notion: FakeTarget) -> None:
    """I30: two pages with one key are reported as a conflict with both ids, and nothing more is written."""
    notion.script.append(Mishap.TWICE)
    assert place.reconcile().exit_code is ExitCode.NEEDS_PERSON
    assert "duplicated" in verdicts(place)
    (conflict,) = place.events("conflict.opened")
    assert isinstance(conflict, ConflictOpened)
    assert conflict.found == tuple(sorted(page.remote_id for page in notion.live("playlist")))
    assert only_action(place).state is ActionState.SUPERSEDED
    sends = notion.counts["send"]
    assert sends == 1
    assert place.reconcile().exit_code is ExitCode.NEEDS_PERSON
    notion.trash(notion.live("playlist")[0].remote_id)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert notion.counts["send"] == sends
    assert len(notion.live("playlist")) == 1
    assert all(row.choice == "vanished" for row in place.state().conflicts.values())


def test_an_unknown_update_that_was_not_applied_is_sent_again(place: Place, notion: FakeTarget) -> None:
    """I32, I35: the probe shows other values, so it is absent; the same update again gives the same state."""
    place.reconcile()
    page = notion.of_key("playlist", REF)
    notion.edit(page.remote_id, source="elsewhere")
    notion.script.append(Mishap.LOST_BEFORE)
    place.reconcile()
    assert notion.of_key("playlist", REF).fields["source"] == "soundcloud"
    assert "absent" in verdicts(place)
    assert notion.counts["send"] == 3


def test_an_unknown_update_that_was_applied_is_done(place: Place, notion: FakeTarget) -> None:
    """I32: our values in the probe's answer are the evidence."""
    place.reconcile()
    notion.edit(notion.of_key("playlist", REF).remote_id, source="elsewhere")
    notion.script.append(Mishap.LOST_AFTER)
    place.reconcile()
    assert notion.counts["send"] == 2
    assert place.state().remotes[f"notion/{notion.of_key('playlist', REF).remote_id}"].fields["source"] == "soundcloud"


@pytest.mark.parametrize(("mishap", "sends"), [(Mishap.LOST_AFTER, 1), (Mishap.LOST_BEFORE, 2)])
def test_an_unknown_removal_is_asked_about(place: Place, notion: FakeTarget, mishap: Mishap, sends: int) -> None:
    """I28: in the trash means done; still live means it was not applied."""
    place.policy = changed(place.policy, keep_departed=False)
    place.follow("Crate", (1, 2))
    place.reconcile()
    place.follow("Crate", (1,))
    place.reconcile()
    before = notion.counts["send"]
    notion.script.append(mishap)
    place.clock.pass_s(DAY_S)
    place.reconcile()
    assert [line.operation for line in notion.history].count(str(Operation.TRASH)) == 1
    assert notion.counts["send"] - before == sends
    assert len(notion.live("track")) == 1
    assert not any(row.state.unsettled for row in place.state().actions.values())


def test_base_moves_only_with_what_was_confirmed(place: Place, notion: FakeTarget) -> None:
    """I33: neither a person's edit nor a refused or lost write of ours moves the base."""
    place.reconcile()
    base = base_of_page(place)
    page = notion.of_key("playlist", REF)
    notion.edit(page.remote_id, source="elsewhere", title="My own name")
    notion.script.append(Problem(failure=FailureClass.INVALID_REQUEST, detail="no"))
    assert place.reconcile().exit_code is ExitCode.PARTIAL
    assert base_of_page(place) == base
    assert notion.things[page.remote_id].fields["title"] == "My own name"


def test_a_stop_ends_the_questions(place: Place, notion: FakeTarget) -> None:
    """Design §10: after Ctrl-C not even a probe begins; what is open stays open."""
    notion.script.append(Mishap.LOST_AFTER)
    notion.unclear = 9
    place.reconcile()
    with running(place.world(), "test") as run:
        probes = notion.counts["probe"]
        place.stop.asked = True
        assert settle(place.world(), run) == 1
        assert notion.counts["probe"] == probes


def test_what_a_missing_target_was_sent_waits_for_it(place: Place, notion: FakeTarget) -> None:
    """I28: a target that is switched off is not asked, and its unknown is kept."""
    notion.script.append(Mishap.LOST_AFTER)
    notion.unclear = 9
    place.reconcile()
    place.targets = {}
    place.reconcile()
    assert only_action(place).state is ActionState.UNKNOWN
    notion.unclear = 0
    place.targets = {"notion": notion}
    place.reconcile()
    assert only_action(place).state is ActionState.DONE
