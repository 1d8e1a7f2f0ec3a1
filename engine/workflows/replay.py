"""Says whether the rows are what the events say, projection by projection."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.errors import ExitCode
from engine.domain.value import Value


class ReplayRow(Value, frozen=True):
    """One projection: its digest as folded and as live."""

    projection: str
    folded: str
    live: str
    equal: bool


class ReplayReport(Value, frozen=True):
    """What a replay up to one seq came to."""

    head_seq: int
    equal: bool
    projections: tuple[ReplayRow, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Fine when all are equal, else a matter of integrity."""
        return ExitCode.FINE if self.equal else ExitCode.INTEGRITY


def replay_report(head_seq: int, folded: Mapping[str, str], live: Mapping[str, str]) -> ReplayReport:
    """Compare the digests of a replay with the live ones."""
    rows = tuple(
        ReplayRow(projection=name, folded=digest, live=live.get(name, ""), equal=live.get(name) == digest)
        for name, digest in sorted(folded.items())
    )
    return ReplayReport(head_seq=head_seq, equal=all(row.equal for row in rows), projections=rows)
