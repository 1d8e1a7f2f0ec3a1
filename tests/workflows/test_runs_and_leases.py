"""One run at a time, and a run that lost its claim writes nothing more."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from typing_extensions import override

from engine.domain.errors import ExitCode, LockHeldError
from engine.domain.events import RunStarted
from engine.journal.coordination import SqliteCoordination
from engine.ports import Lease
from engine.workflows.run import RUN_LEASE, running
from tests.fakes.place import Place


class WatchedCoordination(SqliteCoordination):
    """Tells when a lease was renewed, and whether it still was ours."""

    def watch(self) -> None:
        """Begin to tell."""
        self.renewed = threading.Event()
        self.lost = threading.Event()

    @override
    def renew(self, lease: Lease, *, ttl_s: float) -> Lease | None:
        renewed = super().renew(lease, ttl_s=ttl_s)
        (self.renewed if renewed else self.lost).set()
        return renewed


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
    watched = WatchedCoordination(place.path, clock=place.clock, rates={})
    watched.watch()
    place.coordination.close()
    place.coordination = watched
    place.lease_ttl_s = 0.03
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
