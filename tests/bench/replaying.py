"""G6–G8: how fast the journal is folded, written back as rows, and proved."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from engine.journal.chain_check import check_chain
from engine.journal.rebuild import rebuild
from engine.journal.sqlite_journal import SqliteJournal
from engine.journal.verify import verify
from tests.bench.crate import clock, crate_copy
from tests.bench.measured import Bench, Row, best_of, cpu_seconds, rate_row, seconds
from tests.bench.peers import ask, measured

SCAN = "SELECT seq, stream, type, schema_version, data FROM event ORDER BY seq"


def run(bench: Bench, wanted: frozenset[str]) -> Iterator[Row]:
    """Give the rows of G6 to G8, those that are wanted."""
    path = crate_copy(bench.folder, bench.scale.recordings_replayed, bench.folder / "replayed.sqlite3")
    with SqliteJournal(path, clock=clock()) as journal:
        events = journal.head().seq
    steps = {"G6": lambda: _fold(path, events), "G7": lambda: _rebuild(path), "G8": lambda: _chain(path)}
    asked = {name: step for name, step in steps.items() if name in wanted}
    scans = {"scan": lambda: _scan(path), "scan, wall": lambda: _scan(path, seconds)}
    best = best_of(bench.scale.rounds, {**scans, **asked})
    scan, scan_wall = events / best["scan"], events / best["scan, wall"]
    if "G6" in wanted:
        yield from _replay_rows(bench, path, events, events / best["G6"], scan)
    if "G7" in wanted:
        what = f"rebuild of {events:,} events, written to tables"
        yield rate_row("G7", what, ours=events / best["G7"], against="bare 5-column scan", theirs=scan, goal=0.13)
    if "G8" in wanted:
        what = f"chain verify of {events:,} events"
        yield rate_row("G8", what, ours=events / best["G8"], against="bare 5-column scan", theirs=scan_wall, goal=0.4)
        whole = events / seconds(lambda: verify(path))
        what = "`sync verify`: chain, order, guards, anchors, rows, replay"
        yield rate_row("G8", what, ours=whole, against="bare 5-column scan", theirs=scan_wall, goal=None)


def _replay_rows(bench: Bench, path: Path, events: int, ours: float, scan: float) -> Iterator[Row]:
    sample = min(events, bench.scale.events_replayed_peer)
    lines = bench.folder / "events.jsonl"
    _write_sample(path, lines, sample)
    database = bench.folder / "eventsourcing-replay.sqlite3"

    def peer() -> float:
        return min(ask(bench, "eventsourcing_replay", database, lines) for _ in range(bench.scale.rounds))

    spent, why = measured(peer)
    what = f"replay of {events:,} events into all projections"
    theirs = None if spent is None else sample / spent
    why = why or f"they replay {sample:,} of the same events"
    yield rate_row("G6", what, ours=ours, against="eventsourcing log", theirs=theirs, goal=3.0, limit=scan, why=why)
    yield rate_row("G6", what, ours=ours, against="bare 5-column scan", theirs=scan, goal=0.25)


def _fold(path: Path, until: int) -> float:
    with SqliteJournal(path, clock=clock()) as journal:
        return cpu_seconds(lambda: journal.folded(until=until))


def _rebuild(path: Path) -> float:
    return cpu_seconds(lambda: rebuild(path))


def _chain(path: Path) -> float:
    # The wall clock: what other processes of ours compute must count.
    return seconds(lambda: check_chain(path))


def _scan(path: Path, clock_s: Callable[[Callable[[], object]], float] = cpu_seconds) -> float:
    with closing(sqlite3.connect(path)) as connection:
        return clock_s(lambda: deque(connection.execute(SCAN), maxlen=0))


def _write_sample(path: Path, lines: Path, sample: int) -> None:
    # Every n-th stream's events, so that the sample has the same mix as the whole.
    with closing(sqlite3.connect(path)) as connection, lines.open("wb") as file:
        total = connection.execute("SELECT max(seq) FROM event").fetchone()[0]
        step = max(1, total // sample)
        rows = connection.execute(
            "SELECT type, stream, row_number() OVER (PARTITION BY stream ORDER BY seq), data FROM event "
            "WHERE seq % ? = 0 ORDER BY seq",
            (step,),
        )
        for event_type, stream, version, data in rows:
            file.write(msgspec.json.encode([event_type, stream, version, msgspec.Raw(data.encode())]) + b"\n")
