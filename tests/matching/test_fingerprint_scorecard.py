"""The scorecard of the sound: what it counts, and what it does where the music cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.audio import AudioLevel, AudioVerdict
from engine.matching.overlap import compare
from tests.scorecard.audio_music import MusicMissingError, fetch
from tests.scorecard.audio_table import AudioScore, Heard, row_of, table
from tests.scorecard.audio_transformations import TRANSFORMATIONS, Truth
from tests.scorecard.prints import NOISE, reencoded, synthetic


def heard(what: str, level: AudioLevel) -> Heard:
    """Give a pair that was called `level`."""
    words = synthetic(1, 100)
    return Heard(
        what=what, piece="Piece", overlap=compare(words, words), verdict=AudioVerdict(level=level, reasons=("why",))
    )


def test_recall_and_precision_are_counted_over_all_pairs() -> None:
    """A same pair that is not accepted costs recall, another that is costs precision, and both are listed."""
    same = row_of("MP3", Truth.SAME, [heard("MP3", AudioLevel.SAME)] * 3 + [heard("MP3", AudioLevel.UNCLEAR)])
    other = row_of("excerpt", Truth.OTHER, [heard("excerpt", level) for level in AudioLevel])
    either = row_of("mastered again", Truth.EITHER, [heard("mastered again", level) for level in AudioLevel])
    score = AudioScore(pieces=1, changed=1, rows=(same, other, either))
    assert (score.recall, score.precision) == (0.75, 0.75)
    page = table(score)
    assert "- MP3: Piece: unclear (why)" in page
    assert "- excerpt: Piece: same (why)" in page
    assert "- mastered again" not in page


def test_every_transformation_has_a_name_and_labels_of_its_own() -> None:
    """All run in one graph: no label may be another's."""
    assert len({each.name for each in TRANSFORMATIONS}) == len(TRANSFORMATIONS)
    for number, each in enumerate(TRANSFORMATIONS):
        graph = each.graph(100.0, number)
        assert f"[in{number}]" in graph
        assert (f"[other{number}]" in graph) is each.mixes
        assert "]" not in graph.replace(f"{number}]", "")


def test_without_apt_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The music is fetched from Debian; where that cannot be, the reason is given and nothing is left behind."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MusicMissingError, match="apt-get"):
        fetch(tmp_path / "music")
    assert not list(tmp_path.iterdir())


@given(st.integers(0, 1_000), st.sampled_from([NOISE, 0.03]))
def test_made_up_copies_have_the_noise_that_was_asked_for(seed: int, noise: float) -> None:
    """A simulation is worth what its prints are: as many bits turned as measured, for any seed."""
    words = synthetic(seed, 1_500)
    copy = reencoded(words, seed + 1, noise)
    turned = sum((one ^ other).bit_count() for one, other in zip(words, copy, strict=True)) / (32 * len(words))
    assert turned == pytest.approx(noise, rel=0.3)
    assert synthetic(seed, 900) == synthetic(seed, 900)
