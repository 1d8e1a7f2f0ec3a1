"""Durable steps with `dbos` on SQLite: DATABASE STEPS; prints the seconds.

The database is put in WAL mode first, so that both sides are as durable and neither pays for a rollback journal.
"""

from __future__ import annotations

import sqlite3
import sys
import time

from dbos import DBOS

database, steps = sys.argv[1], int(sys.argv[2])
connection = sqlite3.connect(database)
connection.execute("PRAGMA journal_mode = WAL").fetchall()
connection.close()
DBOS(config={"name": "bench", "system_database_url": f"sqlite:///{database}", "log_level": "ERROR"})


@DBOS.step()
def step(number: int) -> int:
    """Do nothing, durably."""
    return number


@DBOS.workflow()
def workflow(count: int) -> float:
    """Run the steps and give the seconds."""
    begun_s = time.perf_counter()
    for number in range(count):
        step(number)
    return time.perf_counter() - begun_s


DBOS.launch()
sys.stdout.write(f"{workflow(steps)}\n")
DBOS.destroy()
