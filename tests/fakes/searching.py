"""A playlist whose source gives no audio, the policy that looks elsewhere for it, and what was decided."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.events import ResolutionDecided
from engine.domain.failure import Availability, FailureClass, Problem
from engine.reconciler.policy import Policy, ResolutionPolicy
from tests.fakes.finder import FakeFinder
from tests.fakes.place import Place
from tests.fakes.source import ref, track

BROKEN = Problem(failure=FailureClass.EXTRACTOR_BROKEN, detail="no search today", hint="wait")


def policy(**said: object) -> Policy:
    """Give a policy that looks for audio."""
    resolution = ResolutionPolicy(**{"order": ("soundcloud", "youtube"), **said})  # type: ignore[arg-type]  # by name
    return Policy(library_root="/music", config_hash=f"c{sorted(said)}", resolution=resolution)


def seek(place: Place, *finders: FakeFinder, availability: Availability = Availability.METADATA_ONLY) -> None:
    """Let a playlist list one song that its source gives no audio of."""
    place.source.tracks[ref(1)] = replace(track(1, "First Light"), artist="Ada", availability=availability)
    place.policy = policy()
    place.finders = finders
    place.follow("Crate", (1,))


def decided(place: Place) -> list[ResolutionDecided]:
    """Give every decision."""
    return [event for event in place.events("resolution.decided") if isinstance(event, ResolutionDecided)]
