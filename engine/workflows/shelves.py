"""Shelves: which playlists an address that stands for several brought, and which of them go and come with it.

What a person followed by itself, or what another shelf that is followed may have brought, stays. Reads the journal
alone; what was unfollowed with a shelf is one decision, written in one go under the shelf's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from engine.domain.envelope import Recorded
from engine.domain.events import PlaylistConfigured
from engine.domain.redaction import public_address
from engine.domain.references import is_gathered, source_of
from engine.ports import Journal
from engine.projections.rows import Playlist, Scope
from engine.projections.state import State
from engine.source_ports import Source

FOLLOWED_PREFIX = "url:"
"""How the ref of a playlist begins that was asked for by address and not yet seen."""
_PATTERN = "*?["
_LISTS_OF_A_USER = ("/sets", "/albums")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything that decides what goes with a shelf.

    Attributes:
        sources: whose addresses are told apart.
        settings: the addresses that stand in the settings.
    """

    journal: Journal
    sources: Sequence[Source] = ()
    settings: Collection[str] = ()
    state: State = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", self.journal.state(only=("playlists", "scopes")))

    def brought(self, shelf: str) -> tuple[tuple[Playlist, ...], tuple[Playlist, ...]]:
        """Give the playlists that a shelf alone brought, and those that stay because something else wants them."""
        name = self._source(shelf)
        if name is None or not self._is_shelf(shelf):
            return (), ()
        others = [other for other in self._shelves() if other != shelf and self._source(other) == name]
        rows = [row for _, row in sorted(self.state.playlists.items()) if _is_of(row, name)]
        near = [row for row in rows if not others or _under(row, shelf) or not any(_under(row, o) for o in others)]
        own = self.by_itself()
        goes = [row for row in near if row.ref not in own and (not others or _only_under(row, shelf, others))]
        return tuple(goes), tuple(row for row in near if row not in goes)

    def by_itself(self) -> frozenset[str]:
        """Give the refs of the playlists a person asked for one by one, here or in the settings."""
        together = {recorded.seq for block in self.blocks() for recorded in block}
        asked = {public_address(url) for url in self.settings}
        refs: set[str] = set()
        for recorded in self.journal.read(types=(PlaylistConfigured.TYPE,)):
            event = recorded.event
            assert isinstance(event, PlaylistConfigured)
            if recorded.run_id is None and event.active and recorded.seq not in together:
                refs.add(event.ref)
                asked.add(event.url)
        return frozenset(refs | {row.ref for row in self.state.playlists.values() if asked & _addresses(row)})

    def blocks(self) -> Iterator[tuple[Recorded, ...]]:
        """Give what was decided together with a shelf: all that was unfollowed with it, or taken up again."""
        for ref in sorted(self.state.playlists):
            if ref.startswith(FOLLOWED_PREFIX) and self._was_left(ref):
                yield from _parted(self.journal.read(correlation_id=correlation(ref)))

    def left_with(self, ref: str) -> tuple[Playlist, ...]:
        """Give the playlists that were unfollowed with a shelf and by nothing since."""
        blocks = list(_parted(self.journal.read(correlation_id=correlation(ref))))
        last = {recorded.stream: recorded.seq for recorded in (blocks[-1] if blocks else ())}
        rows = (row for _, row in sorted(self.state.playlists.items()))
        return tuple(
            row for row in rows if not row.active and row.ref != ref and row.last_seq == last.get(f"playlist:{row.ref}")
        )

    def _was_left(self, ref: str) -> bool:
        """Whether an address was ever unfollowed; what belongs to a decision is looked for in the whole journal."""
        said = (recorded.event for recorded in self.journal.read(stream=f"playlist:{ref}"))
        return any(isinstance(event, PlaylistConfigured) and not event.active for event in said)

    def _source(self, address: str) -> str | None:
        return next((source.name for source in self.sources if source.recognises(address)), None)

    def _shelves(self) -> Iterator[str]:
        """Give the addresses of the shelves that are followed."""
        rows = {row.url: row for row in self.state.playlists.values() if not row.seen}
        for address in sorted({*rows, *(public_address(url) for url in self.settings)}):
            if self._is_shelf(address) and (address not in rows or rows[address].active):
                yield address

    def _is_shelf(self, address: str) -> bool:
        """Whether an address was asked what it stands for, and is no playlist itself."""
        rows = [row for row in self.state.playlists.values() if address in _addresses(row)]
        refs = [f"unlisted:{address}", *(row.ref for row in rows)]
        scopes: list[Scope] = [self.state.scopes[ref] for ref in refs if ref in self.state.scopes]
        return not any(row.seen for row in rows) and any(scope.complete_seq for scope in scopes)


def correlation(ref: str) -> str:
    """Name what is decided together with a shelf."""
    return f"shelf:{ref}"


def together_with(journal: Journal, seq: int) -> frozenset[int]:
    """Give the events that were one decision with this one."""
    for block in Asked(journal=journal).blocks():
        if any(recorded.seq == seq for recorded in block):
            return frozenset(recorded.seq for recorded in block)
    return frozenset({seq})


def _parted(told: Iterator[Recorded]) -> Iterator[tuple[Recorded, ...]]:
    """Part events where one decision ends and the next begins: the same shelf is not unfollowed twice in a row."""
    block: list[Recorded] = []
    for recorded in told:
        assert isinstance(recorded.event, PlaylistConfigured)
        last = block[-1].event if block else None
        if isinstance(last, PlaylistConfigured) and last.active != recorded.event.active:
            yield tuple(block)
            block = []
        block.append(recorded)
    if block:
        yield tuple(block)


def _is_of(row: Playlist, name: str) -> bool:
    return row.seen and row.active and not is_gathered(row.ref) and source_of(row.ref) == name


def _addresses(row: Playlist) -> frozenset[str]:
    return frozenset({row.url, *row.addresses} - {""})


def _only_under(row: Playlist, shelf: str, others: Sequence[str]) -> bool:
    return _under(row, shelf) and not any(_under(row, other) for other in others)


def _under(row: Playlist, shelf: str) -> bool:
    """Whether an address says by itself that it lies below a shelf's: a user's sets, the files of a folder."""
    stem = shelf.rstrip("/")
    for ending in _LISTS_OF_A_USER:
        stem = stem.removesuffix(ending)
    cut = min((stem.find(sign) for sign in _PATTERN if sign in stem), default=len(stem))
    return any(address.startswith(stem[:cut]) for address in _addresses(row))
