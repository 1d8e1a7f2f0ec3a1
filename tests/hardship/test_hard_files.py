"""Files that are not what they say, and names that no filesystem would take."""

from __future__ import annotations

import pytest
from mutagen.easyid3 import EasyID3

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass
from tests.hardship.hard_place import HardPlace

LONG = "Endless " * 40
TITLES = {
    "emoji": "Lichterkette 🏮✨ (VIP)",
    "rtl": "\u202eשלום עולם",  # noqa: RUF001 - Hebrew is the point
    "nul": "Half\x00Light",
    "slash": "Orchid / Reprise",
    "long": LONG,
    "reserved": "CON",
    "dots": "..",
}


def not_audio(content: bytes) -> bytes:
    """Give what a captive portal serves in place of an mp3."""
    del content
    return b"<!DOCTYPE html><html><body>Please sign in</body></html>" * 40


def nothing(content: bytes) -> bytes:
    """Give an empty file."""
    del content
    return b""


def half(content: bytes) -> bytes:
    """Give the first half of a file that promises all of it."""
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("form", "broken"), [("mp3", not_audio), ("mp3", nothing), ("m4a", half)], ids=["html", "zero bytes", "truncated"]
)
def test_a_file_that_is_no_music_is_refused_and_the_rest_is_done(hard: HardPlace, form: str, broken: object) -> None:
    """P11: the class, one line in the report, exit 20; the good track is in step; a good file ends the trouble."""
    assert callable(broken)
    hard.put("Ada - First Light.mp3", tone=440)
    bad = hard.put(f"Bela - Second Wind.{form}", tone=550)
    whole = bad.read_bytes()
    bad.write_bytes(broken(whole))
    hard.leave_alone()
    assert hard.reconcile() is ExitCode.PARTIAL
    assert hard.trouble(FailureClass.VERIFY_FAILED).hint
    assert [path.stem for path in hard.files()] == ["First Light"]
    assert len(hard.items()) == 1
    writes = hard.writes()
    assert hard.reconcile() is ExitCode.PARTIAL  # known, waiting for other bytes, and told until then
    assert hard.writes() == writes
    bad.write_bytes(whole)
    hard.leave_alone()
    hard.clock.sleep(1_000)
    assert hard.reconcile() is ExitCode.FINE
    assert len(hard.files()) == 2
    assert len(hard.items()) == 2


def test_hard_titles_become_names_that_every_filesystem_takes(hard: HardPlace) -> None:
    """F-names: every track has its own file, row and item, whatever it is called; two of one title too."""
    titles = {**TITLES, "twin": TITLES["emoji"]}
    for number, (name, title) in enumerate(titles.items()):
        tags = EasyID3()  # type: ignore[no-untyped-call]  # mutagen has no types
        tags["title"], tags["artist"] = [title], ["Ada"]
        seconds = 20 if name == "twin" else 1  # of one name and one length, they would be one recording
        tags.save(hard.put(f"{name}.mp3", tone=300 + 40 * number, seconds=seconds))
    hard.leave_alone()
    assert hard.reconcile() is ExitCode.FINE
    hard.in_step()
    stems = [path.stem for path in hard.files()]
    assert len({stem.casefold() for stem in stems}) == len(titles)
    assert all(len(path.name.encode()) <= 255 for path in hard.files())
    assert not {"CON", "..", ""} & set(stems)
    assert not any(character in stem for stem in stems for character in '\x00/\\:*?"<>|')
    shown = sorted(str(row.properties["Title"]) for row in hard.rows("tracks"))
    assert shown.count(TITLES["emoji"]) == 2
    assert TITLES["slash"] in shown
    writes = hard.writes()
    assert hard.reconcile() is ExitCode.FINE
    assert hard.writes() == writes


def test_an_empty_folder_is_an_empty_playlist(hard: HardPlace) -> None:
    """F-empty: a page, a folder and a playlist file with nothing in them."""
    assert hard.reconcile() is ExitCode.FINE
    hard.in_step()


def test_a_folder_that_is_not_mounted_empties_nothing(two_tracks: HardPlace) -> None:
    """I42, P1: a missing root is a problem of the playlist, never an empty playlist."""
    assert two_tracks.reconcile() is ExitCode.FINE
    away = two_tracks.music.rename(two_tracks.folder / "away")
    writes = two_tracks.writes()
    assert two_tracks.reconcile() is ExitCode.PARTIAL
    assert two_tracks.trouble(FailureClass.ROOT_MISSING).hint
    assert two_tracks.writes() == writes
    away.rename(two_tracks.music)
    two_tracks.recover()


def test_a_library_that_is_not_mounted_is_not_made_anew(two_tracks: HardPlace) -> None:
    """I42: without its marker a library folder is not believed to be empty, and nothing is placed there."""
    assert two_tracks.reconcile() is ExitCode.FINE
    library = two_tracks.home / "library"
    away = library.rename(two_tracks.folder / "away")
    library.mkdir()
    assert two_tracks.reconcile() is ExitCode.PARTIAL
    assert two_tracks.last is not None
    assert any(trouble.subject.startswith("library:") and trouble.hint for trouble in two_tracks.last.troubles)
    assert two_tracks.files() == []
    assert len(two_tracks.items()) == 2
    library.rmdir()
    away.rename(library)
    two_tracks.recover()
