"""`sync upgrades` over a real journal: the table, taking and keeping, and what has to be said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.failure import Availability
from engine.settings.load import load
from engine.wiring.app import App
from tests.fakes.crate import FIRST_ID

Sync = Callable[..., Result]
FILE = "file:audio:abc"


@pytest.fixture
def offered(home: Path) -> Path:
    """Give a home in which a lossless file of the first recording showed up."""
    app = App(settings=load(home=home, environ={}))
    seen = e.TrackSeen(
        ref=FILE, title="First Light", url="", artist="Ada", availability=Availability.AVAILABLE,
        local_path="/music/First Light.flac",
    )  # fmt: skip
    link = e.RecordingLinked(
        recording_id=FIRST_ID, ref=FILE, rule="same_isrc", evidence=(), beaten=(), policy_version="0"
    )
    events: tuple[e.Event, ...] = (seen, link)
    app.journal.append([Draft(event=event) for event in events], Origin(actor="engine", run_id=None))
    app.close()
    return home


def test_proposals_are_listed_and_nothing_is_taken_by_that(sync: Sync, offered: Path) -> None:
    """A table for people, one object for scripts."""
    said = sync("upgrades").output
    assert "better" in said
    assert f"sync upgrades {FIRST_ID} --take --from {FILE}" in said
    (found,) = json.loads(sync("upgrades", "--json").output)["upgrades"]
    assert found["proposal"]["ref"] == FILE
    assert sync("upgrades", "--at", "2").output == "nothing is proposed\n"
    assert offered.exists()


def test_taking_and_keeping_are_decisions(sync: Sync, offered: Path) -> None:
    """Each is said with its event; a repeat is said to be so."""
    assert "upgrade taken: Ada – First Light (event" in sync("upgrades", "first", "light", "--take").output
    assert "already" in sync("upgrades", FIRST_ID, "--take", "--from", FILE).output
    assert "kept as it is" in sync("upgrades", FIRST_ID, "--keep").output
    assert json.loads(sync("upgrades", FIRST_ID, "--keep", "--json").output)["seq"] is None
    assert offered.exists()


@pytest.mark.parametrize("arguments", [("--take",), ("x", "--take", "--keep"), ("x",), ("--from", "y")], ids=" ".join)
def test_what_is_meant_has_to_be_said_on_the_command_line(sync: Sync, arguments: tuple[str, ...]) -> None:
    """Exit code 2."""
    assert sync("upgrades", *arguments).exit_code == 2
