"""Which of several is kept: of files the best there is, of rows and items the fullest, with the reason in words.

Compares what is known to be one recording; whether it is one is not decided here, and nothing is removed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.domain.quality import Quality, better, quality
from engine.projections.rows import Recording, Remote, Rendition

ORIGINAL = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """A file that another one makes needless, and why that one is the better."""

    rendition: Rendition
    kept: Rendition
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """A file with all that counts for it, most important first."""

    rendition: Rendition
    chosen: bool
    own: Quality
    made_from: tuple[Quality, ...]  # nothing when its original is not known
    of_the_recording: bool

    @property
    def rank(self) -> tuple[bool, Quality, tuple[Quality, ...], bool, int, str]:
        row = self.rendition
        return (self.chosen, self.own, self.made_from, self.of_the_recording, -row.verified_seq, row.rendition_id)


def keep_best(
    present: Iterable[Rendition], lost: Iterable[Rendition], recording: Recording, expected_ms: int | None
) -> tuple[tuple[Rendition, ...], tuple[Surplus, ...]]:
    """Give the best file of every profile, and the others with what beats them; compares within a profile only.

    A converted file is no better than what it was made from, so that of two that are alike on their own the one from
    the better original is kept (F21). What a person chose is kept whatever is better.

    Args:
        present: the verified files that are there, of one recording.
        lost: those that are not there any more; an original among them still tells of its conversions.
        recording: the recording, as merged.
        expected_ms: how long it should last, where a source says so.
    """
    rows = tuple(present)
    originals = {
        (row.recording_id, row.source_ref): quality(row.audio, row.size_bytes, expected_ms=expected_ms)
        for row in (*lost, *rows)
        if row.profile == ORIGINAL
    }
    by_profile: dict[str, list[_Weighed]] = defaultdict(list)
    for row in rows:
        by_profile[row.profile].append(_weighed(row, originals, recording, expected_ms))
    kept: list[Rendition] = []
    surplus: list[Surplus] = []
    for _, files in sorted(by_profile.items()):
        best, *others = sorted(files, key=lambda each: each.rank, reverse=True)
        kept.append(best.rendition)
        surplus += [Surplus(rendition=other.rendition, kept=best.rendition, why=_why(best, other)) for other in others]
    return tuple(kept), tuple(surplus)


def _weighed(
    row: Rendition, originals: Mapping[tuple[str, str], Quality], recording: Recording, expected_ms: int | None
) -> _Weighed:
    origin = originals.get((row.recording_id, row.source_ref))
    return _Weighed(
        rendition=row,
        chosen=recording.chosen_ref == row.source_ref,
        own=quality(row.audio, row.size_bytes, expected_ms=expected_ms),
        made_from=(origin,) if origin else (),
        of_the_recording=row.recording_id == recording.recording_id,
    )


def _why(best: _Weighed, other: _Weighed) -> str:
    if best.chosen and not other.chosen:
        return "you chose its source"
    reason = better(best.own, other.own)
    if reason is not None:
        return reason
    if best.made_from and other.made_from and (reason := better(best.made_from[0], other.made_from[0])):
        return f"it was made from a better original: {reason}"
    if best.made_from and not other.made_from:
        return "it is known what it was made from"
    if best.of_the_recording and not other.of_the_recording:
        return "both are as good, and it belongs to the recording that stays"
    return "both are as good, and it has been there for longer"


def fullest(remotes: Sequence[Remote]) -> Remote:
    """Give the row or item in which the most is filled in; of several the one that was there first."""
    return min(remotes, key=lambda row: (-_filled(row), row.first_seq, row.remote_id))


def _filled(remote: Remote) -> int:
    return sum(1 for value in remote.fields.values() if value not in (None, "", ()))
