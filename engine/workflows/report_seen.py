"""What a run saw: how the links of its chain ended, and what each playlist that differs gained, lost and moved.

Made from the journal alone, as the rest of the report is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.domain.envelope import Recorded
from engine.domain.events import ChainLinkEnded, PlaylistSeen
from engine.domain.failure import FailureClass
from engine.domain.moves import Difference, difference
from engine.domain.value import Value
from engine.ports import Journal


class Link(Value, frozen=True):
    """How one link of the chain ended."""

    link: str
    result: str  # "found", "nothing_new", "failed", "skipped"
    new: int
    failure: FailureClass | None
    detail: str
    took_ms: int


class ListChange(Value, frozen=True):
    """What one playlist shows otherwise than before.

    Attributes:
        entries: how many it has now.
        renamed: what it was called before, if otherwise.
    """

    ref: str
    name: str
    entries: int
    added: int
    removed: int
    moved: int
    renamed: str | None = None


def links_of(events: Iterable[Recorded]) -> tuple[Link, ...]:
    """Give the links of a run's chain, in the order in which they were tried."""
    return tuple(
        Link(
            link=event.link,
            result=event.result.value,
            new=event.new,
            failure=event.failure,
            detail=event.detail,
            took_ms=event.took_ms,
        )
        for recorded in events
        if isinstance(event := recorded.event, ChainLinkEnded)
    )


def list_changes(journal: Journal, events: Iterable[Recorded]) -> tuple[ListChange, ...]:
    """Give what a run's listings changed, playlist by playlist, by name."""
    last: dict[str, Recorded] = {}
    first: dict[str, Recorded] = {}
    for recorded in events:
        if isinstance(recorded.event, PlaylistSeen):
            first.setdefault(recorded.stream, recorded)
            last[recorded.stream] = recorded
    changes = (_change(_before(journal, first[stream]), seen.event) for stream, seen in last.items())
    return tuple(sorted(changes, key=lambda change: (change.name.casefold(), change.ref)))


def _before(journal: Journal, seen: Recorded) -> PlaylistSeen | None:
    earlier = journal.read(stream=seen.stream, until=seen.seq - 1, types=(PlaylistSeen.TYPE,))
    shown = [recorded.event for recorded in earlier if isinstance(recorded.event, PlaylistSeen)]
    return shown[-1] if shown else None


def _change(before: PlaylistSeen | None, seen: object) -> ListChange:
    assert isinstance(seen, PlaylistSeen)
    change = difference(before.entries if before else (), seen.entries)
    return ListChange(
        ref=seen.ref,
        name=seen.name or seen.ref,
        entries=len(seen.entries),
        added=len(change.added),
        removed=len(change.removed),
        moved=len(change.moved),
        renamed=before.name if before and before.name != seen.name else None,
    )


def retold(events: Iterable[Recorded]) -> Iterator[tuple[int, Difference]]:
    """Give what each sight of a playlist changed, by seq; a playlist's first sight changed nothing that was known."""
    shown: dict[str, tuple[str, ...]] = {}
    for recorded in events:
        event = recorded.event
        if not isinstance(event, PlaylistSeen):
            continue
        if event.ref in shown:
            yield recorded.seq, difference(shown[event.ref], event.entries)
        shown[event.ref] = event.entries
