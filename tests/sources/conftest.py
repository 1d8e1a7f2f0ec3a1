"""Services on loopback that several tests of sources talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.standins.spotify.standin import SpotifyStandin
from tests.sources.spotify_account import Account, fake_clock, seconds


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """Give a Spotify account that is logged in."""
    clock = fake_clock()
    with SpotifyStandin(clock=seconds(clock)) as standin:
        made = Account(standin, tmp_path, clock)
        made.log_in()
        yield made
        for source in made.made:
            source.close()
