"""The ways to each source: tried in order, the one that last worked first, each one's health kept as events.

Nothing here opens a connection; sources and downloads ask which way to take and tell how it went.
"""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import DIRECT, Access, Way


class DirectOnly(Access):
    """No access profiles: everything goes the one plain way."""

    @override
    def ways(self, source: str, failed: Sequence[FailureClass] = ()) -> tuple[Way, ...]:
        return () if failed else (Way(name=DIRECT),)

    @override
    def note(self, source: str, way: Way, host: str, problem: Problem | None, *, ref: str | None = None) -> None:
        """Remember nothing: there is no other way to prefer."""

    @override
    def tried(self, ref: str) -> tuple[str, ...]:
        return ()
