"""One run at a time, and a run that lost its claim writes nothing more."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress

import pytest
from typing_extensions import override

from engine.domain.errors import ExitCode, LockHeldError, StorageError
from engine.domain.events import RunStarted
from engine.domain.plan import Action
from engine.domain.references import object_key
from engine.journal.coordination import SqliteCoordination
from engine.ports import Lease
from engine.projections.rows import ActionState
from engine.workflows.run import RUN_LEASE, running
from tests.fakes.place import Place


class WatchedCoordination(SqliteCoordination):
    """Tells when a lease was renewed, and whether it still was ours."""

    def watch(self) -> None:
        """Begin to tell."""
        self.renewed = threading.Event()
        self.lost = threading.Event()
        self.failures = 0

    def let_beat(self, times: int) -> None:
        """Wait for renewals."""
        for _ in range(times):
            self.renewed.clear()
            assert self.renewed.wait(30)

    @override
    def renew(self, lease: Lease, *, ttl_s: float) -> Lease | None:
        if self.failures:
            self.failures -= 1
            raise StorageError("the database is locked", hint="try again")
        renewed = super().renew(lease, ttl_s=ttl_s)
        (self.renewed if renewed else self.lost).set()
        return renewed


def _watched(place: Place) -> WatchedCoordination:
    """Give the place a coordination that tells, and leases that are renewed every hundredth of a second."""
    watched = WatchedCoordination(place.path, clock=place.clock, rates={})
    watched.watch()
    place.coordination.close()
    place.coordination = watched
    place.lease_ttl_s = 0.03
    return watched


def test_a_second_run_is_told_to_wait(place: Place) -> None:
    """Design §10: exit 24, with a hint; nothing is appended."""
    place.coordination.acquire(RUN_LEASE, owner="other", ttl_s=60.0)
    seq = place.journal.head().seq
    with pytest.raises(LockHeldError) as caught:
        place.reconcile()
    assert caught.value.exit_code is ExitCode.LOCK_HELD
    assert caught.value.hint
    assert place.journal.head().seq == seq


def test_a_dead_owners_run_gives_way_at_once(place: Place) -> None:
    """I38: a process that is gone holds nothing."""
    place.coordination.acquire(RUN_LEASE, owner="other", ttl_s=60.0)
    place.processes.dead.add("other")
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.coordination.holder(RUN_LEASE) is None


def test_a_silent_owners_run_gives_way_after_its_time(place: Place) -> None:
    """I38: a claim without a sign of life ends."""
    place.coordination.acquire(RUN_LEASE, owner="other", ttl_s=60.0)
    place.clock.pass_s(61)
    assert place.reconcile().exit_code is ExitCode.FINE


def test_a_run_is_kept_alive_while_it_works_and_is_fenced_off_when_it_lost_its_claim(place: Place) -> None:
    """I38: the heart renews; once somebody else was granted the lease, no append of ours is taken."""
    watched = _watched(place)
    with suppress(LockHeldError), running(place.world(), "test") as run:  # its last event is not taken either
        assert watched.renewed.wait(30)
        place.clock.pass_s(60)
        other = watched.acquire(RUN_LEASE, owner="other", ttl_s=60.0)
        assert other is not None
        assert watched.lost.wait(30)
        head = place.journal.head()
        with pytest.raises(LockHeldError):
            run.checkpoint("act", "after the loss", 1)
    assert place.journal.head() == head
    holder = watched.holder(RUN_LEASE)
    assert holder is not None
    assert holder.owner == "other"


def test_a_run_goes_on_after_the_machine_slept(place: Place) -> None:
    """I38: an expired lease that nobody took is renewed at the next beat, again and again."""
    watched = _watched(place)
    with running(place.world(), "test") as run:
        for _ in range(2):
            place.clock.pass_s(3600)
            watched.let_beat(2)  # the first may have begun before the sleep
            assert watched.acquire(RUN_LEASE, owner="other", ttl_s=60.0) is None
        run.checkpoint("act", "after the sleep", 1)
    assert place.events("run.finished")


def test_a_beat_that_a_busy_disk_swallows_is_not_the_last(place: Place) -> None:
    """I38: a renewal that failed says nothing about the lease; the next one is tried."""
    watched = _watched(place)
    watched.failures = 2
    with running(place.world(), "test"):
        assert watched.renewed.wait(30)
    assert watched.failures == 0


def test_the_lease_of_an_object_is_renewed_while_its_call_lasts(place: Place) -> None:
    """I39: a download longer than a lease keeps it; nobody else begins the same one."""
    watched = _watched(place)
    taken: list[Lease | None] = []

    def last_long(action: Action) -> None:
        resource = object_key(action.target, action.object_kind, action.key)
        place.clock.pass_s(3600)
        watched.let_beat(4)  # one lease each, of two
        taken.append(watched.holder(resource))

    place.targets["library"].on_send = last_long
    place.follow("Crate", (1,))
    place.reconcile()
    assert taken
    assert all(lease is not None and lease.owner == "us" for lease in taken)
    assert all(watched.holder(lease.resource) is None for lease in taken if lease)


def test_a_run_that_lost_its_lease_begins_nothing_more(place: Place) -> None:
    """I38: what is under way when another run takes over ends as lost; nothing further is sent."""
    watched = _watched(place)

    def lose(_action: Action) -> None:
        while watched.acquire(RUN_LEASE, owner="other", ttl_s=3600.0) is None:
            place.clock.pass_s(3600)
        assert watched.lost.wait(30)

    place.targets["library"].on_send = lose
    place.follow("Crate", (1, 2, 3))
    with pytest.raises(LockHeldError):
        place.reconcile()
    assert place.sends() == 1


def test_a_second_interrupt_does_not_wait_for_the_call_in_flight(place: Place) -> None:
    """Design §10: stop now; the action stays intended, the lease is given back, and the next run asks."""
    entered, answer = threading.Event(), threading.Event()

    def hang(_action: Action) -> None:
        entered.set()
        answer.wait(60)

    def interrupt() -> None:
        entered.wait()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    place.targets["library"].on_send = hang
    place.follow("Crate", (1, 2))
    presser = threading.Thread(target=interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job begins without it
    presser.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            place.reconcile()
    finally:
        signal.signal(signal.SIGINT, before)
    assert not answer.is_set()
    assert place.coordination.holder(RUN_LEASE) is None
    assert [row.state for row in place.state().actions.values()].count(ActionState.INTENDED) == 1
    answer.set()
    for thread in (presser, *(thread for thread in threading.enumerate() if thread.name.startswith("act"))):
        thread.join()


def test_a_run_that_dies_has_a_beginning_and_no_end(place: Place) -> None:
    """I36: a fault of the program is not dressed up as an ending; the lease is given back."""
    with suppress(RuntimeError), running(place.world(), "test", ("--only", "notion")):
        raise RuntimeError("a fault")
    started = place.events("run.started")[-1]
    assert isinstance(started, RunStarted)
    assert started.arguments == ("--only", "notion")
    assert place.events("run.finished") == []
    assert place.coordination.holder(RUN_LEASE) is None
    assert place.reconcile().exit_code is ExitCode.FINE
