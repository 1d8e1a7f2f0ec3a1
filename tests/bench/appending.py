"""G1–G5: how fast events and durable steps are written."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from engine.domain.envelope import Draft
from engine.domain.events import ActionDone, ActionIntended, TrackSeen
from engine.domain.failure import Availability
from engine.journal.chain import INSERT_ROW, SELECT_ROWS
from engine.journal.sqlite_journal import SqliteJournal
from engine.projections.projection import Projection
from engine.projections.registry import ALL
from tests.bench.crate import ORIGIN, clock, empty_journal
from tests.bench.measured import Bench, Row, Side, best_of, cpu_seconds, rate_row, seconds
from tests.bench.peers import ask, measured

BATCH = 1000
_numbers = count()


def seen(number: int) -> Draft:
    """Give one first sighting."""
    return Draft(
        event=TrackSeen(
            ref=f"soundcloud:track:{number}",
            title=f"Title {number}",
            url=f"https://soundcloud.com/a/{number}",
            artist="Artist",
            genre="Techno",
            duration_ms=200_000,
            availability=Availability.AVAILABLE,
        )
    )


class Tables:
    """Fresh copies of one empty journal, and the rows that an append of ours leaves, to be inserted raw."""

    def __init__(self, bench: Bench) -> None:
        self._folder = bench.folder
        self._template = empty_journal(bench.folder / "template.sqlite3")

    def fresh(self) -> Path:
        """Give a journal of its own."""
        return Path(shutil.copy(self._template, self._folder / f"journal-{next(_numbers)}.sqlite3"))

    def append(self, events: int, batch: int, projections: Sequence[Projection]) -> float:
        """Append through the journal and give the seconds."""
        drafts = [seen(number) for number in range(events)]
        with SqliteJournal(self.fresh(), clock=clock(), projections=projections) as journal:
            return _watch(batch)(lambda: _append(journal, drafts, batch))

    def raw(self, rows: Sequence[tuple[Any, ...]], batch: int, *, guards: bool) -> float:
        """Insert ready-made rows into the same table and give the seconds."""
        with closing(sqlite3.connect(self.fresh(), isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA wal_autocheckpoint = 4000").fetchall()
            if not guards:
                _drop_guards(connection)
            return _watch(batch)(lambda: _insert(connection, rows, batch))

    def rows(self, events: int) -> list[tuple[Any, ...]]:
        """Give the rows that appending so many events leaves."""
        path = self.fresh()
        with SqliteJournal(path, clock=clock(), projections=()) as journal:
            _append(journal, [seen(number) for number in range(events)], BATCH)
        with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(self._template)) as template:
            first = template.execute("SELECT hash FROM event WHERE seq = 1").fetchone()[0]
            rows = connection.execute(f"{SELECT_ROWS} WHERE seq > 1 ORDER BY seq").fetchall()
        assert rows[0][-2] == first
        return rows


def run(bench: Bench, wanted: frozenset[str]) -> Iterator[Row]:
    """Give the rows of G1 to G5, those that are wanted."""
    tables = Tables(bench)
    if wanted & {"G1", "G3", "G4"}:
        yield from _batched(bench, tables, wanted)
    if wanted & {"G2", "G3"}:
        yield from _single(bench, tables, wanted)
    if "G5" in wanted:
        yield _steps(bench, tables)


def _batched(bench: Bench, tables: Tables, wanted: frozenset[str]) -> Iterator[Row]:
    events = bench.scale.events_batched
    rows = tables.rows(events)
    sides: dict[str, Side] = {
        "ours": lambda: tables.append(events, BATCH, ()),
        "with rows": lambda: tables.append(events, BATCH, ALL),
        "raw": lambda: tables.raw(rows, BATCH, guards=False),
        "raw, guards": lambda: tables.raw(rows, BATCH, guards=True),
    }
    if "G4" in wanted:
        sides["sqlmodel"] = lambda: _sqlmodel(tables, rows)
    best, theirs, why = _with_eventsourcing(bench, sides, events, BATCH, asked="G3" in wanted)
    rate = {name: events / spent for name, spent in best.items()}
    raw = rate["raw"]
    if "G1" in wanted:
        what = "append, 1000 events a commit"
        yield rate_row("G1", what, ours=rate["ours"], against="raw executemany", theirs=raw, goal=0.45)
        yield rate_row(
            "G1", f"{what}", ours=rate["ours"], against="raw, same guards", theirs=rate["raw, guards"], goal=None
        )
        yield rate_row(
            "G1",
            f"{what}, projection rows too",
            ours=rate["with rows"],
            against="raw executemany",
            theirs=raw,
            goal=None,
        )
    if "G3" in wanted:
        what = "append, 1000 events a commit"
        yield rate_row(
            "G3", what, ours=rate["ours"], against="eventsourcing", theirs=theirs, goal=3.0, limit=raw, why=why
        )
        what = f"{what}, projection rows too"
        yield rate_row("G3", what, ours=rate["with rows"], against="eventsourcing", theirs=theirs, goal=None, why=why)
    if "G4" in wanted:
        yield rate_row(
            "G4",
            "write path",
            ours=rate["ours"],
            against="SQLModel add_all",
            theirs=rate["sqlmodel"],
            goal=5.0,
            limit=raw,
        )


def _single(bench: Bench, tables: Tables, wanted: frozenset[str]) -> Iterator[Row]:
    events = bench.scale.events_single
    rows = tables.rows(events)
    sides: dict[str, Side] = {
        "ours": lambda: tables.append(events, 1, ()),
        "with rows": lambda: tables.append(events, 1, ALL),
        "raw": lambda: tables.raw(rows, 1, guards=False),
        "raw, guards": lambda: tables.raw(rows, 1, guards=True),
    }
    best, theirs, why = _with_eventsourcing(bench, sides, events, 1, asked="G3" in wanted)
    rate = {name: events / spent for name, spent in best.items()}
    what = "append, 1 event a commit"
    if "G2" in wanted:
        yield rate_row("G2", what, ours=rate["ours"], against="raw insert", theirs=rate["raw"], goal=0.8)
        yield rate_row("G2", what, ours=rate["ours"], against="raw, same guards", theirs=rate["raw, guards"], goal=None)
        yield rate_row(
            "G2",
            f"{what}, projection rows too",
            ours=rate["with rows"],
            against="raw insert",
            theirs=rate["raw"],
            goal=None,
        )
    if "G3" in wanted:
        yield rate_row(
            "G3", what, ours=rate["ours"], against="eventsourcing", theirs=theirs, goal=1.3, limit=rate["raw"], why=why
        )


def _steps(bench: Bench, tables: Tables) -> Row:
    steps = bench.scale.steps

    def ours() -> float:
        with SqliteJournal(tables.fresh(), clock=clock()) as journal:
            return seconds(lambda: _steps_of(journal, steps))

    rows = tables.rows(2 * steps)
    sides: dict[str, Side] = {"ours": ours, "raw": lambda: tables.raw(rows, 1, guards=False)}
    best, theirs, why = _with_peer(
        bench, sides, steps, lambda: ask(bench, "dbos_steps", _database(bench, "dbos"), steps)
    )
    return rate_row(
        "G5",
        "durable action step: intent, outcome, rows",
        unit="steps/s",
        ours=steps / best["ours"],
        against="dbos step",
        theirs=theirs,
        goal=10.0,
        limit=steps / best["raw"],
        why=why,
    )


def _steps_of(journal: SqliteJournal, steps: int) -> None:
    for number in range(steps):
        _step(journal, number)


def _step(journal: SqliteJournal, number: int) -> None:
    action_id = f"action-{number}"
    journal.append([Draft(event=ActionIntended(action_id=action_id, attempt=1, precondition="0" * 64))], ORIGIN)
    done = ActionDone(
        action_id=action_id,
        attempt=1,
        kind="create_page",
        target="notion",
        object_kind="track",
        key=f"r{number}",
        remote_id=f"page-{number}",
        held={"title": "Title"},
        evidence="answer",
    )
    journal.append([Draft(event=done)], ORIGIN)


def _with_eventsourcing(
    bench: Bench, sides: dict[str, Side], events: int, batch: int, *, asked: bool
) -> tuple[dict[str, float], float | None, str]:
    if not asked:
        return best_of(bench.scale.rounds, sides), None, ""
    return _with_peer(
        bench,
        sides,
        events,
        lambda: ask(bench, "eventsourcing_append", _database(bench, "eventsourcing"), events, batch),
    )


def _with_peer(
    bench: Bench, sides: dict[str, Side], work: int, peer: Side
) -> tuple[dict[str, float], float | None, str]:
    """Measure the sides with a peer among them, or without it when it cannot be measured."""
    first, why = measured(peer)
    best = best_of(bench.scale.rounds, sides if first is None else {**sides, "peer": peer})
    theirs = None if first is None else work / min(first, best.pop("peer"))
    return best, theirs, why


def _sqlmodel(tables: Tables, rows: Sequence[tuple[Any, ...]]) -> float:
    from sqlalchemy import event  # noqa: PLC0415 - the appends are measured without it loaded
    from sqlmodel import Session, create_engine  # noqa: PLC0415 - the same

    from engine.journal.chain import COLUMNS  # noqa: PLC0415 - beside the table that it fills
    from engine.journal.tables import EventTable  # noqa: PLC0415 - imports SQLModel

    engine = create_engine(f"sqlite:///{tables.fresh()}")

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 4000").fetchall()
        _drop_guards(connection)

    def work() -> None:
        for first in range(0, len(rows), BATCH):
            with Session(engine) as session:
                page = rows[first : first + BATCH]
                session.add_all([EventTable(**dict(zip(COLUMNS, row, strict=True))) for row in page])
                session.commit()

    spent = _watch(BATCH)(work)
    engine.dispose()
    return spent


def _append(journal: SqliteJournal, drafts: Sequence[Draft], batch: int) -> None:
    for first in range(0, len(drafts), batch):
        journal.append(drafts[first : first + batch], ORIGIN)


def _watch(batch: int) -> Callable[[Callable[[], object]], float]:
    """Give the clock: processor time for large batches, where the disk is hardly waited for, else the wall clock."""
    return seconds if batch == 1 else cpu_seconds


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]], batch: int) -> None:
    for first in range(0, len(rows), batch):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT_ROW, rows[first : first + batch])
        connection.execute("COMMIT")


def _drop_guards(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def _database(bench: Bench, name: str) -> Path:
    return bench.folder / f"{name}-{next(_numbers)}.sqlite3"
