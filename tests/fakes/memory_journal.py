"""A journal in memory, for workflows that read: appends, folds, and forgets when the test ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from typing_extensions import override

from engine.domain.envelope import Draft, Origin, Recorded
from engine.domain.events import Event
from engine.ports import Head, Journal, Parts
from engine.projections.registry import as_state, empty_rows, fold
from engine.projections.state import State

BEGAN_US = 1_780_000_000_000_000
STEP_US = 1_000_000


class MemoryJournal(Journal):
    """Holds events in a list; each is recorded a second after the last."""

    def __init__(self, *events: Event, run_id: str | None = None) -> None:
        self.events: list[Recorded] = []
        self._correlations: list[str | None] = []
        if events:
            self.append([Draft(event=event) for event in events], Origin(actor="engine", run_id=run_id))

    @override
    def journal_id(self) -> str:
        return "jmemory"

    @override
    def head(self) -> Head:
        return Head(seq=len(self.events), hash=f"{len(self.events):064x}")

    @override
    def append(self, drafts: Sequence[Draft], origin: Origin) -> tuple[int, ...]:
        return tuple(self._append(draft.event, origin) for draft in drafts)

    def _append(self, event: Event, origin: Origin) -> int:
        seq = len(self.events) + 1
        self._correlations.append(origin.correlation_id)
        version = 1 + sum(1 for recorded in self.events if recorded.stream == event.stream)
        self.events.append(
            Recorded(
                seq=seq,
                stream=event.stream,
                version=version,
                recorded_us=BEGAN_US + seq * STEP_US,
                run_id=origin.run_id,
                event=event,
            )
        )
        return seq

    @override
    def read(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        stream: str | None = None,
        types: Sequence[str] | None = None,
        correlation_id: str | None = None,
        run_id: str | None = None,
        since_us: int | None = None,
        before_us: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Recorded]:
        last = len(self.events) if until is None else until
        chosen = (
            recorded
            for recorded in self.events[after:last]
            if stream in (None, recorded.stream)
            and run_id in (None, recorded.run_id)
            and correlation_id in (None, self._correlations[recorded.seq - 1])
            and (types is None or recorded.event.TYPE in types)
        )
        return iter(list(chosen)[:limit])

    @override
    def state(self, *, at: int | None = None, only: Sequence[str] | None = None) -> State:
        rows = fold(empty_rows(), self.read(until=at))
        kept = {name: table for name, table in rows.items() if only is None or name in only}
        seq = len(self.events) if at is None else at
        return as_state({**empty_rows(), **kept}, journal_id="jmemory", head_seq=seq, head_hash=f"{seq:064x}")

    @override
    def row(self, projection: str, key: str) -> Any | None:
        return getattr(self.state(), projection).get(key)

    @override
    def parts(self, shapes: Mapping[str, type[Any]]) -> Parts:
        state = self.state()
        rows = {
            name: [msgspec.convert(msgspec.to_builtins(row), shape) for row in getattr(state, name).values()]
            for name, shape in shapes.items()
        }
        return Parts(head=self.head(), rows=rows)

    @override
    def seq_at(self, time_us: int) -> int:
        return sum(1 for recorded in self.events if recorded.recorded_us <= time_us)

    @override
    def inputs_digest(self) -> str:
        return str(len(self.events))

    @override
    def anchor(self) -> None:
        """Nothing outside memory."""
