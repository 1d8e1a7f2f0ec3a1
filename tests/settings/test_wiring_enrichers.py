"""Providers of facts are built from the settings, in their order, paced and closed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.domain.failure import Problem
from engine.settings.load import load
from engine.source_ports import Described, Enriched
from engine.standins.acoustid.standin import CLIENT_KEY, AcoustIdStandin, Print
from engine.standins.acoustid.standin import Recording as Heard
from engine.standins.musicbrainz.records import Recording
from engine.standins.musicbrainz.standin import MusicBrainzStandin
from engine.standins.server import Standin
from engine.wiring.app import App
from engine.wiring.condition import condition

PRINT = "AQADtEmUaEkSRZEG"
ABOUT = Described(
    recording_id="r1", title="One", artist="Ada", duration_ms=200_000, fingerprint=PRINT, audio_ms=200_000
)


def test_nobody_is_asked_unless_named(tmp_path: Path) -> None:
    """No provider is the default."""
    app = App(settings=load(home=tmp_path, environ={}))
    assert app.seeing.enrichers == ()
    assert app.policy.enrichment.providers == ()


def test_those_who_are_named_are_built_and_answer(tmp_path: Path) -> None:
    """Order, addresses, key, contact and confidence come from the settings."""
    with MusicBrainzStandin() as musicbrainz, AcoustIdStandin() as acoustid:
        musicbrainz.recordings.append(Recording(title="One", credits=(("Ada", ""),), length_ms=200_000))
        acoustid.submit(Print(fingerprint=PRINT, duration_s=200, recordings=(Heard(id="m", title="One"),)))
        (tmp_path / "cratelog.toml").write_text(
            '[enrichment]\nproviders = ["acoustid", "musicbrainz", "spotify"]\nconfidence = 0.5\n'
            'contact = "me@example.org"\n'
            f'musicbrainz_base = "{musicbrainz.url}"\nacoustid_base = "{acoustid.url}"\n'
        )
        app = App(settings=load(home=tmp_path, environ={"ACOUSTID_API_KEY": CLIENT_KEY}))
        providers = app.seeing.enrichers
        assert [one.name for one in providers] == ["acoustid", "musicbrainz", "spotify"]
        assert app.policy.enrichment.confidence == 0.5
        heard, found = (one.enrich(ABOUT) for one in providers[:2])
        app.close()
    assert isinstance(heard, Enriched)
    assert heard.provider_ref == "musicbrainz:recording:m"
    assert isinstance(found, Enriched)
    assert [fact.field for fact in found.facts] == ["artist"]


@pytest.mark.parametrize(
    ("name", "strict", "asked"),
    [
        ("musicbrainz", lambda: MusicBrainzStandin(interval_s=1.0), 2),
        ("acoustid", lambda: AcoustIdStandin(requests_per_s=3), 6),
    ],
)
def test_two_programs_together_are_never_too_fast_for_a_strict_service(
    tmp_path: Path, name: str, strict: Callable[[], Standin], asked: int
) -> None:
    """P8, I40: as the settings are shipped, no request of two programs on one journal is one too many."""
    with strict() as standin:
        (tmp_path / "cratelog.toml").write_text(
            f'[enrichment]\nproviders = ["{name}"]\ncontact = "me@example.org"\n{name}_base = "{standin.url}"\n'
        )
        settings = load(home=tmp_path, environ={"ACOUSTID_API_KEY": CLIENT_KEY})
        programs = [App(settings=settings) for _ in range(2)]
        programs[0].make_journal()
        with ThreadPoolExecutor(len(programs)) as pool:
            answers = list(pool.map(lambda one: one.seeing.enrichers[0].enrich(ABOUT), programs * (asked // 2)))
        for program in programs:
            program.close()
    assert [type(answer) for answer in answers] == [Enriched] * asked


def test_the_doctor_is_told_who_lacks_what(tmp_path: Path) -> None:
    """M22: what a provider needs and was not given is found before a run finds it."""
    (tmp_path / "cratelog.toml").write_text('[enrichment]\nproviders = ["acoustid", "musicbrainz", "spotify"]\n')
    app = App(settings=load(home=tmp_path, environ={"CRATELOG_CONTACT": "me@example.org"}))
    found = condition(app, online=False).providers
    assert [(one.provider, one.equipped) for one in found] == [
        ("acoustid", False),
        ("musicbrainz", True),
        ("spotify", False),
    ]


def test_a_key_that_is_missing_is_said(tmp_path: Path) -> None:
    """F33: without a key AcoustID is a problem with a way out, never "nothing known"."""
    (tmp_path / "cratelog.toml").write_text('[enrichment]\nproviders = ["acoustid"]\n')
    (provider,) = App(settings=load(home=tmp_path, environ={})).seeing.enrichers
    answer = provider.enrich(ABOUT)
    assert isinstance(answer, Problem)
    assert "ACOUSTID_API_KEY" in answer.hint
