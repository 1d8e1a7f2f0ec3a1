"""What the matcher says of labelled names: `measure_names(pairs)`, a row for each trap and every wrong answer.

A judgement is taken twice, over the names alone and over names and durations. Nothing here fails on a number.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from engine.matching.decision import judge
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Decision, Judgement, Names, Thing
from tests.scorecard.traps_pair import ONE_RECORDING, TWO_RECORDINGS, LabelledPair, Verdict, durations

SEED = 20_261_122
FIXTURES = Path(__file__).parents[1] / "fixtures" / "matching"
RIGHT: Mapping[Verdict, frozenset[Names]] = {
    Verdict.SAME: frozenset({Names.SAME}),
    Verdict.FORMAT: frozenset({Names.SAME}),
    Verdict.VERSION: frozenset({Names.VERSION}),
    Verdict.PART: frozenset({Names.PART}),
    Verdict.DIFF: frozenset({Names.DIFFERENT}),
    Verdict.ASK: frozenset({Names.UNCLEAR}),
}
"""What names should say; of two recordings, anything but `same` does no harm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled pair, and what was said of it."""

    pair: LabelledPair
    by_names: Judgement
    by_names_and_durations: Judgement

    @property
    def harmful(self) -> bool:
        """Whether two recordings were called one, by any of it."""
        said_one = self.by_names.names is Names.SAME or self._accepted
        return self.pair.verdict in TWO_RECORDINGS and said_one

    @property
    def wrong(self) -> bool:
        """Whether the names, or a decision over them, said what is not true of the pair."""
        by_names_alone = self.by_names.decision is Decision.ACCEPT
        refused = self.pair.verdict in ONE_RECORDING and Decision.REJECT in self._decisions
        unfounded = self.pair.verdict is Verdict.ASK and self._accepted
        missed = self.by_names.names not in RIGHT[self.pair.verdict]
        return self.harmful or by_names_alone or refused or unfounded or missed

    @property
    def _decisions(self) -> tuple[Decision, Decision]:
        return self.by_names.decision, self.by_names_and_durations.decision

    @property
    def _accepted(self) -> bool:
        return Decision.ACCEPT in self._decisions

    def line(self) -> str:
        """Say it in one line."""
        pair, names, timed = self.pair, self.by_names, self.by_names_and_durations
        fields = f" [{pair.artist_a} | {pair.artist_b}]" if pair.artist_a or pair.artist_b else ""
        said = f"{names.names} {names.decision}, with durations {timed.decision}"
        mark = "!!" if self.harmful else "  "
        return f"{mark} {pair.verdict:7} {pair.trap:36} {said:50} {pair.a} | {pair.b}{fields}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapRow:
    """One trap's pairs, counted by what was said of them."""

    trap: str
    verdict: Verdict
    names: Counter[Names]
    decisions: Counter[Decision]
    decisions_with_durations: Counter[Decision]

    @property
    def pairs(self) -> int:
        """How many there are."""
        return self.names.total()

    @property
    def right(self) -> int:
        """Of how many the names said what a person says."""
        return sum(self.names[said] for said in RIGHT[self.verdict])


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesTable:
    """What was measured.

    Attributes:
        precision: of what was accepted with durations, the share that is one recording; 1 where nothing was.
        recall: of what is one recording, the share accepted with durations.
        asked: of all pairs, the share a person was asked about.
        same: of what is one recording, the share that the names alone called same.
        unclear: of what names cannot decide, the share called unclear.
    """

    judged: tuple[Judged, ...]
    rows: tuple[TrapRow, ...]
    precision: float
    recall: float
    asked: float
    same: float
    unclear: float
    wrong: tuple[Judged, ...]


def measure_names(pairs: Iterable[LabelledPair], policy: MatchingPolicy = DEFAULT) -> NamesTable:
    """Give what the matcher says of labelled pairs."""
    judged = [_judged(pair, policy) for pair in pairs]
    accepted = [each for each in judged if each.by_names_and_durations.decision is Decision.ACCEPT]
    one = [each for each in judged if each.pair.verdict in ONE_RECORDING]
    unclear = [each for each in judged if each.pair.verdict is Verdict.ASK]
    true = [each for each in accepted if each.pair.verdict in ONE_RECORDING]
    return NamesTable(
        judged=tuple(judged),
        rows=tuple(_rows(judged)),
        precision=_share(len(true), len(accepted)),
        recall=_share(len(true), len(one)),
        asked=_share(sum(each.by_names_and_durations.decision is Decision.ASK for each in judged), len(judged)),
        same=_share(sum(each.by_names.names is Names.SAME for each in one), len(one)),
        unclear=_share(sum(each.by_names.names is Names.UNCLEAR for each in unclear), len(unclear)),
        wrong=tuple(each for each in judged if each.wrong),
    )


def judged_pairs() -> list[LabelledPair]:
    """Give the real pairs: those people judged, and those of which the files were byte-identical."""
    with (FIXTURES / "title_pairs.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    chance = Random(SEED)
    pairs = [_timed(chance, row["a"], row["b"], Verdict(row["verdict"]), "judged") for row in rows]
    variants = json.loads((FIXTURES / "name_variants.json").read_text(encoding="utf-8"))
    return [*pairs, *(_timed(chance, a, b, Verdict.SAME, "byte_identical") for a, b in variants)]


def _timed(chance: Random, a: str, b: str, verdict: Verdict, trap: str) -> LabelledPair:
    """Give a pair with durations: nobody wrote those down, so they are drawn as the traps' are."""
    duration_a_s, duration_b_s = durations(chance, verdict)
    return LabelledPair(a=a, b=b, verdict=verdict, trap=trap, duration_a_s=duration_a_s, duration_b_s=duration_b_s)


def text_of(table: NamesTable) -> str:
    """Give the table and every wrong answer as text."""
    lines = [f"{'trap':36} {'truth':8}{'pairs':>6}{'right':>7}   names said · decided · decided with durations"]
    lines += [
        f"{row.trap:36} {row.verdict:8}{row.pairs:6}{row.right / row.pairs:7.0%}   "
        f"{_counted(row.names)} · {_counted(row.decisions)} · {_counted(row.decisions_with_durations)}"
        for row in table.rows
    ]
    lines.append(
        f"precision of accept {table.precision:.2%}, recall {table.recall:.2%}, asked {table.asked:.2%}; "
        f"names: same of one recording {table.same:.2%}, unclear of ASK {table.unclear:.2%}"
    )
    return "\n".join([*lines, *(each.line() for each in table.wrong)]) + "\n"


def _judged(pair: LabelledPair, policy: MatchingPolicy) -> Judged:
    a, b = _things(pair, with_durations=False)
    timed_a, timed_b = _things(pair, with_durations=True)
    return Judged(pair=pair, by_names=judge(a, b, policy), by_names_and_durations=judge(timed_a, timed_b, policy))


def _things(pair: LabelledPair, *, with_durations: bool) -> tuple[Thing, Thing]:
    sides = (
        ("a", pair.a, pair.artist_a, pair.duration_a_s, pair.isrc_a),
        ("b", pair.b, pair.artist_b, pair.duration_b_s, pair.isrc_b),
    )
    one, other = (
        Thing(
            key=key,
            title=title,
            artist=artist,
            duration_ms=round(duration_s * 1000) if with_durations and duration_s is not None else None,
            isrcs=() if isrc is None else (isrc,),
        )
        for key, title, artist, duration_s, isrc in sides
    )
    return one, other


def _rows(judged: Sequence[Judged]) -> Iterator[TrapRow]:
    traps: dict[tuple[str, Verdict], list[Judged]] = {}
    for each in judged:
        traps.setdefault((each.pair.trap, each.pair.verdict), []).append(each)
    for (trap, verdict), there in traps.items():
        yield TrapRow(
            trap=trap,
            verdict=verdict,
            names=Counter(each.by_names.names for each in there),
            decisions=Counter(each.by_names.decision for each in there),
            decisions_with_durations=Counter(each.by_names_and_durations.decision for each in there),
        )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _counted(counts: Mapping[Names, int] | Mapping[Decision, int]) -> str:
    return " ".join(f"{word} {counted}" for word, counted in sorted(counts.items())) or "–"
