"""Titles of any shape are judged in no time: uploaders write them, and one of them must not stop a run."""

from __future__ import annotations

import pytest

from engine.domain.events import TrackSeen
from engine.matching.resolution import judge_candidates
from engine.matching.things import Decision, Thing

SONG = Thing(key="k", title="Anthem", artist="Ann", duration_ms=200_000)


@pytest.mark.parametrize("sign", ["/", "|", "~", "-", "*", "(", "[", "'", "#a ", "by ", "free ", "out on ", ": "])
def test_a_title_of_signs_is_judged_like_any_other(sign: str) -> None:
    """Style 7: no pattern tries every way to part a row of signs; sixty slashes once took longer than anybody waits."""
    title = f"Somebody - Something {sign * 200}x"
    shown = TrackSeen(
        ref="youtube:track:1", title=title, artist="Somebody", url="https://youtube.com/watch?v=1", duration_ms=200_000
    )
    (judged,) = judge_candidates([SONG], [shown])
    assert judged.judgement.decision is Decision.REJECT
