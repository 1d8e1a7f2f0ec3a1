"""Looking for audio on the SoundCloud stand-in, through the real source: its search, and a choice by address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as with_changes

import pytest
from msgspec.structs import replace

from engine.domain.events import Found, ResolutionDecided
from engine.domain.failure import Availability
from engine.reconciler.policy import ResolutionPolicy
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.soundcloud.records import Policy, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.workflows.choose import choose
from engine.workflows.reconcile import ReconcileRequest, reconcile
from engine.workflows.world import World
from tests.fakes.place import Place
from tests.fakes.soundcloud import standin_of_ann, upload
from tests.fakes.source import ref, track


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud on which the song, other versions of it, a preview and somebody's copy are found."""
    with standin_of_ann() as running:
        running.catalog.add_user(User(id=2, permalink="ann-music", username="Ann Reuploads"))
        upload(running, 1, title="Bob - First Light", playback_count=5, duration_ms=200_400)
        upload(running, 2, title="Bob - First Light (Foo Remix)", playback_count=9_000, duration_ms=200_000)
        upload(running, 3, title="Bob - First Light (slowed + reverb)", playback_count=8_000, duration_ms=240_000)
        upload(running, 4, title="Bob - First Light", policy=Policy.SNIP, playback_count=7_000, duration_ms=200_000)
        upload(running, 5, title="Bob - Second Light", user_id=2, duration_ms=200_000)
        yield running


@pytest.fixture(scope="module")
def source(standin: SoundCloudStandin) -> Iterator[SoundCloudSource]:
    """Give the source that searches it."""
    opened = SoundCloudSource(SoundCloudConfig(proxy=standin.url, tls_verify=False))
    yield opened
    opened.close()


@pytest.fixture
def world(place: Place, source: SoundCloudSource) -> World:
    """Give a world whose playlist names three songs and has audio of none."""
    for number, title in ((91, "First Light"), (92, "Second Light"), (93, "Third Light")):
        seen = replace(track(number, title), artist="Bob", availability=Availability.METADATA_ONLY)
        place.source.tracks[ref(number)] = seen
    place.policy = replace(place.policy, resolution=ResolutionPolicy(order=("soundcloud",)))
    place.follow("Crate", (91, 92, 93))
    return with_changes(place.world(), finders=(source,))


def test_the_song_is_taken_its_copy_asked_about_and_the_rest_left(place: Place, world: World) -> None:
    """F18, F41: what is played most is a remix; the preview is a candidate, and never chosen."""
    assert reconcile(world, ReconcileRequest()).problems == {}
    decided = {
        event.sought_ref: event for event in place.events("resolution.decided") if isinstance(event, ResolutionDecided)
    }
    assert {key: event.found for key, event in decided.items()} == {
        ref(91): Found.ACCEPTED,
        ref(92): Found.ASKED,
        ref(93): Found.NONE,
    }
    assert decided[ref(91)].chosen == ref(1)
    said = {each.ref: (each.decision, each.availability) for each in decided[ref(91)].candidates}
    assert said[ref(4)] == ("accept", Availability.PREVIEW_ONLY)
    assert {said[ref(2)][0], said[ref(3)][0]} == {"reject"}
    assert len(place.targets["library"].live("audio")) == 1


def test_an_address_is_chosen_through_the_source_that_knows_it(place: Place, world: World) -> None:
    """P17: listed and described like any track; the run after fetches it."""
    real = with_changes(world, sources=(*world.finders, *world.sources))  # type: ignore[arg-type]  # it is both
    reconcile(world, ReconcileRequest())
    decided = choose(real, "Third Light", "https://soundcloud.com/ann/song-2")
    assert decided.obstacle == ""
    assert place.state().sightings[ref(2)].recording_id == decided.key
    reconcile(world, ReconcileRequest())
    assert len(place.targets["library"].live("audio")) == 2
