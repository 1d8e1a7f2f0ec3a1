"""What processes share beside events: leases with fences, rate limits, blocks and breakers, as rows.

Every call is one short write transaction on a connection of its own. None of it is history: losing these rows
costs waiting, never data.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from engine.journal.connection import BUSY_TIMEOUT_S, in_unit, open_writer
from engine.journal.schema import check_revision
from engine.ports import Clock, Lease

T = TypeVar("T")

QUEUE_MAX = 256
"""How many callers can be waiting for one remote; a reservation further ahead means that the clock went back."""

_S = 1_000_000

_SELECT_LEASE = "SELECT owner, fence, expires_us FROM lease WHERE resource = ?"
_GRANT = (
    "INSERT INTO lease (resource, owner, fence, expires_us) VALUES (?, ?, 1, ?) "
    "ON CONFLICT (resource) DO UPDATE SET owner = excluded.owner, fence = fence + 1, expires_us = excluded.expires_us "
    "RETURNING fence"
)
_EXTEND = "UPDATE lease SET expires_us = ? WHERE resource = ? AND owner = ? AND fence = ? AND expires_us > 0"
_RELEASE = "UPDATE lease SET expires_us = 0 WHERE resource = ? AND owner = ? AND fence = ?"
_SELECT_RATE = "SELECT next_us, blocked_until_us, unknowns, tripped_until_us FROM rate WHERE remote = ?"
_PUT_RATE = (
    "INSERT INTO rate (remote, next_us, blocked_until_us, unknowns, tripped_until_us) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (remote) DO UPDATE SET next_us = excluded.next_us, blocked_until_us = excluded.blocked_until_us, "
    "unknowns = excluded.unknowns, tripped_until_us = excluded.tripped_until_us"
)


class Gate(NamedTuple):
    """One remote's row: the next free slot, its block, its unknowns in a row, its breaker."""

    next_us: int = 0
    blocked_until_us: int = 0
    unknowns: int = 0
    tripped_until_us: int = 0


class SqliteCoordination:
    """The port `engine.ports.Coordination` over the journal's database.

    Attributes:
        rates: remote → (requests a second, burst); a remote without a rate is only held by blocks.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        rates: Mapping[str, tuple[float, int]],
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.rates = dict(rates)
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._connection = open_writer(path, busy_timeout_s=busy_timeout_s, checkpoints=False)
        try:
            check_revision(self._connection, path)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def acquire(self, resource: str, *, owner: str, ttl_s: float) -> Lease | None:
        """Give a lease, or nothing while somebody else's is live; the owner's own is granted anew."""
        return self._unit(lambda: self._acquire(resource, owner, ttl_s))

    def renew(self, lease: Lease, *, ttl_s: float) -> Lease | None:
        """Extend a lease, expired or not, or give nothing when it was given back or granted anew since.

        A machine that slept finds its leases expired; while nobody else took one, its work goes on.
        """
        return self._unit(lambda: self._renew(lease, ttl_s))

    def release(self, lease: Lease) -> None:
        """Give a lease back; does nothing when it was lost."""
        self._unit(lambda: self._run(_RELEASE, lease.resource, lease.owner, lease.fence).rowcount)

    def holder(self, resource: str) -> Lease | None:
        """Give the live lease on a resource, whoever holds it."""
        with self._lock:
            row = self._run(_SELECT_LEASE, resource).fetchone()
        if row is None or row[2] <= self._clock.now_us():
            return None
        return Lease(resource=resource, owner=row[0], fence=row[1], expires_us=row[2])

    def reserve(self, remote: str) -> float:
        """Take a place in a remote's rate limit and give how long to wait before sending, in seconds."""
        return self._unit(lambda: self._reserve(remote)) / _S

    def block(self, remote: str, until_us: int) -> None:
        """Let nobody send to a remote before a time; never shortens an earlier block."""
        self._change(remote, lambda gate: gate._replace(blocked_until_us=max(gate.blocked_until_us, until_us)))

    def blocked_until_us(self, remote: str) -> int:
        """Give the time before which nobody may send; to be asked again after a wait, for it may have moved."""
        return self._looked_up(remote).blocked_until_us

    def note(self, remote: str, *, unknown: bool) -> int:
        """Count an attempt's ending and give the number of unknowns in a row."""
        return self._change(remote, lambda gate: gate._replace(unknowns=gate.unknowns + 1 if unknown else 0)).unknowns

    def tripped_until_us(self, remote: str) -> int:
        """Give the time before which writes to a remote are stopped; 0 when they are not."""
        until_us = self._looked_up(remote).tripped_until_us
        return until_us if until_us > self._clock.now_us() else 0

    def trip(self, remote: str, until_us: int) -> None:
        """Stop writes to a remote until a time."""
        self._change(remote, lambda gate: gate._replace(tripped_until_us=until_us))

    def _acquire(self, resource: str, owner: str, ttl_s: float) -> Lease | None:
        now_us = self._clock.now_us()
        row = self._run(_SELECT_LEASE, resource).fetchone()
        if row is not None and row[0] != owner and row[2] > now_us:
            return None
        expires_us = now_us + int(ttl_s * _S)
        fence = self._run(_GRANT, resource, owner, expires_us).fetchone()[0]
        return Lease(resource=resource, owner=owner, fence=fence, expires_us=expires_us)

    def _renew(self, lease: Lease, ttl_s: float) -> Lease | None:
        expires_us = self._clock.now_us() + int(ttl_s * _S)
        kept = self._run(_EXTEND, expires_us, lease.resource, lease.owner, lease.fence).rowcount
        if not kept:
            return None
        return Lease(resource=lease.resource, owner=lease.owner, fence=lease.fence, expires_us=expires_us)

    def _reserve(self, remote: str) -> int:
        """Reserve by the generic cell rate algorithm: a bucket as one number, the time it would be empty."""
        now_us = self._clock.now_us()
        gate = self._gate(remote)
        open_us = max(now_us, gate.blocked_until_us)
        if remote not in self.rates:
            return open_us - now_us
        rate_per_s, burst = self.rates[remote]
        interval_us = -int(-_S // rate_per_s)
        # Nobody waits longer than a full queue, whatever the clock was when the row was written.
        next_us = min(max(gate.next_us, open_us), open_us + (QUEUE_MAX + burst) * interval_us)
        self._put(remote, gate._replace(next_us=next_us + interval_us))
        return max(open_us, next_us - (burst - 1) * interval_us) - now_us

    def _change(self, remote: str, change: Callable[[Gate], Gate]) -> Gate:
        def work() -> Gate:
            changed = change(self._gate(remote))
            self._put(remote, changed)
            return changed

        return self._unit(work)

    def _looked_up(self, remote: str) -> Gate:
        # A read beside another thread's BEGIN would hold an old snapshot, and that write would fail at once.
        with self._lock:
            return self._gate(remote)

    def _gate(self, remote: str) -> Gate:
        row = self._run(_SELECT_RATE, remote).fetchone()
        return Gate() if row is None else Gate(*row)

    def _put(self, remote: str, gate: Gate) -> None:
        self._run(_PUT_RATE, remote, *gate)

    def _run(self, query: str, *values: str | int) -> sqlite3.Cursor:
        return self._connection.execute(query, values)

    def _unit(self, work: Callable[[], T]) -> T:
        with self._lock:
            return in_unit(self._connection, self._path, work)
