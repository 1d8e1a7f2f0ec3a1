"""The matching policy: every weight, gate and choice in one value, so that it can be shown, changed and replayed."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from engine.domain.canonical import digest
from engine.domain.value import Value
from engine.matching.audio import AudioThresholds

VERSION_PREFIX = "matching-2-"
CHOICES = ("same", "ask", "different")
"""What a choice about versions can be."""


class Weights(Value, frozen=True):
    """What each piece of evidence adds to the score; docs/scorecard.md shows the scores of the labelled pairs.

    Names that agree, artist and all, come to 6.75 at most: less than `accept_from`, so that names alone never accept.
    """

    same_id: float = 12.0
    same_bytes: float = 12.0
    same_isrc: float = 7.0
    other_isrc: float = -3.0
    same_audio: float = 7.0
    unclear_audio: float = -1.0
    other_audio: float = -8.0
    names_same: float = 4.0
    names_unclear: float = 1.0
    names_version: float = -6.0
    names_part: float = -6.0
    names_different: float = -8.0
    artists_agree: float = 2.0
    artist_on_one_side: float = 0.5
    distinctive_title: float = 0.5
    artists_similar: float = -1.0
    artists_disagree: float = -4.0
    duration_equal: float = 4.0
    duration_agrees: float = 3.0
    duration_near: float = -2.0
    duration_differs: float = -5.0
    album_agrees: float = 0.5
    year_agrees: float = 0.25


class MatchingPolicy(Value, frozen=True):
    """How evidence becomes a decision; equal policies and equal things give equal decisions.

    Attributes:
        explicit: what explicit against clean is: "same", "ask" or "different".
        radio_edit: what a radio edit against the song is.
        remaster: what a remaster against the song is.
        accept_from: the score from which two things are one recording, unless a gate says no.
        equal_s_max: durations this close are equal: one recording in two formats.
        agree_s_max: durations this close agree: other silence at the ends.
        near_s_max: durations this close, or `near_share`, neither agree nor speak clearly against.
    """

    explicit: str = "ask"
    radio_edit: str = "different"
    remaster: str = "ask"
    accept_from: float = 7.5
    equal_s_max: float = 1.0
    agree_s_max: float = 2.0
    near_s_max: float = 10.0
    near_share: float = 0.1
    weights: Weights = Weights()
    audio: AudioThresholds = AudioThresholds()

    @property
    def version(self) -> str:
        """Name this policy, for the events that record what it decided."""
        return _named(self)


@lru_cache(maxsize=64)
def _named(policy: MatchingPolicy) -> str:
    return VERSION_PREFIX + digest(msgspec.to_builtins(policy))[:8]


DEFAULT = MatchingPolicy()
