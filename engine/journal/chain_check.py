"""Recomputes the hash chain, over several processes when the journal is long.

A part of the chain is checked on its own, from the stored hash before it; that this hash is right is for the part
before to find. Hashing is all this does, so that two processors take half the time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from engine.journal.chain import GENESIS, SELECT_ROWS, event_hash
from engine.journal.connection import open_reader
from engine.journal.reading import PAGE_EVENTS, collector_paused

PARALLEL_FROM_EVENTS = 200_000
"""Below this, starting processes takes longer than they save."""

PROCESSES_MAX = 4
"""More only wait for the disk."""

_BEFORE_ALL = -(2**63)
_PREV_HASH = -2
_HASH = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first event that is not the one that was written, and what is wrong there."""

    seq: int
    detail: str


def check_chain(path: Path, *, parallel_from: int = PARALLEL_FROM_EVENTS) -> Break | None:
    """Recompute every hash and give the first break, if there is one."""
    with closing(open_reader(path)) as connection:
        last = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0]
    processes = min(os.cpu_count() or 1, PROCESSES_MAX)
    if last < parallel_from or processes == 1:
        return check_part(path, (0, last))
    bounds = [last * number // processes for number in range(processes + 1)]
    parts = list(pairwise(bounds))
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            breaks = list(pool.map(partial(check_part, path), parts))
    except BrokenProcessPool:  # a program that cannot be started again: a prompt, a script on standard input
        return check_part(path, (0, last))
    return next((found for found in breaks if found is not None), None)


def check_part(path: Path, part: tuple[int, int]) -> Break | None:
    """Check the events after the first seq of a part up to its last, and give the first break."""
    after, until = part
    with closing(open_reader(path)) as connection, collector_paused():
        row = connection.execute("SELECT hash FROM event WHERE seq = ?", (after,)).fetchone()
        due, prev_hash = after + 1, row[0] if after and row else GENESIS
        for page in _pages(connection, after or _BEFORE_ALL, until):
            for row in page:
                if row[0] != due or row[_PREV_HASH] != prev_hash or _differs(row):
                    return Break(seq=due, detail=_what_broke(row, due, prev_hash))
                prev_hash = row[_HASH]
                due += 1
    return None if due > until else Break(seq=due, detail=f"event {due} is missing")


def _differs(row: tuple[Any, ...]) -> bool:
    try:
        return event_hash(row[:-1]) != bytes(row[_HASH])
    except UnicodeError:  # text that no longer is UTF-8
        return True


def _what_broke(row: tuple[Any, ...], due: int, prev_hash: bytes) -> str:
    if row[0] != due:
        return f"event {due} is missing; the next one is {row[0]}"
    if row[_PREV_HASH] != prev_hash:
        return "it does not follow the event before it"
    return "its content is not what its hash was made from"


def _pages(connection: sqlite3.Connection, after: int, until: int) -> Iterator[list[tuple[Any, ...]]]:
    query = f"{SELECT_ROWS} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
    while True:
        try:
            page = connection.execute(query, (after, until, PAGE_EVENTS)).fetchall()
        except sqlite3.OperationalError:
            # Damaged text must be reported as a changed event, not end the check.
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            page = connection.execute(query, (after, until, PAGE_EVENTS)).fetchall()
        if not page:
            return
        yield page
        after = page[-1][0]
