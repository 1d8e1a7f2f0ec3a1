"""`sync choose`: what it takes, what it says, and what it refuses."""

from __future__ import annotations

import json
import os
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain.errors import UsageError
from tests.fakes.crate import FIRST_ID

Sync = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a short audio file of a person's own."""
    path = tmp_path / "mine.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(16_000))
    os.utime(path, (1_700_000_000, 1_700_000_000))  # long ago: nobody is writing it any more
    return path


def test_a_choice_is_said_with_its_event_and_a_repeat_is_none(sync: Sync, file: Path) -> None:
    """P17: by hand, whatever a search would find; scripts get the same as one object."""
    said = sync("choose", "First Light", str(file)).output
    assert "chosen: Ada – First Light: mine (file) (event" in said
    again = json.loads(sync("choose", FIRST_ID, str(file), "--json").output)
    assert (again["what"], again["key"], again["seq"]) == ("chosen", FIRST_ID, None)


def test_it_is_undone_by_its_event(sync: Sync, file: Path) -> None:
    """What a person said is taken back like any decision."""
    seq = json.loads(sync("choose", FIRST_ID, str(file), "--json").output)["seq"]
    assert "recording.linked" in sync("undo", str(seq), "--dry-run").output


def test_what_is_no_track_is_refused_with_a_way_out(sync: Sync, file: Path) -> None:
    """Design §12: a sentence that helps, and nothing is appended."""
    with pytest.raises(UsageError, match="no source knows") as nowhere:
        sync("choose", FIRST_ID, "https://nowhere.example/track")
    assert nowhere.value.hint
    with pytest.raises(UsageError, match="nothing known as"):
        sync("choose", "nothing of that name", str(file))
