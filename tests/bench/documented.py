"""The table of benchmarks as text, and as the page `docs/benchmarks.md`."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence

import msgspec

from tests.bench.measured import Row

HEAD = ("id", "what", "ours", "against", "theirs", "limit", "ratio", "goal", "met?")
WIDTHS = (3, 78, 16, 24, 12, 10, 9, 7, 4)
PAGE = """# Benchmarks

Written by `make bench` with `--docs` from `var/bench.json`. Each goal's rows were taken in one run, each side's best
round kept; in-process sides take turns, and the replay of `eventsourcing` (G6) follows them. Absolute figures belong to
one machine and drift. Raw sides of a write have our table and indexes, WAL and `synchronous=FULL`; peers have their own
tables. Batched appends, G6, G7 and G9 are processor time, because other work on the machine lengthens the longer side;
all else is the wall clock.

Machine: {machine}.

{table}

“Limit” is the raw figure that nothing can pass, where the goal is set against a peer. Rows without a goal stand
beside one to say what it leaves out.
{notes}"""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one or more runs measured, and where."""

    machine: str
    rows: tuple[Row, ...]


def machine() -> str:
    """Say what this machine is, without its name."""
    return (
        f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, load average {os.getloadavg()[1]:.1f} at the end"
    )


def text_table(rows: Sequence[Row], *, header: bool = True) -> str:
    """Give rows as aligned text."""
    lines = [_aligned(HEAD)] if header else []
    return "\n".join([*lines, *(_aligned(_cells(row)) + (f"  ({row.why})" if row.why else "") for row in rows)])


def render(report: Report) -> str:
    """Give the page."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in report.rows]
    notes = dict.fromkeys(f"- {row.id}, {row.against}: {row.why}" for row in report.rows if row.why)
    told = "\n" + "\n".join(notes) + "\n" if notes else ""
    return PAGE.format(machine=report.machine, table="\n".join(lines), notes=told)


def _cells(row: Row) -> tuple[str, ...]:
    sign = "≤" if row.at_most else "≥"
    met = {True: "yes", False: "no", None: "–"}[row.met]
    return (
        row.id,
        row.what,
        f"{_number(row.ours)} {row.unit}",
        row.against,
        _number(row.theirs),
        _number(row.limit),
        "–" if row.ratio is None else f"{_number(row.ratio)}×",
        "–" if row.goal is None else f"{sign} {row.goal:g}",
        met,
    )


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(cells: Sequence[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
