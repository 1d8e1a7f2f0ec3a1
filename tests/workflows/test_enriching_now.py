"""Asking providers because a person wants it: what is meant, asked anew, and how it ends."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, UsageError
from engine.domain.events import RecordingMerged
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import recording_id
from engine.reconciler.policy import EnrichmentPolicy, Policy
from engine.workflows.enrich_now import enrich_now
from tests.fakes.enricher import FakeEnricher
from tests.fakes.place import Place
from tests.fakes.source import ref

DOWN = Problem(failure=FailureClass.TIMEOUT, detail="MusicBrainz did not answer in time", hint="later")


@pytest.fixture
def provider(place: Place) -> FakeEnricher:
    """Give a provider that is in use, in a place with two playlists that were looked at."""
    place.policy = Policy(library_root="/music", config_hash="c")
    place.follow("Crate", (1, 2))
    place.follow("Box", (3,), number=8)
    place.reconcile()
    place.policy = replace(place.policy, enrichment=EnrichmentPolicy(providers=("musicbrainz",)))
    made = FakeEnricher("musicbrainz", album="First")
    place.enrichers = (made,)
    return made


def titles(provider: FakeEnricher) -> list[str]:
    """Give what was asked about."""
    return sorted(about.title for about in provider.asked)


def test_what_is_due_is_asked_about_and_nothing_else_changes(place: Place, provider: FakeEnricher) -> None:
    """Facts only: no plan, no effect."""
    sends = place.sends()
    seq = place.journal.head().seq
    result = enrich_now(place.world())
    assert (result.exit_code, titles(provider)) == (ExitCode.FINE, ["Title 1", "Title 2", "Title 3"])
    assert place.types_after(seq) == {"run.started", "recording.enriched", "scan.completed", "run.finished"}
    assert place.sends() == sends
    enrich_now(place.world())
    assert len(provider.asked) == 3


def test_one_recording_or_one_playlist_is_asked_about_anew(place: Place, provider: FakeEnricher) -> None:
    """`--again` asks whatever was kept."""
    enrich_now(place.world(), "Title 2")
    assert titles(provider) == ["Title 2"]
    enrich_now(place.world(), "Title 2")
    assert len(provider.asked) == 1
    enrich_now(place.world(), "Box")
    enrich_now(place.world(), "Box", ("Box", "--again"), again=True)
    assert titles(provider) == ["Title 2", "Title 3", "Title 3"]


def test_a_merged_recording_means_the_one_it_counts_for(place: Place, provider: FakeEnricher) -> None:
    """I29: whoever is meant is asked about under its own id."""
    kept, absorbed = recording_id(ref(1)), recording_id(ref(2))
    merged = RecordingMerged(
        recording_id=absorbed, into=kept, rule="person", evidence=(), beaten=(), policy_version="0"
    )
    place.journal.append([Draft(event=merged)], Origin(actor="person", run_id=None))
    enrich_now(place.world(), absorbed)
    assert [about.recording_id for about in provider.asked] == [kept]


def test_it_ends_as_it_went(place: Place, provider: FakeEnricher) -> None:
    """75 when nobody answered and may yet, 20 when something else is in the way, 64 when nobody is to be asked."""
    provider.answer = DOWN
    assert enrich_now(place.world()).exit_code is ExitCode.TRY_LATER
    provider.answer = replace(DOWN, failure=FailureClass.AUTH_EXPIRED)
    result = enrich_now(place.world())
    assert (result.exit_code, list(result.problems)) == (ExitCode.PARTIAL, ["enrichment:musicbrainz"])
    place.policy = replace(place.policy, enrichment=EnrichmentPolicy())
    with pytest.raises(UsageError, match="nobody is named"):
        enrich_now(place.world())
    place.policy = replace(place.policy, enrichment=EnrichmentPolicy(providers=("musicbrainz",)))
    with pytest.raises(UsageError):
        enrich_now(place.world(), "no such thing")
