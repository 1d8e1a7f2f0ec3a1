"""`sync enrich` over a real journal: what it asks, prints and ends with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain.errors import UsageError
from engine.standins import faults
from engine.standins.musicbrainz.standin import MusicBrainzStandin

Sync = Callable[..., Result]


def test_nobody_is_asked_before_somebody_is_named(sync: Sync) -> None:
    """The way out is the setting."""
    with pytest.raises(UsageError) as raised:
        sync("enrich")
    assert "enrichment.providers" in raised.value.hint


def test_a_recording_is_asked_about_and_the_run_is_reported(sync: Sync, home: Path) -> None:
    """Exit 0 when the provider answered, 75 when it did not; the problem stands under the provider's name."""
    with MusicBrainzStandin() as standin:
        (home / "cratelog.toml").write_text(
            f'[enrichment]\nproviders = ["musicbrainz"]\nmusicbrainz_base = "{standin.url}"\n'
            'contact = "me@example.org"\n[limits.musicbrainz]\nrate_per_s = 1000\nburst = 1000\n'
        )
        asked = sync("enrich", "--again", "--json")
        assert (asked.exit_code, json.loads(asked.output)["problems"]) == (0, {})
        assert standin.history
        standin.script(faults.bad_gateway())
        failed = sync("enrich", "--again")
    assert failed.exit_code == 75
    assert "enrichment:musicbrainz" in failed.output
