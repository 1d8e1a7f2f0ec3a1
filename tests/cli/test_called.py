"""A command that is suggested starts this program, wherever it lies and whatever else is called `sync`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.called import program


def script(folder: Path, name: str) -> Path:
    """Put a program into a folder."""
    folder.mkdir(parents=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_program_is_said_as_it_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another `sync` first on the path: the path is said, short below the folder one is in, quoted where it must be."""
    coreutils, ours = script(tmp_path / "usr", "sync"), script(tmp_path / "my crate", "sync")
    monkeypatch.setenv("PATH", str(coreutils.parent))
    monkeypatch.chdir(tmp_path)
    assert program([str(ours)]) == "'my crate/sync'"
    monkeypatch.chdir(coreutils.parent)
    assert program([str(ours)]) == f"'{ours}'"
    monkeypatch.chdir(ours.parent)
    assert program([str(ours)]) == "./sync"
    monkeypatch.setenv("PATH", str(ours.parent))
    assert program([str(ours)]) == "sync"


def test_a_module_is_started_by_its_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m cli` is suggested as such."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert program([str(tmp_path / "cli" / "__main__.py")]) == f"{Path(sys.executable).name} -m cli"
