"""What two files' sound says: the same recording, another one, or not clear.

Chromaprint alone calls an excerpt, something mixed in underneath and a cross-fade the same, so `same` asks for more:
the whole of both, no weak window, and agreeing durations. The thresholds are chosen from docs/scorecard-audio.md.
Pure; knows nothing of names.
"""

from __future__ import annotations

from enum import StrEnum

from engine.domain.value import Value
from engine.matching.overlap import Overlap

_FIRST_WORD_S = 2.6  # how much sound one word takes


class AudioLevel(StrEnum):
    """What the sound says of two files."""

    SAME = "same"
    UNCLEAR = "unclear"
    DIFFERENT = "different"


class AudioThresholds(Value, frozen=True):
    """Where the levels begin; measured, see docs/scorecard-audio.md.

    Attributes:
        similarity_min: of `same`; the least alike re-encoding measured has more.
        weakest_min: of `same`, for every window of 6 s; what is put in or cross-faded shows there.
        lasting_max: of `same`, share of bits that stay different; what is mixed in underneath shows there.
        coverage_min: of `same`, share of the shorter fingerprint that lies in the overlap.
        edge_s_max: of `same`, how much one may have before or after the other: a trim, silence.
        heard_s_min: of `same`, unless the whole was heard: what an older fingerprint of the first 120 s leaves.
        compared_s_min: less than this is no evidence either way.
        different_max: similarity below which nothing of the one is in the other.
    """

    similarity_min: float = 0.98
    weakest_min: float = 0.93
    lasting_max: float = 0.003
    coverage_min: float = 0.94
    edge_s_max: float = 2.5
    heard_s_min: float = 110.0
    compared_s_min: float = 8.0
    different_max: float = 0.76


class AudioVerdict(Value, frozen=True):
    """What the sound says, and why, in words a person can check."""

    level: AudioLevel
    reasons: tuple[str, ...]


DEFAULTS = AudioThresholds()


def audio_verdict(
    overlap: Overlap, duration_a_ms: int, duration_b_ms: int, thresholds: AudioThresholds = DEFAULTS
) -> AudioVerdict:
    """Give what an overlap means for two files of these durations; swapped, the level is the same.

    Args:
        overlap: from `compare`.
        duration_a_ms: of the first file, decoded.
        duration_b_ms: of the second.
        thresholds: where the levels begin.
    """
    if overlap.compared_s < thresholds.compared_s_min:
        heard = f"only {overlap.compared_s:.0f} s could be compared"
        return AudioVerdict(level=AudioLevel.UNCLEAR, reasons=(heard,))
    alike = f"{overlap.similarity:.1%} alike over {overlap.overlap_s:.0f} s"
    if overlap.similarity < thresholds.different_max:
        return AudioVerdict(level=AudioLevel.DIFFERENT, reasons=(alike,))
    doubts = _doubts(overlap, duration_a_ms / 1000, duration_b_ms / 1000, thresholds)
    return AudioVerdict(level=AudioLevel.UNCLEAR if doubts else AudioLevel.SAME, reasons=(alike, *doubts))


def _doubts(overlap: Overlap, a_s: float, b_s: float, limits: AudioThresholds) -> tuple[str, ...]:
    """Say everything that keeps two alike sounds from being the same."""
    doubts: list[str] = []
    if overlap.similarity < limits.similarity_min:
        doubts.append(f"a re-encoding is at least {limits.similarity_min:.0%} alike")
    if overlap.weakest < limits.weakest_min:
        doubts.append(f"one part of 6 s is only {overlap.weakest:.1%} alike")
    if overlap.lasting > limits.lasting_max:
        doubts.append(f"{overlap.lasting:.1%} of it stays different, as if another sound were in it")
    if abs(overlap.offset_s) > limits.edge_s_max:
        doubts.append(f"one has {abs(overlap.offset_s):.1f} s more at its start")
    after_s = abs(b_s - a_s - overlap.offset_s)
    if after_s > limits.edge_s_max:
        doubts.append(f"one has {after_s:.1f} s more at its end")
    if abs(b_s - a_s) > limits.edge_s_max:
        doubts.append(f"one lasts {abs(b_s - a_s):.1f} s longer")
    coverage = max(overlap.coverage_a, overlap.coverage_b)
    if coverage < limits.coverage_min:
        doubts.append(f"only {coverage:.0%} of the shorter one is in the other")
    heard_s = overlap.overlap_s / coverage + _FIRST_WORD_S
    if heard_s < limits.heard_s_min and heard_s < min(a_s, b_s) - limits.edge_s_max:
        doubts.append(f"only the first {heard_s:.0f} s are known")
    return tuple(doubts)
