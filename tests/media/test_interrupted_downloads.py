"""A download that is told to stop while it waits for its turn: no failure of the track's, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.errors import InterruptedRunError
from engine.media.config import MediaConfig
from engine.media.download import download
from engine.media.probe import ExtractorTester
from engine.source_ports import DIRECT, Way
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fixtures.audio import MakeAudio
from tests.media.access_world import listening, put


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a listening SoundCloud."""
    with listening() as running:
        yield running


def stopped() -> None:
    """Wait for a place in the rate limit, and be stopped there."""
    raise InterruptedRunError("stopped as asked", hint="run it again")


def test_a_stop_while_waiting_is_no_failure_of_the_tracks(
    standin: SoundCloudStandin, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """P11, I28: Ctrl-C in the waiting line refuses nothing: the run ends, and the next one fetches the track."""
    url = put(standin, 21, {"mp3_1_0": make_audio("mp3").read_bytes()})
    way = Way(name=DIRECT, proxy=standin.url)
    with pytest.raises(InterruptedRunError):
        download(url, tmp_path, MediaConfig(tls_verify=False), way=way, source="soundcloud", pace=stopped)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InterruptedRunError):
        ExtractorTester(MediaConfig(tls_verify=False), "soundcloud", stopped).try_way(url, way)
