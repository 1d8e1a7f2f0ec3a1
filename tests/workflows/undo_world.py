"""What tests of an undo ask of a place: its books, its files, its first run."""

from __future__ import annotations

from engine.domain.errors import ExitCode
from engine.domain.plan import Plan
from engine.domain.references import recording_id
from engine.workflows.undo import Undone, undo
from engine.workflows.undo_story import find_meant
from tests.fakes.place import Place
from tests.fakes.source import track
from tests.fakes.target import Thing

REMOVALS = 100
THREE = (1, 2, 3)


def undone(place: Place, thing: str, allow_removals: int = REMOVALS) -> Undone:
    """Undo a thing."""
    return undo(place.world(), find_meant(place.journal, thing), allow_removals)


def books(place: Place) -> dict[str, dict[str, object]]:
    """Give what every target holds, by its own books: what is live, with its fields, and the files that are there."""
    found: dict[str, dict[str, object]] = {
        name: {
            each.remote_id: (each.key, each.fields)
            for each in target.things.values()
            if each.live and each.kind != "audio"
        }
        for name, target in place.targets.items()
    }
    return {**found, "files": dict.fromkeys(files(place))}


def files(place: Place) -> set[str]:
    """Give the paths of the audio files that are there."""
    library = place.targets["library"]
    things = [each for each in library.live("audio") if "profiles" in each.fields]
    ends = (("original", "m4a"), ("aiff", "aiff"))
    paths = {f"{each.fields['path']}.{end}" for each in things for name, end in ends if name in _profiles(each)}
    return paths - library.away


def _profiles(each: Thing) -> tuple[str, ...]:
    profiles = each.fields["profiles"]
    assert isinstance(profiles, tuple)
    return profiles


def waits(plan: Plan) -> set[str]:
    """Give why things wait."""
    return {wait.why for wait in plan.waiting}


def first_run(place: Place, numbers: tuple[int, ...] = THREE) -> str:
    """Follow a crate and reconcile; gives the run's id."""
    place.follow("Crate", numbers)
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    return result.run_id


def renamed(place: Place) -> str:
    """Let the source say more of a track, and reconcile; gives the run's id."""
    place.source.tracks["soundcloud:track:1"] = track(1, isrc="GBAAA0000001")
    place.source.describes_everything = True
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    return result.run_id


def row_of(place: Place, number: int = 1) -> Thing:
    """Give a track's row in Notion."""
    return place.targets["notion"].of_key("track", recording_id(f"soundcloud:track:{number}"))
