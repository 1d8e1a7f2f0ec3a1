"""A world in which nothing happens: targets and playlists that show, page by page from files, what is known.

Pages are decoded from JSON when they are asked for, as a client's answers are, so that nothing lies in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from engine.domain.crash import pass_by
from engine.domain.events import RemoteSeen, RenditionReturned, TrackSeen
from engine.domain.outcomes import Outcome, Probe
from engine.domain.plan import Action
from engine.domain.value import Value
from engine.journal.coordination import SqliteCoordination
from engine.journal.sqlite_journal import SqliteJournal
from engine.machine.clock import MachineDice
from engine.machine.processes import MachineProcesses
from engine.machine.progress import NoProgress
from engine.machine.stop import AskedStop
from engine.ports import ScanEnd, ScanPage
from engine.projections.state import State
from engine.reconciler.policy import Policy
from engine.source_ports import Describing, Known, Listing
from engine.workflows.world import World
from tests.bench.crate import clock

POLICY = Policy(library_root="/music", config_hash="c")
KINDS = {"library": ("audio", "playlist"), "notion": ("playlist", "track"), "eagle": ("folder", "item")}
PAGE = 100
T = TypeVar("T")


class Page(Value, frozen=True):
    """One page of what a target shows."""

    seen: tuple[RemoteSeen, ...] = ()
    returned: tuple[RenditionReturned, ...] = ()


class Shown(Value, frozen=True):
    """One playlist as its source shows it."""

    ref: str
    name: str
    url: str
    entries: tuple[str, ...]


class StillTarget:
    """A target that shows its page files and is never written to."""

    def __init__(self, name: str, home: Path) -> None:
        self.name = name
        self.kinds = KINDS[name]
        self._home = home
        self._scans = 0

    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        """Give every page of one kind."""
        del known
        self._scans += 1
        decoder = msgspec.json.Decoder(Page)
        with (self._home / f"{self.name}-{kind}.jsonl").open("rb") as lines:
            for line in lines:
                page = decoder.decode(line)
                yield ScanPage(seen=page.seen, returned=page.returned)
        yield ScanEnd(complete=True)

    def probe(self, action: Action) -> Probe:
        """Refuse: nothing is to be done here."""
        raise AssertionError(action.kind)

    def send(self, action: Action) -> Outcome:
        """Refuse: nothing is to be done here."""
        raise AssertionError(action.kind)

    def requests(self) -> Mapping[str, int]:
        """Give the number of scans."""
        return {self.name: self._scans}


class StillSource:
    """A source whose playlists are as they were."""

    name = "soundcloud"
    describing = Describing.WEEKLY

    def __init__(self, home: Path) -> None:
        lines = (home / "playlists.jsonl").read_bytes().splitlines()
        self._shown = {shown.url: shown for shown in map(msgspec.json.Decoder(Shown).decode, lines)}

    def recognises(self, url: str) -> bool:
        """Say whether it is one of its playlists."""
        return url in self._shown

    def expand(self, url: str) -> tuple[str, ...]:
        """Give the address itself."""
        return (url,)

    def list_playlist(self, url: str, known: Known | None = None) -> Listing:  # noqa: ARG002 - the port's
        """Give one playlist as it was."""
        shown = self._shown[url]
        return Listing(ref=shown.ref, name=shown.name, url=shown.url, entries=shown.entries, complete=True)

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen]:
        """Refuse: everything was described."""
        raise AssertionError(refs)

    def requests(self) -> Mapping[str, int]:
        """Give nothing: nobody is asked."""
        return {}


def write_pages(state: State, home: Path) -> None:
    """Write what targets and sources show, so that it is what the journal knows."""
    home.mkdir(parents=True)
    for target, kinds in KINDS.items():
        for kind in kinds:
            seen = (
                _shown(state, key) for key, row in state.remotes.items() if (row.target, row.kind) == (target, kind)
            )
            _write(home / f"{target}-{kind}.jsonl", (Page(seen=part) for part in _paged(seen)))
    files = (
        RenditionReturned(
            rendition_id=row.rendition_id,
            path=row.path,
            size_bytes=row.size_bytes,
            mtime_ns=row.mtime_ns,
            file_sha256=row.file_sha256,
        )
        for row in state.renditions.values()
    )
    _write(home / "library-audio.jsonl", (Page(returned=part) for part in _paged(files)))
    playlists = state.playlists.values()
    _write(
        home / "playlists.jsonl",
        (Shown(ref=row.ref, name=row.name, url=row.url, entries=row.entries) for row in playlists),
    )


@contextmanager
def still_world(path: Path, home: Path) -> Iterator[World]:
    """Give the world around a journal, for the workflows."""
    time = clock()
    with SqliteJournal(path, clock=time) as journal:
        yield World(
            journal=journal,
            coordination=SqliteCoordination(path, clock=time, rates={}),
            clock=time,
            dice=MachineDice(),
            processes=MachineProcesses(),
            progress=NoProgress(),
            stop=AskedStop(),
            reached=pass_by,
            policy=POLICY,
            sources=(StillSource(home),),
            targets={name: StillTarget(name, home) for name in KINDS},
        )


def _shown(state: State, key: str) -> RemoteSeen:
    row = state.remotes[key]
    return RemoteSeen(
        target=row.target, kind=row.kind, remote_id=row.remote_id, key=row.key, fields=row.fields, live=row.live
    )


def _paged(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    left = iter(values)
    while part := tuple(islice(left, PAGE)):
        yield part


def _write(path: Path, values: Iterable[Value]) -> None:
    encode = msgspec.json.encode
    with path.open("wb") as file:
        for value in values:
            file.write(encode(value) + b"\n")
