"""The scorecard: what the matcher makes of labelled names, generated traps, searches, a repeat of F1, and real music.

`python -m tests.scorecard [--quick]` writes docs/scorecard.md, and docs/scorecard-audio.md where the music can be
fetched. Nothing fails on a number: the numbers are for people, and in the pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from engine.matching.policy import DEFAULT
from engine.matching.things import Names
from tests.scorecard.blind import blind_searches
from tests.scorecard.crate_run import run_crate, said_of_crate
from tests.scorecard.halves import Half, half_searches, labelled_searches
from tests.scorecard.names import Judged, NamesTable, judged_pairs, measure_names
from tests.scorecard.resolution import measure_searches, text_of_blind, text_of_halves, text_of_searches
from tests.scorecard.searches import searches
from tests.scorecard.traps import traps
from tests.scorecard.traps_pair import Verdict

PAGE = Path(__file__).parents[2] / "docs" / "scorecard.md"
SEED = 20_261_122
TRAPS = 6_000
TRAPS_QUICK = 700
HALVES = 3_000
HALVES_QUICK = 300
REPEATS_OF_HALVES = 8
BLIND = 4_000
BLIND_QUICK = 400
REPEATS = 5
"""Searches made of each labelled pair: what stands around it, and who uploaded it, is drawn anew."""
CRATE = 21_000
CRATE_QUICK = 2_000
BINS = (-8, -4, 0, 4, 7.5, 9, 10)
WRONG_SHOWN = 40


def main(arguments: Sequence[str]) -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.scorecard", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer pairs, and a small crate; prints, writes nothing")
    chosen = parser.parse_args(arguments)
    real = measure_names(judged_pairs())
    made = measure_names(traps(SEED, TRAPS_QUICK if chosen.quick else TRAPS))
    crate = run_crate(SEED, CRATE_QUICK if chosen.quick else CRATE)
    found = measure_searches(searches(SEED, REPEATS * judged_pairs()))
    sought = measure_searches(searches(SEED, traps(SEED, TRAPS_QUICK if chosen.quick else TRAPS)))
    page = "\n".join([*_head(), *_summary(real, made), *_calibration(real), *_traps(made), *_wrong(real, made)])
    page += "\n" + "\n".join(text_of_searches(labelled_pairs=found, generated_pairs=sought))
    page += "\n" + "\n".join(_halves(HALVES_QUICK if chosen.quick else HALVES))
    blind = measure_searches(blind_searches(SEED, BLIND_QUICK if chosen.quick else BLIND))
    page += "\n" + "\n".join(text_of_blind(blind=blind))
    page += f"\n## A repeat of F1\n\n{said_of_crate(crate)}\n"
    if chosen.quick:
        sys.stdout.write(page)
    else:
        PAGE.write_text(page, encoding="utf-8")


def _halves(count: int) -> Iterator[str]:
    tables = {}
    for half in Half:
        name = half.value.replace(" ", "_")
        labelled = labelled_searches(half, SEED, judged_pairs(), REPEATS_OF_HALVES)
        tables[f"{name}:_labelled"] = measure_searches(labelled)
        tables[f"{name}:_generated"] = measure_searches(half_searches(half, SEED, count))
    yield from text_of_halves(**tables)


def _head() -> Iterator[str]:
    yield "# Scorecard of the matcher"
    yield ""
    yield "Written by `make scorecard`. The labelled pairs are real names, judged by people or carried by files"
    yield "that are byte-identical. The traps are generated from real artists, titles and version words; each builder"
    yield "in `tests/scorecard/traps_*.py` says why its label is true. Durations are added to see what names and length"
    yield "decide together: agreeing for one recording, of another song for the rest (by chance those agree at times)."
    yield f"Policy `{DEFAULT.version}`. Sound is measured in [scorecard-audio.md](scorecard-audio.md)."
    yield ""


def _summary(real: NamesTable, made: NamesTable) -> Iterator[str]:
    yield "| | labelled pairs | generated traps |"
    yield "|---|---|---|"
    for label, name in (
        ("pairs", "pairs"),
        ("names say `same` of one recording", "same"),
        ("names say `unclear` where a person would hesitate", "unclear"),
        ("precision of accept, names and duration", "precision"),
        ("recall of accept, names and duration", "recall"),
        ("asked, names and duration", "asked"),
        ("another version, part or song called `same`", "false"),
    ):
        yield f"| {label} | {_figure(real, name)} | {_figure(made, name)} |"
    yield ""


def _figure(table: NamesTable, name: str) -> str:
    if name == "pairs":
        return str(sum(row.pairs for row in table.rows))
    if name == "false":
        return str(sum(row.names[Names.SAME] for row in table.rows if row.verdict in (Verdict.VERSION, *_APART)))
    return f"{getattr(table, name):.2%}"


_APART = (Verdict.PART, Verdict.DIFF)


def _calibration(real: NamesTable) -> Iterator[str]:
    yield "## Where the scores lie"
    yield ""
    yield f"Scores of the labelled pairs; accepted from {DEFAULT.accept_from:g} where no gate says no. Left: names"
    yield "alone; right: names and durations. The gates keep apart what scores alone would not."
    yield ""
    columns = [f"< {BINS[0]:g}", *(f"{low:g} … {high:g}" for low, high in pairwise(BINS))]
    columns.append(f"≥ {BINS[-1]:g}")
    yield f"| truth | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for verdict in Verdict:
        alone = _binned([each.by_names.score for each in real.judged if each.pair.verdict is verdict])
        timed = _binned([each.by_names_and_durations.score for each in real.judged if each.pair.verdict is verdict])
        cells = [f"{a} · {t}" if a or t else "" for a, t in zip(alone, timed, strict=True)]
        yield f"| {verdict} | {' | '.join(cells)} |"
    yield ""


def _binned(scores: list[float]) -> list[int]:
    counts = [0] * (len(BINS) + 1)
    for score in scores:
        counts[sum(score >= edge for edge in BINS)] += 1
    return counts


def _traps(made: NamesTable) -> Iterator[str]:
    yield "## Traps"
    yield ""
    yield "| trap | truth | pairs | right | names said | decided by names | and durations |"
    yield "|---|---|---|---|---|---|---|"
    for row in made.rows:
        said = (row.names, row.decisions, row.decisions_with_durations)
        cells = " | ".join(", ".join(f"{word} {count}" for word, count in sorted(counts.items())) for counts in said)
        yield f"| {row.trap.replace('_', ' ')} | {row.verdict} | {row.pairs} | {row.right / row.pairs:.0%} | {cells} |"
    yield ""


def _wrong(*tables: NamesTable) -> Iterator[str]:
    wrong = [each for table in tables for each in table.wrong]
    yield f"## Every confusion ({len(wrong)}; the first {min(len(wrong), WRONG_SHOWN)})"
    yield ""
    yield "| truth | names said | a | b |"
    yield "|---|---|---|---|"
    yield from (_line(each) for each in wrong[:WRONG_SHOWN])
    yield ""


def _line(each: Judged) -> str:
    a, b = (text.replace("|", "\\|") for text in (each.pair.a, each.pair.b))
    return f"| {each.pair.verdict} | {each.by_names.names} | {a} | {b} |"


if __name__ == "__main__":
    main(sys.argv[1:])
