"""One hard place a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.audio import MakeAudio
from tests.hardship.hard_place import HardPlace


@pytest.fixture
def hard(tmp_path: Path, make_audio: MakeAudio) -> Iterator[HardPlace]:
    """Give a home that has run nothing, and an outside that works."""
    place = HardPlace(folder=tmp_path, make_audio=make_audio)
    yield place
    place.close()


@pytest.fixture
def two_tracks(hard: HardPlace) -> HardPlace:
    """Give the same with two tracks in the folder."""
    hard.put("Ada - First Light.mp3", tone=440)
    hard.put("Bela - Second Wind.mp3", tone=550)
    return hard
