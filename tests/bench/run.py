"""`python -m tests.bench.run`: measure the goals against their peers, print one table, keep it in var/bench.json.

Ratios are taken in one run with the sides taking turns; a goal that is missed is shown as missed, and a peer that
is not here as not measured. Nothing here fails on a number.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from tests.bench import appending, commands, matching, planning, replaying
from tests.bench.documented import Report, machine, render, text_table
from tests.bench.measured import FULL, SMOKE, Bench, Row, Scale
from tests.bench.peers import NotMeasuredError, interpreter

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "var" / "bench.json"
DOCUMENT = ROOT / "docs" / "benchmarks.md"

Goal: TypeAlias = Callable[[Bench, frozenset[str]], Iterator[Row]]
FAMILIES: dict[Goal, tuple[str, ...]] = {
    appending.run: ("G1", "G2", "G3", "G4", "G5"),
    replaying.run: ("G6", "G7", "G8"),
    planning.run: ("G9",),
    commands.run: ("G10", "G11"),
    matching.run: ("G15",),
}
GOALS = tuple(name for names in FAMILIES.values() for name in names)


def measure(scale: Scale, wanted: frozenset[str], *, with_peers: bool = True) -> Iterator[Row]:
    """Give the rows of the wanted goals as they are measured."""
    peers, missing = _peers() if with_peers else (None, "not asked for")
    with tempfile.TemporaryDirectory(prefix="cratelog-bench-") as folder:
        bench = Bench(scale=scale, folder=Path(folder), peers=peers, peers_missing=missing)
        for family, names in FAMILIES.items():
            if wanted & set(names):
                yield from family(bench, wanted)


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    options = _options(arguments)
    if not options.docs_only:
        wanted = frozenset(options.only.split(",")) if options.only else frozenset(GOALS)
        if unknown := sorted(wanted - set(GOALS)):
            raise SystemExit(f"no such goal: {', '.join(unknown)}; there are {', '.join(GOALS)}")
        _measured(_scale(options), wanted, Path(options.output), with_peers=not options.no_peers)
    if options.docs or options.docs_only:
        report = msgspec.json.decode(Path(options.output).read_bytes(), type=Report)
        DOCUMENT.write_text(render(report), encoding="utf-8")


def _measured(scale: Scale, wanted: frozenset[str], output: Path, *, with_peers: bool) -> None:
    rows = []
    for row in measure(scale, wanted, with_peers=with_peers):
        rows.append(row)
        sys.stdout.write(f"{text_table([row], header=len(rows) == 1)}\n")
        sys.stdout.flush()
    kept = [row for row in _kept(output) if row.id not in wanted]
    merged = sorted([*kept, *rows], key=lambda row: GOALS.index(row.id))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(msgspec.json.format(msgspec.json.encode(Report(machine=machine(), rows=tuple(merged)))))


def _kept(output: Path) -> tuple[Row, ...]:
    """Give the rows of earlier runs, for `--only`: each goal's own rows were taken together."""
    return msgspec.json.decode(output.read_bytes(), type=Report).rows if output.is_file() else ()


def _peers() -> tuple[Path | None, str]:
    try:
        return interpreter(), ""
    except NotMeasuredError as error:
        return None, str(error)


def _scale(options: argparse.Namespace) -> Scale:
    if options.smoke:
        return SMOKE
    return msgspec.structs.replace(FULL, recordings_planned=options.planned) if options.planned else FULL


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--only", metavar="G1,G2", default="", help="measure these goals, keep the others' last rows")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, one round: does it run at all")
    parser.add_argument(
        "--planned", type=int, metavar="N", help="plan over N recordings (G9), not 100,000: minutes less"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    parser.add_argument("--docs", action="store_true", help=f"write {DOCUMENT.name} from the result too")
    parser.add_argument("--docs-only", action="store_true", help="write it from the last result, measure nothing")
    parser.add_argument("--output", default=str(RESULT), help="where the result goes (var/bench.json)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
