"""Progress on a terminal."""

from __future__ import annotations

import pytest

from cli.render.progress import TerminalProgress


def test_stages_come_and_go_and_lines_stay(capsys: pytest.CaptureFixture[str]) -> None:
    """A line that is said stays; advancing outside a stage does nothing; titles cannot steer the terminal."""
    progress = TerminalProgress(colours=False)
    progress.advance("nobody")
    with progress.stage("outer", 2):
        progress.advance("one [bold]\x1b")
        with progress.stage("inner", None):
            progress.advance("two")
        progress.say("kept [bold]\x1b[31m")
    said = capsys.readouterr()
    assert "kept [bold]" in said.err
    assert said.out == ""
