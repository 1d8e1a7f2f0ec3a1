"""Leases, rate limits, blocks and breakers, shared by all processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from engine.journal.coordination import QUEUE_MAX, SqliteCoordination
from engine.ports import Lease
from tests.journal.made import HeldClock

RATES = {"notion": (2.0, 3), "fast": (1000.0, 1)}


@pytest.fixture
def shared(journal_path: Path, clock: HeldClock) -> Iterator[SqliteCoordination]:
    """Give the coordination of one process."""
    with closing(SqliteCoordination(journal_path, clock=clock, rates=RATES)) as opened:
        yield opened


def test_a_machine_that_slept_past_a_leases_end_keeps_it_while_nobody_else_took_it(
    shared: SqliteCoordination, clock: HeldClock
) -> None:
    """I38: an expired lease is renewed by owner and fence; one that was given back is not."""
    lease = shared.acquire("run", owner="one", ttl_s=10)
    assert lease is not None
    clock.sleep(3600)
    renewed = shared.renew(lease, ttl_s=10)
    assert renewed is not None
    assert shared.acquire("run", owner="two", ttl_s=10) is None
    shared.release(renewed)
    assert shared.renew(renewed, ttl_s=10) is None


def test_a_lease_is_one_owners_until_it_ends(shared: SqliteCoordination, clock: HeldClock) -> None:
    """I38: granted once, renewed by its holder, taken over after its end, and then lost for good."""
    first = shared.acquire("run", owner="one", ttl_s=10)
    assert first is not None
    assert shared.acquire("run", owner="two", ttl_s=10) is None
    clock.sleep(9)
    renewed = shared.renew(first, ttl_s=10)
    assert renewed is not None
    clock.sleep(9)
    assert shared.acquire("run", owner="two", ttl_s=10) is None
    clock.sleep(2)
    second = shared.acquire("run", owner="two", ttl_s=10)
    assert second is not None
    assert second.fence == first.fence + 1
    assert shared.renew(first, ttl_s=10) is None
    shared.release(first)
    assert shared.acquire("run", owner="one", ttl_s=10) is None
    shared.release(second)
    third = shared.acquire("run", owner="one", ttl_s=10)
    assert third is not None
    assert third.fence == second.fence + 1


class Leases(RuleBasedStateMachine):
    """Two processes, three owners, and time that moves."""

    make_journal: Callable[[], Path]

    @initialize()
    def begin(self) -> None:
        """Begin with nothing held."""
        self.clock = HeldClock()
        path = type(self).make_journal()
        self.processes = [SqliteCoordination(path, clock=self.clock, rates={}) for _ in range(2)]
        self.held: list[Lease] = []
        self.fence = 0

    @rule(process=st.integers(0, 1), owner=st.sampled_from("abc"), ttl_s=st.integers(1, 9))
    def acquire(self, process: int, owner: str, ttl_s: int) -> None:
        """Ask for the lease; only a live one of somebody else is in the way."""
        live = [lease for lease in self.held if lease.expires_us > self.clock.now_us()]
        lease = self.processes[process].acquire("run", owner=owner, ttl_s=ttl_s)
        if live and live[-1].owner != owner:
            assert lease is None
            return
        assert lease is not None
        assert lease.fence == self.fence + 1
        self.fence = lease.fence
        self.held = [lease]

    @rule(process=st.integers(0, 1), ttl_s=st.integers(1, 9))
    def renew(self, process: int, ttl_s: int) -> None:
        """Extend what is held, expired or not: nobody else was granted it since."""
        for lease in self.held:
            renewed = self.processes[process].renew(lease, ttl_s=ttl_s)
            assert renewed is not None
            self.held = [renewed]

    @rule(process=st.integers(0, 1))
    def release(self, process: int) -> None:
        """Give back what is held."""
        for lease in self.held:
            self.processes[process].release(lease)
        self.held = []

    @rule(seconds=st.integers(0, 6))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.sleep(seconds)

    @invariant()
    def stale_fences_stay_lost(self) -> None:
        """An older fence is never good again."""
        stale = Lease(resource="run", owner="a", fence=self.fence - 1, expires_us=2**62)
        assert self.processes[0].renew(stale, ttl_s=1) is None

    @override
    def teardown(self) -> None:
        for process in self.processes:
            process.close()


def test_at_most_one_lease_is_live_whatever_happens(fresh: Callable[[], Path]) -> None:
    """I38 as a state machine: fences only grow, and a lost lease stays lost."""
    machine = type("BoundLeases", (Leases,), {"make_journal": staticmethod(fresh)})
    run_state_machine_as_test(machine, settings=settings(max_examples=10, stateful_step_count=20, deadline=None))


@given(
    steps=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2_000_000), st.booleans()), min_size=1, max_size=40),
    blocked_s=st.integers(0, 5),
)
@settings(max_examples=25, deadline=None)
def test_no_window_holds_more_requests_than_the_burst_and_the_rate(
    fresh: Callable[[], Path], steps: list[tuple[int, int, bool]], blocked_s: int
) -> None:
    """I40: over two processes, for every window; and none while blocked."""
    clock, path = HeldClock(), fresh()
    processes = [SqliteCoordination(path, clock=clock, rates=RATES) for _ in range(2)]
    sent: list[int] = []
    blocked_at = len(steps) // 2
    block_us = range(0)
    for number, (process, pause_us, at_once) in enumerate(steps):
        if number == blocked_at:
            processes[process].block("notion", clock.now_us() + blocked_s * 1_000_000)
            processes[process].block("notion", clock.now_us())
            block_us = range(clock.now_us(), clock.now_us() + blocked_s * 1_000_000)
        clock.time_us += 0 if at_once else pause_us
        wait_s = processes[process].reserve("notion")
        sent.append(clock.now_us() + round(wait_s * 1e6))
        if number >= blocked_at:
            assert sent[-1] not in block_us
    for each in processes:
        each.close()
    rate_per_s, burst = RATES["notion"]
    sent.sort()
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            assert last - first + 1 <= burst + rate_per_s * (sent[last] - sent[first]) / 1e6 + 1e-6


def test_a_clock_that_went_back_does_not_make_anybody_wait_for_ever(
    shared: SqliteCoordination, clock: HeldClock
) -> None:
    """A reservation further ahead than a full queue is not believed."""
    shared.reserve("notion")
    clock.time_us -= 86_400_000_000
    assert shared.reserve("notion") <= (QUEUE_MAX + 3) / 2.0


def test_a_remote_without_a_rate_is_only_held_by_blocks(shared: SqliteCoordination, clock: HeldClock) -> None:
    """Blocks hold everybody and are never shortened."""
    assert shared.reserve("eagle") == 0
    shared.block("eagle", clock.now_us() + 5_000_000)
    shared.block("eagle", clock.now_us() + 1_000_000)
    assert shared.reserve("eagle") == 5
    assert shared.blocked_until_us("eagle") == clock.now_us() + 5_000_000


def test_unknowns_are_counted_in_a_row_and_breakers_end(shared: SqliteCoordination, clock: HeldClock) -> None:
    """A known ending starts the count anew; a tripped breaker opens again by itself."""
    assert [shared.note("notion", unknown=True) for _ in range(3)] == [1, 2, 3]
    assert shared.note("notion", unknown=False) == 0
    assert shared.note("notion", unknown=True) == 1
    assert shared.tripped_until_us("notion") == 0
    shared.trip("notion", clock.now_us() + 1_000_000)
    assert shared.tripped_until_us("notion") == clock.now_us() + 1_000_000
    assert shared.tripped_until_us("eagle") == 0
    clock.sleep(1)
    assert shared.tripped_until_us("notion") == 0
