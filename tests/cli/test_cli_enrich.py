"""`sync enrich` over a real journal: what it asks, prints and ends with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain.errors import UsageError
from engine.standins import faults
from engine.standins.musicbrainz.records import Recording, Release
from engine.standins.musicbrainz.standin import MusicBrainzStandin
from engine.standins.server import Effect, Fault, Response

Sync = Callable[..., Result]


def test_nobody_is_asked_before_somebody_is_named(sync: Sync) -> None:
    """The way out is the setting."""
    with pytest.raises(UsageError) as raised:
        sync("enrich")
    assert "enrichment.providers" in raised.value.hint


def _asks(home: Path, standin: MusicBrainzStandin, more: str = "") -> None:
    (home / "cratelog.toml").write_text(
        f'[enrichment]\nproviders = ["musicbrainz"]\nmusicbrainz_base = "{standin.url}"\n'
        f'contact = "me@example.org"\n{more}[limits.musicbrainz]\nrate_per_s = 1000\nburst = 1000\n'
    )


def test_a_recording_is_asked_about_and_the_run_is_reported(sync: Sync, home: Path) -> None:
    """Exit 0 when the provider answered, 75 when it did not; the problem stands under the provider's name."""
    with MusicBrainzStandin() as standin:
        _asks(home, standin)
        asked = sync("enrich", "--again", "--json")
        assert (asked.exit_code, json.loads(asked.output)["problems"]) == (0, {})
        assert standin.history
        standin.script(faults.bad_gateway(times=9))
        failed = sync("enrich", "--again")
    assert failed.exit_code == 75
    assert "enrichment:musicbrainz" in failed.output


def test_what_was_told_is_reported_and_its_story_says_how_sure_it_is(sync: Sync, home: Path) -> None:
    """M13: the run tells what came of it and what comes next; `sync why` gives each value with its confidence."""
    first = Recording(
        title="First Light",
        credits=(("Ada", ""),),
        length_ms=61_000,
        isrcs=("GBAAA0000001",),
        releases=(Release(title="Debut", date="2020-01-01"),),
    )
    with MusicBrainzStandin([first]) as standin:
        _asks(home, standin, "per_run = 1\n")
        begun = sync("enrich")
        ended = sync("enrich")
        assert [result.exit_code for result in (begun, ended)] == [0, 0]
        named = sync("enrich", "Crate", "--again")
        told = sync("why", "First Light").output
    assert "1 recording still to be asked about" in begun.output
    assert "next: sync enrich goes on; sync reconcile shows what was told" in begun.output
    assert "still to be asked" not in ended.output
    assert "1 answer with facts, 1 without" in named.output, "whoever names a playlist means all of it"
    assert "next: sync reconcile shows what was told" in named.output
    assert f"musicbrainz was asked by isrc: told artist, isrc, album (musicbrainz:recording:{first.mbid})" in told
    assert "album: “Debut” (sure 0.97)" in told


def test_a_recording_a_provider_refuses_is_said_so_in_its_story(sync: Sync, home: Path) -> None:
    """F33: refused is not the same as unknown."""
    with MusicBrainzStandin() as standin:
        _asks(home, standin)
        refusal = Response.of_json({"error": "Invalid isrc."}, status=400)
        standin.script(Fault(effect=Effect.ANSWER, path="/ws/2/isrc/.*", response=refusal))
        assert sync("enrich", "First Light").exit_code == 20
    assert "musicbrainz would not hear of it" in sync("why", "First Light").output
