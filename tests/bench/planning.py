"""G9: what it costs to find that nothing is to be done.

Three figures: the product's path (one digest compared), the whole plan computed anew, and a whole reconcile in a
process of its own.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from engine.domain.references import remote_key
from engine.domain.value import Fields, FieldValue
from engine.journal.reading import collector_paused
from engine.journal.sqlite_journal import SqliteJournal
from engine.projections.state import State
from engine.reconciler.planner import plan
from engine.workflows.reconcile import ReconcileRequest, reconcile
from engine.workflows.reconcile import _nothing_changed as nothing_changed
from tests.bench.crate import clock, crate_copy
from tests.bench.measured import Bench, Row, best_of, cpu_seconds, environment
from tests.bench.still_world import POLICY, still_world, write_pages

TARGETS = (("notion", "track"), ("eagle", "item"))
CPU_S_GOAL = 1.0
MEMORY_MB_GOAL = 200.0


def run(bench: Bench, wanted: frozenset[str]) -> Iterator[Row]:
    """Give the rows of G9."""
    if "G9" not in wanted:
        return
    yield from _plans(bench)
    yield from _reconciles(bench)


def _plans(bench: Bench) -> Iterator[Row]:
    recordings = bench.scale.recordings_planned
    path = crate_copy(bench.folder, recordings, bench.folder / "planned.sqlite3")
    home = bench.folder / "planned"
    _settle(path, home)
    with SqliteJournal(path, clock=clock()) as journal, still_world(path, home) as world:
        state = journal.state()
        now_us = world.clock.now_us()
        assert nothing_changed(world)
        with closing(_tables(state)) as connection, collector_paused():
            best = best_of(
                bench.scale.rounds,
                {
                    "skip": lambda: cpu_seconds(lambda: nothing_changed(world)),
                    "plan": lambda: cpu_seconds(lambda: _empty(plan(state, POLICY, now_us).actions)),
                    "sql": lambda: cpu_seconds(lambda: _empty(_except(connection))),
                },
            )
    sql = best["sql"]
    what = f"no-op plan, {recordings:,} recordings × 2 targets"
    yield _faster(f"{what}, as reconcile does it: by its inputs' digest", best["skip"], sql)
    yield _faster(f"{what} and the library, computed anew from rows in memory", best["plan"], sql)


def _faster(what: str, ours: float, sql: float) -> Row:
    return Row(
        id="G9",
        what=what,
        unit="ms",
        ours=ours * 1e3,
        against="SQL EXCEPT, all columns",
        theirs=sql * 1e3,
        ratio=sql / ours,
        goal=3.0,
    )


def _empty(found: Sequence[object]) -> None:
    assert not found


def _tables(state: State) -> sqlite3.Connection:
    """Give what is wanted and what was found as two tables a target, one column a field."""
    connection = sqlite3.connect(":memory:")
    for target, kind in TARGETS:
        objects = [row for row in state.objects.values() if (row.target, row.kind) == (target, kind)]
        names = sorted({name for row in objects for name in row.base})
        found = [state.remotes[remote_key(target, row.remote_id or "")].fields for row in objects]
        _fill(connection, f"wanted_{target}", names, [(row.key, row.base) for row in objects])
        _fill(connection, f"found_{target}", names, [(row.key, each) for row, each in zip(objects, found, strict=True)])
    return connection


def _fill(connection: sqlite3.Connection, table: str, names: Sequence[str], held: Sequence[tuple[str, Fields]]) -> None:
    connection.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, {', '.join(names)}) WITHOUT ROWID")
    rows = [(key, *(_cell(fields.get(name)) for name in names)) for key, fields in held]
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * (len(names) + 1))})", rows)


def _cell(value: FieldValue) -> str | int | float | None:
    return "\n".join(value) if isinstance(value, tuple) else value


def _except(connection: sqlite3.Connection) -> list[object]:
    found: list[object] = []
    for target, _kind in TARGETS:
        query = f"SELECT * FROM wanted_{target} EXCEPT SELECT * FROM found_{target}"
        found += connection.execute(query).fetchall()
    return found


def _reconciles(bench: Bench) -> Iterator[Row]:
    recordings = bench.scale.recordings_reconciled
    path = crate_copy(bench.folder, recordings, bench.folder / "reconciled.sqlite3")
    home = bench.folder / "reconciled"
    _settle(path, home)
    spent = [_child(path, home) for _ in range(bench.scale.rounds)]
    assert all(each["settled"] for each in spent)
    what = f"reconcile, nothing changed, {recordings:,} recordings, 3 targets read from page files"
    why = "a process of its own, imports included; no sockets"
    for unit, name, goal in (("CPU s", "cpu_s", CPU_S_GOAL), ("MB RSS", "rss_mb", MEMORY_MB_GOAL)):
        ours = min(each[name] for each in spent)
        yield Row(
            id="G9",
            what=what,
            unit=unit,
            ours=ours,
            against="the budget",
            theirs=goal,
            ratio=ours / goal,
            goal=1.0,
            at_most=True,
            why=why,
        )


def _settle(path: Path, home: Path) -> None:
    """Let the targets show what the journal knows, and one run find that nothing is to be done."""
    if home.is_dir():
        return
    with SqliteJournal(path, clock=clock()) as journal:
        write_pages(journal.state(), home)
    _child(path, home)


def _child(path: Path, home: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.planning", str(path), str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    if done.returncode:
        raise RuntimeError(f"the reconcile to be measured failed: {done.stderr.strip()[-500:]}")
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _reconcile_once(path: Path, home: Path) -> dict[str, float]:
    with still_world(path, home) as world:
        result = reconcile(world, ReconcileRequest())
    return {
        "settled": float(result.settled),
        "rounds": float(result.rounds),
        "cpu_s": time.process_time(),
        "rss_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """Give the most memory this program held; `ru_maxrss` would count what its parent held before it was replaced."""
    said = Path("/proc/self/status")
    if not said.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = (line.split() for line in said.read_text(encoding="utf-8").splitlines())
    return next(int(words[1]) / 1024 for words in lines if words[0] == "VmHWM:")


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(_reconcile_once(Path(sys.argv[1]), Path(sys.argv[2])))}\n")
