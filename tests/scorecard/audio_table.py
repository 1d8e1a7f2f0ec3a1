"""The scorecard of the sound as values and as a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engine.matching.audio import AudioLevel, AudioThresholds, AudioVerdict
from engine.matching.overlap import Overlap
from tests.scorecard.audio_transformations import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One pair, compared."""

    what: str
    piece: str
    overlap: Overlap
    verdict: AudioVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All pairs of one transformation.

    Attributes:
        similarity: its 5th, 50th and 95th percentile.
        weakest: of the least alike windows, the same percentiles.
        lasting: of what stays different, the same percentiles.
        wrong: the pairs whose verdict contradicts the truth: not accepted, or accepted.
    """

    what: str
    truth: Truth
    count: int
    similarity: tuple[float, float, float]
    weakest: tuple[float, float, float]
    lasting: tuple[float, float, float]
    levels: dict[AudioLevel, int]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioScore:
    """Everything measured: how many pieces, how many of them transformed, and a row for each transformation."""

    pieces: int
    changed: int
    rows: tuple[Row, ...]

    def count(self, truth: Truth, *levels: AudioLevel) -> int:
        """Give how many pairs of a truth got one of the levels; without levels, how many there are."""
        return sum(row.levels[level] for row in self.rows if row.truth is truth for level in levels or AudioLevel)

    @property
    def recall(self) -> float:
        """Give the share of the same recordings that are accepted."""
        return self.count(Truth.SAME, AudioLevel.SAME) / max(1, self.count(Truth.SAME))

    @property
    def precision(self) -> float:
        """Give the share of what is accepted that is the same recording."""
        right, wrong = (self.count(truth, AudioLevel.SAME) for truth in (Truth.SAME, Truth.OTHER))
        return right / max(1, right + wrong)


def row_of(what: str, truth: Truth, found: list[Heard]) -> Row:
    """Sum up the pairs of one transformation."""
    counted = Counter(each.verdict.level for each in found)
    return Row(
        what=what,
        truth=truth,
        count=len(found),
        similarity=_percentiles([each.overlap.similarity for each in found]),
        weakest=_percentiles([each.overlap.weakest for each in found]),
        lasting=_percentiles([each.overlap.lasting for each in found]),
        levels={level: counted[level] for level in AudioLevel},
        wrong=tuple(sorted(_wrong(each) for each in found if _is_wrong(truth, each.verdict.level))),
    )


def table(score: AudioScore) -> str:
    """Give the page: what was measured, the thresholds, one row for each transformation, and every mistake."""
    rows = "\n".join(_line(row) for row in score.rows)
    wrong = [f"- {row.what}: {each}" for row in score.rows for each in row.wrong]
    return _PAGE.format(
        pieces=score.pieces,
        changed=score.changed,
        same=score.count(Truth.SAME),
        accepted=score.count(Truth.SAME, AudioLevel.SAME),
        recall=score.recall,
        other=score.count(Truth.OTHER),
        false=score.count(Truth.OTHER, AudioLevel.SAME),
        precision=score.precision,
        limits=AudioThresholds(),
        rows=rows,
        wrong="\n".join(wrong) or "None.",
    )


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    low, middle, high = (ordered[round(share * (len(ordered) - 1))] for share in (0.05, 0.5, 0.95))
    return low, middle, high


def _is_wrong(truth: Truth, level: AudioLevel) -> bool:
    return truth is not Truth.EITHER and (truth is Truth.SAME) is not (level is AudioLevel.SAME)


def _wrong(heard: Heard) -> str:
    return f"{heard.piece}: {heard.verdict.level} ({'; '.join(heard.verdict.reasons)})"


def _line(row: Row) -> str:
    cells = [row.what, row.truth.value, f"{row.count:,}"]
    cells += [" ".join(f"{value:.3f}" for value in values) for values in (row.similarity, row.weakest)]
    cells.append(" ".join(f"{value:.2%}" for value in row.lasting))
    cells += [f"{row.levels[level]:,}" if row.levels[level] else "–" for level in AudioLevel]
    return f"| {' | '.join(cells)} |"


_PAGE = """\
# What the sound alone tells

Written by `make scorecard` (`python -m tests.scorecard.audio --docs`): {pieces} pieces of music from Debian's game
soundtracks (electronic, ambient, orchestral, metal, chip music), cut to 110 s and brought to one loudness; {changed} of
them transformed by ffmpeg in every way below and compared with what they were made from; and every two of the
{pieces} compared with each other. Nothing but the sound is asked: no name, no tag.

Of {same:,} pairs that are the same recording, {accepted:,} are accepted: **recall {recall:.2%}**. Of {other:,} that are
not, {false:,} are accepted: **precision {precision:.2%}**. "Either" is where a person would hesitate: shown, and
counted for nothing.

`same` asks for all of this (`AudioThresholds`): at least {limits.similarity_min:.0%} alike over the whole; at least
{limits.weakest_min:.0%} in every window of 6 s; no more than {limits.lasting_max:.1%} of the bits that stay different;
{limits.coverage_min:.0%} of the shorter one inside the other; at most {limits.edge_s_max} s more at either end. Below
{limits.different_max:.0%} alike it is `different`; all else is `unclear`, and so is everything of which less than
{limits.compared_s_min:.0f} s say something.

*Similarity* is the share of equal bits at the best alignment. A bit counts as equal when it equals either of two
neighbouring words of the other side, so that a cut of less than a word's 0.124 s is no difference. *Weakest* is that of
the least alike 6 s. *Lasting* is the share of bits that stay different for 0.37 s or more, in the worst window once the
worst quarter of the windows is left aside: an encoder's errors flicker, another sound's last. Each is shown as its 5th,
50th and 95th percentile.

| what was done | truth | pairs | similarity | weakest 6 s | lasting | same | unclear | different |
|---|---|---|---|---|---|---|---|---|
{rows}

## Every mistake

{wrong}

## What follows

- What is put in or faded over hardly lowers the whole; it shows in the weakest 6 s.
- What is mixed in underneath, 12 dB below, may turn no more bits than a poor encoder, but they stay turned. At 18 dB
  below, a good part of it passes for an encoding.
- An excerpt is perfectly alike; only coverage and duration tell it from the whole.
- Pitch or speed moved by 1 % or more is another sound, and never accepted.
- Music mastered again is at the border: it is asked about when it changed much.
- A word muted for half a second is not heard. Clean against explicit is for names to tell.
"""
