"""Folds the journal from event 1, in memory, and compares what comes out with the live rows' digests.

Reads the journal and nothing else: no network, no file written, no clock, no randomness.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.journal.connection import open_reader
from engine.journal.reading import Filter, Reading, collector_paused
from engine.projections.registry import ALL, empty_rows, fold, rows_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay found: digests as folded and as live, by projection."""

    head_seq: int
    folded: Mapping[str, str]
    live: Mapping[str, str]

    @property
    def different(self) -> tuple[str, ...]:
        """The projections whose live rows are not what the events say."""
        return tuple(name for name, digest in self.folded.items() if self.live.get(name) != digest)


def replay(path: Path) -> Replayed:
    """Fold every event and give both digests of every projection, as of one head.

    Raises:
        NewerJournalError: an event is of a type or version that is not known here.
    """
    with closing(Reading(open_reader(path), path, ALL)) as reading, collector_paused():
        head, live = reading.head_and_digests()
        rows = fold(empty_rows(), reading.events(Filter(), after=0, until=head.seq, limit=None))
        folded = {name: rows_digest(table) for name, table in rows.items()}
    return Replayed(head_seq=head.seq, folded=folded, live=live)
