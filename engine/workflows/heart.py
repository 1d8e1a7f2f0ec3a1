"""The heart of a run: renews every lease the run holds while work goes on that does not come up for air.

Stops nothing by itself: a lease that was granted to somebody else is let go of and told, and its fence keeps
whatever would still be written out of the journal.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from engine.domain.errors import EngineError
from engine.ports import Coordination, Lease

BEATS_PER_TTL = 3
"""So that two beats in a row may fail before a lease expires."""


@dataclass(slots=True, kw_only=True, repr=False)
class Heart:
    """Renews leases from a thread of its own until it is stopped."""

    coordination: Coordination
    ttl_s: float
    _held: dict[str, Lease] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def start(self) -> None:
        """Begin to beat."""
        self._thread = threading.Thread(target=self._live, name="leases", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the beat under way."""
        self._over.set()
        self._thread.join()

    def keep(self, lease: Lease) -> None:
        """Renew a lease from now on."""
        with self._guard:
            self._held[lease.resource] = lease
            self._lost.discard(lease.resource)

    def let_go(self, lease: Lease) -> None:
        """Renew a lease no more, and give it back."""
        with self._guard:
            self._held.pop(lease.resource, None)
        self.coordination.release(lease)

    def has_lost(self, resource: str) -> bool:
        """Say whether a lease that was to be kept is somebody else's by now."""
        with self._guard:
            return resource in self._lost

    def _live(self) -> None:
        while not self._over.wait(self.ttl_s / BEATS_PER_TTL):
            with self._guard:
                held = tuple(self._held.values())
            for lease in held:
                self._beat(lease)

    def _beat(self, lease: Lease) -> None:
        try:
            renewed = self.coordination.renew(lease, ttl_s=self.ttl_s)
        except EngineError:
            return  # a busy or full disk is no verdict: the next beat asks again
        with self._guard:
            # What was let go of while we asked is not lost.
            if renewed is None and self._held.get(lease.resource) is lease:
                del self._held[lease.resource]
                self._lost.add(lease.resource)
